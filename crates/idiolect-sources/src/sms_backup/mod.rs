//! Android's SMS Backup & Restore: `<sms>` and `<mms>` elements. A phone may have many backups, each with most of the others'
//! messages in it.
//!
//! The owner's messages are marked by their box. What the owner is called is not in it.

mod element;
mod walk;

use idiolect_dataset::SourceError;

use element::Numbers;

use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::reading::{Match, Owner, Reader, Reading, Sink, Stop};
use crate::spec::SourceKind;

pub(crate) struct SmsBackup;

const HEAD: usize = 64 * 1024;

impl Reader for SmsBackup {
    fn kind(&self) -> SourceKind {
        SourceKind::SmsBackup
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        let entry = backups(export).into_iter().next()?;
        let why = format!("{} is a backup of SMS Backup & Restore", entry.name());
        Some(Match { confidence: Confidence::Certain, why })
    }

    fn owner(&self, _: &Export, _: &Reading) -> Result<Owner, SourceError> {
        Ok(Owner::Marked { names: Vec::new(), why: "the phone marks which messages it sent".into() })
    }

    fn walk(&self, export: &Export, reading: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let backups = backups(export);
        // Named as this kind, a single file is read as one whatever its beginning.
        let single: Vec<&Entry> = export.single().into_iter().collect();
        let mut walk = walk::Walk { export, reading, numbers: Numbers::default(), sink };
        for entry in if backups.is_empty() { &single } else { &backups } {
            walk.backup(entry)?;
        }
        Ok(())
    }
}

/// The backups of messages. The same app's backups of calls are others.
fn backups(export: &Export) -> Vec<&Entry> {
    let is_backup = |entry: &&Entry| {
        entry.has_extension("xml") && {
            let head = export.head_text(entry, HEAD);
            head.contains("<smses") || head.contains("<sms ") || head.contains("<mms ")
        }
    };
    export.entries().iter().filter(is_backup).collect()
}

#[cfg(test)]
mod tests;
