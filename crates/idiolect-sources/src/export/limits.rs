//! How much an export may ask for before it is refused rather than read.

/// Files in an export. The largest known ones, Slack's with a file a day and channel, have some ten thousand.
pub(super) const MAX_ENTRIES: usize = 500_000;

/// Folders in one another.
pub(super) const MAX_DEPTH: usize = 32;

/// Up to here what a zip unpacks to is not set against its size: small ones of small texts are packed very tightly.
pub(super) const FREE_BYTES: u64 = 16 * 1024 * 1024;

/// How many times its own size a zip may unpack to, all readings together. Chats pack ten to twenty times; deflate ends at 1,032.
pub(super) const MAX_RATIO: u64 = 400;

/// The longest line of a text export, in bytes: WhatsApp's own limit is 65,536 characters.
pub(super) const MAX_LINE: usize = 1024 * 1024;
