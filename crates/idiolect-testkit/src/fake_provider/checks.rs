//! What the fake refuses: the limits that OpenAI's reference states, all checked at once and early.

use idiolect_provider::{CreateJob, ProviderError, Upload};
use serde_json::Value;

use super::invalid;

/// OpenAI trains on no fewer examples.
const MIN_EXAMPLES: usize = 10;

/// Checks that `bytes` are chat JSONL that can be trained on: at least ten lines, each one JSON object with a list of
/// messages that ends with an assistant's. Errors name the line and the rule, never the content.
pub fn check_training_file(bytes: &[u8]) -> Result<(), ProviderError> {
    let rule = |line: usize, rule: &str| ProviderError::InvalidTrainingFile { line, rule: rule.into() };
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        rule(line, "utf8")
    })?;
    if !text.ends_with('\n') {
        return Err(rule(text.lines().count(), "ends_with_newline"));
    }
    for (index, line) in text[..text.len() - 1].split('\n').enumerate() {
        check_example(line).map_err(|broken| rule(index + 1, broken))?;
    }
    match text.lines().count() {
        n if n < MIN_EXAMPLES => Err(rule(n, "at_least_10_examples")),
        _ => Ok(()),
    }
}

fn check_example(line: &str) -> Result<(), &'static str> {
    let Ok(Value::Object(example)) = serde_json::from_str(line) else { return Err("one_json_object_per_line") };
    if example.keys().any(|key| key != "messages") {
        return Err("only_messages");
    }
    let messages = example.get("messages").and_then(Value::as_array).ok_or("messages_is_a_list")?;
    for message in messages {
        let role = message.get("role").and_then(Value::as_str).ok_or("message_has_a_role")?;
        if !["system", "user", "assistant"].contains(&role) {
            return Err("known_role");
        }
        match message.get("content").and_then(Value::as_str) {
            Some(content) if !content.trim().is_empty() => {}
            _ => return Err("message_has_content"),
        }
    }
    match messages.last() {
        Some(last) if last["role"] == "assistant" => Ok(()),
        _ => Err("last_message_is_the_assistants"),
    }
}

/// A name that providers and file systems take.
pub(super) fn check_upload(upload: &Upload) -> Result<(), ProviderError> {
    if upload.name.contains(['/', '\\', '\0']) || !upload.name.ends_with(".jsonl") || upload.name.len() > 255 {
        return Err(invalid(Some("file"), "the file's name must end in .jsonl and have no path"));
    }
    check_training_file(&upload.bytes)
}

pub(super) fn check_job(request: &CreateJob) -> Result<(), ProviderError> {
    if let Some(suffix) = &request.suffix {
        let known = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if !(1..=64).contains(&suffix.len()) || !suffix.bytes().all(known) {
            return Err(invalid(Some("suffix"), "a suffix is 1 to 64 letters, digits, '-' or '_'"));
        }
    }
    if request.metadata.len() > 16 {
        return Err(invalid(Some("metadata"), "metadata has at most 16 pairs"));
    }
    if request.metadata.iter().any(|(key, value)| key.is_empty() || key.len() > 64 || value.len() > 512) {
        return Err(invalid(Some("metadata"), "metadata keys have 1 to 64 and values at most 512 characters"));
    }
    let hyper = &request.hyperparameters;
    let in_range = hyper.n_epochs.is_none_or(|n| (1..=50).contains(&n))
        && hyper.batch_size.is_none_or(|n| (1..=256).contains(&n))
        && hyper.learning_rate_multiplier.is_none_or(|x| x.is_finite() && x > 0.0);
    if in_range { Ok(()) } else { Err(invalid(Some("hyperparameters"), "a hyperparameter is out of range")) }
}
