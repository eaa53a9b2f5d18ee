//! The training run's state machine: which step follows which, as one pure function.

use jiff::Timestamp;

use crate::version::{Evaluation, Failure, FailureCode};
use crate::{ModelVersion, VersionStatus};

/// Where a run is. Each step is written down before the next one begins, so a run killed anywhere goes on from its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub step: RunStep,
    /// Where the messages come from, to be read again after a crash.
    pub source: String,
    pub seed: u64,
    pub updated_at: Timestamp,
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
    /// The fine-tuned model has been compared with the base.
    Evaluated,
    /// Ended: the new version is served.
    Activated,
    /// Ended: the new version exists and the one before it is still served.
    NotActivated,
    /// Ended: too little data; nothing was uploaded.
    InsufficientData,
    /// Ended: see the failure.
    Failed,
    /// Ended by the user.
    Cancelled,
}

impl RunStep {
    pub const ALL: [Self; 12] = [
        Self::Requested,
        Self::DatasetBuilt,
        Self::FileUploaded,
        Self::JobCreated,
        Self::JobEnded,
        Self::FileDeleted,
        Self::Evaluated,
        Self::Activated,
        Self::NotActivated,
        Self::InsufficientData,
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
            Self::Evaluated => "evaluated",
            Self::Activated => "activated",
            Self::NotActivated => "not_activated",
            Self::InsufficientData => "insufficient_data",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether the run is over.
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Activated | Self::NotActivated | Self::InsufficientData | Self::Failed | Self::Cancelled => true,
            Self::Requested
            | Self::DatasetBuilt
            | Self::FileUploaded
            | Self::JobCreated
            | Self::JobEnded
            | Self::FileDeleted
            | Self::Evaluated => false,
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum RunEvent {
    DatasetBuilt(DatasetFacts),
    FileUploaded {
        file_id: String,
    },
    JobCreated {
        job_id: String,
    },
    JobSucceeded {
        fine_tuned_model_id: String,
        trained_tokens: Option<u64>,
    },
    JobFailed(Failure),
    FileDeleted,
    Evaluated(Evaluation),
    Activated,
    NotActivated,
    /// Too little data, or no dataset, or an end that the user asked for, before any job was created.
    Stopped(Failure),
}

/// The numbers that a version keeps of its dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetFacts {
    pub dataset_hash: String,
    pub num_messages: u64,
    pub token_estimate: u64,
    pub dataset_builder_version: String,
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
            next.config.dataset_builder_version = facts.dataset_builder_version;
            Step::DatasetBuilt
        }
        (Step::DatasetBuilt, RunEvent::FileUploaded { file_id }) => {
            next.training_file_id = Some(file_id);
            Step::FileUploaded
        }
        (Step::FileUploaded, RunEvent::JobCreated { job_id }) => {
            next.job_id = Some(job_id);
            next.status = VersionStatus::Running;
            Step::JobCreated
        }
        (Step::JobCreated, RunEvent::JobSucceeded { fine_tuned_model_id, trained_tokens }) => {
            next.fine_tuned_model_id = Some(fine_tuned_model_id);
            next.trained_tokens = trained_tokens;
            next.status = VersionStatus::Succeeded;
            next.completed_at = Some(now);
            Step::JobEnded
        }
        // Before there is a job, "failed" means that it could not be created; the training file is still to be deleted.
        (Step::FileUploaded | Step::JobCreated, RunEvent::JobFailed(failure)) => {
            next.status = status_of(failure.code);
            next.failure = Some(failure);
            next.completed_at = Some(now);
            Step::JobEnded
        }
        (Step::JobEnded, RunEvent::FileDeleted) => match &next.failure {
            None => Step::FileDeleted,
            Some(failure) => end_of(failure.code),
        },
        (Step::FileDeleted, RunEvent::Evaluated(eval)) => {
            next.eval = eval;
            Step::Evaluated
        }
        (Step::Evaluated, RunEvent::Activated) => Step::Activated,
        (Step::FileDeleted | Step::Evaluated, RunEvent::NotActivated) => Step::NotActivated,
        (Step::Requested | Step::DatasetBuilt, RunEvent::Stopped(failure)) => {
            next.status = status_of(failure.code);
            next.completed_at = Some(now);
            let end = end_of(failure.code);
            next.failure = Some(failure);
            end
        }
        (_, event) => return Err(illegal(&event)),
    };
    Ok(next)
}

fn status_of(code: FailureCode) -> VersionStatus {
    match code {
        FailureCode::InsufficientData | FailureCode::DatasetFailed | FailureCode::JobFailed => VersionStatus::Failed,
        FailureCode::ConsentRevoked | FailureCode::Cancelled => VersionStatus::Cancelled,
    }
}

