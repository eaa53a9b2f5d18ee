//! What commands print: data to standard output, everything else to standard error.

use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use serde::Serialize;
use terminal_size::{Width, terminal_size_of};

use crate::exit::Exit;

/// On a terminal narrower than this, cells would be a few letters wide.
const NARROWEST: u16 = 40;

/// Set once a line could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

/// How a command ended that ended so: no success where lines of it are lost.
pub fn with_lost_lines(exit: Exit) -> Exit {
    if exit == Exit::Done && LOST.load(Ordering::Relaxed) { Exit::Failed } else { exit }
}

/// Where a command prints, and in which shape.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub json: bool,
    /// Whether lines for people go to standard error, where one command runs inside another that prints data.
    pub beside: bool,
}

impl Output {
    pub fn new(json: bool) -> Self {
        Self { json, beside: false }
    }

    /// One line of data for people. Whoever closed the pipe has seen enough, as `head` does. What the command does is done to its end,
    /// read or unread.
    pub fn line(self, text: impl std::fmt::Display) {
        if self.beside {
            return self.note(text);
        }
        match writeln!(std::io::stdout().lock(), "{}", visible(&text.to_string())) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe && !LOST.swap(true, Ordering::Relaxed) => {
                self.note(format!("idiolect: standard output cannot be written: {error}"));
            }
            _ => {}
        }
    }

    /// One line beside the data: what is happening, what to do next.
    pub fn note(self, text: impl std::fmt::Display) {
        // Where nobody reads, there is nobody to tell.
        let _ = writeln!(std::io::stderr().lock(), "{}", visible(&text.to_string()));
    }

    /// Data as JSON, indented.
    pub fn json(self, value: &impl Serialize) -> Result<()> {
        self.line(serde_json::to_string_pretty(value).context("the data cannot be written as JSON")?);
        Ok(())
    }

    /// Writes without a line break and at once, for words as they come. Without whoever would read them nothing is gone on with.
    pub fn fragment(self, text: &str) -> Result<()> {
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
            written => written.context("standard output cannot be written"),
        }
    }

    pub fn table<R: Into<comfy_table::Row>>(self, header: &[&str], rows: impl IntoIterator<Item = R>) {
        let width = terminal_size_of(std::io::stdout()).map(|(Width(width), _)| width);
        self.line(arranged(header, rows, width));
    }
}

/// Without the characters by which a terminal takes orders, as names of senders and files from elsewhere may have them; written as JSON
/// writes them.
fn visible(text: &str) -> Cow<'_, str> {
    let is_order = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(is_order) {
        return text.into();
    }
    let shown = |c: char| if is_order(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// On a terminal `width` columns wide long cells go on below themselves; whatever reads a pipe gets a line for each row.
fn arranged<R: Into<comfy_table::Row>>(
    header: &[&str],
    rows: impl IntoIterator<Item = R>,
    width: Option<u16>,
) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    let first_is = table.column_max_content_widths().first().copied().unwrap_or_default();
    let width = width.filter(|width| *width >= NARROWEST);
    if let Some(width) = width {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    if let Some(first) = table.column_mut(0) {
        first.set_padding((0, 1));
        // What a row is about is not divided, if that leaves enough to the others.
        if width.is_some_and(|width| first_is <= width / 3) {
            first.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.trim_fmt()
}

/// Whether somebody is looking at standard error, so that a progress bar makes sense.
pub fn progress_is_seen() -> bool {
    std::io::stderr().is_terminal()
}

/// `1234567` as `1,234,567`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Whether whoever reads our output has seen enough.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(std::io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_no_wider_than_the_terminal() {
        let rows = [["openai-compatible", "open, no end known"], ["田中さん", "training has to begin on Monday; 見る"]];
        let header = ["provider", "training"];
        assert_eq!(arranged(&header, rows, None).lines().count(), 3);
        assert_eq!(arranged(&header, rows, Some(60)), arranged(&header, rows, None));
        assert_eq!(
            arranged(&header, rows, Some(52)),
            "provider           training\n\
             openai-compatible  open, no end known\n\
             田中さん           training has to begin on Monday;\n                   見る"
        );
        assert_eq!(arranged(&header, rows, Some(20)), arranged(&header, rows, None), "too narrow to be divided");
    }

    #[test]
    fn no_name_gives_the_terminal_orders() {
        assert_eq!(visible("Ana\n\tBen 😀"), "Ana\n\tBen 😀");
        assert_eq!(visible("\u{1b}[31mAna\u{9b}2J\r"), "\\u001b[31mAna\\u009b2J\\u000d");
    }

    #[test]
    fn thousands_are_grouped_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
    }
}
