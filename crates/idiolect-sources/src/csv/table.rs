//! One file of a table, and what is settled about it from all its rows.

use std::borrow::Cow;

use idiolect_dataset::SourceError;

use super::columns::{Columns, MarkColumn, Missing};
use super::dialect::{Dialect, Rows};
use super::direction::{Directions, Marks, Said, unsent};
use super::forwarded::{self, is_so};
use super::options::CsvOptions;
use super::time::{TimeTally, Times, Unsettled};
use super::width::{Width, Widths};
use crate::export::{Entry, Export};
use crate::reading::{Reading, Sent};
use crate::reason;

/// Rows that are looked at to tell what a file is.
const LOOKED_AT: u64 = 200;

/// Whether a file's head is a table of messages.
pub(super) fn is_table(export: &Export, entry: &Entry, options: &CsvOptions) -> bool {
    let look = || -> Result<bool, SourceError> {
        let dialect = Dialect::detect(export, entry, options)?;
        let mut rows = Rows::open(export, entry, &dialect)?;
        let Some(header) = rows.next()?.cloned() else { return Ok(false) };
        let Ok(columns) = Columns::find(&header, options) else { return Ok(false) };
        let (mut times, mut count) = (TimeTally::new(options.time_format.as_deref()), 0);
        while count < LOOKED_AT {
            match rows.next() {
                Ok(Some(row)) => times.note(columns.time(row).as_deref().unwrap_or_default()),
                Ok(None) => break,
                // The header is that of messages: reading the table says on which line it is broken.
                Err(_) => return Ok(true),
            }
            count += 1;
        }
        Ok(count > 0 && times.readable() * 2 > count)
    };
    // What cannot be read is no table; naming its kind says why.
    look().unwrap_or(false)
}

/// Whether a file's header has what cannot be done without. Reading one that is broken says where.
pub(super) fn may_hold_messages(export: &Export, entry: &Entry, options: &CsvOptions) -> bool {
    let look = || -> Result<bool, SourceError> {
        let dialect = Dialect::detect(export, entry, options)?;
        let header = Rows::open(export, entry, &dialect)?.next()?.cloned();
        Ok(header.is_some_and(|header| Columns::find(&header, options).is_ok()))
    };
    look().unwrap_or(true)
}

/// A file with all that was settled about it.
pub(super) struct Table {
    dialect: Dialect,
    pub(super) columns: Columns,
    /// The column that says what was forwarded, if one does.
    forwarded: Option<usize>,
    /// The column that says who sent a message, if one does.
    pub(super) from_me: Option<usize>,
    has_header: bool,
    width: Option<Width>,
    times: Times,
    directions: Directions,
    /// The column that may say who sent a message, if its values are not understood, and how many.
    unmarked: Option<(u64, String)>,
    /// What was taken for granted, for the report.
    assumed: Vec<String>,
}

impl Table {
    /// Reads the whole file once, and again where its quotation marks turn out to be text.
    pub(super) fn open(export: &Export, entry: &Entry, reading: &Reading) -> Result<Self, SourceError> {
        let dialect = || Dialect::detect(export, entry, &reading.options.csv);
        let quoted = dialect()?;
        let quotes = quoted.quotes.clone();
        let table = Self::survey(export, entry, reading, quoted);
        match quotes.torn() {
            _ if quotes.are_text() => Self::survey(export, entry, reading, dialect()?.without_quotes()),
            Some(line) => Err(SourceError::Malformed {
                path: export.path_of(entry),
                place: format!("line {line}"),
                field: "row",
                reason: "a quotation mark closes below it in front of more text".into(),
                advice: "write quotation marks within a text twice, or export the table again",
            }),
            None => table,
        }
    }

