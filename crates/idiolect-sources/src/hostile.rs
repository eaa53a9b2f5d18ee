//! Tests: what no reader may do with a file that is damaged, cut, or another's under its name: panic, hang, or quote a message.

use crate::SourceKind;
use crate::fixture::{Extracted, Fixture};

/// One small file of each kind, in which every word of a message is `canary`.
const FILES: [(SourceKind, &str, &str); 12] = [
    (
        SourceKind::Telegram,
        "result.json",
        r#"{"personal_information": {"user_id": 1, "first_name": "Ana"}, "chats": {"list": [{"type": "personal_chat", "id": 2, "messages": [
{"id": 1, "type": "message", "date_unixtime": "1768478400", "from": "Ana", "from_id": "user1", "text": ["canary ", {"type": "bold", "text": "canary"}]},
{"id": 2, "type": "message", "date": "2026-01-15T13:00:00", "from": "Ana", "from_id": "user1", "text": "canary \ud83d\ude00"}]}]}}"#,
    ),
    (
        SourceKind::Signal,
        "data.json",
        "{\"date\": \"2026-01-15T13:00:00\", \"sender\": \"Me\", \"body\": \"canary  \", \"attachments\": []}\n\
         {\"date\": \"2026-01-15T13:01:00\", \"sender\": \"Me\", \"body\": \"canary \\n canary  \"}\n",
    ),
    (
        SourceKind::Signal,
        "chat.md",
        "[2026-01-15 13:00:00] Me: \n\n> canary\n\ncanary  \n\n[2026-01-15 13:01:00] Me: canary ![a](./media/a) \ncanary\n",
    ),
    (
        SourceKind::SmsBackup,
        "sms.xml",
        "<?xml version='1.0'?>\n<smses count=\"2\">\n<sms address=\"+1\" date=\"1768478400250\" type=\"2\" body=\"canary &#55357;&#56832;\" />\n\
         <mms msg_box=\"2\" address=\"+1~+2\" date=\"1768478401\"><parts><part ct=\"text/plain\" text=\"canary &amp;\"/></parts></mms>\n</smses>",
    ),
    (
        SourceKind::GoogleVoice,
        "Ben - Text - x.html",
        "<html><body><div class=\"hChatLog hfeed\">\n<div class=\"message\"><abbr class=\"dt\" title=\"2026-01-15T13:00:00Z\">x</abbr>\
         <cite><a class=\"tel\" href=\"tel:+1\"><abbr class=\"fn\">Me</abbr></a></cite><q>canary<br>&#39;canary&amp;</q></div></div></body></html>",
    ),
    (
        SourceKind::GoogleChat,
        "messages.json",
        r#"{"messages": [{"creator": {"name": "Ana", "email": "a@example.com"}, "created_date": "Thursday, January 15, 2026 at 12:00:00 PM UTC",
"text": "canary", "message_id": "1"}]}"#,
    ),
    (
        SourceKind::Messenger,
        "message_1.json",
        r#"{"participants": [{"name": "Ana"}, {"name": "Ben"}], "messages": [
{"sender_name": "Ana", "timestamp_ms": 1768478400250, "content": "canary \u00f0\u009f\u0098\u0080"}], "is_still_participant": true}"#,
    ),
    (
        SourceKind::Messenger,
        "Ben_1.json",
        r#"{"participants": ["Ana", "Ben"], "messages": [{"senderName": "Ana", "timestamp": 1768478400250, "text": "canary", "isUnsent": false}]}"#,
    ),
    (
        SourceKind::Instagram,
        "message_1.json",
        r#"{"participants": [{"name": "Ana"}], "messages": [{"sender_name": "Ana", "timestamp_ms": 1768478400250, "content": "canary"}]}"#,
    ),
    (
        SourceKind::Discord,
        "messages.json",
        r#"[{"ID": 352836207438200832, "Timestamp": "2017-08-31 15:25:07", "Contents": "canary <@12>", "Attachments": ""}]"#,
    ),
    (
        SourceKind::Discord,
        "messages.csv",
        "ID,Timestamp,Contents,Attachments\n352836207438200832,2017-08-31 15:25:07.233000+00:00,\"canary, \"\"canary\"\"\ncanary\",\n",
    ),
    (
        SourceKind::Slack,
        "2026-01-15.json",
        r#"[{"type": "message", "user": "U1A", "text": "canary &lt;<@U1A>", "ts": "1768478400.000250"}]"#,
    ),
];

fn read(kind: SourceKind, name: &str, contents: &[u8]) -> Result<Extracted, String> {
    let fixture = Fixture::new([]).me(me(kind));
    fixture.write(name, contents);
    let read = fixture.extract_file(kind, name);
    read.map_err(|error| error.to_string())
}

fn me(kind: SourceKind) -> &'static str {
    if kind == SourceKind::Slack { "U1A" } else { "Ana" }
}

/// Reads what was made of a file: it may succeed or fail, but neither the error nor the report may hold a message's words.
fn survives(kind: SourceKind, name: &str, contents: &[u8]) {
    match read(kind, name, contents) {
        Ok(read) => assert!(!format!("{:?}", read.report).contains("canary"), "{kind:?}: {:?}", read.report),
        Err(error) => assert!(!error.contains("canary"), "{kind:?}: {error}"),
    }
}

#[test]
fn every_file_is_right_before_it_is_damaged() {
    for (kind, name, contents) in FILES {
        let fixture = Fixture::new([(name, contents)]).me(me(kind));
        let texts = fixture.extract_file(kind, name).unwrap().texts();
        assert!(!texts.is_empty() && texts.iter().all(|text| text.contains("canary")), "{kind:?} {name}: {texts:?}");
    }
}

#[test]
fn a_file_cut_anywhere_is_survived() {
    for (kind, name, contents) in FILES {
        for length in (0..contents.len()).step_by(3) {
            survives(kind, name, &contents.as_bytes()[..length]);
        }
    }
}

#[test]
fn a_file_damaged_anywhere_is_survived() {
    for (kind, name, contents) in FILES {
        for (at, byte) in
            (0..contents.len()).step_by(7).zip([0x00, 0xff, b'"', b'{', b'<', b'\\', b']', 0xed].iter().cycle())
        {
            let mut damaged = contents.as_bytes().to_vec();
            damaged[at] = *byte;
            survives(kind, name, &damaged);
            damaged.splice(at..at, contents.bytes().take(at % 50));
            survives(kind, name, &damaged);
        }
    }
}

#[test]
fn anothers_file_under_the_right_name_is_an_error() {
    for (kind, name, contents) in FILES {
        for (other, _, others) in FILES {
            let shares_its_reader = |kind| matches!(kind, SourceKind::Messenger | SourceKind::Instagram);
            if other == kind || (shares_its_reader(kind) && shares_its_reader(other)) || others == contents {
                continue;
            }
            let Err(error) = read(kind, name, others.as_bytes()) else { panic!("{kind:?} read a file of {other:?}") };
            assert!(error.contains(name) && !error.contains("canary"), "{kind:?}, {other:?}: {error}");
        }
        survives(kind, name, &[0xff, 0xfe, 0x00, 0xd8, 0x00]);
        survives(kind, name, &"\u{0}".repeat(5000).into_bytes());
    }
}
