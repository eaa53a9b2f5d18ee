//! The queries, built from what the schema has: never `SELECT *`, never a column that is not there.

use super::row::{RARE, USUAL};
use super::schema::Schema;

/// The order in which the rows of a range are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// By the index on dates: for a small part of the table.
    Dates,
    /// As they lie in the table, which is the quicker the more of it is read. Sorting them would put the words of a large store into
    /// temporary files.
    Rows,
}

/// The next `?5` sent rows whose number is above `?4` and whose `date` is at most `?2`, behind the row `?3` of the date `?1`; in the order of
/// rows the next `?4` behind the row `?3` whose `date` is between `?1` and `?2`. Each gives `ROWID`, whether anything of [`RARE`] is set,
/// then the columns of [`USUAL`]. Their conversations are looked up beside it: joined here they would cost as much again.
pub(super) fn messages(schema: &Schema, order: Order) -> String {
    let (rare, usual) = (is_rare(schema), columns(schema, &USUAL));
    let rest = match order {
        Order::Dates => {
            "(m.date, m.ROWID) > (?1, ?3) AND m.date <= ?2 AND m.ROWID > ?4 ORDER BY m.date, m.ROWID LIMIT ?5"
        }
        // The sign keeps the index out of it.
        Order::Rows => "+m.date BETWEEN ?1 AND ?2 AND m.ROWID > ?3 ORDER BY m.ROWID LIMIT ?4",
    };
    format!("SELECT m.ROWID, {rare}, {usual} FROM message AS m WHERE m.is_from_me AND {rest}")
}

/// Whether a row is not like nearly all, in which nothing of [`RARE`] is set and there is something to read.
fn is_rare(schema: &Schema) -> String {
    let rare = RARE.iter().filter(|column| schema.has(column)).map(|column| match *column {
        // Set in ordinary rows, and of interest only beside another column.
        "is_from_me" | "message_summary_info" => "0".to_owned(),
        // Lies far behind in a row and is of interest only if the row is not sent yet.
        "schedule_type" if schema.has("is_sent") => "0".to_owned(),
        "is_sent" => "NOT coalesce(m.is_sent, 0)".to_owned(),
        "balloon_bundle_id" => "m.balloon_bundle_id IS NOT NULL".to_owned(),
        column => format!("m.{column}"),
    });
    let mut texts = ["text", "attributedBody"].into_iter().filter(|column| schema.has(column));
    let wordless = texts.by_ref().map(|column| format!("m.{column} IS NULL")).collect::<Vec<_>>().join(" AND ");
    let rare: Vec<String> = rare.filter(|term| term != "0").chain([format!("({wordless})")]).collect();
    rare.join(" OR ")
}

/// The columns of [`RARE`] of the row `?1`.
pub(super) fn rare(schema: &Schema) -> String {
    format!("SELECT {} FROM message AS m WHERE m.ROWID = ?1", columns(schema, &RARE))
}

fn columns(schema: &Schema, names: &[&str]) -> String {
    let column = |name: &&str| if schema.has(name) { format!("m.{name}") } else { "NULL".to_owned() };
    names.iter().map(column).collect::<Vec<_>>().join(", ")
}

/// The first `?4` rows behind `?3` that are not sent and whose `date` is between `?1` and `?2`.
pub(super) fn received(order: Order) -> String {
    let (sign, by) = match order {
        Order::Dates => ("", "m.date, m.ROWID"),
        Order::Rows => ("+", "m.ROWID"),
    };
    format!(
        "SELECT m.ROWID FROM message AS m WHERE {sign}m.date BETWEEN ?1 AND ?2 AND m.ROWID > ?3 \
         AND NOT coalesce(m.is_from_me, 0) ORDER BY {by} LIMIT ?4"
    )
}

/// The number of rows whose `date` is between `?1` and `?2`.
pub(super) const COUNT_IN_RANGE: &str = "SELECT count(*) FROM message WHERE date BETWEEN ?1 AND ?2";

/// The same behind `?3`.
pub(super) const COUNT_IN_RANGE_AFTER: &str =
    "SELECT count(*) FROM message WHERE date BETWEEN ?1 AND ?2 AND ROWID > ?3";

/// The first and the last `date` between `?1` and `?2`.
pub(super) const FIRST_IN_RANGE: &str = "SELECT coalesce(min(date), 0) FROM message WHERE date BETWEEN ?1 AND ?2";
pub(super) const LAST_IN_RANGE: &str = "SELECT coalesce(max(date), 0) FROM message WHERE date BETWEEN ?1 AND ?2";

pub(super) const COUNT: &str = "SELECT count(*) FROM message";

/// For a cursor alone: the condition has the whole table read where [`COUNT`] takes the smallest index.
pub(super) const COUNT_AFTER: &str = "SELECT count(*) FROM message WHERE ROWID > ?1";

pub(super) const LAST_ROW: &str = "SELECT coalesce(max(ROWID), 0) FROM message";
