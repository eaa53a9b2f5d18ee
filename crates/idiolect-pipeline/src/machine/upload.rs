//! From messages to a training file at the provider: built in memory, counted, paid for by reservation, uploaded.

use std::time::Instant;

use idiolect_dataset::validate::{Limits, ValidationError};
use idiolect_dataset::{Dataset, Strategy, Window, validate_training_file};
use idiolect_provider::{ModelId, ProviderError, Upload};
use idiolect_registry::{
    ConsentProof, Failure, FailureCode, ModelVersion, Reservation, Reserved, RunEvent, SpendLimit, User,
};
use jiff::tz::TimeZone;
use tracing::{error, info, warn};

use super::outcomes::{closed, dataset_failure, facts, failure_of, off_thread, revoked};
use super::{TrainingMachine, delete_files_of, training_file_name};
use crate::build::build_dataset;
use crate::error::PipelineError;
use crate::host::Host;
use crate::metrics;
use crate::seam::Next;

/// The byte order mark that some hosts want.
const BOM_BYTES: u64 = 3;

impl TrainingMachine {
    pub(super) async fn build_and_upload(
        &self,
        host: &Host,
        user: User,
        version: ModelVersion,
    ) -> Result<Next, PipelineError> {
        if let Some(failure) = self.has_tried_too_long(host, &version) {
            return self.stop(host, user, version, failure).await;
        }
        // Words are not read before their turn, nor do they wait at the provider.
        if let Some(wait) = self.wait_for_place(host, &user, &version).await? {
            return Ok(wait);
        }
        if let Some(failure) = self.ends_too_soon(host, &version).await? {
            return self.stop(host, user, version, failure).await;
        }
        let started = Instant::now();
        let proof = match self.prove_now(host, &user.user_id).await {
            Ok(proof) => proof,
            Err(missing) => {
                return self.stop(host, self.user(&user.user_id).await?, version, revoked(missing)?).await;
            }
        };
        let dataset = match self.dataset(host, proof, &version).await? {
            Ok(dataset) => dataset,
            Err(failure) => return self.stop(host, user, version, failure).await,
        };
        let dataset = match self.check(host, &version, dataset).await? {
            Ok(dataset) => dataset,
            Err(failure) => return self.stop(host, user, version, failure).await,
        };
        let estimate = self.estimate(host, &version, &dataset);
        let facts = facts(&dataset, estimate);
        if version.artifacts.dataset_hash.as_ref().is_some_and(|hash| *hash != facts.dataset_hash) {
            warn!(
                request_id = %version.id,
                user_id = %user.user_id,
                model_version = version.id.version,
                "the source or the rules have changed since the dataset was first built; the run goes on with the new dataset"
            );
        }
        let version = self.record(version, RunEvent::DatasetBuilt(facts)).await?;
        metrics::dataset_built(&version, started.elapsed().as_secs_f64());
        info!(
            request_id = %version.id,
            user_id = %user.user_id,
            model_version = version.id.version,
            num_messages = version.num_messages,
            token_estimate = version.token_estimate,
            build_ms = started.elapsed().as_millis() as u64,
            "dataset built"
        );
        let refused = self.reserve(host, &version).await?;
        let user = self.user(&user.user_id).await?;
        if let Some(failure) = refused {
            return self.stop(host, user, version, failure).await;
        }
        self.upload(host, user, version, dataset).await
    }

