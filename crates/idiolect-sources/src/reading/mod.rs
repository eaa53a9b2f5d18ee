//! What every reader of exports shares: what it is asked, what it gives, and what is made of that.
//!
//! A reader knows one app's files. It tells whether an export is that app's ([`Reader::detect`]), who "me" is
//! ([`Reader::owner`]), and gives every record in it, whoever sent it and whenever ([`Reader::walk`]). What is common to all,
//! the window, `--me`, zones, repeated ids, places and the report, is done once, by [`stream`].

mod owner;
mod person;
mod record;
mod sink;
mod source;
mod stream;

use idiolect_dataset::{SourceError, Window};
use jiff::tz::TimeZone;

pub use owner::{Candidate, Owner};
pub(crate) use owner::{Tally, by_counting, writes};
pub(crate) use person::{Handle, Person, TELLING_DIGITS, is_name_of_choice, person_key, same_handle, same_person};
pub(crate) use record::{At, Place, Record, Sender, Sent};
pub(crate) use sink::{Sink, Stop, first};
pub(crate) use source::ExportSource;
pub(crate) use stream::{DETECT, who_is_unclear};

use crate::detect::Confidence;
use crate::export::Export;
use crate::spec::{SourceKind, SourceOptions};

/// Reads the exports of one app.
pub(crate) trait Reader: Send + Sync {
    fn kind(&self) -> SourceKind;

    /// Whether `export` is of this kind. Looks at names, and into files that could hold messages up to the
    /// first one; where none is right, these are the beginnings of all of them.
    fn detect(&self, export: &Export) -> Option<Match>;

    /// Who "me" is, as far as the export tells. Called before every reading. May read through all files once, as it
    /// has to where nobody said with `--me`, or where the app writes behind the messages who takes part.
    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError>;

    /// Gives every record, in the order of the files: other people's too, and with its reason what is no typed text. A file
    /// that is not what it should be is an error; a single odd record in it is skipped as `malformed`.
    fn walk(&self, export: &Export, reading: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop>;
}

/// Why an export is of a reader's kind.
pub(crate) struct Match {
    pub(crate) confidence: Confidence,
    /// What shows it, in words for the user: "result.json has personal_information and chats".
    pub(crate) why: String,
}

/// What is asked of a reader.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) options: SourceOptions,
    pub(crate) window: Window,
}

impl Reading {
    /// Who the user says they are.
    pub(crate) fn me(&self) -> Option<&str> {
        self.options.me.as_deref()
    }

    /// The zone of times that are written without one.
    pub(crate) fn zone(&self) -> &TimeZone {
        self.options.timezone.as_ref().or(self.options.local_timezone.as_ref()).unwrap_or(const { &TimeZone::UTC })
    }
}
