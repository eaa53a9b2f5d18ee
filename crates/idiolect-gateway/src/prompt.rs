//! The serving prompt. The fine-tuned model is asked in exactly the words it was trained on; the base model gets the
//! client's messages, after a light system prompt if the client sent none (spec §6.6).

use std::fmt;
use std::sync::Arc;

use idiolect_provider::ProviderError;
use serde_json::{Map, Value, json};

/// Turns what the client wants said into the user prompt of the training examples.
pub type Wrap = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// The words around a conversation with a fine-tuned model. The binary takes them from the dataset's prompt templates, which this crate cannot see.
#[derive(Clone)]
pub struct PromptStyle {
    /// First message for the fine-tuned model.
    pub system_prompt: String,
    /// Applied to the last user message for the fine-tuned model.
    pub wrap: Wrap,
}

impl fmt::Debug for PromptStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PromptStyle").finish_non_exhaustive()
    }
}

impl PromptStyle {
    /// Messages for the fine-tuned model. The client's own system messages stay, behind ours.
    pub(crate) fn for_fine_tuned(&self, messages: &[Map<String, Value>]) -> Value {
        let mut asked = messages.to_vec();
        let last = asked.iter_mut().rfind(|message| text(message, "role") == Some("user"));
        if let Some(last) = last {
            let wrapped = (self.wrap)(text(last, "content").unwrap_or_default());
            last.insert("content".into(), wrapped.into());
        }
        with_system(&self.system_prompt, asked)
    }
}

/// Messages for the base model, with `system_prompt` first when the client sent no system or developer message.
pub(crate) fn for_base(system_prompt: &str, messages: &[Map<String, Value>]) -> Value {
    let instructed = messages.iter().any(|message| matches!(text(message, "role"), Some("system" | "developer")));
    with_system(if instructed { "" } else { system_prompt }, messages.to_vec())
}

fn text<'a>(message: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    message.get(field)?.as_str()
}

fn with_system(prompt: &str, messages: Vec<Map<String, Value>>) -> Value {
    let system = (!prompt.is_empty()).then(|| json!({"role": "system", "content": prompt}));
    system.into_iter().chain(messages.into_iter().map(Value::Object)).collect()
}

/// A provider that refuses a message numbers it with `ours` before it, which the client knows nothing of.
pub(crate) fn numbered_as_sent(mut error: ProviderError, ours: usize) -> ProviderError {
    if let ProviderError::InvalidRequest { message, param: Some(param), .. } = &mut error
        && let Some((number, _)) = param.strip_prefix("messages[").and_then(|rest| rest.split_once(']'))
        && let Some(sent) = number.parse::<usize>().ok().and_then(|number| number.checked_sub(ours))
    {
        let (theirs, clients) = (format!("messages[{number}]"), format!("messages[{sent}]"));
        *message = message.replace(&theirs, &clients);
        *param = param.replacen(&theirs, &clients, 1);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style() -> PromptStyle {
        PromptStyle { system_prompt: "STYLE".into(), wrap: Arc::new(|text| format!("SAY: {text}")) }
    }

    fn messages(roles: &[&str]) -> Vec<Map<String, Value>> {
        let message = |(i, role): (usize, &&str)| json!({"role": role, "content": format!("m{i}"), "name": "n"});
        roles.iter().enumerate().map(|m| message(m).as_object().unwrap().clone()).collect()
    }

    fn shown(messages: &Value) -> Vec<String> {
        let line = |m: &Value| format!("{}: {}", m["role"].as_str().unwrap(), m["content"].as_str().unwrap());
        messages.as_array().unwrap().iter().map(line).collect()
    }

    #[test]
    fn the_fine_tuned_model_gets_the_training_prompt() {
        let asked = style().for_fine_tuned(&messages(&["user", "assistant", "user"]));
        assert_eq!(shown(&asked), ["system: STYLE", "user: m0", "assistant: m1", "user: SAY: m2"]);
        assert_eq!(asked[3]["name"], "n", "other fields of the message stay");
    }

    #[test]
    fn only_the_last_user_message_is_wrapped_wherever_it_stands() {
        let asked = style().for_fine_tuned(&messages(&["system", "user", "assistant"]));
        assert_eq!(shown(&asked), ["system: STYLE", "system: m0", "user: SAY: m1", "assistant: m2"]);
        let none = style().for_fine_tuned(&messages(&["assistant"]));
        assert_eq!(shown(&none), ["system: STYLE", "assistant: m0"]);
    }

    #[test]
    fn the_base_model_gets_the_light_prompt_only_when_the_client_sent_none() {
        assert_eq!(shown(&for_base("LIGHT", &messages(&["user"]))), ["system: LIGHT", "user: m0"]);
        for role in ["system", "developer"] {
            let asked = for_base("LIGHT", &messages(&[role, "user"]));
            assert_eq!(shown(&asked), [format!("{role}: m0"), "user: m1".into()]);
        }
        assert_eq!(shown(&for_base("", &messages(&["user"]))), ["user: m0"]);
    }
}
