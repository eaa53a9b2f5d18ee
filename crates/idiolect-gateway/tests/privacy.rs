//! Nothing that people or models say reaches a log line, whatever goes wrong.

#![allow(clippy::unwrap_used, reason = "helpers of tests, though not marked as such")]

mod common;

use std::io;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use common::{TUNED, World, hi, request};
use idiolect_gateway::INFERENCE_TARGET;
use idiolect_testkit::{Fault, Method};
use serde_json::{Value, json};
use tower::ServiceExt;
use tracing_subscriber::fmt::MakeWriter;

const CANARY: &str = "zanzibar-canary";

/// Collects every event as one JSON line.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn inference_lines(&self) -> Vec<Value> {
        let lines = self.text();
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["target"] == INFERENCE_TARGET).map(|line| line["fields"].clone()).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

// One test, because the subscriber is the whole process's: threads of the runtime log too.
#[tokio::test]
async fn logs_tell_what_was_served_and_nothing_that_was_said() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let world = World::ready().await;
    world.provider.set_answer(TUNED, &format!("{CANARY} said the model"));
    let said = |more: Value| {
        let mut body = hi(more);
        body["messages"][0]["content"] = CANARY.into();
        body
    };

    let id = world.chat(&said(json!({}))).await.header("x-request-id").unwrap().to_owned();
    let line = log.inference_lines().pop().unwrap();
    assert_eq!(line["request_id"], id.as_str());
    assert!(line["latency_ms"].is_u64());
    let told = |line: &Value| {
        let fields = ["user_id", "model_version", "model_id_used", "prompt_tokens", "completion_tokens"];
        let more = ["fallback_reason", "stream", "outcome", "error_code"];
        json!(fields.iter().chain(&more).map(|field| line[*field].clone()).collect::<Vec<_>>())
    };
    assert_eq!(told(&line), json!(["ana", 3, TUNED, 7, 4, null, false, "ok", null]));

    world.chat(&said(json!({"stream": true}))).await;
    let line = log.inference_lines().pop().unwrap();
    assert_eq!(told(&line), json!(["ana", 3, TUNED, 7, 4, null, true, "ok", null]), "asked for or not, it is counted");

    world.chat(&said(json!({"model": "base"}))).await;
    let line = log.inference_lines().pop().unwrap();
    assert_eq!(told(&line), json!(["ana", null, common::BASE, 7, 3, "base_requested", false, "ok", null]));

    for fault in [Fault::Unavailable, Fault::CutBeforeFirstChunk, Fault::CutAfter, Fault::Refused, Fault::RateLimited] {
        world.provider.fail_next(Method::Stream, fault);
        world.chat(&said(json!({"stream": true}))).await;
    }
    let codes: Vec<_> = log.inference_lines().iter().map(|line| line["error_code"].clone()).collect();
    assert_eq!(json!(codes[5..]), json!(["service_unavailable", "invalid_value", "rate_limit_exceeded"]));

    for body in [
        format!("{{\"messages\": [{{\"content\": \"{CANARY}\"}}]}}"),
        format!("{{\"messages\": \"{CANARY}\"}}"),
        format!("{{\"messages\": [\"{CANARY}\"]}}"),
        format!("{{\"messages\": [{{\"role\": \"{CANARY}\", \"content\": 1}}]}}"),
        format!("{{\"messages\": [{{\"role\": \"user\", \"content\": [\"{CANARY}\"]}}]}}"),
        format!("{{\"messages\": {CANARY}"),
        format!("\"{CANARY}\""),
    ] {
        let answer = world.send(request("POST", "/v1/chat/completions", Body::from(body.clone()))).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(!answer.text.contains(CANARY), "{}", answer.text);
    }
    world.chat(&said(json!({"model": CANARY}))).await;
    world.get(&format!("/v1/models/{CANARY}")).await;
    world.get(&format!("/{CANARY}")).await;

    world.provider.set_endless_answer(TUNED);
    let body = Body::from(said(json!({"stream": true})).to_string());
    let response = world.router().oneshot(request("POST", "/v1/chat/completions", body)).await.unwrap();
    drop(response);
    let line = log.inference_lines().pop().unwrap();
    assert_eq!(told(&line), json!(["ana", 3, TUNED, null, null, null, true, "client_gone", null]));

    let text = log.text();
    assert!(!text.contains(CANARY) && !text.contains(common::KEY), "the log holds what was said");
    assert_eq!(log.inference_lines().len(), 17, "one for each chat");
}
