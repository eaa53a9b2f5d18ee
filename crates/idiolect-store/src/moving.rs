//! Taking an installation from one store to another: every record as a line of JSON.
//!
//! A line holds what a row of the SQLite store holds, under the columns' names: ids, counts, hashes, amounts and times. Records keep their
//! revisions, so that importing a second time, or importing a later export, knows which side is newer.

use std::sync::Arc;

use async_trait::async_trait;
use idiolect_registry::{Erasure, ModelVersion, StoreError, User};
use serde::{Deserialize, Serialize};

use crate::sqlite::{ErasureRow, UserRow, VersionRow};

/// What the first line of an export says. It is raised when a line's meaning changes.
const FORMAT: u32 = 1;

/// One record of any kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    User(Box<User>),
    Version(Box<ModelVersion>),
    Erasure(Erasure),
    SpendRun(SpendRun),
    SpendUserMonth(SpendUserMonth),
    SpendDay(SpendDay),
}

/// What is reserved for a run or what it cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpendRun {
    pub user_id: String,
    pub version: u32,
    /// The day that it counts for, `2026-01-31`.
    pub day: String,
    /// Its month, `2026-01`.
    pub month: String,
    /// Millionths of a US dollar.
    pub micros: i64,
    pub settled: bool,
}

/// A user's total of one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpendUserMonth {
    pub user_id: String,
    pub month: String,
    pub micros: i64,
}

/// The installation's total of one day, erased users included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpendDay {
    pub day: String,
    pub micros: i64,
}

/// The kinds in the order in which they are exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    User,
    Version,
    Erasure,
    SpendRun,
    SpendUserMonth,
    SpendDay,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::User, Self::Version, Self::Erasure, Self::SpendRun, Self::SpendUserMonth, Self::SpendDay];
}

/// A store whose records can be taken elsewhere.
#[async_trait]
pub trait Movable: Send + Sync {
    /// The same records as of one moment, whatever others write meanwhile, where the store can give that; else itself, whose
    /// pages are each of their own moment. For reading only.
    async fn at_one_moment(self: Arc<Self>) -> Result<Arc<dyn Movable>, StoreError>;

    /// Records of one kind in the store's own order, after the one with this position, at most `limit`; each with its position.
    /// The last page is empty.
    async fn page(&self, kind: Kind, after: Option<&str>, limit: usize) -> Result<Vec<(String, Record)>, StoreError>;

    /// Writes records as they are, revisions included. Nothing newer is overwritten; the answers are in the records' order.
    async fn put(&self, records: Vec<Record>) -> Result<Vec<Put>, StoreError>;
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    Written,
    /// It was there already, the same.
    Same,
    /// The store has a newer one, or another of the same revision, and keeps it.
    Newer,
}

/// A line of an export.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    Begin,
    Record(Record),
    /// How many records stood before it: an export without this line is cut short.
    End {
        records: u64,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Spelt {
    Begin { format: u32 },
    User(Box<UserRow>),
    Version(Box<VersionRow>),
    Erasure(ErasureRow),
    SpendRun(SpendRun),
    SpendUserMonth(SpendUserMonth),
    SpendDay(SpendDay),
    End { records: u64 },
}

impl Line {
    /// Without a line break.
    pub fn to_json(&self) -> String {
        let spelt = match self {
            Self::Begin => Spelt::Begin { format: FORMAT },
            Self::End { records } => Spelt::End { records: *records },
            Self::Record(record) => match record {
                Record::User(user) => Spelt::User(Box::new(user.as_ref().into())),
                Record::Version(version) => Spelt::Version(Box::new(version.as_ref().into())),
                Record::Erasure(erasure) => Spelt::Erasure(erasure.into()),
                Record::SpendRun(run) => Spelt::SpendRun(run.clone()),
                Record::SpendUserMonth(month) => Spelt::SpendUserMonth(month.clone()),
                Record::SpendDay(day) => Spelt::SpendDay(day.clone()),
            },
        };
        // Rows are strings, numbers and nulls, which JSON can always spell.
        serde_json::to_string(&spelt).unwrap_or_default()
    }

    /// # Errors
    /// What is wrong with the line, and in which field, in a few words.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let spelt = serde_json::from_str(text).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => error.to_string(),
            _ => "it is not JSON".to_owned(),
        })?;
        Ok(Self::Record(match spelt {
            Spelt::Begin { format } if format > FORMAT => return Err("a newer idiolect has written it".to_owned()),
            Spelt::Begin { .. } => return Ok(Self::Begin),
            Spelt::End { records } => return Ok(Self::End { records }),
            Spelt::User(row) => Record::User(Box::new((*row).try_into()?)),
            Spelt::Version(row) => Record::Version(Box::new((*row).try_into()?)),
            Spelt::Erasure(row) => Record::Erasure(row.try_into()?),
            Spelt::SpendRun(run) => Record::SpendRun(run),
            Spelt::SpendUserMonth(month) => Record::SpendUserMonth(month),
            Spelt::SpendDay(day) => Record::SpendDay(day),
        }))
    }
}

