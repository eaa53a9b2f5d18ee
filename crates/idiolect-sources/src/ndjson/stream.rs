//! The messages of one reading of a file of records.

use std::path::{Path, PathBuf};

use idiolect_dataset::{ExtractionReport, Message, MessageStream, SourceError, Window};
use jiff::tz::TimeZone;

use super::errors::{self, Place};
use super::input::{self, Progress};
use super::lines::Lines;
use super::record::{self, Record};
use super::seen_ids::SeenIds;
use crate::{Conversations, reason};

/// Records that come in several parts, such as pages.
pub(crate) trait NextLines {
    /// The next part, with what it is called in errors; `None` at the end.
    fn next_lines(&mut self) -> Result<Option<(PathBuf, Lines)>, SourceError>;
}

pub(crate) struct NdjsonStream<'a> {
    path: PathBuf,
    /// `None` once the reading is over.
    lines: Option<Lines>,
    /// What comes after `lines`.
    more: Option<Box<dyn NextLines + 'a>>,
    progress: Option<Progress>,
    options: Wanted<'a>,
    seen: SeenIds,
    senders: Senders,
    zones_assumed: u64,
    report: ExtractionReport,
}

/// Which records are the person's, and how their times are read.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) me: Option<&'a str>,
    pub(crate) timezone: Option<&'a TimeZone>,
    pub(crate) window: Window,
    pub(crate) conversations: &'a Conversations,
}

/// Whether the records taken for the person's name more than one sender.
#[derive(Default)]
struct Senders {
    first: Option<String>,
    several: bool,
}

impl<'a> NdjsonStream<'a> {
    pub(super) fn open(path: &Path, options: Wanted<'a>) -> Result<Self, SourceError> {
        let input = input::open(path).map_err(|error| errors::cannot_open(path, &error))?;
        let lines = Some(Lines::new(path, input.contents));
        Ok(Self { path: path.to_owned(), lines, progress: Some(input.progress), ..Self::empty(options) })
    }

    /// The records of all parts that `more` gives.
    pub(crate) fn over(more: impl NextLines + 'a, options: Wanted<'a>) -> Self {
        Self { more: Some(Box::new(more)), ..Self::empty(options) }
    }

    fn empty(options: Wanted<'a>) -> Self {
        Self {
            path: PathBuf::new(),
            lines: None,
            more: None,
            progress: None,
            options,
            seen: SeenIds::default(),
            senders: Senders::default(),
            zones_assumed: 0,
            report: ExtractionReport::default(),
        }
    }

    fn next_message(&mut self) -> Result<Option<Message>, SourceError> {
        loop {
            if let Some(message) = self.next_of_these()? {
                return Ok(Some(message));
            }
            let Some(more) = &mut self.more else { return Ok(None) };
            match more.next_lines()? {
                Some((path, lines)) => (self.path, self.lines) = (path, Some(lines)),
                None => {
                    self.more = None;
                    self.finish();
                }
            }
        }
    }

    fn next_of_these(&mut self) -> Result<Option<Message>, SourceError> {
        let Some(lines) = &mut self.lines else { return Ok(None) };
        while let Some((line, record)) = lines.next_line()? {
            let record = record::read(record, Place { path: &self.path, line }, self.options.timezone)?;
            self.report.rows_read += 1;
            self.zones_assumed += u64::from(record.zone_assumed);
            self.report.sent += u64::from(self.options.is_mine(&record));
            match self.options.reason_against(&record).or_else(|| repeated(&mut self.seen, &record.message)) {
                Some(reason) => self.report.skip(reason, || format!("line {line}")),
                None => {
                    self.report.kept += 1;
                    self.senders.note(record.sender);
                    return Ok(Some(record.message));
                }
            }
        }
        self.lines = None;
        if self.more.is_none() {
            self.finish();
        }
        Ok(None)
    }

    fn finish(&mut self) {
        if self.senders.several && self.options.me.is_none() {
            let note = "The records name several senders and all were taken for one person: pass --me with that person's sender.";
            self.report.notes.push(note.into());
        }
        if self.zones_assumed > 0 {
            let zone = self.options.timezone.and_then(TimeZone::iana_name).unwrap_or("the given zone");
            self.report
                .notes
                .push(format!("{} times without an offset were read as times in {zone}.", self.zones_assumed));
        }
    }
}

impl Wanted<'_> {
    fn is_mine(&self, record: &Record) -> bool {
        let of_another = self.me.zip(record.sender.as_deref()).is_some_and(|(me, sender)| me != sender);
        record.from_me != Some(false) && !of_another
    }

    /// Why the record is not the person's within the window.
    fn reason_against(&self, record: &Record) -> Option<&'static str> {
        if !self.is_mine(record) {
            return Some(reason::RECEIVED);
        }
        if !self.window.contains(record.message.timestamp) {
            return Some(reason::OUTSIDE_WINDOW);
        }
        let included = self.conversations.include(record.message.conversation_id.as_deref());
        (!included).then_some(reason::CONVERSATION_LEFT_OUT)
    }
}

fn repeated(seen: &mut SeenIds, message: &Message) -> Option<&'static str> {
    seen.is_repeated(&message.message_id).then_some(reason::DUPLICATE_ID)
}

impl Senders {
    fn note(&mut self, sender: Option<String>) {
        match (&self.first, sender) {
            (None, sender) => self.first = sender,
            (Some(first), Some(sender)) => self.several |= *first != sender,
            (Some(_), None) => {}
        }
    }
}

impl Iterator for NdjsonStream<'_> {
    type Item = Result<Message, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.next_message();
        if next.is_err() {
            (self.lines, self.more) = (None, None);
        }
        next.transpose()
    }
}

impl MessageStream for NdjsonStream<'_> {
    fn report(&self) -> ExtractionReport {
        self.report.clone()
    }

    fn progress(&self) -> Option<f32> {
        self.progress.as_ref().map(Progress::share)
    }
}
