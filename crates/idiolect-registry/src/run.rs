//! The training run's state machine: which step follows which, as one pure function.

use jiff::Timestamp;

use crate::{Dispatch, Evaluation, Failure, ModelVersion, Review, ReviewDecision, Trigger, Usd, UserId, VersionStatus};

/// Where a run is. Each step is written down before the next one begins, so a run killed anywhere goes on from its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub step: RunStep,
    pub trigger: Trigger,
    /// Where the messages come from, to be read again after a crash.
    pub source: String,
    pub seed: u64,
    /// What its provider sees instead of whose run it is: random, and on record before anything is sent. `None` of one that an older
    /// idiolect began.
    pub name: Option<String>,
    /// Sent messages in the window, which the next scheduled run compares with; 0 until the dataset is built.
    pub messages_in_window: u64,
    /// When the job was last about to be created. From then on there may be one, whatever came of the call.
    pub job_intended_at: Option<Timestamp>,
    /// When the job was first seen running, after whatever queue there is.
    pub job_running_at: Option<Timestamp>,
    /// How often the create call has been made.
    pub job_intents: u32,
    /// What kept the run from its next step the last time; `None` once it got there.
    pub trouble: Option<Failure>,
    pub dispatch: Dispatch,
    pub updated_at: Timestamp,
}

impl Run {
    pub(crate) fn requested(user: &UserId, trigger: Trigger, source: String, seed: u64, now: Timestamp) -> Self {
        Self {
            step: RunStep::Requested,
            trigger,
            source,
            seed,
            name: None,
            messages_in_window: 0,
            job_intended_at: None,
            job_running_at: None,
            job_intents: 0,
            trouble: None,
            dispatch: Dispatch::at(user, Some(now)),
            updated_at: now,
        }
    }
}

/// The last thing that is done and recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunStep {
    Requested,
    /// The dataset has been built once and its hash is known.
    DatasetBuilt,
    /// The provider holds the training file.
    FileUploaded,
    /// The provider has a job.
    JobCreated,
    /// The job has ended, well or not; the training file is still there.
    JobEnded,
    /// The training file is gone from the provider.
    FileDeleted,
    /// The fine-tuned model has answered once.
    Probed,
    /// The fine-tuned model has been compared with the base.
    Evaluated,
    /// The version is good and waits for somebody to approve or reject it; nothing is driven meanwhile.
    AwaitingReview,
    /// Ended: the new version is served.
    Activated,
    /// Ended: the new version exists and the one before it is still served.
    NotActivated,
    /// Ended: too little data; nothing was uploaded.
    InsufficientData,
    /// Ended: a rule said no before anything was spent; see the failure.
    Refused,
    /// Ended: see the failure.
    Failed,
    /// Ended because somebody wanted it to; see the failure.
    Cancelled,
}

