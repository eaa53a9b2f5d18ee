//! OpenAI's words on the wire, read as leniently as they are written: real answers leave out required fields, put `null` or
//! `{}` where a value belongs and bring fields that no document names. Only an id is ever insisted on.

mod envelope;
mod file;
mod job;
mod model;
mod sse;

pub(crate) use envelope::ErrorObject;
pub(crate) use file::{FileState, WireFile};
pub(crate) use job::WireJob;
pub(crate) use model::{RegisteredModel, WireModel};
pub(crate) use sse::EventStream;

use jiff::Timestamp;
use serde_json::Value;

/// One page of a list.
pub(crate) struct Page {
    pub(crate) items: Vec<Value>,
    /// The id to go on behind, when there is more.
    pub(crate) next: Option<String>,
}

impl Page {
    /// `None` when it is no list at all.
    pub(crate) fn parse(body: &Value) -> Option<Self> {
        let items = body.get("data").and_then(Value::as_array)?.clone();
        let has_more = body.get("has_more").and_then(Value::as_bool).unwrap_or(false);
        let next = items.last().and_then(|item| text(item, "id")).filter(|_| has_more);
        Some(Self { next, items })
    }
}

/// A field that is a text and not empty.
fn text(object: &Value, field: &str) -> Option<String> {
    object.get(field)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A time in seconds since 1970; 0 is how some hosts write "none".
fn time(object: &Value, field: &str) -> Option<Timestamp> {
    let seconds = object.get(field)?;
    let seconds = seconds.as_i64().or_else(|| seconds.as_f64().map(|float| float as i64))?;
    Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)
}

fn count(object: &Value, field: &str) -> Option<u64> {
    let number = object.get(field)?;
    number.as_u64().or_else(|| number.as_f64().filter(|float| *float >= 0.0).map(|float| float as u64))
}

#[cfg(test)]
mod tests;
