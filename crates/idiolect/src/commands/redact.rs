//! `idiolect redact`: the redaction of a dataset, on standard input, to try it and to score it.

use std::io::{self, BufRead, BufWriter, IsTerminal, Read, Write};

use anyhow::{Context as _, Result, bail};
use idiolect_dataset::redact::MAX_MESSAGE_BYTES;
use idiolect_dataset::{Ledger, Redactor, Region, Span};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::Redact;
use crate::context::Context;
use crate::countries;
use crate::exit::{Exit, WrongFlag};
use crate::output::is_broken_pipe;

/// The longest line that is held; JSON may need six bytes for one of the message's.
const MAX_LINE_BYTES: usize = 8 * MAX_MESSAGE_BYTES;

pub fn run(app: &Context, flags: &Redact) -> Result<Exit> {
    let mut settings = app.redaction_settings()?;
    if let Some(region) = &flags.region {
        let wrong = |_| WrongFlag(format!("--region {region}: is no country's two letters; write it like US or GB"));
        settings.region = Some(countries::region(region).map_err(wrong)?);
    }
    let redactor = Redactor::new(&settings);
    let (input, output) = (io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    let done = match flags.ndjson {
        true => label(&redactor, input, output),
        false => {
            let format = match (app.output.json, flags.explain) {
                (true, _) => Format::Json,
                (false, true) => Format::Explained,
                (false, false) => Format::Plain,
            };
            redact(&redactor, input, output, format)
        }
    };
    match done {
        // Whoever closed the pipe has seen enough, as `head` does.
        Err(error) if is_broken_pipe(&error) => Ok(Exit::Done),
        Err(error) => Err(error),
        Ok(failed) => {
            failed.iter().for_each(|sentence| app.output.note(sentence));
            Ok(if failed.is_empty() { Exit::Done } else { Exit::Failed })
        }
    }
}

#[derive(Clone, Copy)]
enum Format {
    Plain,
    Explained,
    Json,
}

/// One line redacted, for `--json`.
#[derive(Serialize)]
struct Line<'a> {
    line: u64,
    text: &'a str,
    spans: Vec<Found>,
}

/// Where something was found, in code points of the line as it came in.
#[derive(Serialize)]
struct Found {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
}

/// Every line redacted, the numbers of the placeholders shared by all; says which lines could not be.
fn redact(redactor: &Redactor, mut input: impl BufRead, mut out: impl Write, format: Format) -> Result<Vec<String>> {
    let mut ledger = Ledger::new();
    let interactive = io::stdin().is_terminal();
    let mut failed = Vec::new();
    let mut number = 0;
    while let Some(line) = next_line(&mut input, number + 1)? {
        number += 1;
        let Some(line) = line else {
            failed.push(too_long(number));
            continue;
        };
        let (line, ending) = line.split_at(line.trim_end_matches(['\r', '\n']).len());
        let (spans, text) = match redactor.redact_and_find(line, &mut ledger) {
            Ok(redacted) => redacted,
            Err(error) => {
                failed.push(format!("line {number}: {error}"));
                continue;
            }
        };
        match format {
            Format::Plain => write!(out, "{}{ending}", text.as_str()),
            Format::Json => {
                let found = found(line, &spans, true);
                serde_json::to_writer(&mut out, &Line { line: number, text: text.as_str(), spans: found })
                    .context("standard output cannot be written")?;
                writeln!(out)
            }
            Format::Explained => {
                writeln!(out, "{}", text.as_str()).context("standard output cannot be written")?;
                found(line, &spans, true).iter().try_for_each(|found| {
                    let rule = found.rule.unwrap_or_default();
                    writeln!(out, "    {}-{} {} by {rule}", found.start, found.end, found.kind)
                })
            }
        }
        // Somebody may be typing: a line is answered before the next one is waited for.
        .and_then(|()| if interactive { out.flush() } else { Ok(()) })
        .context("standard output cannot be written")?;
    }
    out.flush().context("standard output cannot be written")?;
    Ok(failed)
}

/// One labelled text of `--ndjson`.
#[derive(Deserialize)]
struct Item {
    id: Value,
    text: String,
    #[serde(default)]
    region: Option<String>,
}

#[derive(Serialize)]
struct Labelled {
    id: Value,
    spans: Vec<Found>,
}

fn label(redactor: &Redactor, mut input: impl BufRead, mut out: impl Write) -> Result<Vec<String>> {
    let mut failed = Vec::new();
    let mut number = 0;
    while let Some(line) = next_line(&mut input, number + 1)? {
        number += 1;
        let Some(line) = line else {
            bail!("line {number}: is longer than {MAX_LINE_BYTES} bytes; take it out and run again");
        };
        // A byte order mark and half an emoji are read as `--source ndjson:` reads them.
        let line = line.strip_prefix('\u{feff}').filter(|_| number == 1).unwrap_or(&line);
        if line.trim().is_empty() {
            continue;
        }
        let repaired = || serde_json::from_slice(&idiolect_sources::repaired_json(line.as_bytes())?).ok();
        // Not the error's own display: that may quote the text.
        let item: Item = serde_json::from_str(line).or_else(|error| repaired().ok_or(error)).map_err(|error| {
            anyhow::anyhow!(
                "line {number}, column {}: is not {{\"id\",\"text\",\"region\"?}} in JSON; mend the line and run again",
                error.column()
            )
        })?;
        let region: Option<Region> = item.region.as_deref().map(str::parse).transpose().map_err(|_| {
            // Not the value: who mixes fields up may have written a text there.
            anyhow::anyhow!("line {number}, region: is no two-letter country code; write for example \"US\"")
        })?;
        let spans = match redactor.find(&item.text, region) {
            Ok(spans) => found(&item.text, &spans, false),
            Err(error) => {
                failed.push(format!("line {number}: {error}"));
                // Nothing of it may be used, so all of it is covered.
                vec![Found { start: 0, end: item.text.chars().count(), kind: "MESSAGE", rule: None }]
            }
        };
        serde_json::to_writer(&mut out, &Labelled { id: item.id, spans })
            .context("standard output cannot be written")?;
        writeln!(out).context("standard output cannot be written")?;
    }
    out.flush().context("standard output cannot be written")?;
    Ok(failed)
}

