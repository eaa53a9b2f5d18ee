//! The body of a chat request, checked: what is asked, how to sample, and when to stop.

use idiolect_provider::{ChatMessage, ProviderError};
use serde_json::{Map, Value};

/// How answers are sampled when the request does not say it. Lower than OpenAI's 1.0, which lets small models wander.
const DEFAULT_TEMPERATURE: f64 = 0.8;
const DEFAULT_TOP_P: f64 = 0.95;
/// An answer ends after this many tokens when the request sets no limit.
const DEFAULT_MAX_TOKENS: u64 = 512;
const MAX_STOPS: usize = 4;
/// Fields that are refused unless their value changes nothing.
const UNSUPPORTED: [&str; 8] =
    ["n", "tools", "functions", "logprobs", "logit_bias", "presence_penalty", "frequency_penalty", "response_format"];

/// A request that can be answered.
pub(super) struct AnswerRequest {
    pub messages: Vec<ChatMessage>,
    pub temperature: f64,
    pub top_p: f64,
    pub seed: Option<u64>,
    pub stop: Vec<String>,
    pub max_tokens: u64,
    /// Whether a stream ends with a chunk of its own for the usage.
    pub include_usage: bool,
}

impl AnswerRequest {
    /// Reads the fields of `POST /v1/chat/completions`. Fields that change nothing here are ignored; those that would
    /// change the answer in a way this provider cannot are refused by name.
    pub(super) fn parse(fields: &Map<String, Value>) -> Result<Self, ProviderError> {
        refuse_unsupported(fields)?;
        let max_tokens = match integer(fields, "max_completion_tokens", 1..=u64::MAX)? {
            None => integer(fields, "max_tokens", 1..=u64::MAX)?,
            limit => limit,
        };
        Ok(Self {
            messages: messages(given(fields, "messages"))?,
            temperature: number(fields, "temperature", 0.0..=2.0)?.unwrap_or(DEFAULT_TEMPERATURE),
            top_p: number(fields, "top_p", 0.0..=1.0)?.unwrap_or(DEFAULT_TOP_P),
            seed: seed(fields)?,
            stop: stop(given(fields, "stop"))?,
            max_tokens: max_tokens.unwrap_or(DEFAULT_MAX_TOKENS),
            include_usage: fields.get("stream_options").is_some_and(|options| options["include_usage"] == true),
        })
    }
}

/// The conversation is what somebody wrote.
impl std::fmt::Debug for AnswerRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnswerRequest").field("messages", &self.messages.len()).finish_non_exhaustive()
    }
}

/// A field's value; `null` counts as absent, as with OpenAI.
fn given<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| !value.is_null())
}

fn refuse_unsupported(fields: &Map<String, Value>) -> Result<(), ProviderError> {
    for name in UNSUPPORTED {
        let Some(value) = given(fields, name) else { continue };
        let changes_nothing = match value {
            _ if name == "n" => value.as_u64() == Some(1),
            _ if name == "response_format" => value["type"] == "text",
            Value::Array(list) => list.is_empty(),
            Value::Object(object) => object.is_empty(),
            Value::Number(number) => number.as_f64() == Some(0.0),
            other => *other == false,
        };
        if !changes_nothing {
            return Err(invalid(name, format!("local models do not support this value of {name}; leave it out")));
        }
    }
    Ok(())
}

fn messages(value: Option<&Value>) -> Result<Vec<ChatMessage>, ProviderError> {
    let list = value.and_then(Value::as_array).filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| invalid("messages", "messages must be a list of at least one message".to_owned()))?;
    list.iter().enumerate().map(|(index, value)| message(index, value)).collect()
}

fn message(index: usize, value: &Value) -> Result<ChatMessage, ProviderError> {
    let role = match value["role"].as_str() {
        Some("developer") => "system",
        Some(role @ ("system" | "user" | "assistant")) => role,
        _ => {
            let field = format!("messages[{index}].role");
            let message = format!("{field} must be system, developer, user or assistant");
            return Err(invalid(&field, message));
        }
    };
    let content = match &value["content"] {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => parts
            .iter()
            .map(|part| part["text"].as_str().filter(|_| part["type"] == "text"))
            .collect::<Option<Vec<_>>>()
            .map(|texts| texts.concat()),
        _ => None,
    };
    let field = format!("messages[{index}].content");
    let content =
        content.ok_or_else(|| invalid(&field, format!("{field} must be a string or a list of text parts")))?;
    Ok(ChatMessage::new(role, content))
}

fn number(
    fields: &Map<String, Value>,
    name: &str,
    range: std::ops::RangeInclusive<f64>,
) -> Result<Option<f64>, ProviderError> {
    let Some(value) = given(fields, name) else { return Ok(None) };
    let inside = value.as_f64().filter(|number| range.contains(number));
    let out_of_range = || invalid(name, format!("{name} must be a number from {} to {}", range.start(), range.end()));
    inside.map(Some).ok_or_else(out_of_range)
}

