//! The HTTP of it: who may come in, which endpoint is meant, and how an odd call is answered.

use std::io;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use futures_util::{StreamExt, stream};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{Endpoint, FAKE_KEY, Oddity, Shared, chat, files, jobs, models, registry};

/// Larger bodies than any test sends.
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;

/// A request that was read whole and let in.
pub(super) struct Asked {
    pub(super) id: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) content_type: String,
    pub(super) body: Bytes,
}

/// A refusal: status and error object.
pub(super) struct Refused(pub(super) u16, pub(super) Value);

pub(super) type Answered = Result<Value, Refused>;

impl Refused {
    pub(super) fn invalid(param: Option<&str>, message: impl Into<String>) -> Self {
        Self::new(400, param, None, message)
    }

    pub(super) fn new(status: u16, param: Option<&str>, code: Option<&str>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(status, json!({"message": message, "type": "invalid_request_error", "param": param, "code": code}))
    }
}

/// The connection is to be cut instead of answered.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for Cut {}

pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    // Dropped with this task, so that no connection outlives the server.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = shared.clone();
        connections.spawn(async move {
            let answer = service_fn(move |request| answer(shared.clone(), request));
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
    let request_id = shared.state().id("req");
    let (head, body) = request.into_parts();
    let body = http_body_util::Limited::new(body, MAX_BODY_BYTES).collect().await.map_err(|_| Cut)?.to_bytes();
    let header =
        |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let Some((endpoint, id)) = endpoint(&head.method, head.uri.path()) else {
        let refused = Refused::new(404, None, Some("unknown_url"), "Invalid URL");
        return Ok(refusal(refused.0, &refused.1, &[], &request_id));
    };
    if header("authorization") != format!("Bearer {FAKE_KEY}") && header("api-key") != FAKE_KEY {
        let refused = Refused::new(401, None, Some("invalid_api_key"), "Incorrect API key provided.");
        return Ok(refusal(refused.0, &refused.1, &[], &request_id));
    }
    let query = head.uri.query().unwrap_or_default();
    let asked = Asked {
        id,
        query: serde_urlencoded::from_str(query).unwrap_or_default(),
        content_type: header("content-type"),
        body,
    };
    let json_body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
    let oddity = {
        let mut state = shared.state();
        shared.clock.advance(state.per_call);
        state.requests.push((endpoint, json_body.clone()));
        state.oddity(endpoint)
    };
    match &oddity {
        Some(Oddity::Refuse { status, error, headers }) => return Ok(refusal(*status, error, headers, &request_id)),
        Some(Oddity::CutBefore) => return Err(Cut),
        _ => {}
    }
    if endpoint == Endpoint::Chat && json_body["stream"] == true {
        let chunks = chat::stream(&shared, &json_body);
        match &oddity {
            Some(Oddity::CutAfter) => return Err(Cut),
            Some(Oddity::Answer(bytes)) => return Ok(whole(200, bytes.clone().into(), &request_id)),
            Some(Oddity::Slow(time)) => tokio::time::sleep(*time).await,
            _ => {}
        }
        return Ok(match chunks {
            Ok(chunks) => streamed(chunks, oddity.as_ref(), &request_id),
            Err(Refused(status, error)) => refusal(status, &error, &[], &request_id),
        });
    }
    let done = match endpoint {
        Endpoint::FileContent => files::content(&shared, &asked),
        _ => perform(&shared, endpoint, &asked, &json_body).map(|body| body.to_string().into()),
    };
    match oddity {
        Some(Oddity::CutAfter) => return Err(Cut),
        Some(Oddity::Answer(bytes)) => return Ok(whole(200, bytes.into(), &request_id)),
        Some(Oddity::Truncated) => {
            let whole: Bytes = done.unwrap_or_default();
            let half = whole.slice(..whole.len() / 2);
            let broken = stream::iter([Ok(half), Err(io::Error::from(io::ErrorKind::BrokenPipe))]);
            let mut response = Response::new(Body::from_stream(broken.then(flushed)));
            response.headers_mut().insert("content-length", HeaderValue::from(whole.len()));
            return Ok(response);
        }
        Some(Oddity::Slow(time)) => tokio::time::sleep(time).await,
        _ => {}
    }
    Ok(match done {
        Ok(body) => whole(200, body, &request_id),
        Err(Refused(status, error)) => refusal(status, &error, &[], &request_id),
    })
}

fn perform(shared: &Shared, endpoint: Endpoint, asked: &Asked, body: &Value) -> Answered {
    match endpoint {
        Endpoint::UploadFile => files::upload(shared, asked),
        Endpoint::ListFiles => files::list(shared, asked),
        Endpoint::GetFile => files::get(shared, asked),
        Endpoint::DeleteFile => files::delete(shared, asked),
        Endpoint::CreateJob => jobs::create(shared, body),
        Endpoint::ListJobs => jobs::list(shared, asked),
        Endpoint::GetJob => jobs::get(shared, asked),
        Endpoint::CancelJob => jobs::cancel(shared, asked),
        Endpoint::ListCheckpoints => jobs::checkpoints(shared, asked),
        Endpoint::ListModels => models::list(shared),
        Endpoint::GetModel => models::get(shared, asked),
        Endpoint::DeleteModel => models::delete(shared, asked),
        Endpoint::RegisterModel => registry::register(shared, body),
        Endpoint::ListRegistered => registry::list(shared),
        Endpoint::FileContent => unreachable!("it is answered in bytes"),
        Endpoint::Chat => chat::complete(shared, body),
    }
}

fn endpoint(method: &Method, path: &str) -> Option<(Endpoint, String)> {
    if path == "/v0/models" {
        return match method.as_str() {
            "POST" => Some((Endpoint::RegisterModel, String::new())),
            "GET" => Some((Endpoint::ListRegistered, String::new())),
            _ => None,
        };
    }
    let parts: Vec<String> = path.strip_prefix("/v1/")?.split('/').map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (endpoint, id) = match (method.as_str(), parts.as_slice()) {
        ("POST", ["files"]) => (Endpoint::UploadFile, ""),
        ("GET", ["files"]) => (Endpoint::ListFiles, ""),
        ("GET", ["files", id]) => (Endpoint::GetFile, *id),
        ("GET", ["files", id, "content"]) => (Endpoint::FileContent, *id),
        ("DELETE", ["files", id]) => (Endpoint::DeleteFile, *id),
        ("POST", ["fine_tuning", "jobs"]) => (Endpoint::CreateJob, ""),
        ("GET", ["fine_tuning", "jobs"]) => (Endpoint::ListJobs, ""),
        ("GET", ["fine_tuning", "jobs", id]) => (Endpoint::GetJob, *id),
        ("POST", ["fine_tuning", "jobs", id, "cancel"]) => (Endpoint::CancelJob, *id),
        ("GET", ["fine_tuning", "jobs", id, "checkpoints"]) => (Endpoint::ListCheckpoints, *id),
        ("GET", ["models"]) => (Endpoint::ListModels, ""),
        ("GET", ["models", id]) => (Endpoint::GetModel, *id),
        ("DELETE", ["models", id]) => (Endpoint::DeleteModel, *id),
        ("POST", ["chat", "completions"]) => (Endpoint::Chat, ""),
        _ => return None,
    };
    Some((endpoint, id.to_owned()))
}

/// A raw `:` in a path is not taken, although the real server may: clients must encode ids.
fn decoded(part: &str) -> String {
    if part.contains(':') {
        return "(not percent-encoded)".to_owned();
    }
    let pair = serde_urlencoded::from_str::<Vec<(String, String)>>(&format!("x={part}")).unwrap_or_default();
    pair.into_iter().next().map(|(_, value)| value).unwrap_or_default()
}

fn whole(status: u16, body: Bytes, request_id: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).expect("tests use real statuses");
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    headers.insert("x-request-id", HeaderValue::from_str(request_id).expect("an id of ours"));
    response
}

