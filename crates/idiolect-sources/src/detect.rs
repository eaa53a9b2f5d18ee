//! What a path holds, and who "me" is in it, as far as the files tell.

mod unread;

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use idiolect_dataset::{SourceError, Window};
use jiff::Timestamp;
use serde::Serialize;

use crate::export::{Entry, Export};
use crate::readers::{READERS, of};
use crate::reading::{Owner, Reading, writes};
use crate::spec::{SourceKind, SourceOptions};
use crate::{chat_db, ndjson};
use unread::{archive, unknown};

/// How sure a detection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It could be: nothing speaks against it.
    Possible,
    /// It has what is usual in this kind and in few others.
    Likely,
    /// It has what no other kind has.
    Certain,
}

/// What a path may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detection {
    pub kind: SourceKind,
    pub confidence: Confidence,
    /// What shows it.
    pub why: String,
}

const HEAD: usize = 64 * 1024;
const SQLITE: &[u8] = b"SQLite format 3\0";
const GZIP: &[u8] = b"\x1f\x8b";

/// All that the file, folder or zip at `path` may be, the surest first. Empty where it is nothing known.
pub fn detect(path: &Path) -> Result<Vec<Detection>, SourceError> {
    let Some(database) = chat_db::in_folder(path) else { return detect_in(&Export::open(path)?) };
    if chat_db::is_of_backup(&database) {
        return of_backup(path, &database).map(|found| vec![found]);
    }
    match of_messages(&database) {
        Some(found) => Ok(beside(found, path)),
        None => detect_in(&Export::open(path)?),
    }
}

/// What the backup of an iPhone is. The many files beside the database have no names that say anything.
fn of_backup(path: &Path, database: &Path) -> Result<Detection, SourceError> {
    let mut head = [0; SQLITE.len()];
    let readable = File::open(database).and_then(|mut file| file.read(&mut head));
    readable.map_err(|error| chat_db::cannot_open(database, &error))?;
    if head == SQLITE {
        let why = "it is an iPhone's backup, with the database of Messages".to_owned();
        return Ok(Detection { kind: SourceKind::ChatDb, confidence: Confidence::Certain, why });
    }
    Err(SourceError::Refused {
        path: path.to_owned(),
        reason: "it is an iPhone's backup that is encrypted".to_owned(),
        advice: "back the phone up without encryption, or name the sms.db that a program took out of the backup",
    })
}

/// What a folder is that has `database`, if that is one of Messages.
fn of_messages(database: &Path) -> Option<Detection> {
    let mut head = [0; SQLITE.len()];
    let name = database.file_name()?.to_string_lossy();
    let is_database = match File::open(database).and_then(|mut file| file.read_exact(&mut head)) {
        Ok(()) if head == SQLITE => chat_db::holds_messages(database),
        // As it is on macOS until the terminal may read it.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(chat_db::cannot_open(database, &error)),
        _ => return None,
    };
    let (confidence, why) = match is_database {
        Ok(true) => (Confidence::Certain, format!("it has {name}, a database with a table of messages")),
        Ok(false) => return None,
        // Its reader says what is wrong with it, where the folder is nothing else.
        Err(_) => (Confidence::Possible, format!("it has {name}, a database that cannot be read")),
    };
    Some(Detection { kind: SourceKind::ChatDb, confidence, why })
}

/// The database with what else its folder may be. Attachments are not looked at: they may be anything, and many.
fn beside(database: Detection, folder: &Path) -> Vec<Detection> {
    let others = Export::open_without(folder, chat_db::ATTACHMENTS).and_then(|export| detect_in(&export));
    let mut found = vec![database];
    found.extend(others.unwrap_or_default());
    found.sort_by_key(|found| std::cmp::Reverse(found.confidence));
    found
}

fn detect_in(export: &Export) -> Result<Vec<Detection>, SourceError> {
    let mut found: Vec<Detection> = export.single().and_then(|entry| single_file(export, entry)).into_iter().collect();
    // A database is nothing else.
    if found.first().is_none_or(|detection| detection.confidence < Confidence::Certain) {
        let matches = READERS.iter().filter_map(|reader| Some((reader.kind(), reader.detect(export)?)));
        found.extend(matches.map(|(kind, found)| Detection { kind, confidence: found.confidence, why: found.why }));
    }
    if found.is_empty() {
        found.extend(export.single().and_then(by_name));
    }
    found.sort_by_key(|found| std::cmp::Reverse(found.confidence));
    Ok(found)
}

/// The one kind that `path` is; an error that says what to write where it is none or more than one.
pub fn detect_one(path: &Path) -> Result<SourceKind, SourceError> {
    let refused = |reason: String, advice| SourceError::Refused { path: path.to_owned(), reason, advice };
    let found = detect(path)?;
    match &found[..] {
        [] => {
            let (reason, advice) = unknown(&Export::open(path)?);
            Err(refused(reason, advice))
        }
        [first, second, ..] if first.confidence == second.confidence => {
            let alike = |found: &&Detection| found.confidence == first.confidence;
            let names: Vec<&str> = found.iter().filter(alike).map(|found| found.kind.name()).collect();
            let [others @ .., last] = &names[..] else { return Ok(first.kind) };
            Err(refused(format!("it may be {} or {last}", others.join(", ")), "write KIND: before its path"))
        }
        [first, ..] => Ok(first.kind),
    }
}

