use crate::fixture::Fixture;
use crate::{Confidence, Owner, SourceKind, reason};

/// JSON as a download writes it: each byte of a text's UTF-8 as an escape.
fn broken(json: &str) -> String {
    json.bytes()
        .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("\\u{byte:04x}") })
        .collect()
}

fn thread(other: &str, messages: &str) -> String {
    broken(&format!(
        r#"{{"participants": [{{"name": "{other}"}}, {{"name": "Zoë Ruiz"}}], "messages": [{messages}], "title": "{other}", "is_still_participant": true, "thread_path": "inbox/x"}}"#
    ))
}

fn said(at: u64, who: &str, content: &str) -> String {
    format!(
        r#"{{"sender_name": "{who}", "timestamp_ms": {at}, "content": "{content}", "is_geoblocked_for_viewer": false}}"#
    )
}

const AT: u64 = 1_768_478_400_250;

#[test]
fn threads_in_parts_are_read_and_the_common_participant_is_me() {
    let newest = [
        said(AT + 9, "Zoë Ruiz", "’t was schön 😀"),
        said(AT + 8, "Zoë Ruiz", "Reacted 😀 to your message "),
        said(AT + 7, "Zoë Ruiz", "Zoë Ruiz sent an attachment."),
        format!(r#"{{"sender_name": "Zoë Ruiz", "timestamp_ms": {}, "is_unsent": true}}"#, AT + 6),
        format!(r#"{{"sender_name": "Zoë Ruiz", "timestamp_ms": {}, "photos": [{{"uri": "a.jpg"}}]}}"#, AT + 5),
        format!(
            r#"{{"sender_name": "Zoë Ruiz", "timestamp_ms": {}, "content": "look", "photos": [{{"uri": "a.jpg"}}]}}"#,
            AT + 4
        ),
        format!(
            r#"{{"sender_name": "Zoë Ruiz", "timestamp_ms": {}, "content": "Zoë called you.", "type": "Call", "call_duration": 5}}"#,
            AT + 3
        ),
        format!(
            r#"{{"sender_name": "Zoë Ruiz", "timestamp_ms": {}, "content": "You sent $9.00.", "type": "Payment"}}"#,
            AT + 2
        ),
    ];
    let inbox = "your_activity_across_facebook/messages/inbox";
    let export = Fixture::new([
        (format!("{inbox}/ben_1/message_1.json").as_str(), thread("Ben", &newest.join(",")).as_str()),
        (format!("{inbox}/ben_1/message_2.json").as_str(), thread("Ben", &said(AT, "Zoë Ruiz", "hi")).as_str()),
        (format!("{inbox}/cem_2/message_1.json").as_str(), thread("Cem", &said(AT, "Cem", "hi")).as_str()),
        ("your_activity_across_facebook/messages/autofill_information.json", "{}"),
    ]);
    assert_eq!((export.detect()[0].kind, export.detect()[0].confidence), (SourceKind::Messenger, Confidence::Certain));
    let Owner::Inferred { name, .. } = export.owner(SourceKind::Messenger) else { panic!("not inferred") };
    assert_eq!(name, "Zoë Ruiz");
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["’t was schön 😀", "look", "hi"]);
    assert_eq!(read.messages[2].timestamp.to_string(), "2026-01-15T12:00:00.25Z");
    assert_eq!(
        (read.messages[0].conversation_id.as_deref(), read.messages[0].recipient_count),
        (Some("ben_1"), Some(1))
    );
    for (reason, count) in [
        (reason::TAPBACK, 1),
        (reason::APP_MADE, 2),
        (reason::UNSENT, 1),
        (reason::ATTACHMENT_ONLY, 1),
        (reason::CALL, 1),
        (reason::RECEIVED, 1),
    ] {
        assert_eq!(read.skipped(reason).0, count, "{reason}");
    }
    assert_eq!(export.me("zoë ruiz").texts().len(), 3);
}

#[test]
fn who_only_takes_part_in_somebodys_download_is_refused() {
    let threads = || {
        Fixture::new([
            ("messages/inbox/ben_1/message_1.json", thread("Ben", &said(AT, "Ben", "hi")).as_str()),
            ("messages/inbox/cem_2/message_1.json", thread("Cem", &said(AT, "Cem", "hi")).as_str()),
        ])
    };
    assert!(threads().me("Ben").error().contains("somebody else than --me says"));
    let nothing = threads().error();
    assert!(nothing.contains("none of its 2 records"), "{nothing}");
}

#[test]
fn one_thread_alone_does_not_tell() {
    let one = thread("Ben", &[said(AT, "Ben", "hi"), said(AT, "Zoë Ruiz", "yo")].join(","));
    assert!(
        Fixture::new([("message_1.json", one.as_str())]).error().contains("does not say which of its 2 senders is you")
    );
    assert_eq!(Fixture::new([("message_1.json", one.as_str())]).me("Ben").texts(), ["hi"]);
}

#[test]
fn an_instagram_download_is_told_by_its_folder() {
    let one = thread("Ben", &said(AT, "Zoë Ruiz", "Liked a message"));
    let two = thread("Cem", &said(AT, "Zoë Ruiz", "ja"));
    let inbox = "your_instagram_activity/messages/inbox";
    let export = Fixture::new([
        (format!("{inbox}/ben_1/message_1.json").as_str(), one.as_str()),
        (format!("{inbox}/cem_2/message_1.json").as_str(), two.as_str()),
    ]);
    assert_eq!(export.detect()[0].kind, SourceKind::Instagram);
    assert_eq!(export.texts(), ["ja"]);
}

#[test]
fn encrypted_chats_are_plain() {
    let chat = |other: &str, text: &str| {
        format!(
            r#"{{"participants": ["{other}", "Zoë Ruiz"], "threadName": "{other}_1", "messages": [
            {{"isUnsent": false, "media": [], "reactions": [], "senderName": "Zoë Ruiz", "text": "{text}", "timestamp": {AT}, "type": "text"}},
            {{"isUnsent": true, "media": [], "senderName": "Zoë Ruiz", "text": "gone", "timestamp": {AT}, "type": "text"}},
            {{"isUnsent": false, "media": [{{"uri": "a"}}], "senderName": "Zoë Ruiz", "text": "", "timestamp": {AT}, "type": "media"}}]}}"#
        )
    };
    let export =
        Fixture::new([("Ben_1.json", chat("Ben", "Ã© schön").as_str()), ("Cem_2.json", chat("Cem", "ja").as_str())]);
    assert_eq!((export.detect()[0].kind, export.detect()[0].confidence), (SourceKind::Messenger, Confidence::Certain));
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["Ã© schön", "ja"], "what is plain is not repaired");
    assert_eq!(read.messages[0].conversation_id.as_deref(), Some("Ben_1"));
    assert_eq!((read.skipped(reason::UNSENT).0, read.skipped(reason::ATTACHMENT_ONLY).0), (2, 2));
}