    async fn upload(
        &self,
        host: &Host,
        user: User,
        version: ModelVersion,
        dataset: Dataset,
    ) -> Result<Next, PipelineError> {
        // A crash between the upload and its record leaves a file of ours behind.
        delete_files_of(host, &version).await?;
        let upload = Upload::new(training_file_name(&version), dataset.training.to_bytes())
            .expiring_after(host.pace.file_expiry);
        if let Err(missing) = self.prove_now(host, &user.user_id).await {
            return self.stop(host, self.user(&user.user_id).await?, version, revoked(missing)?).await;
        }
        let file_id = match host.training.upload_file(upload).await {
            Ok(file_id) => file_id,
            Err(error) if error.retryable() => return Err(error.into()),
            Err(error) => return self.stop(host, user, version, failure_of(&error)).await,
        };
        let id = version.id.clone();
        let recorded = self.record(version, RunEvent::FileUploaded { file_id: file_id.to_string() }).await;
        // Whoever changed the run meanwhile knows nothing of this file, and may look for none any more.
        if let Err(error) = &recorded
            && error.is_conflict()
            && let Err(failed) = host.training.delete_file(&file_id).await
        {
            error!(
                request_id = %id,
                user_id = %id.user_id,
                model_version = id.version,
                %file_id,
                code = failed.code(),
                "a training file that was uploaded twice could not be deleted and goes with its expiry; delete it at the provider"
            );
        }
        recorded.map(|_| self.at_once())
    }

    /// Whether the provider itself says that the base model is about to end, of which the profile may not know yet. One that does
    /// not tell about single models leaves it at the profile's word.
    async fn ends_too_soon(&self, host: &Host, version: &ModelVersion) -> Result<Option<Failure>, ProviderError> {
        if !host.training.is_hosted() {
            return Ok(None);
        }
        let base_model = ModelId::new(&version.base_model);
        let listed = match host.training.model(&base_model).await {
            Ok(model) => model.shutdown_date,
            Err(error) if error.retryable() => return Err(error),
            Err(_) => None,
        };
        let min_life = self.settings.limits.min_useful_life_days;
        let open = host.profile.check_open(&base_model, listed, self.clock.now(), min_life);
        Ok(open.err().map(|refusal| closed(&refusal)))
    }

    /// The dataset, if it is enough and what providers take (spec §11.3): all of it before anything leaves.
    async fn check(
        &self,
        host: &Host,
        version: &ModelVersion,
        dataset: Dataset,
    ) -> Result<Result<Dataset, Failure>, PipelineError> {
        let manifest = &dataset.manifest;
        let enough = self.settings.requirements.check(manifest.messages_in_window, manifest.tokens.messages_in_window);
        if let Err(insufficient) = enough {
            let message = format!("{insufficient}; `idiolect dataset preview` shows what was left out and why");
            return Ok(Err(Failure::new(FailureCode::InsufficientData, message)));
        }
        let limits = limits(host, version);
        let checked = off_thread("validates the training file", move || {
            let valid = validate_training_file(&dataset.training.to_bytes(), &dataset.holdout, limits);
            let invalid =
                |invalid: ValidationError| Failure::new(FailureCode::InvalidTrainingFile, invalid.to_string());
            valid.map(|()| dataset).map_err(invalid)
        })
        .await?;
        Ok(checked.and_then(|dataset| self.fits(host, version, &dataset).map(|()| dataset)))
    }

    /// Whether the provider takes as much, by its profile.
    fn fits(&self, host: &Host, version: &ModelVersion, dataset: &Dataset) -> Result<(), Failure> {
        let profile = &host.profile;
        let name = &profile.name;
        let too_large = |message: String| Err(Failure::new(FailureCode::TrainingTooLarge, message));
        let bytes = dataset.training.len() as u64 + if profile.bom { BOM_BYTES } else { 0 };
        if bytes > profile.max_file_bytes {
            return too_large(format!(
                "the training file has {bytes} bytes, and {name} takes at most {}; train on less with dataset.days, or correct \
                 profiles.{name}.max_file_bytes",
                profile.max_file_bytes
            ));
        }
        let (file, epochs) = (dataset.manifest.tokens.training_file, self.epochs(host, version));
        let tokens = file.saturating_mul(epochs);
        if let Some(limit) = profile.max_training_tokens.filter(|limit| tokens > *limit) {
            return too_large(format!(
                "the run would train on {tokens} tokens ({file} in each of {epochs} epochs), and {name} takes at most {limit}; train \
                 on less with dataset.days or training.epochs, or correct profiles.{name}.max_training_tokens"
            ));
        }
        Ok(())
    }

