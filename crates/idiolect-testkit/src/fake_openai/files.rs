//! `/v1/files`.

use axum::body::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::serve::{Answered, Asked, Refused};
use super::{Shared, State};

/// From the upload to `processed`.
const PROCESSING: SignedDuration = SignedDuration::from_secs(8);
const MAX_LIMIT: usize = 10_000;

pub(super) struct File {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) created_at: Timestamp,
    pub(super) expires_after: Option<u64>,
    pub(super) purpose: &'static str,
}

pub(super) const TRAINING: &str = "fine-tune";
/// What a job leaves: made here, and never uploaded.
pub(super) const RESULTS: &str = "fine-tune-results";

/// A name that makes the file one that is never processed, or that breaks while it is.
const NEVER_PROCESSED: &str = "never-processed";
const BROKEN: &str = "broken";

impl File {
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match now.duration_since(self.created_at) < PROCESSING {
            true => "uploaded",
            false if self.name.contains(NEVER_PROCESSED) => "uploaded",
            false if self.name.contains(BROKEN) => "error",
            false => "processed",
        }
    }

    fn object(&self, now: Timestamp) -> Value {
        let created_at = self.created_at.as_second();
        json!({
            "id": self.id, "object": "file", "bytes": self.bytes.len(), "created_at": created_at, "filename": self.name,
            "purpose": self.purpose, "status": self.status(now), "status_details": null,
            "expires_at": self.expires_after.map(|seconds| created_at + seconds as i64),
        })
    }
}

pub(super) fn upload(shared: &Shared, asked: &Asked) -> Answered {
    let form = form(asked)?;
    let mut file = None;
    let (mut purpose, mut anchor, mut seconds) = (None, None, None);
    for part in form {
        match part.name.as_str() {
            "file" => file = Some(part),
            "purpose" => purpose = Some(part.text()?),
            "expires_after[anchor]" => anchor = Some(part.text()?),
            "expires_after[seconds]" => seconds = Some(part.text()?),
            other => return Err(Refused::invalid(Some(other), "extra fields not permitted")),
        }
    }
    let Some(file) = file else { return Err(Refused::invalid(Some("file"), "'file' is a required property")) };
    let Some(name) = file.file_name.filter(|name| name.ends_with(".jsonl")) else {
        return Err(Refused::invalid(Some("file"), "Invalid file format for Fine-Tuning API. Must be .jsonl"));
    };
    if purpose.as_deref() != Some("fine-tune") {
        return Err(Refused::invalid(Some("purpose"), "'purpose' must be 'fine-tune' here"));
    }
    let expires_after = match (anchor.as_deref(), seconds) {
        (None, None) => None,
        (Some("created_at"), Some(seconds)) => {
            let seconds = seconds.parse().ok().filter(|seconds| (3600..=2_592_000).contains(seconds));
            Some(seconds.ok_or_else(|| Refused::invalid(Some("expires_after[seconds]"), "must be 3600 to 2592000"))?)
        }
        _ => return Err(Refused::invalid(Some("expires_after"), "anchor must be created_at, with seconds")),
    };
    let now = shared.now();
    let mut state = shared.state();
    let id = state.id("file");
    let file = File { id, name, bytes: file.bytes, created_at: now, expires_after, purpose: TRAINING };
    let object = file.object(now);
    state.files.push(file);
    Ok(object)
}

pub(super) fn list(shared: &Shared, asked: &Asked) -> Answered {
    known_parameters(asked, &["purpose", "limit", "order", "after"])?;
    let now = shared.now();
    let mut state = shared.state();
    state.expire(now);
    state.bring_in_results(now);
    let purpose = asked.query.iter().find(|(key, _)| key == "purpose").map(|(_, purpose)| purpose.as_str());
    let wanted = |file: &&File| purpose.is_none_or(|purpose| purpose == file.purpose);
    let objects = state.files.iter().rev().filter(wanted).map(|file| file.object(now)).collect();
    page(objects, asked, MAX_LIMIT, MAX_LIMIT)
}

/// The bytes as they are, whatever the file is.
pub(super) fn content(shared: &Shared, asked: &Asked) -> Result<Bytes, Refused> {
    known_parameters(asked, &[])?;
    let now = shared.now();
    let mut state = shared.state();
    state.expire(now);
    state.bring_in_results(now);
    Ok(state.file(&asked.id)?.bytes.clone().into())
}

