//! From a reader's records to the person's messages in the window.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use idiolect_dataset::{ExtractionReport, Message, SourceError};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use super::owner::Owner;
use super::person::{Person, same_person};
use super::record::{Record, Sender, Sent};
use super::sink::{Found, Sink, Stop};
use super::{Reader, Reading};
use crate::ahead::Outbox;
use crate::conversations::Chooser;
use crate::export::Export;
use crate::reason;

/// What to do where "me" is not clear.
pub(crate) const DETECT: &str =
    "pass --me with the name or id that stands for you; `idiolect sources detect` lists who there is";

/// Why an export is refused with so many senders.
pub(crate) fn who_is_unclear(senders: u64) -> String {
    match senders {
        1 => "it does not say whether its only sender is you".to_owned(),
        _ => format!("it does not say which of its {senders} senders is you"),
    }
}

/// Conversations in which it is remembered who bears the name of "me".
const MAX_CONVERSATIONS: usize = 100_000;

/// One reading of an export.
pub(super) struct Walk {
    reader: &'static dyn Reader,
    export: Arc<Export>,
    reading: Reading,
    me: Option<String>,
    /// Bytes that the reading will look at, for the progress.
    bytes: u64,
    pub(super) report: ExtractionReport,
}

impl Walk {
    /// Settles who "me" is. Where nothing tells, the export is refused: whose words they are is not guessed.
    pub(super) fn prepare(
        reader: &'static dyn Reader,
        export: Arc<Export>,
        reading: Reading,
    ) -> Result<Self, SourceError> {
        let mut report = ExtractionReport::default();
        let me = match reader.owner(&export, &reading)? {
            Owner::Unknown { senders: 0, .. } => None,
            Owner::Unknown { senders, .. } => {
                return Err(export.refused(who_is_unclear(senders), DETECT));
            }
            Owner::Inferred { name, why } => {
                report.notes.push(format!("Who \"me\" is was found in the export: {why}. Pass --me if that is wrong."));
                Some(name)
            }
            Owner::Marked { names, .. } => match reading.me() {
                Some(me) if !names.is_empty() && !names.iter().any(|name| same_person(name, me)) => {
                    let advice = "leave --me out, or name the export of the person you mean";
                    return Err(export.refused("it is the export of somebody else than --me says", advice));
                }
                Some(me) => {
                    if names.is_empty() {
                        let note = "The export marks its owner's messages and does not name the owner, so that --me could not be checked.";
                        report.notes.push(note.into());
                    }
                    Some(me.to_owned())
                }
                None => None,
            },
            Owner::Given { name } => Some(name),
        };
        let bytes = export.entries().iter().map(|entry| entry.size).sum();
        Ok(Self { reader, export, reading, me, bytes, report })
    }

    pub(super) fn run(self, outbox: &mut Outbox) -> (ExtractionReport, Result<(), SourceError>) {
        let Self { reader, export, reading, me, bytes, report } = self;
        let mut sieve = Sieve {
            me: me.as_deref().map(Person::named),
            called_so: BTreeMap::new(),
            is_ambiguous: false,
            reading: &reading,
            chooser: Chooser::new(&reading.options.conversations),
            several_entries: export.single().is_none(),
            seen: HashSet::new(),
            copies: HashMap::new(),
            current: None,
            local_times: 0,
            report,
        };
        let (counter, before) = (export.counter(), export.bytes_read());
        let mut take = |found: Found| match sieve.take(found) {
            Some(message) => {
                let read = counter.load(std::sync::atomic::Ordering::Relaxed) - before;
                outbox.give(message, &sieve.report, (read as f32 / bytes.max(1) as f32).min(1.0))
            }
            None => true,
        };
        let mut sink = Sink::new(&mut take);
        let walked = reader.walk(&export, &reading, &mut sink);
        let notes = sink.into_notes();
        sieve.report.notes.extend(notes);
        // Only now is it known what could not be opened.
        sieve.report.notes.splice(0..0, export.notes());
        sieve.note_zone();
        sieve.note_ids();
        sieve.report.notes.extend(sieve.chooser.note());
        let outcome = match walked {
            Err(Stop::Failed(error)) => Err(error),
            Err(Stop::Enough) => Ok(()),
            Ok(()) => sieve.check_owner(&export, me.is_some()),
        };
        (sieve.report, outcome)
    }
}

/// Keeps the person's messages in the window and accounts for everything else.
struct Sieve<'a> {
    me: Option<Person>,
    /// The id of who bears the name of "me", where there are ids, in each conversation.
    called_so: BTreeMap<Option<Arc<str>>, Arc<str>>,
    /// In one conversation several do: one of them is not "me".
    is_ambiguous: bool,
    reading: &'a Reading,
    chooser: Chooser<'a>,
    several_entries: bool,
    /// Hashes of the ids given out.
    seen: HashSet<u64>,
    /// How often a message without an id came in the current entry.
    copies: HashMap<u64, u32>,
    current: Option<Arc<str>>,
    local_times: u64,
    report: ExtractionReport,
}

