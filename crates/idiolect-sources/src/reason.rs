//! Why a row or line is not a message of the person: the keys of `ExtractionReport::skipped`.

/// Somebody else sent it.
pub const RECEIVED: &str = "received";
/// Sent before the window's start or after its end, or at no known time.
pub const OUTSIDE_WINDOW: &str = "outside_window";
/// In a conversation that is not to be read.
pub const CONVERSATION_LEFT_OUT: &str = "conversation_left_out";
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
/// By one of two people of the same name in a conversation, which says nothing else of them.
pub const NAMESAKE: &str = "namesake";
/// There is a body but its text cannot be read, or is longer than any message's.
pub const UNREADABLE_BODY: &str = "unreadable_body";
/// There is no time, or none that can be read.
pub const NO_TIME: &str = "no_time";
/// A record of which what is needed is missing or of the wrong type.
pub const MALFORMED: &str = "malformed";
/// Written by somebody else and passed on.
pub const FORWARDED: &str = "forwarded";
/// Written by an app or a bot in the person's name.
pub const APP_MADE: &str = "app_made";
/// A call, answered or not.
pub const CALL: &str = "call";
/// Written and not sent.
pub const DRAFT: &str = "draft";
/// Waiting to be sent.
pub const QUEUED: &str = "queued";
/// A reply that was shown in the channel as well, written down twice.
pub const BROADCAST_COPY: &str = "broadcast_copy";
