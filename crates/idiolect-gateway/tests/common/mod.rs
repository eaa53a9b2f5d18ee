//! A gateway over fakes, and requests to it without a socket.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "tests, though not marked as such")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use idiolect_gateway::{Answering, Gateway, LocalKey, PersonalModels, PromptStyle, Settings, router};
use idiolect_provider::{ChatProvider, ModelId, ProviderError};
use idiolect_registry::{Change, MetadataStore, ModelStatus, SystemClock, User, VersionId};
use idiolect_testkit::{FakeProvider, MemoryStore};
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};
use tower::ServiceExt;

pub const KEY: &str = "idl-test-key";
pub const BASE: &str = "smol/base-135m";
pub const TUNED: &str = "ft:smol:ana-3";

/// Every version at one provider, in words of its number.
pub struct Personal {
    pub chat: Arc<dyn ChatProvider>,
    pub safety_key: Option<SecretString>,
}

#[async_trait]
impl PersonalModels for Personal {
    async fn answering(&self, version: &VersionId, _: &ModelId) -> Result<Answering, ProviderError> {
        let system_prompt = if version.version == 3 { "STYLE".into() } else { format!("STYLE {}", version.version) };
        let prompts = PromptStyle { system_prompt, wrap: Arc::new(|text| format!("SAY: {text}")) };
        Ok(Answering { chat: self.chat.clone(), prompts, safety_key: self.safety_key.clone() })
    }
}

/// The gateway's surroundings, for a test to change before it builds.
pub struct World {
    pub provider: Arc<FakeProvider>,
    pub store: Arc<MemoryStore>,
    pub settings: Settings,
    pub base_model: Result<(), String>,
}

impl World {
    /// Ana, whose version 3 is ready.
    pub async fn ready() -> Self {
        Self::with_user(Some(user(ModelStatus::Ready, Some(TUNED)))).await
    }

    pub async fn with_user(user: Option<User>) -> Self {
        let provider = FakeProvider::new(BASE);
        provider.add_model(TUNED);
        let store = MemoryStore::new();
        store.commit(user.into_iter().map(Change::PutUser).collect()).await.unwrap();
        Self { provider: Arc::new(provider), store: Arc::new(store), settings: Settings::default(), base_model: Ok(()) }
    }

    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.settings.request_timeout = timeout;
        self
    }

    pub fn gateway(&self) -> Gateway {
        let base_model = self.base_model.clone();
        Gateway {
            auth: Arc::new(LocalKey::new(&KEY.into(), "ana".parse().unwrap())),
            store: self.store.clone(),
            chat: self.provider.clone(),
            base_model: ModelId::new(BASE),
            fallback_system_prompt: "LIGHT".into(),
            personal: Arc::new(Personal { chat: self.provider.clone(), safety_key: None }),
            base_model_probe: Arc::new(move || base_model.clone()),
            clock: Arc::new(SystemClock),
            settings: self.settings.clone(),
        }
    }

    pub fn router(&self) -> Router {
        router(self.gateway())
    }

    /// The roles and contents that the provider was last asked with.
    pub fn asked(&self) -> Vec<String> {
        let fields = self.provider.last_chat().expect("the provider was asked").fields;
        let line = |m: &Value| format!("{}: {}", m["role"].as_str().unwrap(), m["content"].as_str().unwrap());
        fields["messages"].as_array().unwrap().iter().map(line).collect()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(body.into()).unwrap() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(request("GET", path, Body::empty())).await
    }

    pub async fn chat(&self, body: &Value) -> Answer {
        self.send(request("POST", "/v1/chat/completions", Body::from(body.to_string()))).await
    }
}

pub fn user(status: ModelStatus, model: Option<&str>) -> User {
    let mut user = User::new("ana".parse().unwrap(), Timestamp::from_second(1_767_225_600).unwrap());
    user.model_status = status;
    user.active_model_id = model.map(str::to_owned);
    user.latest_model_version = 3;
    user.active_model_version = if model.is_some() { 3 } else { 0 };
    user
}

/// An authenticated request from this machine.
pub fn request(method: &str, path: &str, body: Body) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    request.header("host", "127.0.0.1:8080").header("authorization", format!("Bearer {KEY}")).body(body).unwrap()
}

/// A body that says `hi`, with more fields.
pub fn hi(more: Value) -> Value {
    let mut body = json!({"messages": [{"role": "user", "content": "hi"}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// Status, `error.type`, `error.param` and `error.code`, having checked that the error has OpenAI's shape.
    pub fn error(&self) -> (u16, String, Value, String) {
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert!(self.header("x-request-id").is_some_and(|id| id.starts_with("req_")));
        let json = self.json();
        let keys: Vec<_> = json["error"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "message", "param", "type"]);
        let text = |key: &str| json["error"][key].as_str().unwrap().to_owned();
        assert!(!text("message").is_empty());
        (self.status.as_u16(), text("type"), json["error"]["param"].clone(), text("code"))
    }

    pub fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap().to_owned()
    }

    /// What stands behind each `data: `, having checked the framing.
    pub fn events(&self) -> Vec<String> {
        assert_eq!(self.header("content-type"), Some("text/event-stream; charset=utf-8"));
        let events = self.text.strip_suffix("\n\n").expect("the last event is ended");
        events.split("\n\n").map(|event| event.strip_prefix("data: ").expect("a data field").to_owned()).collect()
    }
}
