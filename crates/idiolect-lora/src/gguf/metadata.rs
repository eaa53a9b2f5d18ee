//! The typed key-value pairs at the head of a GGUF file.

use std::collections::BTreeMap;

/// One metadata value. Integers and floats are widened; their width in the file carries no meaning.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Bool(bool),
    String(String),
    Array(Array),
}

/// A metadata array; all elements have one type.
#[derive(Debug, Clone, PartialEq)]
pub enum Array {
    Unsigned(Vec<u64>),
    Signed(Vec<i64>),
    Float(Vec<f64>),
    Bool(Vec<bool>),
    String(Vec<String>),
    Nested(Vec<Array>),
}

impl Value {
    /// The value as a count or id; a signed integer qualifies when it is not negative.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Unsigned(value) => Some(*value),
            Self::Signed(value) => u64::try_from(*value).ok(),
            _ => None,
        }
    }
}

impl Array {
    /// An empty array for elements of GGUF type `kind`. The caller has checked `capacity` against the file.
    pub(super) fn for_kind(kind: u32, capacity: usize) -> Self {
        match kind {
            1 | 3 | 5 | 11 => Self::Signed(Vec::with_capacity(capacity)),
            6 | 12 => Self::Float(Vec::with_capacity(capacity)),
            7 => Self::Bool(Vec::with_capacity(capacity)),
            8 => Self::String(Vec::with_capacity(capacity)),
            9 => Self::Nested(Vec::with_capacity(capacity)),
            _ => Self::Unsigned(Vec::with_capacity(capacity)),
        }
    }

    /// Appends a value of the array's own type; [`Array::for_kind`] made the array for it, so any other type cannot come.
    pub(super) fn push(&mut self, value: Value) {
        match (self, value) {
            (Self::Unsigned(array), Value::Unsigned(value)) => array.push(value),
            (Self::Signed(array), Value::Signed(value)) => array.push(value),
            (Self::Float(array), Value::Float(value)) => array.push(value),
            (Self::Bool(array), Value::Bool(value)) => array.push(value),
            (Self::String(array), Value::String(value)) => array.push(value),
            (Self::Nested(array), Value::Array(value)) => array.push(value),
            (array, value) => debug_assert!(false, "{value:?} in {array:?}"),
        }
    }
}

/// All metadata of a file, by key. The accessors answer `None` for a missing key and for one of another type alike.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata(BTreeMap<String, Value>);

impl Metadata {
    pub(super) fn insert(&mut self, key: String, value: Value) -> Option<Value> {
        self.0.insert(key, value)
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub fn u64(&self, key: &str) -> Option<u64> {
        self.get(key)?.as_u64()
    }

    /// A real number; integers are accepted too.
    pub fn f64(&self, key: &str) -> Option<f64> {
        match self.get(key)? {
            Value::Float(value) => Some(*value),
            Value::Unsigned(value) => Some(*value as f64),
            Value::Signed(value) => Some(*value as f64),
            _ => None,
        }
    }

    pub fn bool(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn str(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Value::String(value) => Some(value),
            _ => None,
        }
    }

    pub fn strings(&self, key: &str) -> Option<&[String]> {
        match self.get(key)? {
            Value::Array(Array::String(values)) => Some(values),
            _ => None,
        }
    }

    /// An array of integers of either sign.
    pub fn integers(&self, key: &str) -> Option<Vec<i64>> {
        match self.get(key)? {
            Value::Array(Array::Signed(values)) => Some(values.clone()),
            Value::Array(Array::Unsigned(values)) => values.iter().map(|&value| i64::try_from(value).ok()).collect(),
            _ => None,
        }
    }
}