fn integer(
    fields: &Map<String, Value>,
    name: &str,
    range: std::ops::RangeInclusive<u64>,
) -> Result<Option<u64>, ProviderError> {
    let Some(value) = given(fields, name) else { return Ok(None) };
    let inside = value.as_u64().filter(|number| range.contains(number));
    inside
        .map(Some)
        .ok_or_else(|| invalid(name, format!("{name} must be a whole number of at least {}", range.start())))
}

fn seed(fields: &Map<String, Value>) -> Result<Option<u64>, ProviderError> {
    let Some(value) = given(fields, "seed") else { return Ok(None) };
    // OpenAI's seeds are signed; any bijection will do.
    let seed = value.as_i64().map(i64::cast_unsigned).or_else(|| value.as_u64());
    seed.map(Some).ok_or_else(|| invalid("seed", "seed must be a whole number of 64 bits".to_owned()))
}

fn stop(value: Option<&Value>) -> Result<Vec<String>, ProviderError> {
    let stops = match value {
        None => Some(Vec::new()),
        Some(Value::String(stop)) => Some(vec![stop.clone()]),
        Some(Value::Array(stops)) => stops.iter().map(|stop| stop.as_str().map(str::to_owned)).collect(),
        Some(_) => None,
    };
    stops.filter(|stops| stops.len() <= MAX_STOPS && !stops.iter().any(String::is_empty)).ok_or_else(|| {
        invalid("stop", format!("stop must be a text or a list of at most {MAX_STOPS} texts, none empty"))
    })
}

pub(super) fn invalid(param: &str, message: String) -> ProviderError {
    ProviderError::InvalidRequest {
        message,
        param: Some(param.to_owned()),
        code: Some("invalid_value".to_owned()),
        answer: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(extra: Value) -> Result<AnswerRequest, ProviderError> {
        let mut fields = json!({"messages": [{"role": "user", "content": "hi"}]});
        fields.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        AnswerRequest::parse(fields.as_object().unwrap())
    }

    #[test]
    fn defaults_stand_for_what_is_absent_or_null() {
        for extra in
            [json!({}), json!({"temperature": null, "stop": null, "max_tokens": null, "n": null, "seed": null})]
        {
            let request = parse(extra).unwrap();
            assert_eq!((request.temperature, request.top_p), (DEFAULT_TEMPERATURE, DEFAULT_TOP_P));
            assert_eq!((request.max_tokens, request.seed, request.stop.len()), (DEFAULT_MAX_TOKENS, None, 0));
        }
    }

    #[test]
    fn every_field_is_read() {
        let request = parse(json!({
            "temperature": 0, "top_p": 0.5, "seed": -1, "stop": ["a", "b"], "max_tokens": 7, "max_completion_tokens": 5,
            "n": 1, "tools": [], "presence_penalty": 0.0, "response_format": {"type": "text"}, "user": "u", "unknown": {},
            "stream_options": {"include_usage": true},
        }))
        .unwrap();
        assert_eq!((request.temperature, request.top_p, request.seed), (0.0, 0.5, Some(u64::MAX)));
        assert_eq!((request.stop.as_slice(), request.max_tokens), (&["a".to_owned(), "b".to_owned()][..], 5));
        assert!(request.include_usage);
        assert_eq!(parse(json!({"stop": "x"})).unwrap().stop, ["x"]);
    }

    #[test]
    fn content_parts_are_joined_and_developers_speak_as_the_system() {
        let content = json!([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]);
        let request = parse(json!({"messages": [{"role": "developer", "content": content}]})).unwrap();
        assert_eq!(request.messages, [ChatMessage::new("system", "ab")]);
    }

    #[test]
    fn a_bad_field_is_named() {
        for (extra, field) in [
            (json!({"messages": []}), "messages"),
            (json!({"messages": "hi"}), "messages"),
            (
                json!({"messages": [{"role": "user", "content": "x"}, {"role": "tool", "content": "x"}]}),
                "messages[1].role",
            ),
            (json!({"messages": [{"role": "user"}]}), "messages[0].content"),
            (json!({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}), "messages[0].content"),
            (json!({"temperature": 2.1}), "temperature"),
            (json!({"temperature": "warm"}), "temperature"),
            (json!({"top_p": -0.1}), "top_p"),
            (json!({"seed": 1.5}), "seed"),
            (json!({"max_tokens": 0}), "max_tokens"),
            (json!({"max_completion_tokens": -4}), "max_completion_tokens"),
            (json!({"stop": [""]}), "stop"),
            (json!({"stop": ["a", "b", "c", "d", "e"]}), "stop"),
            (json!({"stop": 3}), "stop"),
            (json!({"n": 2}), "n"),
            (json!({"tools": [{"type": "function"}]}), "tools"),
            (json!({"logprobs": true}), "logprobs"),
            (json!({"response_format": {"type": "json_object"}}), "response_format"),
            (json!({"frequency_penalty": 0.5}), "frequency_penalty"),
        ] {
            match parse(extra.clone()) {
                Err(ProviderError::InvalidRequest { param: Some(param), message, .. }) => {
                    assert_eq!(param, field, "{extra}");
                    assert!(message.contains(field), "{message}");
                }
                other => panic!("{extra}: {other:?}"),
            }
        }
    }
}
