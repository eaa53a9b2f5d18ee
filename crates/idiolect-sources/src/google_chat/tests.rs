use crate::fixture::Fixture;
use crate::{Confidence, SourceKind, reason};

const USER: &str =
    r#"{"user": {"name": "Ana Ruiz", "email": "ana@example.com", "user_type": "Human"}, "membership_info": []}"#;
const GROUP: &str = r#"{"name": "", "members": [{"name": "Ana Ruiz", "email": "ana@example.com"}, {"name": "Ben", "email": "ben@example.com"}]}"#;
const MESSAGES: &str = r#"{"messages": [
 {"creator": {"name": "Ana Ruiz", "email": "Ana@example.com"}, "created_date": "Thursday, January 15, 2026 at 12:00:00 PM UTC", "text": "it\u0027s \u003d ok", "topic_id": "t", "message_id": "AAA/t/m1"},
 {"creator": {"name": "Ben", "email": "ben@example.com"}, "created_date": "Thursday, January 15, 2026 at 12:01:00 PM UTC", "text": "yes", "message_id": "AAA/t/m2"},
 {"creator": {"name": "Ana Ruiz", "email": "ana@example.com"}, "created_date": "Thursday, January 15, 2026 at 12:02:00 PM UTC", "message_state": "DELETED", "message_id": "AAA/t/m3"},
 {"creator": {"name": "Ana Ruiz", "email": "other.ana@example.com"}, "created_date": "Thursday, January 15, 2026 at 12:03:00 PM UTC", "text": "I am another", "message_id": "AAA/t/m4"},
 {"creator": {"name": "Ana Ruiz", "email": "ana@example.com"}, "created_date": "some day", "text": "when?", "message_id": "AAA/t/m5"},
 {"created_date": "Thursday, January 15, 2026 at 12:04:00 PM UTC", "text": "whose?"},
 "odd"
]}"#;

fn export() -> Fixture {
    Fixture::new([
        ("Takeout/Google Chat/Users/User 1/user_info.json", USER),
        ("Takeout/Google Chat/Groups/DM AAA/group_info.json", GROUP),
        ("Takeout/Google Chat/Groups/DM AAA/messages.json", MESSAGES),
    ])
}

#[test]
fn the_account_is_known_by_its_address() {
    let export = export();
    assert_eq!((export.detect()[0].kind, export.detect()[0].confidence), (SourceKind::GoogleChat, Confidence::Certain));
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["it's = ok"]);
    let message = &read.messages[0];
    assert_eq!(
        (message.message_id.as_str(), message.timestamp.to_string().as_str()),
        ("AAA/t/m1", "2026-01-15T12:00:00Z")
    );
    assert_eq!((message.conversation_id.as_deref(), message.recipient_count), (Some("DM AAA"), Some(1)));
    assert_eq!(read.skipped(reason::RECEIVED).0, 3);
    assert_eq!(read.skipped(reason::UNSENT), (1, "Takeout/Google Chat/Groups/DM AAA/messages.json, message 3"));
    assert_eq!(read.skipped(reason::NO_TIME).0, 1);
    assert_eq!(read.skipped(reason::MALFORMED).0, 1);
}

#[test]
fn somebody_else_is_refused() {
    for me in ["ana ruiz", "ANA@example.com", "ana"] {
        assert_eq!(export().me(me).texts().len(), 1, "{me}");
    }
    assert!(export().me("Ben").error().contains("somebody else than --me says"));
}

#[test]
fn without_the_account_me_has_to_be_said() {
    let file = "Groups/DM AAA/messages.json";
    // Ana Ruiz is two of them.
    assert!(Fixture::new([(file, MESSAGES)]).error().contains("does not say which of its 3 senders is you"));
    assert_eq!(Fixture::new([(file, MESSAGES)]).me("other.ana@example.com").texts(), ["I am another"]);
}

#[test]
fn what_is_damaged_is_an_error_with_its_line() {
    let file = "Groups/DM AAA/messages.json";
    let error = Fixture::new([(file, &MESSAGES[..MESSAGES.len() - 30])]).me("Ana Ruiz").error();
    assert!(error.contains("messages.json, line ") && error.contains("the file ends early"), "{error}");
}

#[test]
fn what_was_deleted_is_told_though_nothing_says_whose_it_was() {
    let deleted = r#" {"message_state": "DELETED", "deleted_date": "Thursday, January 15, 2026 at 12:05:00 PM UTC", "topic_id": "t",
  "deletion_metadata": {"deletion_type": "CREATOR"}, "message_id": "AAA/t/m9"},
 "odd""#;
    let messages = MESSAGES.replace(" \"odd\"", deleted);
    let export = Fixture::new([("Groups/DM AAA/messages.json", messages.as_str())]).me("other.ana@example.com");
    let read = export.extract().unwrap();
    assert_eq!((read.skipped(reason::UNSENT).0, read.skipped(reason::MALFORMED).0), (1, 1));
}

#[test]
fn a_second_list_of_one_folder_is_read() {
    let second = MESSAGES.replace("AAA/t/", "AAB/t/").replace("I am another", "once more");
    let export = Fixture::new([("messages.json", MESSAGES), ("messages (1).json", &second)]);
    assert_eq!(export.me("other.ana@example.com").texts(), ["once more", "I am another"]);
}
