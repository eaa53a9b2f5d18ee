//! `idiolect redact`: lines on standard input, and what `--explain`, `--json` and `--ndjson` make of them.

use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::{Value, json};

use crate::world::{World, text};

fn redact(arguments: &[&str], input: &str) -> Output {
    let world = World::new();
    let mut child = world
        .command(&[&["redact"], arguments].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_value_has_one_placeholder_through_all_lines() {
    let output = redact(&["--region", "US"], "call 202-555-0142\nor a@example.org\n202-555-0142 again\n");
    assert_eq!(text(&output.stdout), "call [PHONE_1]\nor [EMAIL_1]\n[PHONE_1] again\n");
}

#[test]
fn explain_names_rule_and_place_below_the_line() {
    let output = redact(&["--explain"], "é: write to a@example.org\nnothing here\n");
    let lines: Vec<String> = text(&output.stdout).lines().map(str::to_owned).collect();
    assert_eq!((lines.len(), lines[0].as_str(), lines[2].as_str()), (3, "é: write to [EMAIL_1]", "nothing here"));
    assert!(lines[1].trim_start().starts_with("12-25 EMAIL by "), "{lines:?}");
}

#[test]
fn ndjson_gives_spans_in_code_points_by_id() {
    let items = [
        json!({"id": 7, "text": "😀 a@example.org"}),
        json!({"id": "b", "text": "020 7946 0018", "region": "GB"}),
        json!({"id": "c", "text": "nothing"}),
    ];
    let input = items.map(|item| item.to_string()).join("\n");
    let output = redact(&["--ndjson"], &input);
    let lines: Vec<Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0], json!({"id": 7, "spans": [{"start": 2, "end": 15, "type": "EMAIL"}]}));
    assert_eq!(lines[1], json!({"id": "b", "spans": [{"start": 0, "end": 13, "type": "PHONE"}]}));
    assert_eq!(lines[2], json!({"id": "c", "spans": []}));
}

#[test]
fn a_line_that_is_no_item_is_named_without_its_words() {
    let output = redact(&["--ndjson"], "{\"id\": 1, \"text\": \"x\"}\n{\"id\": 2, \"text\": canary}\n");
    let said = text(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("line 2, column"), "{said}");
    assert!(!said.contains("canary"), "{said}");
    let output = redact(&["--explain", "--ndjson"], "");
    assert_eq!(output.status.code(), Some(2), "the two do not go together");
}
