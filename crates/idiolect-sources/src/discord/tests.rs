use crate::fixture::Fixture;
use crate::{Confidence, SourceKind, reason};

const USER: &str = r#"{"id": "11", "username": "ana.ruiz", "global_name": "Ana", "email": "ana@example.com", "settings": {"x": [1]},
 "relationships": [{"id": "22", "user": {"id": "22", "username": "ben", "global_name": null}}]}"#;
const CSV: &str = "ID,Timestamp,Contents,Attachments\r\n\
    352836207438200832,2017-08-31 15:25:07.233000+00:00,\"one, \"\"two\"\"\nthree\",\r\n\
    352836083261636608,2017-08-31 15:24:37.627000+00:00,<@22> see <:pog:1>,\r\n\
    352836083261636609,2017-08-31 15:24:38.627000+00:00,,https://cdn.example/a.png\r\n";
const JSON: &str = r#"[{"ID": 352836207438200832, "Timestamp": "2017-08-31 15:25:07", "Contents": "one, two", "Attachments": ""},
 {"ID": 352836083261636609, "Timestamp": "2017-08-31 15:24:38", "Contents": "", "Attachments": "https://cdn.example/a.png"}]"#;

#[test]
fn old_packages_have_rows() {
    let export = Fixture::new([
        ("account/user.json", USER),
        ("messages/index.json", r#"{"44": "general in Some Server"}"#),
        ("messages/c44/channel.json", r#"{"id": "44", "type": 1, "recipients": ["11", "22"]}"#),
        ("messages/c44/messages.csv", CSV),
    ]);
    assert_eq!((export.detect()[0].kind, export.detect()[0].confidence), (SourceKind::Discord, Confidence::Certain));
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["one, \"two\"\nthree", "@ben see :pog:"]);
    let first = &read.messages[0];
    assert_eq!(
        (first.message_id.as_str(), first.timestamp.to_string().as_str()),
        ("352836207438200832", "2017-08-31T15:25:07.233Z")
    );
    assert_eq!((first.conversation_id.as_deref(), first.recipient_count), (Some("44"), Some(1)));
    assert_eq!(read.skipped(reason::ATTACHMENT_ONLY), (1, "messages/c44/messages.csv, message 3"));
}

#[test]
fn a_channel_goes_by_its_own_name_though_a_server_has_its_id() {
    let export = Fixture::new([
        ("Messages/index.json", r#"{"44": "general in Some Server"}"#),
        ("Servers/index.json", r#"{"44": "Some Server"}"#),
        ("Messages/c44/messages.json", r#"[{"ID": 1, "Timestamp": "2024-08-31 15:25:07", "Contents": "in <#44>"}]"#),
    ]);
    assert_eq!(export.extract().unwrap().texts(), ["in #general"]);
}

#[test]
fn messages_whose_ids_are_empty_are_not_taken_for_one() {
    let rows = "ID,Timestamp,Contents,Attachments\r\n,2017-08-31 15:25:07,one,\r\n,2017-08-31 15:25:08,two,\r\n";
    let read = Fixture::new([("account/user.json", USER), ("messages/c44/messages.csv", rows)]).extract().unwrap();
    assert_eq!(read.texts(), ["one", "two"]);
    assert!(read.messages.iter().all(|message| !message.message_id.is_empty()));
}

#[test]
fn new_packages_have_objects_and_large_letters() {
    let export = Fixture::new([
        ("Account/user.json", USER),
        ("Messages/c44/channel.json", r#"{"id": "44", "type": "GUILD_TEXT", "name": "general"}"#),
        ("Messages/c44/messages.json", JSON),
    ]);
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["one, two"]);
    assert_eq!(read.messages[0].recipient_count, None);
    assert_eq!(read.skipped(reason::ATTACHMENT_ONLY), (1, "Messages/c44/messages.json, message 2"));
}

#[test]
fn the_account_is_known_by_any_name_and_somebody_else_is_refused() {
    for me in ["Ana", "ana.ruiz", "Ana Ruiz", "11", "ana@example.com"] {
        assert_eq!(
            Fixture::new([("account/user.json", USER), ("messages/c44/messages.json", JSON)]).me(me).texts().len(),
            1,
            "{me}"
        );
    }
    let error = Fixture::new([("account/user.json", USER), ("messages/c44/messages.json", JSON)]).me("Ben").error();
    assert!(error.contains("somebody else than --me says"), "{error}");
}

#[test]
fn what_is_damaged_is_an_error_with_its_line() {
    let error = Fixture::new([("messages/c44/messages.json", &JSON[..JSON.len() - 5])]).error();
    assert!(error.contains("messages.json, line 2, record: the file ends early"), "{error}");
    let other = Fixture::new([("messages.csv", "a,b\n1,2\n")]);
    let Err(error) = other.extract_file(SourceKind::Discord, "messages.csv") else { panic!("read another table") };
    assert!(error.to_string().contains("is not a channel of a Discord package"), "{error}");
    let cut = format!("{CSV}1,2017-08-31 15:25:07,\"canary");
    let error = Fixture::new([("messages/c44/messages.csv", cut.as_str())]).error();
    assert!(
        error.contains("message 4, record: the file ends early, within quotation marks; it was cut short"),
        "{error}"
    );
    let endless = format!("{CSV}1,2017-08-31 15:25:07,\"{}", "x".repeat(3_000_000));
    let error = Fixture::new([("messages/c44/messages.csv", endless.as_str())]).error();
    assert!(error.contains("a row in it is longer than 1 MiB"), "{error}");
}

#[test]
fn packages_of_several_accounts_are_refused() {
    let other = USER.replace("\"id\": \"11\"", "\"id\": \"12\"");
    let files = [("a/messages/c44/messages.json", JSON), ("b/messages/c44/messages.json", JSON)];
    let twice = Fixture::new(files.into_iter().chain([("a/account/user.json", USER), ("b/account/user.json", USER)]));
    assert_eq!(twice.texts(), ["one, two"]);
    let both = Fixture::new(files.into_iter().chain([("a/account/user.json", USER), ("b/account/user.json", &other)]));
    assert!(both.error().contains("it holds packages of several accounts; name the folder or zip"), "{}", both.error());
}

#[test]
fn a_second_list_of_one_folder_is_read() {
    let second = JSON.replace("one, two", "three").replace("352836207438200832", "352836207438200833");
    let export = Fixture::new([("messages.json", JSON), ("messages (1).json", &second)]);
    assert_eq!(export.texts(), ["three", "one, two"]);
}
