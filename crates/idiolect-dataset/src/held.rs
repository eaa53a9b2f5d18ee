//! The window's messages, their ids and texts end to end in one piece of memory: a million small strings take longer to ask
//! for and to give back than to fill.

use std::cmp::Ordering;
use std::num::NonZeroU32;

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use crate::clean::{CleanSettings, Judgement};
use crate::look::{Look, Mark};
use crate::{Message, redact};

/// Messages of one conversation that follow each other later than this say nothing of one another.
const BESIDE: SignedDuration = SignedDuration::from_mins(10);

#[derive(Default)]
pub(crate) struct HeldMessages {
    /// Each message's id with its text behind it.
    letters: String,
    messages: Vec<Held>,
    /// Conversations by number, in order of appearance.
    conversations: FxHashMap<String, NonZeroU32>,
}

/// A message whose letters are held elsewhere.
#[derive(Clone, Copy)]
struct Held {
    timestamp: Timestamp,
    start: usize,
    id_end: usize,
    end: usize,
    look: Look,
    conversation: Option<NonZeroU32>,
    /// The messages before it and after it in its conversation, none between that says something, each if it may announce what this one
    /// holds; by their places.
    before: Option<u32>,
    after: Option<u32>,
}

/// A message as it is held.
#[derive(Clone, Copy)]
pub(crate) struct HeldMessage<'a> {
    pub(crate) timestamp: Timestamp,
    pub(crate) text: &'a str,
    /// At the text.
    pub(crate) look: Look,
    /// The texts of the messages beside it that may announce what it holds, or empty.
    pub(crate) before: &'a str,
    pub(crate) after: &'a str,
    /// Numbered, the same for the same conversation.
    pub(crate) conversation: Option<NonZeroU32>,
}

impl HeldMessages {
    /// Takes a message after a `look` at its text.
    pub(crate) fn push(&mut self, message: &Message, mut look: Look) {
        let start = self.letters.len();
        self.letters.push_str(&message.message_id);
        let id_end = self.letters.len();
        if look.holds(Mark::NotAscii) && redact::may_be_decomposed(&message.text) {
            // Rules and examples have one spelling of each letter.
            self.letters.extend(message.text.nfc());
            look = Look::at(&self.letters[id_end..]);
        } else {
            self.letters.push_str(&message.text);
        }
        let conversation = message.conversation_id.as_deref().map(|id| self.conversation(id));
        let (timestamp, end) = (message.timestamp, self.letters.len());
        self.messages.push(Held { timestamp, start, id_end, end, look, conversation, before: None, after: None });
    }

    fn conversation(&mut self, id: &str) -> NonZeroU32 {
        if let Some(number) = self.conversations.get(id) {
            return *number;
        }
        let number = NonZeroU32::MIN.saturating_add(self.conversations.len() as u32);
        self.conversations.insert(id.to_owned(), number);
        number
    }

    pub(crate) fn len(&self) -> usize {
        self.messages.len()
    }

    /// In the order that they were put into.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = HeldMessage<'_>> {
        let text_at = |place: Option<u32>| place.map_or("", |place| self.messages[place as usize].text(&self.letters));
        self.messages.iter().map(move |held| HeldMessage {
            timestamp: held.timestamp,
            text: held.text(&self.letters),
            look: held.look,
            before: text_at(held.before),
            after: text_at(held.after),
            conversation: held.conversation,
        })
    }

    /// Puts them into chronological order, ties by id (and text and conversation, should a source repeat one), each message once; gives how many
    /// were repeated.
    pub(crate) fn sort(&mut self) -> u64 {
        let letters = self.letters.as_str();
        let mut names = vec![""; self.conversations.len() + 1];
        self.conversations.iter().for_each(|(name, number)| names[number.get() as usize] = name);
        let conversation = |held: &Held| held.conversation.map(|number| names[number.get() as usize]);
        let compared = |a: &Held, b: &Held| {
            a.timestamp.cmp(&b.timestamp).then_with(|| match a.id(letters).cmp(b.id(letters)) {
                Ordering::Equal => {
                    a.text(letters).cmp(b.text(letters)).then_with(|| conversation(a).cmp(&conversation(b)))
                }
                unequal => unequal,
            })
        };
        // Most sources are in order already.
        if !self.messages.is_sorted_by(|a, b| compared(a, b).is_le()) {
            self.messages.sort_unstable_by(compared);
        }
        let before = self.messages.len();
        self.messages.dedup_by(|a, b| a.timestamp == b.timestamp && a.id(letters) == b.id(letters));
        self.pair();
        (before - self.messages.len()) as u64
    }

    /// Finds what may be announced by a message beside it. Messages whose conversation is not known are taken for one.
    fn pair(&mut self) {
        self.find_announced(0..self.messages.len(), |held| &mut held.before);
        self.find_announced((0..self.messages.len()).rev(), |held| &mut held.after);
    }

    /// Going through the `places`, notes `beside` each message which one may announce what it holds.
    fn find_announced(&mut self, places: impl Iterator<Item = usize>, beside: fn(&mut Held) -> &mut Option<u32>) {
        // Of each conversation the message that announces something, as long as those after it say nothing.
        let mut announcing: Vec<Option<u32>> = vec![None; self.conversations.len() + 1];
        for place in places {
            let held = self.messages[place];
            let announcing = &mut announcing[held.conversation.map_or(0, NonZeroU32::get) as usize];
            if let Some(other) = *announcing {
                let one = self.messages[other as usize];
                let text = held.text(&self.letters);
                let is_beside = held.timestamp.duration_since(one.timestamp).abs() <= BESIDE;
                if is_beside && redact::may_announce(one.look, held.look, text) {
                    *beside(&mut self.messages[place]) = Some(other);
                }
                if is_beside && says_nothing(held.look, text) {
                    // A link may hold such a word, too.
                    continue;
                }
                *announcing = None;
            }
            if redact::announces(held.look) {
                *announcing = Some(place as u32);
            }
        }
    }
}

