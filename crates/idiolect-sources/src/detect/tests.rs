use super::*;

#[test]
fn a_file_that_is_not_what_it_is_named_as_goes_to_the_reader_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let detected = |name: &str, contents: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, contents).unwrap();
        detect(&path).unwrap().iter().map(|found| (found.kind, found.confidence)).collect::<Vec<_>>()
    };
    let record = r#"{"id":"1","timestamp":"2026-01-15T12:00:00Z","text":"hi"}"#;
    assert_eq!(detected("sent.ndjson", record), [(SourceKind::Ndjson, Confidence::Possible)]);
    assert_eq!(detected("deep.JSONL", &"[".repeat(200_000)), [(SourceKind::Ndjson, Confidence::Possible)]);
    assert_eq!(detected("sent.csv", "Wann;Was\n1;2\n"), [(SourceKind::Csv, Confidence::Possible)]);
    assert_eq!(detected("result.json", "{\"a\":1"), [(SourceKind::Telegram, Confidence::Possible)]);
    assert_eq!(detected("sent.json", record), []);
    assert_eq!(detected("sent.txt", "a line"), []);
}

#[test]
fn the_backup_of_an_iphone_is_a_database() {
    let database = "3d/3d0d7e5fb2ce288813306e4d4636395e047a3d28";
    let backup = crate::fixture::Fixture::new([("Manifest.db", "x"), ("aa/aa00", "{}"), (database, "")]);
    backup.write(database, SQLITE);
    assert_eq!(detect_one(backup.path()).unwrap(), SourceKind::ChatDb);
    backup.write(database, &[7; 4096]);
    let encrypted = "it is an iPhone's backup that is encrypted; back the phone up without encryption";
    for error in [detect_one(backup.path()).unwrap_err().to_string(), backup.error_as(SourceKind::ChatDb)] {
        assert!(error.contains(encrypted), "{error}");
    }
    // Before iOS 10 all lies in one folder.
    let older = crate::fixture::Fixture::new([("Manifest.mbdb", "x"), (&database[3..], "")]);
    older.write(&database[3..], SQLITE);
    assert_eq!(detect_one(older.path()).unwrap(), SourceKind::ChatDb);
}

#[test]
fn backups_without_messages_and_folders_of_several_are_named() {
    let without = crate::fixture::Fixture::new([("Manifest.db", "x"), ("aa/aa00", "{}")]).error();
    assert!(
        without.contains("it is an iPhone's backup without a message, as where Messages keeps them in iCloud; name"),
        "{without}"
    );
    let several = crate::fixture::Fixture::new([("0a/Manifest.db", "x"), ("0b/Manifest.db", "x")]).error();
    assert!(several.contains("it is a folder of iPhones' backups; name the folder of one of them"), "{several}");
    let signal = [
        "signal-backup-2026-10-03/main",
        "signal-backup-2026-10-03/metadata",
        "signal-backup-2026-10-03/files",
        "files/aa/aa00",
    ];
    let signal = crate::fixture::Fixture::new(signal.map(|path| (path, "x"))).error();
    assert!(signal.contains("it is an encrypted backup of Signal; use Signal's own export"), "{signal}");
}

