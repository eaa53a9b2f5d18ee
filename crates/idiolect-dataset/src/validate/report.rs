//! What the validator found.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::Rule;

/// Problems listed one by one; the rest are only counted, so that a hopeless file has a readable report.
pub(super) const MAX_PROBLEMS: usize = 100;

/// One rule broken in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1; `None` for a rule on the whole file.
    pub line: Option<u64>,
    pub rule: Rule,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {} ({})", self.rule, self.rule.meaning()),
            None => write!(f, "{} ({})", self.rule, self.rule.meaning()),
        }
    }
}

/// Everything that a check of one file found. Places and counts, never words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Lines, broken ones included.
    pub examples: u64,
    pub bytes: u64,
    /// Estimated o200k tokens of one epoch, cut at the base model's limit as a provider cuts them.
    pub tokens: u64,
    /// The first hundred, by line, then those of the whole file.
    pub problems: Vec<Problem>,
    /// How often each rule is broken, those not listed included.
    pub counts: BTreeMap<Rule, u64>,
}

impl Report {
    pub fn is_valid(&self) -> bool {
        self.counts.is_empty()
    }

    /// How many problems there are, listed or not.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    pub(super) fn add(&mut self, line: Option<u64>, rule: Rule) {
        *self.counts.entry(rule).or_default() += 1;
        if line.is_none() || self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { line, rule });
        }
    }

    /// As JSON: `{"valid","examples","bytes","tokens","problems":[{"line","rule","meaning"}],"counts"}`.
    pub fn to_json(&self) -> impl Serialize {
        #[derive(Serialize)]
        struct Json {
            valid: bool,
            examples: u64,
            bytes: u64,
            tokens: u64,
            problems: Vec<JsonProblem>,
            counts: BTreeMap<&'static str, u64>,
        }
        #[derive(Serialize)]
        struct JsonProblem {
            line: Option<u64>,
            rule: &'static str,
            meaning: &'static str,
        }
        let problem = |problem: &Problem| JsonProblem {
            line: problem.line,
            rule: problem.rule.name(),
            meaning: problem.rule.meaning(),
        };
        Json {
            valid: self.is_valid(),
            examples: self.examples,
            bytes: self.bytes,
            tokens: self.tokens,
            problems: self.problems.iter().map(problem).collect(),
            counts: self.counts.iter().map(|(rule, count)| (rule.name(), *count)).collect(),
        }
    }
}
