//! Calls over HTTP: keys, timeouts, sending again, and answers of bounded size.

use std::error::Error;
use std::io;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::call::{Body, Call, Kind};
use super::refusal::{Refusal, request_id};
use super::retry::{self, Failed};
use super::{Credentials, Surroundings};
use crate::{Answer, Auth, Profile, ProviderError};

/// Lists of a thousand files are some hundred kilobytes.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

pub(super) struct Http {
    client: Client,
    base_url: String,
    profile: Profile,
    around: Surroundings,
}

impl Http {
    pub(super) fn new(
        profile: &Profile,
        credentials: &Credentials,
        around: &Surroundings,
    ) -> Result<Self, ProviderError> {
        let name = &profile.name;
        let base_url = profile.base_url.as_deref().ok_or_else(|| {
            not_set_up(format!(
                "the provider profile {name} has no base_url; set it in idiolect.toml under [profiles.{name}]"
            ))
        })?;
        let mut client = Client::builder();
        if base_url.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://")) {
            // Only this machine is asked unencrypted: through a proxy, keys and words would travel so.
            client = client.no_proxy();
        }
        let client = client
            .default_headers(headers(profile, credentials)?)
            .connect_timeout(around.connect_timeout)
            .read_timeout(around.timeout)
            // A redirection would carry the key to another host.
            .redirect(reqwest::redirect::Policy::none())
            .tls_backend_preconfigured(tls()?)
            .user_agent(concat!("idiolect/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| ProviderError::Internal { message: format!("no HTTP client can be made: {error}") })?;
        Ok(Self {
            client,
            base_url: base_url.trim_end_matches('/').to_owned(),
            profile: profile.clone(),
            around: around.clone(),
        })
    }

    /// The answer's JSON.
    pub(super) async fn json(&self, call: Call) -> Result<Value, ProviderError> {
        let Ok(answered) = tokio::time::timeout(self.around.timeout, self.answered(&call)).await else {
            return Err(self.lost(&call.kind, "it did not answer in time".to_owned(), None));
        };
        let ((status, request_id), body) = answered?;
        serde_json::from_slice(&body).map_err(|_| {
            let answer = Answer::new(status, "", "", "", "", request_id.as_deref());
            self.lost(&call.kind, "its answer is not JSON".to_owned(), Some(answer))
        })
    }

    /// The answer as it comes, once its head is there and good.
    pub(super) async fn stream(&self, call: &Call) -> Result<Response, ProviderError> {
        let mut attempt = 0;
        loop {
            let failed = match self.request(call)?.send().await {
                Ok(response) if response.status().is_success() => return Ok(response),
                Ok(response) => self.refused(call, response, attempt).await?,
                Err(error) => self.broken(call, &error, attempt)?,
            };
            attempt += 1;
            (self.around.pause)(failed).await;
        }
    }

    /// The whole answer, sent for again where that is right; status and request id with it.
    async fn answered(&self, call: &Call) -> Result<((u16, Option<String>), Vec<u8>), ProviderError> {
        let mut attempt = 0;
        loop {
            let response = self.stream(call).await?;
            let head = (response.status().as_u16(), request_id(response.headers()).map(str::to_owned));
            let wait = match read(response).await {
                Ok(body) => return Ok((head, body)),
                Err(Unreadable::Broken(error)) => self.broken(call, &error, attempt)?,
                Err(Unreadable::TooLarge) => {
                    let message = format!("{} answered more than {MAX_ANSWER_BYTES} bytes", self.profile.name);
                    return Err(ProviderError::Internal { message });
                }
            };
            attempt += 1;
            (self.around.pause)(wait).await;
        }
    }

    fn request(&self, call: &Call) -> Result<RequestBuilder, ProviderError> {
        // `/v0/…` paths stand beside the versioned base.
        let base = if call.path.starts_with("/v") { self.base_url.trim_end_matches("/v1") } else { &self.base_url };
        let mut url = reqwest::Url::parse(&format!("{base}{}", call.path)).map_err(|error| {
            not_set_up(format!("base_url of the provider profile {} is no address: {error}", self.profile.name))
        })?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let request = self.client.request(call.method.clone(), url);
        Ok(match &call.body {
            Body::Empty => request,
            Body::Json(body) => request.json(body),
            Body::File { name, bytes, expires_after_secs } => {
                let file = Part::stream_with_length(bytes.clone(), bytes.len() as u64).file_name(name.clone());
                let file = file.mime_str("application/jsonl").map_err(|error| ProviderError::Internal {
                    message: format!("the upload cannot be described: {error}"),
                })?;
                let mut form = Form::new().text("purpose", "fine-tune");
                if let Some(seconds) = expires_after_secs {
                    form = form.text("expires_after[anchor]", "created_at");
                    form = form.text("expires_after[seconds]", seconds.to_string());
                }
                request.multipart(form.part("file", file))
            }
        })
    }

    /// How long to wait after a refusal, or the error.
    async fn refused(&self, call: &Call, response: Response, attempt: u32) -> Result<Duration, ProviderError> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = read(response).await.unwrap_or_default();
        let refusal = Refusal::new(status, &headers, &body);
        let failed = Failed::Status { status, headers: &headers, quota: refusal.is_quota() };
        let wait = retry::wait(&call.kind, attempt, &failed, (self.around.random)());
        self.note(call, attempt, wait, &format!("HTTP {status}"), request_id(&headers));
        wait.ok_or_else(|| refusal.into_error(&call.kind, &self.profile))
    }

