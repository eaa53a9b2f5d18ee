//! Who and which conversations there are: `users.json`, `channels.json`, `groups.json`, `dms.json`, `mpims.json`.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use idiolect_dataset::SourceError;
use serde::Deserialize;

use super::record::Profile;
use super::{Slack, days};
use crate::export::{Entry, Export};
use crate::json::{JsonReader, lenient};
use crate::reading::{Owner, Reading, by_counting, same_person};

const LISTS: [&str; 4] = ["channels.json", "groups.json", "dms.json", "mpims.json"];

#[derive(Deserialize)]
struct User {
    id: String,
    name: Option<String>,
    real_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    profile: Option<Profile>,
}

#[derive(Deserialize)]
struct Listed {
    id: String,
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    members: Option<Vec<String>>,
}

/// Who wrote a message, as the message says.
#[derive(Deserialize)]
struct Author {
    #[serde(default, deserialize_with = "lenient")]
    user: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    user_profile: Option<Profile>,
}

/// Names by id, and conversations by their folder.
#[derive(Default)]
pub(super) struct Directory {
    names: HashMap<String, Arc<str>>,
    conversations: HashMap<String, Conversation>,
}

#[derive(Clone)]
pub(super) struct Conversation {
    pub(super) id: Arc<str>,
    /// Its members but for the sender.
    pub(super) recipients: Option<u32>,
}

impl User {
    fn shown(&self) -> Option<&str> {
        let own =
            || [self.real_name.as_deref(), self.name.as_deref()].into_iter().flatten().find(|name| !name.is_empty());
        self.profile.as_ref().and_then(Profile::shown).or_else(own)
    }

    fn is(&self, me: &str) -> bool {
        let profile = self.profile.as_ref();
        let names = [
            Some(self.id.as_str()),
            self.name.as_deref(),
            self.real_name.as_deref(),
            profile.and_then(|profile| profile.display_name.as_deref()),
            profile.and_then(|profile| profile.real_name.as_deref()),
            profile.and_then(|profile| profile.email.as_deref()),
        ];
        names.into_iter().flatten().any(|name| !name.is_empty() && same_person(name, me))
    }
}

impl Directory {
    pub(super) fn read(export: &Export) -> Result<Self, SourceError> {
        let mut directory = Self::default();
        each::<User>(export, &["users.json", "org_users.json"], |user| {
            if let Some(name) = user.shown().map(Arc::from) {
                directory.names.insert(user.id, name);
            }
        })?;
        each::<Listed>(export, &LISTS, |listed| {
            let members = listed.members.map(|members| members.len().saturating_sub(1)).filter(|count| *count > 0);
            let conversation = Conversation {
                id: listed.id.as_str().into(),
                recipients: members.and_then(|count| u32::try_from(count).ok()),
            };
            // Direct conversations have no name and their id's folder.
            if let Some(name) = listed.name {
                directory.conversations.insert(name, conversation.clone());
            }
            directory.conversations.insert(listed.id, conversation);
        })?;
        // Members of other workspaces are not in users.json, and their names stand with their messages alone.
        each_in(export, days(export), |author: Author| {
            if let Some((user, profile)) = author.user.zip(author.user_profile)
                && !directory.names.contains_key(&user)
                && let Some(name) = profile.shown().map(Arc::from)
            {
                directory.names.insert(user, name);
            }
        })?;
        Ok(directory)
    }

    pub(super) fn name(&self, id: &str) -> Option<&Arc<str>> {
        self.names.get(id)
    }

    /// The conversation in a folder; of its own name where nothing lists it.
    pub(super) fn conversation(&self, entry: &Entry) -> Option<Conversation> {
        let folder = entry.folder().rsplit('/').next().filter(|folder| !folder.is_empty())?;
        let known = self.conversations.get(folder).cloned();
        Some(known.unwrap_or_else(|| Conversation { id: folder.into(), recipients: None }))
    }
}

/// Gives every element of the lists in the files of these names; what is of another shape is passed over.
fn each<T: serde::de::DeserializeOwned>(
    export: &Export,
    names: &[&str],
    take: impl FnMut(T),
) -> Result<(), SourceError> {
    let is_one = |entry: &&Entry| names.iter().any(|name| entry.original_name().eq_ignore_ascii_case(name));
    each_in(export, export.entries().iter().filter(is_one), take)
}

fn each_in<'e, T: serde::de::DeserializeOwned>(
    export: &Export,
    entries: impl IntoIterator<Item = &'e Entry>,
    mut take: impl FnMut(T),
) -> Result<(), SourceError> {
    for entry in entries {
        JsonReader::open(export, entry)?.items(|_, item| {
            item.into_iter().for_each(&mut take);
            Ok::<(), SourceError>(())
        })?;
    }
    Ok(())
}

pub(super) fn owner(reader: &Slack, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
    match reading.me() {
        Some(me) => given(export, me),
        None => match in_every_direct_conversation(export)? {
            Some(owner) => Ok(owner),
            None => by_counting(reader, export, reading),
        },
    }
}

/// By the member's id: names repeat.
fn given(export: &Export, me: &str) -> Result<Owner, SourceError> {
    let mut ids = BTreeSet::new();
    each::<User>(export, &["users.json", "org_users.json"], |user| {
        if user.is(me) {
            ids.insert(user.id);
        }
    })?;
    match (ids.len(), ids.pop_first()) {
        (_, None) => Ok(Owner::Given { name: me.to_owned() }),
        (1, Some(id)) => Ok(Owner::Given { name: id }),
        (several, Some(_)) => {
            let reason = format!("{several} of its members are called as --me says");
            Err(export.refused(reason, "pass --me with the member's id or e-mail address"))
        }
    }
}

/// Who has exported their own conversations is in all the direct ones, where there are several.
fn in_every_direct_conversation(export: &Export) -> Result<Option<Owner>, SourceError> {
    let mut common: Option<Vec<String>> = None;
    let mut others = 0;
    each::<Listed>(export, &["dms.json"], |listed| {
        let Some(members) = listed.members.filter(|members| members.len() == 2 && members[0] != members[1]) else {
            return;
        };
        others += 1;
        common = Some(match common.take() {
            None => members,
            Some(common) => common.into_iter().filter(|id| members.contains(id)).collect(),
        });
    })?;
    match common.as_deref() {
        Some([id]) if others > 1 => {
            Ok(Some(Owner::Inferred { name: id.clone(), why: "one member is in every direct conversation".into() }))
        }
        _ => Ok(None),
    }
}
