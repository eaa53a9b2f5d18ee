//! The step between a job's success and the first chat, where a host has one.

use reqwest::Method;
use serde_json::json;

use super::OpenAiProvider;
use super::call::{Call, Kind, encoded};
use crate::protocol::{Page, RegisteredModel};
use crate::{AfterSuccess, FineTuningJob, JobId, ModelId, Profile, ProviderError, Servable};

/// Beside the versioned API, as Nebius has it.
const REGISTRY: &str = "/v0/models";

impl OpenAiProvider {
    pub(super) async fn servable(&self, job: &FineTuningJob) -> Result<Servable, ProviderError> {
        match self.profile.after_success {
            AfterSuccess::None => match &job.fine_tuned_model {
                Some(model) => Ok(Servable::Ready(model.clone())),
                None => Err(ProviderError::Internal {
                    message: format!(
                        "{} reports the job {} as succeeded but names no model",
                        self.profile.name, job.id
                    ),
                }),
            },
            AfterSuccess::Register => self.register(job).await,
            AfterSuccess::DownloadAdapter => self.adapter_files(job).await,
        }
    }

    /// Looks for the registration before it makes one, so that it may be called again.
    async fn register(&self, job: &FineTuningJob) -> Result<Servable, ProviderError> {
        let name = registered_name(job);
        let list = self.http.json(Call::get(REGISTRY, "list of models", "")).await?;
        let known = RegisteredModel::list(&list).into_iter().find(|model| is_of(model, &name, job));
        let model = match known {
            Some(model) => model,
            None => {
                let checkpoint = self.last_checkpoint(job).await?;
                let base = Profile::base_of(&job.base_model);
                let body = json!({"name": name, "base_model": base, "source": format!("{}:{checkpoint}", job.id)});
                let kind = Kind::Register { job: job.id.to_string() };
                let answer = self.http.json(Call::new(Method::POST, REGISTRY, kind).json(body)).await?;
                RegisteredModel::parse(&answer)
                    .ok_or_else(|| ProviderError::unavailable("the registered model has no name"))?
            }
        };
        match model.status.as_str() {
            "active" => Ok(Servable::Ready(ModelId::new(model.name))),
            "error" | "deleted" => Err(ProviderError::Internal {
                message: format!("{} could not make the model of job {} servable", self.profile.name, job.id),
            }),
            _ => Ok(Servable::Preparing),
        }
    }

    /// Whether the model is listed where models are registered, which a deletion elsewhere may not reach.
    pub(super) async fn is_registered(&self, model: &ModelId) -> Result<bool, ProviderError> {
        let list = self.http.json(Call::get(REGISTRY, "list of models", "")).await?;
        Ok(RegisteredModel::list(&list).iter().any(|known| known.name == model.as_str() && known.status != "deleted"))
    }

    async fn last_checkpoint(&self, job: &FineTuningJob) -> Result<String, ProviderError> {
        let checkpoints = self.checkpoints(&job.id).await?;
        let last = checkpoints.first().and_then(|item| item.get("id")?.as_str());
        last.map(str::to_owned).ok_or_else(|| ProviderError::not_found("checkpoint of job", &job.id))
    }

    /// The last step first.
    pub(super) async fn checkpoints(&self, job: &JobId) -> Result<Vec<serde_json::Value>, ProviderError> {
        let path = format!("/fine_tuning/jobs/{}/checkpoints", encoded(job.as_str()));
        let body = self.http.json(Call::get(path, "fine-tuning job", job)).await?;
        let mut checkpoints = Page::parse(&body).map(|page| page.items).unwrap_or_default();
        let step = |item: &serde_json::Value| item.get("step_number").and_then(serde_json::Value::as_u64).unwrap_or(0);
        checkpoints.sort_by_key(|item| std::cmp::Reverse(step(item)));
        Ok(checkpoints)
    }
}

/// The same for the same job, so that a registration is found again.
fn registered_name(job: &FineTuningJob) -> String {
    job.id.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// Whether the model was registered for the job. One that was deleted since is as good as none.
fn is_of(model: &RegisteredModel, name: &str, job: &FineTuningJob) -> bool {
    let of_job = |source: &String| source.strip_prefix(job.id.as_str()).is_some_and(|rest| rest.starts_with(':'));
    is_named(&model.name, name) && model.status != "deleted" && model.source.as_ref().is_none_or(of_job)
}

/// Hosts build `…-LoRa:NAME-xxxx` of the name that was asked for.
fn is_named(found: &str, name: &str) -> bool {
    let own = found.rsplit(':').next().unwrap_or(found);
    own == name || own.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_is_known_by_the_name_that_it_was_asked_for_under() {
        for found in ["ftjob-1a", "meta/Llama-3.1-8B-LoRa:ftjob-1a-xYz9", "ftjob-1a-xYz9"] {
            assert!(is_named(found, "ftjob-1a"), "{found}");
        }
        for found in ["ftjob-1ab", "x:ftjob-1", "ftjob-1a:other"] {
            assert!(!is_named(found, "ftjob-1a"), "{found}");
        }
    }
}