fn end_of(code: FailureCode) -> RunStep {
    match code {
        FailureCode::InsufficientData => RunStep::InsufficientData,
        FailureCode::DatasetFailed | FailureCode::JobFailed => RunStep::Failed,
        FailureCode::ConsentRevoked | FailureCode::Cancelled => RunStep::Cancelled,
    }
}

impl RunEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::DatasetBuilt(_) => "dataset_built",
            Self::FileUploaded { .. } => "file_uploaded",
            Self::JobCreated { .. } => "job_created",
            Self::JobSucceeded { .. } => "job_succeeded",
            Self::JobFailed(_) => "job_failed",
            Self::FileDeleted => "file_deleted",
            Self::Evaluated(_) => "evaluated",
            Self::Activated => "activated",
            Self::NotActivated => "not_activated",
            Self::Stopped(_) => "stopped",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::{DataRange, RunRequest, VersionId};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn requested() -> ModelVersion {
        let request = RunRequest {
            provider: "fake".into(),
            base_model: "base".into(),
            window: DataRange { start: at(0), end: at(90) },
            source: "ndjson:messages.ndjson".into(),
            strategy: "neutral_rewrite/1".into(),
            seed: 7,
            code_version_sha: "0.1.0".into(),
            hyperparams: BTreeMap::new(),
        };
        ModelVersion::requested(VersionId { user_id: "ana".parse().unwrap(), version: 1 }, request, at(100))
    }

    fn at_step(step: RunStep) -> ModelVersion {
        let mut version = requested();
        version.run.step = step;
        version
    }

    fn built(hash: &str, num_messages: u64) -> RunEvent {
        RunEvent::DatasetBuilt(DatasetFacts {
            dataset_hash: hash.into(),
            num_messages,
            token_estimate: 20 * num_messages,
            dataset_builder_version: "1".into(),
        })
    }

    fn failure(code: FailureCode) -> Failure {
        Failure { code, message: format!("because of {}", code.as_str()) }
    }

    /// One event of each kind; failures and stops with every code.
    fn every_event() -> Vec<RunEvent> {
        let mut events = vec![
            built("ab", 600),
            RunEvent::FileUploaded { file_id: "file-1".into() },
            RunEvent::JobCreated { job_id: "ftjob-1".into() },
            RunEvent::JobSucceeded { fine_tuned_model_id: "ft:1".into(), trained_tokens: Some(9) },
            RunEvent::FileDeleted,
            RunEvent::Evaluated(Evaluation::default()),
            RunEvent::Activated,
            RunEvent::NotActivated,
        ];
        events.extend(FailureCode::ALL.map(|code| RunEvent::JobFailed(failure(code))));
        events.extend(FailureCode::ALL.map(|code| RunEvent::Stopped(failure(code))));
        events
    }

    /// The whole machine; what is not listed is illegal.
    const TRANSITIONS: [(RunStep, &str, &[RunStep]); 14] = {
        use RunStep::*;
        const STOPS: &[RunStep] = &[InsufficientData, Failed, Failed, Cancelled, Cancelled];
        [
            (Requested, "dataset_built", &[DatasetBuilt]),
            (Requested, "stopped", STOPS),
            (DatasetBuilt, "dataset_built", &[DatasetBuilt]),
            (DatasetBuilt, "file_uploaded", &[FileUploaded]),
            (DatasetBuilt, "stopped", STOPS),
            (FileUploaded, "job_created", &[JobCreated]),
            (FileUploaded, "job_failed", &[JobEnded; 5]),
            (JobCreated, "job_succeeded", &[JobEnded]),
            (JobCreated, "job_failed", &[JobEnded; 5]),
            (JobEnded, "file_deleted", &[FileDeleted]),
            (FileDeleted, "evaluated", &[Evaluated]),
            (FileDeleted, "not_activated", &[NotActivated]),
            (Evaluated, "activated", &[Activated]),
            (Evaluated, "not_activated", &[NotActivated]),
        ]
    };

    #[test]
    fn every_step_takes_exactly_its_events() {
        for step in RunStep::ALL {
            for name in every_event().iter().map(RunEvent::name).collect::<BTreeSet<_>>() {
                let events = every_event().into_iter().filter(|event| event.name() == name);
                let found: Vec<_> = events.map(|event| apply(&at_step(step), event, at(200))).collect();
                match TRANSITIONS.iter().find(|(from, event, _)| (*from, *event) == (step, name)) {
                    Some((_, _, to)) => {
                        let steps: Vec<_> = found.into_iter().map(|version| version.unwrap().run.step).collect();
                        assert_eq!(steps, *to, "{step:?} with {name}");
                    }
                    None => {
                        let refused = IllegalTransition { run: "ana:1".into(), step: step.as_str(), event: name };
                        assert!(found.iter().all(|result| *result == Err(refused.clone())), "{step:?} with {name}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_run_that_is_over_takes_nothing() {
        for step in RunStep::ALL.into_iter().filter(|step| step.is_terminal()) {
            assert!(every_event().into_iter().all(|event| apply(&at_step(step), event, at(200)).is_err()), "{step:?}");
        }
    }

    #[test]
    fn every_event_moves_the_run_forward_and_notes_the_time() {
        for step in RunStep::ALL {
            for event in every_event() {
                let Ok(next) = apply(&at_step(step), event, at(200)) else { continue };
                assert!(next.run.step >= step, "{step:?} went back to {:?}", next.run.step);
                assert_eq!(next.run.updated_at, at(200));
                assert_eq!((next.revision, next.created_at), (0, at(100)), "the store's and the request's own");
            }
        }
    }

    fn play(events: impl IntoIterator<Item = RunEvent>) -> ModelVersion {
        let steps = events.into_iter().zip(101..);
        steps.fold(requested(), |version, (event, second)| apply(&version, event, at(second)).unwrap())
    }

    #[test]
    fn a_run_that_goes_well_records_what_each_step_found() {
        let eval = Evaluation { holdout_loss: Some(1.9), base_holdout_loss: Some(2.4), ..Evaluation::default() };
        let version = play([
            built("ab", 600),
            RunEvent::FileUploaded { file_id: "file-1".into() },
            RunEvent::JobCreated { job_id: "ftjob-1".into() },
            RunEvent::JobSucceeded { fine_tuned_model_id: "ft:1".into(), trained_tokens: Some(9) },
            RunEvent::FileDeleted,
            RunEvent::Evaluated(eval.clone()),
            RunEvent::Activated,
        ]);
        assert_eq!(version.run.step, RunStep::Activated);
        assert_eq!((version.status, version.completed_at), (VersionStatus::Succeeded, Some(at(104))));
        assert_eq!((version.num_messages, version.token_estimate), (600, 12_000));
        assert_eq!(version.artifacts.dataset_hash.as_deref(), Some("ab"));
        assert_eq!(version.config.dataset_builder_version, "1");
        let ids = [&version.training_file_id, &version.job_id, &version.fine_tuned_model_id];
        assert_eq!(ids.map(Option::as_deref), [Some("file-1"), Some("ftjob-1"), Some("ft:1")]);
        assert_eq!((version.trained_tokens, version.eval, version.failure), (Some(9), eval, None));
    }

    #[test]
    fn a_dataset_that_is_built_again_replaces_the_first() {
        let version = play([built("ab", 600), built("cd", 601)]);
        assert_eq!((version.artifacts.dataset_hash.as_deref(), version.num_messages), (Some("cd"), 601));
    }

    #[test]
    fn a_failure_before_the_upload_ends_the_run_at_once() {
        for (code, status) in [
            (FailureCode::InsufficientData, VersionStatus::Failed),
            (FailureCode::DatasetFailed, VersionStatus::Failed),
            (FailureCode::ConsentRevoked, VersionStatus::Cancelled),
            (FailureCode::Cancelled, VersionStatus::Cancelled),
        ] {
            let version = play([RunEvent::Stopped(failure(code))]);
            assert!(version.run.step.is_terminal());
            assert_eq!((version.status, version.completed_at), (status, Some(at(101))));
            assert_eq!((version.failure, version.training_file_id), (Some(failure(code)), None));
        }
    }

    #[test]
    fn a_failure_after_the_upload_ends_the_run_only_once_the_file_is_deleted() {
        let uploaded = || [built("ab", 600), RunEvent::FileUploaded { file_id: "file-1".into() }];
        let created = || RunEvent::JobCreated { job_id: "ftjob-1".into() };
        for (code, end) in [
            (FailureCode::JobFailed, RunStep::Failed),
            (FailureCode::ConsentRevoked, RunStep::Cancelled),
            (FailureCode::Cancelled, RunStep::Cancelled),
        ] {
            let failed = || RunEvent::JobFailed(failure(code));
            let before_the_job = play(uploaded().into_iter().chain([failed()]));
            let with_a_job = play(uploaded().into_iter().chain([created(), failed()]));
            for version in [before_the_job, with_a_job] {
                assert_eq!(version.run.step, RunStep::JobEnded, "the file is still there");
                assert_eq!(version.training_file_id.as_deref(), Some("file-1"), "and its id is known");
                let over = apply(&version, RunEvent::FileDeleted, at(200)).unwrap();
                assert_eq!((over.run.step, over.failure), (end, Some(failure(code))));
                assert_eq!(over.completed_at, version.completed_at, "deleting a file does not change when it ended");
            }
        }
    }

    #[test]
    fn steps_spell_differently() {
        let names: BTreeSet<_> = RunStep::ALL.map(RunStep::as_str).into();
        assert_eq!(names.len(), RunStep::ALL.len());
    }
}
