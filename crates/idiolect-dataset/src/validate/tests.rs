//! Whole files.

use proptest::prelude::*;

use super::*;
use crate::redact::{Ledger, RedactionSettings, Redactor};
use crate::{Example, TrainingFile};

const GOOD: &str = r#"{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yo"}]}"#;

fn examples(range: std::ops::Range<usize>) -> Vec<Example> {
    let redactor = Redactor::new(&RedactionSettings::default());
    let text = |n| redactor.redact(&format!("message number {n}"), &mut Ledger::new()).unwrap();
    range.map(|n| Example::new(crate::Strategy::NeutralRewrite, text(n))).collect()
}

fn report(file: &[u8], limits: Limits) -> Report {
    let mut validator = Validator::new(limits);
    lines(file).for_each(|line| validator.line(line));
    validator.finish()
}

fn problems(file: &[u8]) -> Vec<(Option<u64>, Rule)> {
    report(file, Limits::default()).problems.iter().map(|problem| (problem.line, problem.rule)).collect()
}

fn validated(bytes: &[u8]) -> Result<(), ValidationError> {
    validate_training_file(bytes, &Holdout::default(), Limits::default())
}

#[test]
fn a_built_file_passes() {
    validated(&TrainingFile::from_examples(&examples(0..10)).to_bytes()).unwrap();
}

#[test]
fn ten_examples_are_the_least() {
    for (bytes, found) in [(Vec::new(), 0), (TrainingFile::from_examples(&examples(0..9)).to_bytes(), 9)] {
        let error = validated(&bytes).unwrap_err();
        assert_eq!((error.report.examples, error.report.total()), (found, 1));
        assert!(error.to_string().starts_with(&format!("training file: too_few_examples ({found} found, 10 needed)")));
    }
}

#[test]
fn every_problem_is_listed_with_its_line() {
    let mut bytes = TrainingFile::from_examples(&examples(0..12)).to_bytes();
    bytes.extend_from_slice(b"{\"messages\":[]}\n\nnot json\n");
    assert_eq!(
        problems(&bytes),
        [(Some(13), Rule::MissingMessagesList), (Some(14), Rule::NotJson), (Some(15), Rule::NotJson)]
    );
    let error = validated(&bytes).unwrap_err();
    assert!(error.to_string().starts_with("training file, line 13: missing_messages_list"), "{error}");
    assert!(error.to_string().contains("3 problems in all in 15 lines"), "{error}");
}

#[test]
fn a_hopeless_file_has_a_bounded_report() {
    let report = report("[]\n".repeat(5000).as_bytes(), Limits::default());
    assert_eq!((report.problems.len(), report.total()), (report::MAX_PROBLEMS, 5000));
    assert_eq!(report.counts[&Rule::DataType], 5000);
    let small = Limits { max_bytes: 100, ..Limits::default() };
    let report = self::report("x\n".repeat(5000).as_bytes(), small);
    assert_eq!(report.problems.last().map(|problem| problem.rule), Some(Rule::FileTooLarge), "listed behind them");
}

#[test]
fn a_held_out_example_is_refused() {
    let bytes = TrainingFile::from_examples(&examples(0..20)).to_bytes();
    validate_training_file(&bytes, &Holdout::new(examples(20..22)), Limits::default()).unwrap();
    let short = Limits { max_example_tokens: Some(10), ..Limits::default() };
    assert!(validate_training_file(&bytes, &Holdout::new(examples(20..22)), short).is_err());
    let error = validate_training_file(&bytes, &Holdout::new(examples(19..21)), Limits::default()).unwrap_err();
    assert_eq!(error.report.problems, [Problem { line: Some(20), rule: Rule::HeldOutExample }]);
}

