//! Checks a chat JSONL file before it is uploaded, naming line and rule.

mod line;
mod rule;

use std::collections::HashSet;

pub use line::check_line;
pub use rule::Rule;

use crate::Holdout;
use crate::jsonl;

/// The fewest examples that OpenAI takes for a fine-tuning job.
pub const MIN_EXAMPLES: usize = 10;

/// Why a file must not be uploaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValidationError {
    #[error("training file, line {line}: {rule} ({}); {broken_lines} lines in all break a rule, build the dataset again", rule.meaning())]
    Line { line: usize, rule: Rule, broken_lines: usize },
    #[error(
        "training file: too_few_examples ({found} found, {needed} needed); collect more messages or choose a longer window"
    )]
    TooFewExamples { found: usize, needed: usize },
}

/// Checks every line of `bytes` and the number of examples.
pub fn validate_jsonl(bytes: &[u8]) -> Result<(), ValidationError> {
    validate(bytes, &HashSet::new())
}

/// As [`validate_jsonl`], and that no line is an example of `holdout`.
pub fn validate_training_file(bytes: &[u8], holdout: &Holdout) -> Result<(), ValidationError> {
    validate(bytes, &holdout.examples().iter().map(jsonl::line_of).collect())
}

fn validate(bytes: &[u8], held_out: &HashSet<Vec<u8>>) -> Result<(), ValidationError> {
    let mut examples = 0;
    let mut first = None;
    let mut broken_lines = 0;
    for (number, line) in lines(bytes).enumerate() {
        examples += 1;
        let mut broken = check_line(line);
        if held_out.contains(line.trim_ascii_end()) {
            broken.push(Rule::HeldOutExample);
        }
        if let Some(&rule) = broken.first() {
            broken_lines += 1;
            first.get_or_insert((number + 1, rule));
        }
    }
    match first {
        Some((line, rule)) => Err(ValidationError::Line { line, rule, broken_lines }),
        None if examples < MIN_EXAMPLES => {
            Err(ValidationError::TooFewExamples { found: examples, needed: MIN_EXAMPLES })
        }
        None => Ok(()),
    }
}

/// The lines, ended by `\n` alone: U+2028 inside a JSON string ends nothing. The last end makes no empty line.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.split(|&byte| byte == b'\n').take(if bytes.is_empty() { 0 } else { usize::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Ledger, RedactionSettings, Redactor};
    use crate::{Example, Strategy, TrainingFile};

    fn examples(range: std::ops::Range<usize>) -> Vec<Example> {
        let redactor = Redactor::new(&RedactionSettings::default());
        let text = |n| redactor.redact(&format!("message number {n}"), &mut Ledger::new()).unwrap();
        range.map(|n| Example::new(Strategy::NeutralRewrite, text(n))).collect()
    }

    #[test]
    fn a_built_file_passes() {
        validate_jsonl(&TrainingFile::from_examples(&examples(0..10)).bytes).unwrap();
    }

    #[test]
    fn ten_examples_are_the_least() {
        for (bytes, found) in [(Vec::new(), 0), (TrainingFile::from_examples(&examples(0..9)).bytes, 9)] {
            assert_eq!(validate_jsonl(&bytes), Err(ValidationError::TooFewExamples { found, needed: 10 }));
        }
    }

    #[test]
    fn the_first_broken_line_is_named() {
        let mut bytes = TrainingFile::from_examples(&examples(0..12)).bytes;
        bytes.extend_from_slice(b"{\"messages\":[]}\n\nnot json\n");
        let error = validate_jsonl(&bytes).unwrap_err();
        assert_eq!(error, ValidationError::Line { line: 13, rule: Rule::MissingMessagesList, broken_lines: 3 });
        assert!(error.to_string().starts_with("training file, line 13: missing_messages_list"));
    }

    #[test]
    fn a_held_out_example_is_refused() {
        let bytes = TrainingFile::from_examples(&examples(0..20)).bytes;
        validate_training_file(&bytes, &Holdout::new(examples(20..22))).unwrap();
        let error = validate_training_file(&bytes, &Holdout::new(examples(19..21))).unwrap_err();
        assert_eq!(error, ValidationError::Line { line: 20, rule: Rule::HeldOutExample, broken_lines: 1 });
    }
}
