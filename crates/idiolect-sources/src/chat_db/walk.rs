//! One reading of the database, row by row.

use std::collections::HashMap;

use idiolect_dataset::{ExtractionReport, Message, SourceError, Window};

use super::ChatDbOptions;
use super::body::final_text;
use super::dates::{self, DateRange};
use super::open::Store;
use super::query::{self, Chat};
use super::row::MessageRow;
use super::schema::Schema;
use super::{errors, exclusion};
use crate::Conversations;
use crate::ahead::Outbox;
use crate::reason;

const WAL_IS_MISSING: &str = "There is no -wal file beside the database. If it is a copy, copy chat.db-wal with it, or the newest \
    messages are missing.";

/// An open store and what has to be known before its first row.
pub(super) struct Walk {
    store: Store,
    schema: Schema,
    chats: HashMap<i64, Chat>,
    ranges: [Filled; 2],
    conversations: Conversations,
    after: i64,
    /// Begins with the rows outside the window.
    pub(super) report: ExtractionReport,
}

/// A range of dates and what is in it.
#[derive(Clone, Copy)]
struct Filled {
    range: DateRange,
    /// Sent and received.
    rows: u64,
    first: i64,
    last: i64,
}

impl Filled {
    /// How much of its time lies before `date`, from 0 to 1.
    fn progress(&self, date: i64) -> f32 {
        let passed = |to: i64| i128::from(to) - i128::from(self.first);
        (passed(date) as f32 / passed(self.last).max(1) as f32).clamp(0.0, 1.0)
    }
}

impl Walk {
    pub(super) fn prepare(store: Store, window: Window, options: &ChatDbOptions) -> Result<Self, SourceError> {
        let after = options.after.unwrap_or(i64::MIN);
        let schema = Schema::probe(&store.connection, &store.path)?;
        let mut report = ExtractionReport::default();
        if store.wal_is_missing {
            report.notes.push(WAL_IS_MISSING.into());
        }
        let number = |sql, params: &[i64]| {
            store.connection.query_row(sql, rusqlite::params_from_iter(params), |row| row.get::<_, i64>(0))
        };
        let fill = |range @ DateRange { low, high }: DateRange| -> rusqlite::Result<Filled> {
            let rows = match options.after {
                Some(after) => number(query::COUNT_IN_RANGE_AFTER, &[low, high, after])?,
                None => number(query::COUNT_IN_RANGE, &[low, high])?,
            };
            let (first, last) =
                (number(query::FIRST_IN_RANGE, &[low, high])?, number(query::LAST_IN_RANGE, &[low, high])?);
            Ok(Filled { range, rows: rows.unsigned_abs(), first, last })
        };
        let known = || {
            let [seconds, nanos] = dates::ranges(window);
            let ranges = [fill(seconds)?, fill(nanos)?];
            let all = match options.after {
                Some(after) => number(query::COUNT_AFTER, &[after])?,
                None => number(query::COUNT, &[])?,
            };
            let inside: u64 = ranges.iter().map(|range| range.rows).sum();
            let last = number(query::LAST_ROW, &[])?.max(options.after.unwrap_or(0));
            Ok((ranges, all.unsigned_abs() - inside, query::chats(&store.connection, &schema)?, last))
        };
        let (ranges, outside, chats, last) =
            known().map_err(|error| errors::sqlite(&store.path, "its tables".into(), &error))?;
        if outside > 0 {
            report.skipped.entry(reason::OUTSIDE_WINDOW).or_default().count = outside;
            report.rows_read = outside;
        }
        report.cursor = Some(format!("{}{last}", ChatDbOptions::CURSOR));
        let conversations = options.conversations.clone();
        Ok(Self { store, schema, chats, ranges, conversations, after, report })
    }

    /// Puts each message into `outbox`, until nobody listens any more.
    pub(super) fn run(self, outbox: &mut Outbox) -> (ExtractionReport, Result<(), SourceError>) {
        let (mut report, mut last_row) = (self.report.clone(), None);
        let outcome = self.rows(&mut report, &mut last_row, outbox);
        let outcome = outcome.map_err(|error| {
            let place = last_row.map_or_else(|| "its first row".to_owned(), |row| format!("the row after {row}"));
            errors::sqlite(&self.store.path, place, &error)
        });
        let outcome = outcome.and_then(|()| self.store.confirm_unchanged());
        (report, outcome)
    }

