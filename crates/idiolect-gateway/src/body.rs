//! The body of `POST /v1/chat/completions`: what the gateway must understand is checked, everything else is kept as it is.

use idiolect_http::RequestError;
use serde_json::{Map, Value, json};

const ROLES: [&str; 6] = ["system", "developer", "user", "assistant", "tool", "function"];

/// A checked body. It holds people's words, so it has no `Debug`.
pub(crate) struct ChatBody {
    /// As the client named it: an alias or an id.
    pub(crate) model: Option<String>,
    pub(crate) stream: bool,
    /// `stream_options.include_usage`.
    pub(crate) include_usage: bool,
    /// At least one; contents given as text parts are joined to a string, every other field is untouched.
    pub(crate) messages: Vec<Map<String, Value>>,
    /// All other fields, untouched.
    pub(crate) rest: Map<String, Value>,
}

impl ChatBody {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        // Parsed to a `Value` first: errors about syntax name a place only, those about types would quote the text.
        let value: Value = serde_json::from_slice(bytes).map_err(|error| RequestError::malformed(&error))?;
        let Value::Object(mut rest) = value else {
            return Err(RequestError::invalid("body", "the request body must be a JSON object"));
        };
        let model = match rest.remove("model") {
            None | Some(Value::Null) => None,
            Some(Value::String(model)) => Some(model),
            Some(_) => return Err(RequestError::invalid("model", "model must be a string")),
        };
        let stream = boolean(rest.remove("stream").as_ref(), "stream")?;
        let include_usage = match rest.get("stream_options") {
            None | Some(Value::Null) => false,
            Some(Value::Object(options)) => boolean(options.get("include_usage"), "stream_options.include_usage")?,
            Some(_) => return Err(RequestError::invalid("stream_options", "stream_options must be an object")),
        };
        let messages = messages(rest.remove("messages"))?;
        Ok(Self { model, stream, include_usage, messages, rest })
    }

    /// The fields of the provider's request, with these messages. A stream always asks for the usage, because it is logged.
    pub(crate) fn fields(&self, messages: Value) -> Map<String, Value> {
        let mut fields = self.rest.clone();
        fields.insert("messages".into(), messages);
        if self.stream {
            let options = fields.entry("stream_options").or_insert(Value::Null);
            match options {
                Value::Object(options) => drop(options.insert("include_usage".into(), true.into())),
                other => *other = json!({"include_usage": true}),
            }
        }
        fields
    }
}

fn boolean(value: Option<&Value>, param: &str) -> Result<bool, RequestError> {
    match value {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(RequestError::invalid(param, format!("{param} must be true or false"))),
    }
}

fn messages(value: Option<Value>) -> Result<Vec<Map<String, Value>>, RequestError> {
    let messages = match value {
        Some(Value::Array(messages)) if !messages.is_empty() => messages,
        Some(Value::Array(_)) => {
            return Err(RequestError::invalid("messages", "messages must hold at least one message"));
        }
        Some(_) => return Err(RequestError::invalid("messages", "messages must be an array")),
        None => return Err(RequestError::invalid("messages", "messages is missing; send at least one message")),
    };
    messages.into_iter().enumerate().map(|(i, value)| message(value, &format!("messages[{i}]"))).collect()
}

fn message(value: Value, place: &str) -> Result<Map<String, Value>, RequestError> {
    let Value::Object(mut message) = value else {
        return Err(RequestError::invalid(place, format!("{place} must be an object with role and content")));
    };
    let role = message.get("role").and_then(Value::as_str).and_then(|role| ROLES.into_iter().find(|r| *r == role));
    let Some(role) = role else {
        let param = format!("{place}.role");
        let sentence = format!("{param} must be one of {}", ROLES.join(", "));
        return Err(RequestError::invalid(param, sentence));
    };
    let param = format!("{place}.content");
    match message.get("content") {
        Some(Value::String(_)) => {}
        Some(Value::Array(parts)) => {
            let joined = join(parts, &param)?;
            message.insert("content".into(), joined.into());
        }
        // An assistant's turn may consist of tool calls or a refusal alone.
        None | Some(Value::Null) if role == "assistant" => {}
        _ => {
            let sentence = format!("{param} must be a string or an array of text parts");
            return Err(RequestError::invalid(param, sentence));
        }
    }
    Ok(message)
}

