//! Reads a training file: OpenAI chat JSONL, one conversation a line. What is wrong is named by line and rule, never quoted.

use idiolect_provider::{ChatMessage, ProviderError};
use serde_json::Value;

use crate::chat_template::ChatTemplate;
use crate::error::Result;
use crate::packing::Example;
use crate::tokenizer::Tokenizer;

/// No fewer examples are trained on, as with OpenAI.
const MIN_EXAMPLES: usize = 10;

/// All conversations of a training file, in order.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Vec<ChatMessage>>, ProviderError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count() + 1;
        broken(line, "utf8")
    })?;
    let conversations = text
        .lines()
        .enumerate()
        .map(|(index, line)| conversation(line).map_err(|rule| broken(index + 1, rule)))
        .collect::<Result<Vec<_>, _>>()?;
    if conversations.len() < MIN_EXAMPLES {
        return Err(broken(conversations.len().max(1), "at_least_10_examples"));
    }
    Ok(conversations)
}

/// The conversations as the model sees them. Each must fit into the model's context.
pub(super) fn tokenize(
    conversations: &[Vec<ChatMessage>],
    tokenizer: &Tokenizer,
    template: &ChatTemplate,
    context: usize,
) -> Result<Vec<Example>, ProviderError> {
    let examples = conversations.iter().enumerate().map(|(index, messages)| {
        // The template's reason speaks of roles and places, but the file's errors have a rule's name only.
        let example =
            template.render_conversation(tokenizer, messages).map_err(|_| broken(index + 1, "fits_the_template"))?;
        if example.ids.len() > context {
            return Err(broken(index + 1, "fits_the_context"));
        }
        Ok(example)
    });
    examples.collect()
}

fn conversation(line: &str) -> Result<Vec<ChatMessage>, &'static str> {
    let Ok(Value::Object(example)) = serde_json::from_str(line) else { return Err("one_json_object_per_line") };
    if example.keys().any(|key| key != "messages") {
        return Err("only_messages");
    }
    let messages = example.get("messages").and_then(Value::as_array).ok_or("messages_is_a_list")?;
    let messages = messages.iter().map(message).collect::<Result<Vec<_>, _>>()?;
    match messages.last() {
        Some(last) if last.role == "assistant" => Ok(messages),
        _ => Err("last_message_is_the_assistants"),
    }
}

fn message(message: &Value) -> Result<ChatMessage, &'static str> {
    let role = message.get("role").and_then(Value::as_str).ok_or("message_has_a_role")?;
    if !["system", "user", "assistant"].contains(&role) {
        return Err("known_role");
    }
    match message.get("content").and_then(Value::as_str) {
        Some(content) if !content.trim().is_empty() => Ok(ChatMessage::new(role, content)),
        _ => Err("message_has_content"),
    }
}

fn broken(line: usize, rule: &str) -> ProviderError {
    ProviderError::InvalidTrainingFile { line, rule: rule.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#;

    /// A file of good lines with `line` as its third.
    fn with(line: &str) -> Vec<u8> {
        let mut lines = [GOOD; 11];
        lines[2] = line;
        lines.join("\n").into_bytes()
    }

    #[test]
    fn good_lines_become_conversations() {
        let conversations = parse(&with(GOOD)).unwrap();
        assert_eq!(conversations.len(), 11);
        assert_eq!(conversations[0], [ChatMessage::new("user", "a"), ChatMessage::new("assistant", "b")]);
    }

    #[test]
    fn what_is_wrong_is_named_by_line_and_rule() {
        for (line, rule) in [
            ("", "one_json_object_per_line"),
            ("[1]", "one_json_object_per_line"),
            ("{\"messages\":[", "one_json_object_per_line"),
            (r#"{"messages":[],"x":1}"#, "only_messages"),
            (r#"{"messages":{}}"#, "messages_is_a_list"),
            (r#"{"messages":[]}"#, "last_message_is_the_assistants"),
            (r#"{"messages":[{"role":"user","content":"a"}]}"#, "last_message_is_the_assistants"),
            (r#"{"messages":[{"content":"a"}]}"#, "message_has_a_role"),
            (r#"{"messages":[{"role":"wizard","content":"a"}]}"#, "known_role"),
            (r#"{"messages":[{"role":"assistant","content":" "}]}"#, "message_has_content"),
            (r#"{"messages":[{"role":"assistant","content":[]}]}"#, "message_has_content"),
        ] {
            match parse(&with(line)) {
                Err(ProviderError::InvalidTrainingFile { line: 3, rule: found }) => assert_eq!(found, rule, "{line}"),
                other => panic!("{line}: {other:?}"),
            }
        }
    }

    #[test]
    fn broken_utf8_and_short_files_are_refused() {
        let mut bytes = with(GOOD);
        bytes.extend(b"\n\xff");
        assert!(matches!(parse(&bytes), Err(ProviderError::InvalidTrainingFile { line: 12, rule }) if rule == "utf8"));
        for bytes in [&b""[..], GOOD.as_bytes()] {
            let error = parse(bytes).unwrap_err();
            assert_eq!(error.to_string(), "line 1 of the training file breaks the rule at_least_10_examples");
        }
    }
}