#[test]
fn exports_of_apps_that_are_not_read_are_named() {
    for (file, contents, part) in [
        (
            "Talk.txt",
            "최아나 님과 카카오톡 대화\n저장한 날짜 : 2026-02-01 10:00:00\n\n[최아나] [오전 10:00] hi\n",
            "KakaoTalk's text of a chat; export the chat as CSV",
        ),
        (
            "[LINE] Ana.txt",
            "\u{feff}[LINE] Chat history with Ana\nSaved on: 2026/02/01 10:00\n\n2026/02/01(Sun)\n10:00\tAna\thi\n",
            "LINE's text of a chat; write its messages as NDJSON",
        ),
        (
            "messages.json",
            r#"{"userId":"8:ana","exportDate":"2026-02-01T10:00","conversations":[{"id":"8:ben","MessageList":[]}]}"#,
            "an export of Skype or Teams; write",
        ),
        (
            "ben.json",
            "{\n \"guild\": {\"id\": \"0\"},\n \"channel\": {\"id\": \"1\"},\n \"messages\": []}",
            "DiscordChatExporter's JSON; export the chats again as CSV",
        ),
        (
            "export.json",
            r#"{"room_name": "Ben", "room_creator": "@ben:example.org", "exported_by": "@ana:example.org", "messages": []}"#,
            "Element's JSON of a room; write",
        ),
        (
            "json/chat_history.json",
            r#"{"ben": [{"From": "ana", "Media Type": "TEXT", "Content": "hi", "IsSender": true}]}"#,
            "Snapchat's chats; write",
        ),
        (
            "data/direct-messages.js",
            "window.YTD.direct_messages.part0 = [ {\"dmConversation\" : {} } ]",
            "X's direct messages; write",
        ),
        ("user_data_tiktok.json", r#"{"Activity": {}}"#, "TikTok's data; write"),
    ] {
        let export =
            crate::fixture::Fixture::new([(file, contents), ("data/tweets.js", "window.YTD.tweets.part0 = []")]);
        let lone = detect_one(&export.path().join(file)).unwrap_err().to_string();
        for error in [export.error(), lone] {
            assert!(error.contains(&format!("it is {part}")), "{error}");
        }
    }
}

#[test]
fn what_is_known_and_not_read_is_named() {
    for (file, part) in [
        ("xl/workbook.xml", "it is a workbook of Excel; save the sheet"),
        ("Databases/msgstore.db.crypt15", "it is an encrypted backup of WhatsApp; export the chats themselves"),
        ("signal-2026-10-03-09-41-12.backup", "it is an encrypted backup of Signal; use Signal's own export"),
        ("Takeout/Hangouts/Hangouts.json", "it is an export of Hangouts, which is not read; name the Google Chat"),
    ] {
        let error = crate::fixture::Fixture::new([(file, "{}")]).error();
        assert!(error.contains(part), "{error}");
    }
    let page = "<!DOCTYPE html><html><head></head><body><div class=\"page_wrap\">";
    let error = crate::fixture::Fixture::new([("ChatExport_2026-10-03/messages.html", page)]).error();
    assert!(error.contains("it is Telegram's export in HTML; export it again as machine-readable JSON"), "{error}");
}

#[test]
fn a_lone_export_is_told_whatever_it_is_called() {
    let whatsapp = "13/04/23, 10:00 - Messages and calls are end-to-end encrypted.\n13/04/23, 10:00 - Ana: hi\n";
    let sms = "<?xml version='1.0' ?>\n<!-- x -->\n<smses count=\"1\"><sms address=\"1\" date=\"1\" type=\"2\" body=\"hi\"/></smses>";
    let telegram = r#"{"name":"Ana","type":"personal_chat","id":1,"messages":[{"id":1,"type":"message","date":"2026-02-01T10:00:00","from":"Ana","from_id":"user1","text":"hi"}]}"#;
    let signal = "[2026-02-01 10:00] Ana: hi  \n[2026-02-01 10:01] Me: yo  \n";
    let frames = "{\"version\":\"1\",\"backupTimeMs\":\"1\"}\n{\"chatItem\":{\"dateSent\":\"1\",\"outgoing\":{}}}\n";
    let record = r#"{"date":"2026-02-01 10:00:00","sender":"Me","body":"hi","quote":"","sticker":"","reactions":[],"attachments":[]}"#;
    let messenger = r#"{"participants":["Ana","Wren"],"threadName":"Ana_1","messages":[{"isUnsent":false,"media":[],"reactions":[],"senderName":"Ana","text":"hi","timestamp":1,"type":"text"}]}"#;
    let voice =
        "<?xml version=\"1.0\" ?>\n<!DOCTYPE html><html><body><div class=\"hChatLog hfeed\"></div></body></html>";
    for (kind, contents) in [
        (SourceKind::Whatsapp, whatsapp),
        (SourceKind::SmsBackup, sms),
        (SourceKind::Telegram, telegram),
        (SourceKind::Signal, signal),
        (SourceKind::Signal, record),
        (SourceKind::Signal, frames),
        (SourceKind::Messenger, messenger),
        (SourceKind::GoogleVoice, voice),
        (SourceKind::Discord, "ID,Timestamp,Contents,Attachments\r\n352836207438200832,2026-02-01 10:00:00,hi,\r\n"),
    ] {
        for ending in [".text", ".log", "", ".xml.txt", ".txt.txt", ".bak", ".TXT"] {
            let name = format!("saved{ending}");
            let fixture = crate::fixture::Fixture::new([(name.as_str(), contents)]);
            let path = fixture.path().join(&name);
            assert_eq!(detect_one(&path).map_err(|error| error.to_string()), Ok(kind), "{name}: {contents}");
            let bytes = ["\u{feff}", contents].concat();
            std::fs::write(&path, bytes.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).unwrap();
            assert_eq!(detect_one(&path).map_err(|error| error.to_string()), Ok(kind), "{name}, UTF-16: {contents}");
        }
    }
}

#[test]
fn a_chat_too_short_to_be_told_is_asked_about() {
    let chat = "[03.10.26, 09:41:02] Ana: hi\n[03.10.26, 09:41:12] Ben: yo\n";
    let fixture = crate::fixture::Fixture::new([("saved", chat)]);
    let error = detect_one(&fixture.path().join("saved")).unwrap_err().to_string();
    assert!(error.ends_with("if it is a chat, write whatsapp: before its path") && !error.contains("yo"), "{error}");
}

#[test]
fn what_is_packed_with_gzip_is_ndjson_or_to_be_unpacked() {
    let gzip = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let record = "\u{feff}{\"messageId\":\"1\",\"timestamp\":\"2026-01-15T12:00:00Z\",\"text\":\"hi\"}\n".repeat(9000);
    let sms = "<smses count=\"1\"><sms address=\"1\" date=\"1\" type=\"2\" body=\"hi\"/></smses>";
    let folder = tempfile::tempdir().unwrap();
    let detected = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, gzip(text)).unwrap();
        detect_one(&path).map_err(|error| error.to_string())
    };
    assert_eq!(detected("sent.gz", &record), Ok(SourceKind::Ndjson));
    assert_eq!(detected("sent.ndjson.gz", sms), Ok(SourceKind::Ndjson), "whose reader says what is wrong");
    for name in ["sms.xml.gz", "sent.gz", "sent"] {
        let error = detected(name, sms).unwrap_err();
        assert!(error.ends_with("it is packed with gzip, and no NDJSON; unpack it and name the file"), "{error}");
    }
}

