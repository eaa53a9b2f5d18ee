//! Inputs that mutation begins with: small, right, and invented.

use std::io::Write;

use idiolect_sources::SourceKind;
use idiolect_sources::fuzzing::FILES;

/// A typedstream of one part, as Messages writes it.
fn archived(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    let units = u8::try_from(text.encode_utf16().count()).unwrap();
    [
        b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92\
          \x84\x84\x84\x08NSString\x01\x94\x84\x01+",
        &[length][..],
        text.as_bytes(),
        b"\x86\x84\x02iI\x01",
        &[units],
        b"\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96\x1d__kIMMessagePartAttributeName\x86\
          \x92\x84\x84\x84\x08NSNumber\x00\x84\x84\x07NSValue\x00\x94\x84\x01*\x84\x99\x99\x00\x86\x86\x86",
    ]
    .concat()
}

pub fn typedstream() -> Vec<Vec<u8>> {
    vec![archived("see you at 7"), archived("ok 😀"), archived(&"long ".repeat(20))]
}

/// Property lists of an edited and of a partly withdrawn message.
pub fn summary() -> Vec<Vec<u8>> {
    use plist::{Dictionary, Value};
    let dictionary = |pairs: Vec<(&str, Value)>| {
        Value::Dictionary(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Dictionary>())
    };
    let version = |text| dictionary(vec![("t", Value::Data(archived(text))), ("d", Value::Real(1.5))]);
    let info = |retracted: Vec<Value>| {
        dictionary(vec![
            ("otr", dictionary(vec![("0", dictionary(vec![])), ("1", dictionary(vec![]))])),
            ("ec", dictionary(vec![("0", Value::Array(vec![version("old"), version("new")]))])),
            ("rp", Value::Array(retracted)),
            ("ust", true.into()),
        ])
    };
    let mut lists: Vec<Vec<u8>> = [info(vec![]), info(vec![1_u64.into()])]
        .iter()
        .flat_map(|info| {
            let (mut binary, mut xml) = (Vec::new(), Vec::new());
            info.to_writer_binary(&mut binary).unwrap();
            info.to_writer_xml(&mut xml).unwrap();
            [binary, xml]
        })
        .collect();
    lists.push(referring());
    lists
}

/// A binary property list of eight arrays, each of 200 references to the next: written out, it would fill any memory.
fn referring() -> Vec<u8> {
    let array = |level: u8| [&[0xaf, 0x10, 200][..], &[level + 1; 200]].concat();
    let mut list = b"bplist00".to_vec();
    let mut offsets = Vec::new();
    for object in (0..8).map(array).chain([vec![0x10, 7]]) {
        offsets.extend(u16::try_from(list.len()).unwrap().to_be_bytes());
        list.extend(object);
    }
    let table = u64::try_from(list.len()).unwrap();
    list.extend(offsets);
    list.extend([0, 0, 0, 0, 0, 0, 2, 1]);
    [9, 0, table].iter().for_each(|number: &u64| list.extend(number.to_be_bytes()));
    list
}

/// A first byte that chooses the kind, then the file.
pub fn exports() -> Vec<Vec<u8>> {
    let mut files: Vec<Vec<u8>> = FILES.iter().map(|(_, _, contents)| contents.as_bytes().to_vec()).collect();
    files.push(
        b"{\"messageId\": \"1\", \"timestamp\": \"2026-01-15T12:00:00Z\", \"text\": \"one\", \"conversationId\": \"c\"}\n\
          {\"messageId\": \"2\", \"timestamp\": \"2026-01-15T12:00:01+02:00\", \"text\": \"two \\ud83d\\ude00\", \"sender\": \"Ana\"}\n"
            .to_vec(),
    );
    files.push(zipped());
    files.push(database());
    let choose = |(number, file): (usize, Vec<u8>)| [&[number as u8][..], &file].concat();
    let other = |(kind, contents): &(SourceKind, &str)| {
        let number = FILES.iter().position(|(of, _, _)| of == kind).unwrap();
        choose((number, contents.as_bytes().to_vec()))
    };
    files.into_iter().enumerate().map(choose).chain(MORE.iter().map(other)).collect()
}

