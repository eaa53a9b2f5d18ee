//! How many columns a table has, and what becomes of a row with more cells: a separator may stand in its text without quotation
//! marks.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// How many cells the rows have, counted over the whole file.
#[derive(Default)]
pub(super) struct Widths {
    /// Cells as they are written, of the rows.
    all: BTreeMap<usize, u64>,
    /// The same without empty ones at the end.
    filled: BTreeMap<usize, u64>,
}

/// The columns of a table whose rows have no more cells but for a few.
pub(super) struct Width(usize);

impl Widths {
    pub(super) fn note(&mut self, row: &csv::StringRecord) {
        *self.all.entry(row.len()).or_default() += 1;
        *self.filled.entry(filled(row)).or_default() += 1;
    }

    /// `None` where most rows have more cells than the header has names: a missing name tells nothing of separators.
    pub(super) fn settle(&self, header: Option<&csv::StringRecord>) -> Option<Width> {
        let Some(header) = header else {
            // Of two that are as frequent the smaller: no separator is lost.
            return self.all.iter().rev().max_by_key(|(_, count)| **count).map(|(width, _)| Width(*width));
        };
        let named = filled(header);
        let rows: u64 = self.filled.values().sum();
        let long: u64 = self.filled.range(named + 1..).map(|(_, count)| count).sum();
        (long * 2 < rows).then_some(Width(named))
    }
}

impl Width {
    /// The text in the column `text`. Cells more than the table has columns are put back where it is the last one and they go on
    /// with it; `None` where they are something else, or cells behind the text lie in wrong columns.
    pub(super) fn text<'r>(&self, row: &'r csv::StringRecord, text: usize, separator: char) -> Option<Cow<'r, str>> {
        let first = row.get(text)?;
        let end = filled(row);
        if end <= self.0 {
            return Some(first.into());
        }
        // In a table with a space behind each separator a space tells nothing.
        let is_spaced = row.iter().take(text).skip(1).any(|cell| cell.starts_with(' '));
        let cells: Vec<&str> = row.iter().take(end).skip(text).collect();
        let is_whole = text + 1 == self.0 && cells[1..].iter().all(|cell| goes_on(cell, is_spaced));
        is_whole.then(|| cells.join(&separator.to_string()).into())
    }
}

/// Whether a cell is more of a sentence, and no file's name or address.
fn goes_on(part: &str, is_spaced: bool) -> bool {
    let begins_small = part.trim_start().starts_with(char::is_lowercase);
    let is_name = !part.trim().contains(' ') && part.trim_end_matches(['.', ' ']).contains(['.', '/', '_']);
    (!is_spaced && part.starts_with(' ')) || (begins_small && !is_name)
}

/// How many cells a row has without empty ones at the end.
fn filled(row: &csv::StringRecord) -> usize {
    (0..row.len()).rev().find(|place| !row[*place].trim().is_empty()).map_or(0, |last| last + 1)
}
