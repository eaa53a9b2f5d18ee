//! How fast a source is read, on the CPU's clock: `cargo bench -p idiolect-sources --bench read -- SOURCE [DAYS [UNTIL]]`.
//!
//! SOURCE is what `--source` takes. Prints counts and times, never words. Peak memory is that of the process.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints")]

use std::time::Instant;

use idiolect_dataset::Window;
use idiolect_sources::{SourceOptions, SourceSpec, open};
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let Some(source) = arguments.first() else {
        println!("nothing to read: name a source");
        return;
    };
    let days = arguments.get(1).map_or(36_500, |days| days.parse().unwrap());
    let until = arguments.get(2).map_or_else(Timestamp::now, |until| until.parse().unwrap());
    let spec: SourceSpec = source.parse().unwrap();
    let options = SourceOptions {
        me: std::env::var("IDIOLECT_BENCH_ME").ok(),
        timezone: Some(TimeZone::UTC),
        ..SourceOptions::default()
    };
    let (before, cpu_before) = (Instant::now(), cpu_seconds());
    let source = open(&spec, &options).unwrap();
    let mut stream = source.read(Window::ending_at(until, days)).unwrap();
    let mut bytes = 0_u64;
    for message in stream.by_ref() {
        bytes += message.unwrap().text.len() as u64;
    }
    let (wall, cpu) = (before.elapsed().as_secs_f64(), cpu_seconds() - cpu_before);
    let report = stream.report();
    println!(
        "{} rows read, {} sent, {} kept, {bytes} bytes of text; {wall:.2} s wall, {cpu:.2} s CPU; {:.0} kept per CPU-second; \
         {:.0} sent rows per CPU-second; peak {} MB",
        report.rows_read,
        report.sent,
        report.kept,
        report.kept as f64 / cpu,
        report.sent as f64 / cpu,
        peak_megabytes(),
    );
}

/// User and system time of the process so far, from Linux's accounting; 0 elsewhere.
fn cpu_seconds() -> f64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else { return 0.0 };
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // Fields 14 and 15 in clock ticks of a hundredth of a second.
    let ticks = |index: usize| fields.get(index).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1000
}
