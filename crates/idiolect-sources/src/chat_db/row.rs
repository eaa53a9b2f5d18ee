//! One row of the table `message`, read by getters that take any column type: in real stores even `handle_id` can hold text.

use rusqlite::types::ValueRef;

/// The columns of `message` that are asked for, in the order in which [`MessageRow::read`] takes them.
pub(super) const COLUMNS: [Column; 17] = [
    Column::plain("guid"),
    Column::plain("date"),
    Column::plain("is_from_me"),
    Column::plain("item_type"),
    Column::plain("associated_message_type"),
    Column::plain("schedule_type"),
    Column::plain("is_sent"),
    Column::plain("error"),
    Column::plain("is_auto_reply"),
    Column::plain("is_system_message"),
    Column::plain("is_audio_message"),
    Column::plain("balloon_bundle_id"),
    Column::plain("date_edited"),
    Column::plain("date_retracted"),
    Column::words("text"),
    Column::words("attributedBody"),
    Column::words("message_summary_info"),
];

pub(super) struct Column {
    pub(super) name: &'static str,
    /// Holds what somebody wrote; asked for only where that is the person.
    pub(super) words: bool,
}

impl Column {
    const fn plain(name: &'static str) -> Self {
        Self { name, words: false }
    }

    const fn words(name: &'static str) -> Self {
        Self { name, words: true }
    }
}

/// A row of the query; what the schema lacks is 0 or `None`.
#[derive(Default)]
pub(super) struct MessageRow {
    pub(super) rowid: i64,
    /// The conversation, the one with the smallest number if there are several.
    pub(super) chat: Option<i64>,
    /// In the bin of recently deleted messages.
    pub(super) recoverable: bool,
    pub(super) guid: Option<String>,
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
    pub(super) text: Option<String>,
    pub(super) attributed_body: Option<Vec<u8>>,
    pub(super) message_summary_info: Option<Vec<u8>>,
}

impl MessageRow {
    /// Reads a row of the query that `query::messages` builds: `ROWID`, chat, bin, then [`COLUMNS`].
    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let mut cells = Cells { row, next: 0 };
        Ok(Self {
            rowid: cells.integer()?,
            chat: cells.optional_integer()?,
            recoverable: cells.optional_integer()?.is_some(),
            guid: cells.text()?,
            date: cells.integer()?,
            is_from_me: cells.flag()?,
            item_type: cells.integer()?,
            associated_message_type: cells.integer()?,
            schedule_type: cells.integer()?,
            is_sent: cells.flag()?,
            error: cells.integer()?,
            is_auto_reply: cells.flag()?,
            is_system_message: cells.flag()?,
            is_audio_message: cells.flag()?,
            balloon_bundle_id: cells.text()?,
            date_edited: cells.integer()?,
            date_retracted: cells.integer()?,
            text: cells.text()?,
            attributed_body: cells.bytes()?,
            message_summary_info: cells.bytes()?,
        })
    }
}

/// Takes the cells of a row one after the other.
struct Cells<'r, 's> {
    row: &'r rusqlite::Row<'s>,
    next: usize,
}

impl<'r> Cells<'r, '_> {
    fn cell(&mut self) -> rusqlite::Result<ValueRef<'r>> {
        let cell = self.row.get_ref(self.next)?;
        self.next += 1;
        Ok(cell)
    }

    /// A number however it is stored; nothing else is one.
    fn optional_integer(&mut self) -> rusqlite::Result<Option<i64>> {
        Ok(match self.cell()? {
            ValueRef::Integer(integer) => Some(integer),
            // Saturates, and takes NaN for 0.
            ValueRef::Real(real) => Some(real as i64),
            ValueRef::Text(text) => std::str::from_utf8(text).ok().and_then(|text| text.trim().parse().ok()),
            ValueRef::Null | ValueRef::Blob(_) => None,
        })
    }

    fn integer(&mut self) -> rusqlite::Result<i64> {
        Ok(self.optional_integer()?.unwrap_or(0))
    }

    fn flag(&mut self) -> rusqlite::Result<bool> {
        Ok(self.integer()? != 0)
    }

    fn text(&mut self) -> rusqlite::Result<Option<String>> {
        Ok(match self.cell()? {
            ValueRef::Text(text) | ValueRef::Blob(text) => Some(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Integer(integer) => Some(integer.to_string()),
            ValueRef::Real(real) => Some(real.to_string()),
            ValueRef::Null => None,
        })
    }

    fn bytes(&mut self) -> rusqlite::Result<Option<Vec<u8>>> {
        Ok(match self.cell()? {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes.to_vec()),
            _ => None,
        })
    }
}
