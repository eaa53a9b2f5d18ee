use crate::fixture::Fixture;
use crate::{Confidence, Owner, SourceKind, reason};

/// People come before chats, and chats before what was said in them.
const PEOPLE: &str = r#"{"version":"1","backupTimeMs":"1768500000000","currentAppVersion":"x"}
{"account":{"profileKey":"AA==","username":"ana.42","givenName":"Ana","familyName":"Ruiz"}}
{"recipient":{"id":"1","self":{"avatarColor":"A100"}}}
{"recipient":{"id":"2","contact":{"e164":"15550100","nickname":{"given":"Ben"},"profileGivenName":"B"}}}
{"recipient":{"id":"3","group":{"masterKey":"AA==","snapshot":{"title":{"title":"Hikers"},"members":[{"userId":"AA=="},{"userId":"AQ=="},{"userId":"Ag=="}]}}}}
{"recipient":{"id":"4","contact":{"e164":"15550101","systemGivenName":"Ben"}}}
{"recipient":{"id":"5","releaseNotes":{}}}
{"chat":{"recipientId":"2"}}
{"chat":{"id":"1","recipientId":"3","style":{}}}
{"chat":{"id":"2","recipientId":"1"}}
{"chat":{"id":"3","recipientId":"4"}}
{}
"#;

fn item(chat: &str, who: &str, what: &str) -> String {
    format!("{{\"chatItem\":{{{chat}\"authorId\":\"1\",\"dateSent\":\"1768478400250\",\"{who}\":{{}},{what}}}}}\n")
}

fn export(items: &[(&str, &str, &str)]) -> Fixture {
    let items: String = items.iter().map(|(chat, who, what)| item(chat, who, what)).collect();
    Fixture::new([
        ("signal-export/main.jsonl", [PEOPLE, &items].concat().as_str()),
        ("signal-export/metadata.json", "{\"version\":1}"),
        ("signal-export/files/aa/aabb.jpg", "no picture"),
    ])
}

const SAID: &str = r#""standardMessage":{"text":{"body":"on my way"}}"#;

#[test]
fn what_was_sent_is_read_with_its_chat() {
    let export = export(&[
        ("", "outgoing", SAID),
        (
            r#""chatId":"1","#,
            "outgoing",
            r#""standardMessage":{"quote":{"authorId":"2","text":{"body":"where?"}},"text":{"body":"two\nlines 😀"}}"#,
        ),
        (r#""chatId":"1","#, "incoming", SAID),
        (
            r#""chatId":"2","#,
            "outgoing",
            r#""standardMessage":{"text":{"body":"milk"},"attachments":[{"flag":"NONE"}]}"#,
        ),
        (
            r#""chatId":"3","sms":true,"#,
            "outgoing",
            r#""directStoryReplyMessage":{"textReply":{"text":{"body":"nice"}}}"#,
        ),
        (
            r#""chatId":"9","#,
            "outgoing",
            r#""standardMessage":{"text":{"body":"new"}},"revisions":[{"standardMessage":{"text":{"body":"old"}}}]"#,
        ),
    ]);
    let found = export.detect();
    assert_eq!((found.len(), found[0].kind, found[0].confidence), (1, SourceKind::Signal, Confidence::Certain));
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["on my way", "two\nlines 😀", "milk", "nice", "new"]);
    let chats: Vec<_> =
        read.messages.iter().map(|m| (m.conversation_id.as_deref().unwrap(), m.recipient_count)).collect();
    let one = Some(1);
    assert_eq!(
        chats,
        [("Ben", one), ("Hikers", Some(2)), ("Note to Self", Some(0)), ("Ben (+15550101)", one), ("chat 9", None)]
    );
    assert_eq!(read.messages[0].timestamp.to_string(), "2026-01-15T12:00:00.25Z");
    assert_eq!((read.report.rows_read, read.skipped(reason::RECEIVED)), (6, (1, "signal-export/main.jsonl, line 15")));
}

