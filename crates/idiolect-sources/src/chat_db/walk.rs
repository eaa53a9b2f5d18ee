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
    ranges: [DateRange; 2],
    conversations: Conversations,
    after: i64,
    /// Rows in the window.
    rows: u64,
    /// Begins with the rows outside the window.
    pub(super) report: ExtractionReport,
}

impl Walk {
    pub(super) fn prepare(store: Store, window: Window, options: &ChatDbOptions) -> Result<Self, SourceError> {
        let after = options.after.unwrap_or(i64::MIN);
        let schema = Schema::probe(&store.connection, &store.path)?;
        let ranges = dates::ranges(window);
        let mut report = ExtractionReport::default();
        if store.wal_is_missing {
            report.notes.push(WAL_IS_MISSING.into());
        }
        let known = || {
            let count = |sql, params: &[i64]| {
                store.connection.query_row(sql, rusqlite::params_from_iter(params), |row| row.get::<_, i64>(0))
            };
            let mut inside = 0;
            for range in ranges {
                inside += count(query::COUNT_IN_RANGE, &[range.low, range.high, after])?;
            }
            let outside = count(query::COUNT_AFTER, &[after])? - inside;
            let last: i64 = count(query::LAST_ROW, &[])?;
            Ok((
                inside.unsigned_abs(),
                outside.unsigned_abs(),
                query::chats(&store.connection, &schema)?,
                last.max(options.after.unwrap_or(0)),
            ))
        };
        let (rows, outside, chats, last) =
            known().map_err(|error| errors::sqlite(&store.path, "its tables".into(), &error))?;
        if outside > 0 {
            report.skipped.entry(reason::OUTSIDE_WINDOW).or_default().count = outside;
            report.rows_read = outside;
        }
        report.cursor = Some(format!("{}{last}", ChatDbOptions::CURSOR));
        let conversations = options.conversations.clone();
        Ok(Self { store, schema, chats, ranges, conversations, after, rows, report })
    }

    /// Puts each message into `outbox`, until nobody listens any more.
    pub(super) fn run(mut self, outbox: &mut Outbox) -> (ExtractionReport, Result<(), SourceError>) {
        let mut last_row = None;
        let outcome = self.rows(&mut last_row, outbox);
        let outcome = outcome.map_err(|error| {
            let place = last_row.map_or_else(|| "its first row".to_owned(), |row| format!("the row after {row}"));
            errors::sqlite(&self.store.path, place, &error)
        });
        let outcome = outcome.and_then(|()| self.store.confirm_unchanged());
        (self.report, outcome)
    }

    fn rows(&mut self, last_row: &mut Option<i64>, outbox: &mut Outbox) -> rusqlite::Result<()> {
        let mut statement = self.store.connection.prepare(&query::messages(&self.schema))?;
        let mut seen = 0_u64;
        for range in self.ranges {
            let mut rows = statement.query([range.low, range.high, self.after])?;
            while let Some(row) = rows.next()? {
                let row = MessageRow::read(row)?;
                *last_row = Some(row.rowid);
                seen += 1;
                self.report.rows_read += 1;
                self.report.sent += u64::from(row.is_from_me);
                match self.message(&row) {
                    Ok(message) => {
                        self.report.kept += 1;
                        if !outbox.give(message, &self.report, seen as f32 / self.rows.max(1) as f32) {
                            return Ok(());
                        }
                    }
                    Err(reason) => self.report.skip(reason, || format!("row {}", row.rowid)),
                }
            }
        }
        Ok(())
    }

    /// The message in `row`, or why there is none.
    fn message(&self, row: &MessageRow) -> Result<Message, &'static str> {
        if let Some(reason) = exclusion::reason(row, self.schema.chat_message_join) {
            return Err(reason);
        }
        let chat = row.chat.and_then(|chat| self.chats.get(&chat));
        // A store without its table of conversations still tells them apart by number.
        let conversation_id =
            chat.and_then(|chat| chat.guid.clone()).or_else(|| row.chat.map(|chat| format!("chat:{chat}")));
        if !self.conversations.are_all() && !self.conversations.include(conversation_id.as_deref()) {
            return Err(reason::CONVERSATION_LEFT_OUT);
        }
        let text = final_text(row)?;
        let timestamp = dates::timestamp(row.date).ok_or(reason::OUTSIDE_WINDOW)?;
        Ok(Message {
            message_id: row.guid.clone().unwrap_or_else(|| format!("row:{}", row.rowid)),
            timestamp,
            text,
            conversation_id,
            recipient_count: chat.and_then(|chat| chat.recipients),
        })
    }
}
