//! The quotation marks of a table, followed beside the parser, which takes any: text behind one that closes was not written to hold a
//! cell together, and the rows up to there would become one cell without a word.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// What a table's quotation marks are, as far as it was read.
#[derive(Clone, Default)]
pub(super) struct Quotes(Arc<Seen>);

#[derive(Default)]
struct Seen {
    /// Cells with text behind one that closes,
    odd: AtomicU64,
    /// and those that begin and end with one.
    whole: AtomicU64,
    /// Where the first such cell begins that goes over several lines; 0 where none does.
    torn: AtomicU64,
    /// A cell has them because it needs them, or the very first one does.
    is_quoted: AtomicBool,
}

impl Quotes {
    /// Whether they are words of the texts, as in a table that was written without any around its cells.
    pub(super) fn are_text(&self) -> bool {
        self.0.odd.load(Relaxed) > self.0.whole.load(Relaxed) && !self.0.is_quoted.load(Relaxed)
    }

    /// The line of a cell that several rows may have become.
    pub(super) fn torn(&self) -> Option<u64> {
        Some(self.0.torn.load(Relaxed)).filter(|line| *line > 0)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Within,
    /// Behind the character that makes the next one plain.
    Escaped,
    /// Behind a mark that closes, or is the first of two.
    Closing,
    /// Behind that and a space.
    Closed,
}

/// Passes a table on.
pub(super) struct QuoteGuard<R> {
    input: R,
    separator: u8,
    escape: Option<u8>,
    /// There is a space behind every separator, to be left out before a quotation mark, which the parser wants at the cell's beginning.
    is_spaced: bool,
    /// Such a space was read, and what follows was not.
    is_held: bool,
    at: At,
    /// From 1.
    line: u64,
    is_first_cell: bool,
    /// Where the cell within quotation marks began, and whether it needs them.
    opened: u64,
    needs: bool,
    seen: Quotes,
}

impl<R: Read> QuoteGuard<R> {
    pub(super) fn new(input: R, separator: u8, escape: Option<u8>, is_spaced: bool, seen: Quotes) -> Self {
        Self {
            input,
            separator,
            escape,
            is_spaced,
            is_held: false,
            at: At::Start,
            line: 1,
            is_first_cell: true,
            opened: 0,
            needs: false,
            seen,
        }
    }

    fn follow(&mut self, byte: u8) {
        let ends = byte == self.separator || matches!(byte, b'\n' | b'\r');
        self.at = match (self.at, byte) {
            (At::Start, b'"') => {
                (self.opened, self.needs) = (self.line, self.is_first_cell);
                At::Within
            }
            (At::Start | At::Plain, _) if ends => At::Start,
            (At::Start | At::Plain, _) => At::Plain,
            (At::Within, b'"') => At::Closing,
            (At::Within, _) if Some(byte) == self.escape => At::Escaped,
            (At::Within | At::Escaped, _) => {
                self.needs |= ends;
                At::Within
            }
            (At::Closing, b'"') => {
                self.needs = true;
                At::Within
            }
            (At::Closing | At::Closed, _) if ends => {
                self.seen.0.whole.fetch_add(1, Relaxed);
                self.seen.0.is_quoted.fetch_or(self.needs, Relaxed);
                At::Start
            }
            (At::Closing | At::Closed, b' ') => At::Closed,
            (At::Closing | At::Closed, _) => {
                self.seen.0.odd.fetch_add(1, Relaxed);
                if self.opened < self.line {
                    let _ = self.seen.0.torn.compare_exchange(0, self.opened, Relaxed, Relaxed);
                }
                At::Plain
            }
        };
        self.is_first_cell &= !ends || self.at == At::Within;
        self.line += u64::from(byte == b'\n');
    }
}

impl<R: Read> Read for QuoteGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let held = usize::from(self.is_held);
            if buffer.len() <= held {
                (self.is_held, self.at) = (false, At::Plain);
                buffer.fill(b' ');
                return Ok(held.min(buffer.len()));
            }
            let read = self.input.read(&mut buffer[held..])?;
            if read == 0 {
                self.is_held = false;
                buffer[..held].fill(b' ');
                return Ok(held);
            }
            let mut kept = 0;
            for place in held..held + read {
                let byte = buffer[place];
                if std::mem::take(&mut self.is_held) && byte != b'"' {
                    self.at = At::Plain;
                    buffer[kept] = b' ';
                    kept += 1;
                }
                if self.is_spaced && self.at == At::Start && byte == b' ' {
                    self.is_held = true;
                    continue;
                }
                self.follow(byte);
                buffer[kept] = byte;
                kept += 1;
            }
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    fn texts(table: &str) -> Vec<String> {
        Fixture::new([("table.tsv", table)]).me("Wren").texts()
    }

