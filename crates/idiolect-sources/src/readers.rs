//! Every reader of exports, on one screen.

use crate::reading::Reader;
use crate::spec::SourceKind;
use crate::whatsapp::Whatsapp;

pub(crate) static READERS: &[&dyn Reader] = &[&Whatsapp];

/// The reader of a kind; `None` for the stores that have a way of their own.
pub(crate) fn of(kind: SourceKind) -> Option<&'static dyn Reader> {
    READERS.iter().copied().find(|reader| reader.kind() == kind)
}