#[test]
fn a_long_text_is_read_from_its_file() {
    // Hash, key and name by Python's hashlib.
    let text = "the beginning and all the rest of it \u{fffc}x";
    let file = r#""longText":{"contentType":"text/x-signal-plain","locatorInfo":{"plaintextHash":"Q3qNXC6gLU3D3lCh4sCCMtqQjgXf4b2HvDkWO9/A9Ok=","localKey":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="}}"#;
    let name = "files/1e/1eda50b096728a41d8c2797d78fa58a5b1997de259dc9530545413947a03b8d6";
    let said = format!(r#""standardMessage":{{"text":{{"body":"the beginning"}},{file}}}"#);
    let replied = format!(r#""directStoryReplyMessage":{{"textReply":{{"text":{{"body":"the beginning"}},{file}}}}}"#);
    let export = export(&[("", "outgoing", &said), ("", "outgoing", &replied), ("", "incoming", &said)]);
    let unread = || export.extract().unwrap().skipped(reason::UNREADABLE_BODY).0;
    assert_eq!(unread(), 2, "an export without media");
    for ending in [".txt", ""] {
        let path = format!("signal-export/{name}{ending}");
        export.write(&path, text.as_bytes());
        assert_eq!(export.texts(), ["the beginning and all the rest of it x"; 2]);
        let read = export.extract_file(SourceKind::Signal, "signal-export").unwrap();
        assert_eq!((read.texts().len(), read.skipped(reason::UNREADABLE_BODY).0), (2, 0), "its own folder");
        export.write(&path, b"the beginning and something else");
        assert_eq!(unread(), 2, "not what main.jsonl says");
        export.remove(&path);
    }
}

#[test]
fn a_line_too_long_to_be_a_message_is_counted() {
    let long = format!(r#""standardMessage":{{"text":{{"body":"{}"}}}}"#, "x".repeat(2_000_000));
    let read = export(&[("", "outgoing", SAID), ("", "outgoing", &long), ("", "incoming", SAID)]).extract().unwrap();
    assert_eq!(read.texts(), ["on my way"]);
    assert_eq!(read.skipped(reason::MALFORMED), (1, "signal-export/main.jsonl, line 14"));
    assert_eq!(read.skipped(reason::RECEIVED), (1, "signal-export/main.jsonl, line 15"));
}

#[test]
fn what_nobody_typed_has_its_reason() {
    for (what, expected) in [
        (r#""standardMessage":{"attachments":[{"flag":"NONE"}]}"#, reason::ATTACHMENT_ONLY),
        (r#""standardMessage":{"text":{"body":" "},"attachments":[{"flag":"VOICE_MESSAGE"}]}"#, reason::AUDIO),
        (
            r#""standardMessage":{"text":{"body":"the beginning"},"longText":{"contentType":"text/x-signal-plain"}}"#,
            reason::UNREADABLE_BODY,
        ),
        (r#""standardMessage":{"text":{"body":"￼ "}}"#, reason::EMPTY),
        (r#""stickerMessage":{"sticker":{}}"#, reason::STICKER),
        (r#""remoteDeletedMessage":{}"#, reason::UNSENT),
        (r#""adminDeletedMessage":{"adminId":"2"}"#, reason::UNSENT),
        (r#""viewOnceMessage":{}"#, reason::ATTACHMENT_ONLY),
        (r#""contactMessage":{"contact":{"name":{"givenName":"Ben"}}}"#, reason::ATTACHMENT_ONLY),
        (r#""directStoryReplyMessage":{"emoji":"👍"}"#, reason::TAPBACK),
        (r#""paymentNotification":{"note":"lunch"}"#, reason::APP_BALLOON),
        (r#""poll":{"question":"When?"}"#, reason::APP_BALLOON),
        (r#""updateMessage":{"individualCall":{"type":"AUDIO_CALL"}}"#, reason::CALL),
        (r#""updateMessage":{"groupChange":{"updates":[]}}"#, reason::GROUP_EVENT),
        (r#""updateMessage":{"expirationTimerChange":{}}"#, reason::SYSTEM_ITEM),
        (r#""somethingNew":{}"#, reason::SYSTEM_ITEM),
        (r#""standardMessage":[]"#, reason::MALFORMED),
    ] {
        let read = export(&[("", "outgoing", SAID), ("", "outgoing", what)]).extract().unwrap();
        assert_eq!((read.texts().len(), read.skipped(expected).0), (1, 1), "{what}");
    }
}

#[test]
fn the_account_says_who_me_is() {
    let read = |me: &str| export(&[("", "outgoing", SAID)]).me(me).extract().map(|read| read.texts().len());
    for me in ["Ana", "ana ruiz", "@ana.42"] {
        assert_eq!(read(me).unwrap(), 1, "{me}");
    }
    assert!(read("Ben").err().unwrap().to_string().contains("somebody else than --me says"));
    let Owner::Marked { names, .. } = export(&[]).owner(SourceKind::Signal) else { panic!("not marked") };
    assert_eq!(names, ["Ana Ruiz", "Ana", "ana.42"]);
    let received = export(&[("", "incoming", SAID)]).error();
    assert!(received.contains("none of its 1 records is marked as sent by you"), "{received}");
}

#[test]
fn exports_of_one_account_are_read_together_and_of_two_refused() {
    let file = [PEOPLE, &item("", "outgoing", SAID)].concat();
    let both = Fixture::new([("old/main.jsonl", file.as_str()), ("new/main.jsonl", &file)]);
    let read = both.extract().unwrap();
    assert_eq!((read.texts().len(), read.skipped(reason::DUPLICATE_ID).0), (1, 1));
    let other = file.replace("Ana", "Cleo").replace("Ruiz", "Day").replace("ana.42", "cleo.7");
    let error = Fixture::new([("a/main.jsonl", file.as_str()), ("b/main.jsonl", &other)]).error();
    assert!(
        error.ends_with("it holds exports of several accounts; name the folder of the account you mean"),
        "{error}"
    );
}

#[test]
fn what_is_damaged_is_named() {
    let file = [PEOPLE, &item("", "outgoing", SAID)].concat();
    let cut = Fixture::new([("main.jsonl", &file[..file.len() - 20])]).error();
    assert_eq!(cut, "EXPORT/main.jsonl, line 13, record: broken JSON; copy or export the file again");
    let headless = file.split_once('\n').unwrap().1;
    let fixture = Fixture::new([("main.jsonl", headless)]);
    let error = fixture.extract_file(SourceKind::Signal, "main.jsonl").err().unwrap().to_string();
    assert!(error.contains("line 1, backupTimeMs: it is not the header of Signal's export"), "{error}");
}

#[test]
fn files_of_signal_export_beside_it_are_said_to_be_unread() {
    let export = export(&[("", "outgoing", SAID)]);
    export.write(
        "Ben/data.json",
        b"{\"date\": \"2026-01-15T13:00:00\", \"sender\": \"Me\", \"body\": \"on my way  \"}\n",
    );
    let read = export.extract().unwrap();
    assert_eq!(read.texts().len(), 1);
    assert!(read.report.notes.iter().any(|note| note.contains("they were not read")), "{:?}", read.report.notes);
    let lone = export.extract_file(SourceKind::Signal, "signal-export/main.jsonl").unwrap();
    assert!(lone.report.notes.is_empty(), "{:?}", lone.report.notes);
}
