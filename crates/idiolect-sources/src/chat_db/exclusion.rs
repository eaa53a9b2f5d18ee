//! Which rows are not something the person typed and sent, told from their columns alone.

use super::row::MessageRow;
use crate::reason;

/// The one app whose balloons hold typed text: the preview of a link.
const URL_BALLOON: &str = "com.apple.messages.URLBalloonProvider";
/// `schedule_type` of Send Later.
const SEND_LATER: i64 = 2;

/// Why `row` is left out before its text is looked at; `None` if it is not.
pub(super) fn reason(row: &MessageRow<'_>, conversations_are_known: bool) -> Option<&'static str> {
    if !row.is_from_me {
        return Some(reason::RECEIVED);
    }
    match row.item_type {
        0 => {}
        1..=3 => return Some(reason::GROUP_EVENT),
        _ => return Some(reason::SYSTEM_ITEM),
    }
    match row.associated_message_type {
        // 2 and 3 are found on ordinary app messages.
        0 | 2 | 3 => {}
        1000 => return Some(reason::STICKER),
        2000..=3999 => return Some(reason::TAPBACK),
        _ => return Some(reason::ASSOCIATED_ITEM),
    }
    if row.is_system_message {
        return Some(reason::SYSTEM_ITEM);
    }
    if row.schedule_type == SEND_LATER && !row.is_sent {
        return Some(reason::SCHEDULED);
    }
    if row.is_auto_reply {
        return Some(reason::AUTO_REPLY);
    }
    if row.is_audio_message {
        return Some(reason::AUDIO);
    }
    if row.balloon_bundle_id.as_deref().is_some_and(|bundle| !bundle.is_empty() && bundle != URL_BALLOON) {
        return Some(reason::APP_BALLOON);
    }
    if row.error != 0 {
        return Some(reason::SEND_FAILED);
    }
    if row.chat.is_none() && row.recoverable {
        return Some(reason::RECENTLY_DELETED);
    }
    (row.chat.is_none() && conversations_are_known).then_some(reason::ORPHAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent() -> MessageRow<'static> {
        MessageRow { is_from_me: true, is_sent: true, chat: Some(1), ..MessageRow::default() }
    }

    #[test]
    fn an_ordinary_sent_row_is_kept() {
        assert_eq!(reason(&sent(), true), None);
        for kind in [2, 3] {
            assert_eq!(reason(&MessageRow { associated_message_type: kind, ..sent() }, true), None);
        }
        assert_eq!(reason(&MessageRow { balloon_bundle_id: Some(URL_BALLOON.into()), ..sent() }, true), None);
        assert_eq!(reason(&MessageRow { balloon_bundle_id: Some(String::new()), ..sent() }, true), None);
        assert_eq!(reason(&MessageRow { schedule_type: SEND_LATER, ..sent() }, true), None);
    }

    #[test]
    fn each_reason_is_told_from_its_column() {
        let cases = [
            (MessageRow { is_from_me: false, ..sent() }, reason::RECEIVED),
            (MessageRow { item_type: 1, ..sent() }, reason::GROUP_EVENT),
            (MessageRow { item_type: 3, ..sent() }, reason::GROUP_EVENT),
            (MessageRow { item_type: 6, ..sent() }, reason::SYSTEM_ITEM),
            (MessageRow { is_system_message: true, ..sent() }, reason::SYSTEM_ITEM),
            (MessageRow { associated_message_type: 1000, ..sent() }, reason::STICKER),
            (MessageRow { associated_message_type: 2006, ..sent() }, reason::TAPBACK),
            (MessageRow { associated_message_type: 3001, ..sent() }, reason::TAPBACK),
            (MessageRow { associated_message_type: 4000, ..sent() }, reason::ASSOCIATED_ITEM),
            (MessageRow { schedule_type: SEND_LATER, is_sent: false, ..sent() }, reason::SCHEDULED),
            (MessageRow { is_auto_reply: true, ..sent() }, reason::AUTO_REPLY),
            (MessageRow { is_audio_message: true, ..sent() }, reason::AUDIO),
            (MessageRow { balloon_bundle_id: Some("com.example.game".into()), ..sent() }, reason::APP_BALLOON),
            (MessageRow { error: 22, ..sent() }, reason::SEND_FAILED),
            (MessageRow { chat: None, recoverable: true, ..sent() }, reason::RECENTLY_DELETED),
            (MessageRow { chat: None, ..sent() }, reason::ORPHAN),
        ];
        for (row, expected) in cases {
            assert_eq!(reason(&row, true), Some(expected));
        }
    }

    #[test]
    fn no_row_is_an_orphan_where_conversations_are_unknown() {
        assert_eq!(reason(&MessageRow { chat: None, ..sent() }, false), None);
    }
}
