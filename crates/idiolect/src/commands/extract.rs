//! `idiolect extract`: the normalised records of spec §6.2 as NDJSON on standard output, the report on standard error.
//!
//! The one command that reads without recorded consent: it shows people their own messages and keeps nothing.

use std::io::{BufWriter, Write};

use anyhow::{Context, Result, bail};
use idiolect_dataset::{ExtractionReport, Message, MessageStream};
use idiolect_sources::reason;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::cli::{Reading, ReadingOptions};
use crate::context::Context as App;
use crate::exit::Exit;
use crate::interrupt::end_at_interrupt;
use crate::output::{Output, is_broken_pipe, thousands};
use crate::progress::reading_bar;
use crate::reading::{SourceRecord, window};

/// How far ahead of `--until` a message may be stamped and still be shown: phones' clocks run ahead, and the spec's window
/// has no end. A training run has a fixed one instead, so that reading again gives the same messages.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_hours(1);

/// A normalised record as it is written out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    message_id: &'a str,
    timestamp: Timestamp,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient_count: Option<u32>,
}

impl<'a> From<&'a Message> for Record<'a> {
    fn from(message: &'a Message) -> Self {
        Self {
            message_id: &message.message_id,
            timestamp: message.timestamp,
            text: &message.text,
            conversation_id: message.conversation_id.as_deref(),
            recipient_count: message.recipient_count,
        }
    }
}

pub fn run(app: &App, reading: &Reading) -> Result<Exit> {
    let _ending = end_at_interrupt(app.output, "stopped")?;
    let mut window = window(&reading.options, app.settings.dataset.days, app.now())?;
    window.end = window.end.checked_add(CLOCK_SKEW).unwrap_or(window.end);
    let source = SourceRecord::new(app.source(reading.source.as_deref())?, &reading.options)?
        .for_user(&app.settings.user)
        .open(&app.access())?;
    let mut stream = source.read(window)?;
    let bar = reading_bar();
    let written = write_all(stream.as_mut(), |fraction| bar.set_position((fraction * 1000.0) as u64));
    bar.finish_and_clear();
    match written {
        // Whoever reads our output has seen enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => return Ok(Exit::Done),
        other => other?,
    }
    let report = stream.report();
    print_report(app.output, &source.label(), &reading.options, &report)?;
    refuse_nothing(&source.label(), &reading.options, &report)?;
    Ok(Exit::Done)
}

/// An error with the likely cause where nothing was read of the source called `label`.
pub fn refuse_nothing(label: &str, options: &ReadingOptions, report: &ExtractionReport) -> Result<()> {
    // A bridge is asked for the window alone, and since a cursor nothing may have come.
    let asked_for_all = !label.starts_with("bridge:") && options.after.is_none();
    match why_nothing(report).filter(|_| asked_for_all) {
        Some(cause) => bail!("{label}: 0 messages; {cause}"),
        None => Ok(()),
    }
}

/// What probably went wrong where nothing came out. A window in which nothing was sent is no failure.
fn why_nothing(report: &ExtractionReport) -> Option<&'static str> {
    let outside = report.skipped.contains_key(reason::OUTSIDE_WINDOW);
    let left_out = report.skipped.get(reason::CONVERSATION_LEFT_OUT).map_or(0, |skipped| skipped.count);
    match report {
        ExtractionReport { kept: 1.., .. } => None,
        ExtractionReport { rows_read: 0, .. } => Some("it holds no records: check that it is the whole file or export"),
        ExtractionReport { sent: 0, .. } if !outside => {
            Some("none of its records was sent by you: check --me, or whether it is somebody else's")
        }
        ExtractionReport { sent: sent @ 1.., .. } if left_out == *sent => Some(
            "every conversation in which you wrote was left out: look at --only, --except and the settings conversations.only and \
             conversations.except, and at conversationId in what comes without them",
        ),
        ExtractionReport { sent: 1.., .. } if !outside => Some(
            "all that you sent was left out for the reasons above, which is unusual: check that it is the right file",
        ),
        _ => None,
    }
}

fn write_all(stream: &mut dyn MessageStream, progress: impl Fn(f32)) -> Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut count = 0_u64;
    while let Some(message) = stream.next() {
        serde_json::to_writer(&mut out, &Record::from(&message?)).context("standard output cannot be written")?;
        out.write_all(b"\n").context("standard output cannot be written")?;
        count += 1;
        if count.is_multiple_of(256)
            && let Some(fraction) = stream.progress()
        {
            progress(fraction);
        }
    }
    out.flush().context("standard output cannot be written")
}

/// Places one after the other, each file's name once: `Ana.txt, line 1, line 7; Ben.txt, line 2`.
fn in_words(places: &[String]) -> String {
    let mut words = String::new();
    let mut file = "";
    for place in places {
        match place.rsplit_once(", ") {
            Some((same, at)) if same == file => words.push_str(&format!(", {at}")),
            both => {
                let between = if words.is_empty() {
                    ""
                } else if both.is_some() {
                    "; "
                } else {
                    ", "
                };
                words.push_str(&format!("{between}{place}"));
                file = both.map_or("", |(file, _)| file);
            }
        }
    }
    words
}

/// The report on standard error, as text or as JSON.
pub fn print_report(output: Output, label: &str, options: &ReadingOptions, report: &ExtractionReport) -> Result<()> {
    if output.json {
        output.note(serde_json::to_string(report).context("the report cannot be written as JSON")?);
        return Ok(());
    }
    output.note(format!(
        "{label}: {} rows read, {} sent by you, {} kept",
        thousands(report.rows_read),
        thousands(report.sent),
        thousands(report.kept)
    ));
    for (reason, skipped) in &report.skipped {
        output.note(format!("  {:>9}  {reason:<22} {}", thousands(skipped.count), in_words(&skipped.places)));
    }
    for note in &report.notes {
        output.note(format!("  note: {note}"));
    }
    if let Some(cursor) = &report.cursor {
        output.note(format!("  cursor: {cursor}; with --after {cursor} only what comes later is read"));
    }
    match &options.after {
        _ if report.kept > 0 => {}
        Some(after) if report.skipped.is_empty() => output.note(format!("  nothing new came in after {after}")),
        _ => output.note("  no sent messages in the window; look at --until, --days and the reasons above"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_stands_once_before_its_places() {
        let words = |places: &[&str]| in_words(&places.iter().map(|place| (*place).to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["line 1", "line 7"]), "line 1, line 7");
        assert_eq!(
            words(&["a, b.txt, line 1", "a, b.txt, line 7", "c.txt, line 2"]),
            "a, b.txt, line 1, line 7; c.txt, line 2"
        );
        assert_eq!(words(&[]), "");
    }
}
