//! What people do to runs and versions: cancel, revoke, approve, reject, activate, roll back.

use idiolect_dataset::Strategy;
use idiolect_dataset::prompt::{serving_user_prompt, system_prompt};
use idiolect_provider::{ChatMessage, ChatRequest, ModelId};
use idiolect_registry::{
    Change, Clock, Failure, FailureCode, MetadataStore, ModelVersion, Purpose, RunEvent, RunStep, StoreError, User,
    UserId, VersionId, activate, apply, grant, revoke, roll_back,
};
use jiff::Timestamp;
use tracing::info;

use super::{TrainingMachine, user_and_run, user_or_new};
use crate::error::PipelineError;

/// What the reviewer of a version is shown it saying; the same for every user, so that versions compare.
const PROBE_PROMPTS: [&str; 5] = [
    "I will be ten minutes late.",
    "Are you free on Saturday afternoon?",
    "Thank you very much for your help yesterday.",
    "I do not agree, but we can talk about it.",
    "The food was very good and I am tired now.",
];

/// Longest sample reply, tokens.
const SAMPLE_TOKENS: u64 = 60;

/// A reply made for a reviewer and kept nowhere.
pub struct SampleReply {
    pub prompt: &'static str,
    pub reply: String,
}

/// Why a run ends whose user took consent back, whatever they say later.
pub(super) const CONSENT_REVOKED: &str = "the user revoked consent";

impl TrainingMachine {
    /// The user opts in or widens what they allow. Their first turn comes at once where the settings say so.
    pub async fn grant(&self, user_id: &UserId, purposes: &[Purpose]) -> Result<User, PipelineError> {
        let cadence = &self.settings.cadence;
        self.change_user(user_id, |user, now| {
            if user.erasure_id.is_some() {
                return Err(PipelineError::BeingErased { user_id: user_id.clone() });
            }
            let mut granted = grant(user, purposes.iter().copied(), now);
            if granted.dispatch.next_at.is_none() {
                let first = cadence.on_opt_in && granted.schedule.last_window_end.is_none();
                let next = if first { Some(now) } else { cadence.next_turn(user_id, now) };
                granted.dispatch.release(next);
            }
            Ok(granted)
        })
        .await
    }

    /// The user opts out, at once: from here on nothing is read, trained, activated or served for them. The run under way is
    /// due at once, so that its driver ends the job and deletes the file, even if consent is given again before it looks.
    pub async fn revoke(&self, user_id: &UserId) -> Result<User, PipelineError> {
        revoke_consent(self.store.as_ref(), self.clock.as_ref(), user_id).await
    }

    /// Asks for the end of the user's run; whoever drives it ends it at its next step. `None` if there is none.
    pub async fn cancel(&self, user_id: &UserId) -> Result<Option<ModelVersion>, PipelineError> {
        Ok(wake(self.store.as_ref(), self.clock.as_ref(), user_id, "cancelled by the user").await?)
    }

    /// Serves the version that waits for its review.
    pub async fn approve(&self, id: &VersionId) -> Result<User, PipelineError> {
        loop {
            let version = self.awaiting(id).await?;
            let now = self.clock.now();
            let next = apply(&version, RunEvent::Activated, now)?;
            let user = activate(&self.user(&id.user_id).await?, &next, now)?;
            if let Some(user) = self.commit_both(user, next).await? {
                return Ok(user);
            }
        }
    }

    /// Leaves served what is served; the version stays and may still be activated by number.
    pub async fn reject(&self, id: &VersionId, reason: Option<&str>) -> Result<User, PipelineError> {
        loop {
            let version = self.awaiting(id).await?;
            let now = self.clock.now();
            let failure = Failure::new(FailureCode::Rejected, reason.unwrap_or("rejected by a reviewer"));
            let next = apply(&version, RunEvent::NotActivated(failure), now)?;
            let user = idiolect_registry::keep_previous(&self.user(&id.user_id).await?, now);
            if let Some(user) = self.commit_both(user, next).await? {
                return Ok(user);
            }
        }
    }

    /// Serves a version by its number, whatever was said about it.
    pub async fn activate_version(&self, id: &VersionId) -> Result<User, PipelineError> {
        let version = self.version(id).await?;
        if version.run.step == RunStep::AwaitingReview {
            return self.approve(id).await;
        }
        self.change_user(&id.user_id, |user, now| Ok(activate(user, &version, now)?)).await
    }

