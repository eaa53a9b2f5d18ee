//! One chat's file: from lines to messages.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use idiolect_dataset::SourceError;
use jiff::civil::DateTime;
use jiff::{Span, ToSpan};

use super::header;
use super::shape::Shapes;
use crate::export::{Entry, Export};
use crate::reading::Stop;

/// The longest message, in bytes; WhatsApp's limit is 65,536 characters.
const MAX_TEXT: usize = 512 * 1024;
/// Senders in one chat; groups have at most some thousands.
const MAX_SENDERS: usize = 20_000;
/// How far a message may lie before the one above it: phones deliver late.
fn slack() -> Span {
    1.day()
}
/// Headers that are looked at below one, to tell whether it is in order: more than anybody pastes.
const AHEAD: usize = 5;

/// Who writes in a chat.
pub(super) struct Chat {
    /// Each with whether a message of theirs stands where its time puts it.
    senders: HashMap<Arc<str>, bool>,
    order: Vec<Arc<str>>,
}

/// A message or a notice.
pub(super) struct Message {
    pub(super) line: u64,
    /// `None` for a notice of the app.
    pub(super) sender: Option<Arc<str>>,
    pub(super) sent: Option<DateTime>,
    pub(super) text: String,
    /// Longer than any message; its text is cut.
    pub(super) is_too_long: bool,
}

impl Chat {
    /// Reads who writes: what looks like a header inside a message is told by its sender, who writes nothing else.
    pub(super) fn survey(export: &Export, entry: &Entry, shapes: &Shapes) -> Result<Self, SourceError> {
        let mut senders: HashMap<Arc<str>, bool> = HashMap::new();
        let mut order: Vec<Arc<str>> = Vec::new();
        let mut sequence = Sequence::default();
        let mut lines = export.lines(entry)?;
        while let Some((_, line)) = lines.next_line()? {
            let Some(header) = header::parse(line).filter(|header| shapes.is_own(header)) else { continue };
            let Some(time) = shapes.time(&header) else { continue };
            let (name, body) = header.sender_and_body(line);
            // iOS gives notices the chat's name as their sender.
            let name = name.filter(|_| !body.starts_with('\u{200E}') || body == header::ONCE);
            let name = name.and_then(|name| match senders.get_key_value(name) {
                Some((known, _)) => Some(Arc::clone(known)),
                None if senders.len() < MAX_SENDERS => {
                    let name: Arc<str> = name.into();
                    senders.insert(Arc::clone(&name), false);
                    order.push(Arc::clone(&name));
                    Some(name)
                }
                None => None,
            });
            if let Some(in_order) = sequence.push(time, name) {
                senders.insert(in_order, true);
            }
        }
        while !sequence.pending.is_empty() {
            if let Some(in_order) = sequence.pop() {
                senders.insert(in_order, true);
            }
        }
        order.retain(|name| senders[name]);
        Ok(Self { senders, order })
    }

    /// Those who write, in the order in which they first do.
    pub(super) fn senders(&self) -> Vec<&str> {
        self.order.iter().map(|name| &**name).collect()
    }

    /// Hands out every message and notice in the order of the lines.
    pub(super) fn messages(
        &self,
        export: &Export,
        entry: &Entry,
        shapes: &Shapes,
        mut give: impl FnMut(Message) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut current: Option<Message> = None;
        let mut lines = export.lines(entry)?;
        while let Some((number, line)) = lines.next_line()? {
            if let Some(message) = self.begins(shapes, number, line) {
                if let Some(done) = current.replace(message) {
                    give(done)?;
                }
            } else if let Some(message) = &mut current {
                if message.text.len() + line.len() > MAX_TEXT {
                    message.is_too_long = true;
                } else {
                    message.text.push('\n');
                    message.text.push_str(line);
                }
            }
        }
        current.map_or(Ok(()), give)
    }

    /// The message that begins with this line, if one does.
    fn begins(&self, shapes: &Shapes, number: u64, line: &str) -> Option<Message> {
        let header = header::parse(line)?;
        let (name, body) = header.sender_and_body(line);
        let known = name.and_then(|name| self.senders.get_key_value(name));
        let begins = match (shapes.is_own(&header), known) {
            // Somebody who never writes in order is a line pasted into a message; a notice's words are anybody's.
            (true, Some((_, in_order))) => *in_order,
            (true, None) => true,
            // Another form: pasted too, unless somebody of this chat is named. Then it is not this sender's own writing.
            (false, Some((_, in_order))) => *in_order,
            (false, None) => false,
        };
        begins.then(|| Message {
            line: number,
            sender: known.map(|(name, _)| Arc::clone(name)),
            sent: shapes.time(&header),
            text: body.to_owned(),
            is_too_long: false,
        })
    }
}

/// Headers in the order of their lines, to tell those that leap out of the order of time.
#[derive(Default)]
struct Sequence {
    /// The last one in order.
    earlier: Option<DateTime>,
    pending: VecDeque<(DateTime, Option<Arc<str>>)>,
}

impl Sequence {
    /// Adds a header; gives the sender of one some lines above, if that one is in order.
    fn push(&mut self, time: DateTime, sender: Option<Arc<str>>) -> Option<Arc<str>> {
        self.pending.push_back((time, sender));
        if self.pending.len() > AHEAD { self.pop() } else { None }
    }

    fn pop(&mut self) -> Option<Arc<str>> {
        let (at, sender) = self.pending.pop_front()?;
        let not_before =
            |earlier: DateTime, later: DateTime| earlier.checked_sub(slack()).is_ok_and(|earlier| earlier <= later);
        let mut next = self.pending.iter().map(|(time, _)| *time);
        // A leap forward is followed by none that is later still.
        let is_followed = self.pending.is_empty() || next.clone().any(|next| not_before(at, next));
        let in_order = match self.earlier {
            None => is_followed,
            Some(earlier) if not_before(earlier, at) => is_followed,
            // A leap back that all the next ones share is another chat, put behind the first.
            Some(earlier) => self.pending.len() >= AHEAD && next.all(|next| !not_before(earlier, next)) && is_followed,
        };
        if in_order {
            self.earlier = Some(at);
        }
        sender.filter(|_| in_order)
    }
}