    #[test]
    fn a_table_that_was_written_without_quotation_marks_is_read_as_it_stands() {
        for separator in [",", "\t"] {
            let table = "time,sender,text\n\
                2026-02-01T10:00:00Z,Wren,\"only opened\n\
                2026-02-01T10:01:00Z,Lux,a canary\n\
                2026-02-01T10:02:00Z,Wren,two\n\
                2026-02-01T10:03:00Z,Lux,\"so he says\n\
                2026-02-01T10:04:00Z,Wren,\"yes\" he said\n";
            assert_eq!(texts(&table.replace(',', separator)), ["\"only opened", "two", "\"yes\" he said"]);
        }
    }

    #[test]
    fn a_mark_that_is_missing_in_a_table_that_has_them_swallows_no_rows() {
        let table = "time,sender,text\n\
            2026-02-01T10:00:00Z,Wren,\"one, two\"\n\
            2026-02-01T10:01:00Z,Wren,\"only opened\n\
            2026-02-01T10:02:00Z,Lux,a canary\n\
            2026-02-01T10:03:00Z,Lux,\"so he says\"\n";
        let error = Fixture::new([("table.csv", table)]).me("Wren").error();
        assert!(error.contains("line 3, row: a quotation mark closes below it in front of more text"), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }

    #[test]
    fn a_space_may_stand_before_a_quotation_mark() {
        let table = "time, sender, text\n\
            2026-02-01T10:00:00Z, Wren, \"one, two\"\n\
            2026-02-01T10:01:00Z, Lux, hi\n";
        assert_eq!(texts(table), ["one, two"]);
    }

    /// What comes of a table that is read in pieces of so many bytes.
    fn passed(table: &str, is_spaced: bool, piece: usize) -> (String, Quotes) {
        let quotes = Quotes::default();
        let mut guard = QuoteGuard::new(table.as_bytes(), b',', None, is_spaced, quotes.clone());
        let (mut out, mut buffer) = (Vec::new(), vec![0; piece]);
        loop {
            match guard.read(&mut buffer).unwrap() {
                0 => return (String::from_utf8(out).unwrap(), quotes),
                count => out.extend_from_slice(&buffer[..count]),
            }
        }
    }

    #[test]
    fn spaces_before_quotation_marks_go_where_all_separators_have_one() {
        let table = "a, b\n1, \"x, y\"\n2, z \"w\"\n3, \n4,  \"v\" ";
        for piece in 1..9 {
            assert_eq!(passed(table, false, piece).0, table);
            if piece > 1 {
                assert_eq!(passed(table, true, piece).0, table.replace(", \"x", ",\"x"), "{piece}");
            }
        }
    }

    #[test]
    fn what_stands_behind_a_closing_mark_tells_that_it_closes_nothing() {
        for (table, are_text, torn) in [
            ("a,b\n1,\"x\"\n", false, None),
            ("a,b\n1,\"x\" , 2\n", false, None),
            ("a,b\n1,\"x\ny\"\"\"\n", false, None),
            ("a,b\n1,\"x\n2,\"y\n", true, Some(2)),
            ("a,b\n1,\"x\" y\n", true, None),
            ("a,b\n1,\"x\"\n2,\"y\"\n3,\"z\" w\"\n", false, None),
            ("a,b\n1,\"x, y\"\n2,\"x\n3,\"y\n", false, Some(3)),
            ("\"a\",b\n2,\"x\n3,\"y\n", false, Some(2)),
        ] {
            let quotes = passed(table, false, 64).1;
            assert_eq!((quotes.are_text(), quotes.torn()), (are_text, torn), "{table}");
        }
    }
}