/// Whether `text`, after a `look` at it, is blank, emoji, a link or what an app wrote: it parts nothing.
fn says_nothing(look: Look, text: &str) -> bool {
    let rules = CleanSettings::default();
    rules.own_words(look, text).is_nothing() || matches!(rules.judge(look, text, false), Judgement::Goes(_))
}

impl Held {
    fn id<'a>(&self, letters: &'a str) -> &'a str {
        &letters[self.start..self.id_end]
    }

    fn text<'a>(&self, letters: &'a str) -> &'a str {
        &letters[self.id_end..self.end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(messages: &[(&str, i64, &str, Option<&str>)]) -> HeldMessages {
        let mut held = HeldMessages::default();
        for &(id, second, text, conversation) in messages {
            let message = Message {
                message_id: id.to_owned(),
                timestamp: Timestamp::from_second(second).unwrap(),
                text: text.to_owned(),
                conversation_id: conversation.map(str::to_owned),
                recipient_count: None,
            };
            held.push(&message, Look::at(text));
        }
        held
    }

    #[test]
    fn messages_come_in_order_and_once() {
        let mut messages =
            held(&[("b", 2, "later", None), ("c", 1, "é", None), ("a", 1, "", None), ("c", 1, "another é", None)]);
        assert_eq!(messages.sort(), 1);
        let texts: Vec<&str> = messages.iter().map(|message| message.text).collect();
        assert_eq!(texts, ["", "another é", "later"]);
    }

    #[test]
    fn which_of_two_conversations_a_repeated_message_is_in_does_not_depend_on_their_order() {
        let kept = |order: [&str; 2]| {
            let mut messages = held(&order.map(|conversation| ("a", 1, "x", Some(conversation))));
            assert_eq!(messages.sort(), 1);
            let number = messages.iter().next().unwrap().conversation.unwrap();
            messages.conversations.iter().find(|(_, at)| **at == number).unwrap().0.clone()
        };
        assert_eq!([kept(["jo", "mo"]), kept(["mo", "jo"])], ["jo", "jo"]);
    }

    #[test]
    fn letters_are_held_with_their_accents() {
        let messages = held(&[("a", 1, "caffe\u{300} n\u{303}", None), ("b", 2, "né パス", None)]);
        assert_eq!(messages.iter().map(|message| message.text).collect::<Vec<_>>(), ["caffè ñ", "né パス"]);
    }

    #[test]
    fn what_says_nothing_parts_no_announcement_from_what_it_announces() {
        for between in ["", "\u{200b}", "👇", "https://example.com/a", "Liked “see you”", "<Media omitted>"] {
            let texts = |messages: &[(&str, i64, &str, Option<&str>)]| {
                let mut messages = held(messages);
                messages.sort();
                let last = messages.iter().last().unwrap();
                let first = messages.iter().next().unwrap();
                (first.after.to_owned(), last.before.to_owned())
            };
            let announcement = "the wifi password is";
            let (_, before) =
                texts(&[("a", 1, announcement, None), ("b", 2, between, None), ("c", 3, "bluefish77", None)]);
            assert_eq!(before, announcement, "{between:?}");
            let (after, _) =
                texts(&[("a", 1, "bluefish77", None), ("b", 2, between, None), ("c", 3, announcement, None)]);
            assert_eq!(after, announcement, "{between:?}");
            let (_, before) =
                texts(&[("a", 1, announcement, None), ("b", 2, between, None), ("c", 602, "bluefish77", None)]);
            assert_eq!(before, "", "{between:?}");
        }
        let mut parted =
            held(&[("a", 1, "the wifi password is", None), ("b", 2, "ok wait", None), ("c", 3, "bluefish77", None)]);
        parted.sort();
        assert_eq!(parted.iter().last().unwrap().before, "");
    }

    #[test]
    fn an_id_ends_where_its_text_begins() {
        let mut messages = held(&[("a", 1, "bc", None), ("ab", 1, "c", None)]);
        assert_eq!(messages.sort(), 0);
        assert_eq!(messages.iter().map(|message| message.text).collect::<Vec<_>>(), ["bc", "c"]);
    }

    #[test]
    fn a_conversation_keeps_its_number() {
        let messages = held(&[
            ("a", 1, "x", Some("jo")),
            ("b", 2, "x", None),
            ("c", 3, "x", Some("mo")),
            ("d", 4, "x", Some("jo")),
        ]);
        let numbers: Vec<_> = messages.iter().map(|message| message.conversation.map(NonZeroU32::get)).collect();
        assert_eq!(numbers, [Some(1), None, Some(2), Some(1)]);
    }
}
