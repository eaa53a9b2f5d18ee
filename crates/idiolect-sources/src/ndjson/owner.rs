//! Whose messages a file of records holds.

use std::path::Path;

use idiolect_dataset::{Message, SourceError};
use jiff::tz::TimeZone;

use super::errors::{self, Place};
use super::input;
use super::lines::Lines;
use super::record::{self, Origin};
use crate::reading::{Owner, Tally};

/// Whom a record is of: the sender that it names, or nobody by name where it names none or is marked as the person's.
pub(super) type Author = Option<String>;

/// `None` where the record is marked as somebody else's. All others have to be of one author, or who "me" is is unclear.
pub(super) fn author(origin: &Origin) -> Option<&Author> {
    match origin.from_me {
        Some(false) => None,
        Some(true) => Some(&None),
        None => Some(&origin.sender),
    }
}

/// Reads the file and counts.
pub(crate) fn find(path: &Path) -> Result<Owner, SourceError> {
    let input = input::open(path).map_err(|error| errors::cannot_open(path, &error))?;
    let mut lines = Lines::new(path, input.contents);
    let (mut named, mut unnamed) = (Tally::default(), false);
    let mut message = Message::default();
    while let Some((line, record)) = lines.next_line()? {
        // Only who sent it matters here, so any zone will do.
        let origin = record::read(record, Place { path, line }, Some(&TimeZone::UTC), &mut message)?;
        match author(&origin) {
            None => {}
            Some(None) => unnamed = true,
            Some(Some(name)) => named.count(name, None),
        }
    }
    if let Some(name) = named.only().filter(|_| !unnamed) {
        return Ok(Owner::Inferred { name: name.to_owned(), why: "all records name this sender".into() });
    }
    if named.is_empty() {
        let why = "records that name no sender are yours but for those with fromMe false".into();
        return Ok(Owner::Marked { names: Vec::new(), why });
    }
    // Whoever left out the name counts as one more.
    Ok(named.into_unknown(u64::from(unnamed)))
}
