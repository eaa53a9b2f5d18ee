//! `idiolect dataset validate`: a training file, anybody's, line by line, so that its size does not matter.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context as _, Result};
use idiolect_dataset::Validator;
use idiolect_dataset::validate::MAX_LINE;

use crate::context::Context;
use crate::exit::Exit;
use crate::files::{is_standard, open_regular};
use crate::hosted::{example_limits, selected};
use crate::output::thousands;

pub fn validate(app: &Context, path: &Path, base_model: Option<&str>) -> Result<Exit> {
    let base_model = match base_model {
        Some(name) => name.to_owned(),
        // As the file would be built here, for a profile that names none by the model of this machine.
        None => app.training_base_model(selected(app, &app.profiles()?)?).unwrap_or_else(|_| app.base_model_name()),
    };
    let validator = Validator::new(example_limits(app, &base_model)?);
    if is_standard(path) {
        return check(app, std::io::stdin().lock(), "standard input", validator);
    }
    check(app, BufReader::new(open_regular(path)?), &path.display().to_string(), validator)
}

fn check(app: &Context, mut file: impl BufRead, place: &str, mut validator: Validator) -> Result<Exit> {
    let unreadable = || format!("{place}: cannot be read");
    let not_text = no_lines_of_text(file.fill_buf().with_context(unreadable)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        // One byte more than a line may have, and its line feed.
        let taken = Read::take(&mut file, MAX_LINE as u64 + 2).read_until(b'\n', &mut line).with_context(unreadable)?;
        if taken == 0 {
            break;
        }
        let is_cut = line.pop_if(|last| *last == b'\n').is_none() && line.len() > MAX_LINE;
        validator.line(&line);
        if is_cut {
            validator.more_of_line(file.skip_until(b'\n').with_context(unreadable)?.saturating_sub(1) as u64);
        }
    }
    let report = validator.finish();
    if app.output.json {
        app.output.json(&report.to_json())?;
    } else {
        for problem in &report.problems {
            app.output.line(format!("{place}: {problem}"));
        }
        let total = report.total();
        if total > report.problems.len() as u64 {
            app.output.line(format!("and {} more", thousands(total - report.problems.len() as u64)));
        }
        app.output.line(format!(
            "{} examples, {} bytes, about {} tokens an epoch: {}",
            thousands(report.examples),
            thousands(report.bytes),
            thousands(report.tokens),
            match total {
                0 => "valid".to_owned(),
                1 => "1 problem".to_owned(),
                _ => format!("{} problems", thousands(total)),
            }
        ));
    }
    // Beside the report, which has the lines and rules all the same.
    if let Some((is, advice)) = not_text {
        app.output.note(format!("{place}: is {is}; {advice}"));
    }
    Ok(if report.is_valid() { Exit::Done } else { Exit::Failed })
}

/// What a file is whose first line, or every line, is no JSON, by its first bytes, and what makes it one whose lines are.
fn no_lines_of_text(head: &[u8]) -> Option<(&'static str, &'static str)> {
    match head {
        [0xef, 0xbb, 0xbf, ..] => Some(("UTF-8 with a byte order mark", "save it as UTF-8 without one")),
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Some(("UTF-32 text", "save it as UTF-8")),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [b'{', 0, ..] | [0, b'{', ..] => {
            Some(("UTF-16 text", "save it as UTF-8, without a byte order mark"))
        }
        [0x1f, 0x8b, ..] => {
            Some(("packed with gzip", "unpack it, or pipe what `gunzip -c` gives into `idiolect dataset validate -`"))
        }
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(("a zip archive", "unpack it and name the file in it")),
        _ => None,
    }
}