    fn survey(export: &Export, entry: &Entry, reading: &Reading, dialect: Dialect) -> Result<Self, SourceError> {
        let options = &reading.options.csv;
        let mut rows = Rows::open(export, entry, &dialect)?;
        let refused =
            |Unreadable { reason, advice }| SourceError::Refused { path: export.path_of(entry), reason, advice };
        let header = rows.next()?.cloned();
        let Some(header) = header else {
            return Err(refused(Unreadable::empty()));
        };
        let is_time = |cell: &str| {
            let mut times = TimeTally::new(options.time_format.as_deref());
            times.note(cell);
            times.readable() > 0
        };
        let columns = Columns::find(&header, options)
            .map_err(|missing| refused(Unreadable::without(missing, header.iter().any(is_time))))?;
        let has_header = !columns.time(&header).is_some_and(|time| is_time(&time));
        let mut times = TimeTally::new(options.time_format.as_deref());
        let mut marks: Vec<Marks> = columns.marks.iter().map(|_| Marks::default()).collect();
        let mut forwarded = forwarded::Tally::default();
        if !has_header {
            rows = Rows::open(export, entry, &dialect)?;
        }
        let mut widths = Widths::default();
        while let Some(row) = rows.next()? {
            widths.note(row);
            times.note(columns.time(row).as_deref().unwrap_or_default());
            for (mark, marks) in columns.marks.iter().zip(&mut marks) {
                if let Some(mark) = row.get(mark.column) {
                    marks.note(mark);
                }
            }
            if let Some(value) = columns.forwarded.and_then(|column| row.get(column)) {
                forwarded.note(value);
            }
        }
        let tells =
            |(mark, marks): &(&MarkColumn, &Marks)| marks.unknown().is_none() && (!mark.is_folder || marks.say_sent());
        let found = columns.marks.iter().zip(&marks).position(|both| tells(&both));
        // What a column named like "type" says may be something else: the senders' names tell then.
        let elsewhere = columns.sender.is_some() && options.from_me.is_none();
        let from_me = found.or((!elsewhere && !marks.is_empty()).then_some(0));
        let name_of = |column: usize| match header.get(column).filter(|_| has_header) {
            Some(name) => name.trim().to_owned(),
            None => (column + 1).to_string(),
        };
        let unmarked = columns.marks.iter().zip(&marks).filter(|(mark, _)| !mark.is_folder);
        let unmarked = unmarked.filter_map(|(mark, marks)| Some((marks.unknown()?, name_of(mark.column)))).next();
        let marks = from_me.map(|place| marks.swap_remove(place)).unwrap_or_default();
        if let (Some(count), Some(place)) = (marks.unknown(), from_me) {
            let reason = not_understood(count, &name_of(columns.marks[place].column));
            return Err(refused(Unreadable { reason, advice: UNMARKED }));
        }
        let unmarked = unmarked.filter(|_| from_me.is_none());
        let from_me = from_me.map(|place| columns.marks[place].column);
        let times = times.settle().map_err(|why| refused(Unreadable::untimed(why)))?;
        let directions = marks.directions();
        let mut assumed: Vec<String> = marks.assumed().into_iter().collect();
        let ignored = columns.forwarded.filter(|_| forwarded.tells_nothing());
        assumed.extend(ignored.and_then(|column| header.get(column)).map(|name| {
            format!("The column {} says of every row that it was forwarded, and was not heeded.", name.trim())
        }));
        let forwarded = columns.forwarded.filter(|_| ignored.is_none());
        let width = widths.settle(has_header.then_some(&header));
        Ok(Self { dialect, columns, forwarded, from_me, has_header, width, times, directions, unmarked, assumed })
    }

    /// The rows behind the header, if there is one.
    pub(super) fn rows(&self, export: &Export, entry: &Entry) -> Result<Rows, SourceError> {
        let mut rows = Rows::open(export, entry, &self.dialect)?;
        if self.has_header {
            rows.next()?;
        }
        Ok(rows)
    }

