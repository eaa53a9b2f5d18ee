//! The whole path over an NDJSON file, timed: `build_dataset FILE [--no-tokens] [--strategy NAME]`. For `bench/run`.
//!
//! Prints a name, the messages read, CPU-seconds, the peak of memory in MiB and the dataset's hash, tabs between.
#![allow(clippy::print_stdout)]

use std::error::Error;

use idiolect_dataset::{DatasetBuilder, DatasetSettings, Message, Strategy, Window};
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
    let (mut stream, mut message) = (source.read(settings.window)?, Message::default());
    while let Some(read) = stream.next_into(&mut message) {
        read?;
        builder.push(&message);
    }
    let dataset = builder.finish()?;
    let seconds = cpu_seconds() - started;
    println!("{name}\t{}\t{seconds:.3}\t{}\t{}", dataset.manifest.messages_in, peak_mib(), dataset.training.sha256);
    Ok(())
}

/// One text for each rule that has a table or a pattern.
const EVERY_RULE: &str = "\
    omw, é 202-555-0142 jo@example.com|12 Elm Street, Springfield IL 62701 🙂 ok|u there?|👍🏽|https://example.com/a?b=c|PO Box 17, Leeds LS1 4AP|\
    my password is hunter2, pin 4821, code 839201|card 4111 1111 1111 1111|iban DE89 3704 0044 0532 0130 00|192.168.0.17 or fe80::1|\
    ssn 078-05-1120, 856-45-6789|jo at example dot com|sk-abcdefghijklmnopqrstuvwx|> a question\nyes|Fwd: deals|Jo sent an attachment.|ok\nSent from my iPhone|\
    Automatic reply: away|rue de la Paix 12, 75002 Paris|Hauptstraße 5, 10115 Berlin|北京市朝阳区建国路88号|\
    東京都渋谷区神南1-19-11|서울시 강남구 테헤란로 152|call five five five oh one four two|5550142 is my phone|locker combo 12-34-56, use 4821 to log in|call me on 020 7946 0958 ok|5/6 12:30 2026-01-15|\
    my pin is four two one nine|area code two one two, 555-0142|1-2-3 Jinnan, Shibuya-ku, Tokyo|i live at 12 Elm|\
    sort code 20-00-00 account 12345678, ag 1234 conta 12345-6|passport number X1234567|visa 4111 1111 1111 1111 exp 12/27 cvv 123|\
    backup codes: 1234-5678 2345-6789|user: jo pass: hunter22|the password? sunshine1|key box 4821, door code 4821, unlock code 4821, gate: 4821|press 4821 at the door|\
    ring (0xx11) 5550-0142|steuer-id 86095742719|bsn 111222333|dni 12345678Z|nif 123456789|nhs 943 476 5919|rut 12.345.678-5|tfn 123 456 782|pesel 44051401359|egn 7523169263|\
    nip 1234563218|ausweis C01X00T47|RSSMRA85T10A562S|On Mon, 3 Jan 2026 at 17:30, Jo wrote:\nhm|\
    im at 12.34567, -45.67891|12°34'56\"N 45°07'08\"W|GV2V+8Q|///elm.oak.linden|zip is 94110, its se15 4qn|senha do portao 5529|yep 880124|they texted me 482910|\
    unlock my phone with 4829|phone lock is 4829, 4829 is my debit pin|iphone is 482910 if u want to unlock it|admin / Sunshine1|wifi: jo / Sunshine1|IFSC HDFC0001234|passport: X1234567|\
    my dob is 14/03/1989|my number plate is AB12 CDE|zoom meeting id 844 1234 5678|mac 00:1A:2B:3C:4D:5E|send btc to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT";

fn warm_up(settings: &DatasetSettings) -> Result<(), Box<dyn Error>> {
    let mut builder = DatasetBuilder::new(settings.clone());
    // Texts that are ASCII alone have patterns of their own.
    for (n, text) in EVERY_RULE.split('|').flat_map(|text| [text.to_owned(), format!("é {text}")]).enumerate() {
        builder.push(&Message {
            message_id: n.to_string(),
            timestamp: settings.window.end,
            text,
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