impl RunStep {
    pub const ALL: [Self; 15] = [
        Self::Requested,
        Self::DatasetBuilt,
        Self::FileUploaded,
        Self::JobCreated,
        Self::JobEnded,
        Self::FileDeleted,
        Self::Probed,
        Self::Evaluated,
        Self::AwaitingReview,
        Self::Activated,
        Self::NotActivated,
        Self::InsufficientData,
        Self::Refused,
        Self::Failed,
        Self::Cancelled,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::DatasetBuilt => "dataset_built",
            Self::FileUploaded => "file_uploaded",
            Self::JobCreated => "job_created",
            Self::JobEnded => "job_ended",
            Self::FileDeleted => "file_deleted",
            Self::Probed => "probed",
            Self::Evaluated => "evaluated",
            Self::AwaitingReview => "awaiting_review",
            Self::Activated => "activated",
            Self::NotActivated => "not_activated",
            Self::InsufficientData => "insufficient_data",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the run is over and will never change again.
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Activated
            | Self::NotActivated
            | Self::InsufficientData
            | Self::Refused
            | Self::Failed
            | Self::Cancelled => true,
            Self::Requested
            | Self::DatasetBuilt
            | Self::FileUploaded
            | Self::JobCreated
            | Self::JobEnded
            | Self::FileDeleted
            | Self::Probed
            | Self::Evaluated
            | Self::AwaitingReview => false,
        }
    }

    /// Whether there is something to drive: neither over nor waiting for a person.
    pub fn is_under_way(self) -> bool {
        !self.is_terminal() && self != Self::AwaitingReview
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum RunEvent {
    DatasetBuilt(DatasetFacts),
    FileUploaded {
        file_id: String,
    },
    /// The create call is about to be made.
    JobIntended,
    /// The call was not made after all, so that the intention stands for nothing.
    JobIntentWithdrawn,
    JobCreated {
        job_id: String,
    },
    /// It was seen running for the first time.
    JobRunning,
    JobSucceeded {
        fine_tuned_model_id: String,
        trained_tokens: Option<u64>,
        cost: Option<Usd>,
    },
    /// It failed, was ended, or could not be created; what it had cost by then, if the provider says it.
    JobFailed {
        failure: Failure,
        trained_tokens: Option<u64>,
        cost: Option<Usd>,
    },
    FileDeleted,
    Probed,
    Evaluated(Evaluation),
    /// The gate let it pass and the settings ask for a review.
    ReviewAsked,
    /// It is served, by the gate's word or by a reviewer's.
    Activated,
    /// It exists and is not served.
    NotActivated(Failure),
    /// Too little data, or no dataset, or an end that the user asked for, before any job was created.
    Stopped(Failure),
}

/// The numbers that a version keeps of its dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetFacts {
    pub dataset_hash: String,
    pub num_messages: u64,
    pub messages_in_window: u64,
    pub token_estimate: u64,
    /// Whether every redaction rule was on.
    pub pii_redaction: bool,
    pub dataset_builder_version: String,
    pub estimated_cost: Option<Usd>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("run {run} is at step {step} and cannot take the event {event}")]
pub struct IllegalTransition {
    pub run: String,
    pub step: &'static str,
    pub event: &'static str,
}

