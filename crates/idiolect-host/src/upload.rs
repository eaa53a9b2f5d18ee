//! `POST /v1/files`: a multipart form whose file goes to disk as it comes, in whatever order its fields stand.

use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use axum::response::Response;
use idiolect_http::RequestError;
use idiolect_provider::IncomingFile;
use jiff::SignedDuration;

use crate::error::ApiError;
use crate::files::respond;
use crate::room::Room;
use crate::state::{Host, Settings};
use crate::wire;

const PURPOSE: &str = "fine-tune";
/// Longer values are none that any field may have.
const LONGEST_VALUE: usize = 256;
const LONGEST_NAME: usize = 255;
const MOST_FIELDS: usize = 16;
/// One hour to thirty days.
const EXPIRY_SECONDS: std::ops::RangeInclusive<i64> = 3_600..=2_592_000;

/// What the form said.
#[derive(Default)]
struct Form {
    file: Option<(Box<dyn IncomingFile>, String, Room)>,
    purpose: Option<String>,
    anchor: Option<String>,
    seconds: Option<String>,
}

pub(crate) async fn create(
    State(host): State<Host>,
    multipart: Result<Multipart, MultipartRejection>,
) -> Result<Response, ApiError> {
    let multipart = multipart.map_err(|_| {
        RequestError::invalid("file", "send the file as multipart/form-data, with the fields file and purpose")
    })?;
    let form = read(&host, multipart).await?;
    match form.purpose.as_deref() {
        None => return Err(RequestError::missing("purpose").into()),
        Some(PURPOSE) => {}
        Some(_) => {
            return Err(RequestError::invalid("purpose", "purpose must be fine-tune; nothing else is kept here").into());
        }
    }
    let expires_after = expiry(form.anchor.as_deref(), form.seconds.as_deref())?;
    let (incoming, name, mut room) = form.file.ok_or_else(|| RequestError::missing("file"))?;
    room.look_again().await?;
    let file = incoming.commit(name, expires_after).await?;
    Ok(respond(&wire::file(&file)))
}

async fn read(host: &Host, mut multipart: Multipart) -> Result<Form, ApiError> {
    let cut = |error| unreadable(&error, &host.settings);
    let mut form = Form::default();
    for _ in 0..MOST_FIELDS {
        let Some(field) = multipart.next_field().await.map_err(cut)? else { return Ok(form) };
        match field.name() {
            Some("file") if form.file.is_some() => {
                return Err(RequestError::invalid("file", "send one file at a time").into());
            }
            Some("file") => form.file = Some(file(host, field).await?),
            Some("purpose") => form.purpose = Some(value("purpose", field, &host.settings).await?),
            Some(name @ ("expires_after[anchor]" | "expires_after[seconds]")) => {
                let is_anchor = name.ends_with("[anchor]");
                let value = value("expires_after", field, &host.settings).await?;
                *(if is_anchor { &mut form.anchor } else { &mut form.seconds }) = Some(value);
            }
            _ => {
                return Err(RequestError::invalid(
                    "body",
                    "the form may have the fields file, purpose and expires_after",
                )
                .into());
            }
        }
    }
    Err(RequestError::invalid("body", format!("the form has more than {MOST_FIELDS} fields")).into())
}

async fn file(host: &Host, mut field: Field<'_>) -> Result<(Box<dyn IncomingFile>, String, Room), ApiError> {
    let settings = &host.settings;
    let name = field.file_name().unwrap_or_default().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(RequestError::invalid(
            "file",
            format!("the file must have a name of at most {LONGEST_NAME} characters"),
        )
        .into());
    }
    if !name.ends_with(".jsonl") {
        return Err(RequestError::InvalidParam {
            param: "file".to_owned(),
            message: "a training file's name must end in .jsonl".to_owned(),
            code: "invalid_file_format",
        }
        .into());
    }
    let mut room = Room::for_upload(host).await?;
    let mut incoming = host.provider.begin_upload().await?;
    let mut size = 0_u64;
    while let Some(bytes) = field.chunk().await.map_err(|error| unreadable(&error, settings))? {
        size += bytes.len() as u64;
        if size > settings.max_file_bytes {
            return Err(RequestError::BodyTooLarge { limit_bytes: settings.max_file_bytes }.into());
        }
        room.take(bytes.len() as u64)?;
        incoming.write(&bytes).await?;
    }
    if size == 0 {
        return Err(RequestError::invalid("file", "the file is empty").into());
    }
    Ok((incoming, name, room))
}

async fn value(param: &str, mut field: Field<'_>, settings: &Settings) -> Result<String, ApiError> {
    let mut value = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(|error| unreadable(&error, settings))? {
        value.extend_from_slice(&bytes);
        if value.len() > LONGEST_VALUE {
            return Err(RequestError::invalid(param, format!("{param} is longer than {LONGEST_VALUE} bytes")).into());
        }
    }
    String::from_utf8(value).map_err(|_| RequestError::invalid(param, format!("{param} is not UTF-8")).into())
}

fn unreadable(error: &MultipartError, settings: &Settings) -> RequestError {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => RequestError::BodyTooLarge { limit_bytes: settings.max_file_bytes },
        StatusCode::BAD_REQUEST => {
            RequestError::invalid("body", "the form is not whole or not multipart/form-data; send it again")
        }
        _ => RequestError::BodyUnreadable,
    }
}

fn expiry(anchor: Option<&str>, seconds: Option<&str>) -> Result<Option<SignedDuration>, RequestError> {
    let (anchor, seconds) = match (anchor, seconds) {
        (None, None) => return Ok(None),
        (anchor, seconds) => (anchor.unwrap_or_default(), seconds.unwrap_or_default()),
    };
    if anchor != "created_at" {
        return Err(RequestError::invalid("expires_after.anchor", "expires_after.anchor must be created_at"));
    }
    let seconds = seconds.parse().ok().filter(|seconds| EXPIRY_SECONDS.contains(seconds));
    let seconds = seconds.ok_or_else(|| {
        let (least, most) = (EXPIRY_SECONDS.start(), EXPIRY_SECONDS.end());
        RequestError::invalid("expires_after.seconds", format!("expires_after.seconds must be from {least} to {most}"))
    })?;
    Ok(Some(SignedDuration::from_secs(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_is_between_an_hour_and_thirty_days() {
        assert_eq!(expiry(None, None).unwrap(), None);
        for (seconds, hours) in [("3600", 1), ("2592000", 720)] {
            assert_eq!(expiry(Some("created_at"), Some(seconds)).unwrap(), Some(SignedDuration::from_hours(hours)));
        }
        for (anchor, seconds) in [
            (None, Some("3600")),
            (Some("last_active_at"), Some("3600")),
            (Some("created_at"), None),
            (Some("created_at"), Some("3599")),
            (Some("created_at"), Some("2592001")),
            (Some("created_at"), Some("99999999999999999999")),
            (Some("created_at"), Some("1e9")),
        ] {
            assert!(expiry(anchor, seconds).is_err(), "{anchor:?} {seconds:?}");
        }
    }
}
