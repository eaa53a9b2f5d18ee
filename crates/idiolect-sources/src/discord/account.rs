//! `user.json`: whose package it is, and the names of those they know.

use std::collections::HashMap;

use idiolect_dataset::SourceError;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

use crate::export::{Entry, Export};
use crate::json::{JsonReader, Kind, Scalar, lenient};
use crate::reading::{Owner, Reading, same_person};

/// People whose names are kept, to write mentions as they were typed.
const MAX_PEOPLE: usize = 100_000;

#[derive(Default)]
pub(super) struct Account {
    id: Option<String>,
    names: Vec<String>,
    /// Names by id, the owner's own included.
    pub(super) people: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Relationship {
    id: Option<Scalar>,
    #[serde(default, deserialize_with = "lenient")]
    user: Option<User>,
}

#[derive(Deserialize)]
struct User {
    username: Option<String>,
    global_name: Option<String>,
}

/// The package's account; `None` where the package has none.
pub(super) fn read(export: &Export) -> Result<Option<Account>, SourceError> {
    let mut found: Option<Account> = None;
    for entry in export.called("user.json") {
        let account = file(export, entry)?;
        match &found {
            _ if account.id.is_none() => {}
            None => found = Some(account),
            Some(first) if first.id == account.id => {}
            Some(_) => {
                let advice = "name the folder or zip of the account you mean";
                return Err(export.refused("it holds packages of several accounts", advice));
            }
        }
    }
    Ok(found)
}

fn file(export: &Export, entry: &Entry) -> Result<Account, SourceError> {
    let mut json = JsonReader::open(export, entry)?;
    let mut account = Account::default();
    json.expect(Kind::Object)?;
    while let Some(key) = json.next_key()? {
        match (key.as_str(), json.peek()?) {
            ("id", Kind::Other) => account.id = json.field()?.map(|Scalar(id)| id),
            ("username" | "global_name" | "email", Kind::Other) => {
                account.names.extend(json.field::<String>()?.filter(|name| !name.is_empty()));
            }
            ("relationships", Kind::Array) => {
                json.expect(Kind::Array)?;
                while json.next_item()? {
                    let Some(Relationship { id: Some(Scalar(id)), user: Some(user) }) = json.field()? else { continue };
                    if let Some(name) = user.global_name.or(user.username).filter(|_| account.people.len() < MAX_PEOPLE)
                    {
                        account.people.insert(id, name);
                    }
                }
            }
            _ => json.skip()?,
        }
    }
    if let (Some(id), Some(name)) = (&account.id, account.names.first()) {
        account.people.insert(id.clone(), name.clone());
    }
    Ok(account)
}

/// A package holds its owner's messages only.
pub(super) fn owner(export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
    let Some(account) = read(export)? else {
        let why = "a Discord package holds its owner's messages only".to_owned();
        return Ok(Owner::Marked { names: Vec::new(), why });
    };
    let mut names: Vec<String> = account.names.into_iter().chain(account.id).collect();
    if let Some(me) = reading.me()
        && names.iter().any(|name| plain(name) == plain(me) || same_person(name, me))
    {
        names.push(me.to_owned());
    }
    Ok(Owner::Marked {
        names,
        why: "user.json names the account, and a package holds its owner's messages only".into(),
    })
}

/// Usernames are a person's name in small letters, without what a username cannot have, accents among it.
fn plain(name: &str) -> String {
    let name = name.split_once('@').map_or(name, |(name, _)| name);
    name.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
