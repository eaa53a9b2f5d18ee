use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use idiolect_dataset::{ExtractionReport, Message, Window};
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::spec::{SourceOptions, SourceSpec, open};

fn extract(path: &Path, me: Option<&str>) -> Result<(Vec<Message>, ExtractionReport), String> {
    let spec = SourceSpec { kind: None, path: path.to_owned() };
    let timezone = Some(TimeZone::fixed(offset(2)));
    let options = SourceOptions { me: me.map(str::to_owned), timezone, ..SourceOptions::default() };
    let source = open(&spec, &options).map_err(|error| error.to_string())?;
    let window = Window { start: Timestamp::MIN, end: Timestamp::MAX };
    let mut stream = source.read(window).map_err(|error| error.to_string())?;
    let mut messages = Vec::new();
    for message in stream.by_ref() {
        messages.push(message.map_err(|error| error.to_string())?);
    }
    Ok((messages, stream.report()))
}

fn file(name: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.text.as_str()).collect()
}

const ANDROID: &str = "13/04/23, 10:00 - Messages and calls are end-to-end encrypted.\n\
    13/04/23, 10:00 - Wren: first\nsecond line\n\n  third: line\n\
    13/04/23, 10:01 - Lux: <Media omitted>\n\
    13/04/23, 10:02 - Wren: You deleted this message\n\
    13/04/23, 10:02 - Wren: 12/05/2019 is a date\n12/05/2019, 10:11 - Bo: pasted with a longer year\n\
    13/04/23, 10:03 - Wren: ok\n13/04/23, 10:03 - Wren: ok\n\
    13/04/23, 10:04 - Wren: same form below\n01/05/19, 10:11 - Bo: pasted from long ago\n01/05/27, 10:11 - Cy: and from later\n\
    13/04/23, 10:05 - Lux: bye <This message was edited>\n14/04/23, 10:05 - Wren: null\n14/04/23, 10:05 - Wren:.\n";

#[test]
fn messages_are_put_together_and_everything_else_accounted_for() {
    let (_folder, path) = file("WhatsApp Chat with Lux.txt", ANDROID);
    let (messages, report) = extract(&path, Some("wren")).unwrap();
    assert_eq!(
        texts(&messages),
        [
            "first\nsecond line\n\n  third: line",
            "12/05/2019 is a date\n12/05/2019, 10:11 - Bo: pasted with a longer year",
            "ok",
            "ok",
            "same form below\n01/05/19, 10:11 - Bo: pasted from long ago\n01/05/27, 10:11 - Cy: and from later",
        ]
    );
    assert_eq!(messages[0].timestamp, "2023-04-13T08:00:00Z".parse().unwrap());
    assert_eq!((messages[0].conversation_id.as_deref(), messages[0].recipient_count), (Some("Lux"), Some(1)));
    assert_ne!(messages[2].message_id, messages[3].message_id);
    let count = |reason: &str| report.skipped.get(reason).map_or(0, |skipped| skipped.count);
    assert_eq!((report.rows_read, report.sent, report.kept), (11, 8, 5));
    assert_eq!((count("received"), count("unsent"), count("app_made"), count("attachment_only")), (3, 1, 1, 1));
    assert_eq!(report.skipped["unsent"].places, ["line 7"]);
    assert!(
        report.notes.iter().any(|note| note.starts_with("Dates were read as day, month, year")),
        "{:?}",
        report.notes
    );
}

#[test]
fn the_owner_of_a_chat_of_two_is_the_one_whom_it_is_not_named_after() {
    let (_folder, path) = file("WhatsApp Chat with Lux.txt", ANDROID);
    let (messages, report) = extract(&path, None).unwrap();
    assert_eq!(messages.len(), 5);
    assert!(report.notes.iter().any(|note| note.contains("not named after")), "{:?}", report.notes);
}

#[test]
fn who_me_is_is_not_guessed() {
    let (_folder, path) = file("WhatsApp Chat with friends.txt", ANDROID);
    let error = extract(&path, None).unwrap_err();
    assert!(error.contains("does not say which of its 2 senders is you; pass --me"), "{error}");
    let error = extract(&path, Some("somebody")).unwrap_err();
    assert!(error.contains("none of its 11 records was sent by the one whom --me names"), "{error}");
}