impl Record {
    pub fn kind(&self) -> Kind {
        match self {
            Self::User(_) => Kind::User,
            Self::Version(_) => Kind::Version,
            Self::Erasure(_) => Kind::Erasure,
            Self::SpendRun(_) => Kind::SpendRun,
            Self::SpendUserMonth(_) => Kind::SpendUserMonth,
            Self::SpendDay(_) => Kind::SpendDay,
        }
    }

    /// As messages name it: `version ana:3`.
    pub fn name(&self) -> String {
        match self {
            Self::User(user) => format!("user {}", user.user_id),
            Self::Version(version) => format!("version {}", version.id),
            Self::Erasure(erasure) => format!("erasure {}", erasure.id),
            Self::SpendRun(run) => format!("spending of run {}:{}", run.user_id, run.version),
            Self::SpendUserMonth(month) => format!("spending of {} in {}", month.user_id, month.month),
            Self::SpendDay(day) => format!("spending of {}", day.day),
        }
    }

    /// Whether `self`, from the file, is to replace `there`, from the store.
    ///
    /// Spending has no revisions. A settled run stands, and of two totals the larger does: too much counted is an inconvenience,
    /// too little is money.
    pub(crate) fn against(&self, there: &Self) -> Put {
        if self == there {
            return Put::Same;
        }
        let replaces = match (self, there) {
            (Self::User(this), Self::User(other)) => this.revision > other.revision,
            (Self::Version(this), Self::Version(other)) => this.revision > other.revision,
            (Self::Erasure(this), Self::Erasure(other)) => this.revision > other.revision,
            (Self::SpendRun(_), Self::SpendRun(other)) => !other.settled,
            (Self::SpendUserMonth(this), Self::SpendUserMonth(other)) => this.micros > other.micros,
            (Self::SpendDay(this), Self::SpendDay(other)) => this.micros > other.micros,
            _ => false,
        };
        if replaces { Put::Written } else { Put::Newer }
    }
}

#[cfg(test)]
mod tests {
    use idiolect_testkit::{full_user, full_version};

    use super::*;

    fn user(revision: u64) -> Record {
        Record::User(Box::new(User { revision, ..full_user("ana") }))
    }

    #[test]
    fn lines_come_back_as_they_were() {
        let version = ModelVersion { revision: 7, ..full_version("ana", 3) };
        for line in [
            Line::Begin,
            Line::Record(user(u64::from(u32::MAX))),
            Line::Record(Record::Version(Box::new(version))),
            Line::Record(Record::SpendDay(SpendDay { day: "2026-01-31".into(), micros: -1 })),
            Line::End { records: 3 },
        ] {
            let text = line.to_json();
            assert!(!text.contains('\n'), "{text}");
            assert_eq!(Line::from_json(&text), Ok(line));
        }
    }

    #[test]
    fn a_line_that_cannot_be_understood_says_why() {
        let line_of_ana = Line::Record(user(0)).to_json();
        for (line, said) in [
            ("", "it is not JSON"),
            ("{\"kind\":\"user\"", "it is not JSON"),
            ("{\"kind\":\"robot\"}", "unknown variant `robot`"),
            ("{\"kind\":\"spend_day\",\"day\":\"2026-01-31\"}", "missing field `micros`"),
            ("{\"kind\":\"begin\",\"format\":2}", "a newer idiolect has written it"),
            (&line_of_ana.replace("\"disabled\"", "\"glowing\""), "model_status is \"glowing\""),
            (&line_of_ana.replace("\"user_id\":\"ana\"", "\"user_id\":\"a/b\""), "user_id is \"a/b\""),
            (&line_of_ana.replace("\"revision\":0", "\"revision\":0,\"halo\":1"), "unknown field `halo`"),
        ] {
            let error = Line::from_json(line).unwrap_err();
            assert!(error.contains(said), "{line}: {error}");
        }
    }

    #[test]
    fn nothing_newer_is_overwritten() {
        let at = user;
        let changed = Record::User(Box::new(User { revision: 2, active_model_version: 1, ..full_user("ana") }));
        assert_eq!(at(3).against(&at(2)), Put::Written);
        assert_eq!(at(2).against(&at(2)), Put::Same);
        assert_eq!(at(2).against(&at(3)), Put::Newer);
        assert_eq!(changed.against(&at(2)), Put::Newer, "the same revision, another content");
        let run = |micros, settled| {
            let (user_id, day, month) = ("ana".into(), "2026-01-31".into(), "2026-01".into());
            Record::SpendRun(SpendRun { user_id, version: 1, day, month, micros, settled })
        };
        assert_eq!(run(2, true).against(&run(3, false)), Put::Written);
        assert_eq!(run(3, false).against(&run(2, true)), Put::Newer);
    }
}
