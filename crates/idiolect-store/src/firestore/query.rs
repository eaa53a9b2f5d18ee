//! Every query that the store makes, as data, so that a test can compare them with `firestore.indexes.json`.

use firestore::gcloud_sdk::google::firestore::v1::Value;
use firestore::gcloud_sdk::google::firestore::v1::value::ValueType;
use firestore::{FirestoreDocument, FirestoreQueryCursor, FirestoreValue};
use idiolect_registry::StoreError;

use super::connection::Connection;

/// What is compared and how; the values come with each query.
#[derive(Debug)]
pub(super) struct Shape {
    /// Which collection, by its default name.
    pub(super) collection: &'static str,
    pub(super) filters: &'static [(&'static str, Compare)],
    pub(super) order: Option<(&'static str, Direction)>,
    /// The fields that are needed; all where none are named.
    pub(super) fields: &'static [&'static str],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    In,
    AtMost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}

/// The document's own name as a field.
pub(super) const NAME: &str = "__name__";

/// All users, in pages.
pub(super) const USERS: Shape = every("users");

/// A user's versions. They are few, so they are put in order here and need no index of their own.
pub(super) const VERSIONS_OF_USER: Shape =
    Shape { collection: "llmModels", filters: &[("userId", Compare::Equal)], order: None, fields: &[] };

/// Runs under way. Ordered here too: an index that ends in a time of creation would take all new runs at one end.
pub(super) const UNFINISHED: Shape =
    Shape { collection: "llmModels", filters: &[("run.step", Compare::In)], order: None, fields: &[] };

/// Runs that are due. The shard comes first in the index, so that the times that move on are in 16 places of it.
pub(super) const DUE_RUNS: Shape = Shape {
    collection: "llmModels",
    filters: &[("run.shard", Compare::In), ("run.nextAt", Compare::AtMost)],
    order: Some(("run.nextAt", Direction::Ascending)),
    fields: &["userId", "run.nextAt"],
};

pub(super) const DUE_USERS: Shape = Shape {
    collection: "users",
    filters: &[("dispatch.shard", Compare::In), ("dispatch.nextAt", Compare::AtMost)],
    order: Some(("dispatch.nextAt", Direction::Ascending)),
    fields: &["dispatch.nextAt"],
};

/// Erasures are rare, so the end of this index is no hot place.
pub(super) const ERASURES: Shape =
    Shape { collection: "erasures", filters: &[], order: Some(("requestedAt", Direction::Descending)), fields: &[] };

pub(super) const SPENDING_OF_USER: Shape =
    Shape { collection: "spendRuns", filters: &[("userId", Compare::Equal)], order: None, fields: &["userId"] };

pub(super) const MONTHS_OF_USER: Shape =
    Shape { collection: "spendUserMonths", filters: &[("userId", Compare::Equal)], order: None, fields: &["userId"] };

/// For exports, in pages.
const fn every(collection: &'static str) -> Shape {
    Shape { collection, filters: &[], order: Some((NAME, Direction::Ascending)), fields: &[] }
}

pub(super) const EVERY_VERSION: Shape = every("llmModels");
pub(super) const EVERY_ERASURE: Shape = every("erasures");
pub(super) const EVERY_SPEND_RUN: Shape = every("spendRuns");
pub(super) const EVERY_SPEND_USER_MONTH: Shape = every("spendUserMonths");
pub(super) const EVERY_SPEND_DAY: Shape = every("spendDays");

#[cfg(test)]
pub(super) const ALL: [&Shape; 13] = [
    &USERS,
    &VERSIONS_OF_USER,
    &UNFINISHED,
    &DUE_RUNS,
    &DUE_USERS,
    &ERASURES,
    &SPENDING_OF_USER,
    &MONTHS_OF_USER,
    &EVERY_VERSION,
    &EVERY_ERASURE,
    &EVERY_SPEND_RUN,
    &EVERY_SPEND_USER_MONTH,
    &EVERY_SPEND_DAY,
];

/// One use of a shape.
#[derive(Default)]
pub(super) struct Asked<'a> {
    /// One for each filter, in their order.
    pub(super) values: Vec<FirestoreValue>,
    pub(super) limit: Option<usize>,
    /// The id of the document after which to go on, where the order is by name.
    pub(super) after: Option<&'a str>,
}

impl Shape {
    pub(super) async fn run(
        &self,
        connection: &Connection,
        asked: Asked<'_>,
    ) -> Result<Vec<FirestoreDocument>, StoreError> {
        let db = connection.db().await?;
        let collection = connection.settings.collections.named(self.collection);
        let mut select = db.fluent().select();
        if !self.fields.is_empty() {
            select = select.fields(self.fields);
        }
        let mut query = select.from(collection);
        if !self.filters.is_empty() {
            query = query.filter(|q| {
                q.for_all(self.filters.iter().zip(asked.values.clone()).map(
                    |((field, compare), value)| match compare {
                        Compare::Equal => q.field(*field).equal(value),
                        Compare::In => q.field(*field).is_in(value),
                        Compare::AtMost => q.field(*field).less_than_or_equal(value),
                    },
                ))
            });
        }
        if let Some((field, direction)) = self.order {
            query = query.order(|o| {
                o.fields([match direction {
                    Direction::Ascending => o.field(field).asc(),
                    Direction::Descending => o.field(field).desc(),
                }])
            });
        }
        if let Some(id) = asked.after {
            let name = Value { value_type: Some(ValueType::ReferenceValue(connection.name(collection, id).await?)) };
            query = query.start_at(FirestoreQueryCursor::AfterValue(vec![FirestoreValue::from(name)]));
        }
        if let Some(limit) = asked.limit {
            query = query.limit(u32::try_from(limit).unwrap_or(u32::MAX).min(i32::MAX.cast_unsigned()));
        }
        query.query().await.map_err(|error| connection.place.failed(&error))
    }
}