#[test]
fn a_zip_and_its_folder_give_the_same_and_a_chat_exported_twice_counts_once() {
    let chat = "\u{feff}[4/13/23, 10:00:00\u{202f}AM] Lux & co: \u{200e}Messages are encrypted.\r\n\
        [4/13/23, 10:00:01\u{202f}AM] ~\u{202f}Wren: one\r\n\u{200e}[4/13/23, 10:00:02\u{202f}PM] Wren: \u{200e}image omitted\r\n\
        [4/13/23, 10:00:03\u{202f}PM] ~\u{202f}Wren: two\r\ntwo\r\n[4/13/23, 10:01:00\u{202f}PM] Lux: hm\r\n[4/13/23, 10:02:00\u{202f}PM] Bo: hm\r\n";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("_chat.txt", SimpleFileOptions::default()).unwrap();
    zip.write_all(chat.as_bytes()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("WhatsApp Chat - Lux & co.zip"), zip.finish().unwrap().into_inner()).unwrap();
    let first = extract(&folder.path().join("WhatsApp Chat - Lux & co.zip"), Some("Wren")).unwrap().0;
    let inside = folder.path().join("WhatsApp Chat - Lux & co");
    fs::create_dir(&inside).unwrap();
    fs::write(inside.join("_chat.txt"), chat).unwrap();
    let (both, report) = extract(folder.path(), Some("Wren")).unwrap();
    assert_eq!(texts(&both), ["one", "two\ntwo"]);
    assert_eq!(both[0].timestamp, "2023-04-13T08:00:01Z".parse().unwrap());
    assert_eq!(report.skipped["duplicate_id"].count, 2);
    assert_eq!(first.len(), 2);
    let single = extract(&inside.join("_chat.txt"), Some("Wren")).unwrap().0;
    assert_eq!(texts(&single), texts(&both));
}

#[test]
fn what_is_no_chat_is_not_taken_for_one() {
    for text in ["a", "hello\n", "dear diary\n13/04/23, 10:00 - Wren: x\n", "{\"a\": 1}"] {
        let (_folder, path) = file("notes.txt", text);
        let error = extract(&path, None).unwrap_err();
        assert!(error.contains("is no message store or export that is known"), "{error}");
    }
    let (_folder, path) = file("WhatsApp Chat with Lux.txt", "13/04/23, 10:00 - Wren: x\n");
    fs::write(&path, [ANDROID.as_bytes(), b"13/04/23, 10:00 - Wren: \xff\n"].concat()).unwrap();
    let error = extract(&path, Some("Wren")).unwrap_err();
    assert!(error.contains("line 18, text: byte 25 is not valid UTF-8"), "{error}");
}

#[test]
fn a_pasted_line_in_the_exports_own_form_is_told_even_in_short_chats() {
    let pasted = "12/05/2019, 10:11 - some words, pasted: ok?";
    let chat = |lines: &[&str]| file("WhatsApp Chat with Lux.txt", &format!("{}\n", lines.join("\n")));
    let first = "13/04/2017, 10:00 - Lux: hi";
    // At the end, where no later line tells that it leaps; and twice.
    for (lines, expected) in [
        (vec![first, "13/04/2017, 10:01 - Wren: see", pasted], vec![format!("see\n{pasted}")]),
        (
            vec![first, "13/04/2017, 10:01 - Wren: a", pasted, "13/04/2017, 10:02 - Wren: b", pasted],
            vec![format!("a\n{pasted}"), format!("b\n{pasted}")],
        ),
        // A notice with a colon is none of the third.
        (
            vec![first, "13/04/2017, 10:01 - Wren: see", "13/04/2017, 10:02 - Lux changed the subject from a: b to c"],
            vec!["see".to_owned()],
        ),
        (
            vec![first, "13/04/2017, 10:01 - Wren: see", "13/04/2017, 10:02 - This chat is with a shop: tap", first],
            vec!["see".to_owned()],
        ),
    ] {
        let (_folder, path) = chat(&lines);
        let (messages, _) = extract(&path, Some("Wren")).unwrap();
        assert_eq!(texts(&messages), expected);
    }
}

#[test]
fn a_line_pasted_again_and_again_lands_in_its_place_once() {
    let pasted = "12/05/2019, 10:11 - some words, pasted: ok?";
    let mut lines = Vec::new();
    for day in 1..=13 {
        lines.push(format!("{day:02}/05/2019, 10:10 - Wren: day {day}"));
        if day % 4 == 0 {
            lines.push(pasted.to_owned());
        }
        lines.push(format!("{day:02}/05/2019, 10:12 - {}: hm", if day % 2 == 0 { "Lux" } else { "Bo" }));
    }
    let (_folder, path) = file("WhatsApp Chat with friends.txt", &format!("{}\n", lines.join("\n")));
    let (messages, _) = extract(&path, Some("Wren")).unwrap();
    let with_it: Vec<&str> = texts(&messages).into_iter().filter(|text| text.contains(pasted)).collect();
    assert_eq!((messages.len(), with_it.len()), (13, 3));
    // Newest first is in no order, and nothing is told by it.
    let backwards: String = lines.iter().filter(|line| *line != pasted).rev().map(|line| format!("{line}\n")).collect();
    let (_folder, path) = file("WhatsApp Chat with friends.txt", &backwards);
    assert_eq!(extract(&path, Some("Wren")).unwrap().0.len(), 13);
}