#[test]
fn ndjson_is_read_from_a_file_and_not_from_what_holds_it() {
    let record = r#"{"messageId":"1","timestamp":"2026-01-15T12:00:00Z","text":"hi"}"#;
    for files in [&[("a.ndjson", record)][..], &[("a.jsonl", record), ("b.jsonl", record)], &[("x/a.ndjson.gz", "")]] {
        let error = crate::fixture::Fixture::new(files.iter().copied()).error();
        assert!(error.ends_with("it is a folder of NDJSON; name the file itself: one is read at a time"), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sent.zip");
    let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
    zip.start_file("sent.ndjson", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, record.as_bytes()).unwrap();
    zip.finish().unwrap();
    let error = detect_one(&path).unwrap_err().to_string();
    assert!(error.ends_with("it is NDJSON in a zip; unpack it and name the file"), "{error}");
}

#[test]
fn other_files_are_told_from_exports_whatever_they_are_called() {
    for contents in [
        "[2026-10-03 12:00:01] production.ERROR: gone\n[2026-10-03 12:00:02] production.INFO: back\n",
        "2026/10/03 12:00:01 http: broken pipe\n2026/10/03 12:00:02 http: broken pipe\n",
        "[03.10.2026 12:00:01] Server: a\n[03.10.2026 12:00:02] Client: b\n",
        "<?xml version=\"1.0\"?>\n<calls count=\"1\"><call number=\"1\"/></calls>",
        "# How to read\n\n<smses count=\"1\"><sms address=\"1\"/></smses>\n",
        "{\"name\": \"x\", \"messages\": [], \"id\": 1, \"type\": \"module\"}",
        "<!DOCTYPE html><html><body>hi</body></html>",
        "day;price\n2026-10-03;5\n",
        "fn main() {}\n",
    ] {
        for name in ["saved.log", "saved", "saved.json", "saved.bak"] {
            let fixture = crate::fixture::Fixture::new([(name, contents)]);
            assert_eq!(detect(&fixture.path().join(name)).unwrap(), [], "{name}: {contents}");
        }
    }
}

#[test]
fn records_that_are_like_a_chats_are_none_where_they_are_called_otherwise() {
    let record = r#"{"date":"2026-10-03 12:00:00","sender":"worker","body":"started","level":"info"}"#;
    for name in ["saved.log", "saved", "saved.txt", "saved.bak"] {
        let fixture = crate::fixture::Fixture::new([(name, record)]);
        assert_eq!(detect(&fixture.path().join(name)).unwrap(), [], "{name}");
    }
}

#[test]
fn what_is_packed_twice_or_a_database_is_to_be_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Messages.zip");
    for (names, part) in [
        (&["chat.db"][..], "it is a packed database; unpack it, with chat.db-wal"),
        (&["Messages/chat.db", "Messages/chat.db-wal"], "it is a packed database; unpack it, with chat.db-wal"),
        (&["chats/Ana.zip", "chats/Ben.zip"], "it is a zip with other zips in it; unpack it and name the folder"),
    ] {
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for name in names {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut zip, SQLITE).unwrap();
        }
        zip.finish().unwrap();
        let error = detect_one(&path).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_zip_with_a_password_and_nothing_at_all_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = |path: &Path| detect_one(path).unwrap_err().to_string();
    assert!(
        error(folder.path()).ends_with("there is nothing in it; name the file, folder or zip as the app exported it")
    );
    let path = folder.path().join("chat.zip");
    let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
    zip.start_file("_chat.txt", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, b"[01.02.26, 10:00:00] Ana: hi\n").unwrap();
    zip.finish().unwrap();
    assert_eq!(detect_one(&path).unwrap(), SourceKind::Whatsapp);
    // The flag alone: what is behind it is not looked at.
    let whole = std::fs::read(&path).unwrap();
    let directory = whole.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let mut bytes = whole.clone();
    (bytes[8], bytes[directory + 10]) = (9, 9);
    std::fs::write(&path, bytes).unwrap();
    assert!(
        error(&path).ends_with("it is a zip packed by a method that exports do not use; unpack it and name the folder")
    );
    let mut bytes = whole;
    bytes[6] |= 1;
    bytes[directory + 8] |= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(error(&path).ends_with("it is a zip with a password; unpack it with the password and name the folder"));
}

#[test]
fn whoever_is_given_and_writes_nothing_is_refused() {
    let chat = "[01.02.26, 10:00:00] Ana: hi\n[01.02.26, 10:01:00] Wren: yo\n";
    let fixture = crate::fixture::Fixture::new([("friends.txt", chat)]);
    let given = |me: &str| {
        let options = SourceOptions { me: Some(me.into()), ..SourceOptions::default() };
        owner(SourceKind::Whatsapp, fixture.path(), &options)
    };
    assert_eq!(given("wren").unwrap(), Some(Owner::Given { name: "wren".into() }));
    let error = given("Tove").unwrap_err().to_string();
    assert!(
        error.ends_with("nobody who writes in it is called as --me says; leave --me out to see who there is"),
        "{error}"
    );
}

#[test]
fn all_that_a_folder_may_be_is_named() {
    let chat = "[01.02.26, 10:00:00] Ana: hi\n[01.02.26, 10:01:00] Wren: yo\n";
    let signal = r#"{"date":"2026-02-01 10:00:00","sender":"Me","body":"hi","quote":"","sticker":"","reactions":[],"attachments":[]}"#;
    let telegram = r#"{"name":"Ana","type":"personal_chat","id":1,"messages":[{"id":1,"type":"message","date":"2026-02-01T10:00:00","from":"Ana","from_id":"user1","text":"hi"}]}"#;
    let fixture = crate::fixture::Fixture::new([
        ("WhatsApp Chat - Ana/_chat.txt", chat),
        ("Ana/data.json", signal),
        ("result.json", telegram),
    ]);
    let error = detect_one(fixture.path()).unwrap_err().to_string();
    assert!(error.ends_with("it may be whatsapp, telegram or signal; write KIND: before its path"), "{error}");
}

#[test]
fn a_database_of_another_name_or_kind_is_not_that_of_messages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backup.zip");
    let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
    zip.start_file("Databases/msgstore.db", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut zip, SQLITE).unwrap();
    zip.finish().unwrap();
    assert!(detect_one(&path).unwrap_err().to_string().contains("no message store or export that is known"));
}

