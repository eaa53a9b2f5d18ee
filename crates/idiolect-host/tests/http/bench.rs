//! What these tests share: a server over a tiny model, requests, and waiting for a job.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use idiolect_host::{Host, Settings, router};
use idiolect_lora::{LocalProvider, LocalSettings, Precision};
use idiolect_testkit::write_tiny_model;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tower::ServiceExt;

pub const KEY: &str = "sk-test";
pub const BASE: &str = "tiny";

pub struct Bench {
    dir: TempDir,
    provider: Option<Arc<LocalProvider>>,
    pub settings: Settings,
    pub uploading: Arc<AtomicU64>,
}

impl Bench {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        write_tiny_model(&dir.path().join("tiny.gguf"), 1).unwrap();
        let mut bench = Self { dir, provider: None, settings: Settings::default(), uploading: Arc::default() };
        bench.open();
        bench
    }

    fn open(&mut self) {
        let settings = LocalSettings {
            data_dir: self.data(),
            base_model: BASE.to_owned(),
            base_model_path: self.dir.path().join("tiny.gguf"),
            precision: Precision::F32,
            threads: 1,
        };
        self.provider = Some(Arc::new(LocalProvider::open(settings).unwrap()));
    }

    /// As another process would find the data directory.
    pub fn reopen(&mut self) {
        self.provider = None;
        self.open();
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn provider(&self) -> Arc<LocalProvider> {
        self.provider.clone().unwrap()
    }

    /// Names in a directory under the data directory.
    pub fn names(&self, under: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.data().join(under)).unwrap().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let host = Host {
            provider: self.provider(),
            key_sha256: Sha256::digest(KEY).into(),
            settings: self.settings.clone(),
            uploading: self.uploading.clone(),
        };
        let response = router(host).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(body.into()).unwrap() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(request("GET", path, Body::empty())).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(request("DELETE", path, Body::empty())).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(request("POST", path, Body::from(body.to_string()))).await
    }

    pub async fn upload(&self, fields: &[(&str, &str)], name: &str, content: &[u8]) -> Answer {
        self.send(upload_request(fields, name, content)).await
    }

    /// The id of a file that was taken.
    pub async fn uploaded(&self, content: &[u8]) -> String {
        self.upload(&[("purpose", "fine-tune")], "chats.jsonl", content).await.ok()["id"].as_str().unwrap().to_owned()
    }

    /// A job over forty examples, in steps of four.
    pub async fn create_job(&self, epochs: u32, more: Value) -> Value {
        let file = self.uploaded(&training_file()).await;
        let mut body = json!({
            "model": BASE, "training_file": file,
            "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": epochs, "batch_size": 4}}},
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post("/v1/fine_tuning/jobs", &body).await.ok()
    }

    /// A job of a thousand steps, which is still under way when it is looked at.
    pub async fn create_long_job(&self) -> Value {
        let hyperparameters = json!({"n_epochs": 25, "batch_size": 1});
        let method = json!({"type": "supervised", "supervised": {"hyperparameters": hyperparameters}});
        self.create_job(50, json!({"seed": 3, "method": method})).await
    }

    pub async fn job(&self, id: &str) -> Value {
        self.get(&format!("/v1/fine_tuning/jobs/{id}")).await.ok()
    }

    /// Polls until the job has this status.
    pub async fn wait(&self, job: &Value, status: &str) -> Value {
        let id = job["id"].as_str().unwrap();
        loop {
            let job = self.job(id).await;
            if job["status"] == status {
                return job;
            }
            let ended = ["succeeded", "failed", "cancelled"].iter().any(|end| job["status"] == *end);
            assert!(!ended, "waiting for {status}: {job}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// An authenticated request from this machine.
pub fn request(method: &str, path: &str, body: Body) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    request.header("host", "127.0.0.1:8485").header("authorization", format!("Bearer {KEY}")).body(body).unwrap()
}

pub fn upload_request(fields: &[(&str, &str)], name: &str, content: &[u8]) -> Request<Body> {
    let mut body = Vec::new();
    for (field, value) in fields {
        let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend(head.into_bytes());
    body.extend(content);
    body.extend(b"\r\n--edge--\r\n");
    let mut request = request("POST", "/v1/files", Body::from(body));
    request.headers_mut().insert("content-type", "multipart/form-data; boundary=edge".parse().unwrap());
    request
}

pub fn example(n: usize) -> Value {
    json!({"messages": [
        {"role": "system", "content": "Write like them."},
        {"role": "user", "content": format!("Say that you will be there at {n}.")},
        {"role": "assistant", "content": format!("b there @ {n} k")},
    ]})
}

/// Forty examples of somebody who shortens words.
pub fn training_file() -> Vec<u8> {
    (0..40).map(|n| format!("{}\n", example(n))).collect::<String>().into_bytes()
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The JSON of an answer that is no error.
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        assert!(self.header("x-request-id").starts_with("req_"));
        self.json()
    }

    /// Status, `error.param` and `error.code`, having checked that the error has OpenAI's shape.
    pub fn error(&self) -> (u16, Value, String) {
        assert_eq!(self.header("content-type"), "application/json");
        assert!(self.header("x-request-id").starts_with("req_"));
        let json = self.json();
        let error = json["error"].as_object().unwrap();
        assert_eq!(error.keys().collect::<Vec<_>>(), ["code", "message", "param", "type"]);
        assert!(!error["message"].as_str().unwrap().is_empty());
        (self.status.as_u16(), error["param"].clone(), error["code"].as_str().unwrap().to_owned())
    }
}
