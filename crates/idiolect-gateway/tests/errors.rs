//! Every refusal has OpenAI's shape and says what to do.

mod common;

use axum::body::Body;
use axum::http::{Request, header};
use common::{World, hi, request};
use idiolect_testkit::{Fault, Method};
use serde_json::{Value, json};

fn invalid(status: u16, param: Value, code: &str) -> (u16, String, Value, String) {
    (status, "invalid_request_error".into(), param, code.into())
}

#[tokio::test]
async fn a_missing_or_wrong_key_is_refused_before_the_body_is_read() {
    let world = World::ready().await;
    for header in [None, Some("Bearer nope"), Some("Basic idl-test-key"), Some("Bearer"), Some("idl-test-key")] {
        for (method, path) in [("POST", "/v1/chat/completions"), ("GET", "/v1/models"), ("GET", "/v1/models/base")] {
            let mut asked = request(method, path, Body::from("not even JSON"));
            asked.headers_mut().remove(header::AUTHORIZATION);
            if let Some(header) = header {
                asked.headers_mut().insert(header::AUTHORIZATION, header.parse().unwrap());
            }
            let answer = world.send(asked).await;
            assert_eq!(answer.error(), invalid(401, Value::Null, "invalid_api_key"), "{header:?} {path}");
            assert!(!answer.text.contains("nope"));
        }
    }
    assert!(world.provider.calls().is_empty());
}

#[tokio::test]
async fn malformed_json_is_refused_with_its_place() {
    let body = Body::from("{\"messages\": [\n  {\"role\" \"user\"}]}");
    let answer = World::ready().await.send(request("POST", "/v1/chat/completions", body)).await;
    assert_eq!(answer.error(), invalid(400, Value::Null, "invalid_json"));
    assert_eq!(
        answer.message(),
        "the request body is not JSON: expected `:` at line 2, column 11; send one JSON object"
    );
}

#[tokio::test]
async fn an_invalid_field_is_named() {
    let body = json!({"messages": [{"role": "user", "content": "hi"}, {"role": "user", "content": 1}]});
    let answer = World::ready().await.chat(&body).await;
    assert_eq!(answer.error(), invalid(400, "messages[1].content".into(), "invalid_value"));
}

#[tokio::test]
async fn an_oversize_body_is_refused_announced_or_not() {
    let world = World::ready().await;
    let limit = world.settings.max_body_bytes;
    assert_eq!(limit, 1024 * 1024);
    let large = hi(json!({"padding": "x".repeat(limit)})).to_string();
    let answer = world.send(request("POST", "/v1/chat/completions", Body::from(large.clone()))).await;
    assert_eq!(answer.error(), invalid(413, Value::Null, "request_too_large"));
    assert!(answer.message().contains("1048576 bytes"));
    let pieces: Vec<Result<_, std::io::Error>> = large.as_bytes().chunks(4096).map(|c| Ok(c.to_vec())).collect();
    let unannounced = Body::from_stream(futures_util::stream::iter(pieces));
    let answer = world.send(request("POST", "/v1/chat/completions", unannounced)).await;
    assert_eq!(answer.status, 413);

    let fits = hi(json!({"padding": "x".repeat(limit - 100)}));
    assert_eq!(world.chat(&fits).await.status, 200);
}

#[tokio::test]
async fn unknown_urls_and_methods_are_refused_in_json() {
    let world = World::ready().await;
    assert_eq!(world.get("/v1/embeddings").await.error(), invalid(404, Value::Null, "unknown_url"));
    let answer = world.get("/v1/chat/completions").await;
    assert_eq!(answer.error(), invalid(405, Value::Null, "method_not_allowed"));
    assert_eq!(answer.header("allow"), Some("POST"));
}

#[tokio::test]
async fn foreign_host_names_are_refused_and_no_origin_is_allowed() {
    let world = World::ready().await;
    for host in [Some("evil.example:8080"), None] {
        let mut asked = Request::builder().uri("/healthz");
        if let Some(host) = host {
            asked = asked.header("host", host);
        }
        let answer = world.send(asked.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.error(), invalid(403, Value::Null, "host_not_allowed"));
    }
    let mut asked = request("GET", "/healthz", Body::empty());
    asked.headers_mut().insert(header::ORIGIN, "http://evil.example".parse().unwrap());
    assert!(world.send(asked).await.header("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn provider_errors_keep_their_meaning() {
    for (fault, error) in [
        (Fault::Refused, (400, "invalid_request_error", "invalid_value")),
        (Fault::RateLimited, (429, "rate_limit_error", "rate_limit_exceeded")),
        (Fault::Unavailable, (503, "server_error", "service_unavailable")),
    ] {
        let world = World::with_user(None).await;
        world.provider.fail_next(Method::Complete, fault);
        let answer = world.chat(&hi(json!({}))).await;
        let (status, kind, code) = error;
        assert_eq!(answer.error(), (status, kind.into(), Value::Null, code.into()));
        let retry_after = (fault == Fault::RateLimited).then_some("1");
        assert_eq!(answer.header("retry-after"), retry_after);
    }
}

#[tokio::test]
async fn a_message_that_the_provider_refuses_has_the_number_that_the_client_gave_it() {
    let body = json!({"messages": [{"role": "user", "content": "hi"}, {"role": "assistant"}]});
    for world in [World::ready().await, World::with_user(None).await] {
        let answer = world.chat(&body).await;
        assert_eq!(answer.error(), invalid(400, "messages[1]".into(), "invalid_value"));
        assert!(answer.message().ends_with("messages[1] must have role and content"), "{}", answer.message());
    }
}

#[tokio::test]
async fn a_store_that_is_away_is_not_described_to_clients() {
    let world = World::ready().await;
    world.store.set_down(true);
    for answer in [world.chat(&hi(json!({}))).await, world.get("/v1/models").await] {
        assert_eq!(answer.error(), (503, "server_error".into(), Value::Null, "service_unavailable".into()));
        assert!(!answer.text.contains("in memory"));
    }
}

#[tokio::test]
async fn health_is_the_process_and_readiness_is_the_store_and_the_base_model() {
    let mut world = World::ready().await;
    assert_eq!(world.get("/healthz").await.json(), json!({"status": "ok"}));
    let ready = json!({"status": "ready", "checks": {"store": "ok", "base_model": "ok"}});
    assert_eq!(world.get("/readyz").await.json(), ready);

    world.base_model = Err("the base model is not here; run `idiolect model pull`".into());
    world.store.set_down(true);
    let answer = world.get("/readyz").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["status"], "not_ready");
    assert_eq!(answer.json()["checks"]["base_model"], "the base model is not here; run `idiolect model pull`");
    assert_eq!(answer.json()["checks"]["store"], "not available; the server's log says why");
    assert_eq!(world.get("/healthz").await.status, 200);
}
