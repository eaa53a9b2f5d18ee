//! The body of `POST /fine_tuning/jobs` in a host's dialect. Nothing is sent as `null`, and no field to a host that does not
//! know it: both have been refused.

use serde_json::{Map, Value, json};

use crate::{CreateJob, HyperparameterDialect, Labels, Profile};

pub(super) fn create_job(profile: &Profile, request: &CreateJob) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), request.base_model.as_str().into());
    body.insert("training_file".into(), request.training_file.as_str().into());
    if let Some(suffix) = request.suffix.as_deref().and_then(|suffix| fitting(suffix, profile.suffix_max_chars)) {
        body.insert("suffix".into(), suffix.into());
    }
    if let Some(seed) = request.seed {
        // OpenAI takes 31 bits.
        body.insert("seed".into(), (seed & 0x7fff_ffff).into());
    }
    let hyperparameters = hyperparameters(profile, request);
    body.insert("method".into(), json!({"type": "supervised", "supervised": {"hyperparameters": hyperparameters}}));
    if !request.metadata.is_empty() {
        match profile.labels {
            Labels::Metadata => {
                body.insert("metadata".into(), json!(request.metadata));
            }
            Labels::Tags => {
                let tags: Vec<_> = request.metadata.iter().map(|(key, value)| format!("{key}={value}")).collect();
                body.insert("tags".into(), json!(tags));
            }
            Labels::None => {}
        }
    }
    for (field, value) in &profile.job_fields {
        body.insert(field.clone(), value.clone());
    }
    Value::Object(body)
}

fn hyperparameters(profile: &Profile, request: &CreateJob) -> Value {
    let asked = &request.hyperparameters;
    let mut fields = Map::new();
    if let Some(n_epochs) = asked.n_epochs {
        fields.insert("n_epochs".into(), n_epochs.into());
    }
    if let Some(batch_size) = asked.batch_size {
        fields.insert("batch_size".into(), batch_size.into());
    }
    match &profile.hyperparameters {
        HyperparameterDialect::Multiplier => {
            if let Some(multiplier) = asked.learning_rate_multiplier {
                fields.insert("learning_rate_multiplier".into(), multiplier.into());
            }
        }
        HyperparameterDialect::AbsoluteLora { learning_rate, lora_r, lora_alpha, lora_dropout } => {
            let learning_rate = learning_rate * asked.learning_rate_multiplier.unwrap_or(1.0);
            fields.insert("learning_rate".into(), learning_rate.into());
            fields.insert("lora".into(), true.into());
            fields.insert("lora_r".into(), (*lora_r).into());
            fields.insert("lora_alpha".into(), (*lora_alpha).into());
            fields.insert("lora_dropout".into(), (*lora_dropout).into());
        }
    }
    Value::Object(fields)
}

/// The suffix as far as the host takes it.
fn fitting(suffix: &str, max_chars: usize) -> Option<String> {
    let fits = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
    let kept: String = suffix.chars().filter(fits).take(max_chars).collect();
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileId, Hyperparameters, ModelId, ProfileBook};

    fn body(profile: &str, settings: &str) -> Value {
        let book = ProfileBook::new(&settings.parse().unwrap()).unwrap();
        let request = CreateJob {
            training_file: FileId::new("file-1"),
            base_model: ModelId::new("m"),
            suffix: Some("ana-v3!".into()),
            seed: Some(u64::from(u32::MAX)),
            hyperparameters: Hyperparameters {
                n_epochs: Some(3),
                batch_size: None,
                learning_rate_multiplier: Some(2.0),
            },
            metadata: [("run_id".to_owned(), "ana:3@1".to_owned())].into(),
        };
        create_job(book.get(profile).unwrap(), &request)
    }

    #[test]
    fn each_dialect_has_its_own_words() {
        let supervised = |fields: Value| json!({"type": "supervised", "supervised": {"hyperparameters": fields}});
        assert_eq!(
            body("openai", ""),
            json!({
                "model": "m", "training_file": "file-1", "suffix": "ana-v3", "seed": 2_147_483_647,
                "method": supervised(json!({"n_epochs": 3, "learning_rate_multiplier": 2.0})),
                "metadata": {"run_id": "ana:3@1"},
            })
        );
        assert_eq!(
            body("nebius", ""),
            json!({
                "model": "m", "training_file": "file-1", "suffix": "ana-v3", "seed": 2_147_483_647,
                "method": supervised(json!({
                    "n_epochs": 3, "learning_rate": 2e-5, "lora": true, "lora_r": 8, "lora_alpha": 8, "lora_dropout": 0.0,
                })),
                "tags": ["run_id=ana:3@1"],
            })
        );
        assert_eq!(body("azure", "")["trainingType"], 1);
        let bare = body("x", "[x]\nlabels = \"none\"\nsuffix_max_chars = 0");
        assert!(bare.get("metadata").is_none() && bare.get("suffix").is_none(), "{bare}");
    }
}
