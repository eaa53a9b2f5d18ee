//! What needs the connection itself: a full disk, strange files, strange rows.

use idiolect_registry::{Change, MetadataStore, StoreError, User};
use idiolect_testkit::{full_user, full_version};
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use super::row::Row;
use super::*;

fn user(name: &str) -> User {
    User::new(name.parse().unwrap(), Timestamp::UNIX_EPOCH)
}

fn refusal(dir: &TempDir) -> String {
    let error = SqliteStore::open_waiting(dir.path(), Duration::ZERO).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    error.to_string()
}

#[test]
fn the_struct_and_the_table_have_the_same_columns() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    let db = store.connection.lock().unwrap();
    let tables = [
        (UserRow::TABLE, UserRow::COLUMNS),
        (VersionRow::TABLE, VersionRow::COLUMNS),
        (ErasureRow::TABLE, ErasureRow::COLUMNS),
    ];
    for (table, columns) in tables {
        let mut statement = db.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
        let names: BTreeSet<String> =
            statement.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(names, columns.iter().map(|column| (*column).to_owned()).collect());
    }
}

#[test]
fn every_commit_is_written_through() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    let db = store.connection.lock().unwrap();
    let pragma = |name| db.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0)).unwrap();
    assert_eq!(pragma("journal_mode"), "wal".to_owned().into());
    assert_eq!(pragma("synchronous"), 2.into());
}

#[tokio::test]
async fn of_a_user_who_is_deleted_no_byte_is_left_in_the_file_or_its_journal() {
    const NAME: &[u8] = b"quixotine";
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    let held = || {
        let files = std::fs::read_dir(dir.path()).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
        files.filter(|bytes| bytes.windows(NAME.len()).any(|part| part == NAME)).count()
    };
    let many = (0..200).map(|n| Change::PutUser(user(&format!("u{n}")))).collect();
    store.commit(many).await.unwrap();
    let mut quixotine = full_user("quixotine");
    let versions: Vec<_> = (1..=40).map(|number| full_version("quixotine", number)).collect();
    let mut changes: Vec<_> = versions.iter().cloned().map(Change::CreateVersion).collect();
    changes.push(Change::PutUser(quixotine.clone()));
    store.commit(changes).await.unwrap();
    for revision in 1..=30 {
        quixotine.revision = revision;
        store.commit(vec![Change::PutUser(quixotine.clone())]).await.unwrap();
    }
    // In the file as well as in the journal.
    store.connection.lock().unwrap().query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(())).unwrap();
    assert!(held() > 0);
    for version in versions {
        store.commit(vec![Change::DeleteVersion { version: version.id, revision: 1 }]).await.unwrap();
    }
    store.commit(vec![Change::DeleteUser { user: quixotine.user_id, revision: 31 }]).await.unwrap();
    assert_eq!(held(), 0);
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_the_store_as_it_was() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    store.commit(vec![Change::PutUser(user("ana"))]).await.unwrap();
    store.connection.lock().unwrap().pragma_update(None, "max_page_count", 1).unwrap();
    let many = (0..2000).map(|n| Change::PutUser(user(&format!("u{n}")))).collect();
    let error = store.commit(many).await.unwrap_err().to_string();
    assert!(error.contains("the disk is full; free some space"), "{error}");
    assert!(store.user(&user("ana").user_id).await.unwrap().is_some());
    assert!(store.user(&user("u0").user_id).await.unwrap().is_none());
}

#[test]
fn a_file_that_is_not_a_database_is_refused_and_left_alone() {
    let dir = TempDir::new().unwrap();
    let text = "not a database at all, but long enough to be taken for one by somebody in a hurry".repeat(20);
    std::fs::write(dir.path().join(FILE_NAME), &text).unwrap();
    assert!(refusal(&dir).contains("it is not a database; move the file away"));
    assert_eq!(std::fs::read_to_string(dir.path().join(FILE_NAME)).unwrap(), text);
}

#[test]
fn another_programs_database_is_refused_and_left_alone() {
    let dir = TempDir::new().unwrap();
    let other = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    other.execute_batch("CREATE TABLE notes (body TEXT)").unwrap();
    assert!(refusal(&dir).contains("another program's database"));
    let tables: i64 = other.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_newer_schema_is_refused() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    store.connection.lock().unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(refusal(&dir).contains("a newer idiolect has written it; install that version"));
}

#[test]
fn a_data_directory_that_is_a_file_is_refused() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = SqliteStore::open(&file).unwrap_err().to_string();
    assert!(error.contains("its directory is a file"), "{error}");
}

#[tokio::test]
async fn a_locked_database_is_said_when_opening_and_when_writing() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open_waiting(dir.path(), Duration::ZERO).unwrap();
    let other = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.commit(vec![Change::PutUser(user("ana"))]).await.unwrap_err().to_string();
    assert!(error.contains("another process has locked it; end the other process"), "{error}");
    assert!(store.user(&user("ana").user_id).await.unwrap().is_none(), "readers do not wait");
    drop((other, store));

    let other = Connection::open(dir.path().join(FILE_NAME)).unwrap();
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    assert!(refusal(&dir).contains("another process has locked it"));
}

