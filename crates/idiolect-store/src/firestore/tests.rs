//! What needs no Firestore: names of fields, documents that cannot be understood, indexes.

use std::collections::BTreeSet;

use firestore::FirestoreTimestamp;
use firestore::gcloud_sdk::google::firestore::v1::Value;
use idiolect_registry::{ErasedItem, ErasedKind, Failure, FailureCode};
use idiolect_testkit::{full_user, full_version};
use serde_json::json;

use super::document::{Fields, from_fields, write};
use super::query::{Compare, Direction, NAME};
use super::*;

/// The fields as JSON with Firestore's types as they are: a timestamp is `{"timestamp": …}`.
fn shown(fields: &Fields) -> serde_json::Value {
    fields.iter().map(|(name, value)| (name.clone(), shown_value(value))).collect::<serde_json::Map<_, _>>().into()
}

fn shown_value(value: &Value) -> serde_json::Value {
    match value.value_type.as_ref().unwrap() {
        ValueType::NullValue(_) => json!(null),
        ValueType::BooleanValue(value) => json!(value),
        ValueType::IntegerValue(value) => json!(value),
        ValueType::DoubleValue(value) => json!({ "double": value }),
        ValueType::StringValue(value) => json!(value),
        ValueType::TimestampValue(time) => {
            json!({ "timestamp": FirestoreTimestamp::try_from(*time).unwrap().to_string() })
        }
        ValueType::MapValue(map) => shown(&map.fields),
        ValueType::ArrayValue(array) => array.values.iter().map(shown_value).collect(),
        other => panic!("no field of ours is {other:?}"),
    }
}

fn erasure() -> Erasure {
    let at = Timestamp::UNIX_EPOCH;
    let item = ErasedItem { kind: ErasedKind::TrainingFile, version: Some(3), at, answer: "deleted".into() };
    let trouble = Some(Failure::new(FailureCode::ProviderUnavailable, "it does not answer"));
    Erasure { items: vec![item], trouble, ..Erasure::requested("9f3c".into(), "ana".parse().unwrap(), at) }
}

/// Spec §5 and the additions to it, for whoever reads these documents with other code: changing a name breaks theirs.
#[test]
fn firestore_documents_have_these_fields() {
    insta::assert_snapshot!(
        "users",
        serde_json::to_string_pretty(&shown(&write::<UserDocument>(&full_user("ana"), 1).unwrap())).unwrap()
    );
    insta::assert_snapshot!(
        "llm_models",
        serde_json::to_string_pretty(&shown(&write::<VersionDocument>(&full_version("ana", 3), 1).unwrap())).unwrap()
    );
    insta::assert_snapshot!(
        "erasures",
        serde_json::to_string_pretty(&shown(&write::<ErasureDocument>(&erasure(), 1).unwrap())).unwrap()
    );
}

/// What was never measured or has not come yet: the same fields at the top, so that a mask of them covers the document.
#[test]
fn firestore_documents_of_empty_records_have_the_same_fields() {
    let top = |fields: &Fields| fields.keys().cloned().collect::<BTreeSet<_>>();
    let user = write::<UserDocument>(&User::new("ana".parse().unwrap(), Timestamp::UNIX_EPOCH), 1).unwrap();
    let shared: BTreeSet<_> = UserDocument::SHARED.unwrap().iter().map(|field| (*field).to_owned()).collect();
    assert_eq!(top(&user), shared);
    assert_eq!(top(&write::<UserDocument>(&full_user("ana"), 1).unwrap()), shared);
    let full = full_version("ana", 3);
    let mut bare = full.clone();
    bare.training_file_id = None;
    bare.failure = None;
    bare.retires_at = None;
    bare.review = None;
    let (full, bare) = (write::<VersionDocument>(&full, 1).unwrap(), write::<VersionDocument>(&bare, 1).unwrap());
    assert_eq!(top(&full), top(&bare));
    assert!(matches!(bare["openaiTrainingFileId"].value_type, Some(ValueType::NullValue(_))));
}

