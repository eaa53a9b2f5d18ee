//! Who "me" is: the account of a full export, or who is not the other in a chat of two.

use std::collections::BTreeSet;

use idiolect_dataset::SourceError;

use super::record::{Account, account_number};
use super::{Telegram, entries, walk};
use crate::export::Export;
use crate::reading::{self, Owner, Reading, Stop, by_counting, same_person};

/// The account that the export is of; `None` where it is of single chats.
pub(super) fn account(export: &Export) -> Result<Option<Account>, SourceError> {
    let mut found: Option<Account> = None;
    for entry in entries(export) {
        let mut in_file = None;
        Stop::failure(walk::parts(export, entry, |_, part| {
            if let walk::Part::Account(account) = part {
                in_file = Some(account);
            }
            // The account stands before the chats.
            Err(Stop::Enough)
        }))?;
        match (&found, in_file) {
            (Some(first), Some(second)) if first.number() != second.number() => {
                let advice = "name the result.json of the account you mean";
                return Err(export.refused("it holds exports of several accounts", advice));
            }
            (None, Some(account)) => found = Some(account),
            _ => {}
        }
    }
    Ok(found)
}

pub(super) fn of(reader: &Telegram, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
    if let Some(account) = account(export)? {
        let why = "personal_information names the account".to_owned();
        return Ok(Owner::Marked { names: account.names(), why });
    }
    let Some(pair) = chat_of_two(export)? else {
        return match reading.me() {
            Some(me) => Ok(Owner::Given { name: number_or_name(export, me)? }),
            None => by_counting(reader, export, reading),
        };
    };
    // By the number: names change, and others may bear the same.
    let number = pair.me.number.clone();
    let given = reading.me().map(|me| if pair.me.is(me) { Ok(number.clone()) } else { number_or_name(export, me) });
    match given.transpose()? {
        None => {
            let called = pair.me.name.as_ref().map(|name| format!(", and yours is called {name}")).unwrap_or_default();
            let why = format!("the chat is with one other account, whose number it bears{called}");
            Ok(Owner::Inferred { name: number, why })
        }
        Some(me) if pair.other.is(&me) => {
            let why = "the chat is with one other account, whose number it bears".to_owned();
            Ok(Owner::Marked { names: pair.me.names(), why })
        }
        Some(name) => Ok(Owner::Given { name }),
    }
}

/// The number of the one account that is called `me`, which may have other names in other messages; the name where none is or several.
fn number_or_name(export: &Export, me: &str) -> Result<String, SourceError> {
    let mut person = reading::Person::named(me);
    let mut numbers: BTreeSet<Option<String>> = BTreeSet::new();
    for entry in entries(export) {
        let read = walk::parts(export, entry, |_, part| {
            let walk::Part::Message(_, Some(message)) = part else { return Ok(()) };
            if message.sender_name().is_some_and(|name| person.is(name)) {
                numbers.insert(message.sender_id().map(|number| number.into_owned()));
            }
            if numbers.len() > 1 { Err(Stop::Enough) } else { Ok(()) }
        });
        Stop::failure(read)?;
    }
    let only = numbers.pop_first().flatten().filter(|_| numbers.is_empty());
    Ok(only.unwrap_or_else(|| account_number(me).to_owned()))
}

#[derive(Clone)]
struct Person {
    name: Option<String>,
    number: String,
}

impl Person {
    fn is(&self, me: &str) -> bool {
        self.number == account_number(me) || self.name.as_deref().is_some_and(|name| same_person(name, me))
    }

    fn names(&self) -> Vec<String> {
        self.name.iter().cloned().chain([self.number.clone()]).collect()
    }
}

struct Pair {
    me: Person,
    other: Person,
}

/// Both people of the export's chats of two, where these leave no doubt: each chat's number is one sender's, and the other
/// sender is the same in all of them.
fn chat_of_two(export: &Export) -> Result<Option<Pair>, SourceError> {
    let mut pair: Option<Pair> = None;
    for entry in entries(export) {
        let (mut me, mut other) = (None, None);
        let read = walk::parts(export, entry, |chat, part| {
            let walk::Part::Message(_, Some(message)) = part else { return Ok(()) };
            let (Some(other_id), Some(sender)) = (chat.other(), message.sender_id()) else { return Ok(()) };
            let person =
                || Person { name: message.sender_name().map(str::to_owned), number: sender.clone().into_owned() };
            let side = if sender == other_id { &mut other } else { &mut me };
            side.get_or_insert_with(person);
            if me.is_some() && other.is_some() { Err(Stop::Enough) } else { Ok(()) }
        });
        Stop::failure(read)?;
        let (Some(me), Some(other)) = (me, other) else { continue };
        match &pair {
            Some(pair) if pair.me.number != me.number => return Ok(None),
            Some(_) => {}
            None => pair = Some(Pair { me, other }),
        }
    }
    Ok(pair)
}
