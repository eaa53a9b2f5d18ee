//! What can go wrong while a dataset is built. No variant carries a message's words.

/// Why no dataset could be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error("the setting {field} is {value}, which is outside {allowed}; change it in the settings")]
    Setting { field: &'static str, value: f64, allowed: &'static str },
    #[error("the setting redaction.region is {value:?}, which is no two-letter country code; write for example \"US\"")]
    Region { value: String },
    #[error("the setting dataset.max_tokens is {cap}, but tokens are not counted: leave one of the two out")]
    UncountedCap { cap: u64 },
}

/// Why one message could not be redacted. Such a message is left out of the dataset and counted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedactionError {
    #[error("the message is {bytes} bytes long, over the limit of {limit} bytes; it is left out")]
    TooLong { bytes: usize, limit: usize },
    #[error("a recognizer failed on the message; it is left out")]
    RecognizerFailed,
    #[error("after {passes} passes there was still something to redact; the message is left out")]
    Unsettled { passes: usize },
}
