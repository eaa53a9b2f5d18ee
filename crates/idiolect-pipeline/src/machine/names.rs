//! What a run is called at the provider.

use idiolect_provider::{JobId, ProviderError};
use idiolect_registry::{ModelVersion, opaque_name};

use crate::error::PipelineError;

/// The metadata key under which a fine-tuning job carries its run.
pub(super) const RUN_KEY: &str = "run_id";

/// A name for a run at its provider: random, for what is made from a user's id tells whoever guesses it that they guessed right.
pub(super) fn fresh_name() -> Result<String, PipelineError> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|_| PipelineError::NoRandomness)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Names the run at the provider, and nobody: user ids may be names or addresses.
pub(super) fn run_id(version: &ModelVersion) -> String {
    version.run.name.clone().unwrap_or_else(|| {
        let user = opaque_name(&version.id.user_id, version.created_at);
        format!("{user}:{}@{}", version.id.version, version.created_at.as_millisecond())
    })
}

/// The name under which the run uploads its training file.
pub fn training_file_name(version: &ModelVersion) -> String {
    format!("idiolect-{}.jsonl", run_id(version).replace([':', '@'], "-"))
}

/// Part of the fine-tuned model's id: letters, digits and `-`, 18 at most as the strictest host allows. At a hosted provider
/// a whole organisation sees it, so there it names nobody.
pub(super) fn suffix(version: &ModelVersion, hosted: bool) -> String {
    let user: String = match hosted {
        true => run_id(version).chars().take(12).collect(),
        false => version.id.user_id.as_str().chars().filter(char::is_ascii_alphanumeric).take(12).collect(),
    };
    format!("{user}-v{}", version.id.version).to_ascii_lowercase()
}

/// The job as the run record names it.
pub(super) fn job_id(version: &ModelVersion) -> Result<JobId, ProviderError> {
    version.job_id.as_deref().map(JobId::new).ok_or_else(|| ProviderError::Internal {
        message: "the run is recorded as training but names no job".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use idiolect_registry::{DataRange, RunRequest, Trigger, VersionId};
    use jiff::Timestamp;

    use super::*;

    fn version(user: &str, second: i64) -> ModelVersion {
        let user_id = user.parse().unwrap();
        let created_at = Timestamp::from_second(second).unwrap();
        let request = RunRequest {
            provider: "fake".into(),
            base_model: "base".into(),
            window: DataRange { start: created_at, end: created_at },
            source: "shelf".into(),
            strategy: "neutral_rewrite/1".into(),
            seed: 1,
            code_version_sha: "test".into(),
            hyperparams: Default::default(),
            trigger: Trigger::Manual,
        };
        ModelVersion::requested(VersionId { user_id, version: 7 }, request, created_at)
    }

    #[test]
    fn a_run_is_called_what_was_written_down_and_nothing_that_its_user_could_be_guessed_by() {
        let name = fresh_name().unwrap();
        assert_ne!(name, fresh_name().unwrap());
        let mut version = version("ana", 1_767_225_600);
        version.run.name = Some(name.clone());
        let other = ModelVersion { created_at: Timestamp::UNIX_EPOCH, ..version.clone() };
        for version in [version, other] {
            assert_eq!(run_id(&version), name);
            assert_eq!(training_file_name(&version), format!("idiolect-{name}.jsonl"));
            assert_eq!(suffix(&version, true), format!("{}-v7", &name[..12]));
        }
    }

    /// A run that was begun before an upgrade looks for its job and its file under these names after it; the user's part has
    /// its provenance in the registry's tests.
    #[test]
    fn runs_and_their_files_are_called_the_same_for_ever_and_name_nobody() {
        let version = version("ana", 1_767_225_600);
        assert_eq!(run_id(&version), "34085620423aba20:7@1767225600000");
        assert_eq!(training_file_name(&version), "idiolect-34085620423aba20-7-1767225600000.jsonl");
    }

    #[test]
    fn suffixes_name_the_user_in_this_process_only_and_are_what_the_strictest_host_takes() {
        let version = version("Ana-Maria.Lindqvist@example.org", 1_767_225_600);
        assert_eq!(suffix(&version, false), "anamarialind-v7");
        let hosted = suffix(&version, true);
        assert!(hosted.ends_with("-v7") && !hosted.contains("ana"), "{hosted}");
        let newest = ModelVersion { id: VersionId { version: 9999, ..version.id.clone() }, ..version };
        for hosted in [true, false] {
            let suffix = suffix(&newest, hosted);
            assert!(suffix.len() <= 18 && suffix.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{suffix}");
        }
    }

    #[test]
    fn a_run_that_names_no_job_is_an_error_and_no_empty_id() {
        let mut version = version("ana", 1_767_225_600);
        assert!(matches!(job_id(&version), Err(ProviderError::Internal { .. })));
        version.job_id = Some("ftjob-1".into());
        assert_eq!(job_id(&version).unwrap(), JobId::new("ftjob-1"));
    }
}