#[test]
fn somebody_who_writes_once_in_a_group_is_no_pasted_line() {
    let chat = "13/04/23, 10:00 - Wren: who is in?\n13/04/23, 10:01 - Lux: me\n14/04/23, 10:01 - Bo: me too\n15/04/23, 9:00 - Wren: fine\n16/09/23, 9:00 - Cy: late\n";
    let (_folder, path) = file("WhatsApp Chat with friends.txt", chat);
    let (messages, report) = extract(&path, Some("Wren")).unwrap();
    assert_eq!((texts(&messages), report.rows_read), (vec!["who is in?", "fine"], 5));
}

#[test]
fn a_form_that_no_chat_begins_with_is_pasted_in_the_shortest_chat_too() {
    let chat = "[13.04.23, 10:00:00] Lux: hm\n[13.04.23, 10:00:01] Wren: they said\n1/5/23, 10:11 - Bo: one\n1/5/23, 10:12 - Cy: two\n1/5/23, 10:13 - Bo: three\n";
    let (_folder, path) = file("_chat.txt", chat);
    let (messages, _) = extract(&path, Some("Wren")).unwrap();
    assert_eq!(
        texts(&messages),
        ["they said\n1/5/23, 10:11 - Bo: one\n1/5/23, 10:12 - Cy: two\n1/5/23, 10:13 - Bo: three"]
    );
}

#[test]
fn line_ends_within_a_message_are_all_written_alike() {
    let chat = |end: &str, inner: &str| {
        format!("13/04/23, 10:00 - Lux: hi{end}13/04/23, 10:01 - Wren: a{inner}b{end}13/04/23, 10:02 - Wren: c{end}")
    };
    for (end, inner) in [("\n", "\r\n"), ("\n", "\n"), ("\r\n", "\n"), ("\r\n", "\r\n"), ("\n", "\r")] {
        let (_folder, path) = file("WhatsApp Chat with Lux.txt", &chat(end, inner));
        let (messages, _) = extract(&path, Some("Wren")).unwrap();
        assert_eq!(texts(&messages), ["a\nb", "c"]);
    }
}

#[test]
fn a_name_may_have_a_colon_in_it() {
    let chat = "13/04/23, 10:00 - Lux: at work: hi\n13/04/23, 10:01 - Wren: of: the woods: a: b\n13/04/23, 10:02 - Lux: at work: c\n13/04/23, 10:03 - Lux: at work:.\n13/04/23, 10:04 - Lux: at work changed this group's icon\n";
    let (_folder, path) = file("WhatsApp Chat with Lux: at work.txt", chat);
    let (messages, _) = extract(&path, Some("Wren: of: the woods")).unwrap();
    assert_eq!(texts(&messages), ["a: b"]);
}

#[test]
fn chats_in_which_nobody_is_called_so_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let chat = |name: &str, me: &str| {
        let text = format!("13/04/2023, 10:00 - {name}: hi\n13/04/2023, 10:01 - {me}: yes\n");
        fs::write(folder.path().join(format!("WhatsApp Chat with {name}.txt")), text).unwrap();
    };
    chat("Lux", "Wren");
    chat("Bo", "Wren 🌿");
    let (messages, report) = extract(folder.path(), Some("Wren")).unwrap();
    assert_eq!(texts(&messages), ["yes"]);
    let note = "In 1 of 2 chats nobody is called as --me says, first in WhatsApp Chat with Bo.txt";
    assert!(report.notes.iter().any(|said| said.starts_with(note)), "{:?}", report.notes);
}

#[test]
fn messages_that_were_copied_and_pasted_are_nobodys_of_the_one_who_pasted_them() {
    let chat = "[07.03.26, 21:22:39] Lux: hi\n[07.03.26, 21:28:40] Wren: [07.03.26, 21:20:00] Bo: are you there?\n\
                [07.03.26, 21:19:00] Mo: yes\n[07.03.26, 21:22:39] Lux: hi\nthat was all\n[07.03.26, 21:29:00] Wren: ok\n[07.03.26, 21:28:59] Lux: late\n";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("_chat.txt"), chat).unwrap();
    let (messages, report) = extract(folder.path(), Some("Wren")).unwrap();
    assert_eq!(texts(&messages), ["ok"]);
    assert_eq!((report.skipped["received"].count, report.skipped["forwarded"].count), (2, 1));
}

