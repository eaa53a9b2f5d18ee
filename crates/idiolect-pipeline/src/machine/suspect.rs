//! A served model that a chat was told is not there: the suspicion goes on record once, the provider is asked, and only what it
//! confirms takes the model out of service. The same look puts a model back that answers again.

use idiolect_provider::{ModelId, ProviderError, probe};
use idiolect_registry::{
    Change, ModelStatus, ModelVersion, StoreError, User, VersionId, put_back_in_service, suspect, take_out_of_service,
};
use jiff::tz::TimeZone;
use tracing::{info, warn};

use super::TrainingMachine;
use crate::error::PipelineError;
use crate::host::Host;
use crate::metrics;

/// What a look at a suspected model found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It answers, and is served.
    Answers,
    /// Its provider confirms that it is not there: the base model answers.
    Gone,
    /// The provider could not be asked. Nothing has changed.
    NotKnown,
    /// It is not what its user is served, or they have withdrawn consent: nobody was asked.
    NotServed,
}

impl TrainingMachine {
    /// A chat with the version's model was told that there is no such model. `request_id` is the provider's, of that chat.
    pub async fn suspect_model(&self, id: &VersionId, request_id: Option<&str>) -> Result<Standing, PipelineError> {
        loop {
            let Some((_, version)) = self.served(id).await? else { return Ok(Standing::NotServed) };
            let message = format!("{} said that it does not have the model; that is being confirmed", version.provider);
            let Some(suspected) = suspect(&version, message, request_id.map(str::to_owned)) else { break };
            match self.store.commit(vec![Change::UpdateVersion(suspected)]).await {
                Ok(()) => {
                    metrics::model_suspected(&version.provider);
                    warn!(
                        user_id = %id.user_id,
                        model_version = id.version,
                        provider = version.provider,
                        provider_request_id = request_id,
                        "the provider says that the served model is not there; it is asked again before that is believed"
                    );
                    break;
                }
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.look_at_model(id).await
    }

    /// Asks the provider whether the version's model answers, and records what that changes. Costs one short completion.
    pub async fn look_at_model(&self, id: &VersionId) -> Result<Standing, PipelineError> {
        loop {
            let Some((user, version)) = self.served(id).await? else { return Ok(Standing::NotServed) };
            let host = self.hosts.host(&version.provider)?;
            if self.prove(&host, &user).is_err() {
                return Ok(Standing::NotServed);
            }
            let model = ModelId::new(version.fine_tuned_model_id.as_deref().unwrap_or_default());
            let now = self.clock.now();
            let (standing, (next_user, next)) = match probe(host.chat.as_ref(), &model).await {
                Ok(_) => (Standing::Answers, put_back_in_service(&user, &version, now)),
                Err(ProviderError::NotFound { .. }) => {
                    let message = self.why_gone(&host, &version, &model).await;
                    (Standing::Gone, take_out_of_service(&user, &version, message, now))
                }
                Err(error) => {
                    warn!(
                        user_id = %id.user_id,
                        model_version = id.version,
                        provider = version.provider,
                        code = error.code(),
                        "whether a suspected model is there could not be asked"
                    );
                    return Ok(Standing::NotKnown);
                }
            };
            if next == version && next_user == user {
                return Ok(standing);
            }
            if self.commit_both(next_user, next).await?.is_some() {
                told(id, &version, standing);
                return Ok(standing);
            }
        }
    }

    /// The user and the version, if that is what they are served, or would be if its model were there.
    async fn served(&self, id: &VersionId) -> Result<Option<(User, ModelVersion)>, PipelineError> {
        let Some(user) = self.store.user(&id.user_id).await? else { return Ok(None) };
        let serves = matches!(user.model_status, ModelStatus::Ready | ModelStatus::Failed);
        if !serves || user.active_model_version != id.version {
            return Ok(None);
        }
        Ok(self.store.version(id).await?.map(|version| (user, version)))
    }

    /// One body means three things (deleted, base shut down, another project's key); what else is known tells them apart.
    async fn why_gone(&self, host: &Host, version: &ModelVersion, model: &ModelId) -> String {
        let provider = &version.provider;
        let now = self.clock.now();
        let listed = host.training.model(model).await;
        let own_end = listed.as_ref().ok().and_then(|info| info.shutdown_date?.to_zoned(TimeZone::UTC).ok());
        let end = own_end.map(|midnight| midnight.timestamp());
        let end = end.or(version.retires_at).or_else(|| host.retires_at(&version.base_model));
        let past = end.filter(|end| *end <= now).map(|end| end.strftime("%Y-%m-%d"));
        match (listed, past) {
            (_, Some(end)) => format!(
                "{provider} does not serve the model any more: {} is shut down there since {end}; train on another base model",
                version.base_model
            ),
            (Ok(_), None) => format!(
                "{provider} lists the model and does not serve it: its base model may be shut down, or the key be another \
                 project's; check with `idiolect providers check {provider}`, or train again"
            ),
            (Err(_), None) => format!(
                "{provider} does not have the model any more: it was deleted there, or the key is another project's; set that \
                 project's key, or train again"
            ),
        }
    }
}

fn told(id: &VersionId, version: &ModelVersion, standing: Standing) {
    match standing {
        Standing::Answers => {
            metrics::model_back_in_service(&version.provider);
            info!(
                user_id = %id.user_id,
                model_version = id.version,
                provider = version.provider,
                "the suspected model answers and is served"
            );
        }
        Standing::Gone => {
            metrics::model_out_of_service(&version.provider);
            warn!(
                user_id = %id.user_id,
                model_version = id.version,
                provider = version.provider,
                base_model = version.base_model,
                "the served model is gone at its provider; the base model answers until another version is activated"
            );
        }
        Standing::NotKnown | Standing::NotServed => {}
    }
}
