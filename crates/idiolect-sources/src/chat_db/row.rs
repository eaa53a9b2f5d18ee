//! One row of the table `message`, read by getters that take any column type: in real stores even `handle_id` can hold text.

use rusqlite::types::ValueRef;

/// What is asked of every sent row, in the order in which [`MessageRow::read`] takes it.
pub(super) const USUAL: [&str; 4] = ["guid", "date", "text", "attributedBody"];

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
    /// Reads a row of the query that `query::messages` builds, and says whether [`RARE`] has to be asked for.
    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<(Self, bool)> {
        let mut cells = Cells { row, next: 0 };
        let (rowid, chat, recoverable) = (cells.integer()?, cells.optional_integer()?, cells.flag()?);
        let rare = cells.flag()?;
        let usual = Self {
            rowid,
            chat,
            recoverable,
            is_from_me: true,
            guid: cells.text()?,
            date: cells.integer()?,
            text: cells.text()?,
            attributed_body: cells.bytes()?,
            ..Self::default()
        };
        Ok((usual, rare))
    }

    /// Reads the row of the query that `query::rare` builds.
    pub(super) fn read_rare(&mut self, row: &rusqlite::Row<'_>) -> rusqlite::Result<()> {
        let mut cells = Cells { row, next: 0 };
        self.is_from_me = cells.flag()?;
        self.item_type = cells.integer()?;
        self.associated_message_type = cells.integer()?;
        self.schedule_type = cells.integer()?;
        self.is_sent = cells.flag()?;
        self.error = cells.integer()?;
        self.is_auto_reply = cells.flag()?;
        self.is_system_message = cells.flag()?;
        self.is_audio_message = cells.flag()?;
        self.balloon_bundle_id = cells.text()?;
        self.date_edited = cells.integer()?;
        self.date_retracted = cells.integer()?;
        self.message_summary_info = cells.bytes()?;
        Ok(())
    }

    /// Takes up what `again`, the same row with another of its conversations, says.
    pub(super) fn merge(&mut self, again: &Self) {
        self.chat = match (self.chat, again.chat) {
            (Some(chat), Some(other)) => Some(chat.min(other)),
            (chat, other) => chat.or(other),
        };
        self.recoverable |= again.recoverable;
    }
}

/// What is not UTF-8 becomes U+FFFD. Nearly everything is, and that is told faster than it is repaired.
fn lossy(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
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
            ValueRef::Text(text) | ValueRef::Blob(text) => Some(lossy(text)),
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