/// Who "me" is at `path`; `None` for a bridge, which is asked for one person's messages.
pub fn owner(kind: SourceKind, path: &Path, options: &SourceOptions) -> Result<Option<Owner>, SourceError> {
    let Some(reader) = of(kind) else {
        return match (kind, &options.me) {
            (SourceKind::Ndjson, Some(me)) => Ok(Some(Owner::Given { name: me.clone() })),
            (SourceKind::Ndjson, None) => ndjson::find_owner(path).map(Some),
            (SourceKind::ChatDb, _) => chat_db::find_owner(path, options).map(Some),
            _ => Ok(None),
        };
    };
    let window = Window { start: Timestamp::MIN, end: Timestamp::MAX };
    let (export, reading) = (Export::open(path)?, Reading { options: options.clone(), window });
    let owner = reader.owner(&export, &reading)?;
    match &owner {
        Owner::Given { name } if !writes(reader, &export, &reading, name)? => Err(SourceError::Refused {
            path: path.to_owned(),
            reason: "nobody who writes in it is called as --me says".to_owned(),
            advice: "leave --me out to see who there is",
        }),
        _ => Ok(Some(owner)),
    }
}

/// What a file that nothing shows to be anything is named as: its reader says best, and where, what is wrong with it.
fn by_name(entry: &Entry) -> Option<Detection> {
    let is = |extensions: [&str; 2]| extensions.into_iter().any(|extension| entry.has_extension(extension));
    let (kind, what) = if is(["ndjson", "jsonl"]) {
        (SourceKind::Ndjson, "NDJSON, though its first line is no record of a message")
    } else if is(["csv", "tsv"]) {
        (SourceKind::Csv, "a table, though its header names no columns for times, texts and who sent them")
    } else if entry.name().eq_ignore_ascii_case("result.json") {
        (SourceKind::Telegram, "Telegram's export, though it does not begin like one")
    } else {
        return None;
    };
    Some(Detection { kind, confidence: Confidence::Possible, why: format!("it is named as {what}") })
}

/// The stores that are one file and no app's export.
fn single_file(export: &Export, entry: &Entry) -> Option<Detection> {
    let head = export.head(entry, HEAD);
    // Not one that is packed: SQLite reads files.
    if head.starts_with(SQLITE) && export.path_of(entry) == export.root() {
        let why = "it is an SQLite database".to_owned();
        return Some(Detection { kind: SourceKind::ChatDb, confidence: Confidence::Certain, why });
    }
    let ndjson = |confidence, why: &str| Some(Detection { kind: SourceKind::Ndjson, confidence, why: why.into() });
    if head.starts_with(GZIP) && archive(&head).is_none() {
        return ndjson(Confidence::Possible, "it is packed with gzip");
    }
    let text = String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head)).into_owned();
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(first).ok()?;
    let has = |field: &str| fields.contains_key(field);
    match has("messageId") && has("timestamp") && has("text") {
        true => ndjson(Confidence::Certain, "its first line is a JSON object with messageId, timestamp and text"),
        false => None,
    }
}

#[cfg(test)]
mod tests {
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
        let refused = detect_one(backup.path()).unwrap_err().to_string();
        assert!(refused.contains("encrypted"), "{refused}");
    }

    #[test]
    fn what_is_known_and_not_read_is_named() {
        for (file, part) in [
            ("xl/workbook.xml", "it is a workbook of Excel; save the sheet"),
            ("Databases/msgstore.db.crypt15", "it is an encrypted backup of WhatsApp; export the chats themselves"),
            ("signal-2026-10-03-09-41-12.backup", "it is an encrypted backup of Signal; use signal-export"),
            ("Takeout/Hangouts/Hangouts.json", "it is an export of Hangouts, which is not read; name the Google Chat"),
        ] {
            let error = crate::fixture::Fixture::new([(file, "{}")]).error();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn a_lone_export_is_told_whatever_it_is_called() {
        let whatsapp = "13/04/23, 10:00 - Messages and calls are end-to-end encrypted.\n13/04/23, 10:00 - Ana: hi\n";
        let sms = "<?xml version='1.0' ?>\n<!-- x -->\n<smses count=\"1\"><sms address=\"1\" date=\"1\" type=\"2\" body=\"hi\"/></smses>";
        let telegram = r#"{"name":"Ana","type":"personal_chat","id":1,"messages":[{"id":1,"type":"message","date":"2026-02-01T10:00:00","from":"Ana","from_id":"user1","text":"hi"}]}"#;
        let signal = "[2026-02-01 10:00] Ana: hi  \n[2026-02-01 10:01] Me: yo  \n";
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
            (SourceKind::Messenger, messenger),
            (SourceKind::GoogleVoice, voice),
        ] {
            for ending in [".text", ".log", "", ".xml.txt", ".txt.txt", ".bak", ".TXT"] {
                let name = format!("saved{ending}");
                let fixture = crate::fixture::Fixture::new([(name.as_str(), contents)]);
                let path = fixture.path().join(&name);
                assert_eq!(detect_one(&path).map_err(|error| error.to_string()), Ok(kind), "{name}: {contents}");
                let bytes = ["\u{feff}", contents].concat();
                std::fs::write(&path, bytes.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).unwrap();
                assert_eq!(
                    detect_one(&path).map_err(|error| error.to_string()),
                    Ok(kind),
                    "{name}, UTF-16: {contents}"
                );
            }
        }
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
            error(folder.path())
                .ends_with("there is nothing in it; name the file, folder or zip as the app exported it")
        );
        let path = folder.path().join("chat.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        zip.start_file("_chat.txt", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, b"[01.02.26, 10:00:00] Ana: hi\n").unwrap();
        zip.finish().unwrap();
        assert_eq!(detect_one(&path).unwrap(), SourceKind::Whatsapp);
        // The flag alone: what is behind it is not looked at.
        let mut bytes = std::fs::read(&path).unwrap();
        let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
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
        database
            .execute_batch("CREATE TABLE message (guid TEXT, date INTEGER, is_from_me INTEGER, text TEXT)")
            .unwrap();
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
}
