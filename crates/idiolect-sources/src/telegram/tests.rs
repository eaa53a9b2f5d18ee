use crate::fixture::Fixture;
use crate::{Confidence, Owner, SourceKind, reason};

const ACCOUNT: &str = r#"{
 "about": "Here is the data you requested.",
 "personal_information": {"user_id": 11, "first_name": "Ana", "last_name": "Ruiz", "username": "@ana"},
 "contacts": {"about": "", "list": [{"user_id": 22}]},
 "chats": {"about": "", "list": [
  {"name": "Ben", "type": "personal_chat", "id": 22, "messages": [
   {"id": 1, "type": "message", "date": "2026-01-15T13:00:00", "date_unixtime": "1768478400", "from": "Ana Ruiz", "from_id": "user11", "text": "on my way", "text_entities": []},
   {"id": 2, "type": "message", "date_unixtime": "1768478401", "from": "Ben", "from_id": "user22", "text": "ok"},
   {"id": 3, "type": "message", "date_unixtime": "1768478402", "from": "Ana Ruiz", "from_id": "user11", "forwarded_from": null, "text": "passed on"},
   {"id": 4, "type": "message", "date_unixtime": "1768478403", "edited_unixtime": "1768478500", "from": "Ana Ruiz", "from_id": "user11", "text": ["see ", {"type": "link", "text": "https://a.example"}]},
   {"id": 5, "type": "service", "date_unixtime": "1768478404", "actor": "Ana Ruiz", "actor_id": "user11", "action": "phone_call", "text": ""},
   {"id": 6, "type": "message", "date_unixtime": "1768478405", "from": null, "from_id": "user33", "text": "gone"},
   {"id": 7, "type": "message", "text": 5, "from_id": "user11"}
  ]},
  {"type": "saved_messages", "id": 11, "messages": [
   {"id": 1, "type": "message", "date_unixtime": "1768478406", "from": "Ana Ruiz", "from_id": "user11", "text": "note to self"}
  ]}
 ]},
 "left_chats": {"about": "", "list": [
  {"name": "Hikers", "type": "private_group", "id": 44, "messages": [
   {"id": 1, "type": "message", "date_unixtime": "1768478407", "from": "Ana Ruiz", "from_id": "user11", "text": "bye all"}
  ]}
 ]}
}"#;

const CHAT: &str = r#"{"name": "Ben", "type": "personal_chat", "id": 22, "messages": [
 {"id": 1, "type": "message", "date": "2018-01-15T13:00:00", "from": "Ben", "from_id": 22, "text": "hey"},
 {"id": 2, "type": "message", "date": "2018-01-15T13:01:00", "from": "Ana", "from_id": 11, "text": "hello"}
]}"#;

#[test]
fn an_accounts_export_names_its_owner() {
    let export = Fixture::new([("DataExport/result.json", ACCOUNT)]);
    assert_eq!((export.detect()[0].kind, export.detect()[0].confidence), (SourceKind::Telegram, Confidence::Certain));
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["on my way", "see https://a.example", "note to self", "bye all"]);
    let first = &read.messages[0];
    assert_eq!(first.timestamp.to_string(), "2026-01-15T12:00:00Z");
    assert_eq!((first.conversation_id.as_deref(), first.recipient_count), (Some("22"), Some(1)));
    assert_eq!(first.message_id, "22:1");
    assert_eq!(read.skipped(reason::RECEIVED).0, 2);
    assert_eq!(read.skipped(reason::FORWARDED), (1, "line 9"));
    assert_eq!(read.skipped(reason::CALL), (1, "line 11"));
    assert_eq!(read.skipped(reason::MALFORMED), (1, "line 13"));
    assert_eq!((read.report.rows_read, read.report.sent), (9, 6));
}

#[test]
fn the_owner_is_known_by_any_name_and_nobody_else_is() {
    for me in ["Ana", "ana ruiz", "@ana", "user11", "11"] {
        assert_eq!(Fixture::new([("result.json", ACCOUNT)]).me(me).texts().len(), 4, "{me}");
    }
    let other = Fixture::new([("result.json", ACCOUNT)]).me("Ben").error();
    assert!(other.contains("somebody else than --me says"), "{other}");
}

#[test]
fn a_chat_of_two_tells_who_is_not_the_other() {
    let export = Fixture::new([("result.json", CHAT)]);
    let Owner::Inferred { name, .. } = export.owner(SourceKind::Telegram) else { panic!("not inferred") };
    assert_eq!(name, "11");
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["hello"]);
    assert_eq!(read.messages[0].timestamp.to_string(), "2018-01-15T12:01:00Z");
    assert!(read.report.notes.iter().any(|note| note.contains("without a zone")), "{:?}", read.report.notes);
    let other = Fixture::new([("result.json", CHAT)]).me("Ben").error();
    assert!(other.contains("somebody else than --me says"), "{other}");
    assert_eq!(Fixture::new([("result.json", CHAT)]).me("user11").texts(), ["hello"]);
}

#[test]
fn a_groups_chat_does_not_tell_and_is_refused_without_me() {
    let group = CHAT.replace("personal_chat", "private_group");
    let export = Fixture::new([("result.json", group.as_str())]);
    let error = export.error();
    assert!(error.contains("does not say which of its 2 senders is you; pass --me"), "{error}");
    assert_eq!(Fixture::new([("result.json", group.as_str())]).me("Ben").texts(), ["hey"]);
    let nobody = Fixture::new([("result.json", group.as_str())]).me("Zoe").error();
    assert!(nobody.contains("none of its 2 records was sent by the one whom --me names"), "{nobody}");
}

