use crate::fixture::Fixture;
use crate::{Confidence, Owner, SourceKind, reason};

const USERS: &str = r#"[{"id": "U1A", "name": "ana", "profile": {"display_name": "Ana", "real_name": "Ana Ruiz", "email": "ana@example.com"}},
 {"id": "U2B", "name": "ben", "profile": {"display_name": "", "real_name": "Ben"}},
 {"id": "U3C", "name": "ben2", "profile": {"display_name": "Ben"}}, {"deleted": true}]"#;
const CHANNELS: &str = r#"[{"id": "C1", "name": "general", "members": ["U1A", "U2B", "U3C"]}]"#;
const DMS: &str = r#"[{"id": "D1", "members": ["U1A", "U2B"]}, {"id": "D2", "members": ["U3C", "U1A"]}]"#;
const DAY: &str = r#"[
 {"type": "message", "user": "U1A", "text": "a &lt; b, <@U2B>", "ts": "1768478400.000250", "blocks": [{"type": "rich_text"}]},
 {"type": "message", "user": "U2B", "text": "<@U1A> yes", "ts": "1768478401.000000"},
 {"type": "message", "user": "U1A", "text": "<@U1A> has joined the channel", "ts": "1768478402.000000", "subtype": "channel_join"},
 {"type": "message", "user": "U1A", "text": "to all", "ts": "1768478403.000000", "subtype": "thread_broadcast", "thread_ts": "1768478400.000250"},
 {"type": "message", "user": "U1A", "text": "to all", "ts": "1768478403.000000", "subtype": "thread_broadcast"},
 {"type": "message", "user": "U1A", "text": "posted for me", "ts": "1768478404.000000", "bot_id": "B1"},
 {"type": "message", "user": "U1A", "text": "see this", "ts": "1768478405.000000", "files": [{"url_private": "https://files.slack.com/a?t=xoxe-12345678"}]}
]"#;

fn export() -> Fixture {
    Fixture::new([
        ("users.json", USERS),
        ("channels.json", CHANNELS),
        ("dms.json", DMS),
        ("integration_logs.json", "[]"),
        ("general/2026-01-15.json", DAY),
        ("D1/2026-01-15.json", r#"[{"type": "message", "user": "U1A", "text": "psst", "ts": "1768478400.000250"}]"#),
    ])
}

#[test]
fn a_members_messages_are_read_as_typed() {
    let export = export().me("ana@example.com");
    assert_eq!((export.detect()[0].kind, export.detect()[0].confidence), (SourceKind::Slack, Confidence::Certain));
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["psst", "a < b, <@Ben>", "to all", "see this"]);
    assert_eq!((read.messages[0].conversation_id.as_deref(), read.messages[0].recipient_count), (Some("D1"), Some(1)));
    let message = &read.messages[1];
    assert_eq!(
        (message.message_id.as_str(), message.timestamp.to_string().as_str()),
        ("C1:1768478400.000250", "2026-01-15T12:00:00.00025Z")
    );
    assert_eq!((message.conversation_id.as_deref(), message.recipient_count), (Some("C1"), Some(2)));
    assert_eq!(read.skipped(reason::GROUP_EVENT), (1, "general/2026-01-15.json, message 3"));
    assert_eq!(read.skipped(reason::DUPLICATE_ID).0, 1);
    assert_eq!(read.skipped(reason::APP_MADE).0, 1);
}

#[test]
fn me_is_a_member_by_id_name_or_address_and_not_two() {
    for me in ["U1A", "ana", "Ana Ruiz"] {
        assert_eq!(export().me(me).texts().len(), 4, "{me}");
    }
    let error = export().me("Ben").error();
    assert!(error.contains("2 of its members are called as --me says; pass --me with the member's id"), "{error}");
    assert_eq!(export().me("U2B").texts(), ["<@Ana> yes"]);
    assert!(export().me("Zoe").error().contains("none of its 8 records was sent by the one whom --me names"));
}

#[test]
fn who_is_in_every_direct_conversation_exported_them() {
    let Owner::Inferred { name, .. } = export().owner(SourceKind::Slack) else { panic!("not inferred") };
    assert_eq!(name, "U1A");
    assert_eq!(export().texts().len(), 4);
    let without = Fixture::new([("users.json", USERS), ("general/2026-01-15.json", DAY)]);
    assert!(without.error().contains("does not say which of its 2 senders is you"));
}

#[test]
fn mentions_of_unknown_members_are_counted() {
    let day = r#"[{"type": "message", "user": "U1A", "text": "<@U9Z> <@U2B> &lt;3", "ts": "1768478400.000250"}]"#;
    let read = Fixture::new([("users.json", USERS), ("general/2026-01-15.json", day)]).me("ana").extract().unwrap();
    assert_eq!(read.texts(), ["<@U9Z> <@Ben> <3"]);
    assert!(
        read.report.notes.iter().any(|note| note.contains("whom the export does not name: 1, which stay ids")),
        "{:?}",
        read.report.notes
    );
}

#[test]
fn who_is_not_listed_is_named_by_their_own_messages() {
    let day = r#"[{"type": "message", "user": "U1A", "text": "<@U9Z> hi", "ts": "1768478400.000250"},
     {"type": "message", "user": "U9Z", "text": "hi", "ts": "1768478401.000000", "user_team": "T2",
      "user_profile": {"avatar_hash": "g1", "first_name": "Lux", "real_name": "Lux Roe", "display_name": "", "team": "T2", "name": "lux"}}]"#;
    let export = || Fixture::new([("users.json", USERS), ("general/2026-01-15.json", day)]);
    assert_eq!(export().me("ana").texts(), ["<@Lux Roe> hi"]);
    assert_eq!(export().me("Lux Roe").texts(), ["hi"]);
}

#[test]
fn a_folder_that_holds_the_export_is_read_too() {
    let export = Fixture::new([
        ("Team/users.json", USERS),
        ("Team/channels.json", CHANNELS),
        ("Team/general/2026-01-15.json", DAY),
    ]);
    assert_eq!(export.me("ana").texts().len(), 3);
}

#[test]
fn no_token_comes_through_anywhere() {
    let read = export().me("ana").extract().unwrap();
    let all = format!("{:?} {:?}", read.texts(), read.report);
    assert!(!all.contains("xox"), "{all}");
}

#[test]
fn what_is_damaged_is_an_error_with_its_line() {
    let error =
        Fixture::new([("users.json", USERS), ("general/2026-01-15.json", &DAY[..DAY.len() - 9])]).me("ana").error();
    assert!(error.contains("2026-01-15.json, line 8, record: the file ends early"), "{error}");
}
