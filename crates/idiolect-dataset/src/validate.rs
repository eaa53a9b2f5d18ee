//! Checks a chat JSONL file before it is uploaded, naming line and rule.

/// Placeholder while the core path is laid.
#[derive(Debug, thiserror::Error)]
#[error("invalid")]
pub struct ValidationError;

pub fn validate_jsonl(_bytes: &[u8]) -> Result<(), ValidationError> {
    Ok(())
}