    /// Serves the version before the active one again, unless its model is known to be gone, which would be no way back.
    pub async fn roll_back(&self, user_id: &UserId) -> Result<User, PipelineError> {
        loop {
            let user = self.user(user_id).await?;
            let nothing = || PipelineError::NothingToRollBackTo { user_id: user_id.clone() };
            let number = user.previous_model_version.ok_or_else(nothing)?;
            let previous = self.version(&user.version(number)).await?;
            if previous.is_doubted() {
                return Err(nothing());
            }
            let user = roll_back(&user, Some(&previous), self.clock.now())?;
            match self.store.commit(vec![Change::PutUser(user.clone())]).await {
                Ok(()) => return Ok(User { revision: user.revision + 1, ..user }),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// What the version says to the shipped probe prompts, asked now and kept nowhere.
    pub async fn sample_replies(&self, id: &VersionId) -> Result<Vec<SampleReply>, PipelineError> {
        let version = self.version(id).await?;
        let host = self.hosts.host(&version.provider)?;
        self.prove_now(&host, &id.user_id).await?;
        let strategy = Strategy::from_version(&version.config.system_prompt_version).unwrap_or_default();
        let model = ModelId::new(version.fine_tuned_model_id.as_deref().unwrap_or_default());
        let mut replies = Vec::new();
        for prompt in PROBE_PROMPTS {
            let messages = [
                ChatMessage::new("system", system_prompt(strategy)),
                ChatMessage::new("user", serving_user_prompt(strategy, prompt)),
            ];
            let request = ChatRequest::new(model.clone(), &messages).with("max_tokens", SAMPLE_TOKENS);
            let answer = host.chat.complete(request).await?;
            replies.push(SampleReply { prompt, reply: answer.content().unwrap_or_default().to_owned() });
        }
        Ok(replies)
    }

    pub async fn version(&self, id: &VersionId) -> Result<ModelVersion, PipelineError> {
        self.store.version(id).await?.ok_or_else(|| PipelineError::NoVersion(id.clone()))
    }

    async fn awaiting(&self, id: &VersionId) -> Result<ModelVersion, PipelineError> {
        let version = self.version(id).await?;
        if version.run.step != RunStep::AwaitingReview {
            let step = version.run.step.as_str();
            return Err(PipelineError::NotAwaitingReview { version: id.clone(), step });
        }
        Ok(version)
    }

    /// Both or neither; `None` when somebody was faster and all is to be read again.
    pub(super) async fn commit_both(&self, user: User, version: ModelVersion) -> Result<Option<User>, PipelineError> {
        match self.store.commit(vec![Change::PutUser(user.clone()), Change::UpdateVersion(version)]).await {
            Ok(()) => Ok(Some(User { revision: user.revision + 1, ..user })),
            Err(StoreError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads, changes and writes the user's record, again when somebody was faster.
    pub(super) async fn change_user(
        &self,
        user_id: &UserId,
        change: impl Fn(&User, Timestamp) -> Result<User, PipelineError>,
    ) -> Result<User, PipelineError> {
        change_user(self.store.as_ref(), self.clock.as_ref(), user_id, change).await
    }
}

/// [`TrainingMachine::revoke`] without a machine: taking consent back asks for nothing but the store, so that it works where the
/// settings are too broken to train with.
pub async fn revoke_consent(
    store: &dyn MetadataStore,
    clock: &dyn Clock,
    user_id: &UserId,
) -> Result<User, PipelineError> {
    let user = change_user(store, clock, user_id, |user, now| Ok(revoke(user, now))).await?;
    info!(user_id = %user_id, model_version = user.active_model_version, "consent revoked");
    wake(store, clock, user_id, CONSENT_REVOKED).await?;
    Ok(user)
}

/// Makes the user's run due at once, with the reason to end it.
async fn wake(
    store: &dyn MetadataStore,
    clock: &dyn Clock,
    user_id: &UserId,
    reason: &str,
) -> Result<Option<ModelVersion>, StoreError> {
    loop {
        let Some(mut version) = user_and_run(store, user_id).await?.1 else { return Ok(None) };
        version.safety.disabled_reason.get_or_insert_with(|| reason.to_owned());
        version.run.dispatch.next_at = Some(clock.now());
        match store.commit(vec![Change::UpdateVersion(version.clone())]).await {
            Ok(()) => return Ok(Some(ModelVersion { revision: version.revision + 1, ..version })),
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Reads, changes and writes the user's record, again when somebody was faster.
async fn change_user(
    store: &dyn MetadataStore,
    clock: &dyn Clock,
    user_id: &UserId,
    change: impl Fn(&User, Timestamp) -> Result<User, PipelineError>,
) -> Result<User, PipelineError> {
    loop {
        let now = clock.now();
        let user = user_or_new(store, user_id, now).await?;
        let user = change(&user, now)?;
        match store.commit(vec![Change::PutUser(user.clone())]).await {
            Ok(()) => return Ok(User { revision: user.revision + 1, ..user }),
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
