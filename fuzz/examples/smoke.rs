//! Fuzzing without a fuzzer: `cargo run --manifest-path fuzz/Cargo.toml --target-dir target --example smoke -- [--seconds 60] [--seed 1] [--corpus] [TARGET ...]`.
//!
//! Mutates the seeds of each target for so long and stops at the first input that panics or takes long, which it writes to
//! `fuzz/artifacts/`. With `--corpus` it writes the seeds to `fuzz/corpus/`, where `cargo fuzz` begins from them, and ends. It sees no coverage, so it finds less than `cargo fuzz`, and runs wherever the project builds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use idiolect_fuzz::{dataset, exports, files, folders, messages_of, redaction, seeds, summary, typedstream, validator};
use idiolect_sources::SourceKind;

type Target = (&'static str, fn(&[u8]), fn() -> Vec<Vec<u8>>);

const TARGETS: [Target; 7] = [
    ("typedstream", typedstream, seeds::typedstream),
    ("summary", summary, seeds::summary),
    ("exports", exports, seeds::exports),
    ("folders", folders, seeds::folders),
    ("validator", validator, seeds::validator),
    ("redaction", redaction, seeds::redaction),
    ("dataset", dataset, seeds::dataset),
];

/// No input is longer, and none of this length may take long.
const MAX_BYTES: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);
/// What takes longer is taken for something that never ends.
const END_OF_PATIENCE: Duration = Duration::from_secs(120);

/// What is being tried, and since when.
static TRIED: Mutex<Option<(&str, Vec<u8>, Instant)>> = Mutex::new(None);

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (mut seconds, mut seed, mut names, mut corpus) = (60, 1, Vec::new(), false);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|number| number.parse().ok()).expect("a number after the flag");
        match argument.as_str() {
            "--seconds" => seconds = number(),
            "--seed" => seed = number(),
            "--corpus" => corpus = true,
            name => names.push(name.to_owned()),
        }
    }
    let unknown = names.iter().find(|name| TARGETS.iter().all(|target| target.0 != **name));
    if let Some(name) = unknown {
        eprintln!("{name}: no such target; they are {}", TARGETS.map(|target| target.0).join(", "));
        return ExitCode::from(2);
    }
    let chosen = TARGETS.iter().filter(|target| names.is_empty() || names.iter().any(|name| name == target.0));
    if corpus {
        chosen.for_each(write_corpus);
        return ExitCode::SUCCESS;
    }
    every_reader_reads_its_seeds();
    std::thread::spawn(watch);
    let mut code = ExitCode::SUCCESS;
    for target in chosen {
        if let Err(sentence) = run(target, Duration::from_secs(seconds), seed) {
            eprintln!("{sentence}");
            code = ExitCode::FAILURE;
        }
    }
    code
}

/// A seed that its reader refuses would be mutated all the same, and nothing found.
fn every_reader_reads_its_seeds() {
    let has_a_file = |kind: &SourceKind| *kind == SourceKind::Bridge || files().any(|(of, _)| of == *kind);
    assert_eq!(SourceKind::ALL.iter().find(|kind| !has_a_file(kind)), None, "a reader has no file");
    for seed in seeds::exports() {
        assert!(messages_of(&seed) > 0, "nothing is read of {:?}", String::from_utf8_lossy(&seed));
    }
}

/// Ends the process when an input goes on for ever.
fn watch() {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        let tried = TRIED.lock().unwrap();
        if let Some((name, input, since)) = &*tried
            && since.elapsed() > END_OF_PATIENCE
        {
            eprintln!("{name}: does not end on {}", keep(name, input).display());
            std::process::exit(1);
        }
    }
}

/// The seeds as files, from which `cargo fuzz` begins.
fn write_corpus((name, _, seeds): &Target) {
    seeds().iter().for_each(|seed| drop(write("corpus", name, seed)));
}

fn run((name, target, seeds): &Target, time: Duration, seed: u64) -> Result<(), String> {
    let seeds = seeds();
    let mut random = Random(seed | 1);
    let mut inputs = 0_u64;
    let check = |input: &[u8], patience: Duration| {
        let before = Instant::now();
        *TRIED.lock().unwrap() = Some((*name, input.to_vec(), before));
        let outcome = catch_unwind(AssertUnwindSafe(|| target(input)));
        *TRIED.lock().unwrap() = None;
        match outcome {
            Err(_) => Err(format!("{name}: panics on {}", keep(name, input).display())),
            Ok(()) if before.elapsed() > patience => {
                Err(format!("{name}: takes {:?} for {}", before.elapsed(), keep(name, input).display()))
            }
            Ok(()) => Ok(()),
        }
    };
    // The first may build tables, such as the tokenizer's.
    seeds.iter().try_for_each(|seed| check(seed, Duration::MAX))?;
    let begin = Instant::now();
    while begin.elapsed() < time {
        let mut input = seeds[random.below(seeds.len())].clone();
        for _ in 0..=random.below(8) {
            mutate(&mut input, &seeds, &mut random);
        }
        input.truncate(MAX_BYTES);
        check(&input, PATIENCE)?;
        inputs += 1;
    }
    println!("{name}: {inputs} inputs in {} s, nothing found", begin.elapsed().as_secs());
    Ok(())
}

fn keep(name: &str, input: &[u8]) -> PathBuf {
    write("artifacts", name, input)
}

fn write(what: &str, name: &str, input: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(what).join(name);
    std::fs::create_dir_all(&folder).expect("the folder for inputs");
    let path = folder.join(format!(
        "{:016x}",
        input.iter().fold(7_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
    ));
    std::fs::write(&path, input).expect("the input");
    path
}

/// Bytes that mean something to some parser.
const TELLING: [&[u8]; 24] = [
    b"\0",
    b"\xff",
    b"\n",
    b"\r\n",
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"&#",
    b"\\ud83d",
    b"\xed\xa0\x80",
    b"\xef\xbf\xbc",
    b"\x84",
    b"\x85",
    b"\x86",
    b"\x92",
    b"\xff\xfe",
    b"-9223372036854775808",
    b"99999999999999999999",
    b"1e999",
];

fn mutate(input: &mut Vec<u8>, seeds: &[Vec<u8>], random: &mut Random) {
    let at = random.below(input.len() + 1);
    let to = at + random.below(1 + (input.len() - at).min(64));
    match random.below(8) {
        0 if at < input.len() => input[at] = random.next() as u8,
        1 if at < input.len() => input[at] ^= 1 << random.below(8),
        2 => drop(input.drain(at..to)),
        3 => {
            let piece = input[at..to].to_vec();
            let there = random.below(input.len() + 1);
            drop(input.splice(there..there, piece.repeat(1 + random.below(40))));
        }
        4 => drop(input.splice(at..at, TELLING[random.below(TELLING.len())].iter().copied())),
        5 => drop(input.splice(at..to, TELLING[random.below(TELLING.len())].iter().copied())),
        6 if random.below(4) == 0 => input.truncate(at),
        _ => {
            // A piece of another seed.
            let other = &seeds[random.below(seeds.len())];
            let from = random.below(other.len() + 1);
            let piece = other[from..].iter().take(random.below(200)).copied().collect::<Vec<_>>();
            drop(input.splice(at..to, piece));
        }
    }
}

/// xorshift64*: the same seed gives the same inputs on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}
