//! chat.db as files: the newest rows in the `-wal`, nothing written or left beside the store, files that are no store.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use support::chat_db::{Writer, nanoseconds};
use support::other_program::OtherProgram;
use support::{at, error_of, extract, extract_with, listing, spec, texts, window};

use idiolect_sources::{SourceKind, SourceOptions};

const DATE: &str = "2025-12-01T00:00:00Z";

/// A live store: one message in the main file, one only in the `-wal`, and another program that holds it open.
fn live_store(folder: &Path) -> (PathBuf, OtherProgram) {
    let path = folder.join("chat.db");
    let writer = Writer::create_wal(&path);
    writer.message("main", nanoseconds(at(DATE)), true, "in the main file");
    drop(writer);
    let mut other = OtherProgram::start(&path);
    other.run("PRAGMA wal_autocheckpoint = 0");
    other.run(&insert("wal", 1, "in the wal"));
    (path, other)
}

/// SQL for another sent message, `nanoseconds_later` than [`DATE`].
fn insert(guid: &str, nanoseconds_later: i64, text: &str) -> String {
    let date = nanoseconds(at(DATE)) + nanoseconds_later;
    format!(
        "INSERT INTO message (guid, date, is_from_me, is_sent, text) VALUES ('{guid}', {date}, 1, 1, '{text}'); \
         INSERT INTO chat_message_join VALUES (1, last_insert_rowid());"
    )
}

#[test]
fn the_folder_of_messages_stands_for_its_database() {
    let folder = tempfile::tempdir().unwrap();
    let writer = Writer::create(&folder.path().join("chat.db"));
    writer.message("one", nanoseconds(at(DATE)), true, "in the folder");
    drop(writer);
    // What was sent with messages is not looked into.
    fs::create_dir_all(folder.path().join("Attachments/0a")).unwrap();
    fs::write(folder.path().join("Attachments/0a/table.csv"), "date,sender,text\n2026-01-01 10:00,Ana,hi\n").unwrap();
    assert_eq!(idiolect_sources::detect_one(folder.path()).unwrap(), SourceKind::ChatDb);
    let (messages, _) = extract(&spec("chat-db", folder.path()), window()).unwrap();
    assert_eq!(texts(&messages), ["in the folder"]);
}

#[test]
fn the_other_program() {
    support::other_program::main();
}

/// Copies the named files of a live store elsewhere, as a backup does.
fn copied(store: &Path, suffixes: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for suffix in suffixes {
        let from = format!("{}{suffix}", store.display());
        fs::copy(from, folder.path().join(format!("chat.db{suffix}"))).unwrap();
    }
    folder
}

/// Reads the store and checks that neither its folder nor the scratch folder shows a trace of it.
fn texts_without_a_trace(store: &Path) -> Vec<String> {
    let scratch = tempfile::tempdir().unwrap();
    let options = SourceOptions { scratch: Some(scratch.path().to_owned()), ..SourceOptions::default() };
    let before = listing(store.parent().unwrap());
    let (messages, _) = extract_with(&spec("chat-db", store), &options, window()).unwrap();
    assert!(listing(store.parent().unwrap()) == before, "the folder of the store was changed");
    assert!(listing(scratch.path()).is_empty(), "something stayed in the scratch folder");
    texts(&messages).into_iter().map(str::to_owned).collect()
}

const BOTH: [&str; 2] = ["in the main file", "in the wal"];

#[test]
fn a_live_store_is_read_with_its_wal_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _other) = live_store(folder.path());
    assert_eq!(texts_without_a_trace(&path), BOTH);
}

#[test]
fn a_live_store_may_be_written_to_while_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut other) = live_store(folder.path());
    let source = idiolect_sources::open(&spec("chat-db", &path).parse().unwrap(), &SourceOptions::default()).unwrap();
    let mut stream = source.read(window()).unwrap();
    assert!(stream.next().unwrap().is_ok());
    other.run(&insert("meanwhile", 2, "sent meanwhile"));
    assert_eq!(stream.by_ref().map(Result::unwrap).count(), 1);
    drop(stream);
    assert_eq!(texts_without_a_trace(&path).len(), 3);
}

#[test]
fn copies_with_and_without_shm_are_read_with_their_wal() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _other) = live_store(folder.path());
    for suffixes in [&["", "-wal", "-shm"][..], &["", "-wal"]] {
        let copy = copied(&path, suffixes);
        assert_eq!(texts_without_a_trace(&copy.path().join("chat.db")), BOTH, "{suffixes:?}");
    }
}

#[test]
fn a_read_only_folder_with_a_wal_and_no_shm_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (path, _other) = live_store(folder.path());
    let copy = copied(&path, &["", "-wal"]);
    let database = copy.path().join("chat.db");
    for file in [database.clone(), copy.path().join("chat.db-wal")] {
        fs::set_permissions(file, fs::Permissions::from_mode(0o444)).unwrap();
    }
    fs::set_permissions(copy.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let texts = texts_without_a_trace(&database);
    fs::set_permissions(copy.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(texts, BOTH);
}

#[test]
fn a_link_to_a_store_is_read_with_the_wal_of_what_it_points_to() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _other) = live_store(folder.path());
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!(texts_without_a_trace(&link), BOTH);
}

