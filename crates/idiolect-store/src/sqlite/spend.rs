//! Spending: what is reserved for runs, and the totals that limits are held against.

use idiolect_registry::{Reservation, Reserved, SpendLimit, SpendLimits, SpendingOf, Usd, UserId, VersionId, month_of};
use rusqlite::{Connection, OptionalExtension, Result, params};

/// One run's row.
struct Entry {
    day: String,
    month: String,
    micros: i64,
    settled: bool,
}

/// Inside a transaction: the limits hold because writers take turns.
pub(super) fn reserve(db: &Connection, reservation: &Reservation, limits: &SpendLimits) -> Result<Reserved> {
    let user = &reservation.run.user_id;
    let earlier = entry(db, &reservation.run)?;
    if earlier.as_ref().is_some_and(|entry| entry.settled) {
        return Ok(Reserved::Yes);
    }
    let (day, month) = match &earlier {
        Some(entry) => (entry.day.clone(), entry.month.clone()),
        None => (reservation.day.to_string(), month_of(reservation.day)),
    };
    let before = earlier.map_or(0, |entry| entry.micros);
    let amount = micros(reservation.amount);
    let totals = [
        (SpendLimit::UserMonth, limits.user_month, month_total(db, user, &month)?),
        (SpendLimit::InstallationDay, limits.installation_day, day_total(db, &day)?),
    ];
    for (limit_name, limit, total) in totals {
        let others = total - before;
        if let Some(limit) = limit
            && others + amount > micros(limit)
        {
            return Ok(Reserved::No { limit_name, limit, spent: usd(others) });
        }
    }
    put(db, &reservation.run, &Entry { day, month, micros: amount, settled: false }, amount - before)?;
    Ok(Reserved::Yes)
}

pub(super) fn settle(db: &Connection, run: &VersionId, actual: Usd) -> Result<()> {
    let Some(earlier) = entry(db, run)? else { return Ok(()) };
    let change = micros(actual) - earlier.micros;
    put(db, run, &Entry { micros: micros(actual), settled: true, ..earlier }, change)
}

pub(super) fn spending(db: &Connection, of: &SpendingOf) -> Result<Usd> {
    Ok(usd(match of {
        SpendingOf::UserMonth(user, day) => month_total(db, user, &month_of(*day))?,
        SpendingOf::Day(day) => day_total(db, &day.to_string())?,
    }))
}

/// The user's own rows go; the days' totals name nobody and stay.
pub(super) fn forget(db: &Connection, user: &UserId) -> Result<()> {
    db.execute("DELETE FROM spend_runs WHERE user_id = ?1", [user.as_str()])?;
    db.execute("DELETE FROM spend_user_months WHERE user_id = ?1", [user.as_str()])?;
    Ok(())
}

fn entry(db: &Connection, run: &VersionId) -> Result<Option<Entry>> {
    let sql = "SELECT day, month, micros, settled FROM spend_runs WHERE user_id = ?1 AND version = ?2";
    db.query_row(sql, params![run.user_id.as_str(), run.version], |row| {
        Ok(Entry { day: row.get(0)?, month: row.get(1)?, micros: row.get(2)?, settled: row.get(3)? })
    })
    .optional()
}

fn put(db: &Connection, run: &VersionId, entry: &Entry, change: i64) -> Result<()> {
    let user = run.user_id.as_str();
    db.execute(
        "INSERT OR REPLACE INTO spend_runs (user_id, version, day, month, micros, settled) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![user, run.version, entry.day, entry.month, entry.micros, entry.settled],
    )?;
    db.execute(
        "INSERT INTO spend_user_months (user_id, month, micros) VALUES (?1, ?2, ?3)
         ON CONFLICT (user_id, month) DO UPDATE SET micros = micros + excluded.micros",
        params![user, entry.month, change],
    )?;
    db.execute(
        "INSERT INTO spend_days (day, micros) VALUES (?1, ?2)
         ON CONFLICT (day) DO UPDATE SET micros = micros + excluded.micros",
        params![entry.day, change],
    )?;
    Ok(())
}

fn month_total(db: &Connection, user: &UserId, month: &str) -> Result<i64> {
    let sql = "SELECT micros FROM spend_user_months WHERE user_id = ?1 AND month = ?2";
    Ok(db.query_row(sql, params![user.as_str(), month], |row| row.get(0)).optional()?.unwrap_or(0))
}

fn day_total(db: &Connection, day: &str) -> Result<i64> {
    Ok(db.query_row("SELECT micros FROM spend_days WHERE day = ?1", [day], |row| row.get(0)).optional()?.unwrap_or(0))
}

fn micros(amount: Usd) -> i64 {
    i64::try_from(amount.micros()).unwrap_or(i64::MAX / 4).min(i64::MAX / 4)
}

fn usd(micros: i64) -> Usd {
    Usd::from_micros(u64::try_from(micros).unwrap_or(0))
}