/// One line for each part: parts are separate pieces of text, and without a break their words would run together.
fn join(parts: &[Value], place: &str) -> Result<String, RequestError> {
    let text = |(i, part): (usize, &Value)| {
        let text = part.get("text").and_then(Value::as_str).filter(|_| part["type"] == "text");
        text.map(str::to_owned).ok_or_else(|| {
            let param = format!("{place}[{i}]");
            let sentence =
                format!("{param} must be {{\"type\": \"text\", \"text\": …}}; other kinds of content are not served");
            RequestError::invalid(param, sentence)
        })
    };
    let texts: Vec<String> = parts.iter().enumerate().map(text).collect::<Result<_, _>>()?;
    Ok(texts.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &Value) -> Result<ChatBody, RequestError> {
        ChatBody::parse(body.to_string().as_bytes())
    }

    fn refused(body: &Value) -> (String, String) {
        match parse(body).err().expect("the body must be refused") {
            RequestError::InvalidParam { param, message, .. } => (param, message),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn errors_name_the_field() {
        let user = json!({"role": "user", "content": "hi"});
        for (body, param) in [
            (json!([]), "body"),
            (json!({}), "messages"),
            (json!({"messages": "hi"}), "messages"),
            (json!({"messages": []}), "messages"),
            (json!({"messages": [user, "hi"]}), "messages[1]"),
            (json!({"messages": [{"content": "hi"}]}), "messages[0].role"),
            (json!({"messages": [{"role": "robot", "content": "hi"}]}), "messages[0].role"),
            (json!({"messages": [user, {"role": "user"}]}), "messages[1].content"),
            (json!({"messages": [user, {"role": "user", "content": 7}]}), "messages[1].content"),
            (json!({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}), "messages[0].content[0]"),
            (json!({"messages": [user], "model": 1}), "model"),
            (json!({"messages": [user], "stream": "yes"}), "stream"),
            (json!({"messages": [user], "stream_options": true}), "stream_options"),
            (json!({"messages": [user], "stream_options": {"include_usage": 1}}), "stream_options.include_usage"),
        ] {
            let (named, message) = refused(&body);
            assert_eq!(named, param, "{body}");
            assert!(param == "body" || message.starts_with(param), "{message}");
        }
    }

    #[test]
    fn broken_json_is_refused_with_its_place_and_without_its_text() {
        let error = ChatBody::parse(b"{\"messages\":\n  [canary]}").err().expect("not JSON").to_string();
        assert_eq!(error, "the request body is not JSON: expected value at line 2, column 4; send one JSON object");
        for broken in [&b""[..], b"{", b"\xff", b"{\"a\": \"canary\" \"b\"}", b"{} canary"] {
            let error = ChatBody::parse(broken).err().expect("not JSON").to_string();
            assert!(error.contains("at line 1, column") && !error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn text_parts_are_joined_and_other_fields_of_a_message_stay() {
        let parts = json!([{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]);
        let body = parse(&json!({"messages": [
            {"role": "user", "content": parts, "name": "ana"},
            {"role": "assistant", "content": null, "tool_calls": []},
        ]}));
        let messages = body.expect("a good body").messages;
        assert_eq!(Value::from(messages[0].clone()), json!({"role": "user", "content": "one\ntwo", "name": "ana"}));
        assert_eq!(Value::from(messages[1].clone()), json!({"role": "assistant", "content": null, "tool_calls": []}));
    }

    #[test]
    fn a_stream_asks_the_provider_for_its_usage_and_keeps_other_options() {
        let message = json!([{"role": "user", "content": "hi"}]);
        for (options, expected) in [
            (Value::Null, json!({"include_usage": true})),
            (json!({"include_usage": false, "new": 1}), json!({"include_usage": true, "new": 1})),
        ] {
            let body = parse(&json!({"messages": message, "stream": true, "stream_options": options}));
            let body = body.expect("a good body");
            assert!(!body.include_usage);
            assert_eq!(body.fields(Value::Null)["stream_options"], expected);
        }
    }
}
