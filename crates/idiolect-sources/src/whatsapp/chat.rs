//! One chat's file: from lines to messages.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use idiolect_dataset::SourceError;
use jiff::civil::DateTime;

use super::copied::{self, Pasted};
use super::header::{self, Header};
use super::named::Notices;
use super::notice;
use super::sequence::{Fit, Sequence};
use super::shape::Shapes;
use crate::export::{Entry, Export, Line};
use crate::reading::{Stop, same_person};

/// The longest message, in bytes; WhatsApp's limit is 65,536 characters.
const MAX_TEXT: usize = 512 * 1024;
/// Senders in one chat; groups have at most some thousands.
const MAX_SENDERS: usize = 20_000;
/// Who writes no more than that may be part of a pasted line.
const FEW: u32 = 2;
/// Spellings of one name that are looked for in others.
const MAX_SPELLINGS: usize = 16;
/// Characters of a sender's name, and words of a notice, that are looked at.
const MAX_NAME: usize = 60;
const MAX_WORDS: usize = 60;
/// Answers in any chat in which somebody asks it, and is nobody.
pub(super) const ASSISTANT: &str = "Meta AI";

/// Who writes in a chat.
pub(super) struct Chat {
    /// Each with whether it is a sender and no part of a pasted line.
    senders: HashMap<Arc<str>, bool>,
    order: Vec<Arc<str>>,
    /// Lines that read as notices and lie out of the order of time: parts of a message, such as those of a plan.
    leaping: HashSet<u64>,
}

/// Names that are known before a chat is read.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) title: &'a str,
    pub(super) me: Option<&'a str>,
}

impl Known<'_> {
    /// A header's sender, also one whose name has a colon in it, and what follows.
    pub(super) fn sender_and_body<'l>(&self, header: &Header, line: &'l str) -> (Option<&'l str>, &'l str) {
        let rest = &line[header.rest..];
        let with_colon = [Some(self.title), self.me].into_iter().flatten().filter(|name| name.contains(": "));
        for name in with_colon {
            let Some(behind) = rest.strip_prefix(name) else { continue };
            let sender = Some(&rest[..name.len()]);
            return match (behind.strip_prefix(": "), behind.trim_end()) {
                (Some(body), _) => (sender, body),
                (None, ":") => (sender, ""),
                (None, ":.") => (sender, header::ONCE),
                (None, _) => (None, rest),
            };
        }
        header.sender_and_body(line)
    }
}

/// What is seen of a sender.
#[derive(Default)]
struct Writer {
    headers: u32,
    /// Those of them that do not leap.
    fitting: u32,
    best: Fit,
}

impl Writer {
    /// Who writes once or twice is taken for a sender only if that stands where its time puts it, and whoever writes more if
    /// most of it does: a line that is pasted again and again lands in its place once.
    fn is_sender(&self) -> bool {
        self.fitting * 2 > self.headers && (self.best >= Fit::Last || self.headers > FEW)
    }
}

/// A message or a notice.
pub(super) struct Message {
    pub(super) line: u64,
    /// `None` for a notice of the app.
    pub(super) sender: Option<Arc<str>>,
    pub(super) sent: Option<DateTime>,
    pub(super) text: String,
    /// Holds a message of somebody's that was copied with its header.
    pub(super) is_pasted: bool,
    /// Longer than any message; its text is cut.
    pub(super) is_too_long: bool,
}

