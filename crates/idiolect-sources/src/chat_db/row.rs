//! One row of the table `message`, read by getters that take any column type: in real stores even `handle_id` can hold text.

use std::borrow::Cow;

use rusqlite::types::ValueRef;

/// What is asked of every sent row, in the order in which [`MessageRow::read`] takes it.
pub(super) const USUAL: [&str; 4] = ["guid", "date", "text", "attributedBody"];

/// Where the date is among a row's columns, of which `ROWID` and whether anything of [`RARE`] is set are the first.
pub(super) const DATE: usize = 3;

/// What is asked only of rows in which some of it is set, in the order in which [`MessageRow::read_rare`] takes it: taking them from
/// every row would be most of the work.
pub(super) const RARE: [&str; 13] = [
    "is_from_me",
    "item_type",
    "associated_message_type",
    "schedule_type",
    "is_sent",
    "error",
    "is_auto_reply",
    "is_system_message",
    "is_audio_message",
    "balloon_bundle_id",
    "date_edited",
    "date_retracted",
    "message_summary_info",
];

/// A row of the query, borrowed from SQLite until the next one; what the schema lacks is 0 or `None`.
#[derive(Default)]
pub(super) struct MessageRow<'r> {
    pub(super) rowid: i64,
    /// The conversation, the one with the smallest number if there are several.
    pub(super) chat: Option<i64>,
    /// In the bin of recently deleted messages.
    pub(super) recoverable: bool,
    pub(super) guid: Option<Cow<'r, str>>,
    pub(super) date: i64,
    pub(super) is_from_me: bool,
    pub(super) item_type: i64,
    pub(super) associated_message_type: i64,
    pub(super) schedule_type: i64,
    pub(super) is_sent: bool,
    pub(super) error: i64,
    pub(super) is_auto_reply: bool,
    pub(super) is_system_message: bool,
    pub(super) is_audio_message: bool,
    pub(super) balloon_bundle_id: Option<String>,
    pub(super) date_edited: i64,
    pub(super) date_retracted: i64,
    pub(super) text: Option<Cow<'r, str>>,
    pub(super) attributed_body: Option<Cow<'r, [u8]>>,
    pub(super) message_summary_info: Option<Vec<u8>>,
}

impl<'r> MessageRow<'r> {
    /// Reads a row of the query that `query::messages` builds, and says whether [`RARE`] has to be asked for. Which conversation it
    /// belongs to is not in it.
    pub(super) fn read(row: &'r rusqlite::Row<'_>) -> rusqlite::Result<(Self, bool)> {
        let mut cells = Cells::of(row);
        let (rowid, rare) = (cells.integer()?, cells.flag()?);
        let usual = Self {
            rowid,
            is_from_me: true,
            guid: cells.text()?,
            date: cells.integer()?,
            text: cells.text()?,
            attributed_body: cells.bytes()?.map(Cow::Borrowed),
            ..Self::default()
        };
        Ok((usual, rare))
    }

    /// Reads the row of the query that `query::rare` builds.
    pub(super) fn read_rare(&mut self, row: &rusqlite::Row<'_>) -> rusqlite::Result<()> {
        let mut cells = Cells::of(row);
        self.is_from_me = cells.flag()?;
        self.item_type = cells.integer()?;
        self.associated_message_type = cells.integer()?;
        self.schedule_type = cells.integer()?;
        self.is_sent = cells.flag()?;
        self.error = cells.integer()?;
        self.is_auto_reply = cells.flag()?;
        self.is_system_message = cells.flag()?;
        self.is_audio_message = cells.flag()?;
        self.balloon_bundle_id = cells.text()?.map(Cow::into_owned);
        self.date_edited = cells.integer()?;
        self.date_retracted = cells.integer()?;
        self.message_summary_info = cells.bytes()?.map(<[u8]>::to_vec);
        Ok(())
    }
}

/// What is not UTF-8 becomes U+FFFD. Nearly everything is, and that is told faster than it is repaired.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

/// A number however it is stored; nothing else is one.
pub(super) fn number(cell: ValueRef<'_>) -> Option<i64> {
    match cell {
        ValueRef::Integer(integer) => Some(integer),
        // Saturates, and takes NaN for 0.
        ValueRef::Real(real) => Some(real as i64),
        ValueRef::Text(text) => std::str::from_utf8(text).ok().and_then(|text| text.trim().parse().ok()),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// Takes the cells of a row one after the other.
pub(super) struct Cells<'r, 's> {
    row: &'r rusqlite::Row<'s>,
    next: usize,
}

impl<'r, 's> Cells<'r, 's> {
    pub(super) fn of(row: &'r rusqlite::Row<'s>) -> Self {
        Self { row, next: 0 }
    }

    fn cell(&mut self) -> rusqlite::Result<ValueRef<'r>> {
        let cell = self.row.get_ref(self.next)?;
        self.next += 1;
        Ok(cell)
    }

    pub(super) fn optional_integer(&mut self) -> rusqlite::Result<Option<i64>> {
        Ok(number(self.cell()?))
    }

    pub(super) fn integer(&mut self) -> rusqlite::Result<i64> {
        Ok(self.optional_integer()?.unwrap_or(0))
    }

    fn flag(&mut self) -> rusqlite::Result<bool> {
        Ok(self.integer()? != 0)
    }

    pub(super) fn text(&mut self) -> rusqlite::Result<Option<Cow<'r, str>>> {
        Ok(match self.cell()? {
            ValueRef::Text(text) | ValueRef::Blob(text) => Some(lossy(text)),
            ValueRef::Integer(integer) => Some(integer.to_string().into()),
            ValueRef::Real(real) => Some(real.to_string().into()),
            ValueRef::Null => None,
        })
    }

    fn bytes(&mut self) -> rusqlite::Result<Option<&'r [u8]>> {
        Ok(match self.cell()? {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes),
            _ => None,
        })
    }
}
