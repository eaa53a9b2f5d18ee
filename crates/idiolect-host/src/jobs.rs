//! `/v1/fine_tuning/jobs`.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use idiolect_http::RequestError;
use idiolect_provider::{HostedJob, JobId, ProviderError};
use serde_json::Value;

use crate::error::ApiError;
use crate::files::{Id, plain, respond};
use crate::job_body;
use crate::page::Query;
use crate::state::Host;
use crate::wire;

pub(crate) async fn create(
    State(host): State<Host>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = body.map_err(|rejection| RequestError::body(&rejection, host.settings.max_body_bytes))?;
    let job = host.provider.submit_job(job_body::parse(&body)?).await.map_err(|error| match error {
        // The file is a parameter here and not what the URL names.
        ProviderError::NotFound { what: "file", .. } => RequestError::InvalidParam {
            param: "training_file".to_owned(),
            message: format!("{error}; upload the training file first"),
            code: "file_not_found",
        }
        .into(),
        error => ApiError::from(error),
    })?;
    Ok(respond(&wire::job(&job)))
}

pub(crate) async fn list(State(host): State<Host>, RawQuery(raw): RawQuery) -> Result<Response, ApiError> {
    let query = Query::parse(raw.as_deref());
    let pairs = query.pairs("metadata");
    let wants_none = query.get("metadata") == Some("null");
    let is_asked_for = |job: &&HostedJob| {
        let metadata = &job.job.metadata;
        pairs.iter().all(|(key, value)| metadata.get(*key).is_some_and(|found| found == value))
            && (!wants_none || metadata.is_empty())
    };
    let jobs = host.provider.hosted_jobs().await?;
    let jobs: Vec<Value> = jobs.iter().filter(is_asked_for).map(wire::job).collect();
    Ok(respond(&query.page(&jobs, 20, 100)?))
}

pub(crate) async fn retrieve(State(host): State<Host>, id: Id) -> Result<Response, ApiError> {
    let job = host.provider.hosted_job(&JobId::new(plain(id))).await?;
    Ok(respond(&wire::job(&job)))
}

pub(crate) async fn cancel(State(host): State<Host>, id: Id) -> Result<Response, ApiError> {
    let id = JobId::new(plain(id));
    host.provider.cancel_job(&id).await?;
    Ok(respond(&wire::job(&host.provider.hosted_job(&id).await?)))
}

pub(crate) async fn pause(State(host): State<Host>, id: Id) -> Result<Response, ApiError> {
    Ok(respond(&wire::job(&host.provider.pause_job(&JobId::new(plain(id))).await?)))
}

pub(crate) async fn resume(State(host): State<Host>, id: Id) -> Result<Response, ApiError> {
    Ok(respond(&wire::job(&host.provider.resume_job(&JobId::new(plain(id))).await?)))
}

pub(crate) async fn events(State(host): State<Host>, RawQuery(raw): RawQuery, id: Id) -> Result<Response, ApiError> {
    let events = host.provider.events(&JobId::new(plain(id))).await?;
    let events: Vec<Value> = events.iter().map(wire::event).collect();
    Ok(respond(&Query::parse(raw.as_deref()).page(&events, 20, 1000)?))
}

pub(crate) async fn checkpoints(
    State(host): State<Host>,
    RawQuery(raw): RawQuery,
    id: Id,
) -> Result<Response, ApiError> {
    let id = JobId::new(plain(id));
    let checkpoints = host.provider.checkpoints(&id).await?;
    let checkpoints: Vec<Value> = checkpoints.iter().map(|checkpoint| wire::checkpoint(&id, checkpoint)).collect();
    Ok(respond(&Query::parse(raw.as_deref()).page(&checkpoints, 10, 100)?))
}
