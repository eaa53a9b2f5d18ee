//! Where a reader puts what it finds.

use idiolect_dataset::SourceError;

use super::record::{Place, Record};

/// What a reader hands over.
pub(super) enum Found {
    Record(Record),
    /// Something that is no record: its reason and its place.
    Skipped(&'static str, Place),
}

/// Takes a reader's records one by one.
pub(crate) struct Sink<'a> {
    take: &'a mut dyn FnMut(Found) -> bool,
    notes: Vec<String>,
    stopped: bool,
}

/// Why a reader stops before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Nobody wants any more.
    Enough,
    Failed(SourceError),
}

impl Stop {
    /// The error that ended a walk; none where it came to its end or nobody wanted any more.
    pub(crate) fn failure(walked: Result<(), Self>) -> Result<(), SourceError> {
        match walked {
            Ok(()) | Err(Self::Enough) => Ok(()),
            Err(Self::Failed(error)) => Err(error),
        }
    }
}

/// Takes what comes one by one, and says whether that goes on.
pub(crate) type Take<'a, T> = &'a mut dyn FnMut(T) -> Result<(), Stop>;

/// The first of what `each` gives; `None` where that is an error, or nothing.
pub(crate) fn first<T>(each: impl FnOnce(Take<'_, T>) -> Result<(), Stop>) -> Option<T> {
    let mut first = None;
    let _ = each(&mut |found| {
        first = Some(found);
        Err(Stop::Enough)
    });
    first
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Self {
        Self::Failed(error)
    }
}

impl<'a> Sink<'a> {
    pub(super) fn new(take: &'a mut dyn FnMut(Found) -> bool) -> Self {
        Self { take, notes: Vec::new(), stopped: false }
    }

    pub(crate) fn give(&mut self, record: Record) -> Result<(), Stop> {
        self.pass(Found::Record(record))
    }

    /// Counts something that is no record of a message.
    pub(crate) fn skip(&mut self, reason: &'static str, place: Place) -> Result<(), Stop> {
        self.pass(Found::Skipped(reason, place))
    }

    /// Says how something ambiguous was settled, in a sentence for the report. No message's words.
    pub(crate) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(super) fn into_notes(self) -> Vec<String> {
        self.notes
    }

    fn pass(&mut self, found: Found) -> Result<(), Stop> {
        if !self.stopped && (self.take)(found) {
            return Ok(());
        }
        self.stopped = true;
        Err(Stop::Enough)
    }
}
