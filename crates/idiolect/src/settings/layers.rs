//! One layer of settings over the other, and where each value came from.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use toml::{Table, Value};

/// One table that later layers write into, keys dotted.
pub(super) struct Layers {
    pub(super) table: Table,
    pub(super) origins: BTreeMap<String, String>,
}

impl Layers {
    pub(super) fn new(defaults: &Table) -> Self {
        let origins = flatten(defaults).into_keys().map(|key| (key, "default".to_owned())).collect();
        Self { table: defaults.clone(), origins }
    }

    pub(super) fn environment_names(&self) -> Vec<(String, String)> {
        let name = |key: &String| format!("IDIOLECT_{}", key.replace('.', "_").to_uppercase());
        self.origins.keys().map(|key| (key.clone(), name(key))).collect()
    }

    pub(super) fn set(&mut self, key: &str, value: Value, origin: &str) -> Result<()> {
        let Some(slot) = self.slot(key) else {
            bail!("{origin}: there is no setting {key}; {}", self.known_beside(key));
        };
        let value = match (&*slot, value) {
            (Value::Float(_), Value::Integer(whole)) => Value::Float(whole as f64),
            (_, value) => value,
        };
        if !slot.same_type(&value) {
            bail!("{origin}: {key} must be {}, not {}", kind(slot), kind(&value));
        }
        // There are no other lists.
        if value.as_array().is_some_and(|items| !items.iter().all(Value::is_str)) {
            bail!("{origin}: {key} must be a list of texts in quotes");
        }
        *slot = value;
        self.origins.insert(key.to_owned(), origin.to_owned());
        Ok(())
    }

    /// A value written as text, read as what the key's default is.
    pub(super) fn set_text(&mut self, key: &str, text: &str, origin: &str) -> Result<()> {
        let value = match self.slot(key) {
            Some(Value::Integer(_)) => text.parse().map(Value::Integer).ok(),
            Some(Value::Float(_)) => text.parse().map(Value::Float).ok(),
            Some(Value::Boolean(_)) => text.parse().map(Value::Boolean).ok(),
            Some(Value::Array(_)) => Some(Value::Array(items(text).map(Value::from).collect())),
            _ => Some(Value::String(text.to_owned())),
        };
        let Some(value) = value else {
            let expected = self.slot(key).map_or("text", |slot| kind(slot));
            bail!("{origin}: {key} must be {expected}");
        };
        self.set(key, value, origin)
    }

    /// What there is in the section that a key names, or at all.
    fn known_beside(&self, key: &str) -> String {
        let section = key.split('.').next().unwrap_or_default();
        let (place, table) = match self.table.get(section) {
            Some(Value::Table(inner)) => (format!("[{section}] has"), inner),
            _ => ("there are".to_owned(), &self.table),
        };
        format!("{place} {}", table.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
    }

    fn slot(&mut self, key: &str) -> Option<&mut Value> {
        let mut table = &mut self.table;
        let mut parts = key.split('.').peekable();
        loop {
            let slot = table.get_mut(parts.next()?)?;
            match (slot, parts.peek()) {
                (Value::Table(inner), Some(_)) => table = inner,
                (Value::Table(_), None) | (_, Some(_)) => return None,
                (value, None) => return Some(value),
            }
        }
    }
}

/// A list written in one line, its items between commas.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a time",
        Value::Array(_) => "a list",
        Value::Table(_) => "a section",
    }
}

/// `{"serve": {"port": 1}}` becomes `serve.port = 1`.
pub fn flatten(table: &Table) -> BTreeMap<String, Value> {
    let mut flat = BTreeMap::new();
    for (key, value) in table {
        match value {
            Value::Table(inner) => {
                flat.extend(flatten(inner).into_iter().map(|(rest, value)| (format!("{key}.{rest}"), value)));
            }
            value => {
                flat.insert(key.clone(), value.clone());
            }
        }
    }
    flat
}
