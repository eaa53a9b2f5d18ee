//! From a page's tags to its messages. The pages are XHTML by their word, with `<br>` unclosed.

use jiff::Timestamp;

use crate::xml::Tag;

/// The longest text of one message, in bytes.
const MAX_TEXT: usize = 1024 * 1024;
/// Far more than a group may have: its conversation's id names them all, and stands in each of its messages.
const MAX_PARTICIPANTS: usize = 200;

/// A message of a conversation's page.
#[derive(Default, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(super) struct Message {
    /// From 1.
    pub(super) line: u64,
    pub(super) sent: Option<Timestamp>,
    pub(super) by_me: bool,
    pub(super) tel: Option<String>,
    pub(super) text: String,
    pub(super) has_picture: bool,
    pub(super) too_long: bool,
}

/// Reads a page tag by tag.
#[derive(Default)]
pub(super) struct Page {
    /// Whether it is a conversation and not a call's page.
    pub(super) is_conversation: bool,
    /// The numbers of those whom a group's page lists.
    pub(super) participants: Vec<String>,
    message: Option<Message>,
    inside: Inside,
    /// `div`s within the message's own.
    divs: u32,
    /// The `br` just before has made the line break that stands in the source as well.
    after_break: bool,
}

/// Which text is being read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    Participants,
    Text,
}

impl Page {
    /// A message that ended because another begins: pages whose `div`s are not closed lose none.
    pub(super) fn open(&mut self, tag: &Tag<'_>, closed: bool, line: u64) -> Option<Message> {
        let class = tag.attribute("class").unwrap_or_default();
        let has = |wanted: &str| class.split_ascii_whitespace().any(|class| class == wanted);
        match tag.name() {
            "div" if has("hChatLog") => self.is_conversation = true,
            "div" if has("participants") => self.inside = Inside::Participants,
            "div" if has("message") => {
                self.divs = 0;
                self.inside = Inside::Nothing;
                return self.message.replace(Message { line, ..Message::default() });
            }
            "div" if !closed => self.divs += 1,
            "a" if has("tel") => self.tel(tag),
            "br" if self.inside == Inside::Text => {
                self.push("\n");
                self.after_break = true;
            }
            "abbr" | "span" | "q" | "img" | "audio" | "video" => self.part(tag, &has),
            _ => {}
        }
        None
    }

    fn part(&mut self, tag: &Tag<'_>, has: &dyn Fn(&str) -> bool) {
        let Some(message) = &mut self.message else { return };
        match tag.name() {
            "abbr" if has("dt") => message.sent = tag.attribute("title").and_then(|time| time.trim().parse().ok()),
            // Others stand in a `span`, also one whom the owner's contacts call "Me". With a title it is somebody's whole name, shortened
            // before one's eyes.
            "abbr" if has("fn") => {
                message.by_me = tag.attribute("title").is_none_or(|title| title.trim().is_empty());
            }
            "q" => self.inside = Inside::Text,
            "img" | "audio" | "video" => message.has_picture = true,
            _ => {}
        }
    }

    fn tel(&mut self, tag: &Tag<'_>) {
        let number = tag.attribute("href").and_then(|link| Some(link.strip_prefix("tel:")?.to_owned()));
        let Some(number) = number.filter(|number| !number.is_empty()) else { return };
        match &mut self.message {
            Some(message) => message.tel = Some(number),
            None if self.inside == Inside::Participants && self.participants.len() < MAX_PARTICIPANTS => {
                self.participants.push(number);
            }
            None => {}
        }
    }

    /// The message whose `div` this closes.
    pub(super) fn close(&mut self, name: &str) -> Option<Message> {
        match name {
            "q" | "span" | "abbr" => self.inside = if self.message.is_some() { Inside::Nothing } else { self.inside },
            "div" if self.message.is_none() => self.inside = Inside::Nothing,
            "div" if self.divs == 0 => return self.message.take(),
            "div" => self.divs -= 1,
            _ => {}
        }
        None
    }

    pub(super) fn text(&mut self, text: &str) {
        match self.inside {
            Inside::Text => {
                let text = if self.after_break { text.strip_prefix('\n').unwrap_or(text) } else { text };
                self.push(text);
            }
            Inside::Nothing | Inside::Participants => {}
        }
    }

    fn push(&mut self, text: &str) {
        self.after_break = false;
        let Some(message) = &mut self.message else { return };
        if message.text.len() + text.len() > MAX_TEXT {
            message.too_long = true;
        } else {
            message.text.push_str(text);
        }
    }

    /// The message that the page's end leaves open.
    pub(super) fn end(&mut self) -> Option<Message> {
        self.message.take()
    }
}
