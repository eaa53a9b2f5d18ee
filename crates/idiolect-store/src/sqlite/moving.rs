//! Every row out, and every row in.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use idiolect_registry::StoreError;
use rusqlite::{Connection, OptionalExtension, params};

use super::error::Place;
use super::row::{self, Row};
use super::{ErasureRow, SqliteStore, UserRow, VersionRow, open, select};
use crate::moving::{Kind, Movable, Put, Record, SpendDay, SpendRun, SpendUserMonth};

#[async_trait]
impl Movable for SqliteStore {
    /// One read transaction on a connection of its own, open until that is dropped. It keeps no writer waiting.
    async fn at_one_moment(self: Arc<Self>) -> Result<Arc<dyn Movable>, StoreError> {
        let still = Self::open(self.path().parent().unwrap_or(Path::new(".")))?;
        still
            .call(|db, place| {
                // The transaction begins with its first read.
                let begun = db.execute_batch("BEGIN").and_then(|()| {
                    db.query_row("SELECT count(*) FROM users", [], |row| row.get::<_, i64>(0)).map(drop)
                });
                begun.map_err(|e| place.unavailable(&open::Error::Sqlite(e)))
            })
            .await?;
        Ok(Arc::new(still))
    }

    async fn page(&self, kind: Kind, after: Option<&str>, limit: usize) -> Result<Vec<(String, Record)>, StoreError> {
        // Positions are row ids, which say nothing to anybody else.
        let after: i64 = after.and_then(|position| position.parse().ok()).unwrap_or(0);
        self.call(move |db, place| match kind {
            Kind::User => rows::<UserRow>(db, place, after, limit, |user| Record::User(Box::new(user))),
            Kind::Version => rows::<VersionRow>(db, place, after, limit, |version| Record::Version(Box::new(version))),
            Kind::Erasure => rows::<ErasureRow>(db, place, after, limit, Record::Erasure),
            Kind::SpendRun | Kind::SpendUserMonth | Kind::SpendDay => {
                spending(db, kind, after, limit).map_err(|e| place.unavailable(&open::Error::Sqlite(e)))
            }
        })
        .await
    }

    /// All in one transaction.
    async fn put(&self, records: Vec<Record>) -> Result<Vec<Put>, StoreError> {
        self.call(move |db, place| {
            let unavailable = |e| place.unavailable(&open::Error::Sqlite(e));
            let transaction = db.transaction().map_err(unavailable)?;
            let mut answers = Vec::with_capacity(records.len());
            for record in &records {
                let answer = match find(&transaction, place, record)? {
                    Some(there) => record.against(&there),
                    None => Put::Written,
                };
                if answer == Put::Written {
                    write(&transaction, record).map_err(unavailable)?;
                }
                answers.push(answer);
            }
            transaction.commit().map_err(unavailable)?;
            Ok(answers)
        })
        .await
    }
}

fn rows<R: Row>(
    db: &Connection,
    place: &Place,
    after: i64,
    limit: usize,
    record: fn(R::Record) -> Record,
) -> Result<Vec<(String, Record)>, StoreError> {
    let unavailable = |e| place.unavailable(&open::Error::Sqlite(e));
    let sql = format!("SELECT rowid FROM {} WHERE rowid > ?1 ORDER BY rowid LIMIT ?2", R::TABLE);
    let ids = (|| {
        let mut statement = db.prepare_cached(&sql)?;
        statement.query_map(params![after, as_i64(limit)], |row| row.get::<_, i64>(0))?.collect::<Result<Vec<_>, _>>()
    })();
    let mut found = Vec::new();
    for id in ids.map_err(unavailable)? {
        for read in select::<R>(db, place, "rowid = ?1", [id])? {
            found.push((id.to_string(), record(read)));
        }
    }
    Ok(found)
}