#[test]
fn the_base_model_limits_the_length_of_an_example() {
    let long = |words: usize| GOOD.replace("yo", &"word ".repeat(words));
    let file = [GOOD, "\n"].concat().repeat(10) + &long(40_000);
    let found = |model: &str| report(file.as_bytes(), Limits::of(model)).problems.clone();
    assert_eq!(found("gpt-4o-mini-2024-07-18"), []);
    assert_eq!(found("a model of somebody"), []);
    assert_eq!(found("gpt-4.1-nano"), [Problem { line: Some(11), rule: Rule::ExampleTooLong }]);
    assert_eq!(found("smollm2-135m-instruct"), found("gpt-4.1-nano"));
    let told =
        |tokens| report(file.as_bytes(), Limits::of("gpt-4.1-nano").or_as_the_host_says(tokens)).problems.clone();
    assert_eq!((told(Some(50_000)), told(None)), (vec![], found("gpt-4.1-nano")));
    assert_eq!(report(file.as_bytes(), Limits::of("a model").or_as_the_host_says(Some(12))).problems.len(), 11);
    let to_build = |model: &str| Limits::of(model).longest_to_build(model);
    assert_eq!(["gpt-4o-mini", "smollm2-135m-instruct", "a model"].map(to_build), [65_536, 2048, 0]);
    // Cut at the limit, as it is billed: ten short ones of 13 tokens.
    assert_eq!(report(file.as_bytes(), Limits::of("gpt-4.1-nano")).tokens, 10 * 13 + 32_768);
}

#[test]
fn the_size_of_the_file_is_limited() {
    let limits = Limits { max_bytes: 100, ..Limits::default() };
    let report = report([GOOD, "\n"].concat().repeat(10).as_bytes(), limits);
    assert_eq!(report.problems, [Problem { line: None, rule: Rule::FileTooLarge }]);
    assert_eq!(report.bytes, 10 * (GOOD.len() as u64 + 1));
}

#[test]
fn hostile_lines_are_named_and_nothing_more() {
    let deep = "[".repeat(100_000);
    let file = format!("{deep}\n\u{feff}{GOOD}\n{{\"messages\":{deep}\n\0\n");
    let broken: Vec<_> = problems(file.as_bytes()).into_iter().filter(|(line, _)| line.is_some()).collect();
    assert_eq!(broken, [1, 2, 3, 4].map(|line| (Some(line), Rule::NotJson)));
    let mut validator = Validator::new(Limits::default());
    validator.line(&vec![b'x'; MAX_LINE + 1]);
    assert_eq!(validator.finish().problems[0], Problem { line: Some(1), rule: Rule::LineTooLong });
}

proptest! {
    /// Any mix of good and broken lines: the broken ones are named, by their numbers, and no others.
    #[test]
    fn line_numbers_are_right(lines in prop::collection::vec(prop_oneof![
        Just((GOOD.to_owned(), true)),
        "[^\n]{0,30}".prop_map(|line| (line, false)),
        Just((r#"{"messages":[{"role":"user","content":"hi"}]}"#.to_owned(), false)),
    ], 0..30)) {
        let file = lines.iter().map(|(line, _)| format!("{line}\n")).collect::<String>();
        let wanted: Vec<u64> =
            lines.iter().enumerate().filter(|(_, (_, good))| !good).map(|(at, _)| at as u64 + 1).collect();
        let mut found: Vec<u64> = problems(file.as_bytes()).into_iter().filter_map(|(line, _)| line).collect();
        found.dedup();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn any_bytes_can_be_checked(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let report = report(&bytes, Limits::of("gpt-4o"));
        prop_assert_eq!(report.examples as usize, lines(&bytes).count());
        let at_end = u64::from(!bytes.is_empty() && !bytes.ends_with(b"\n"));
        prop_assert_eq!(report.bytes, bytes.len() as u64 + at_end);
    }

    /// Lines that are nearly right, which random bytes never are.
    #[test]
    fn nearly_right_json_can_be_checked(
        role in "assistant|user|bot|",
        content in prop_oneof![Just("null".to_owned()), Just("[]".to_owned()), ".*".prop_map(|s| serde_json::to_string(&s).unwrap())],
        weight in "0|1|null|\"x\"|-0.0",
        cut in 0usize..80,
    ) {
        let line = format!(r#"{{"messages":[{{"role":"{role}","content":{content},"weight":{weight}}}]}}"#);
        let rules = line::check(line.as_bytes(), |_| {});
        let mut once = rules.clone();
        once.dedup();
        prop_assert_eq!(&rules, &once, "each rule once");
        let _ = line::check(&line.as_bytes()[..cut.min(line.len())], |_| {});
    }
}
