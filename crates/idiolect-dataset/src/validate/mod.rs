//! Checks a chat JSONL file before it is uploaded, naming line and rule.

mod limits;
mod line;
mod report;
mod rule;

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_128;

pub use limits::Limits;
pub use report::{Problem, Report};
pub use rule::Rule;

use crate::Holdout;
use crate::jsonl;
use crate::tokens::TokenCounter;

/// The fewest examples that OpenAI takes for a fine-tuning job.
pub const MIN_EXAMPLES: u64 = 10;

/// The longest line looked at, in bytes.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// A file that must not be uploaded, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidationError {
    pub report: Report,
}

impl std::error::Error for ValidationError {}

impl std::fmt::Display for ValidationError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(first) = self.report.problems.first() else { return f.write_str("training file: no problem") };
        let examples = self.report.examples;
        if first.rule == Rule::TooFewExamples {
            return write!(
                f,
                "training file: {} ({examples} found, {MIN_EXAMPLES} needed); collect more messages, choose a longer window or look at the \
                 caps and cleaning rules in the settings",
                first.rule
            );
        }
        let problems = match self.report.total() {
            1 => "1 problem".to_owned(),
            total => format!("{total} problems"),
        };
        let advice = match first.rule {
            Rule::FileTooLarge => "choose a shorter window or a smaller dataset.max_bytes in the settings",
            _ => "build the dataset again",
        };
        write!(f, "training file, {first}; {problems} in all in {examples} lines, {advice}")
    }
}

/// Takes a file line by line.
pub struct Validator {
    limits: Limits,
    /// Hashes of the lines that must not be there.
    held_out: HashSet<u128>,
    counter: TokenCounter,
    report: Report,
}

impl Validator {
    pub fn new(limits: Limits) -> Self {
        Self { limits, held_out: HashSet::new(), counter: TokenCounter::new(true), report: Report::default() }
    }

    /// Refuses the examples of `holdout`.
    pub fn refuse(mut self, holdout: &Holdout) -> Self {
        self.held_out = holdout.examples().iter().map(|example| xxh3_128(&jsonl::line_of(example))).collect();
        self
    }

    /// Takes the next line, without the `\n` that ends it.
    pub fn line(&mut self, line: &[u8]) {
        self.report.bytes += line.len() as u64 + 1;
        self.report.examples += 1;
        let number = Some(self.report.examples);
        if line.len() > MAX_LINE {
            return self.report.add(number, Rule::LineTooLong);
        }
        let mut tokens = 3;
        let counter = &mut self.counter;
        let mut broken = line::check(line, |text| {
            // The cookbook's count: three a message, one for the role, two for a name beside its own tokens' one.
            tokens += 3 + 1 + counter.count(text.content) + text.name.map_or(0, |name| 1 + counter.count(name));
        });
        if self.held_out.contains(&xxh3_128(line.trim_ascii_end())) {
            broken.push(Rule::HeldOutExample);
        }
        let longest = self.limits.max_example_tokens.unwrap_or(u64::MAX);
        if tokens > longest {
            broken.push(Rule::ExampleTooLong);
        }
        self.report.tokens += tokens.min(longest);
        broken.into_iter().for_each(|rule| self.report.add(number, rule));
    }

    /// Counts bytes of the last line that were not held, for [`line`](Self::line) needs no more of one that is too long.
    pub fn more_of_line(&mut self, bytes: u64) {
        self.report.bytes += bytes;
    }

    /// What was found, rules on the whole file included.
    pub fn finish(mut self) -> Report {
        if self.report.examples < self.limits.min_examples {
            self.report.add(None, Rule::TooFewExamples);
        }
        if self.report.bytes > self.limits.max_bytes {
            self.report.add(None, Rule::FileTooLarge);
        }
        self.report
    }
}

/// Checks every line of `bytes`, that none is an example of `holdout`, and the whole against `limits`.
pub fn validate_training_file(bytes: &[u8], holdout: &Holdout, limits: Limits) -> Result<(), ValidationError> {
    let mut validator = Validator::new(limits).refuse(holdout);
    lines(bytes).for_each(|line| validator.line(line));
    let report = validator.finish();
    if report.is_valid() { Ok(()) } else { Err(ValidationError { report }) }
}

/// The lines, ended by `\n` alone: U+2028 inside a JSON string ends nothing. The last end makes no empty line.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let none = bytes.is_empty();
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.split(|&byte| byte == b'\n').take(if none { 0 } else { usize::MAX })
}

#[cfg(test)]
mod tests;
