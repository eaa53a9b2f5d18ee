//! One reading of the database, some rows at a time. A statement that lasted would borrow from the connection beside it.

use idiolect_dataset::{ExtractionReport, Message, MessageStream, SourceError, Window};
use rusqlite::params;
use rusqlite::types::Value;
use rustc_hash::FxHashMap;

use super::ChatDbOptions;
use super::body::final_text;
use super::chats::{self, Chat, Whereabouts};
use super::dates::{self, DateRange};
use super::open::Store;
use super::owner::Check;
use super::query::{self, Order};
use super::row::{Cells, DATE, MessageRow, number};
use super::schema::Schema;
use super::{errors, exclusion, owner};
use crate::Conversations;
use crate::conversations::Chooser;
use crate::reason;

const WAL_IS_MISSING: &str = "There is no -wal file beside the database. If it is a copy, copy chat.db-wal with it, or the newest \
    messages are missing.";

const ME_IS_NOT_CHECKED: &str = "The database marks its owner's messages and knows at most the numbers and addresses of its accounts: --me is \
    none that could be checked.";

const NOT_LOOKED_AT_AGAIN: &str =
    "Rows up to the cursor were not read again: what was edited or unsent in them since then is not seen.";

/// An open store and what has to be known before its first row.
pub(super) struct Walk {
    store: Store,
    schema: Schema,
    chats: FxHashMap<i64, Chat>,
    ranges: [Filled; 2],
    order: Order,
    last_row: i64,
    conversations: Conversations,
    after: i64,
    sql: String,
    rare_sql: String,
    /// Of the range that is being read, or of all.
    whereabouts: Option<Whereabouts>,
    at: Position,
    messages: std::vec::IntoIter<Message>,
    is_over: bool,
    /// Begins with the rows outside the window.
    report: ExtractionReport,
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

/// Rows that are read at a time.
const BATCH: i64 = 4096;

/// Of this many rows of the table one has to be wanted for all to be read as they lie.
const SMALL_PART: u64 = 4;

/// How far `at` is on the way between two numbers, from 0 to 1.
fn way(first: i64, last: i64, at: i64) -> f32 {
    let passed = |to: i64| i128::from(to) - i128::from(first);
    (passed(at) as f32 / passed(last).max(1) as f32).clamp(0.0, 1.0)
}

impl Walk {
    pub(super) fn prepare(store: Store, window: Window, options: &ChatDbOptions) -> Result<Self, SourceError> {
        let after = options.after.unwrap_or(i64::MIN);
        let schema = Schema::probe(&store.connection, &store.path)?;
        let mut report = ExtractionReport::default();
        if store.wal_is_missing {
            report.notes.push(WAL_IS_MISSING.into());
        }
        if let Some(me) = &options.me
            && owner::check(&store.connection, &schema, &store.path, me)? == Check::Impossible
        {
            report.notes.push(ME_IS_NOT_CHECKED.into());
        }
        if options.after.is_some() {
            report.notes.push(NOT_LOOKED_AT_AGAIN.into());
        }
        let number = |sql, params: &[i64]| {
            store.connection.query_row(sql, rusqlite::params_from_iter(params), |row| Cells::of(row).integer())
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
            Ok((ranges, inside, all.unsigned_abs(), chats::load(&store.connection, &schema)?, last))
        };
        let (ranges, inside, all, mut chats, last_row) =
            known().map_err(|error| errors::sqlite(&store.path, "its tables".into(), &error))?;
        if !options.conversations.are_all() {
            report.notes.extend(chats::choose(&mut chats, &options.conversations));
        }
        let outside = all - inside;
        if outside > 0 {
            report.skipped.entry(reason::OUTSIDE_WINDOW).or_default().count = outside;
            report.rows_read = outside;
        }
        report.cursor = Some(format!("{}{last_row}", ChatDbOptions::CURSOR));
        let order = match schema.date_index && inside < all / SMALL_PART {
            true => Order::Dates,
            false => Order::Rows,
        };
        Ok(Self {
            sql: query::messages(&schema, order),
            rare_sql: query::rare(&schema),
            conversations: options.conversations.clone(),
            store,
            schema,
            chats,
            ranges,
            order,
            last_row,
            after,
            whereabouts: None,
            at: Position::at_range(0),
            messages: Vec::new().into_iter(),
            is_over: false,
            report,
        })
    }
}

/// How far the reading has come.
struct Position {
    /// In [`Walk::ranges`].
    range: usize,
    /// Of the last row, `None` before the first.
    row: Option<i64>,
    /// As it stands in the row, where rows come by it: rounded, it would lie before others that were read.
    date: Value,
    /// Sent rows of the range so far.
    sent: u64,
}

impl Position {
    fn at_range(range: usize) -> Self {
        Self { range, row: None, date: Value::Null, sent: 0 }
    }
}

impl Iterator for Walk {
    type Item = Result<Message, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(message) = self.messages.next() {
                return Some(Ok(message));
            }
            if self.is_over {
                return None;
            }
            let mut messages = Vec::with_capacity(BATCH as usize);
            match self.read_batch(&mut messages) {
                Ok(()) => self.messages = messages.into_iter(),
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl MessageStream for Walk {
    fn report(&self) -> ExtractionReport {
        self.report.clone()
    }

    fn progress(&self) -> Option<f32> {
        let rows = |filled: &[Filled]| filled.iter().map(|filled| filled.rows).sum::<u64>() as f32;
        let Some(filled) = self.ranges.get(self.at.range) else { return Some(1.0) };
        let passed = match (self.order, self.at.row) {
            (_, None) => 0.0,
            (Order::Dates, Some(_)) => way(filled.first, filled.last, number((&self.at.date).into()).unwrap_or(0)),
            (Order::Rows, Some(row)) => way(self.after.max(0), self.last_row, row),
        };
        let before = rows(&self.ranges[..self.at.range]);
        Some((before + passed * filled.rows as f32) / rows(&self.ranges).max(1.0))
    }
}

impl Walk {
    /// Reads the next rows, or finds that there are none any more.
    fn read_batch(&mut self, messages: &mut Vec<Message>) -> Result<(), SourceError> {
        let read = self.rows(messages).map_err(|error| {
            let place = self.at.row.map_or_else(|| "its first row".to_owned(), |row| format!("the row after {row}"));
            errors::sqlite(&self.store.path, place, &error)
        });
        if read? {
            self.is_over = true;
            self.store.confirm_unchanged()?;
        }
        Ok(())
    }

    /// Takes up to [`BATCH`] rows; whether these were the last.
    fn rows(&mut self, messages: &mut Vec<Message>) -> rusqlite::Result<bool> {
        let Some(&filled) = self.ranges.get(self.at.range) else { return Ok(true) };
        let connection = &self.store.connection;
        if filled.rows > 0 && self.whereabouts.is_none() {
            if self.order == Order::Rows {
                // Each page is needed once: few of them stay in the processor's cache.
                connection.execute_batch("PRAGMA cache_size = 64")?;
            }
            self.whereabouts = Some(Whereabouts::load(connection, &self.schema, filled.range, self.order)?);
        }
        let mut count = 0;
        if let Some(whereabouts) = &self.whereabouts
            && filled.rows > 0
        {
            let mut statement = connection.prepare_cached(&self.sql)?;
            let mut rare = connection.prepare_cached(&self.rare_sql)?;
            let (DateRange { low, high }, row) = (filled.range, self.at.row.unwrap_or(self.after));
            let mut rows = match self.order {
                Order::Dates => {
                    let from = if self.at.row.is_some() { self.at.date.clone() } else { low.into() };
                    statement.query(params![from, high, row, self.after, BATCH])?
                }
                Order::Rows => statement.query([low, high, row, BATCH])?,
            };
            while let Some(columns) = rows.next()? {
                let (mut row, is_rare) = MessageRow::read(columns)?;
                self.at.row = Some(row.rowid);
                if self.order == Order::Dates {
                    self.at.date = columns.get(DATE)?;
                }
                if is_rare {
                    rare.query_row([row.rowid], |columns| row.read_rare(columns))?;
                }
                row.chat = whereabouts.chat(row.rowid);
                row.recoverable = row.chat.is_none() && whereabouts.is_recoverable(row.rowid);
                count += 1;
                self.report.sent += u64::from(row.is_from_me);
                match message(&row, &self.schema, &self.chats, &self.conversations) {
                    Ok(message) => messages.push(message),
                    Err(reason) => self.report.skip(reason, || format!("row {}", row.rowid)),
                }
            }
        }
        self.report.rows_read += count;
        self.report.kept += messages.len() as u64;
        self.at.sent += count;
        if count == BATCH.unsigned_abs() {
            return Ok(false);
        }
        self.count_received(filled)?;
        self.at = Position::at_range(self.at.range + 1);
        if self.order == Order::Dates {
            self.whereabouts = None;
        }
        Ok(self.at.range == self.ranges.len())
    }

    /// Received rows are counted, not read, except the first for their places.
    fn count_received(&mut self, filled: Filled) -> rusqlite::Result<()> {
        let count = filled.rows.saturating_sub(self.at.sent);
        if count == 0 {
            return Ok(());
        }
        self.report.rows_read += count;
        let received = self.report.skipped.entry(reason::RECEIVED).or_default();
        received.count += count;
        let wanted = ExtractionReport::MAX_PLACES.saturating_sub(received.places.len());
        let mut statement = self.store.connection.prepare(&query::received(self.order))?;
        let wanted = i64::try_from(count).unwrap_or(i64::MAX).min(wanted as i64);
        let mut rows = statement.query([filled.range.low, filled.range.high, self.after, wanted])?;
        while let Some(row) = rows.next()? {
            received.places.push(format!("row {}", row.get::<_, i64>(0)?));
        }
        Ok(())
    }
}

/// The message in `row`, or why there is none.
fn message(
    row: &MessageRow<'_>,
    schema: &Schema,
    chats: &FxHashMap<i64, Chat>,
    conversations: &Conversations,
) -> Result<Message, &'static str> {
    if let Some(reason) = exclusion::reason(row, schema.chat_message_join) {
        return Err(reason);
    }
    let chat = row.chat.and_then(|chat| chats.get(&chat));
    let conversation_id = chat.and_then(|chat| chat.guid.clone()).or_else(|| row.chat.map(chats::by_number));
    let is_left_out = match chat {
        Some(chat) => chat.is_left_out,
        None => {
            !conversations.are_all() && !Chooser::new(conversations).includes(conversation_id.as_deref().as_slice())
        }
    };
    if is_left_out {
        return Err(reason::CONVERSATION_LEFT_OUT);
    }
    let text = final_text(row)?;
    let timestamp = dates::timestamp(row.date).ok_or(reason::OUTSIDE_WINDOW)?;
    let guid = row.guid.as_deref().filter(|guid| !guid.is_empty());
    Ok(Message {
        message_id: guid.map_or_else(|| format!("row:{}", row.rowid), str::to_owned),
        timestamp,
        text,
        conversation_id,
        recipient_count: chat.and_then(|chat| chat.recipients),
    })
}