/// Other forms of what some apps export, under the name of the kind's first file.
const MORE: &[(SourceKind, &str)] = &[
    (
        SourceKind::Whatsapp,
        "\u{200e}[1/31/26, 1:00:05\u{202f}PM] Ben & co: \u{200e}Messages and calls are end-to-end encrypted.\n\
         [1/31/26, 1:01:05\u{202f}PM] Ana: one\n\u{200e}[1/31/26, 1:02:05\u{202f}PM] Ana: \u{200e}image omitted\n\
         [1/31/26, 1:03:05\u{202f}PM] Ben: two\n[2/1/26, 12:03:05\u{202f}AM] Ana: three \u{200e}<This message was edited>\n",
    ),
    (
        SourceKind::Whatsapp,
        "31.01.26, 13:00 - Ben hat die Gruppe erstellt\r\n31.01.26, 13:01 - Ana: eins\r\nzwei\r\n31.01.26, 13:02 - Ana: <Medien ausgeschlossen>\r\n\
         31.01.26, 13:03 - Ana: IMG-1.jpg (Datei angehängt)\r\n31.01.26, 13:04 - Ben: drei @Ana\r\n",
    ),
    (
        SourceKind::Csv,
        "Datum;Richtung;Nachricht;Chat\n15.01.2026 13:00;gesendet;\"eins; zwei\";c\n31.01.2026 13:01;empfangen;drei;c\n",
    ),
    (
        SourceKind::Csv,
        "date\ttime\tfrom\tto\tmessage\n2026-01-15\t1:00 PM\tAna\tBen\tone\n2026-01-16\t1:00 AM\tBen\tAna\ttwo\n",
    ),
    (
        SourceKind::Messenger,
        r#"{"participants": [{"name": "Ana"}, {"name": "Ben"}], "messages": [
{"sender_name": "Ana", "timestamp_ms": 1768478400250, "content": "one", "reactions": [{"reaction": "\u00e2\u009d\u00a4", "actor": "Ben"}]},
{"sender_name": "Ana", "timestamp_ms": 1768478400260, "photos": [{"uri": "a.jpg"}]},
{"sender_name": "Ana", "timestamp_ms": 1768478400270, "content": "You sent an attachment.", "share": {"link": "https://example.org/"}},
{"sender_name": "Ana", "timestamp_ms": 1768478400280, "is_unsent": true}], "title": "Ben", "thread_path": "inbox/ben_1"}"#,
    ),
    (
        SourceKind::Signal,
        "{\"date\": \"2026-01-15T13:00:00\", \"sender\": \"Me\", \"body\": \"one\", \"quote\": \"Ben: two\", \"sticker\": \"\", \
         \"reactions\": [[\"Ben\", \"x\"]], \"attachments\": [{\"name\": \"a\", \"path\": \"./media/a\"}]}\n\
         {\"date\": \"2026-01-15T13:01:00\", \"sender\": \"Ben\", \"body\": \"three\", \"attachments\": []}\n",
    ),
];

fn zipped() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let chat = "[15.01.26, 13:00:00] Ana: one\n[15.01.26, 13:00:05] Ben: two\n[16.01.26, 13:00:05] Ana: three\nfour\n";
    for (name, contents) in [("_chat.txt", chat), ("photo.jpg", "no photo")] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(contents.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn database() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "PRAGMA page_size = 512;
             CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, attributedBody BLOB, date INTEGER,
                is_from_me INTEGER, date_edited INTEGER, message_summary_info BLOB);
             CREATE INDEX d ON message(date);
             CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT);
             CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
             INSERT INTO chat VALUES (1, 'iMessage;-;x');",
        )
        .unwrap();
    for row in 0..12_i64 {
        let (text, body) = if row % 3 == 0 { (Some("a text"), None) } else { (None, Some(archived("a body"))) };
        let info = (row == 5).then(|| summary().remove(0));
        let date = 700_000_000_000_000_000 + row;
        connection
            .execute(
                "INSERT INTO message VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                rusqlite::params![row, format!("guid {row}"), text, body, date, row % 2, i64::from(row == 5), info],
            )
            .unwrap();
        connection.execute("INSERT INTO chat_message_join VALUES (1, ?1)", [row]).unwrap();
    }
    drop(connection);
    std::fs::read(path).unwrap()
}

pub fn validator() -> Vec<Vec<u8>> {
    let line = "{\"messages\": [{\"role\": \"system\", \"content\": \"Write like them.\"}, {\"role\": \"user\", \"content\": \"I will \
                be late \\ud83d\\ude00\"}, {\"role\": \"assistant\", \"content\": \"gonna be late\", \"weight\": 1}]}\n";
    let tools = "{\"messages\": [{\"role\": \"user\", \"name\": \"a\", \"content\": [{\"type\": \"text\", \"text\": \"x\"}]}, {\"role\": \
                 \"assistant\", \"content\": null, \"tool_calls\": []}], \"tools\": [], \"parallel_tool_calls\": false}\n";
    vec![line.repeat(10).into_bytes(), [line, tools].concat().into_bytes()]
}

