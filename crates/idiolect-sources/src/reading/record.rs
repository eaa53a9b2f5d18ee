//! One record of an export as its reader found it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;

/// A message of anybody, or what stands where one could be.
pub(crate) struct Record {
    pub(crate) place: Place,
    pub(crate) sender: Sender,
    pub(crate) sent: Sent,
    /// As typed, free of what the format put around it.
    pub(crate) text: String,
    /// The app's own id, unique in the whole export (with the conversation's where it is unique only there). Without one, an
    /// id is made from conversation, time and text; two such records in one file are two messages, in two files one.
    pub(crate) id: Option<String>,
    pub(crate) conversation: Option<Arc<str>>,
    /// How many people received it, the sender not counted.
    pub(crate) recipients: Option<u32>,
    /// Why it is not something that its sender typed (a key of [`crate::reason`]).
    pub(crate) not_typed: Option<&'static str>,
}

/// Who sent a record.
#[derive(Clone)]
pub(crate) enum Sender {
    /// The person, by the store's own mark.
    Me,
    /// Somebody else or nobody, by the store's own mark.
    Other,
    /// Whoever this is; compared with `--me` or the owner found.
    Named { name: Arc<str>, id: Option<Arc<str>> },
}

/// When a record was sent.
#[derive(Clone, Copy)]
pub(crate) enum Sent {
    At(Timestamp),
    /// Written without a zone: in that of the phone or computer that exported it.
    Local(DateTime),
    /// Not said, or not readable.
    Unknown,
}

/// Where in an export a record is.
#[derive(Clone)]
pub(crate) struct Place {
    /// The entry's path.
    pub(crate) entry: Arc<str>,
    pub(crate) at: At,
}

#[derive(Clone, Copy)]
pub(crate) enum At {
    /// A line of text, from 1.
    Line(u64),
    /// An element of a list, from 1.
    Item(u64),
}

impl Place {
    /// `line 7`, with the entry before it where the export has several.
    pub(crate) fn describe(&self, with_entry: bool) -> String {
        let at = match self.at {
            At::Line(line) => format!("line {line}"),
            At::Item(item) => format!("message {item}"),
        };
        match with_entry {
            true => format!("{}, {at}", self.entry),
            false => at,
        }
    }
}