#[test]
fn a_download_in_html_is_named_as_what_it_is() {
    let error = Fixture::new([("messages/inbox/ben_1/message_1.html", "<html></html>")]).error();
    assert!(error.contains("its messages are in HTML; ask for the download again in the format JSON"), "{error}");
}

#[test]
fn what_is_damaged_is_an_error_with_its_line() {
    let one = thread("Ben", &said(AT, "Zoë Ruiz", "hi"));
    let error = Fixture::new([("messages/inbox/ben_1/message_1.json", &one[..one.len() - 5])]).me("Zoë Ruiz").error();
    assert!(error.contains("message_1.json, line 1, record: the file ends early"), "{error}");
}

#[test]
fn both_apps_in_one_folder_are_named() {
    let facebook =
        [("ben_1", thread("Ben", &said(AT, "Zoë Ruiz", "one"))), ("cem_2", thread("Cem", &said(AT, "Cem", "two")))];
    let instagram = thread("ana", &said(AT, "zoe.r", "three")).replace(&broken("Zoë Ruiz"), "zoe.r");
    let folder = "facebook-zoe/your_activity_across_facebook/messages/inbox";
    let export = Fixture::new([
        (format!("{folder}/ben_1/message_1.json").as_str(), facebook[0].1.as_str()),
        (format!("{folder}/cem_2/message_1.json").as_str(), facebook[1].1.as_str()),
        ("instagram-zoe/your_instagram_activity/messages/inbox/ana_3/message_1.json", instagram.as_str()),
    ]);
    let error = export.error();
    assert!(
        error.contains("downloads of both Facebook and Instagram") && error.contains("one app at a time"),
        "{error}"
    );
    let read = export.me("Zoë Ruiz").extract().unwrap();
    assert_eq!(read.texts(), ["one"]);
    assert!(
        read.report
            .notes
            .iter()
            .any(|note| note.ends_with("both Facebook and Instagram; messages by one name may be from both.")),
        "{:?}",
        read.report.notes
    );
}

#[test]
fn a_friend_called_like_the_other_app_is_no_download_of_it() {
    let file = "your_activity_across_facebook/messages/inbox/instagramfan_1/message_1.json";
    let export = Fixture::new([(file, thread("Instagramfan", &said(AT, "Zoë Ruiz", "hi")).as_str())]);
    assert_eq!((export.detect()[0].kind, export.detect().len()), (SourceKind::Messenger, 1));
}