impl Sieve<'_> {
    fn take(&mut self, found: Found) -> Option<Message> {
        self.report.rows_read += 1;
        let record = match found {
            Found::Record(record) => record,
            Found::Skipped(reason, place) => {
                self.report.skip(reason, || place.describe(self.several_entries));
                return None;
            }
        };
        let place = record.place.clone();
        match self.message(record) {
            Ok(message) => {
                self.report.kept += 1;
                Some(message)
            }
            Err(reason) => {
                self.report.skip(reason, || place.describe(self.several_entries));
                None
            }
        }
    }

    fn message(&mut self, mut record: Record) -> Result<Message, &'static str> {
        if !self.is_me(&record) {
            return Err(reason::RECEIVED);
        }
        self.report.sent += 1;
        // Whether it is there at all is asked outside the window, too.
        let is_read = self.chooser.includes(record.conversation.as_deref().as_slice());
        let timestamp = self.time(record.sent).ok_or(reason::NO_TIME)?;
        if !self.reading.window.contains(timestamp) {
            return Err(reason::OUTSIDE_WINDOW);
        }
        if !is_read {
            return Err(reason::CONVERSATION_LEFT_OUT);
        }
        if let Some(reason) = record.not_typed {
            return Err(reason);
        }
        if record.text.trim().is_empty() {
            return Err(reason::EMPTY);
        }
        // Whatever the app and its file write for the end of a line.
        if record.text.contains('\r') {
            record.text = record.text.replace("\r\n", "\n").replace('\r', "\n");
        }
        let message_id = match record.id {
            Some(id) if !id.is_empty() => id,
            _ => self.made_id(&record, timestamp),
        };
        if !self.seen.insert(hash(&message_id)) {
            return Err(reason::DUPLICATE_ID);
        }
        Ok(Message {
            message_id,
            timestamp,
            text: record.text,
            conversation_id: record.conversation.map(|id| id.to_string()),
            recipient_count: record.recipients,
        })
    }

    fn is_me(&mut self, record: &Record) -> bool {
        let (name, id) = match &record.sender {
            Sender::Me => return true,
            Sender::Other => return false,
            Sender::Named { name, id } => (name, id),
        };
        let Some(me) = &mut self.me else { return false };
        if id.as_ref().is_some_and(|id| me.is(id)) {
            return true;
        }
        let is = me.is(name);
        if let Some(id) = id.as_ref().filter(|_| is) {
            match self.called_so.get(&record.conversation) {
                Some(first) => self.is_ambiguous |= !first.eq_ignore_ascii_case(id),
                None if self.called_so.len() < MAX_CONVERSATIONS => {
                    self.called_so.insert(record.conversation.clone(), Arc::clone(id));
                }
                None => {}
            }
        }
        is
    }

    fn time(&mut self, sent: Sent) -> Option<Timestamp> {
        match sent {
            Sent::At(timestamp) => Some(timestamp),
            Sent::Unknown => None,
            Sent::Local(local) => {
                self.local_times += 1;
                // An hour that a clock change repeats is read as its first, one that it skips as if it had not.
                Some(local.to_zoned(self.reading.zone().clone()).ok()?.timestamp())
            }
        }
    }

    /// The same for the same message in another export of the same conversation, and another for a second one beside it.
    fn made_id(&mut self, record: &Record, timestamp: Timestamp) -> String {
        if self.current.as_ref() != Some(&record.place.entry) {
            self.current = Some(Arc::clone(&record.place.entry));
            self.copies.clear();
        }
        let mut digest = Sha256::new();
        digest.update(record.conversation.as_deref().unwrap_or_default());
        digest.update([0]);
        digest.update(timestamp.as_nanosecond().to_le_bytes());
        digest.update(&record.text);
        let digest = digest.finalize();
        let copy = self.copies.entry(hash(&digest[..])).or_default();
        *copy += 1;
        let hex: String = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
        if *copy == 1 { hex } else { format!("{hex}-{copy}") }
    }

    fn note_zone(&mut self) {
        if self.local_times == 0 {
            return;
        }
        let options = &self.reading.options;
        let name = |zone: &TimeZone| zone.iana_name().map_or_else(|| "the given offset".to_owned(), str::to_owned);
        let count = self.local_times;
        self.report.notes.push(match (&options.timezone, &options.local_timezone) {
            (Some(zone), _) => format!("Times without a zone, {count} of yours, were read as times in {}.", name(zone)),
            (None, zone) => format!(
                "Times without a zone, {count} of yours, were read as times in {}; pass --timezone if the phone was elsewhere.",
                zone.as_ref().map_or_else(|| "UTC".to_owned(), name)
            ),
        });
    }

    fn note_ids(&mut self) {
        let ids: BTreeSet<&str> = self.called_so.values().map(|id| &**id).collect();
        if ids.len() > 1 {
            self.report.notes.push(format!(
                "{} accounts are called as --me says, each in other conversations, and were all taken for yours; pass --me with an id to \
                 read one alone (`idiolect sources detect` lists them).",
                ids.len()
            ));
        }
    }

    /// An export that holds nothing, or nothing of the person, is not what they meant.
    fn check_owner(&self, export: &Export, me_is_known: bool) -> Result<(), SourceError> {
        let rows = self.report.rows_read;
        if rows == 0 {
            let advice = "check that it is the whole export, as the app wrote it";
            return Err(export.refused("no message was found in it", advice));
        }
        let malformed = self.report.skipped.get(reason::MALFORMED).map_or(0, |skipped| skipped.count);
        if malformed == rows {
            let advice = "check with `idiolect sources detect` what it is";
            return Err(export.refused(
                format!("none of its {rows} records is of this kind, or of a version that is known"),
                advice,
            ));
        }
        if self.is_ambiguous {
            let reason = "several senders of one conversation are called as --me says".to_owned();
            let advice = "pass --me with the id that is yours; `idiolect sources detect` lists names and ids";
            return Err(export.refused(reason, advice));
        }
        match (self.report.sent, me_is_known) {
            (0, true) => {
                Err(export.refused(format!("none of its {rows} records was sent by the one whom --me names"), DETECT))
            }
            // The marks say it, whatever --me does.
            (0, false) => {
                let advice = "name an export of your own account, or of chats in which you write";
                Err(export.refused(format!("none of its {rows} records is marked as sent by you"), advice))
            }
            _ => Ok(()),
        }
    }
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