fn spending(db: &Connection, kind: Kind, after: i64, limit: usize) -> rusqlite::Result<Vec<(String, Record)>> {
    let columns = match kind {
        Kind::SpendRun => "user_id, version, day, month, micros, settled FROM spend_runs",
        Kind::SpendUserMonth => "user_id, month, micros FROM spend_user_months",
        _ => "day, micros FROM spend_days",
    };
    let sql = format!("SELECT rowid, {columns} WHERE rowid > ?1 ORDER BY rowid LIMIT ?2");
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map(params![after, as_i64(limit)], |row| {
        let record = match kind {
            Kind::SpendRun => Record::SpendRun(SpendRun {
                user_id: row.get(1)?,
                version: row.get(2)?,
                day: row.get(3)?,
                month: row.get(4)?,
                micros: row.get(5)?,
                settled: row.get(6)?,
            }),
            Kind::SpendUserMonth => {
                Record::SpendUserMonth(SpendUserMonth { user_id: row.get(1)?, month: row.get(2)?, micros: row.get(3)? })
            }
            _ => Record::SpendDay(SpendDay { day: row.get(1)?, micros: row.get(2)? }),
        };
        Ok((row.get::<_, i64>(0)?.to_string(), record))
    })?;
    rows.collect()
}

/// The record that stands where this one would go.
fn find(db: &Connection, place: &Place, record: &Record) -> Result<Option<Record>, StoreError> {
    let spend = |sql: &str, key: &[&dyn rusqlite::ToSql], read: fn(&rusqlite::Row<'_>) -> rusqlite::Result<Record>| {
        let found = db.prepare_cached(sql).and_then(|mut statement| statement.query_row(key, read).optional());
        found.map_err(|e| place.unavailable(&open::Error::Sqlite(e)))
    };
    match record {
        Record::User(user) => Ok(select::<UserRow>(db, place, "user_id = ?1", [user.user_id.as_str()])?
            .pop()
            .map(|user| Record::User(Box::new(user)))),
        Record::Version(version) => {
            let key = [version.id.user_id.to_string(), version.id.version.to_string()];
            let found = select::<VersionRow>(db, place, "user_id = ?1 AND version = ?2", key)?.pop();
            Ok(found.map(|version| Record::Version(Box::new(version))))
        }
        Record::Erasure(erasure) => {
            Ok(select::<ErasureRow>(db, place, "id = ?1", [erasure.id.as_str()])?.pop().map(Record::Erasure))
        }
        Record::SpendRun(run) => spend(
            "SELECT user_id, version, day, month, micros, settled FROM spend_runs WHERE user_id = ?1 AND version = ?2",
            &[&run.user_id, &run.version],
            |row| {
                Ok(Record::SpendRun(SpendRun {
                    user_id: row.get(0)?,
                    version: row.get(1)?,
                    day: row.get(2)?,
                    month: row.get(3)?,
                    micros: row.get(4)?,
                    settled: row.get(5)?,
                }))
            },
        ),
        Record::SpendUserMonth(month) => spend(
            "SELECT user_id, month, micros FROM spend_user_months WHERE user_id = ?1 AND month = ?2",
            &[&month.user_id, &month.month],
            |row| {
                Ok(Record::SpendUserMonth(SpendUserMonth {
                    user_id: row.get(0)?,
                    month: row.get(1)?,
                    micros: row.get(2)?,
                }))
            },
        ),
        Record::SpendDay(day) => spend("SELECT day, micros FROM spend_days WHERE day = ?1", &[&day.day], |row| {
            Ok(Record::SpendDay(SpendDay { day: row.get(0)?, micros: row.get(1)? }))
        }),
    }
}

fn write(db: &Connection, record: &Record) -> rusqlite::Result<usize> {
    match record {
        Record::User(user) => row::replace(db, &UserRow::from(user.as_ref())),
        Record::Version(version) => row::replace(db, &VersionRow::from(version.as_ref())),
        Record::Erasure(erasure) => row::replace(db, &ErasureRow::from(erasure)),
        Record::SpendRun(run) => db.execute(
            "INSERT OR REPLACE INTO spend_runs (user_id, version, day, month, micros, settled)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![run.user_id, run.version, run.day, run.month, run.micros, run.settled],
        ),
        Record::SpendUserMonth(month) => db.execute(
            "INSERT OR REPLACE INTO spend_user_months (user_id, month, micros) VALUES (?1, ?2, ?3)",
            params![month.user_id, month.month, month.micros],
        ),
        Record::SpendDay(day) => {
            db.execute("INSERT OR REPLACE INTO spend_days (day, micros) VALUES (?1, ?2)", params![day.day, day.micros])
        }
    }
}

fn as_i64(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
