//! What is reserved for runs, and the totals that limits are held against.
//!
//! A run has a document, a user's month has one, and a day has many: one for each of [`PARTS`] parts, because all users write
//! to the day. A limit on the day is shared out evenly among its parts, and each is kept within its share, so the sum is kept
//! within the limit whatever is written at the same moment. A run whose part has no room takes some from the others.

use std::collections::{BTreeMap, HashMap};

use firestore::gcloud_sdk::google::firestore::v1::Write;
use firestore::gcloud_sdk::tonic::Code;
use firestore::{FirestoreDb, FirestoreDocument};
use idiolect_registry::{
    Reservation, Reserved, SpendLimit, SpendLimits, SpendingOf, StoreError, Usd, UserId, VersionId, month_of, spread,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::commit::write;
use super::connection::{Connection, is_transient};
use super::document;
use super::pause;
use super::settings::Collections;

/// A document takes about one write a second for long: 64 are some two million reserved and settled runs a day.
pub(super) const PARTS: u32 = 64;

/// Towards the end of a day's limit all runs want the same last parts.
const TRIES: u32 = 40;

/// `spendRuns/{userId}:{version}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunDocument {
    pub(super) user_id: String,
    pub(super) version: u32,
    pub(super) day: String,
    pub(super) month: String,
    pub(super) amount_micros: i64,
    pub(super) settled: bool,
    /// Which parts of the day hold how much of it.
    pub(super) parts: Vec<PartOfRun>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartOfRun {
    pub(super) part: u32,
    pub(super) amount_micros: i64,
}

/// `spendUserMonths/{userId}:{month}`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MonthDocument {
    pub(super) user_id: String,
    pub(super) month: String,
    pub(super) amount_micros: i64,
}

/// `spendDays/{day}:{part}`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DayDocument {
    pub(super) day: String,
    pub(super) part: u32,
    pub(super) amount_micros: i64,
}

pub(super) struct Spending<'a> {
    pub(super) connection: &'a Connection,
    pub(super) collections: &'a Collections,
}

/// The part that a user's runs begin with.
pub(super) fn part_of(user: &UserId) -> u32 {
    (spread(user.as_str(), "spend-day") * f64::from(PARTS)) as u32 % PARTS
}

/// The evenly shared limit of one part.
fn share(limit: i64, part: u32) -> i64 {
    let parts = i64::from(PARTS);
    limit / parts + i64::from(i64::from(part) < limit % parts)
}