#[test]
fn a_message_that_begins_with_a_date_swallows_nothing() {
    let chat = "[31.10.26, 01:54:00] Lux: hi\n[31.10.26, 01:55:00] Wren: 31/10/26, 18:00 - dinner at mine\n\
                [31.10.26, 01:05:00] Lux: yes\n[31.10.26, 01:10:00] Wren: [01.11.26, 18:00:00] see you\n[31.10.26, 01:06:00] Lux: great\n";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("_chat.txt"), chat).unwrap();
    let (messages, report) = extract(folder.path(), Some("Wren")).unwrap();
    assert_eq!(texts(&messages), ["31/10/26, 18:00 - dinner at mine", "[01.11.26, 18:00:00] see you"]);
    assert_eq!(report.skipped["received"].count, 3);
}

#[test]
fn of_two_files_that_differ_by_a_number_only_those_with_the_same_messages_are_one_chat() {
    let lux = "[01.02.26, 10:00:00] Lux: hi\n[01.02.26, 10:01:00] Wren: yes\n";
    let longer = format!("{lux}[02.02.26, 10:01:00] Wren: later\n");
    let (file, again) = ("WhatsApp Chat with Lux (1).txt", "WhatsApp Chat with Lux (2).txt");
    let twice = crate::fixture::Fixture::new([(file, lux), (again, longer.as_str())]).me("Wren");
    assert_eq!(twice.texts(), ["yes", "later"]);
    let trip = "[01.02.26, 09:00:00] Ana: in May?\n[01.02.26, 10:01:00] Wren: yes\n";
    let groups = [("WhatsApp Chat with Trip.txt", lux), ("WhatsApp Chat with Trip (2).txt", trip)];
    let read = crate::fixture::Fixture::new(groups).me("Wren").extract().unwrap();
    assert_eq!(read.texts(), ["yes", "yes"]);
    assert_ne!(read.messages[0].conversation_id, read.messages[1].conversation_id);
}

#[test]
fn two_exports_of_a_chat_of_which_one_begins_later_count_once() {
    let lines: Vec<String> = (10..60)
        .map(|minute| {
            let sender = if minute % 2 == 0 { "Wren" } else { "Lux" };
            format!("[01.02.26, 10:{minute}:00] {sender}: line {minute}\n")
        })
        .collect();
    let (march, may) = (lines[..35].concat(), lines[10..].concat());
    for name in
        ["WhatsApp Chat - Lux (1)/_chat.txt", "WhatsApp Chat - Lux(1)/_chat.txt", "WhatsApp Chat - Lux 2/_chat.txt"]
    {
        let both = crate::fixture::Fixture::new([("WhatsApp Chat - Lux/_chat.txt", &*march), (name, &may)]);
        let read = both.extract().unwrap();
        assert_eq!((read.messages.len(), read.skipped("duplicate_id").0), (25, 13), "{name}");
    }
    // What one person wrote to two groups is two messages.
    let other = march.replace("Lux", "Ana").replace(": line 2", ": other 2").replace(": line 3", ": other 3");
    let groups = [("WhatsApp Chat - Trip/_chat.txt", &*march), ("WhatsApp Chat - Trip (2)/_chat.txt", &other)];
    assert_eq!(crate::fixture::Fixture::new(groups).me("Wren").texts().len(), 36);
}

#[test]
fn a_chat_in_a_file_without_its_name_has_that_of_the_folder_or_zip() {
    let chat = "[01.02.26, 10:00:00] Lux: hi\n[01.02.26, 10:01:00] Wren: yes\n";
    let folder = tempfile::tempdir().unwrap();
    let (named, zipped) = (folder.path().join("WhatsApp Chat - Lux"), folder.path().join("WhatsApp Chat - Lux.zip"));
    fs::create_dir(&named).unwrap();
    let file = named.join("_chat.txt");
    fs::write(&file, chat).unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("_chat.txt", SimpleFileOptions::default()).unwrap();
    zip.write_all(chat.as_bytes()).unwrap();
    fs::write(&zipped, zip.finish().unwrap().into_inner()).unwrap();
    for path in [named, zipped, file] {
        // Nobody says who "me" is: it is not the one whom the chat is named after.
        let (messages, _) = extract(&path, None).unwrap();
        assert_eq!((texts(&messages), messages[0].conversation_id.as_deref()), (vec!["yes"], Some("Lux")));
    }
}

