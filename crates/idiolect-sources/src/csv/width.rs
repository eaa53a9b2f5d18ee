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
    /// Rows whose second cell begins with a space.
    spaced: u64,
}

/// The columns of a table whose rows have no more cells but for a few.
pub(super) struct Width {
    columns: usize,
    /// There is a space behind each separator.
    is_spaced: bool,
}

impl Widths {
    pub(super) fn note(&mut self, row: &csv::StringRecord) {
        *self.all.entry(row.len()).or_default() += 1;
        *self.filled.entry(filled(row)).or_default() += 1;
        self.spaced += u64::from(row.get(1).is_some_and(|cell| cell.starts_with(' ')));
    }

    /// `None` where most rows have more cells than the header has names: a missing name tells nothing of separators.
    pub(super) fn settle(&self, header: Option<&csv::StringRecord>) -> Option<Width> {
        let rows: u64 = self.filled.values().sum();
        let is_spaced = self.spaced * 2 > rows;
        let Some(header) = header else {
            // Of two that are as frequent the smaller: no separator is lost.
            let usual = self.all.iter().rev().max_by_key(|(_, count)| **count);
            return usual.map(|(columns, _)| Width { columns: *columns, is_spaced });
        };
        let named = filled(header);
        let long: u64 = self.filled.range(named + 1..).map(|(_, count)| count).sum();
        (long * 2 < rows).then_some(Width { columns: named, is_spaced })
    }
}

impl Width {
    /// The text in the column `text`. Cells more than the table has columns are put back where it is the last one and they go on
    /// with it; `None` where they are something else, or cells behind the text lie in wrong columns.
    pub(super) fn text<'r>(&self, row: &'r csv::StringRecord, text: usize, separator: char) -> Option<Cow<'r, str>> {
        let first = row.get(text)?;
        let end = filled(row);
        if end <= self.columns {
            return Some(first.into());
        }
        // In a table with a space behind each separator a space tells nothing; else that a cell before the text has lost its end.
        let is_parted = !self.is_spaced && row.iter().take(text + 1).skip(1).any(|cell| cell.starts_with(' '));
        let cells: Vec<&str> = row.iter().take(end).skip(text).collect();
        let goes_on = || cells[1..].iter().all(|cell| goes_on(cell, self.is_spaced));
        let is_whole = text + 1 == self.columns && !is_parted && goes_on();
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

#[cfg(test)]
mod tests {
    use crate::fixture::Fixture;
    use crate::reason;

    #[test]
    fn a_row_with_a_cell_too_many_before_the_text_is_not_read_one_cell_off() {
        let table = "date,sender,to,text\n\
            2026-02-01 10:00,Wren,Lux, Jr.,hello\n\
            2026-02-01 10:01,Wren,Lux,one, two\n\
            2026-02-01 10:02,Lux,Wren,x\n\
            2026-02-01 10:03,Lux,Wren,y\n\
            2026-02-01 10:04,Lux,Wren,z\n";
        let read = Fixture::new([("table.csv", table)]).me("Wren").extract().unwrap();
        assert_eq!((read.texts(), read.skipped(reason::MALFORMED)), (vec!["one, two".to_owned()], (1, "line 2")));
    }
}