/// The documents of spending, which only this store writes.
#[test]
fn firestore_documents_of_spending_have_these_fields() {
    let run = spending::RunDocument {
        user_id: "ana".into(),
        version: 3,
        day: "2026-01-31".into(),
        month: "2026-01".into(),
        amount_micros: 2_000_000,
        settled: false,
        parts: vec![spending::PartOfRun { part: 63, amount_micros: 2_000_000 }],
    };
    let month = spending::MonthDocument { user_id: "ana".into(), month: "2026-01".into(), amount_micros: 2_000_000 };
    let day = spending::DayDocument { day: "2026-01-31".into(), part: 63, amount_micros: 2_000_000 };
    let documents = [
        firestore::FirestoreDb::serialize_to_doc("", &run).unwrap(),
        firestore::FirestoreDb::serialize_to_doc("", &month).unwrap(),
        firestore::FirestoreDb::serialize_to_doc("", &day).unwrap(),
    ];
    let shown = serde_json::Value::from_iter(documents.iter().map(|document| shown(&document.fields)));
    insta::assert_snapshot!(shown, @r#"[{"amountMicros":2000000,"day":"2026-01-31","month":"2026-01","parts":[{"amountMicros":2000000,"part":63}],"settled":false,"userId":"ana","version":3},{"amountMicros":2000000,"month":"2026-01","userId":"ana"},{"amountMicros":2000000,"day":"2026-01-31","part":63}]"#);
}

#[test]
fn firestore_cannot_hold_counts_beyond_its_integers_and_says_so() {
    let mut version = full_version("ana", 3);
    version.num_messages = u64::MAX;
    let refused = write::<VersionDocument>(&version, 1).unwrap_err();
    assert_eq!(refused, "numMessages is 18446744073709551615, more than Firestore's integers hold");
}

#[test]
fn a_firestore_document_that_cannot_be_understood_is_named_with_its_field() {
    let fields = write::<VersionDocument>(&full_version("ana", 3), 1).unwrap();
    let read = |edit: &dyn Fn(&mut Fields)| {
        let mut fields = fields.clone();
        edit(&mut fields);
        let read = from_fields::<VersionDocument>(fields).and_then(|read| read.into_record("ana:3"));
        read.map(drop).expect_err("it cannot be understood")
    };
    let set = |field: &'static str, value: serde_json::Value| {
        read(&move |fields| {
            let (outer, inner) = field.split_once('.').map_or((field, None), |(outer, inner)| (outer, Some(inner)));
            let value = Into::<FirestoreValue>::into(value.clone()).value;
            match (inner, fields.get_mut(outer).and_then(|outer| outer.value_type.as_mut())) {
                (Some(inner), Some(ValueType::MapValue(map))) => drop(map.fields.insert(inner.to_owned(), value)),
                _ => drop(fields.insert(outer.to_owned(), value)),
            }
        })
    };
    for (field, value, said) in [
        ("status", json!("glowing"), "status is \"glowing\", which this program does not know"),
        ("numMessages", json!(-1), "numMessages is -1"),
        ("numMessages", json!("many"), "numMessages: invalid type: string \"many\""),
        ("version", json!(-1), "version: invalid value: integer `-1`"),
        ("version", json!(4), "userId and version are those of ana:4"),
        ("userId", json!("a/b"), "userId is \"a/b\""),
        ("createdAt", json!("soon"), "createdAt: "),
        ("run.step", json!("flying"), "run.step is \"flying\""),
        ("run.seed", json!("x"), "run.seed is \"x\""),
        ("eval.humanScore", json!("good"), "eval.humanScore: invalid type"),
        ("cost.actualUsd", json!(-1.0), "cost.actualUsd is -1"),
        ("failure.code", json!("unheard_of"), "failure.code is \"unheard_of\""),
        ("review", json!(7), "review: invalid type"),
    ] {
        let error = set(field, value);
        assert!(error.contains(said), "{field}: {error}");
    }
    assert!(read(&|fields| drop(fields.remove("run"))).contains("missing field `run`"));
}

