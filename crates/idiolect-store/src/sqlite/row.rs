//! Rows: each table has one struct whose fields are its columns, and reading and writing follow from that list.

use std::fmt::Display;

use jiff::Timestamp;
use rusqlite::{Connection, ToSql};

/// A struct that is a table's row, made by [`table!`]. Its first column is the user's id.
pub(super) trait Row: Sized {
    type Record;
    const TABLE: &'static str;
    const KEY: &'static [&'static str];
    const COLUMNS: &'static [&'static str];

    fn read(columns: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;

    /// Column names with a colon before them, and values.
    fn params(&self) -> Vec<(&'static str, &dyn ToSql)>;

    fn revision_mut(&mut self) -> &mut i64;

    /// Or what is wrong with it: the field, and what stands there.
    fn into_record(self) -> Result<Self::Record, String>;
}

macro_rules! table {
    (
        $(#[$doc:meta])*
        $table:literal key($($key:literal),+) $row:ident => $record:ty { $($column:ident: $type:ty,)+ }
    ) => {
        $(#[$doc])*
        ///
        /// As JSON it is a line of an export.
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $row { $($column: $type,)+ }

        impl crate::sqlite::row::Row for $row {
            type Record = $record;
            const TABLE: &'static str = $table;
            const KEY: &'static [&'static str] = &[$($key),+];
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column)),+];

            fn read(columns: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                Ok(Self { $($column: columns.get(stringify!($column))?,)+ })
            }

            fn params(&self) -> Vec<(&'static str, &dyn rusqlite::ToSql)> {
                vec![$((concat!(":", stringify!($column)), &self.$column as &dyn rusqlite::ToSql)),+]
            }

            fn revision_mut(&mut self) -> &mut i64 {
                &mut self.revision
            }

            fn into_record(self) -> Result<$record, String> {
                <$record>::try_from(self)
            }
        }
    };
}
pub(super) use table;

/// Writes the row as it is, revision included, whatever was there.
pub(super) fn replace<R: Row>(db: &Connection, row: &R) -> rusqlite::Result<usize> {
    let sql =
        format!("INSERT OR REPLACE INTO {} ({}) VALUES (:{})", R::TABLE, R::COLUMNS.join(", "), R::COLUMNS.join(", :"));
    db.prepare_cached(&sql)?.execute(row.params().as_slice())
}

/// Inserts the row with revision 1; 0 rows if there is one with its key.
pub(super) fn insert<R: Row>(db: &Connection, mut row: R) -> rusqlite::Result<usize> {
    *row.revision_mut() = 1;
    let sql = format!(
        "INSERT INTO {} ({}) VALUES (:{}) ON CONFLICT ({}) DO NOTHING",
        R::TABLE,
        R::COLUMNS.join(", "),
        R::COLUMNS.join(", :"),
        R::KEY.join(", ")
    );
    db.prepare_cached(&sql)?.execute(row.params().as_slice())
}

/// Replaces the row of this key and revision and raises the revision; 0 rows if there is none.
pub(super) fn update<R: Row>(db: &Connection, row: R) -> rusqlite::Result<usize> {
    let set: Vec<_> = R::COLUMNS.iter().filter(|c| **c != "revision").map(|c| format!("{c} = :{c}")).collect();
    let key: Vec<_> = R::KEY.iter().map(|c| format!("{c} = :{c}")).collect();
    let sql = format!(
        "UPDATE {} SET {}, revision = revision + 1 WHERE {} AND revision = :revision",
        R::TABLE,
        set.join(", "),
        key.join(" AND ")
    );
    db.prepare_cached(&sql)?.execute(row.params().as_slice())
}

/// RFC 3339 in UTC, always with nine digits, so that text sorts as time does.
pub(super) fn time_to_text(time: Timestamp) -> String {
    format!("{time:.9}")
}

pub(super) fn time(field: &str, text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("{field} is {text:?} and not a time"))
}

/// Finds the enum's member that is spelt like this.
pub(super) fn word<T: Copy>(field: &str, text: &str, all: &[T], spelling: fn(T) -> &'static str) -> Result<T, String> {
    let found = all.iter().copied().find(|member| spelling(*member) == text);
    found.ok_or_else(|| format!("{field} is {text:?}, which this program does not know"))
}

pub(super) fn json<T: serde::de::DeserializeOwned>(field: &str, text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|e| format!("{field} is not the expected JSON: {e}"))
}

pub(super) fn parsed<T: std::str::FromStr<Err: Display>>(field: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|e| format!("{field} is {text:?}: {e}"))
}
