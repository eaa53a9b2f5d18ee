//! `/v1/files` but for uploading: listing, reading and deleting.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use idiolect_http::RequestError;
use idiolect_provider::{FileId, HostedFile, ProviderError};
use serde_json::Value;

use crate::error::ApiError;
use crate::page::Query;
use crate::state::Host;
use crate::wire;

pub(crate) type Id = Result<Path<String>, PathRejection>;

pub(crate) async fn list(State(host): State<Host>, RawQuery(raw): RawQuery) -> Result<Response, ApiError> {
    let query = Query::parse(raw.as_deref());
    let mut files = host.provider.files().await?;
    if query.get("purpose").is_some_and(|purpose| purpose != "fine-tune") {
        files.clear();
    }
    match query.get("order") {
        None | Some("desc") => {}
        Some("asc") => files.reverse(),
        Some(_) => return Err(RequestError::invalid("order", "order must be asc or desc").into()),
    }
    let files: Vec<Value> = files.iter().map(wire::file).collect();
    Ok(respond(&query.page(&files, 10_000, 10_000)?))
}

pub(crate) async fn retrieve(State(host): State<Host>, id: Id) -> Result<Response, ApiError> {
    Ok(respond(&wire::file(&find(&host, id).await?)))
}

pub(crate) async fn content(State(host): State<Host>, id: Id) -> Result<Response, ApiError> {
    let file = find(&host, id).await?;
    let content = host.provider.file_content(&file.id).await?;
    Ok(([(CONTENT_TYPE, "application/octet-stream")], Body::from_stream(content)).into_response())
}

pub(crate) async fn delete(State(host): State<Host>, id: Id) -> Result<Response, ApiError> {
    let file = find(&host, id).await?;
    host.provider.delete_file(&file.id).await?;
    Ok(respond(&wire::deleted("file", file.id.as_str())))
}

async fn find(host: &Host, id: Id) -> Result<HostedFile, ApiError> {
    let id = FileId::new(plain(id));
    let found = host.provider.files().await?.into_iter().find(|file| file.id == id);
    found.ok_or_else(|| ProviderError::not_found("file", id).into())
}

/// Only an id that is no UTF-8 is rejected, and nothing has one.
pub(crate) fn plain(id: Id) -> String {
    id.map(|Path(id)| id).unwrap_or_default()
}

pub(crate) fn respond(body: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