    fn epochs(&self, host: &Host, version: &ModelVersion) -> u64 {
        u64::from(self.hyperparameters(host, version).n_epochs.unwrap_or(1))
    }

    /// Tokens times epochs times price; `None` where training costs nothing or the price is not known.
    fn estimate(&self, host: &Host, version: &ModelVersion, dataset: &Dataset) -> Option<idiolect_registry::Usd> {
        if !host.profile.is_hosted() {
            return None;
        }
        let tokens = dataset.manifest.tokens.training_file.saturating_mul(self.epochs(host, version));
        host.training_cost(&version.base_model, tokens)
    }

    /// Sets the money aside, or says which cap forbids it.
    async fn reserve(&self, host: &Host, version: &ModelVersion) -> Result<Option<Failure>, PipelineError> {
        let limits = &self.settings.limits;
        let capped = limits.per_run.or(limits.spend.user_month).or(limits.spend.installation_day).is_some();
        let Some(amount) = version.cost.estimated else {
            let price_missing = host.profile.is_hosted() && capped;
            return Ok(price_missing.then(|| {
                let (provider, base) = (&host.profile.name, &version.base_model);
                Failure::new(
                    FailureCode::RunSpendCap,
                    format!(
                        "there are caps on spending and no training price for {base} at {provider} to hold them; set \
                         profiles.{provider}.models.\"{base}\".price.training in US dollars per million tokens"
                    ),
                )
            }));
        };
        if let Some(limit) = limits.per_run.filter(|limit| amount > *limit) {
            let message = format!(
                "the run would cost about {amount}, and caps.usd_per_run is {limit}; raise it, or train on less with dataset.days \
                 or training.epochs"
            );
            return Ok(Some(Failure::new(FailureCode::RunSpendCap, message)));
        }
        let day = self.clock.now().to_zoned(TimeZone::UTC).date();
        let reservation = Reservation { run: version.id.clone(), amount, day };
        Ok(match self.store.reserve(&reservation, &limits.spend).await? {
            Reserved::Yes => None,
            Reserved::No { limit_name, limit, spent } => {
                let (whose, key) = match limit_name {
                    SpendLimit::UserMonth => ("of this user in this month", "caps.usd_per_user_month"),
                    SpendLimit::InstallationDay => ("of all users today", "caps.usd_per_day"),
                };
                let message = format!(
                    "the run would cost about {amount}; with the {spent} {whose} that is more than {key} = {limit}; wait, or raise \
                     it"
                );
                Some(Failure::new(limit_name.failure_code(), message))
            }
        })
    }

    /// The dataset of this run, or why there is none.
    pub(super) async fn dataset(
        &self,
        host: &Host,
        proof: ConsentProof,
        version: &ModelVersion,
    ) -> Result<Result<Dataset, Failure>, PipelineError> {
        let mut settings = self.settings.dataset.clone();
        settings.window = Window { start: version.training_data_range.start, end: version.training_data_range.end };
        settings.caps.example_tokens = limits(host, version).longest_to_build(&version.base_model);
        settings.strategy = match Strategy::from_version(&version.config.system_prompt_version) {
            Ok(strategy) => strategy,
            Err(error) => return Ok(Err(dataset_failure(&error))),
        };
        let (sources, observer, source) = (self.sources.clone(), self.observer.clone(), version.run.source.clone());
        off_thread("builds the dataset", move || {
            let source = sources.open(&source).map_err(|error| dataset_failure(&error))?;
            let built = build_dataset(&proof, source.as_ref(), settings, &observer);
            Ok(built.map_err(|error| dataset_failure(&error))?.0)
        })
        .await
    }
}

/// What the base model takes, by the host's profile where that says it.
fn limits(host: &Host, version: &ModelVersion) -> Limits {
    let context =
        host.profile.model(&ModelId::new(&version.base_model)).and_then(|model| model.training_context_tokens);
    Limits::of(&version.base_model).or_as_the_host_says(context.map(u64::from))
}
