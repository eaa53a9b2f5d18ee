//! Who writes in a chat, each counted once. iOS puts `~` before the name that somebody chose who was not in the address book, and the
//! same person can be there under both; the owner of the export bears their name without it, so beside that one a `~` of the same name is another.

use std::collections::{HashMap, HashSet};

use crate::reading::{is_name_of_choice, person_key};

pub(super) struct People<'a> {
    /// Each with whether they have a name without `~`.
    all: HashMap<String, bool>,
    /// Names with `~` of which the chat has the same without it, with that.
    strangers: HashMap<&'a str, String>,
}

impl<'a> People<'a> {
    pub(super) fn of(senders: &[&'a str]) -> Self {
        let mut all = HashMap::new();
        for name in senders {
            *all.entry(person_key(name)).or_default() |= !is_name_of_choice(name);
        }
        let chosen = senders.iter().filter(|name| is_name_of_choice(name)).map(|name| (*name, person_key(name)));
        let strangers = chosen.filter(|(_, key)| all[key]).collect();
        Self { all, strangers }
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// Whether anybody is called so.
    pub(super) fn has(&self, name: &str) -> bool {
        self.all.contains_key(&person_key(name))
    }

    /// How many others write beside whoever is called `me`: a stranger of that name is another.
    pub(super) fn beside(&self, me: &str) -> usize {
        let me = person_key(me);
        let namesakes: HashSet<&String> = self.strangers.values().filter(|key| **key == me).collect();
        self.all.keys().filter(|key| **key != me).count() + namesakes.len()
    }

    /// Whether somebody called so is not the owner, whoever that is.
    pub(super) fn is_stranger(&self, name: &str) -> bool {
        self.strangers.contains_key(name)
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::Fixture;

    #[test]
    fn a_name_that_a_stranger_chose_is_one_with_that_of_the_address_book_and_never_that_of_the_owner() {
        let chat = "[20/11/2023, 09:03:00] Lux: hi\n\
            [20/11/2023, 09:03:30] ~\u{202f}Lux: hi again\n\
            [21/11/2023, 09:04:00] ~\u{202f}Wren: of another\n\
            [22/11/2023, 09:04:00] Wren: mine\n\
            [22/11/2023, 09:05:00] Bo: so\n";
        let files = [("WhatsApp Chat - hall/_chat.txt", chat)];
        let read = Fixture::new(files).me("Wren").extract().unwrap();
        assert_eq!(read.texts(), ["mine"]);
        // Lux, Bo and the other Wren.
        assert_eq!(read.messages[0].recipient_count, Some(3));
        let read = Fixture::new(files).me("Bo").extract().unwrap();
        assert_eq!(read.messages[0].recipient_count, Some(2));
    }
}