#[test]
fn a_chat_that_must_not_be_opened_is_said_in_the_report() {
    use std::os::unix::fs::PermissionsExt;
    let chat = "[01.02.26, 10:00:00] Ana: hi\n[01.02.26, 10:01:00] Wren: yo\n";
    let fixture = crate::fixture::Fixture::new([("WhatsApp Chat - Ana.txt", chat), ("WhatsApp Chat - Ben.txt", chat)]);
    let path = fixture.path().join("WhatsApp Chat - Ben.txt");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let report = fixture.me("Wren").extract().unwrap().report;
    assert!(report.notes[0].starts_with("1 files or folders could not be opened"), "{:?}", report.notes);
}

#[test]
fn the_assistant_is_nobody_who_writes() {
    let chat = "13/04/23, 10:00 - Wren: @Meta AI how late is it\n13/04/23, 10:00 - Meta AI: Ten.\n13/04/23, 10:01 - Lux: haha\n";
    let (_folder, path) = file("WhatsApp Chat with Lux.txt", chat);
    let (messages, report) = extract(&path, None).unwrap();
    assert_eq!(texts(&messages), ["@Meta AI how late is it"]);
    assert_eq!((messages[0].recipient_count, report.skipped["received"].count), (Some(1), 2));
    let alone = "13/04/23, 10:00 - Wren: how late is it\n13/04/23, 10:00 - Meta AI: Ten.\n";
    let (_folder, path) = file("WhatsApp Chat with Meta AI.txt", alone);
    assert_eq!(texts(&extract(&path, None).unwrap().0), ["how late is it"]);
}

#[test]
fn a_copy_under_another_name_tells_who_me_is_and_counts_once() {
    let chat = "13/04/26, 10:01 - Ana: hi\n13/04/26, 10:02 - Wren: one\n13/04/26, 10:03 - Ana: ok\n13/04/26, 10:04 - Wren: two\n";
    for name in ["WhatsApp Chat with Ana(1).txt", "Copy of WhatsApp Chat with Ana.txt", "WhatsApp_Chat_with_Ana.txt"] {
        let export = crate::fixture::Fixture::new([(name, chat)]);
        let read = export.extract().unwrap();
        assert_eq!(read.texts(), ["one", "two"], "{name}");
        assert_eq!(read.messages[0].conversation_id.as_deref(), Some("Ana"), "{name}");
        export.write("WhatsApp Chat with Ana.txt", chat.as_bytes());
        assert_eq!(export.texts(), ["one", "two"], "{name}, with the first");
    }
    // A group may be called as somebody in it, and be another's.
    let group = format!("{chat}13/04/26, 10:05 - Lux: me too\n");
    let error = crate::fixture::Fixture::new([("WhatsApp Chat with Ana (1).txt", group.as_str())]).error();
    assert!(error.contains("which of its 3 senders is you"), "{error}");
}

#[test]
fn a_notice_of_a_name_with_a_colon_is_by_nobody() {
    let chat = "13/04/26, 10:01 - Ana: hi\n13/04/26, 10:02 - Wren: yo\n\
                13/04/26, 10:03 - Lux changed the group name from \"Trip: old\" to \"Trip: new\"\n13/04/26, 10:04 - Lux: ok\n";
    let export = crate::fixture::Fixture::new([("WhatsApp Chat with Trip.txt", chat)]).me("Wren");
    let read = export.extract().unwrap();
    assert_eq!((read.texts(), read.messages[0].recipient_count), (vec!["yo".to_owned()], Some(2)));
    let error = crate::fixture::Fixture::new([("WhatsApp Chat with Trip.txt", chat)]).error();
    assert!(error.contains("which of its 3 senders is you"), "{error}");
}

#[test]
fn a_message_longer_than_any_is_counted_and_not_cut() {
    let line = format!("{}\n", "x".repeat(300 * 1024));
    let chat =
        ["13/04/23, 10:00 - Wren: hi\n", &line, &line, "13/04/23, 10:01 - Wren: yo\n", "13/04/23, 10:02 - Lux: ok\n"];
    let (_folder, path) = file("WhatsApp Chat with Lux.txt", &chat.concat());
    let (messages, report) = extract(&path, None).unwrap();
    assert_eq!((texts(&messages), report.skipped["unreadable_body"].count), (vec!["yo"], 1));
}