    /// What the row itself says; `None` if nothing.
    pub(super) fn is_mine(&self, row: &csv::StringRecord) -> Option<bool> {
        match self.from_me {
            _ if self.columns.all_mine => Some(true),
            Some(column) => match self.directions.said(row.get(column)?)? {
                Said::Sent => Some(true),
                Said::Received => Some(false),
                Said::Unsent(_) => None,
            },
            None => None,
        }
    }

    /// What keeps it from being told by a column who sent a message, where one may.
    pub(super) fn unmarked(&self) -> Option<String> {
        self.unmarked.as_ref().map(|(count, column)| not_understood(*count, column))
    }

    /// Why the row is nothing that its sender typed and sent.
    pub(super) fn left_out(&self, row: &csv::StringRecord) -> Option<&'static str> {
        let cell = |column: Option<usize>| column.and_then(|column| row.get(column));
        let by_direction = cell(self.from_me).and_then(|value| match self.directions.said(value)? {
            Said::Unsent(reason) => Some(reason),
            Said::Sent | Said::Received => None,
        });
        let by_state = || cell(self.columns.state).and_then(unsent);
        let is_forwarded = || cell(self.forwarded).is_some_and(is_so);
        by_direction.or_else(by_state).or_else(|| is_forwarded().then_some(reason::FORWARDED))
    }

    /// The row's text, with what a separator without quotation marks parts from it. `None` where cells lie in wrong columns.
    pub(super) fn text<'r>(&self, row: &'r csv::StringRecord) -> Option<Cow<'r, str>> {
        match &self.width {
            Some(width) => width.text(row, self.columns.text, self.dialect.separator()),
            None => row.get(self.columns.text).map(Cow::from),
        }
    }

    pub(super) fn sent(&self, row: &csv::StringRecord) -> Sent {
        self.columns.time(row).map_or(Sent::Unknown, |time| self.times.read(&time))
    }

    pub(super) fn notes(&self) -> Vec<String> {
        let table = format!("The table was read as {}.", self.dialect.describe());
        [Some(table), self.times.note()].into_iter().flatten().chain(self.assumed.iter().cloned()).collect()
    }
}

fn not_understood(count: u64, column: &str) -> String {
    format!("of the column {column}, which may say who sent a message, {count} values are not understood")
}

/// What to do then.
pub(super) const UNMARKED: &str =
    "write 1, true, sent or 0, false, received there, or name another with --csv from-me=COLUMN";

/// Why a file is not read as a table, and what to do.
struct Unreadable {
    reason: String,
    advice: &'static str,
}

impl Unreadable {
    fn empty() -> Self {
        Self { reason: "it is empty".into(), advice: "name a table of messages with a header" }
    }

    /// It has no column for what is missing, `is_message` where its first line is a message already.
    fn without(missing: Missing, is_message: bool) -> Self {
        let missing = match missing {
            Missing::For(what) => what,
            Missing::Named(option) => {
                return Self {
                    reason: format!("it has no such column as --csv {option} names"),
                    advice: "write the name as in the first line, or its number, from 1",
                };
            }
        };
        match is_message {
            true => Self {
                reason: format!(
                    "its first line is no header but a message, and nothing says which column is {missing}"
                ),
                advice: "say which columns hold what, such as --csv time=1,2 --csv sender=3 --csv text=5",
            },
            false => Self {
                reason: format!("it has no column for {missing}, as far as its header tells"),
                advice: "name the columns, such as --csv time=Datum --csv text=Nachricht --csv sender=Von",
            },
        }
    }

    fn untimed(why: Unsettled) -> Self {
        match why {
            Unsettled::Unknown => Self {
                reason: "the times are written in no way that is known".into(),
                advice: "say how they are written, such as --csv time-format='%d.%m.%Y %H:%M'",
            },
            Unsettled::WholeDays => Self {
                reason: "the times are whole numbers, which may be a spreadsheet's days or no times at all".into(),
                advice: "say so with --csv time-format=excel, or name the right column, such as --csv time=Datum",
            },
        }
    }
}
