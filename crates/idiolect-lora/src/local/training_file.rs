//! Reads a training file: OpenAI chat JSONL, one conversation a line. What is wrong is named by line and rule, never quoted.

use idiolect_provider::{ChatMessage, ProviderError};
use serde_json::Value;

use crate::chat_template::ChatTemplate;
use crate::error::Result;
use crate::packing::Example;
use crate::tokenizer::Tokenizer;

/// No fewer examples are trained on, as with OpenAI.
const MIN_EXAMPLES: usize = 10;

/// Problems that are named one by one; further ones are only counted.
const NAMED_PROBLEMS: usize = 20;

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub line: usize,
    pub rule: &'static str,
}

/// All that can be said about a training file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// Lines, good and bad.
    pub examples: usize,
    /// The first of them.
    pub problems: Vec<Problem>,
    pub all_problems: usize,
}

impl Findings {
    pub(super) fn has_too_few_examples(&self) -> bool {
        self.examples < MIN_EXAMPLES
    }
}

/// Looks at every line, also behind the first that is wrong.
pub(super) fn examine(bytes: &[u8], tokenizer: &Tokenizer, template: &ChatTemplate) -> Findings {
    let mut findings = Findings::default();
    for line in lines(bytes) {
        findings.examples += 1;
        let checked = read(line).and_then(|messages| render(&messages, tokenizer, template));
        if let Err(rule) = checked {
            findings.all_problems += 1;
            if findings.problems.len() < NAMED_PROBLEMS {
                findings.problems.push(Problem { line: findings.examples, rule });
            }
        }
    }
    findings
}

/// Why a file is not trained on that has too few examples, as OpenAI says it.
pub(super) fn too_few(examples: usize) -> String {
    format!("Training file has {examples} example(s), but must have at least {MIN_EXAMPLES} examples")
}

/// The file's lines without their ends. Some tools put a byte order mark before the first.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let whole = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let lines = (!bytes.is_empty()).then(|| whole.split(|&byte| byte == b'\n'));
    lines.into_iter().flatten().map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

fn read(line: &[u8]) -> Result<Vec<ChatMessage>, &'static str> {
    conversation(std::str::from_utf8(line).map_err(|_| "utf8")?)
}

/// All conversations of a training file, in order.
pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Vec<ChatMessage>>, ProviderError> {
    let conversations = lines(bytes)
        .enumerate()
        .map(|(index, line)| read(line).map_err(|rule| broken(index + 1, rule)))
        .collect::<Result<Vec<_>, _>>()?;
    if conversations.len() < MIN_EXAMPLES {
        return Err(broken(conversations.len().max(1), "at_least_10_examples"));
    }
    Ok(conversations)
}

/// The conversations as the model sees them, however long they are.
pub(super) fn tokenize(
    conversations: &[Vec<ChatMessage>],
    tokenizer: &Tokenizer,
    template: &ChatTemplate,
) -> Result<Vec<Example>, ProviderError> {
    let examples = conversations
        .iter()
        .enumerate()
        .map(|(index, messages)| render(messages, tokenizer, template).map_err(|rule| broken(index + 1, rule)));
    examples.collect()
}

fn render(messages: &[ChatMessage], tokenizer: &Tokenizer, template: &ChatTemplate) -> Result<Example, &'static str> {
    // The template's reason speaks of roles and places, but the file's errors have a rule's name only.
    template.render_conversation(tokenizer, messages).map_err(|_| "fits_the_template")
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
    // OpenAI leaves out of the loss what has the weight 0; that it would be learned here must not pass unnoticed.
    if message.get("weight").is_some_and(|weight| weight.as_f64() != Some(1.0)) {
        return Err("weight_is_1");
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
        let foreign = [b"\xef\xbb\xbf".to_vec(), with(GOOD), b"\r\n".to_vec()].concat();
        assert_eq!(parse(&foreign).unwrap(), conversations, "with a byte order mark and line ends of another system");
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
            (r#"{"messages":[{"role":"assistant","content":"b","weight":0}]}"#, "weight_is_1"),
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