impl Chat {
    /// Reads who writes: what looks like a header inside a message is told by its sender, who writes nothing else.
    pub(super) fn survey(
        export: &Export,
        entry: &Entry,
        shapes: &Shapes,
        known: Known<'_>,
    ) -> Result<Self, SourceError> {
        let mut writers: HashMap<Arc<str>, Writer> = HashMap::new();
        let mut order: Vec<Arc<str>> = Vec::new();
        let (mut notices, mut leaping, mut last) = (Notices::default(), HashSet::new(), 0);
        let mut sequence = Sequence::default();
        let mut pasted = Pasted::default();
        let mut lines = export.lines(entry)?;
        while let Some(line) = lines.next_line()? {
            let Some(header) = header::parse(line.text).filter(|header| shapes.is_own(header)) else { continue };
            let Some(time) = shapes.time(&header) else { continue };
            let (name, body) = known.sender_and_body(&header, line.text);
            if pasted.holds(time, copied::time(shapes, known, time, body)) {
                continue;
            }
            // iOS gives notices the chat's name as their sender.
            let is_marked = body.starts_with('\u{200E}') && body != header::ONCE;
            let name = name.filter(|_| !is_marked);
            let name = name.and_then(|name| match writers.get_key_value(name) {
                Some((known, _)) => Some(Arc::clone(known)),
                None if writers.len() < MAX_SENDERS => {
                    let name: Arc<str> = name.into();
                    writers.insert(Arc::clone(&name), Writer::default());
                    order.push(Arc::clone(&name));
                    Some(name)
                }
                None => None,
            });
            let seen = match name {
                Some(name) => Seen::By(name),
                None => Seen::Notice { line: line.number, words: body.into(), is_marked },
            };
            last = line.number;
            if let Some((seen, fit)) = sequence.push(time, seen) {
                note(&mut writers, &mut notices, &mut leaping, seen, fit);
            }
        }
        while let Some((seen, fit)) = sequence.pop() {
            note(&mut writers, &mut notices, &mut leaping, seen, fit);
        }
        // Nothing below the last one tells whether it leaps.
        leaping.remove(&last);
        let fitting = |fits: fn(&Writer) -> u32| writers.values().map(|writer| u64::from(fits(writer))).sum::<u64>();
        let is_in_order = fitting(|writer| writer.fitting) * 2 > fitting(|writer| writer.headers);
        let is_me = |name: &str| known.me.is_some_and(|me| same_person(name, me));
        let is_member = |name: &str| writers[name].best >= Fit::Late && notices.name(name);
        // In a file that is in no order the times tell nothing.
        order.retain(|name| !is_in_order || writers[name].is_sender() || is_me(name) || is_member(name));
        if !is_in_order {
            leaping.clear();
        }
        if !notices.call_group(known.title) {
            keep_two(&mut order, &writers, known, is_member);
        }
        let mut senders: HashMap<Arc<str>, bool> = writers.into_keys().map(|name| (name, false)).collect();
        senders.extend(order.iter().map(|name| (Arc::clone(name), true)));
        Ok(Self { senders, order, leaping })
    }

    /// The people who write, in the order in which they first do.
    pub(super) fn senders(&self) -> Vec<&str> {
        self.order.iter().map(|name| &**name).filter(|name| *name != ASSISTANT).collect()
    }

    /// Hands out every message and notice in the order of the lines.
    pub(super) fn messages(
        &self,
        export: &Export,
        entry: &Entry,
        shapes: &Shapes,
        known: Known<'_>,
        mut give: impl FnMut(Message) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let mut current: Option<Message> = None;
        let mut pasted = Pasted::default();
        let mut lines = export.lines(entry)?;
        while let Some(line) = lines.next_line()? {
            if let Some(message) = self.begins(shapes, known, &mut pasted, line, current.as_ref()) {
                if let Some(done) = current.replace(message) {
                    give(done)?;
                }
            } else if let Some(message) = &mut current {
                message.is_pasted |= copied::begins_one(shapes, known, message.sent, line.text);
                if message.text.len() + line.text.len() > MAX_TEXT {
                    message.is_too_long = true;
                } else {
                    message.text.push('\n');
                    message.text.push_str(line.text);
                }
            }
        }
        current.map_or(Ok(()), give)
    }