#[test]
fn a_main_file_copied_without_its_wal_is_read_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _other) = live_store(folder.path());
    let copy = copied(&path, &[""]);
    let database = copy.path().join("chat.db");
    assert_eq!(texts_without_a_trace(&database), ["in the main file"]);
    let (_, report) = support::extract(&spec("chat-db", &database), window()).unwrap();
    assert!(report.notes[0].contains("copy chat.db-wal with it"), "{:?}", report.notes);
}

#[test]
fn a_store_in_rollback_mode_leaves_no_trace_and_a_crashed_write_is_rolled_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.db");
    let writer = Writer::create(&path);
    writer.message("m", nanoseconds(at(DATE)), true, "committed");
    assert_eq!(texts_without_a_trace(&path), ["committed"]);

    // A write that has begun to change the main file, copied in the middle: a hot journal.
    writer.connection.execute_batch("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN").unwrap();
    for number in 0..200 {
        writer.message(&format!("x{number}"), nanoseconds(at(DATE)) + 1, true, &"never ".repeat(200));
    }
    let copy = copied(&path, &["", "-journal"]);
    assert_eq!(texts_without_a_trace(&copy.path().join("chat.db")), ["committed"]);
}

#[test]
fn a_locked_store_says_who_to_ask() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.db");
    let writer = Writer::create(&path);
    writer.connection.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = error_of(&spec("chat-db", &path));
    assert!(error.ends_with(
        "chat.db: cannot be opened (another program has locked it); quit the program that has it open (Messages, a backup, \
         a database browser) and try again"
    ), "{error}");
}

#[test]
fn a_store_in_wal_mode_locked_for_itself_says_so_too() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut other) = live_store(folder.path());
    other.run("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
    let error = error_of(&spec("chat-db", &path));
    assert!(error.contains("another program has locked it"), "{error}");
}

#[test]
fn what_is_no_message_store_is_named_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, contents: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, contents).unwrap();
        path
    };
    let error = |path: &Path| error_of(&spec("chat-db", path)).replace(&format!("{}/", folder.path().display()), "");

    let name_it = "name the file chat.db of ~/Library/Messages or a copy of it";
    assert_eq!(error(&file("empty.db", b"")), format!("empty.db: cannot be opened (the file is empty); {name_it}"));
    assert_eq!(
        error(&file("letter.txt", b"canary, dear")),
        format!("letter.txt: is not an SQLite database; {name_it}")
    );
    assert_eq!(
        error(&file("short.db", b"SQLite format 3\0")),
        format!("short.db: is not an SQLite database; {name_it}")
    );
    fs::create_dir(folder.path().join("Messages")).unwrap();
    assert_eq!(
        error(&folder.path().join("Messages")),
        format!("Messages: cannot be opened (it is a folder without chat.db); {name_it}")
    );
    assert_eq!(error(&folder.path().join("gone.db")), "gone.db: no such file; check the path");

    let other = folder.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE bookmarks (title)").unwrap();
    assert_eq!(
        error(&other),
        format!(
            "other.db, schema, tables: there is no table `message`, so it is not a macOS Messages database; {name_it}"
        )
    );
    let mail = folder.path().join("mail.db");
    Connection::open(&mail).unwrap().execute_batch("CREATE TABLE message (guid, text, is_from_me)").unwrap();
    assert!(error(&mail).contains("there is no column `date` in the table `message`"));
}

#[test]
fn a_store_cut_short_is_an_error_and_not_a_shorter_list() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.db");
    let writer = Writer::create(&path);
    writer.connection.execute_batch("BEGIN").unwrap();
    for number in 0..3000 {
        writer.message(&format!("m{number}"), nanoseconds(at(DATE)) + number, true, "canary canary canary");
    }
    writer.connection.execute_batch("COMMIT").unwrap();
    drop(writer);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let error = error_of(&spec("chat-db", &path));
    assert!(error.contains("the database is damaged or cut short; copy chat.db again"), "{error}");
}

#[test]
fn a_store_that_may_not_be_read_advises_on_access() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.db");
    drop(Writer::create(&path));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&path).is_ok() {
        println!("SKIPPED: this user may read everything");
        return;
    }
    assert!(error_of(&spec("chat-db", &path)).contains("Full Disk Access"));
}

#[test]
fn a_copy_that_lacks_a_part_of_its_last_page_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat.db");
    let writer = Writer::create(&path);
    writer.message("one", nanoseconds(at(DATE)), true, "kept");
    drop(writer);
    let whole = fs::read(&path).unwrap();
    for missing in [1, 500, 4000] {
        fs::write(&path, &whole[..whole.len() - missing]).unwrap();
        let error = error_of(&spec("chat-db", &path));
        assert!(error.contains("its last page: the database is damaged or cut short; copy chat.db again"), "{error}");
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(texts(&extract(&spec("chat-db", &path), window()).unwrap().0), ["kept"]);
}
