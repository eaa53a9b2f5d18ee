//! A table of messages, as many programs and scripts write one.
//!
//! Encoding, separator, columns and the way times are written are detected, the times from all rows; each can be given instead
//! ([`CsvOptions`]). Without a header, columns have to be.

mod column_words;
mod columns;
mod dialect;
mod direction;
mod direction_words;
mod encoding;
mod forwarded;
mod options;
mod quotes;
mod serial;
mod table;
mod time;
mod truth_words;
mod unsent_words;
mod width;

use std::collections::BTreeSet;
use std::sync::Arc;

use idiolect_dataset::SourceError;
use idiolect_dataset::is_texted_reaction;

use self::dialect::Dialect;
pub use self::options::{CsvOptionError, CsvOptions};
use self::table::{Table, UNMARKED, is_table, may_hold_messages};
use crate::detect::Confidence;
use crate::export::{Entry, Export};
use crate::reading::{
    At, Match, Owner, Person, Place, Reader, Reading, Record, Sender, Sink, Stop, by_counting, same_person, writes,
};
use crate::reason;
use crate::spec::SourceKind;

pub(crate) struct Csv;

/// Names that are remembered of either side.
const MAX_NAMES: usize = 100;

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
        let count = match tables.len() {
            1 => "1 table".to_owned(),
            count => format!("{count} tables"),
        };
        let why = format!("{count}, in {}, whose columns hold times, texts and who sent them", dialect.describe());
        Some(Match { confidence: Confidence::Likely, why })
    }

    fn owner(&self, export: &Export, reading: &Reading) -> Result<Owner, SourceError> {
        let (mut mine, mut theirs) = (BTreeSet::new(), BTreeSet::new());
        let (mut all_marked, mut any_mine, mut unmarked) = (true, false, None);
        for entry in tables(export, &reading.options.csv).0 {
            let table = Table::open(export, entry, reading)?;
            unmarked = unmarked.or_else(|| table.unmarked());
            all_marked &= table.columns.all_mine || table.from_me.is_some();
            if table.columns.all_mine || !all_marked {
                continue;
            }
            let mut rows = table.rows(export, entry)?;
            while let Some(row) = rows.next()? {
                let Some(is_mine) = table.is_mine(row) else { continue };
                any_mine |= is_mine;
                let name =
                    table.columns.sender.and_then(|column| row.get(column)).filter(|name| !name.trim().is_empty());
                let names = if is_mine { &mut mine } else { &mut theirs };
                if let Some(name) = name.filter(|name| names.len() < MAX_NAMES && !names.contains(*name)) {
                    names.insert(name.to_owned());
                }
            }
        }
        if !all_marked {
            if let (Some(me), Some(unmarked)) = (reading.me(), unmarked)
                && !writes(self, export, reading, me)?
            {
                let reason = format!("none of its records was sent by the one whom --me names, and {unmarked}");
                return Err(export.refused(reason, UNMARKED));
            }
            return by_counting(self, export, reading);
        }
        let is_among =
            |names: &BTreeSet<String>| reading.me().is_some_and(|me| names.iter().any(|name| same_person(name, me)));
        // Beside other names on both sides, one's own is that of notes to oneself.
        if any_mine && is_among(&theirs) && (mine.len() == 1 || !is_among(&mine)) {
            return Err(export.refused(
                "it is the export of somebody else than --me says, who wrote what was received",
                "leave --me out, or name the export of the person you mean",
            ));
        }
        // A phone's log has the other's name on what was sent: what stands there is one's own only if `--me` says the same.
        let is_own = mine.len() == 1 && theirs.is_disjoint(&mine) && is_among(&mine);
        let mut why = "a column says which messages were sent".to_owned();
        if let (Some(name), 1, false) = (mine.first(), mine.len(), is_own || !theirs.is_disjoint(&mine)) {
            why.push_str(&format!("; all of these have the name {}, which is yours or whom they went to", name.trim()));
        }
        let names = if is_own { mine.into_iter().collect() } else { Vec::new() };
        Ok(Owner::Marked { names, why })
    }

    fn walk(&self, export: &Export, reading: &Reading, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let mut me = reading.me().map(Person::named);
        let (tables, others) = tables(export, &reading.options.csv);
        if let Some(first) = others.first() {
            sink.note(format!(
                "Tables without columns of messages were passed over: {}, first {}.",
                others.len(),
                first.path
            ));
        }
        for entry in tables {
            let table = Table::open(export, entry, reading)?;
            for note in table.notes() {
                sink.note(note);
            }
            let mut rows = table.rows(export, entry)?;
            let mut last: Option<Arc<str>> = None;
            while rows.advance()? {
                let row = rows.row();
                let place = Place { entry: Arc::clone(&entry.path), at: At::Line(rows.line) };
                let Some(text) = table.text(row) else {
                    sink.skip(reason::MALFORMED, place)?;
                    continue;
                };
                let cell =
                    |column: Option<usize>| column.and_then(|column| row.get(column)).filter(|cell| !cell.is_empty());
                let left_out = table.left_out(row);
                let by_id = match (&mut me, cell(table.columns.sender_id)) {
                    (Some(me), Some(id)) => table.from_me.is_none() && me.is(id),
                    _ => false,
                };
                let sender = match (table.is_mine(row), table.columns.sender.and_then(|column| row.get(column))) {
                    (Some(true), _) => Sender::Me,
                    (Some(false), _) => Sender::Other,
                    (None, _) if by_id => Sender::Me,
                    (None, Some(name)) if table.from_me.is_none() => {
                        let name = last.take().filter(|last| &**last == name).unwrap_or_else(|| name.into());
                        last = Some(Arc::clone(&name));
                        Sender::Named { name, id: None }
                    }
                    (None, _) => {
                        sink.skip(left_out.unwrap_or(reason::MALFORMED), place)?;
                        continue;
                    }
                };
                sink.give(Record {
                    place,
                    sender,
                    sent: table.sent(row),
                    id: cell(table.columns.id).map(str::to_owned),
                    conversation: cell(table.columns.conversation).map(Into::into),
                    recipients: cell(table.columns.recipients).and_then(|count| count.parse().ok()),
                    not_typed: left_out
                        .or_else(|| is_texted_reaction(&text).then_some(reason::TAPBACK))
                        .or_else(|| is_payload(&text).then_some(reason::APP_MADE)),
                    text: text.into_owned(),
                })?;
            }
        }
        Ok(())
    }
}

/// What WeChat keeps in the place of a text for a picture, a sticker or a link, and tools write into their tables as it is.
fn is_payload(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with("<?xml") && text.ends_with('>')) || (text.starts_with("<msg") && text.ends_with("</msg>"))
}

/// The tables with the columns of messages, and those without, which lie in one folder with them. All where none has them: what is
/// wrong with the first is said then.
fn tables<'e>(export: &'e Export, options: &CsvOptions) -> (Vec<&'e Entry>, Vec<&'e Entry>) {
    let (tables, others): (Vec<_>, Vec<_>) =
        candidates(export).into_iter().partition(|entry| may_hold_messages(export, entry, options));
    if tables.is_empty() { (others, Vec::new()) } else { (tables, others) }
}

/// Files that may be tables: by their ending, or the one file that was named.
fn candidates(export: &Export) -> Vec<&Entry> {
    export.lone_or(|entry| entry.has_extension("csv") || entry.has_extension("tsv"))
}

#[cfg(test)]
mod tests;
