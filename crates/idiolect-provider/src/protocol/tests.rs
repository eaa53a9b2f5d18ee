use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{JobStatus, ProfileBook};

fn job(object: &Value) -> crate::FineTuningJob {
    let book = ProfileBook::default();
    WireJob::parse(object).unwrap().into_job(book.get("openai").unwrap())
}

#[test]
fn a_healthy_job_has_no_failure_however_it_is_written() {
    for error in [json!(null), json!({}), json!({"code": null, "message": null, "param": null})] {
        let job = job(&json!({"id": "ftjob-1", "status": "running", "error": error}));
        assert_eq!((job.status, job.failure), (JobStatus::Running, None));
    }
    assert_eq!(job(&json!({"id": "ftjob-1"})).status, JobStatus::Unknown(String::new()));
}

#[test]
fn a_failed_job_says_why_without_quoting_anybody() {
    let error = json!({"code": "invalid_training_file", "message": "Line 3 is bad: 'see you at nine'", "param": "training_file"});
    let failed = job(&json!({"id": "ftjob-1", "status": "failed", "error": error})).failure.unwrap();
    assert_eq!((failed.code.as_str(), failed.message.as_str()), ("invalid_training_file", "Line 3 is bad: …"));
    let silent = job(&json!({"id": "ftjob-1", "status": "failed", "error": {}})).failure.unwrap();
    assert_eq!((silent.code.as_str(), silent.message.as_str()), ("job_failed", "the provider gives no reason"));
}

#[test]
fn fields_of_the_wrong_kind_are_as_good_as_absent() {
    let job = job(&json!({
        "id": "ftjob-1", "status": "succeeded", "fine_tuned_model": "", "created_at": "yesterday", "finished_at": 1.5e9,
        "estimated_finish": 0, "trained_tokens": "many", "metadata": ["a"], "hyperparameters": null, "model": 7,
        "training_file": {}, "new_field": true,
    }));
    assert_eq!((job.fine_tuned_model, job.trained_tokens, job.estimated_finish), (None, None, None));
    assert_eq!(job.finished_at.unwrap().as_second(), 1_500_000_000);
    assert!(job.metadata.is_empty());
}

#[test]
fn tags_are_read_like_metadata() {
    let tagged = job(&json!({"id": "ftjob-1", "status": "queued", "tags": ["run_id=ana:1", "plain", 7]}));
    assert_eq!(tagged.metadata.into_iter().collect::<Vec<_>>(), [("run_id".to_owned(), "ana:1".to_owned())]);
}

#[test]
fn a_models_end_is_known_only_when_it_is_a_date() {
    for (written, known) in
        [(json!("2027-01-14"), true), (json!(null), false), (json!("soon"), false), (json!(20_270_114), false)]
    {
        let model = WireModel::parse(&json!({"id": "m", "shutdown_date": written})).unwrap().into_info();
        assert_eq!(model.shutdown_date.is_some(), known, "{written}");
    }
    assert_eq!(WireModel::parse(&json!({"id": "m"})).unwrap().into_info().shutdown_date, None);
}

#[test]
fn lists_go_on_only_when_they_say_so() {
    let page = |has_more| Page::parse(&json!({"data": [{"id": "a"}, {"id": "b"}], "has_more": has_more})).unwrap();
    assert_eq!(page(json!(true)).next.as_deref(), Some("b"));
    assert_eq!(page(json!(null)).next, None);
    assert!(Page::parse(&json!({"data": null})).is_none());
}

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "id",
        "status",
        "error",
        "message",
        "code",
        "data",
        "metadata",
        "tags",
        "created_at",
        "shutdown_date",
        "has_more",
        "fine_tuned_model",
        "trained_tokens",
        "trained_steps",
        "total_steps",
        "bytes",
        "name",
        "other",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|x| json!(x)),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        let object = prop::collection::btree_map(key.clone(), inner.clone(), 0..8)
            .prop_map(|map| map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
        prop_oneof![prop::collection::vec(inner, 0..4).prop_map(Value::from), object]
    })
}

proptest! {
    #[test]
    fn any_json_is_survived(value in any_json()) {
        let book = ProfileBook::default();
        // Hardly ever has one of these an id that is a string, without which nothing more of it is read.
        let mut named = value.clone();
        if let Some(fields) = named.as_object_mut() {
            fields.insert("id".to_owned(), "a".into());
        }
        for value in [&value, &named] {
            if let Some(job) = WireJob::parse(value) {
                let _ = job.into_job(book.get("azure").unwrap());
            }
            let _ = WireFile::parse(value).map(WireFile::into_file);
            let _ = WireModel::parse(value).map(WireModel::into_info);
        }
        prop_assert!(!named.is_object() || WireJob::parse(&named).is_some());
        let _ = RegisteredModel::list(&json!([named]));
        let _ = Page::parse(&json!({"data": [named], "has_more": value}));
        let _ = ErrorObject::of_body(value.to_string().as_bytes()).says_something();
        let _ = ErrorObject::of_body(&value.to_string().as_bytes()[1..]).says_something();
    }
}