/// The emulator answers queries that have no index, so the file is held against the queries here.
#[test]
fn every_firestore_query_has_its_index() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../firestore.indexes.json");
    let file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let list = |value: &serde_json::Value| value.as_array().unwrap().clone();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let composites: Vec<(String, Vec<(String, String)>)> = list(&file["indexes"])
        .iter()
        .map(|index| {
            let fields = list(&index["fields"]);
            let fields = fields.iter().map(|field| (text(&field["fieldPath"]), text(&field["order"])));
            (text(&index["collectionGroup"]), fields.collect())
        })
        .collect();
    let overrides: Vec<(String, String, bool)> = list(&file["fieldOverrides"])
        .iter()
        .map(|field| {
            let indexed = !list(&field["indexes"]).is_empty();
            (text(&field["collectionGroup"]), text(&field["fieldPath"]), indexed)
        })
        .collect();
    // An override holds for what is below it too, and the longest one wins.
    let indexed = |collection: &str, field: &str| {
        let over = overrides.iter().filter(|(group, path, _)| {
            group == collection && (field == path || field.starts_with(&format!("{path}.")))
        });
        over.max_by_key(|(_, path, _)| path.len()).is_none_or(|(.., indexed)| *indexed)
    };
    let mut used = BTreeSet::new();
    for shape in query::ALL {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut add = |field: &str, direction: &str| {
            if field != NAME && !fields.iter().any(|(known, _)| known == field) {
                fields.push((field.to_owned(), direction.to_owned()));
            }
        };
        // Equality first, then what is ordered.
        for (field, compare) in shape.filters {
            if *compare != Compare::AtMost {
                add(field, "ASCENDING");
            }
        }
        let order = |direction| if direction == Direction::Ascending { "ASCENDING" } else { "DESCENDING" };
        if let Some((field, direction)) = shape.order {
            add(field, order(direction));
        }
        let unordered = shape.filters.iter().find(|(field, compare)| {
            *compare == Compare::AtMost && shape.order.is_none_or(|(ordered, _)| ordered != *field)
        });
        assert!(unordered.is_none(), "Firestore orders by what it compares: {shape:?}");
        if fields.len() > 1 {
            let needed = (shape.collection.to_owned(), fields);
            assert!(composites.contains(&needed), "firestore.indexes.json lacks {needed:?}");
            used.insert(format!("{needed:?}"));
        } else {
            for (field, _) in fields {
                assert!(indexed(shape.collection, &field), "{}.{field} is exempt from indexes", shape.collection);
            }
        }
    }
    for index in &composites {
        assert!(used.contains(&format!("{index:?}")), "no query uses the index {index:?}");
    }

    // What no query asks for is not indexed: each index entry is a write, and one of a time is a hot place.
    let asked: Vec<(&str, &str)> = query::ALL
        .iter()
        .flat_map(|shape| {
            let filters = shape.filters.iter().map(|(field, _)| *field);
            filters.chain(shape.order.map(|(field, _)| field)).map(|field| (shape.collection, field))
        })
        .collect();
    // Words of few kinds, and what a console is searched by.
    let useful =
        [("users", "modelStatus"), ("llmModels", "baseModel"), ("llmModels", "status"), ("llmModels", "provider")];
    for (collection, fields) in [
        ("users", write::<UserDocument>(&full_user("ana"), 1).unwrap()),
        ("llmModels", write::<VersionDocument>(&full_version("ana", 3), 1).unwrap()),
    ] {
        for field in fields.keys().map(String::as_str) {
            let known = asked.contains(&(collection, field)) || useful.contains(&(collection, field));
            assert_ne!(known, !indexed(collection, field), "{collection}.{field}: indexed without need, or needed");
        }
    }
}
