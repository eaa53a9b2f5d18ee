//! The body of `POST /v1/fine_tuning/jobs`. What would change the training in a way that is not known here is refused by
//! name, and so is a field that nobody knows.

use std::collections::BTreeMap;

use idiolect_http::RequestError;
use idiolect_provider::{CreateJob, FileId, Hyperparameters, ModelId};
use serde_json::{Map, Value};

const LARGEST_SEED: u64 = 2_147_483_647;

pub(crate) fn parse(bytes: &[u8]) -> Result<CreateJob, RequestError> {
    // Parsed to a `Value` first: errors about syntax name a place only, those about types would quote the text.
    let value: Value = serde_json::from_slice(bytes).map_err(|error| RequestError::malformed(&error))?;
    let Value::Object(mut fields) = value else {
        return Err(RequestError::invalid("body", "the request body must be a JSON object"));
    };
    fields.retain(|_, value| !value.is_null());
    let mut take = |name: &str| fields.remove(name);
    let model = text(take("model"), "model")?.ok_or_else(|| RequestError::missing("model"))?;
    let training_file =
        text(take("training_file"), "training_file")?.ok_or_else(|| RequestError::missing("training_file"))?;
    if take("validation_file").is_some() {
        return Err(RequestError::invalid("validation_file", "validation files are not supported here; leave it out"));
    }
    if take("integrations").is_some_and(|list| list.as_array().is_none_or(|list| !list.is_empty())) {
        return Err(RequestError::invalid("integrations", "integrations are not supported here; leave them out"));
    }
    let request = CreateJob {
        training_file: FileId::new(training_file),
        base_model: ModelId::new(model),
        suffix: text(take("suffix"), "suffix")?,
        seed: take("seed").map(|seed| integer(&seed, "seed", LARGEST_SEED)).transpose()?,
        hyperparameters: hyperparameters(take("method"), take("hyperparameters"))?,
        metadata: metadata(take("metadata"))?,
    };
    match fields.into_iter().next() {
        None => Ok(request),
        Some((name, _)) => Err(unknown(&name)),
    }
}

fn unknown(param: &str) -> RequestError {
    // The name is the client's own and may be anything.
    let param: String = param.chars().take(64).collect();
    RequestError::InvalidParam { message: format!("there is no parameter {param}"), param, code: "unknown_parameter" }
}

fn text(value: Option<Value>, param: &str) -> Result<Option<String>, RequestError> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
        Some(_) => Err(RequestError::invalid(param, format!("{param} must be a string that is not empty"))),
    }
}

fn integer(value: &Value, param: &str, most: u64) -> Result<u64, RequestError> {
    let number = value.as_u64().filter(|&number| number <= most);
    number.ok_or_else(|| RequestError::invalid(param, format!("{param} must be a whole number from 0 to {most}")))
}

fn object(value: Value, param: &str) -> Result<Map<String, Value>, RequestError> {
    match value {
        Value::Object(mut fields) => {
            fields.retain(|_, value| !value.is_null());
            Ok(fields)
        }
        _ => Err(RequestError::invalid(param, format!("{param} must be an object"))),
    }
}

/// From `method.supervised.hyperparameters` or, as older clients have it, from `hyperparameters`.
fn hyperparameters(method: Option<Value>, legacy: Option<Value>) -> Result<Hyperparameters, RequestError> {
    let mut given = legacy.map(|value| ("hyperparameters", value));
    if let Some(method) = method {
        let mut method = object(method, "method")?;
        if method.remove("type").is_none_or(|kind| kind != "supervised") {
            return Err(RequestError::invalid(
                "method.type",
                "method.type must be supervised; there is no other method here",
            ));
        }
        let supervised = method.remove("supervised").map(|value| object(value, "method.supervised")).transpose()?;
        if let Some(name) = method.keys().next() {
            return Err(unknown(&format!("method.{name}")));
        }
        let mut supervised = supervised.unwrap_or_default();
        let modern = supervised.remove("hyperparameters");
        if let Some(name) = supervised.keys().next() {
            return Err(unknown(&format!("method.supervised.{name}")));
        }
        if let Some(modern) = modern {
            if given.is_some() {
                let message = "give the hyperparameters once, in method.supervised.hyperparameters";
                return Err(RequestError::invalid("hyperparameters", message));
            }
            given = Some(("method.supervised.hyperparameters", modern));
        }
    }
    let Some((place, value)) = given else { return Ok(Hyperparameters::default()) };
    let mut read = Hyperparameters::default();
    for (name, value) in object(value, place)? {
        if value == "auto" {
            continue;
        }
        let param = format!("{place}.{name}");
        let whole = || integer(&value, &param, u64::from(u32::MAX)).map(|number| u32::try_from(number).ok());
        match name.as_str() {
            "n_epochs" => read.n_epochs = whole()?,
            "batch_size" => read.batch_size = whole()?,
            "learning_rate_multiplier" => {
                let number = value.as_f64();
                read.learning_rate_multiplier = Some(
                    number.ok_or_else(|| RequestError::invalid(&param, format!("{param} must be a number or auto")))?,
                );
            }
            _ => return Err(unknown(&param)),
        }
    }
    Ok(read)
}