#[test]
fn whose_words_are_a_namesakes_is_not_guessed() {
    let namesakes = thread("Zoë Ruiz", &said(AT, "Zoë Ruiz", "whose?"));
    let export = Fixture::new([
        ("messages/inbox/zoe_1/message_1.json", namesakes.as_str()),
        ("messages/inbox/ben_2/message_1.json", thread("Ben", &said(AT, "Zoë Ruiz", "mine")).as_str()),
    ]);
    let read = export.me("Zoë Ruiz").extract().unwrap();
    assert_eq!(read.texts(), ["mine"]);
    assert_eq!(read.skipped(reason::NAMESAKE), (1, "messages/inbox/zoe_1/message_1.json, message 1"));
}

#[test]
fn what_stands_for_a_message_that_an_encrypted_chat_lacks_is_no_message() {
    let said = |at: u64, text: &str, kind: &str| {
        format!(
            r#"{{"isUnsent": false, "media": [], "reactions": [], "senderName": "Zoë Ruiz", "text": "{text}", "timestamp": {}, "type": "{kind}"}}"#,
            AT + at
        )
    };
    let messages =
        [said(1, "hi", "text"), said(2, "You missed an audio call", "placeholder"), said(3, "x.example", "link")];
    let chat = format!(
        r#"{{"participants": ["Ben", "Zoë Ruiz"], "threadName": "Ben_1", "messages": [{}]}}"#,
        messages.join(",")
    );
    let read = Fixture::new([("messages/Ben_1.json", chat.as_str())]).me("Zoë Ruiz").extract().unwrap();
    assert_eq!(read.texts(), ["hi", "x.example"]);
    assert_eq!(read.skipped(reason::APP_MADE).0, 1);
}

#[test]
fn threads_that_lie_in_one_folder_are_all_read() {
    let export = Fixture::new([
        ("message_1.json", thread("Ben", &said(AT, "Zoë Ruiz", "to Ben")).as_str()),
        ("message_1 (1).json", thread("Cem", &said(AT + 1, "Zoë Ruiz", "to Cem")).as_str()),
    ]);
    assert_eq!(export.texts(), ["to Cem", "to Ben"], "Zoë takes part in both");
}

#[test]
fn which_app_it_is_of_is_told_by_paths_alone() {
    let folder = "your_facebook_activity/messages/inbox";
    let export = Fixture::new([
        (format!("{folder}/ben_1/message_1.json").as_str(), thread("Ben", "").as_str()),
        ("your_facebook_activity/posts/your_posts_1.json", "[]"),
    ]);
    let export = crate::export::Export::open(export.path()).unwrap();
    assert!(super::owner::lies_in(&export, "facebook") && !super::owner::lies_in(&export, "instagram"));
    assert_eq!(export.bytes_read(), 0);
}

#[test]
fn instagrams_list_of_threads_is_read_as_it_was_before_2020() {
    let list = r#"[{"participants": ["zoe.r", "ben"], "conversation": [
        {"sender": "zoe.r", "created_at": "2019-03-01T10:01:00.123456+00:00", "text": "schön"},
        {"sender": "ben", "created_at": "2019-03-01T10:00:00+00:00", "text": "yo"},
        {"sender": "zoe.r", "created_at": "2019-03-01T09:00:00+00:00", "media": "https://a.example"},
        {"sender": "zoe.r", "created_at": "2019-03-01T08:00:00+00:00", "text": "hm", "likes": [{"username": "ben"}]}]},
        {"participants": ["zoe.r", "cem"], "conversation": [
        {"sender": "zoe.r", "created_at": "2019-03-01T07:00:00+00:00", "text": "to Cem"}]}]"#;
    let export = Fixture::new([("messages.json", list), ("profile.json", "{}"), ("comments.json", "{}")]);
    assert_eq!((export.detect()[0].kind, export.detect().len()), (SourceKind::Instagram, 1));
    let read = export.extract().unwrap();
    assert_eq!(read.texts(), ["schön", "hm", "to Cem"], "who takes part in both is me");
    assert_eq!(read.messages[0].timestamp.to_string(), "2019-03-01T10:01:00.123456Z");
    assert_eq!(read.messages[2].conversation_id.as_deref(), Some("cem, zoe.r"));
    assert_eq!((read.skipped(reason::RECEIVED), read.skipped(reason::EMPTY).0), ((1, "messages.json, message 2"), 1));
}
