//! A table of messages, as many programs and scripts write one.
//!
//! Encoding, separator, columns and the way times are written are detected, the times from all rows; each can be given instead
//! ([`CsvOptions`]). Without a header, columns have to be.

mod column_words;
mod columns;
mod dialect;
mod direction;
mod direction_words;
mod options;
mod serial;
mod time;

use std::collections::BTreeSet;
use std::sync::Arc;

use idiolect_dataset::SourceError;

use self::columns::Columns;
use self::dialect::{Dialect, Rows};
use self::direction::Marks;
pub use self::options::{CsvOptionError, CsvOptions};
use self::time::{TimeTally, Times, Unsettled};
use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::reading::{
    At, Match, Owner, Place, Reader, Reading, Record, Sender, Sent, Sink, Stop, by_counting, is_texted_reaction,
};
use crate::reason;
use crate::spec::SourceKind;

/// Rows that are looked at to tell what a file is.
const SAMPLE: usize = 200;

pub(crate) struct Csv;

impl Reader for Csv {
    fn kind(&self) -> SourceKind {
        SourceKind::Csv
    }

    fn detect(&self, export: &Export) -> Option<Match> {
        let options = CsvOptions::default();
        let tables: Vec<&Entry> =
            candidates(export).into_iter().filter(|entry| is_table(export, entry, &options)).collect();
        let first = tables.first()?;
        let dialect = Dialect::detect(export, first, &options).ok()?;
        let why = format!(
            "{} tables, in {}, whose columns hold times, texts and who sent them",
            tables.len(),
            dialect.describe()
        );
        Some(Match { confidence: Confidence::Likely, why })
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        let mut names = BTreeSet::new();
        let mut all_marked = true;
        for entry in candidates(export) {
            let table = Table::open(export, entry, reading)?;
            all_marked &= table.columns.all_mine || table.columns.from_me.is_some();
            if table.columns.all_mine || !all_marked {
                continue;
            }
            let mut rows = table.rows(export, entry)?;
            while let Some(row) = rows.next()? {
                if table.is_mine(row) == Some(true) && names.len() < 3 {
                    names.extend(table.columns.sender.and_then(|column| row.get(column)).map(str::to_owned));
                }
            }
        }
        if !all_marked {
            return by_counting(self, export, reading);
        }
        // Several names of the person's own tell nothing.
        let names: Vec<String> = names.into_iter().filter(|name| !name.trim().is_empty()).collect();
        let why = "a column says which messages were sent".to_owned();
        Ok(Owner::Marked { names: if names.len() == 1 { names } else { Vec::new() }, why })
    }

    fn walk(&self, export: &Export, reading: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for entry in candidates(export) {
            let table = Table::open(export, entry, reading)?;
            for note in table.notes() {
                sink.note(note);
            }
            let mut rows = table.rows(export, entry)?;
            let mut last: Option<Arc<str>> = None;
            while rows.advance()? {
                let row = rows.row();
                let place = Place { entry: Arc::clone(&entry.path), at: At::Line(rows.line) };
                let Some(text) = row.get(table.columns.text) else {
                    sink.skip(reason::MALFORMED, place)?;
                    continue;
                };
                let sender = match (table.is_mine(row), table.columns.sender.and_then(|column| row.get(column))) {
                    (Some(true), _) => Sender::Me,
                    (Some(false), _) => Sender::Other,
                    (None, Some(name)) if table.columns.from_me.is_none() => {
                        let name = last.take().filter(|last| &**last == name).unwrap_or_else(|| name.into());
                        last = Some(Arc::clone(&name));
                        Sender::Named { name, id: None }
                    }
                    (None, _) => {
                        sink.skip(reason::MALFORMED, place)?;
                        continue;
                    }
                };
                let cell =
                    |column: Option<usize>| column.and_then(|column| row.get(column)).filter(|cell| !cell.is_empty());
                sink.give(Record {
                    place,
                    sender,
                    sent: table.sent(row),
                    text: text.to_owned(),
                    id: cell(table.columns.id).map(str::to_owned),
                    conversation: cell(table.columns.conversation).map(Into::into),
                    recipients: cell(table.columns.recipients).and_then(|count| count.parse().ok()),
                    not_typed: is_texted_reaction(text).then_some(reason::TAPBACK),
                })?;
            }
        }
        Ok(())
    }
}

/// Files that may be tables: by their ending, or the one file that was named.
fn candidates(export: &Export) -> Vec<&Entry> {
    match export.single() {
        Some(entry) => vec![entry],
        None => {
            export.entries().iter().filter(|entry| entry.has_extension("csv") || entry.has_extension("tsv")).collect()
        }
    }
}