pub(super) fn get(shared: &Shared, asked: &Asked) -> Answered {
    let now = shared.now();
    let mut state = shared.state();
    state.expire(now);
    state.bring_in_results(now);
    Ok(state.file(&asked.id)?.object(now))
}

pub(super) fn delete(shared: &Shared, asked: &Asked) -> Answered {
    let now = shared.now();
    let mut state = shared.state();
    state.expire(now);
    state.file(&asked.id)?;
    if state.jobs.iter().any(|job| job.trains_on(&asked.id) && !job.is_over(now)) {
        return Err(Refused::invalid(None, "File is in use by an unfinished fine-tuning job"));
    }
    state.files.retain(|file| file.id != asked.id);
    Ok(json!({"id": asked.id, "object": "file", "deleted": true}))
}

impl State {
    pub(super) fn file(&self, id: &str) -> Result<&File, Refused> {
        let missing = || Refused::new(404, Some("id"), None, format!("No such File object: {id}"));
        self.files.iter().find(|file| file.id == id).ok_or_else(missing)
    }

    pub(super) fn expire(&mut self, now: Timestamp) {
        let gone = |file: &File| {
            let age = now.duration_since(file.created_at).as_secs();
            file.expires_after.is_some_and(|seconds| age >= seconds as i64)
        };
        self.files.retain(|file| !gone(file));
    }
}

/// The part of a list that was asked for, as the real server pages.
pub(super) fn page(objects: Vec<Value>, asked: &Asked, usual_limit: usize, max_limit: usize) -> Answered {
    let parameter = |name: &str| asked.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let limit = match parameter("limit") {
        None => usual_limit,
        Some(text) => {
            let limit = text.parse().ok().filter(|limit| (1..=max_limit).contains(limit));
            limit.ok_or_else(|| Refused::invalid(Some("limit"), format!("limit must be 1 to {max_limit}")))?
        }
    };
    let start = match parameter("after") {
        None => 0,
        Some(id) => {
            1 + objects
                .iter()
                .position(|object| object["id"] == id)
                .ok_or_else(|| Refused::invalid(Some("after"), "no such object"))?
        }
    };
    let has_more = objects.len() > start + limit;
    let data: Vec<Value> = objects.into_iter().skip(start).take(limit).collect();
    Ok(json!({"object": "list", "data": data, "has_more": has_more}))
}

pub(super) fn known_parameters(asked: &Asked, known: &[&str]) -> Result<(), Refused> {
    match asked.query.iter().find(|(key, _)| !known.contains(&key.as_str()) && !key.starts_with("metadata[")) {
        Some((key, _)) => Err(Refused::invalid(Some(key), "unknown query parameter")),
        None => Ok(()),
    }
}

struct Part {
    name: String,
    file_name: Option<String>,
    bytes: Vec<u8>,
}

impl Part {
    fn text(self) -> Result<String, Refused> {
        String::from_utf8(self.bytes).map_err(|_| Refused::invalid(Some(&self.name), "must be text"))
    }
}

/// `multipart/form-data`, strictly.
fn form(asked: &Asked) -> Result<Vec<Part>, Refused> {
    let malformed = || Refused::invalid(None, "the body is no multipart/form-data");
    let boundary = asked.content_type.strip_prefix("multipart/form-data; boundary=").ok_or_else(malformed)?;
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    // The first delimiter has no line break before it.
    let body = [b"\r\n", asked.body.as_ref()].concat();
    let mut starts =
        body.windows(delimiter.len()).enumerate().filter(|(_, window)| *window == delimiter).map(|(at, _)| at);
    let mut from = starts.next().ok_or_else(malformed)? + delimiter.len();
    let mut parts = Vec::new();
    for end in starts {
        let part = body[from..end].strip_prefix(b"\r\n").ok_or_else(malformed)?;
        let head_end = part.windows(4).position(|window| window == b"\r\n\r\n").ok_or_else(malformed)?;
        let head = std::str::from_utf8(&part[..head_end]).map_err(|_| malformed())?;
        let field = |name: &str| {
            let at = head.find(&format!(" {name}=\""))? + name.len() + 3;
            Some(head[at..].split('"').next()?.replace("%22", "\""))
        };
        let name = field("name").ok_or_else(malformed)?;
        parts.push(Part { name, file_name: field("filename"), bytes: part[head_end + 4..].to_vec() });
        from = end + delimiter.len();
    }
    if body[from..].starts_with(b"--") { Ok(parts) } else { Err(malformed()) }
}