fn metadata(value: Option<Value>) -> Result<BTreeMap<String, String>, RequestError> {
    let Some(value) = value else { return Ok(BTreeMap::new()) };
    let pair = |(key, value): (String, Value)| match value {
        Value::String(value) => Ok((key, value)),
        _ => Err(RequestError::invalid("metadata", "metadata must map strings to strings")),
    };
    object(value, "metadata")?.into_iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(more: Value) -> Vec<u8> {
        let mut body = json!({"model": "tiny", "training_file": "file-1"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body.to_string().into_bytes()
    }

    #[test]
    fn hyperparameters_stand_in_the_method_or_as_they_used_to() {
        let asked = json!({"n_epochs": 3, "batch_size": "auto", "learning_rate_multiplier": 0.5});
        let expected = Hyperparameters { n_epochs: Some(3), batch_size: None, learning_rate_multiplier: Some(0.5) };
        let modern = json!({"method": {"type": "supervised", "supervised": {"hyperparameters": asked}}});
        for more in [modern, json!({"hyperparameters": asked})] {
            assert_eq!(parse(&body(more)).unwrap().hyperparameters, expected);
        }
        let none = json!({"method": {"type": "supervised"}, "hyperparameters": null});
        assert_eq!(parse(&body(none)).unwrap().hyperparameters, Hyperparameters::default());
    }

    #[test]
    fn nulls_count_as_absent() {
        let nulls =
            json!({"validation_file": null, "suffix": null, "seed": null, "metadata": null, "integrations": null});
        let request = parse(&body(nulls)).unwrap();
        assert_eq!((request.suffix, request.seed, request.metadata.len()), (None, None, 0));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (more, param) in [
            (json!({"model": ""}), "model"),
            (json!({"model": null}), "model"),
            (json!({"training_file": 7}), "training_file"),
            (json!({"validation_file": "file-2"}), "validation_file"),
            (json!({"integrations": [{"type": "wandb"}]}), "integrations"),
            (json!({"seed": -1}), "seed"),
            (json!({"seed": 2_147_483_648_u64}), "seed"),
            (json!({"metadata": {"n": 1}}), "metadata"),
            (json!({"metadata": []}), "metadata"),
            (json!({"method": {"type": "dpo"}}), "method.type"),
            (json!({"method": {"supervised": {}}}), "method.type"),
            (json!({"method": {"type": "supervised", "dpo": {}}}), "method.dpo"),
            (json!({"hyperparameters": {"n_epochs": 1.5}}), "hyperparameters.n_epochs"),
            (json!({"hyperparameters": {"beta": 1}}), "hyperparameters.beta"),
            (json!({"hyperparameters": {"learning_rate_multiplier": "x"}}), "hyperparameters.learning_rate_multiplier"),
            (
                json!({"hyperparameters": {}, "method": {"type": "supervised", "supervised": {"hyperparameters": {}}}}),
                "hyperparameters",
            ),
            (json!({"lora": {}}), "lora"),
        ] {
            match parse(&body(more.clone())) {
                Err(RequestError::InvalidParam { param: found, .. }) => assert_eq!(found, param, "{more}"),
                other => panic!("{more}: {other:?}"),
            }
        }
        assert!(matches!(parse(b"{"), Err(RequestError::MalformedJson { .. })));
        assert!(matches!(parse(b"[]"), Err(RequestError::InvalidParam { .. })));
    }
}