#[tokio::test]
async fn a_row_that_cannot_be_understood_is_named_with_its_field() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    store.commit(vec![Change::PutUser(user("ana"))]).await.unwrap();
    let set = |assignment: &str| {
        store.connection.lock().unwrap().execute(&format!("UPDATE users SET {assignment}"), []).unwrap();
    };
    for (assignment, said) in [
        ("model_status = 'glowing'", "model_status is \"glowing\""),
        ("model_status = 'none', model_updated_at = 'soon'", "model_updated_at is \"soon\" and not a time"),
        ("consent_purposes = '[\"fly\"]'", "consent_purposes is \"fly\""),
        ("active_model_version = -1", "active_model_version"),
    ] {
        set(assignment);
        let error = store.user(&user("ana").user_id).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
        assert!(error.to_string().contains("user ana"), "{error}");
        if !said.starts_with("active") {
            assert!(error.to_string().contains(said), "{error}");
            set("model_updated_at = '1970-01-01T00:00:00Z', consent_purposes = '[]'");
        }
    }
}

#[tokio::test]
async fn records_that_cannot_be_read_are_named_beside_the_others() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    for name in ["ana", "ben", "cem", "dan"] {
        let mut run = full_version(name, 1);
        run.run.step = RunStep::JobCreated;
        run.run.dispatch.next_at = Some(Timestamp::UNIX_EPOCH);
        let user = User { latest_model_version: 1, ..full_user(name) };
        store.commit(vec![Change::PutUser(user), Change::CreateVersion(run)]).await.unwrap();
    }
    let set = |sql: &str| store.connection.lock().unwrap().execute(sql, []).unwrap();
    set("UPDATE users SET model_status = 'glowing' WHERE user_id IN ('ben', 'dan')");
    set("UPDATE llm_models SET status = 'odd' WHERE user_id = 'cem'");
    set("UPDATE llm_models SET user_id = 'no such: id' WHERE user_id = 'ana'");

    let (mut read, mut unreadable, mut after, mut pages) = (Vec::new(), Vec::new(), None, 0);
    loop {
        let page = store.users(after.as_deref(), 2).await.unwrap();
        read.extend(page.listed.records.into_iter().map(|user| user.user_id.to_string()));
        unreadable.extend(page.listed.unreadable.iter().map(ToString::to_string));
        (after, pages) = (page.next, pages + 1);
        if after.is_none() {
            break;
        }
    }
    assert_eq!((read, pages), (vec!["ana".to_owned(), "cem".to_owned()], 3));
    assert!(unreadable[0].contains("user ben") && unreadable[1].contains("user dan"), "{unreadable:?}");

    let runs = store.unfinished().await.unwrap();
    assert_eq!(runs.records.iter().map(|run| run.id.to_string()).collect::<Vec<_>>(), ["ben:1", "dan:1"]);
    assert_eq!(runs.unreadable.len(), 2);
    assert!(runs.unreadable.iter().all(StoreError::is_about_one_record));

    let due = store.due(Timestamp::now(), None, 3).await.unwrap();
    assert_eq!(due.iter().map(ToString::to_string).collect::<Vec<_>>(), ["ben", "cem", "dan"], "no such id is nobody");
}

#[test]
fn the_directory_and_the_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("a/b");
    let store = SqliteStore::open(&data).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&store.path()), 0o600);
    assert_eq!(mode(&data.join("registry.sqlite3-wal")), 0o600);
}

#[test]
fn many_may_open_a_new_file_at_once() {
    for _ in 0..10 {
        let dir = TempDir::new().unwrap();
        let open = || SqliteStore::open(dir.path()).map(drop);
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..6).map(|_| scope.spawn(open)).collect();
            for one in all {
                one.join().unwrap().unwrap();
            }
        });
    }
}

/// Counted in steps of SQLite's machine, which are the same everywhere.
#[tokio::test]
async fn a_look_for_a_few_due_users_costs_no_more_where_thousands_are_due() {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path()).unwrap();
    let users = (0..3000).map(|n| {
        let mut user = user(&format!("user{n}"));
        user.dispatch.next_at = Some(Timestamp::from_second(n).unwrap());
        Change::PutUser(user)
    });
    store.commit(users.collect()).await.unwrap();
    let due = store.due(Timestamp::now(), None, 3).await.unwrap();
    assert_eq!(due.iter().map(ToString::to_string).collect::<Vec<_>>(), ["user0", "user1", "user2"]);
    let db = store.connection.lock().unwrap();
    for sql in DUE {
        // The store's own, out of its cache.
        let statement = db.prepare_cached(sql).unwrap();
        assert!(statement.get_status(rusqlite::StatementStatus::VmStep) < 1000, "{sql}");
    }
}