fn refusal(status: u16, error: &Value, headers: &[(&'static str, String)], request_id: &str) -> Response<Body> {
    let mut response = whole(status, json!({"error": error}).to_string().into(), request_id);
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).expect("tests use real headers");
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}

fn streamed(chunks: Vec<Value>, oddity: Option<&Oddity>, request_id: &str) -> Response<Body> {
    let event = |chunk: &Value| Ok(Bytes::from(format!("data: {chunk}\n\n")));
    let whole_events = chunks.iter().map(event).chain([Ok(Bytes::from_static(b"data: [DONE]\n\n"))]);
    let cut = || Err(io::Error::from(io::ErrorKind::BrokenPipe));
    let events: Vec<io::Result<Bytes>> = match oddity {
        Some(Oddity::CutAfterChunks(count)) => chunks.iter().take(*count).map(event).chain([cut()]).collect(),
        Some(Oddity::Truncated) => chunks.iter().take(chunks.len() / 2).map(event).chain([cut()]).collect(),
        Some(Oddity::ErrorAfterChunks(count)) => {
            let error = json!({"error": {"message": "The server had an error", "type": "server_error", "code": null}});
            chunks.iter().take(*count).map(event).chain([event(&error)]).collect()
        }
        _ => whole_events.collect(),
    };
    let mut response = Response::new(Body::from_stream(stream::iter(events).then(flushed)));
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("text/event-stream"));
    headers.insert("x-request-id", HeaderValue::from_str(request_id).expect("an id of ours"));
    response
}

/// A cut takes what was not yet sent with it, so what came before gets the time to be.
async fn flushed(event: io::Result<Bytes>) -> io::Result<Bytes> {
    if event.is_err() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    event
}
