//! Why a row or line is not a message of the person: the keys of `ExtractionReport::skipped`.

/// Somebody else sent it.
pub const RECEIVED: &str = "received";
/// Sent before the window's start or after its end, or at no known time.
pub const OUTSIDE_WINDOW: &str = "outside_window";
/// A second record with the id of an earlier one.
pub const DUPLICATE_ID: &str = "duplicate_id";
/// A reaction to a message, or its removal.
pub const TAPBACK: &str = "tapback";
pub const STICKER: &str = "sticker";
/// Another item that hangs on a message, such as a vote in a poll.
pub const ASSOCIATED_ITEM: &str = "associated_item";
/// Somebody joined or left, the group got another name or picture.
pub const GROUP_EVENT: &str = "group_event";
/// Location sharing, SharePlay, a kept audio message and other notices.
pub const SYSTEM_ITEM: &str = "system_item";
pub const AUDIO: &str = "audio";
/// What an app in Messages sent: a game's move, a payment, a drawing.
pub const APP_BALLOON: &str = "app_balloon";
pub const ATTACHMENT_ONLY: &str = "attachment_only";
pub const AUTO_REPLY: &str = "auto_reply";
/// To be sent later, and not sent yet.
pub const SCHEDULED: &str = "scheduled";
pub const SEND_FAILED: &str = "send_failed";
/// Withdrawn as a whole after it was sent.
pub const UNSENT: &str = "unsent";
/// In the bin of recently deleted messages.
pub const RECENTLY_DELETED: &str = "recently_deleted";
/// Belongs to no conversation any more.
pub const ORPHAN: &str = "orphan";
pub const EMPTY: &str = "empty";
/// There is a body but its text cannot be read.
pub const UNREADABLE_BODY: &str = "unreadable_body";
