//! Every metric of serving, by name (spec §10.1), and the page that shows them. No label has an id or a word in it: each takes one
//! of a few values that stand in the code.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use idiolect_http::{RequestError, check_loopback};
use idiolect_provider::Usage;
use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};
use tokio::net::TcpListener;

use crate::error::ApiError;
use crate::served::Served;
use crate::state::Gateway;

/// Chats, by what `served` them (`personal`, `base`, or `none` if no model was asked), the fallback `reason` (or `none`) and the
/// `outcome` (`ok`, `error`, `client_gone`). The shares of fine-tuned and fallback answers come from it.
pub const CHATS: &str = "idiolect_chats_total";
/// From a chat's arrival to the end of its answer, streams included, seconds, by what `served` it.
pub const CHAT_SECONDS: &str = "idiolect_chat_seconds";
/// Tokens of an answered prompt, where the provider says them, by what `served` it.
pub const CHAT_PROMPT_TOKENS: &str = "idiolect_chat_prompt_tokens";
/// Tokens of an answer, where the provider says them, by what `served` it.
pub const CHAT_COMPLETION_TOKENS: &str = "idiolect_chat_completion_tokens";

const SECONDS: &[f64] = &[0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 120.0];
const TOKENS: &[f64] = &[4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0, 16_384.0];

/// The upper bounds of the histograms.
pub const BUCKETS: [(&str, &[f64]); 3] =
    [(CHAT_SECONDS, SECONDS), (CHAT_PROMPT_TOKENS, TOKENS), (CHAT_COMPLETION_TOKENS, TOKENS)];

/// Tells the exporter what each metric is.
pub fn describe() {
    describe_counter!(
        CHATS,
        Unit::Count,
        "Chats, by what served them, why it was not the personal model, and their end"
    );
    describe_histogram!(CHAT_SECONDS, Unit::Seconds, "From a chat's arrival to the end of its answer");
    describe_histogram!(CHAT_PROMPT_TOKENS, Unit::Count, "Tokens of an answered prompt");
    describe_histogram!(CHAT_COMPLETION_TOKENS, Unit::Count, "Tokens of an answer");
}

pub(crate) fn chat(served: Option<&Served>, outcome: &'static str, seconds: f64, usage: Option<Usage>) {
    let by = match served {
        Some(served) if served.version.is_some() => "personal",
        Some(_) => "base",
        None => "none",
    };
    let reason = served.and_then(|served| served.fallback_reason).map_or("none", |reason| reason.as_str());
    counter!(CHATS, "served" => by, "reason" => reason, "outcome" => outcome).increment(1);
    histogram!(CHAT_SECONDS, "served" => by).record(seconds);
    if let Some(usage) = usage {
        histogram!(CHAT_PROMPT_TOKENS, "served" => by).record(usage.prompt_tokens as f64);
        histogram!(CHAT_COMPLETION_TOKENS, "served" => by).record(usage.completion_tokens as f64);
    }
}

/// What has been counted in this process, in Prometheus' text format, asked afresh each time.
#[derive(Clone)]
pub struct MetricsPage(Arc<dyn Fn() -> String + Send + Sync>);

impl MetricsPage {
    pub fn new(render: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(render))
    }

    fn respond(&self) -> Response {
        ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (self.0)()).into_response()
    }
}

impl fmt::Debug for MetricsPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsPage").finish_non_exhaustive()
    }
}

/// As if there were no such page where the settings have none.
pub(crate) async fn show(State(gateway): State<Gateway>, method: Method, uri: Uri) -> Result<Response, ApiError> {
    match &gateway.settings.metrics {
        Some(page) => Ok(page.respond()),
        None => Err(ApiError::unknown_url(method, uri).await),
    }
}

/// `GET /metrics` and nothing else, for a process that has no other listener. Never returns but with an error.
pub async fn serve_metrics(listener: TcpListener, page: MetricsPage) -> std::io::Result<()> {
    let router = Router::new()
        .route("/metrics", get(move || std::future::ready(page.respond())))
        .fallback(ApiError::unknown_url)
        .method_not_allowed_fallback(RequestError::method_not_allowed)
        .layer(axum::middleware::from_fn(check_loopback));
    idiolect_http::serve(listener, router, std::future::pending(), Duration::ZERO).await
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    /// Time passes at once where everybody waits.
    #[tokio::test(start_paused = true)]
    async fn a_connection_that_asks_for_nothing_is_closed() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve_metrics(listener, MetricsPage::new(String::new)));
        let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
        let read = tokio::time::timeout(Duration::from_secs(3600), client.read(&mut [0; 1])).await;
        assert_eq!(read.expect("it is kept for ever").unwrap(), 0);
    }
}
