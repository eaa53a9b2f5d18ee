//! The error object.

use serde_json::Value;

/// `{"error": {"message", "type", "param", "code"}}`, as it came: [`Answer`](crate::Answer) keeps what may be kept.
#[derive(Default)]
pub(crate) struct ErrorObject {
    pub(crate) message: String,
    pub(crate) kind: String,
    pub(crate) param: String,
    pub(crate) code: String,
}

impl ErrorObject {
    /// Whatever can be found in a body that may be anything.
    pub(crate) fn of_body(body: &[u8]) -> Self {
        Self::of(&serde_json::from_slice(body).unwrap_or_default())
    }

    /// Whatever can be found in an object that should have been another.
    pub(crate) fn of(object: &Value) -> Self {
        match object.get("error") {
            Some(Value::String(message)) => Self { message: message.clone(), ..Self::default() },
            Some(error) => Self::parse(error),
            // Frameworks behind compatible hosts write {"message": …} or {"detail": …}; a detail quotes its input.
            None => Self::parse(object),
        }
    }

    pub(crate) fn parse(error: &Value) -> Self {
        let field = |name: &str| match error.get(name) {
            Some(Value::String(text)) => text.clone(),
            // Hosts in the manner of vLLM write the status as a number here.
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        Self { message: field("message"), kind: field("type"), param: field("param"), code: field("code") }
    }

    /// Whether it says that something went wrong: healthy jobs carry `null`, `{}` or an object of nulls.
    pub(crate) fn says_something(&self) -> bool {
        !self.message.is_empty() || !self.code.is_empty()
    }
}
