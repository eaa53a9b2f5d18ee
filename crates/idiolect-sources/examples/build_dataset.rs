//! The whole path over an NDJSON file, timed: `build_dataset FILE [--no-tokens] [--strategy NAME]`. For `bench/run`.
//!
//! Prints a name, the messages read, CPU-seconds, the peak of memory in MiB and the dataset's hash, tabs between.
#![allow(clippy::print_stdout)]

use std::error::Error;

use idiolect_dataset::{DatasetBuilder, DatasetSettings, Strategy, Window};
use idiolect_sources::{SourceOptions, SourceSpec, open};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("build_dataset FILE [--no-tokens] [--strategy NAME]")?;
    let mut settings = DatasetSettings::new(Window::ending_at("2026-03-31T00:00:00Z".parse()?, 90));
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--no-tokens" => settings.count_tokens = false,
            "--strategy" => settings.strategy = arguments.next().unwrap_or_default().parse::<Strategy>()?,
            other => return Err(format!("{other}: no such flag").into()),
        }
    }
    let name = format!("idiolect {}{}", settings.strategy, if settings.count_tokens { "" } else { ", no tokens" });
    // Tables that are made once a process, not once a message.
    warm_up(&settings)?;

    let spec: SourceSpec = format!("ndjson:{file}").parse()?;
    let source = open(&spec, &SourceOptions::default())?;
    let started = cpu_seconds();
    let mut builder = DatasetBuilder::new(settings.clone());
    for message in source.read(settings.window)? {
        builder.push(message?);
    }
    let dataset = builder.finish()?;
    let seconds = cpu_seconds() - started;
    println!("{name}\t{}\t{seconds:.3}\t{}\t{}", dataset.manifest.messages_in, peak_mib(), dataset.training.sha256);
    Ok(())
}

fn warm_up(settings: &DatasetSettings) -> Result<(), Box<dyn Error>> {
    let mut builder = DatasetBuilder::new(settings.clone());
    for (n, text) in ["omw, é 202-555-0142 jo@example.com", "12 Elm Street 🙂 ok", "u there?"].iter().enumerate() {
        builder.push(idiolect_dataset::Message {
            message_id: n.to_string(),
            timestamp: settings.window.end,
            text: (*text).to_owned(),
            conversation_id: None,
            recipient_count: None,
        });
    }
    builder.finish()?;
    Ok(())
}

/// CPU time of this process so far, from Linux's `/proc`; 0 elsewhere.
fn cpu_seconds() -> f64 {
    let schedstat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = schedstat.split(' ').next().and_then(|field| field.parse::<u64>().ok());
    nanoseconds.map_or(0.0, |nanoseconds| nanoseconds as f64 / 1e9)
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}