impl Spending<'_> {
    pub(super) async fn reserve(&self, asked: &Reservation, limits: &SpendLimits) -> Result<Reserved, StoreError> {
        let run_name = self.name(&self.collections.spend_runs, &asked.run.to_string()).await?;
        for tried in 0..TRIES {
            let mut found = self.connection.get(std::slice::from_ref(&run_name)).await?;
            let earlier: Option<RunDocument> = self.read(&found, &run_name)?;
            if earlier.as_ref().is_some_and(|run| run.settled) {
                return Ok(Reserved::Yes);
            }
            let mut run = earlier.unwrap_or_else(|| RunDocument {
                user_id: asked.run.user_id.to_string(),
                version: asked.run.version,
                day: asked.day.to_string(),
                month: month_of(asked.day),
                amount_micros: 0,
                settled: false,
                parts: Vec::new(),
            });
            let more = micros(asked.amount) - run.amount_micros;
            let own = part_of(&asked.run.user_id);
            let mut names = vec![self.month_name(&run).await?];
            for part in run.parts.iter().map(|part| part.part).chain([own]) {
                names.push(self.day_name(&run.day, part).await?);
            }
            found.extend(self.connection.get(&names).await?);

            let month = self.month_total(&found, &names[0])?;
            if let Some(limit) = limits.user_month
                && month + more > micros(limit)
            {
                let spent = usd(month - run.amount_micros);
                return Ok(Reserved::No { limit_name: SpendLimit::UserMonth, limit, spent });
            }
            let own_total = self.day_total(&found, &self.day_name(&run.day, own).await?)?;
            match limits.installation_day {
                // Its own part alone is read and written when there is room, as there nearly always is.
                Some(limit) if own_total + more > share(micros(limit), own) => {
                    let (parts, all) = self.day(&run.day).await?;
                    found.extend(parts);
                    let spent: i64 = all.values().sum();
                    if spent + more > micros(limit) {
                        let spent = usd(spent - run.amount_micros);
                        return Ok(Reserved::No { limit_name: SpendLimit::InstallationDay, limit, spent });
                    }
                    take(&mut run, more, own, &all, micros(limit));
                }
                _ => add(&mut run, own, more),
            }
            run.amount_micros += more;
            let before: Option<RunDocument> = self.read(&found, &run_name)?;
            if self.put(&run_name, before.as_ref(), &run, &found).await?.is_some() {
                return Ok(Reserved::Yes);
            }
            pause(tried.min(3)).await;
        }
        Err(self.contended(&asked.run))
    }

    pub(super) async fn settle(&self, version: &VersionId, actual: Usd) -> Result<(), StoreError> {
        let run_name = self.name(&self.collections.spend_runs, &version.to_string()).await?;
        for tried in 0..TRIES {
            let mut found = self.connection.get(std::slice::from_ref(&run_name)).await?;
            let Some(before) = self.read::<RunDocument>(&found, &run_name)? else { return Ok(()) };
            let mut run = before.clone();
            let change = micros(actual) - run.amount_micros;
            if run.settled && change == 0 {
                return Ok(());
            }
            run.settled = true;
            add(&mut run, part_of(&version.user_id), change);
            run.amount_micros += change;
            let mut names = vec![self.month_name(&run).await?];
            for part in before.parts.iter().chain(&run.parts) {
                names.push(self.day_name(&run.day, part.part).await?);
            }
            names.sort_unstable();
            names.dedup();
            found.extend(self.connection.get(&names).await?);
            if self.put(&run_name, Some(&before), &run, &found).await?.is_some() {
                return Ok(());
            }
            pause(tried.min(3)).await;
        }
        Err(self.contended(version))
    }

    pub(super) async fn spending(&self, of: &SpendingOf) -> Result<Usd, StoreError> {
        match of {
            SpendingOf::UserMonth(user, day) => {
                let id = format!("{user}:{}", month_of(*day));
                let name = self.name(&self.collections.spend_user_months, &id).await?;
                let found = self.connection.get(std::slice::from_ref(&name)).await?;
                Ok(usd(self.month_total(&found, &name)?))
            }
            SpendingOf::Day(day) => Ok(usd(self.day(&day.to_string()).await?.1.values().sum())),
        }
    }

    /// Writes the run and the totals that it changes; `None` if one of the documents was written since it was read.
    async fn put(
        &self,
        run_name: &str,
        before: Option<&RunDocument>,
        run: &RunDocument,
        found: &HashMap<String, FirestoreDocument>,
    ) -> Result<Option<()>, StoreError> {
        let month_name = self.month_name(run).await?;
        let mut changes: BTreeMap<u32, i64> = BTreeMap::new();
        for part in &run.parts {
            *changes.entry(part.part).or_default() += part.amount_micros;
        }
        for part in before.map_or(&[][..], |before| &before.parts) {
            *changes.entry(part.part).or_default() -= part.amount_micros;
        }
        let change = run.amount_micros - before.map_or(0, |before| before.amount_micros);
        let month = MonthDocument {
            user_id: run.user_id.clone(),
            month: run.month.clone(),
            amount_micros: self.month_total(found, &month_name)? + change,
        };
        let mut writes = vec![self.write(run_name, run, found)?, self.write(&month_name, &month, found)?];
        for (part, change) in changes {
            let name = self.day_name(&run.day, part).await?;
            let amount_micros = self.day_total(found, &name)? + change;
            let day = DayDocument { day: run.day.clone(), part, amount_micros };
            if change != 0 {
                writes.push(self.write(&name, &day, found)?);
            }
        }
        match self.connection.commit(writes).await? {
            Ok(()) => Ok(Some(())),
            // Whatever became of it, reading again says so, and doing it again counts once.
            Err(status)
                if is_transient(&status)
                    || matches!(status.code(), Code::FailedPrecondition | Code::AlreadyExists | Code::NotFound) =>
            {
                Ok(None)
            }
            Err(status) => Err(self.connection.place.refused(&status)),
        }
    }

    /// All parts of a day that exist: their documents by name, and what each holds.
    async fn day(&self, day: &str) -> Result<(HashMap<String, FirestoreDocument>, BTreeMap<u32, i64>), StoreError> {
        let mut names = Vec::new();
        for part in 0..PARTS {
            names.push(self.day_name(day, part).await?);
        }
        let found = self.connection.get(&names).await?;
        let mut totals = BTreeMap::new();
        for (part, name) in (0..).zip(&names) {
            totals.insert(part, self.day_total(&found, name)?);
        }
        Ok((found, totals))
    }

    async fn name(&self, collection: &str, id: &str) -> Result<String, StoreError> {
        self.connection.name(collection, id).await
    }

    async fn month_name(&self, run: &RunDocument) -> Result<String, StoreError> {
        self.name(&self.collections.spend_user_months, &format!("{}:{}", run.user_id, run.month)).await
    }

    async fn day_name(&self, day: &str, part: u32) -> Result<String, StoreError> {
        self.name(&self.collections.spend_days, &format!("{day}:{part}")).await
    }

    fn month_total(&self, found: &HashMap<String, FirestoreDocument>, name: &str) -> Result<i64, StoreError> {
        Ok(self.read::<MonthDocument>(found, name)?.map_or(0, |month| month.amount_micros))
    }

    fn day_total(&self, found: &HashMap<String, FirestoreDocument>, name: &str) -> Result<i64, StoreError> {
        Ok(self.read::<DayDocument>(found, name)?.map_or(0, |day| day.amount_micros))
    }

    fn read<D: DeserializeOwned>(
        &self,
        found: &HashMap<String, FirestoreDocument>,
        name: &str,
    ) -> Result<Option<D>, StoreError> {
        let Some(document) = found.get(name) else { return Ok(None) };
        let read = document::from_fields(document.fields.clone());
        read.map(Some).map_err(|reason| self.corrupt(name, reason))
    }

    fn write(
        &self,
        name: &str,
        document: &impl Serialize,
        found: &HashMap<String, FirestoreDocument>,
    ) -> Result<Write, StoreError> {
        let fields = FirestoreDb::serialize_to_doc("", document).map_err(|e| self.corrupt(name, e.to_string()))?.fields;
        Ok(write(name, fields, found.get(name)))
    }

    fn corrupt(&self, name: &str, reason: String) -> StoreError {
        let id = name.split("/documents/").last().unwrap_or_default();
        self.connection.place.corrupt(format!("document {id}"), reason)
    }

    fn contended(&self, run: &VersionId) -> StoreError {
        StoreError::Conflict { record: format!("the spending of run {run}") }
    }
}

