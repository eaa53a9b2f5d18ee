//! What a message needs of a typedstream: the root attributed string's text, and which part of the message each run belongs to.
//!
//! An `NSAttributedString` writes its `NSString`, then for each run a pair `iI`: the number of the run's attribute
//! dictionary (from 1) and its length in UTF-16 units. A dictionary follows the pair that uses it first. A dictionary writes its
//! size and then keys and values in turn.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::ops::Range;

use super::Damage;
use super::archive::{Archive, Value};
use super::usual;

const PART_ATTRIBUTE: &[u8] = b"__kIMMessagePartAttributeName";

/// The text of an attributed string and its runs.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AttributedText {
    /// As stored, attachment marks (U+FFFC) included.
    pub(crate) text: String,
    /// In order, without gaps; they end early where the stream is damaged behind its text.
    pub(crate) runs: Vec<Run>,
}

/// A stretch of text with the same attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Bytes of the text.
    pub(crate) range: Range<usize>,
    /// The number of the message part, where the run says so.
    pub(crate) part: Option<u32>,
}

impl AttributedText {
    /// The numbers of the parts that the runs name.
    pub(crate) fn parts(&self) -> BTreeSet<u32> {
        self.runs.iter().filter_map(|run| run.part).collect()
    }

    /// The text less the runs of `parts`.
    pub(crate) fn without_parts(&self, parts: &BTreeSet<u32>) -> String {
        let known = self.runs.last().map_or(0, |run| run.range.end);
        let kept = self.runs.iter().filter(|run| run.part.is_none_or(|part| !parts.contains(&part)));
        kept.map(|run| &self.text[run.range.clone()]).chain([&self.text[known..]]).collect()
    }
}

/// Shows lengths, never the words.
impl fmt::Debug for AttributedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttributedText").field("text_bytes", &self.text.len()).field("runs", &self.runs).finish()
    }
}

/// Reads the attributed string (or plain string) at the root of the typedstream `data`.
///
/// A stream that breaks off behind its text still gives the text.
pub(crate) fn read_attributed_text(data: &[u8]) -> Result<AttributedText, Damage> {
    let (archive, outcome) = Archive::read(data);
    let values = archive.values(ROOT);
    let string = if archive.is_kind_of(ROOT, b"NSString") {
        values.first()
    } else if archive.is_kind_of(ROOT, b"NSAttributedString") {
        match values.first() {
            Some(Value::Object(string)) if archive.is_kind_of(*string, b"NSString") => archive.values(*string).first(),
            _ => None,
        }
    } else {
        None
    };
    let Some(Value::Bytes(utf8)) = string else {
        return Err(outcome.err().unwrap_or(Damage { at: 0, what: "no attributed string at the root" }));
    };
    let text = String::from_utf8_lossy(utf8).into_owned();
    let runs = runs(&archive, values.get(1..).unwrap_or_default(), &text);
    Ok(AttributedText { text, runs })
}

/// The text alone of what [`read_attributed_text`] reads, without the way through all of the stream where it is of the usual shape.
pub(crate) fn read_text(data: &[u8]) -> Result<String, Damage> {
    match usual::text(data) {
        Some(utf8) => Ok(match std::str::from_utf8(utf8) {
            Ok(text) => text.to_owned(),
            Err(_) => String::from_utf8_lossy(utf8).into_owned(),
        }),
        None => read_attributed_text(data).map(|read| read.text),
    }
}

/// The root object is the first to be numbered.
const ROOT: usize = 0;

fn runs(archive: &Archive<'_>, mut values: &[Value<'_>], text: &str) -> Vec<Run> {
    let mut parts = Parts { archive, of_run_number: HashMap::new(), of_dictionary: HashMap::new() };
    let mut runs = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let [Value::Integer(number), Value::Integer(units), tail @ ..] = values {
        values = tail;
        if let [Value::Object(dictionary), tail @ ..] = values {
            values = tail;
            parts.learn(*number, *dictionary);
        }
        let start = rest.peek().map_or(text.len(), |(at, _)| *at);
        let mut left = *units;
        while left > 0
            && let Some((_, c)) = rest.next()
        {
            left -= i64::from(c.len_utf16() == 2) + 1;
        }
        let end = rest.peek().map_or(text.len(), |(at, _)| *at);
        runs.push(Run { range: start..end, part: parts.of_run_number.get(number).copied().flatten() });
    }
    runs
}

/// Which part each attribute dictionary names. Each dictionary is looked through once, however often it is used.
struct Parts<'a> {
    archive: &'a Archive<'a>,
    of_run_number: HashMap<i64, Option<u32>>,
    of_dictionary: HashMap<usize, Option<u32>>,
}

impl Parts<'_> {
    fn learn(&mut self, number: i64, dictionary: usize) {
        let archive = self.archive;
        let part = *self.of_dictionary.entry(dictionary).or_insert_with(|| part_named_by(archive, dictionary));
        self.of_run_number.insert(number, part);
    }
}

fn part_named_by(archive: &Archive<'_>, dictionary: usize) -> Option<u32> {
    let pairs = archive.values(dictionary).get(1..)?.chunks_exact(2);
    pairs.into_iter().find_map(|pair| match pair {
        [Value::Object(key), Value::Object(number)] if archive.values(*key) == [Value::Bytes(PART_ATTRIBUTE)] => {
            // An NSNumber writes its type and then its value.
            match archive.values(*number) {
                [_, Value::Integer(part)] => u32::try_from(*part).ok(),
                _ => None,
            }
        }
        _ => None,
    })
}