    fn rows(
        &self,
        report: &mut ExtractionReport,
        last_row: &mut Option<i64>,
        outbox: &mut Outbox,
    ) -> rusqlite::Result<()> {
        let mut statement = self.store.connection.prepare(&query::messages(&self.schema))?;
        let mut rare = self.store.connection.prepare(&query::rare(&self.schema))?;
        let all: u64 = self.ranges.iter().map(|filled| filled.rows).sum();
        let mut before = 0;
        for filled in &self.ranges {
            let progress = |date| (before as f32 + filled.progress(date) * filled.rows as f32) / all.max(1) as f32;
            let mut sent = 0;
            // A row is given on once it is known that the next is another one.
            let mut pending: Option<MessageRow> = None;
            let mut rows = statement.query([filled.range.low, filled.range.high, self.after])?;
            while let Some(row) = rows.next()? {
                let (mut row, is_rare) = MessageRow::read(row)?;
                *last_row = Some(row.rowid);
                if is_rare {
                    rare.query_row([row.rowid], |columns| row.read_rare(columns))?;
                }
                match &mut pending {
                    Some(same) if same.rowid == row.rowid => {
                        same.merge(&row);
                        continue;
                    }
                    _ => sent += 1,
                }
                if let Some(row) = pending.replace(row)
                    && !self.give(row, progress, report, outbox)
                {
                    return Ok(());
                }
            }
            if let Some(row) = pending
                && !self.give(row, progress, report, outbox)
            {
                return Ok(());
            }
            self.count_received(filled, filled.rows.saturating_sub(sent), report)?;
            before += filled.rows;
        }
        Ok(())
    }

    /// Accounts for a sent row; whether somebody still listens.
    fn give(
        &self,
        row: MessageRow,
        progress: impl Fn(i64) -> f32,
        report: &mut ExtractionReport,
        outbox: &mut Outbox,
    ) -> bool {
        report.rows_read += 1;
        report.sent += u64::from(row.is_from_me);
        let (rowid, date) = (row.rowid, row.date);
        match self.message(row) {
            Ok(message) => {
                report.kept += 1;
                outbox.give(message, report, progress(date))
            }
            Err(reason) => {
                report.skip(reason, || format!("row {rowid}"));
                true
            }
        }
    }

    /// Received rows are counted, not read, except the first for their places.
    fn count_received(&self, filled: &Filled, count: u64, report: &mut ExtractionReport) -> rusqlite::Result<()> {
        if count == 0 {
            return Ok(());
        }
        report.rows_read += count;
        let received = report.skipped.entry(reason::RECEIVED).or_default();
        received.count += count;
        let wanted = ExtractionReport::MAX_PLACES.saturating_sub(received.places.len());
        let mut statement = self.store.connection.prepare(&query::received(&self.schema))?;
        let wanted = i64::try_from(count).unwrap_or(i64::MAX).min(wanted as i64);
        let mut rows = statement.query([filled.range.low, filled.range.high, self.after, wanted])?;
        while let Some(row) = rows.next()? {
            received.places.push(format!("row {}", row.get::<_, i64>(0)?));
        }
        Ok(())
    }

    /// The message in `row`, or why there is none.
    fn message(&self, row: MessageRow) -> Result<Message, &'static str> {
        if let Some(reason) = exclusion::reason(&row, self.schema.chat_message_join) {
            return Err(reason);
        }
        let chat = row.chat.and_then(|chat| self.chats.get(&chat));
        // A store without its table of conversations still tells them apart by number.
        let conversation_id =
            chat.and_then(|chat| chat.guid.clone()).or_else(|| row.chat.map(|chat| format!("chat:{chat}")));
        if !self.conversations.are_all() && !self.conversations.include(conversation_id.as_deref()) {
            return Err(reason::CONVERSATION_LEFT_OUT);
        }
        let text = final_text(&row)?;
        let timestamp = dates::timestamp(row.date).ok_or(reason::OUTSIDE_WINDOW)?;
        Ok(Message {
            message_id: row.guid.unwrap_or_else(|| format!("row:{}", row.rowid)),
            timestamp,
            text,
            conversation_id,
            recipient_count: chat.and_then(|chat| chat.recipients),
        })
    }
}