/// The version after `event`. The only place where a run's step changes.
pub fn apply(version: &ModelVersion, event: RunEvent, now: Timestamp) -> Result<ModelVersion, IllegalTransition> {
    use RunStep as Step;
    let illegal = |event: &RunEvent| IllegalTransition {
        run: version.id.to_string(),
        step: version.run.step.as_str(),
        event: event.name(),
    };
    let mut next = version.clone();
    next.run.updated_at = now;
    next.run.step = match (version.run.step, event) {
        // A build that was cut short before its upload is done again, and the source may have changed since.
        (Step::Requested | Step::DatasetBuilt, RunEvent::DatasetBuilt(facts)) => {
            next.artifacts.dataset_hash = Some(facts.dataset_hash);
            next.num_messages = facts.num_messages;
            next.token_estimate = facts.token_estimate;
            next.safety.pii_redaction = facts.pii_redaction;
            next.config.dataset_builder_version = facts.dataset_builder_version;
            next.cost.estimated = facts.estimated_cost;
            next.run.messages_in_window = facts.messages_in_window;
            Step::DatasetBuilt
        }
        (Step::DatasetBuilt, RunEvent::FileUploaded { file_id }) => {
            next.training_file_id = Some(file_id);
            Step::FileUploaded
        }
        (Step::FileUploaded, RunEvent::JobIntended) => {
            next.run.job_intended_at = Some(now);
            next.run.job_intents += 1;
            Step::FileUploaded
        }
        (Step::FileUploaded, RunEvent::JobIntentWithdrawn) => {
            next.run.job_intended_at = None;
            next.run.job_intents = next.run.job_intents.saturating_sub(1);
            Step::FileUploaded
        }
        (Step::FileUploaded, RunEvent::JobCreated { job_id }) => {
            next.job_id = Some(job_id);
            next.status = VersionStatus::Running;
            Step::JobCreated
        }
        (Step::JobCreated, RunEvent::JobRunning) => {
            next.run.job_running_at = Some(now);
            Step::JobCreated
        }
        (Step::JobCreated, RunEvent::JobSucceeded { fine_tuned_model_id, trained_tokens, cost }) => {
            next.fine_tuned_model_id = Some(fine_tuned_model_id);
            next.cost.trained_tokens = trained_tokens;
            next.cost.actual = cost;
            next.status = VersionStatus::Succeeded;
            next.completed_at = Some(now);
            Step::JobEnded
        }
        // Before there is a job, "failed" means that it could not be created; the training file is still to be deleted.
        (Step::FileUploaded | Step::JobCreated, RunEvent::JobFailed { failure, trained_tokens, cost }) => {
            next.cost.trained_tokens = trained_tokens;
            next.cost.actual = cost;
            next.status = failure.code.status();
            next.failure = Some(failure);
            next.completed_at = Some(now);
            Step::JobEnded
        }
        (Step::JobEnded, RunEvent::FileDeleted) => match &next.failure {
            None => Step::FileDeleted,
            Some(failure) => failure.code.end(),
        },
        (Step::FileDeleted, RunEvent::Probed) => Step::Probed,
        (Step::Probed, RunEvent::Evaluated(eval)) => {
            next.eval = eval;
            Step::Evaluated
        }
        (Step::Evaluated, RunEvent::ReviewAsked) => {
            next.review = Some(Review { asked_at: now, decision: None, decided_at: None });
            Step::AwaitingReview
        }
        (Step::Evaluated, RunEvent::Activated) => Step::Activated,
        (Step::AwaitingReview, RunEvent::Activated) => {
            decide(&mut next, ReviewDecision::Approved, now);
            Step::Activated
        }
        (Step::FileDeleted | Step::Probed | Step::Evaluated, RunEvent::NotActivated(failure)) => {
            next.failure = Some(failure);
            Step::NotActivated
        }
        (Step::AwaitingReview, RunEvent::NotActivated(failure)) => {
            decide(&mut next, ReviewDecision::Rejected, now);
            next.failure = Some(failure);
            Step::NotActivated
        }
        (Step::Requested | Step::DatasetBuilt, RunEvent::Stopped(failure)) => {
            next.status = failure.code.status();
            next.completed_at = Some(now);
            let end = failure.code.end();
            next.failure = Some(failure);
            end
        }
        (_, event) => return Err(illegal(&event)),
    };
    // What is done again within a step is no progress, and its waits go on growing.
    if next.run.step != version.run.step {
        next.run.trouble = None;
        next.run.dispatch.attempt = 0;
    }
    if !next.run.step.is_under_way() {
        next.run.dispatch.release(None);
    }
    Ok(next)
}

/// The version with its next step put off until `until`: nobody's meanwhile, and due again then.
///
/// `trouble` says what stood in the way; without it the run merely waits, as for a job.
pub fn postpone(version: &ModelVersion, until: Timestamp, trouble: Option<Failure>, now: Timestamp) -> ModelVersion {
    let mut next = version.clone();
    next.run.updated_at = now;
    next.run.dispatch.attempt = if trouble.is_some() { version.run.dispatch.attempt.saturating_add(1) } else { 0 };
    next.run.trouble = trouble;
    next.run.dispatch.release(Some(until));
    next
}

fn decide(version: &mut ModelVersion, decision: ReviewDecision, now: Timestamp) {
    if let Some(review) = &mut version.review {
        review.decision = Some(decision);
        review.decided_at = Some(now);
    }
}

impl RunEvent {
    /// A job that cost nothing, or none at all.
    pub fn job_failed(failure: Failure) -> Self {
        Self::JobFailed { failure, trained_tokens: None, cost: None }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::DatasetBuilt(_) => "dataset_built",
            Self::FileUploaded { .. } => "file_uploaded",
            Self::JobIntended => "job_intended",
            Self::JobIntentWithdrawn => "job_intent_withdrawn",
            Self::JobCreated { .. } => "job_created",
            Self::JobRunning => "job_running",
            Self::JobSucceeded { .. } => "job_succeeded",
            Self::JobFailed { .. } => "job_failed",
            Self::FileDeleted => "file_deleted",
            Self::Probed => "probed",
            Self::Evaluated(_) => "evaluated",
            Self::ReviewAsked => "review_asked",
            Self::Activated => "activated",
            Self::NotActivated(_) => "not_activated",
            Self::Stopped(_) => "stopped",
        }
    }
}

#[cfg(test)]
mod tests;