#[test]
fn a_database_in_a_folder_hides_nothing_else() {
    let chat = "[01.02.26, 10:00:00] Ana: hi\n[01.02.26, 10:01:00] Wren: yo\n";
    let fixture = crate::fixture::Fixture::new([("WhatsApp Chat - Ana/_chat.txt", chat)]);
    let kinds = || fixture.detect().iter().map(|found| (found.kind, found.confidence)).collect::<Vec<_>>();
    let alone = kinds();
    assert_eq!(alone[0].0, SourceKind::Whatsapp);
    let database = rusqlite::Connection::open(fixture.path().join("chat.db")).unwrap();
    database.execute_batch("CREATE TABLE model (name TEXT)").unwrap();
    assert_eq!(kinds(), alone, "another program's");
    assert_eq!(detect_one(fixture.path()).unwrap(), SourceKind::Whatsapp);
    database.execute_batch("CREATE TABLE message (guid TEXT, date INTEGER, is_from_me INTEGER, text TEXT)").unwrap();
    assert!(kinds().contains(&(SourceKind::ChatDb, Confidence::Certain)) && kinds().len() == alone.len() + 1);
    // What somebody sent is no export beside it.
    let (chats, sent) = (fixture.path().join("WhatsApp Chat - Ana"), fixture.path().join(chat_db::ATTACHMENTS));
    std::fs::rename(chats, sent).unwrap();
    assert_eq!(kinds(), [(SourceKind::ChatDb, Confidence::Certain)]);
    assert_eq!(detect_one(fixture.path()).unwrap(), SourceKind::ChatDb);
}

#[test]
fn an_archive_that_is_not_looked_into_is_to_be_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let mut tar = vec![0; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &tar).unwrap();
    for (bytes, is) in [
        (tar, "a tar archive"),
        (packed.finish().unwrap(), "a tar archive packed with gzip"),
        (b"7z\xbc\xaf\x27\x1c\0\x04".to_vec(), "a 7z archive"),
        (b"Rar!\x1a\x07\x01\0".to_vec(), "a RAR archive"),
    ] {
        let path = folder.path().join("takeout-001.tgz");
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(detect(&path).unwrap(), []);
        let error = detect_one(&path).unwrap_err().to_string();
        assert!(error.ends_with(&format!("it is {is}; unpack it and name the folder")), "{error}");
    }
}
