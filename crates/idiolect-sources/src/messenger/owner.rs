//! Who "me" is: the one person who takes part in every thread.

use std::collections::BTreeSet;

use idiolect_dataset::SourceError;

use super::{is_part_of_download, is_thread, thread, threads};
use crate::export::Export;
use crate::reading::{Owner, Reader, Reading, by_counting, same_person};

pub(super) fn of(reader: &dyn Reader, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
    if is_html(export) {
        return Err(export.refused("its messages are in HTML", "ask for the download again in the format JSON"));
    }
    let common = in_every_thread(export)?;
    match (common, reading.me()) {
        (Some(name), None) => Ok(Owner::Inferred { name, why: "one person takes part in every thread".into() }),
        // Somebody else's download, in which the one meant only takes part.
        (Some(name), Some(me)) if !same_person(&name, me) => {
            Ok(Owner::Marked { names: vec![name], why: "one person takes part in every thread".into() })
        }
        (_, Some(me)) => Ok(Owner::Given { name: me.to_owned() }),
        (None, None) if holds_both_apps(export) => Err(export.refused(
            "it holds downloads of both Facebook and Instagram, and nobody takes part in all threads by one name",
            "name the folder or zip of one app at a time; with --me, messages by that name are read from both",
        )),
        (None, None) => by_counting(reader, export, reading),
    }
}

/// The name that all threads have in common, where there are several of different people and it is the only one.
fn in_every_thread(export: &Export) -> Result<Option<String>, SourceError> {
    let mut common: Option<BTreeSet<String>> = None;
    let mut everybody = BTreeSet::new();
    let mut folder_before = None;
    for entry in threads(export) {
        // The parts of a thread say the same. What is called as another file was may be of another thread.
        let is_part = is_part_of_download(entry, ".json") && entry.original_name() == entry.name();
        if is_part && folder_before == Some(entry.folder()) {
            continue;
        }
        folder_before = is_part.then(|| entry.folder());
        for about in thread::all(export, entry)? {
            if about.has_left || about.participants.len() < 2 {
                continue;
            }
            let participants: BTreeSet<String> = about.participants.into_iter().collect();
            everybody.extend(participants.iter().cloned());
            common = Some(match common {
                None => participants,
                Some(common) => common.intersection(&participants).cloned().collect(),
            });
        }
    }
    let mut common = common.unwrap_or_default().into_iter();
    match (common.next(), common.next()) {
        (Some(name), None) if everybody.len() > 2 => Ok(Some(name)),
        _ => Ok(None),
    }
}

/// Whether some threads lie in folders of the one app and some in those of the other.
pub(super) fn holds_both_apps(export: &Export) -> bool {
    lies_in(export, "facebook") && lies_in(export, "instagram")
}

/// Whether a thread lies in a folder or zip that the app is part of the name of. The thread's own folder has a person's name.
pub(super) fn lies_in(export: &Export, app: &str) -> bool {
    let above =
        |path: &str| path.to_ascii_lowercase().rsplit_once("messages/").is_some_and(|(above, _)| above.contains(app));
    export.entries().iter().any(|entry| above(&entry.path) && is_thread(export, entry))
}

/// The format that is offered first, in which times have no zone.
pub(super) fn is_html(export: &Export) -> bool {
    let has = |extension| export.entries().iter().any(|entry| is_part_of_download(entry, extension));
    has(".html") && !has(".json")
}
