//! One JSON object a line, plain or gzip: `{"messageId","timestamp","text","conversationId"?,"recipientCount"?,"fromMe"?,"sender"?}`.

mod errors;
mod field;
mod input;
mod lines;
mod owner;
mod plain;
mod record;
mod seen_ids;
mod stream;
mod time;

use std::path::PathBuf;

use idiolect_dataset::{MessageSource, MessageStream, SourceError, Window};
use jiff::tz::TimeZone;

pub(crate) use lines::Lines;
pub(crate) use owner::find as find_owner;
pub(crate) use stream::{NdjsonStream, NextLines, Wanted};

use crate::Conversations;

/// A file of records, one a line, in the order of its lines.
///
/// Records with `fromMe` false are somebody else's. The others have to be of one sender, or of none by name: else `me` has to say
/// who the person is. Of two records with one id the first counts; to tell, eight bytes are
/// kept in memory for each message given out.
#[derive(Clone, Debug)]
pub(crate) struct Ndjson {
    path: PathBuf,
    me: Option<String>,
    timezone: Option<TimeZone>,
    conversations: Conversations,
}

impl Ndjson {
    /// `me`: of the records that name a `sender`, only those of this one are the person's. `timezone`: where a time without
    /// an offset was noted; without it such a time is an error.
    pub(crate) fn new(path: impl Into<PathBuf>, me: Option<String>, timezone: Option<TimeZone>) -> Self {
        Self { path: path.into(), me, timezone, conversations: Conversations::default() }
    }

    /// Reads only these.
    pub(crate) fn of_conversations(mut self, conversations: Conversations) -> Self {
        self.conversations = conversations;
        self
    }
}

impl MessageSource for Ndjson {
    fn label(&self) -> String {
        format!("ndjson:{}", self.path.display())
    }

    fn read(&self, window: Window) -> Result<Box<dyn MessageStream + '_>, SourceError> {
        let (me, timezone) = (self.me.as_deref(), self.timezone.as_ref());
        let wanted = Wanted { me, timezone, window, conversations: &self.conversations };
        Ok(Box::new(NdjsonStream::open(&self.path, wanted)?))
    }
}