/// Gives the run's own part more, or takes from its parts what it no longer needs.
fn add(run: &mut RunDocument, own: u32, mut change: i64) {
    if change >= 0 {
        match run.parts.iter_mut().find(|part| part.part == own) {
            Some(part) => part.amount_micros += change,
            None => run.parts.push(PartOfRun { part: own, amount_micros: change }),
        }
    }
    for part in run.parts.iter_mut().rev() {
        let less = (-change).clamp(0, part.amount_micros.max(0));
        part.amount_micros -= less;
        change += less;
    }
    run.parts.retain(|part| part.amount_micros != 0);
}

/// Takes `more` from all parts that have room, beginning with its own.
fn take(run: &mut RunDocument, mut more: i64, own: u32, totals: &BTreeMap<u32, i64>, limit: i64) {
    for part in (0..PARTS).map(|n| (own + n) % PARTS) {
        let room = share(limit, part) - totals.get(&part).copied().unwrap_or(0);
        let taken = more.min(room.max(0));
        if taken > 0 {
            add(run, part, taken);
            more -= taken;
        }
    }
    // A settled run that cost more than was reserved has put its part over its share; the sum was checked all the same.
    if more > 0 {
        add(run, own, more);
    }
}

pub(super) fn micros(amount: Usd) -> i64 {
    i64::try_from(amount.micros()).unwrap_or(i64::MAX / 4).min(i64::MAX / 4)
}

fn usd(micros: i64) -> Usd {
    Usd::from_micros(u64::try_from(micros).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(parts: &[(u32, i64)]) -> RunDocument {
        RunDocument {
            user_id: "ana".into(),
            version: 1,
            day: "2026-01-31".into(),
            month: "2026-01".into(),
            amount_micros: 0,
            settled: false,
            parts: parts
                .iter()
                .map(|(part, amount_micros)| PartOfRun { part: *part, amount_micros: *amount_micros })
                .collect(),
        }
    }

    fn parts(run: &RunDocument) -> Vec<(u32, i64)> {
        run.parts.iter().map(|part| (part.part, part.amount_micros)).collect()
    }

    #[test]
    fn shares_add_up_to_the_limit() {
        for limit in [0, 1, 63, 64, 1_000_003] {
            assert_eq!((0..PARTS).map(|part| share(limit, part)).sum::<i64>(), limit);
        }
    }

    #[test]
    fn what_its_own_part_cannot_give_comes_from_the_next() {
        let mut taken = run(&[]);
        let totals = BTreeMap::from([(62, 9), (63, 10), (0, 3)]);
        take(&mut taken, 12, 62, &totals, 640);
        assert_eq!(parts(&taken), [(62, 1), (0, 7), (1, 4)]);
    }

    #[test]
    fn giving_back_empties_the_last_part_first() {
        let mut less = run(&[(62, 1), (0, 7), (1, 4)]);
        add(&mut less, 62, -6);
        assert_eq!(parts(&less), [(62, 1), (0, 5)]);
        add(&mut less, 62, 2);
        assert_eq!(parts(&less), [(62, 3), (0, 5)]);
        add(&mut less, 62, -8);
        assert_eq!(parts(&less), []);
    }
}
