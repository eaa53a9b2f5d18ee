//! The port through which sent messages come in. Readers live in `idiolect-sources`; this side only says what they owe.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::{Message, Window};

/// A place that holds a person's messages.
pub trait MessageSource: Send + Sync {
    /// `KIND:PATH`, as the user would write it, without what may name people in a URL.
    fn label(&self) -> String;

    /// Starts one reading of the messages that the person sent within `window`.
    ///
    /// An implementer guarantees: only what the person typed and sent; each message once; the same
    /// messages in the same order on every reading of an unchanged source; memory that does not grow
    /// with the size of the source, but for what tells repeated messages apart: 8 to 20 bytes for each
    /// message given out, and 20 to 40 for each of the file being read whose store has no ids;
    /// a source that is never written to.
    fn read(&self, window: Window) -> Result<Box<dyn MessageStream + '_>, SourceError>;
}

/// The messages of one reading, and what became of the rows that were not messages.
///
/// After an `Err` item the stream is over: nothing read so far may be used as if it were everything.
pub trait MessageStream: Iterator<Item = Result<Message, SourceError>> {
    /// Reads the next message into `message`, whose memory is used again where the source can; `None` at the end.
    fn next_into(&mut self, message: &mut Message) -> Option<Result<(), SourceError>> {
        Some(self.next()?.map(|next| *message = next))
    }

    /// Counts up to now; final once the iterator has ended.
    fn report(&self) -> ExtractionReport;

    /// How far the reading is, 0.0 to 1.0, where the source can tell.
    fn progress(&self) -> Option<f32> {
        None
    }
}

/// What one reading saw. Counts and places only, never words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtractionReport {
    /// Rows or lines looked at.
    pub rows_read: u64,
    /// Of these, how many the person sent, whatever became of them.
    pub sent: u64,
    /// Messages given out.
    pub kept: u64,
    /// Rows left out, by reason (`received`, `tapback`, `outside_window`, …), with the first places.
    pub skipped: BTreeMap<&'static str, Skipped>,
    /// Where the next reading can go on, for sources that only grow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Ambiguities and how they were settled, in words for the user.
    pub notes: Vec<String>,
}

/// Rows left out for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Skipped {
    pub count: u64,
    /// Up to three places: `line 7`, `row 88360`.
    pub places: Vec<String>,
}

impl ExtractionReport {
    /// Places kept for each reason.
    pub const MAX_PLACES: usize = 3;

    /// Counts one row left out because of `reason`.
    pub fn skip(&mut self, reason: &'static str, place: impl FnOnce() -> String) {
        let skipped = self.skipped.entry(reason).or_default();
        skipped.count += 1;
        if skipped.places.len() < Self::MAX_PLACES {
            skipped.places.push(place());
        }
    }
}

/// Why a source could not be read. Each message is one sentence with the place and what to do; none holds a message's words.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("{path}: no such file; check the path")]
    NotFound { path: PathBuf },
    #[error("{path}: cannot be opened ({reason}); {advice}")]
    CannotOpen { path: PathBuf, reason: String, advice: &'static str },
    #[error("{path}: is not {expected}; {advice}")]
    WrongKind { path: PathBuf, expected: &'static str, advice: &'static str },
    #[error("{path}, {place}, {field}: {reason}; {advice}")]
    Malformed { path: PathBuf, place: String, field: &'static str, reason: String, advice: &'static str },
    #[error("{path}: reading failed at {place}: {reason}; {advice}")]
    Read { path: PathBuf, place: String, reason: String, advice: &'static str },
    /// The whole of it is not what could be used: damaged, nobody's, somebody else's.
    #[error("{path}: {reason}; {advice}")]
    Refused { path: PathBuf, reason: String, advice: &'static str },
    /// Not the source but what was said about it, by its name on the command line.
    #[error("{option}: {reason}; {advice}")]
    WrongOption { option: &'static str, reason: &'static str, advice: &'static str },
}
