//! The messages of one reading of a file of records.

use std::path::{Path, PathBuf};

use idiolect_dataset::{ExtractionReport, Message, MessageStream, SourceError, Window};
use jiff::tz::TimeZone;

use super::errors::{self, Place};
use super::input::{self, Progress};
use super::lines::Lines;
use super::owner::{self, Author};
use super::record::{self, Origin};
use super::seen_ids::SeenIds;
use crate::conversations::Chooser;
use crate::reading::{DETECT, Person, who_is_unclear};
use crate::{Conversations, Owner, reason};

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
    chooser: Chooser<'a>,
    me: Option<Person>,
    seen: SeenIds,
    /// Whom the first record is of that is not marked as somebody else's.
    author: Option<Author>,
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
            chooser: Chooser::new(options.conversations),
            me: options.me.map(Person::named),
            seen: SeenIds::default(),
            author: None,
            zones_assumed: 0,
            report: ExtractionReport::default(),
        }
    }

    /// Whether there is another one.
    fn read_next(&mut self, message: &mut Message) -> Result<bool, SourceError> {
        loop {
            if self.read_next_of_these(message)? {
                return Ok(true);
            }
            let Some(more) = &mut self.more else { return Ok(false) };
            match more.next_lines()? {
                Some((path, lines)) => (self.path, self.lines) = (path, Some(lines)),
                None => {
                    self.more = None;
                    self.finish()?;
                }
            }
        }
    }

    fn read_next_of_these(&mut self, message: &mut Message) -> Result<bool, SourceError> {
        let Some(lines) = &mut self.lines else { return Ok(false) };
        while let Some((line, record)) = lines.next_line()? {
            let origin = record::read(record, Place { path: &self.path, line }, self.options.timezone, message)?;
            if self.options.me.is_none()
                && let Some(author) = owner::author(&origin)
                && self.author.get_or_insert_with(|| author.clone()) != author
            {
                return Err(self.several_authors());
            }
            self.report.rows_read += 1;
            self.zones_assumed += u64::from(origin.zone_assumed);
            let reason = match is_mine(&mut self.me, &origin) {
                true => {
                    self.report.sent += 1;
                    reason_against(self.options.window, &mut self.chooser, message)
                }
                false => Some(reason::RECEIVED),
            };
            match reason.or_else(|| repeated(&mut self.seen, message)) {
                Some(reason) => self.report.skip(reason, || format!("line {line}")),
                None => {
                    self.report.kept += 1;
                    return Ok(true);
                }
            }
        }
        self.lines = None;
        if self.more.is_none() {
            self.finish()?;
        }
        Ok(false)
    }

    /// Whose words these are is not guessed.
    fn several_authors(&self) -> SourceError {
        let refused = |reason, advice| SourceError::Refused { path: self.path.clone(), reason, advice };
        if self.more.is_some() {
            let reason = "its records are of several senders and do not say which is you".to_owned();
            let advice = "let the bridge answer with the records of user= alone, or pass --me with the sender that stands for you";
            return refused(reason, advice);
        }
        match owner::find(&self.path) {
            Ok(Owner::Unknown { senders, .. }) => refused(who_is_unclear(senders), DETECT),
            Ok(_) => refused("it does not say which of its senders is you".into(), DETECT),
            Err(error) => error,
        }
    }

    fn finish(&mut self) -> Result<(), SourceError> {
        if self.zones_assumed > 0 {
            let zone = self.options.timezone.and_then(TimeZone::iana_name).unwrap_or("the given zone");
            self.report.notes.push(format!(
                "Times without an offset, {} of them, were read as times in {zone}.",
                self.zones_assumed
            ));
        }
        self.report.notes.extend(self.chooser.note());
        let (rows, is_file) = (self.report.rows_read, self.progress.is_some());
        // A bridge is asked for the window alone, in which the person may have written nothing.
        if is_file && rows > 0 && self.report.sent == 0 {
            let reason = match self.options.me {
                Some(_) => format!("none of its {rows} records was sent by the one whom --me names"),
                None => format!("none of its {rows} records is marked as sent by you"),
            };
            return Err(SourceError::Refused { path: self.path.clone(), reason, advice: DETECT });
        }
        Ok(())
    }
}

/// Why a message of the person's is left out.
fn reason_against(window: Window, chooser: &mut Chooser<'_>, message: &Message) -> Option<&'static str> {
    // Whether it is there at all is asked outside the window, too.
    let is_read = chooser.includes(message.conversation_id.as_deref().as_slice());
    if !window.contains(message.timestamp) {
        return Some(reason::OUTSIDE_WINDOW);
    }
    (!is_read).then_some(reason::CONVERSATION_LEFT_OUT)
}

fn is_mine(me: &mut Option<Person>, origin: &Origin) -> bool {
    let is_of_another = me.as_mut().zip(origin.sender.as_deref()).is_some_and(|(me, sender)| !me.is(sender));
    origin.from_me != Some(false) && !is_of_another
}

fn repeated(seen: &mut SeenIds, message: &Message) -> Option<&'static str> {
    seen.is_repeated(&message.message_id).then_some(reason::DUPLICATE_ID)
}

impl Iterator for NdjsonStream<'_> {
    type Item = Result<Message, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut message = Message::default();
        Some(self.next_into(&mut message)?.map(|()| message))
    }
}

impl MessageStream for NdjsonStream<'_> {
    fn next_into(&mut self, message: &mut Message) -> Option<Result<(), SourceError>> {
        match self.read_next(message) {
            Ok(is_one) => is_one.then_some(Ok(())),
            Err(error) => {
                (self.lines, self.more) = (None, None);
                Some(Err(error))
            }
        }
    }

    fn report(&self) -> ExtractionReport {
        self.report.clone()
    }

    fn progress(&self) -> Option<f32> {
        self.progress.as_ref().map(Progress::share)
    }
}