/// Byte spans as code points, counted in one go along the text.
fn found(text: &str, spans: &[Span], with_rule: bool) -> Vec<Found> {
    let (mut byte, mut point) = (0, 0);
    let mut code_point = |to: usize| {
        point += text[byte..to].chars().count();
        byte = to;
        point
    };
    spans
        .iter()
        .map(|span| Found {
            start: code_point(span.range.start),
            end: code_point(span.range.end),
            kind: span.kind.label(),
            rule: with_rule.then_some(span.rule),
        })
        .collect()
}

/// The next line with its line break, or `None` within for one that is too long to be held, which is passed over.
fn next_line(input: &mut impl BufRead, number: u64) -> Result<Option<Option<String>>> {
    let mut line = Vec::new();
    let limit = MAX_LINE_BYTES as u64;
    let read = input.by_ref().take(limit).read_until(b'\n', &mut line).context("standard input cannot be read")?;
    if read == 0 {
        return Ok(None);
    }
    if read as u64 == limit && !line.ends_with(b"\n") {
        input.skip_until(b'\n').context("standard input cannot be read")?;
        return Ok(Some(None));
    }
    match String::from_utf8(line) {
        Ok(line) => Ok(Some(Some(line))),
        Err(error) => bail!(
            "line {number}, byte {}: is not UTF-8; convert the input first, for example with iconv",
            error.utf8_error().valid_up_to()
        ),
    }
}

fn too_long(number: u64) -> String {
    format!("line {number}: is longer than {MAX_LINE_BYTES} bytes, which no message is; it is left out")
}

#[cfg(test)]
mod tests {
    use super::*;
    use idiolect_dataset::RedactionSettings;

    fn redactor() -> Redactor {
        Redactor::new(&RedactionSettings::default())
    }

    fn redacted(input: &str, format: Format) -> String {
        let mut out = Vec::new();
        assert!(redact(&redactor(), input.as_bytes(), &mut out, format).unwrap().is_empty());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_are_redacted_and_a_value_keeps_its_number() {
        let input = "call 202-555-0142\nhi\r\n+1 (202) 555-0142 or 202-555-0199";
        assert_eq!(redacted(input, Format::Plain), "call [PHONE_1]\nhi\r\n[PHONE_1] or [PHONE_2]");
        assert_eq!(redacted("the password is swordfish\r\nok", Format::Plain), "the password is [PASSWORD_1]\r\nok");
    }

    #[test]
    fn explaining_names_the_rule_and_the_place_and_not_the_value() {
        let explained = redacted("né: jo@example.com\n", Format::Explained);
        assert_eq!(explained, "né: [EMAIL_1]\n    4-18 EMAIL by email\n");
        let json: Value = serde_json::from_str(&redacted("né: jo@example.com", Format::Json)).unwrap();
        assert_eq!(json["spans"][0]["start"], 4);
        assert!(!json.to_string().contains("example"));
    }

    #[test]
    fn labels_are_in_code_points() {
        let input = "{\"id\":7,\"text\":\"né 👍 0201 555 0142\",\"region\":\"GB\"}\n\n";
        let mut out = Vec::new();
        assert!(label(&redactor(), input.as_bytes(), &mut out).unwrap().is_empty());
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, "{\"id\":7,\"spans\":[{\"start\":5,\"end\":18,\"type\":\"PHONE\"}]}\n");
    }

    #[test]
    fn a_byte_order_mark_and_half_an_emoji_are_read_over() {
        let input = "\u{feff}{\"id\":1,\"text\":\"hi\"}\n{\"id\":2,\"text\":\"\\ud83d jo@example.com\"}\n";
        let mut out = Vec::new();
        assert!(label(&redactor(), input.as_bytes(), &mut out).unwrap().is_empty());
        let expected = "{\"id\":1,\"spans\":[]}\n{\"id\":2,\"spans\":[{\"start\":2,\"end\":16,\"type\":\"EMAIL\"}]}\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn a_bad_line_is_named_without_its_words() {
        let error =
            label(&redactor(), "{\"id\":1,\"text\":\"a\"}\n{\"id\":2,\"text\":[\"zanzibar\"]}".as_bytes(), io::sink());
        let error = format!("{:#}", error.unwrap_err());
        assert!(error.contains("line 2") && !error.contains("zanzibar"), "{error}");
        let error = redact(&redactor(), b"ok\n\xff".as_slice(), io::sink(), Format::Plain).unwrap_err();
        assert!(error.to_string().starts_with("line 2, byte 0"), "{error}");
    }

    #[test]
    fn a_gigantic_line_is_left_out_and_the_next_one_read() {
        let mut input = vec![b'a'; MAX_LINE_BYTES + 10];
        input.extend(b"\nok\n");
        let mut out = Vec::new();
        let failed = redact(&redactor(), input.as_slice(), &mut out, Format::Plain).unwrap();
        assert_eq!(out, b"ok\n");
        assert!(failed[0].starts_with("line 1: "), "{failed:?}");
    }
}