/// Whether a file's head is a table of messages.
fn is_table(export: &Export, entry: &Entry, options: &CsvOptions) -> bool {
    let look = || -> Result<bool, SourceError> {
        let dialect = Dialect::detect(export, entry, options)?;
        let mut rows = Rows::open(export, entry, &dialect)?;
        let Some(header) = rows.next()?.cloned() else { return Ok(false) };
        let Ok(columns) = Columns::find(&header, options) else { return Ok(false) };
        let (mut times, mut count) = (TimeTally::new(options.time_format.as_deref()), 0);
        while count < SAMPLE {
            match rows.next() {
                Ok(Some(row)) => times.note(columns.time(row).as_deref().unwrap_or_default()),
                Ok(None) => break,
                // The header is that of messages: reading the table says on which line it is broken.
                Err(_) => return Ok(true),
            }
            count += 1;
        }
        Ok(count > 0 && times.readable() * 2 > count as u64)
    };
    // What cannot be read is no table; naming its kind says why.
    look().unwrap_or(false)
}

/// A file with all that was settled about it.
struct Table {
    dialect: Dialect,
    columns: Columns,
    has_header: bool,
    times: Times,
    marks: Marks,
}

impl Table {
    /// Reads the whole file once.
    fn open(export: &Export, entry: &Entry, reading: &Reading) -> Result<Self, SourceError> {
        let options = &reading.options.csv;
        let dialect = Dialect::detect(export, entry, options)?;
        let mut rows = Rows::open(export, entry, &dialect)?;
        let refused = |reason: String, advice| SourceError::Refused { path: export.path_of(entry), reason, advice };
        let header = rows.next()?.cloned();
        let Some(header) = header else {
            return Err(refused("it is empty".into(), "name a table of messages with a header"));
        };
        let is_time = |cell: &str| {
            let mut times = TimeTally::new(options.time_format.as_deref());
            times.note(cell);
            times.readable() > 0
        };
        let mut columns = Columns::find(&header, options).map_err(|missing| match header.iter().any(is_time) {
            true => {
                let advice = "say which columns hold what, such as --csv time=1,2 --csv sender=3 --csv text=5";
                refused(
                    format!("its first line is no header but a message, and nothing says which column is {missing}"),
                    advice,
                )
            }
            false => {
                let advice = "name the columns, such as --csv time=Datum --csv text=Nachricht --csv sender=Von";
                refused(format!("it has no column for {missing}, as far as its header tells"), advice)
            }
        })?;
        let has_header = !columns.time(&header).is_some_and(|time| is_time(&time));
        let mut times = TimeTally::new(options.time_format.as_deref());
        let mut marks = Marks::default();
        if !has_header {
            rows = Rows::open(export, entry, &dialect)?;
        }
        while let Some(row) = rows.next()? {
            times.note(columns.time(row).as_deref().unwrap_or_default());
            if let Some(mark) = columns.from_me.and_then(|column| row.get(column)) {
                marks.note(mark);
            }
        }
        let is_elsewhere = marks.unknown().is_some() || columns.is_folder && !marks.say_sent();
        if is_elsewhere && columns.sender.is_some() && options.from_me.is_none() {
            // What a column named like "type" says is then something else, and the senders' names tell.
            columns.from_me = None;
        } else if let Some(unknown) = marks.unknown() {
            let advice = "write 1, true, sent or 0, false, received there, or name another with --csv from-me=COLUMN";
            return Err(refused(
                format!("{unknown} values of the column of who sent a message are not understood"),
                advice,
            ));
        }
        let times = times.settle().map_err(|why| match why {
            Unsettled::Unknown => {
                let advice = "say how they are written, such as --csv time-format='%d.%m.%Y %H:%M'";
                refused("the times are written in no way that is known".into(), advice)
            }
            Unsettled::WholeDays => {
                let advice = "say so with --csv time-format=excel, or name the right column, such as --csv time=Datum";
                let reason = "the times are whole numbers, which may be a spreadsheet's days or no times at all";
                refused(reason.into(), advice)
            }
        })?;
        Ok(Self { dialect, columns, has_header, times, marks })
    }

    /// The rows behind the header, if there is one.
    fn rows(&self, export: &Export, entry: &Entry) -> Result<Rows, SourceError> {
        let mut rows = Rows::open(export, entry, &self.dialect)?;
        if self.has_header {
            rows.next()?;
        }
        Ok(rows)
    }

    /// What the row itself says; `None` if nothing.
    fn is_mine(&self, row: &csv::StringRecord) -> Option<bool> {
        match self.columns.from_me {
            _ if self.columns.all_mine => Some(true),
            Some(column) => self.marks.is_mine(row.get(column)?),
            None => None,
        }
    }

    fn sent(&self, row: &csv::StringRecord) -> Sent {
        self.columns.time(row).map_or(Sent::Unknown, |time| self.times.read(&time))
    }

    fn notes(&self) -> Vec<String> {
        let marks = self.columns.from_me.and_then(|_| self.marks.assumed());
        let table = format!("The table was read as {}.", self.dialect.describe());
        [Some(table), self.times.note(), marks].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests;