#[test]
fn who_changed_their_name_between_two_exports_is_known_by_the_number() {
    let renamed = CHAT
        .replace("\"id\": 22", "\"id\": 33")
        .replace("Ben", "Lux")
        .replace(": 22,", ": 33,")
        .replace("Ana", "Ana R.");
    let files = [("ChatExport_1/result.json", CHAT), ("ChatExport_2/result.json", renamed.as_str())];
    let side_by_side = [("result.json", CHAT), ("Result (1).json", renamed.as_str())];
    assert_eq!(Fixture::new(side_by_side).texts().len(), 2, "in one folder");
    for me in [None, Some("Ana"), Some("11")] {
        let export = Fixture::new(files);
        let export = if let Some(me) = me { export.me(me) } else { export };
        assert_eq!(export.texts().len(), 2, "{me:?}");
    }
}

#[test]
fn who_changed_their_name_in_one_export_is_known_by_either() {
    let later = r#"{"id": 3, "type": "message", "date": "2018-01-15T12:03:00", "from": "Ana R.", "from_id": 11, "text": "later"}"#;
    let chat = CHAT.trim_end().strip_suffix("]}").unwrap().to_owned() + ", " + later + "]}";
    for chat in [chat.clone(), chat.replace("personal_chat", "private_group")] {
        for me in ["Ana", "Ana R.", "user11"] {
            assert_eq!(Fixture::new([("result.json", chat.as_str())]).me(me).texts(), ["hello", "later"], "{me}");
        }
    }
}

#[test]
fn a_name_that_two_accounts_bear_is_refused() {
    let group = CHAT.replace("personal_chat", "private_group").replace("Ben", "Ana");
    let error = Fixture::new([("result.json", group.as_str())]).me("Ana").error();
    assert!(error.contains("several senders of one conversation are called as --me says; pass --me"), "{error}");
    assert_eq!(Fixture::new([("result.json", group.as_str())]).me("user22").texts(), ["hey"]);
    // In a chat of two the number tells.
    let namesakes = CHAT.replace("Ben", "Ana");
    assert_eq!(Fixture::new([("result.json", namesakes.as_str())]).me("Ana").texts(), ["hello"]);
}

#[test]
fn who_bears_one_name_in_two_exports_is_read_from_both_and_said() {
    let old = CHAT.replace("personal_chat", "private_group").replace("\"from_id\": 22", "\"from_id\": 4294967318");
    let other = CHAT
        .replace("personal_chat", "private_group")
        .replace("\"id\": 22", "\"id\": 33")
        .replace("\"from_id\": 22", "\"from_id\": 44");
    for (chat, notes) in [(old.as_str(), 0), (other.as_str(), 1)] {
        let group = CHAT.replace("personal_chat", "private_group");
        let read =
            Fixture::new([("a/result.json", group.as_str()), ("b/result.json", chat)]).me("Ben").extract().unwrap();
        let said = read.report.notes.iter().filter(|note| note.contains("2 accounts are called as --me says")).count();
        assert_eq!(said, notes, "{:?}", read.report.notes);
    }
}

#[test]
fn the_same_chat_exported_twice_counts_once() {
    let export = Fixture::new([
        ("result.json", ACCOUNT),
        (
            "ChatExport/result.json",
            r#"{"name":"Ben","type":"personal_chat","id":22,
        "messages":[{"id":1,"type":"message","date_unixtime":"1768478400","from_id":"user11","text":"on my way"}]}"#,
        ),
    ]);
    let read = export.extract().unwrap();
    assert_eq!(read.messages.len(), 4);
    assert_eq!(read.skipped(reason::DUPLICATE_ID).0, 1);
}

#[test]
fn old_exports_without_ids_are_read_too() {
    let chat = r#"{"messages":[{"type":"message","date_unixtime":"1544006350","from":"Ana","text":"hi"},
        {"type":"message","date_unixtime":"1544006964","from":"Ben","text":[{"type":"bold","text":"Link:"}]}]}"#;
    assert_eq!(Fixture::new([("renamed.json", chat)]).me("Ana").texts(), ["hi"]);
}

#[test]
fn a_damaged_file_is_an_error_with_its_line() {
    let cut = Fixture::new([("result.json", &ACCOUNT[..700])]).error();
    assert!(cut.starts_with("EXPORT/result.json, line "), "{cut}");
    assert!(cut.contains("the file ends early"), "{cut}");
    let export = Fixture::new([("result.json", "[1, 2]")]);
    let Err(wrong) = export.extract_file(SourceKind::Telegram, "result.json") else { panic!("read a list") };
    assert!(wrong.to_string().contains("a list stands where an object should"), "{wrong}");
}

#[test]
fn pages_of_html_are_named_as_what_they_are() {
    let page = "<html><head><link href=\"css/style.css\"/></head><body onload=\"CheckLocation();\"><div class=\"page_wrap\"></div></body></html>";
    let error = Fixture::new([("messages.html", page)]).error();
    assert!(error.contains("its messages are in HTML; export again as"), "{error}");
}

#[test]
fn who_has_no_name_is_listed_by_number() {
    let group = r#"{"name": "G", "type": "private_group", "id": 5, "messages": [
 {"id": 1, "type": "message", "date_unixtime": "1768478400", "from": "", "from_id": "user7", "text": "hi"},
 {"id": 2, "type": "message", "date_unixtime": "1768478400", "from": "Ben", "from_id": "user8", "text": "yo"}]}"#;
    let Owner::Unknown { candidates, .. } = Fixture::new([("result.json", group)]).owner(SourceKind::Telegram) else {
        panic!("nothing tells who it is")
    };
    assert_eq!(candidates.iter().map(|sender| sender.name.as_str()).collect::<Vec<_>>(), ["7", "Ben"]);
    assert_eq!(Fixture::new([("result.json", group)]).me("7").texts(), ["hi"]);
}
