//! One call as it is meant, before it becomes HTTP.

use std::borrow::Cow;

use reqwest::Method;
use serde_json::Value;

/// What is asked for, and what a failure of it means.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    /// Below the base URL, with a leading `/`, ids percent-encoded.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Body,
    pub(super) kind: Kind,
}

#[derive(Clone)]
pub(super) enum Body {
    Empty,
    Json(Value),
    /// A training file.
    File {
        name: String,
        bytes: bytes::Bytes,
        expires_after_secs: Option<u64>,
    },
}

/// Decides whether a call may be sent again, and how its refusals are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Doing it twice is doing it once. The thing that a 404 says is not there.
    Safe {
        what: &'static str,
        id: String,
    },
    /// Sent once: afterwards nobody knows what a lost answer meant.
    Upload,
    CreateJob {
        base_model: String,
    },
    /// Doing it twice makes two. The thing that it is made of.
    Register {
        job: String,
    },
    /// Costs little and its answer is only of use at once.
    Chat {
        model: String,
    },
}

impl Kind {
    /// Whether what was sent holds people's words, which the refusal may then quote.
    pub(super) fn carries_words(&self) -> bool {
        matches!(self, Self::Upload | Self::Chat { .. })
    }

    /// What may have happened when the answer got lost, if that matters.
    pub(super) fn effect(&self) -> Option<&'static str> {
        match self {
            Self::Upload => Some("the upload"),
            Self::CreateJob { .. } => Some("creating the job"),
            Self::Register { .. } => Some("registering the model"),
            Self::Safe { .. } | Self::Chat { .. } => None,
        }
    }
}

impl Call {
    pub(super) fn get(path: impl Into<String>, what: &'static str, id: impl ToString) -> Self {
        Self::new(Method::GET, path, Kind::Safe { what, id: id.to_string() })
    }

    pub(super) fn new(method: Method, path: impl Into<String>, kind: Kind) -> Self {
        Self { method, path: path.into(), query: Vec::new(), body: Body::Empty, kind }
    }

    pub(super) fn query(mut self, key: &str, value: impl ToString) -> Self {
        self.query.push((key.to_owned(), value.to_string()));
        self
    }

    pub(super) fn json(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }
}

/// An id in a path: `ft:…` ids hold colons, and those of open models slashes.
pub(super) fn encoded(id: &str) -> Cow<'_, str> {
    percent_encoding::utf8_percent_encode(id, ID).into()
}

/// Everything but the unreserved characters of RFC 3986.
const ID: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
