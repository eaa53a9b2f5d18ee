//! One line of a chat JSONL file against the rules.

use serde_json::{Map, Value};

use super::Rule;

/// The keys of a message and the roles that the cookbook's checker knows.
const KEYS: [&str; 5] = ["role", "content", "name", "function_call", "weight"];
const ROLES: [&str; 4] = ["system", "user", "assistant", "function"];

/// The rules that `line` breaks, each once, in the order in which they are found. Every text of the example, names included, goes
/// to `text`.
pub(super) fn check(line: &[u8], mut text: impl FnMut(Text)) -> Vec<Rule> {
    let Ok(value) = serde_json::from_slice::<Value>(line) else { return vec![Rule::NotJson] };
    let Value::Object(example) = value else { return vec![Rule::DataType] };
    let Some(messages) = example.get("messages").and_then(Value::as_array).filter(|list| !list.is_empty()) else {
        return vec![Rule::MissingMessagesList];
    };
    let mut broken = Broken::default();
    let nothing = Map::new();
    let messages: Vec<_> = messages.iter().map(|message| message.as_object().unwrap_or(&nothing)).collect();
    messages.iter().for_each(|message| check_message(message, &mut broken));
    let is_assistant = |message: &&Map<String, Value>| message.get("role").is_some_and(|role| role == "assistant");
    if !messages.iter().any(is_assistant) {
        broken.add(Rule::ExampleMissingAssistantMessage);
    } else if !messages.last().is_some_and(is_assistant) {
        broken.add(Rule::LastMessageNotAssistant);
    } else if messages.last().and_then(|last| last.get("weight")).is_some_and(|weight| weight.as_f64() == Some(0.0)) {
        broken.add(Rule::LastMessageUnweighted);
    }
    for message in messages {
        let content = message.get("content").and_then(Value::as_str).unwrap_or_default();
        text(Text { content, name: message.get("name").and_then(Value::as_str) });
    }
    broken.0
}

/// What of a message is billed.
pub(super) struct Text<'a> {
    pub(super) content: &'a str,
    pub(super) name: Option<&'a str>,
}

fn check_message(message: &Map<String, Value>, broken: &mut Broken) {
    if !message.contains_key("role") || !message.contains_key("content") {
        broken.add(Rule::MessageMissingKey);
    }
    if message.keys().any(|key| !KEYS.contains(&key.as_str())) {
        broken.add(Rule::MessageUnrecognizedKey);
    }
    if !message.get("role").and_then(Value::as_str).is_some_and(|role| ROLES.contains(&role)) {
        broken.add(Rule::UnrecognizedRole);
    }
    if !message.get("weight").is_none_or(|weight| matches!(weight.as_f64(), Some(0.0 | 1.0))) {
        broken.add(Rule::UnrecognizedWeight);
    }
    match message.get("content").and_then(Value::as_str) {
        None | Some("") => broken.add(Rule::MissingContent),
        Some(content) if content.trim().is_empty() => broken.add(Rule::BlankContent),
        Some(_) => {}
    }
}

#[derive(Default)]
struct Broken(Vec<Rule>);

impl Broken {
    fn add(&mut self, rule: Rule) {
        if !self.0.contains(&rule) {
            self.0.push(rule);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_line(line: &[u8]) -> Vec<Rule> {
        check(line, |_| {})
    }

    fn with_messages(messages: &str) -> Vec<Rule> {
        check_line(format!("{{\"messages\":[{messages}]}}").as_bytes())
    }

    #[test]
    fn each_rule_is_found() {
        const USER: &str = r#"{"role":"user","content":"hi"}"#;
        const ANSWER: &str = r#"{"role":"assistant","content":"yo"}"#;
        assert_eq!(with_messages(&format!("{USER},{ANSWER}")), []);
        assert_eq!(with_messages(&format!("{ANSWER},{USER}")), [Rule::LastMessageNotAssistant]);
        assert_eq!(with_messages(USER), [Rule::ExampleMissingAssistantMessage]);
        assert_eq!(with_messages(r#"{"role":"assistant","content":" \u00a0"}"#), [Rule::BlankContent]);
        assert_eq!(with_messages(r#"{"role":"assistant","content":""}"#), [Rule::MissingContent]);
        assert_eq!(
            with_messages(&format!(r#"{{"role":"bot","content":"a","x":1}},{ANSWER}"#)),
            [Rule::MessageUnrecognizedKey, Rule::UnrecognizedRole]
        );
        assert_eq!(with_messages(r#"{"role":"assistant","content":"a","weight":0}"#), [Rule::LastMessageUnweighted]);
        assert_eq!(with_messages(&format!(r#"{{"role":"assistant","content":"a","weight":0}},{ANSWER}"#)), []);
        for weight in ["2", "0.5", "-1", "true", "\"1\"", "null"] {
            let weighted = format!(r#"{{"role":"assistant","content":"a","weight":{weight}}}"#);
            assert_eq!(with_messages(&weighted), [Rule::UnrecognizedWeight], "{weight}");
        }
        assert_eq!(with_messages(""), [Rule::MissingMessagesList]);
        assert_eq!(check_line(b"[]"), [Rule::DataType]);
        assert_eq!(check_line(b"{} {}"), [Rule::NotJson]);
        assert_eq!(check_line(b"\xff"), [Rule::NotJson]);
    }

    /// The verdicts of the cookbook's own checker. An unpaired surrogate escape is the one difference:
    /// Python reads it, and we refuse what cannot be text.
    #[test]
    fn agrees_with_the_cookbook_checker() {
        let Ok(shared) = std::env::var("IDIOLECT_SHARED_DATA") else {
            eprintln!("skipped: set IDIOLECT_SHARED_DATA to the shared data to run this test");
            return;
        };
        let cases = std::fs::read_to_string(format!("{shared}/openai/jsonl_validation_cases.json")).unwrap();
        let cases: Vec<Value> = serde_json::from_str(&cases).unwrap();
        for case in &cases {
            let name = case["name"].as_str().unwrap();
            let ours_alone = [
                Rule::BlankContent,
                Rule::LastMessageNotAssistant,
                Rule::LastMessageUnweighted,
                Rule::UnrecognizedWeight,
            ];
            let mut ours = check_line(case["line"].as_str().unwrap().as_bytes());
            ours.retain(|rule| !ours_alone.contains(rule));
            let mut ours: Vec<&str> = ours.iter().map(|rule| rule.name()).collect();
            ours.sort_unstable();
            let mut theirs: Vec<&str> =
                case["cookbook_errors"].as_array().unwrap().iter().map(|rule| rule.as_str().unwrap()).collect();
            theirs.sort_unstable();
            if name == "lone_surrogate_escape" {
                theirs = vec!["not_json"];
            }
            assert_eq!(ours, theirs, "case {name}");
        }
    }
}
