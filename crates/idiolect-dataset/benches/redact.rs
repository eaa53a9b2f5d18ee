//! CPU microseconds that redaction takes for a message, every recognizer on: `cargo bench -p idiolect-dataset --bench redact`.
//!
//! Made-up messages; a real file of `{"text"}` lines through `IDIOLECT_BENCH_NDJSON`.
#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use idiolect_dataset::{RedactionSettings, Redactor};

const WORDS: [&str; 6] = [
    "omw!! be there soon, save me a seat",
    "haha no way",
    "did u see what theo said about the trip??",
    "ok",
    "the train is delayed again, im still on the platform w/ a crying baby",
    "happy birthday!! hope u have the best day, love u loads 😂",
];
const NUMBERS: [&str; 4] = [
    "be there in 10 mins, got 2 of them",
    "yeah 7.30 works, what time r u thinking??",
    "its been 45 minutes and im still at gate 12",
    "sent u 14 pics from 2024",
];
const FINDS: [&str; 4] = [
    "can u call me on 202-555-0142 when ur done pls",
    "12 Elm Street, Springfield, IL 62704",
    "ask jo@example.com",
    "482910 is your verification code",
];

fn main() {
    let redactor = Redactor::new(&RedactionSettings::default());
    for (name, texts) in [("words alone", &WORDS[..]), ("with numbers", &NUMBERS), ("with something to redact", &FINDS)]
    {
        report(name, &redactor, &texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    }
    if let Ok(path) = std::env::var("IDIOLECT_BENCH_NDJSON") {
        let lines = std::fs::read_to_string(path).expect("IDIOLECT_BENCH_NDJSON names a readable file");
        let text =
            |line: &str| Some(serde_json::from_str::<serde_json::Value>(line).ok()?["text"].as_str()?.to_owned());
        report("the file", &redactor, &lines.lines().filter_map(text).collect::<Vec<_>>());
    }
}

/// The fastest of several rounds, which other load on the machine disturbs least.
fn report(name: &str, redactor: &Redactor, texts: &[String]) {
    let rounds = 200_000 / texts.len() + 1;
    let mut best = f64::MAX;
    for _ in 0..5 {
        let (wall, cpu) = (Instant::now(), cpu_seconds());
        for text in std::iter::repeat_n(texts, rounds).flatten() {
            black_box(redactor.find(black_box(text), None)).expect("the texts are short");
        }
        let spent = cpu_seconds().zip(cpu).map_or(wall.elapsed().as_secs_f64(), |(end, start)| end - start);
        best = best.min(spent);
    }
    let each = best * 1e6 / (rounds * texts.len()) as f64;
    println!("{name}: {each:.3} µs a message ({} texts)", texts.len());
}

/// CPU time of this thread so far (the first field of Linux's schedstat, in nanoseconds), where the kernel tells.
fn cpu_seconds() -> Option<f64> {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(spent.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}
