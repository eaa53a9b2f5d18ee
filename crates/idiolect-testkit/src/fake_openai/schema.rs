//! The published request schemas, and what the fake adds to them in strictness.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// Trimmed out of OpenAI's `openapi.json` (MIT, see `data/README.md`).
const REQUESTS: &str = include_str!("../../data/openai_requests.json");
const CREATE_JOB: &str = "CreateFineTuningJobRequest";
const CHAT: &str = "CreateChatCompletionRequest";
const ROOTS: [&str; 3] = [CREATE_JOB, CHAT, "CreateFileRequest"];
/// Words for people.
const PROSE: [&str; 6] = ["description", "example", "examples", "title", "x-oaiMeta", "x-stainless-const"];

/// What is wrong with a body, as the place and the rule.
pub(super) fn check_job(body: &Value) -> Result<(), String> {
    static VALIDATOR: OnceLock<Validator> = OnceLock::new();
    // Fields that the schema does not name are refused by the real server too, though the schema allows them.
    let known = [
        "model",
        "training_file",
        "validation_file",
        "suffix",
        "seed",
        "method",
        "metadata",
        "integrations",
        "hyperparameters",
    ];
    if let Some(unknown) = body.as_object().into_iter().flatten().find(|(field, _)| !known.contains(&field.as_str())) {
        return Err(format!("{}: extra fields not permitted", unknown.0));
    }
    let hyper = body.pointer("/method/supervised/hyperparameters").and_then(Value::as_object).into_iter().flatten();
    let known = ["batch_size", "learning_rate_multiplier", "n_epochs"];
    if let Some(unknown) = hyper.into_iter().find(|(field, _)| !known.contains(&field.as_str())) {
        return Err(format!("method.supervised.hyperparameters.{}: extra fields not permitted", unknown.0));
    }
    check(VALIDATOR.get_or_init(|| validator(CREATE_JOB)), body)?;
    let pairs: Vec<_> = body["metadata"].as_object().into_iter().flatten().collect();
    let long = |text: &str, most: usize| text.chars().count() > most;
    if pairs.len() > 16
        || pairs.iter().any(|(key, value)| long(key, 64) || value.as_str().is_some_and(|v| long(v, 512)))
    {
        return Err("metadata: at most 16 pairs, of keys up to 64 and values up to 512 characters".into());
    }
    if let Some(null) = body.as_object().into_iter().flatten().find(|(_, value)| value.is_null()) {
        return Err(format!("None is not of type 'string' - '{}'", null.0));
    }
    Ok(())
}

pub(super) fn check_chat(body: &Value) -> Result<(), String> {
    static VALIDATOR: OnceLock<Validator> = OnceLock::new();
    check(VALIDATOR.get_or_init(|| validator(CHAT)), body)
}

fn check(validator: &Validator, body: &Value) -> Result<(), String> {
    match validator.iter_errors(body).next() {
        None => Ok(()),
        // The place alone: the validator's sentence quotes what it found there.
        Some(error) => Err(format!("{} does not fit the schema", error.instance_path())),
    }
}

fn validator(root: &str) -> Validator {
    let schemas: Value = serde_json::from_str(REQUESTS).expect("the bundled schemas are JSON");
    let schema = json!({"$ref": format!("#/components/schemas/{root}"), "components": {"schemas": plain(&schemas)}});
    jsonschema::draft202012::new(&schema).expect("the bundled schemas are valid")
}

/// OpenAPI's older words as JSON Schema has them today: `nullable`, and a boolean `exclusiveMinimum`.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(fields) => {
            let mut fields: serde_json::Map<_, _> =
                fields.iter().map(|(key, value)| (key.clone(), plain(value))).collect();
            if fields.get("exclusiveMinimum") == Some(&Value::Bool(true)) {
                let minimum = fields.remove("minimum").unwrap_or_else(|| 0.into());
                fields.insert("exclusiveMinimum".into(), minimum);
            }
            // Only a schema has a boolean under this name; a property of this name would have an object.
            if fields.get("nullable") == Some(&Value::Bool(true)) {
                fields.remove("nullable");
                return json!({"anyOf": [fields, {"type": "null"}]});
            }
            Value::Object(fields)
        }
        other => other.clone(),
    }
}

/// The request schemas of an `openapi.json`, with all that they refer to and without their prose: what `data/` holds.
pub fn published_schemas(openapi: &Value) -> Value {
    let all = &openapi["components"]["schemas"];
    let mut wanted: Vec<String> = ROOTS.iter().map(|root| (*root).to_owned()).collect();
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    while let Some(name) = wanted.pop() {
        if found.contains_key(&name) {
            continue;
        }
        let schema = without_prose(&all[&name]);
        wanted.extend(references(&schema));
        found.insert(name, schema);
    }
    json!(found)
}

fn without_prose(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(without_prose).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| match (key.as_str(), value) {
                // Under `properties`, every key is a field's name.
                ("properties", Value::Object(properties)) => {
                    let properties = properties.iter().map(|(name, schema)| (name.clone(), without_prose(schema)));
                    (key.clone(), Value::Object(properties.collect()))
                }
                _ => (key.clone(), without_prose(value)),
            })
            .filter(|(key, _)| !PROSE.contains(&key.as_str()))
            .collect(),
        other => other.clone(),
    }
}

fn references(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut left = vec![schema];
    while let Some(value) = left.pop() {
        match value {
            Value::String(text) => found.extend(text.strip_prefix("#/components/schemas/").map(str::to_owned)),
            Value::Array(items) => left.extend(items),
            Value::Object(fields) => left.extend(fields.values()),
            _ => {}
        }
    }
    found
}