    /// The message that begins with this line, if one does; `above` is the one before it.
    fn begins(
        &self,
        shapes: &Shapes,
        names: Known<'_>,
        pasted: &mut Pasted,
        line: Line<'_>,
        above: Option<&Message>,
    ) -> Option<Message> {
        let header = header::parse(line.text)?;
        let (name, body) = names.sender_and_body(&header, line.text);
        let sent = shapes.time(&header);
        let copied = sent.and_then(|sent| copied::time(shapes, names, sent, body));
        if shapes.is_own(&header) && sent.is_some_and(|sent| pasted.holds(sent, copied)) {
            return None;
        }
        let known = name.and_then(|name| self.senders.get_key_value(name));
        let above = above.filter(|message| message.sender.is_some());
        let is_copied = || header.bracket && above.is_some_and(|above| sent < above.sent);
        let begins = match (shapes.is_own(&header), known) {
            // Somebody who never writes in order is a line pasted into a message; a notice's words are anybody's.
            (true, Some((_, is_sender))) => *is_sender,
            (true, None) => above.is_none() || !self.leaping.contains(&line.number) || self.is_notice(body),
            // Another form: pasted too, unless somebody of this chat is named. Then it is not this sender's own writing.
            (false, Some((_, is_sender))) => *is_sender && !is_copied(),
            (false, None) => false,
        };
        begins.then(|| Message {
            line: line.number,
            sender: known.map(|(name, _)| Arc::clone(name)),
            sent,
            text: body.to_owned(),
            is_pasted: copied.is_some() || copied::begins_one(shapes, names, sent, body),
            is_too_long: false,
        })
    }

    /// Whether what reads as a notice is one wherever it lies: it names a sender, or is known.
    fn is_notice(&self, body: &str) -> bool {
        let is_sender = |words: &str, end: usize| self.senders.get(&words[..end]) == Some(&true);
        let begins_with_sender = |words: &str| {
            // Chinese has no space behind a name.
            let goes_on = |next: char| next.is_lowercase() || next.is_uppercase() || next.is_numeric();
            let mut ends = words.char_indices().take(MAX_NAME).filter(|(_, next)| !goes_on(*next));
            ends.any(|(end, _)| is_sender(words, end)) || is_sender(words, words.len())
        };
        let starts = std::iter::once(0).chain(body.match_indices(' ').map(|(space, _)| space + 1));
        starts.take(MAX_WORDS).any(|start| begins_with_sender(&body[start..]))
            || notice::strip(body.to_owned()).is_err()
    }
}

/// Whose header it is.
enum Seen {
    By(Arc<str>),
    /// Nobody's, or that of one sender too many; marked it is a notice for certain.
    Notice {
        line: u64,
        words: Box<str>,
        is_marked: bool,
    },
}

fn note(
    writers: &mut HashMap<Arc<str>, Writer>,
    notices: &mut Notices,
    leaping: &mut HashSet<u64>,
    seen: Seen,
    fit: Fit,
) {
    match seen {
        Seen::By(name) => {
            let Some(writer) = writers.get_mut(&name) else { return };
            writer.headers += 1;
            writer.fitting += u32::from(fit != Fit::Leaps);
            writer.best = writer.best.max(fit);
        }
        Seen::Notice { line, is_marked: false, .. } if fit <= Fit::Ahead => _ = leaping.insert(line),
        Seen::Notice { words, .. } => notices.add(&words),
    }
}

/// A chat that is named after one of its senders has two: a third who hardly writes is part of a pasted line.
fn keep_two(
    order: &mut Vec<Arc<str>>,
    writers: &HashMap<Arc<str>, Writer>,
    known: Known<'_>,
    is_member: impl Fn(&str) -> bool,
) {
    let is_me = |name: &str| known.me.is_some_and(|me| same_person(name, me));
    let (named, others): (Vec<_>, Vec<_>) = order.iter().cloned().partition(|name| same_person(name, known.title));
    let other = others.iter().max_by_key(|name| (is_me(name), writers[*name].headers));
    let Some(other) = other.filter(|_| !named.is_empty()) else { return };
    // "Ana changed the subject from a: b" reads as a sender too, and stands for itself; so does what lies where its time puts it.
    let is_notice = |name: &Arc<str>| {
        named.iter().take(MAX_SPELLINGS).chain([other]).any(|sender| name != sender && name.contains(&**sender))
    };
    let is_third = |name: &Arc<str>| {
        name != other && !is_me(name) && !is_notice(name) && !is_member(name) && writers[name].best < Fit::Close
    };
    let hardly_writes = |name: &Arc<str>| {
        let headers = writers[name].headers;
        headers <= FEW && (is_me(other) || headers < writers[other].headers)
    };
    if others.iter().filter(|name| is_third(name)).all(hardly_writes) {
        order.retain(|name| same_person(name, known.title) || !is_third(name));
    }
}
