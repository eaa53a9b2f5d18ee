//! Messages per second of the whole path, messages to training file: `cargo bench -p idiolect-dataset`.
//!
//! Made-up messages with variation by default; a real file of `{"text"}` lines through `IDIOLECT_BENCH_NDJSON`.
//! `IDIOLECT_BENCH_MESSAGES` sets their number, `IDIOLECT_BENCH_STRATEGY` names one strategy instead of all.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use idiolect_dataset::{Dataset, DatasetBuilder, DatasetSettings, Message, Strategy, Window};
use jiff::SignedDuration;

const TEXTS: [&str; 16] = [
    "omw!! be there in {} mins",
    "did u see what theo said about number {}??",
    "ok",
    "im gonna be sooo late lol sorry, save me a seat at table {}",
    "haha no way",
    "can u call me on 202-555-01{} when ur done pls",
    "the train is delayed again, its been {} minutes and im still on the platform w/ a crying baby",
    "ur so funny 😂😂 take {}",
    "yeah tmrw works, what time r u thinking?? maybe {} ish",
    "sent u the pics, theres {} of them",
    "https://example.com/p/{}",
    "12{} Elm Street, Springfield, IL 62704",
    "i dont know tbh, ask jo{}@example.com",
    "happy birthday!! hope u have the best day, love u loads xx ({})",
    "nah not rn, ive got {} things to finish first and then dinner",
    "k",
];

fn main() {
    let wanted = std::env::var("IDIOLECT_BENCH_MESSAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(200_000);
    let messages = messages(wanted);
    let characters: usize = messages.iter().map(|message| message.text.chars().count()).sum();
    println!("{} messages, {} characters", messages.len(), characters);
    let only = std::env::var("IDIOLECT_BENCH_STRATEGY").ok();
    for strategy in
        Strategy::ALL.into_iter().filter(|strategy| only.as_deref().is_none_or(|only| only == strategy.name()))
    {
        // The first build compiles the patterns and warms the caches.
        build(&messages[..messages.len().min(2000)], strategy);
        let (wall, cpu) = (Instant::now(), cpu_seconds());
        let dataset = build(&messages, strategy);
        let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
        let per = |seconds: f64| messages.len() as f64 / seconds;
        println!(
            "{strategy}: {:.0} messages per wall-second, {:.0} per CPU-second ({} examples, {} bytes)",
            per(wall),
            per(cpu),
            dataset.training.examples,
            dataset.training.len()
        );
    }
}

fn build(messages: &[Message], strategy: Strategy) -> Dataset {
    let end = messages.iter().map(|message| message.timestamp).max().expect("there are messages");
    let mut builder =
        DatasetBuilder::new(DatasetSettings { strategy, ..DatasetSettings::new(Window::ending_at(end, 90)) });
    messages.iter().for_each(|message| builder.push(message));
    builder.finish().expect("the default settings are valid")
}

/// `wanted` messages spread over 90 days.
fn messages(wanted: usize) -> Vec<Message> {
    let texts: Vec<String> = match std::env::var("IDIOLECT_BENCH_NDJSON") {
        Ok(path) => real_texts(&path),
        Err(_) => (0..wanted).map(|n| TEXTS[n % TEXTS.len()].replace("{}", &(n / TEXTS.len()).to_string())).collect(),
    };
    let start = "2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().expect("a constant instant");
    let step = SignedDuration::from_hours(90 * 24) / i32::try_from(wanted).expect("fewer messages than that");
    let message = |n: usize| {
        let text = &texts[n % texts.len()];
        Message {
            message_id: format!("m{n}"),
            timestamp: start + step * n as i32,
            // From the second round on, told apart so that it is no duplicate.
            text: if n < texts.len() { text.clone() } else { format!("{text} {}", n / texts.len()) },
            conversation_id: None,
            recipient_count: None,
        }
    };
    (0..wanted).map(message).collect()
}

fn real_texts(path: &str) -> Vec<String> {
    let lines = std::fs::read_to_string(path).expect("IDIOLECT_BENCH_NDJSON names a readable file");
    let text = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?["text"].as_str().map(str::to_owned);
    lines.lines().filter_map(text).collect()
}

/// CPU time of this process so far; wall time where the kernel does not tell.
fn cpu_seconds() -> f64 {
    let ticks = std::fs::read_to_string("/proc/self/stat").ok().and_then(|stat| {
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        // Fields 14 and 15 of proc(5), user and system time; two precede the closing parenthesis.
        Some(fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?)
    });
    ticks.map_or_else(|| std::time::UNIX_EPOCH.elapsed().map_or(0.0, |wall| wall.as_secs_f64()), |ticks| ticks / 100.0)
}
