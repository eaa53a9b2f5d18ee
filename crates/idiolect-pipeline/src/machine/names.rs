//! What a run is called at the provider.

use idiolect_provider::{JobId, ProviderError};
use idiolect_registry::{ModelVersion, opaque_name};

/// The metadata key under which a fine-tuning job carries its run.
pub(super) const RUN_KEY: &str = "run_id";

/// Names the run at the provider, and nobody: user ids may be names or addresses. The time keeps two installations with the
/// same user apart.
pub(super) fn run_id(version: &ModelVersion) -> String {
    let user = opaque_name(&version.id.user_id, version.created_at);
    format!("{user}:{}@{}", version.id.version, version.created_at.as_millisecond())
}

/// The name under which the run uploads its training file.
pub fn training_file_name(version: &ModelVersion) -> String {
    format!("idiolect-{}.jsonl", run_id(version).replace([':', '@'], "-"))
}

/// Part of the fine-tuned model's id: letters, digits and `-`, 18 at most as the strictest host allows. At a hosted provider
/// a whole organisation sees it, so there it names nobody.
pub(super) fn suffix(version: &ModelVersion, hosted: bool) -> String {
    let user: String = match hosted {
        true => opaque_name(&version.id.user_id, version.created_at).chars().take(12).collect(),
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
