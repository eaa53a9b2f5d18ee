//! The tables, and how older files become newer ones.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

/// `idio`: marks the file as ours, as SQLite's `application_id`.
const APPLICATION_ID: i64 = i64::from_be_bytes(*b"\0\0\0\0idio");

/// A migration that has been released is never changed; new ones are added at the end.
const STEPS: &[M<'static>] =
    &[M::up(include_str!("schema.sql")), M::up(include_str!("schema_2.sql")), M::up(include_str!("schema_3.sql"))];

/// Whether the file is empty or ours, in one read so that another process's first migration is seen whole or not at all.
pub(super) fn is_ours(db: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id";
    let (id, objects): (i64, i64) = db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(id == APPLICATION_ID || objects == 0)
}

pub(super) fn migrate(db: &mut Connection) -> Result<(), rusqlite_migration::Error> {
    Migrations::from_slice(STEPS).to_latest(db)
}
