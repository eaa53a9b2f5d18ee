//! How requests are refused: in OpenAI's JSON, with the field and an id to find the log line by.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::bench::{BASE, Bench, KEY, request};

#[tokio::test]
async fn nothing_is_answered_without_the_key() {
    let bench = Bench::new();
    for key in ["", "Bearer ", "Bearer wrong", "Basic sk-test", KEY] {
        for (method, path) in [
            ("GET", "/v1/models"),
            ("POST", "/v1/files"),
            ("GET", "/v1/files/file-1/content"),
            ("POST", "/v1/fine_tuning/jobs"),
            ("POST", "/v1/chat/completions"),
        ] {
            let request = Request::builder().method(method).uri(path).header("host", "localhost");
            let answer = bench.send(request.header("authorization", key).body(Body::empty()).unwrap()).await;
            assert_eq!(answer.error(), (401, json!(null), "invalid_api_key".to_owned()), "{key} {method} {path}");
        }
    }
    let open = Request::builder().uri("/healthz").header("host", "localhost").body(Body::empty()).unwrap();
    let answer = bench.send(open).await;
    assert_eq!((answer.header("content-type"), answer.ok()), ("application/json", json!({"status": "ok"})));
}

#[tokio::test]
async fn other_host_names_are_refused() {
    let bench = Bench::new();
    let mut named = request("GET", "/v1/models", Body::empty());
    named.headers_mut().insert("host", "evil.example".parse().unwrap());
    assert_eq!(bench.send(named).await.error(), (403, json!(null), "host_not_allowed".to_owned()));
}

#[tokio::test]
async fn unknown_urls_methods_and_ids_are_named() {
    let bench = Bench::new();
    assert_eq!(bench.get("/v1/batches").await.error().2, "unknown_url");
    let answer = bench.delete("/v1/fine_tuning/jobs").await;
    assert_eq!(answer.error(), (405, json!(null), "method_not_allowed".to_owned()));
    for id in ["ftjob-none", "..%2F..%2Fetc", "%FF", "x%00"] {
        for rest in ["", "/events", "/checkpoints"] {
            let (status, _, code) = bench.get(&format!("/v1/fine_tuning/jobs/{id}{rest}")).await.error();
            assert_eq!((status, code.as_str()), (404, "fine_tune_not_found"), "{id}{rest}");
        }
        for action in ["cancel", "pause", "resume"] {
            let (status, _, _) = bench.post(&format!("/v1/fine_tuning/jobs/{id}/{action}"), &json!({})).await.error();
            assert_eq!(status, 404, "{id}/{action}");
        }
        assert_eq!(bench.get(&format!("/v1/files/{id}")).await.error().2, "file_not_found");
        assert_eq!(bench.get(&format!("/v1/models/{id}")).await.error().2, "model_not_found");
        assert_eq!(bench.delete(&format!("/v1/models/ft:{id}")).await.error().0, 404);
    }
}

#[tokio::test]
async fn a_job_that_cannot_be_right_is_refused_before_it_exists() {
    let bench = Bench::new();
    let file = bench.uploaded(b"{}").await;
    for (more, expected) in [
        (json!({"model": "gpt-4o-mini"}), (404, json!("model"), "model_not_found")),
        (json!({"training_file": "file-none"}), (400, json!("training_file"), "file_not_found")),
        (json!({"suffix": "a b"}), (400, json!("suffix"), "invalid_value")),
        (json!({"hyperparameters": {"n_epochs": 51}}), (400, json!("n_epochs"), "invalid_value")),
        (json!({"metadata": {"k": "v".repeat(513)}}), (400, json!("metadata"), "invalid_value")),
        (json!({"method": {"type": "dpo"}}), (400, json!("method.type"), "invalid_value")),
        (json!({"unknown": 1}), (400, json!("unknown"), "unknown_parameter")),
    ] {
        let mut body = json!({"model": BASE, "training_file": file});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, param, code) = bench.post("/v1/fine_tuning/jobs", &body).await.error();
        assert_eq!((status, param, code.as_str()), expected, "{more}");
    }
    assert_eq!(bench.get("/v1/fine_tuning/jobs").await.ok()["data"], json!([]));
}

#[tokio::test]
async fn bodies_that_are_not_json_or_too_large_are_refused() {
    let mut bench = Bench::new();
    bench.settings.max_body_bytes = 1000;
    for path in ["/v1/fine_tuning/jobs", "/v1/chat/completions"] {
        let broken = bench.send(request("POST", path, Body::from("{\"model\": \"zyxwv"))).await;
        assert_eq!(broken.error().2, "invalid_json");
        assert!(!broken.text.contains("zyxwv"), "the body is not quoted");
        let large = bench.send(request("POST", path, Body::from("x".repeat(1001)))).await;
        assert_eq!(large.error(), (413, json!(null), "request_too_large".to_owned()));
    }
    let answer = bench.post("/v1/chat/completions", &json!({"messages": [{"role": "user", "content": "hi"}]})).await;
    assert_eq!(answer.error(), (400, json!("model"), "missing_required_parameter".to_owned()));
    let answer = bench.post("/v1/chat/completions", &json!({"model": BASE, "messages": [{"role": "robot"}]})).await;
    assert_eq!(answer.error(), (400, json!("messages[0].role"), "invalid_value".to_owned()));
}