    /// How long to wait after a broken connection, or the error.
    fn broken(&self, call: &Call, error: &reqwest::Error, attempt: u32) -> Result<Duration, ProviderError> {
        let not_sent = error.is_connect() || error.is_builder();
        let failed = match not_sent {
            true => Failed::NotSent,
            false if error.is_timeout() => Failed::TimedOut,
            false => Failed::Lost,
        };
        let wait = retry::wait(&call.kind, attempt, &failed, (self.around.random)());
        let what = describe(error);
        self.note(call, attempt, wait, what, None);
        let host = &self.profile.name;
        wait.ok_or_else(|| match not_sent {
            true => ProviderError::unavailable(format!("{host} cannot be reached: {what}")),
            false => self.lost(&call.kind, what.to_owned(), None),
        })
    }

    fn lost(&self, kind: &Kind, what: String, answer: Option<Answer>) -> ProviderError {
        let message = format!("{}: {what}", self.profile.name);
        let answer = answer.map(Box::new);
        match kind.effect() {
            Some(effect) => ProviderError::Unconfirmed { what: effect, message, answer },
            None => ProviderError::Unavailable { message, answer },
        }
    }

    fn note(&self, call: &Call, attempt: u32, wait: Option<Duration>, outcome: &str, request_id: Option<&str>) {
        tracing::debug!(
            provider = self.profile.name,
            method = %call.method,
            path = call.path,
            attempt,
            outcome,
            provider_request_id = request_id,
            wait_ms = wait.map(|wait| wait.as_millis() as u64),
            "the provider did not do it"
        );
    }
}

/// The key, and whatever else the profile sends with every call.
fn headers(profile: &Profile, credentials: &Credentials) -> Result<HeaderMap, ProviderError> {
    let mut headers = HeaderMap::new();
    let secret = |text: String, env: &str| {
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| not_set_up(format!("{env} holds characters that no key has; set it again")))?;
        value.set_sensitive(true);
        Ok::<_, ProviderError>(value)
    };
    let env = profile.key_env.as_deref().unwrap_or("the key");
    let missing = || not_set_up(format!("{} needs a key: set {env}", profile.name));
    match profile.auth {
        Auth::None => {}
        auth => {
            let key = credentials.key.as_ref().filter(|key| !key.expose_secret().trim().is_empty());
            let key = key.ok_or_else(missing)?.expose_secret().trim();
            match auth {
                Auth::Bearer => headers.insert(AUTHORIZATION, secret(format!("Bearer {key}"), env)?),
                _ => headers.insert("api-key", secret(key.to_owned(), env)?),
            };
        }
    }
    for (name, value) in &credentials.headers {
        let env = profile.header_env.get(name).map_or(name.as_str(), String::as_str);
        let header = HeaderName::try_from(name.as_str())
            .map_err(|_| not_set_up(format!("header_env of the profile {}: {name:?} is no header", profile.name)))?;
        headers.insert(header, secret(value.clone(), env)?);
    }
    Ok(headers)
}

fn not_set_up(message: String) -> ProviderError {
    ProviderError::NotAllowed { message, answer: None }
}

/// `ring` and Mozilla's roots, as `idiolect model pull` has them: no system library, nothing set for the whole process.
fn tls() -> Result<rustls::ClientConfig, ProviderError> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config =
        config.map_err(|error| ProviderError::Internal { message: format!("no TLS can be set up: {error}") })?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

#[derive(Debug)]
enum Unreadable {
    Broken(reqwest::Error),
    TooLarge,
}

async fn read(mut response: Response) -> Result<Vec<u8>, Unreadable> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Unreadable::Broken)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(Unreadable::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Ours, because an error's own text may hold the whole URL.
pub(super) fn describe(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "it did not answer in time"
    } else if let Some(failed) = tls_failure(error) {
        not_encrypted(failed)
    } else if error.is_connect() {
        "no connection came about; check the network and base_url"
    } else if error.is_builder() || error.is_request() && error.is_body() {
        "the request could not be sent"
    } else {
        "the connection was cut"
    }
}

/// Why no encrypted connection came about, if that is the cause.
fn tls_failure(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(failed) = error.downcast_ref() {
            return Some(failed);
        }
        cause = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            // What an `io::Error` wraps is not its source.
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

fn not_encrypted(failed: &rustls::Error) -> &'static str {
    use rustls::CertificateError as Why;
    match failed {
        rustls::Error::InvalidCertificate(
            Why::Expired | Why::ExpiredContext { .. } | Why::NotValidYet | Why::NotValidYetContext { .. },
        ) => "its certificate is out of date; check this machine's clock",
        rustls::Error::InvalidCertificate(Why::NotValidForName | Why::NotValidForNameContext { .. }) => {
            "its certificate is for another name; check base_url"
        }
        rustls::Error::InvalidCertificate(_) => {
            "its certificate is vouched for by nobody on Mozilla's list, which alone is trusted: no proxy that reads along, no authority of one's own"
        }
        _ => "no encrypted connection came about; check base_url, which may be of a port without TLS",
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn what_speaks_no_tls_is_told_from_what_cannot_be_reached() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let _ = client.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            }
        });
        let client = Client::builder().tls_backend_preconfigured(tls().unwrap()).build().unwrap();
        let said = async |url: &str| describe(&client.get(url).send().await.unwrap_err());
        assert!(said(&url).await.starts_with("no encrypted connection came about"));
        assert_eq!(said("https://127.0.0.1:1/v1").await, "no connection came about; check the network and base_url");
    }

    #[test]
    fn a_certificate_that_is_not_taken_says_why() {
        use rustls::CertificateError as Why;
        for (why, said) in [
            (Why::Expired, "check this machine's clock"),
            (Why::NotValidForName, "check base_url"),
            (Why::UnknownIssuer, "Mozilla's list"),
        ] {
            assert!(not_encrypted(&rustls::Error::InvalidCertificate(why)).contains(said));
        }
    }
}
