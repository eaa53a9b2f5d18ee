//! Training and generation speed: `cargo bench -p idiolect-lora [-- base-model.gguf] [--generation]`, the last to measure
//! generation alone.
//!
//! Examples are random tokens laid out like a personal dataset: a system prompt and an instruction that all share, a prompt
//! that varies and an answer to learn. Without a model file the weights are random, in the shape of SmolLM2-135M.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use idiolect_lora::gguf::GgufFile;
use idiolect_lora::{
    Config, Example, Generator, Llama, Lora, LoraConfig, Precision, Progress, Recipe, Request, Result, Sampling,
    TensorSource, Training, TrainingState,
};

/// Tokens all examples begin with, of the prompt that varies, and of the answer, as in `neutral_rewrite` datasets.
const PREFIX: usize = 46;
const PROMPT: usize = 16;
const ANSWER: usize = 18;
const EXAMPLES: usize = 96;

struct RandomWeights(Config);

/// The steps of a linear congruential generator are random enough for weights nobody looks at.
struct Lcg(u64);

impl Lcg {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}

impl TensorSource for RandomWeights {
    fn contains(&self, name: &str) -> bool {
        name != "output.weight" && name != "rope_freqs.weight"
    }

    fn tensor(&self, name: &str) -> Result<Vec<f32>> {
        let c = &self.0;
        let (query, kv) = (c.heads * c.head_dim, c.kv_heads * c.head_dim);
        let len = match name.split('.').rev().nth(1).unwrap() {
            "token_embd" => c.vocabulary * c.hidden,
            "attn_q" | "attn_output" => query * c.hidden,
            "attn_k" | "attn_v" => kv * c.hidden,
            "ffn_gate" | "ffn_up" | "ffn_down" => c.feed_forward * c.hidden,
            _ => return Ok(vec![1.0; c.hidden]),
        };
        let mut random = Lcg(len as u64);
        Ok((0..len).map(|_| (random.next() as f32 / (1u64 << 31) as f32 - 0.5) * 0.1).collect())
    }
}

fn smollm2() -> Config {
    Config {
        hidden: 576,
        layers: 30,
        heads: 9,
        kv_heads: 3,
        head_dim: 64,
        feed_forward: 1536,
        vocabulary: 49_152,
        rope_theta: 1e5,
        rms_eps: 1e-5,
        context: 2048,
    }
}

fn examples() -> Vec<Example> {
    let mut random = Lcg(7);
    let mut tokens = |len: u64| -> Vec<u32> { (0..len).map(|_| (random.next() % 40_000) as u32).collect() };
    let prefix = tokens(PREFIX as u64);
    (0..EXAMPLES)
        .map(|i| {
            let spread = 4 + (i * 7 % 25);
            let (prompt, answer) = (tokens((PROMPT * spread / 16) as u64), tokens((ANSWER * spread / 16) as u64));
            let context = prefix.len() + prompt.len();
            let ids = [&prefix[..], &prompt, &answer].concat();
            Example { loss_mask: (0..ids.len()).map(|at| at >= context).collect(), ids }
        })
        .collect()
}

/// Seconds of CPU this process has used, where Linux tells.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

fn train(model: &Llama, examples: &[Example], threads: usize) {
    let recipe = Recipe { epochs: 1, ..Recipe::for_examples(examples.len()) };
    let training = Training { model, examples, recipe: &recipe, threads };
    let mut done = None;
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    let mut observer = |progress: &Progress, _: &TrainingState| {
        done = Some(*progress);
        Ok(ControlFlow::Continue(()))
    };
    training.run(TrainingState::new(model, &recipe), &mut observer).unwrap();
    let wall = wall.elapsed().as_secs_f64();
    let cpu = cpu_seconds().zip(cpu).map_or(f64::NAN, |(after, before)| after - before);
    let done = done.unwrap();
    let (rows, targets) = (done.rows as f64, done.targets as f64);
    println!(
        "{threads:>7} {:>9.0} {:>9.0} {:>12.1} {:>13.1} {:>12.1} {:>13.1}",
        rows,
        targets,
        rows / cpu,
        rows / wall,
        targets / cpu,
        targets / wall
    );
}

/// Megabytes of memory in use and the most there were, where Linux tells.
fn memory() -> Option<(u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.split_whitespace().next()?.parse::<u64>().ok()? / 1024)
    };
    Some((field("VmRSS:")?, field("VmHWM:")?))
}

/// Writes one answer, twice: the first time everything is brought near.
fn generate(generator: &Generator, lora: Option<&Lora>, name: &str) {
    let prompt = &examples()[0].ids[..PREFIX + PROMPT / 4];
    let sampling = Sampling { temperature: 0.8, top_p: 0.95, seed: 1 };
    for (prompt, max_tokens) in [(&prompt[..8], 4), (prompt, 96)] {
        let request =
            Request { lora, kept_for: Some(name), prompt, max_tokens, sampling, stop: &[], is_wanted: &|| true };
        let mut first = None;
        let (start, cpu) = (Instant::now(), cpu_seconds());
        let mut on_token = |_| {
            first.get_or_insert_with(|| (start.elapsed().as_secs_f64(), cpu_seconds()));
            ControlFlow::Continue(())
        };
        let answer = generator.generate(&request, &mut on_token).unwrap();
        let ((first, cpu_first), all) = (first.unwrap(), start.elapsed().as_secs_f64());
        let used = |from: Option<f64>, to: Option<f64>| to.zip(from).map_or(f64::NAN, |(to, from)| to - from);
        let computed = (prompt.len() - answer.kept_prompt_tokens) as f64;
        let decoded = (answer.tokens.len() - 1) as f64;
        if max_tokens > 4 {
            println!(
                "{name:<24} {:>9.1} {:>9.1} {:>9.1} {:>9.1}",
                computed / first,
                computed / used(cpu, cpu_first),
                decoded / (all - first),
                decoded / used(cpu_first, cpu_seconds()),
            );
        }
    }
}

fn generation(model: Arc<Llama>) {
    println!("generation (tok/s)     prefill/s /cpu-s  decode/s    /cpu-s");
    let adapter = Lora::init(model.config(), LoraConfig { rank: 8, alpha: 16.0 }, 1);
    for threads in [1, 2] {
        let before = memory();
        let generator = Generator::new(model.clone(), Precision::Auto, threads);
        generate(&generator, None, &format!("{threads} threads"));
        generate(&generator, Some(&adapter), &format!("{threads} threads, adapter"));
        if let Some((before, after)) = before.zip(memory()) {
            println!("memory: {} MB, then {} MB, at most {} MB", before.0, after.0, after.1);
        }
    }
}

fn main() {
    let path = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let start = Instant::now();
    let (model, name) = match &path {
        Some(path) => {
            let file = GgufFile::open(Path::new(path)).unwrap();
            let number = |key: &str| file.metadata().f64(key);
            let architecture = file.metadata().str("general.architecture").unwrap();
            let config = Config::from_gguf(architecture, number).unwrap();
            (Llama::load(config, &file, Precision::Auto).unwrap(), path.as_str())
        }
        None => (Llama::load(smollm2(), &RandomWeights(smollm2()), Precision::Auto).unwrap(), "random weights"),
    };
    println!("{name}, loaded in {:.1} s", start.elapsed().as_secs_f64());
    if !std::env::args().any(|argument| argument == "--generation") {
        let examples = examples();
        println!("threads      rows   targets   rows/cpu-s   rows/wall-s    tok/cpu-s    tok/wall-s");
        for threads in [1, 2] {
            train(&model, &examples, threads);
        }
    }
    generation(Arc::new(model));
}
