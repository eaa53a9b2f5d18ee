//! A hosted provider behind the gateway: falling back, naming the user, and its webhooks.

#![allow(clippy::unwrap_used, reason = "tests, though not marked as such")]

mod common;

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use common::{Answer, KEY, Personal, World, hi, user};
use futures_util::future::join_all;
use http_body_util::BodyExt;
use idiolect_gateway::{Gateway, Webhooks, router};
use idiolect_provider::ModelId;
use idiolect_registry::{Change, Clock, MetadataStore, ModelStatus, SystemClock};
use idiolect_testkit::{
    Endpoint, FAKE_BASE_MODEL, FAKE_REASONING_MODEL, FakeOpenAi, MemoryStore, Oddity, sign_webhook,
};
use serde_json::{Value, json};
use tower::ServiceExt;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Ana, whose model the fake server has; the reasoning model is her fallback.
async fn hosted(server: &FakeOpenAi) -> Gateway {
    let store = MemoryStore::new();
    let ana = user(ModelStatus::Ready, Some(FAKE_BASE_MODEL));
    store.commit(vec![Change::PutUser(ana)]).await.unwrap();
    let mut gateway = World::ready().await.gateway();
    gateway.store = Arc::new(store);
    gateway.chat = Arc::new(server.client("openai"));
    gateway.personal = Arc::new(Personal { chat: gateway.chat.clone(), safety_key: Some("safety".into()) });
    gateway.base_model = ModelId::new(FAKE_REASONING_MODEL);
    gateway.settings.safety_key = Some("safety".into());
    gateway
}

async fn send(gateway: &Gateway, request: Request<Body>) -> Answer {
    let (parts, body) = router(gateway.clone()).oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(body.into()).unwrap() }
}

async fn chat(gateway: &Gateway, more: Value) -> Answer {
    send(gateway, common::request("POST", "/v1/chat/completions", Body::from(hi(more).to_string()))).await
}

#[tokio::test]
async fn a_model_that_is_gone_falls_back_and_the_fallback_is_asked_in_its_own_words() {
    for stream in [false, true] {
        let server = FakeOpenAi::start().await;
        let gateway = hosted(&server).await;
        let more = json!({"stream": stream, "max_tokens": 9, "temperature": 0.5});
        let served = chat(&gateway, more.clone()).await;
        assert_eq!((served.status.as_u16(), served.header("x-idiolect-model")), (200, Some(FAKE_BASE_MODEL)));
        server.retire_model(FAKE_BASE_MODEL);
        let fallen = chat(&gateway, more).await;
        assert_eq!(fallen.status.as_u16(), 200, "{}", fallen.text);
        assert_eq!(fallen.header("x-idiolect-fallback-reason"), Some("model_unavailable"));
        assert_eq!(fallen.header("x-idiolect-model"), Some(FAKE_REASONING_MODEL));
        let sent = server.bodies(Endpoint::Chat).pop().unwrap();
        assert_eq!((&sent["max_completion_tokens"], sent.get("temperature")), (&json!(9), None));
    }
}

#[tokio::test]
async fn an_outage_before_the_first_byte_falls_back_and_a_refusal_does_not() {
    let server = FakeOpenAi::start().await;
    let gateway = hosted(&server).await;
    for odd in [Oddity::server_error(503), Oddity::CutBefore] {
        // The client tries each model twice.
        server.next(Endpoint::Chat, odd.clone());
        server.next(Endpoint::Chat, odd);
        let fallen = chat(&gateway, json!({"stream": true})).await;
        assert_eq!(fallen.header("x-idiolect-fallback-reason"), Some("model_unavailable"));
    }
    let before = server.count(Endpoint::Chat);
    server.next(Endpoint::Chat, Oddity::refuse(400, "invalid_request_error", Some("invalid_value"), "no"));
    let refused = chat(&gateway, json!({})).await;
    assert_eq!((refused.status.as_u16(), server.count(Endpoint::Chat) - before), (400, 1));
}

#[tokio::test]
async fn the_host_knows_the_user_by_a_keyed_hash_only() {
    let server = FakeOpenAi::start().await;
    let gateway = hosted(&server).await;
    chat(&gateway, json!({"user": "ana@example.org", "safety_identifier": "ana"})).await;
    let sent = server.bodies(Endpoint::Chat).pop().unwrap();
    let tag = sent["safety_identifier"].as_str().unwrap();
    assert!(tag.len() == 64 && sent.get("user").is_none());
    assert!(!sent.to_string().contains("ana"), "{sent}");
}

#[tokio::test]
async fn a_signed_webhook_kicks_however_often_it_comes_and_a_forged_one_does_not() {
    let server = FakeOpenAi::start().await;
    let kicked: Arc<Mutex<Vec<String>>> = Arc::default();
    let mut gateway = hosted(&server).await;
    let url = "/v1/webhooks/fine_tuning";
    let post = |headers: &[(&'static str, String)], body: &str| {
        let mut request = Request::post(url).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        request.body(Body::from(body.to_owned())).unwrap()
    };
    let signed = sign_webhook(SECRET, "fine_tuning.job.succeeded", "ftjob-1", SystemClock.now());
    assert_eq!(
        send(&gateway, post(&signed.headers, &signed.body)).await.status.as_u16(),
        404,
        "no secret, no webhooks"
    );
    let heard = kicked.clone();
    gateway.settings.webhooks = Some(Webhooks {
        secret: SECRET.into(),
        job_ended: Arc::new(move |job| heard.lock().unwrap().push(job.to_string())),
    });
    let twice = join_all([0, 1].map(|_| send(&gateway, post(&signed.headers, &signed.body)))).await;
    assert!(twice.iter().all(|answer| answer.status.as_u16() == 204));
    assert_eq!(*kicked.lock().unwrap(), ["ftjob-1", "ftjob-1"]);
    let other = sign_webhook(SECRET, "batch.completed", "batch-1", SystemClock.now());
    assert_eq!(send(&gateway, post(&other.headers, &other.body)).await.status.as_u16(), 204);
    let altered = signed.body.replace("ftjob-1", "ftjob-2");
    let stale = sign_webhook(
        SECRET,
        "fine_tuning.job.failed",
        "ftjob-3",
        SystemClock.now() - jiff::SignedDuration::from_mins(6),
    );
    for forged in [
        post(&signed.headers, &altered),
        post(&signed.headers[..2], &signed.body),
        post(&stale.headers, &stale.body),
        post(&[("authorization", format!("Bearer {KEY}"))], &signed.body),
    ] {
        let (status, _, _, code) = send(&gateway, forged).await.error();
        assert_eq!((status, code.as_str()), (401, "invalid_webhook"));
    }
    assert_eq!(kicked.lock().unwrap().len(), 2);
}
