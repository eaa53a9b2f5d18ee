//! What a run is called at the provider.

use idiolect_provider::{JobId, ProviderError};
use idiolect_registry::{ModelVersion, User};

/// The metadata key under which a fine-tuning job carries its run.
pub(super) const RUN_KEY: &str = "run_id";

/// Names the run at the provider. The time keeps two installations with the same user apart.
pub(super) fn run_id(version: &ModelVersion) -> String {
    format!("{}@{}", version.id, version.created_at.as_millisecond())
}

/// The name under which the run uploads its training file.
pub fn training_file_name(version: &ModelVersion) -> String {
    format!("idiolect-{}.jsonl", run_id(version).replace([':', '@'], "-"))
}

/// Part of the fine-tuned model's id: letters, digits and `-`, 18 at most as the strictest host allows.
pub(super) fn suffix(user: &User, version: &ModelVersion) -> String {
    let name: String = user.user_id.as_str().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    format!("{name}-v{}", version.id.version).to_ascii_lowercase()
}

/// The job as the run record names it.
pub(super) fn job_id(version: &ModelVersion) -> Result<JobId, ProviderError> {
    version.job_id.as_deref().map(JobId::new).ok_or_else(|| ProviderError::Internal {
        message: "the run is recorded as training but names no job".to_owned(),
    })
}