pub fn redaction() -> Vec<Vec<u8>> {
    [
        "call me on 202-555-0142 or +44 20 7946 0018, or write to ana.b@example.org",
        "it is 12 Long Lane, Flat 3, London SW1A 1AA; PO Box 17, 10115 Berlin; Hauptstraße 5",
        "your code is 482 913. password: Tr0ub4dor&3 PIN 4711",
        "card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00, 192.168.0.1 and 2001:db8::1",
        "https://example.org/x?token=abcdef0123456789abcdef&y=1 SSN 078-05-1120 [PHONE_1] [EMAIL_2]",
        "明天 5 点见 😀 ٠١٢٣٤٥٦٧٨٩ ０９０－１２３４－５６７８",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

/// Texts that say what the next one holds, quote, repeat one another, or are cleaned away.
pub fn dataset() -> Vec<Vec<u8>> {
    [
        "the wifi password is\nbluefish77\nok\nOk!\nok\nlol\nsee u at 5\nI will be there at five, please wait for me.",
        "> you said\nno i did not\n😂\nhttps://example.org/a\n---------- Forwarded message ---------\n<Media omitted>\nk\nk\nk",
        "call me on 202-555-0142\nor (202) 555-0142\nits 12 Long Lane\nthe code is\n482\nthx 4 that\nthx 4 that\nSent from my iPhone",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

/// What some apps export as folders; a file begins with [`FILE`](crate::FILE) and its name.
pub fn folders() -> Vec<Vec<u8>> {
    FOLDERS.iter().map(|files| files.iter().flat_map(|(name, contents)| named(name, contents)).collect()).collect()
}

fn named(name: &str, contents: &str) -> Vec<u8> {
    [&[crate::FILE], name.as_bytes(), b"\n", contents.as_bytes()].concat()
}

const FOLDERS: &[&[(&str, &str)]] = &[
    &[
        ("WhatsApp Chat with Ben.txt", "15/01/26, 13:00 - Ana: one\n15/01/26, 13:01 - Ben: two\n"),
        ("WhatsApp Chat with Ben (1).txt", "15/01/26, 13:00 - Ana: one\n16/01/26, 13:01 - Ana: three\n"),
        ("more/WhatsApp Chat - Zoe/_chat.txt", "[15.01.26, 13:00:05] Zoe: one\n[16.01.26, 13:00:05] Ana: two\n"),
    ],
    &[
        (
            "users.json",
            r#"[{"id": "U1A", "name": "ana", "profile": {"display_name": "Ana"}}, {"id": "U2B", "name": "ben"}]"#,
        ),
        ("channels.json", r#"[{"id": "C1", "name": "general", "members": ["U1A", "U2B"]}]"#),
        ("dms.json", r#"[{"id": "D1", "members": ["U1A", "U2B"]}]"#),
        (
            "general/2026-01-15.json",
            r#"[{"type": "message", "user": "U1A", "text": "a &lt; b, <@U2B>", "ts": "1768478400.000250"}]"#,
        ),
        ("D1/2026-01-15.json", r#"[{"type": "message", "user": "U1A", "text": "two", "ts": "1768478401.000250"}]"#),
    ],
    &[
        ("account/user.json", r#"{"id": "11", "username": "ana", "global_name": "Ana", "relationships": []}"#),
        ("messages/index.json", r#"{"44": "general in Some Server"}"#),
        ("messages/c44/channel.json", r#"{"id": "44", "type": 1, "recipients": ["11", "22"]}"#),
        (
            "messages/c44/messages.csv",
            "ID,Timestamp,Contents,Attachments\r\n1,2017-08-31 15:25:07.233000+00:00,see <#44>,\r\n",
        ),
        (
            "messages/c45/messages.json",
            r#"[{"ID": 2, "Timestamp": "2017-08-31 15:25:07", "Contents": "two", "Attachments": ""}]"#,
        ),
    ],
    &[
        ("Takeout/Google Chat/Users/User 1/user_info.json", r#"{"user": {"name": "Ana", "email": "ana@example.com"}}"#),
        (
            "Takeout/Google Chat/Groups/DM A/group_info.json",
            r#"{"members": [{"name": "Ana", "email": "ana@example.com"}, {"name": "Ben"}]}"#,
        ),
        (
            "Takeout/Google Chat/Groups/DM A/messages.json",
            r#"{"messages": [{"creator": {"name": "Ana", "email": "ana@example.com"}, "created_date": "Thursday, January 15, 2026 at 12:00:00 PM UTC", "text": "one", "message_id": "m1"}]}"#,
        ),
    ],
    &[
        (
            "messages/inbox/ben_1/message_1.json",
            r#"{"participants": [{"name": "Ben"}, {"name": "Ana"}], "messages": [{"sender_name": "Ana", "timestamp_ms": 1768478400250, "content": "one"}]}"#,
        ),
        (
            "messages/inbox/ben_1/message_2.json",
            r#"{"participants": [{"name": "Ben"}, {"name": "Ana"}], "messages": [{"sender_name": "Ben", "timestamp_ms": 1768478400260, "content": "two"}]}"#,
        ),
    ],
    &[
        ("Ben/data.json", "{\"date\": \"2026-01-15T13:00:00\", \"sender\": \"Me\", \"body\": \"one\"}\n"),
        ("Ben/chat.md", "[2026-01-15 13:00:00] Me: one\n"),
        ("Zoe/chat.md", "[2026-01-15 13:00:00] Me: two\n[2026-01-15 13:00:01] Zoe: three\n"),
    ],
];
