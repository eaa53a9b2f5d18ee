//! A column that says whether a message was forwarded, or whose it was before.

use super::column_words::FORWARDED;
use super::direction::plain;
use super::truth_words::{FALSE, NO, NOTHING};

/// Below that a number is an id: Telegram's channels have negative ones.
const LEAST_FLAG: f64 = -1000.0;

/// What the column says, counted over the whole file.
#[derive(Default)]
pub(super) struct Tally {
    rows: u64,
    so: u64,
}

impl Tally {
    pub(super) fn note(&mut self, value: &str) {
        self.rows += 1;
        self.so += u64::from(is_so(value));
    }

    /// Whether it says the same of every row: nobody forwards all that they send, so that the column means something else.
    pub(super) fn tells_nothing(&self) -> bool {
        self.rows > 0 && self.so == self.rows
    }
}

/// Whether it was forwarded: the value is neither a "no" nor what stands where there is nothing.
pub(super) fn is_so(value: &str) -> bool {
    let value = value.trim();
    if let Some(number) = value.replace(',', ".").parse().ok().filter(|number: &f64| !number.is_nan()) {
        return !(LEAST_FLAG..=0.0).contains(&number);
    }
    let word = plain(value).replace(' ', "");
    let is_no = [FALSE, NO, NOTHING].iter().any(|words| words.contains(&&*word)) || ["n", "f"].contains(&&*word);
    !is_blank(value) && !is_no && !denies(&word)
}

/// Nothing but dashes, brackets and the like, or a box that is not ticked.
fn is_blank(value: &str) -> bool {
    value.chars().all(|c| {
        matches!(c, '-' | '–' | '—' | '−' | '.' | '…' | '/' | '\\' | '\'' | '"' | '_' | '?' | '☐' | '❌' | '✗' | '✘')
            || "()[]{}<>".contains(c)
            || c.is_whitespace()
    })
}

/// "Not forwarded", in one word.
fn denies(word: &str) -> bool {
    let is_forwarded = |rest: &str| FORWARDED.split_whitespace().any(|forwarded| forwarded == rest);
    NO.iter().any(|no| word.strip_prefix(no).is_some_and(is_forwarded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_write_for_no_and_nothing_is_no_yes() {
        for value in [
            "",
            " ",
            "0",
            "0.0",
            "0,0",
            "-1",
            "no",
            "Nein",
            "não",
            "n",
            "f",
            "false",
            "FALSCH",
            "FAUX",
            "FALSO",
            "ONWAAR",
            "EPÄTOSI",
            "YANLIŞ",
            "ΨΕΥΔΗΣ",
            "ЛОЖЬ",
            "偽",
            "None",
            "none",
            "NULL",
            "nan",
            "NaN",
            "N/A",
            "n/a",
            "<NA>",
            "NaT",
            "\\N",
            "-",
            "—",
            "[]",
            "{}",
            "☐",
            "not forwarded",
            "not_forwarded",
            "nicht weitergeleitet",
            "No reenviado",
        ] {
            assert!(!is_so(value), "{value}");
        }
        for value in [
            "1",
            "1.0",
            "2",
            "true",
            "yes",
            "x",
            "✓",
            "WAHR",
            "Weitergeleitet",
            "forwarded",
            "Ana",
            "from Ana",
            "Do Not Reply",
            "Nonna",
            "-1001234567890",
        ] {
            assert!(is_so(value), "{value}");
        }
    }

    #[test]
    fn a_column_that_says_the_same_of_every_row_tells_nothing() {
        let tells_nothing = |values: &[&str]| {
            let mut tally = Tally::default();
            values.iter().for_each(|value| tally.note(value));
            tally.tells_nothing()
        };
        assert_eq!([&["yes", "own"][..], &["yes", "no"], &["no"], &[]].map(tells_nothing), [true, false, false, false]);
    }
}
