//! Fetching pages: timeouts, repeated attempts, limits, and never another origin.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use idiolect_dataset::{SourceError, Window};
use secrecy::{ExposeSecret, SecretString};

use super::address::Address;
use super::{BridgeOptions, link};
use crate::ndjson::{Lines, NextLines};

const CONNECT: Duration = Duration::from_secs(10);
/// For the head of an answer, and for the whole of it.
const ANSWER: Duration = Duration::from_secs(60);
const WHOLE: Duration = Duration::from_secs(300);
const ATTEMPTS: u32 = 5;
/// The longest pause that is waited for where a bridge asks for one with `Retry-After`; after a longer one it is for people to come back.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);
/// Bytes of one page, which is held in memory.
const MAX_PAGE: u64 = 32 * 1024 * 1024;
const MAX_PAGES: usize = 100_000;
/// Bytes of a page's URL.
const MAX_URL: usize = 8 * 1024;

/// What a reading has patience for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) first_pause: Duration,
    /// After so long, in however many attempts, a page is not asked for again.
    pub(super) page: Duration,
    /// All pages together, with the pauses.
    pub(super) reading: Duration,
    /// Pages one after the other that bring nothing: more than the usual window has hours, by which a bridge may page.
    pub(super) pages_in_vain: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(500),
            page: WHOLE,
            reading: Duration::from_secs(6 * 3600),
            pages_in_vain: 2_500,
        }
    }
}

/// The pages of one reading.
pub(super) struct Pages {
    agent: ureq::Agent,
    address: Address,
    token: Option<SecretString>,
    next: Option<String>,
    /// Hashes of the URLs that were asked for, to know when pages lead back.
    seen: HashSet<u64>,
    /// Hashes of what pages held that were not empty.
    bodies: HashSet<u64>,
    hasher: RandomState,
    pages_in_vain: usize,
    waited: Duration,
    limits: Limits,
}

/// How one attempt ended.
enum Attempt {
    Page {
        body: Vec<u8>,
        /// The target of the link to the next page.
        next: Option<String>,
    },
    /// It may go better the next time.
    Again {
        reason: String,
        after: Option<Duration>,
    },
    Failed(SourceError),
}

impl Pages {
    pub(super) fn new(address: &Address, options: &BridgeOptions, window: Window) -> Self {
        let mut agent = ureq::Agent::config_builder();
        if address.is_this_machine() {
            agent = agent.proxy(None);
        }
        let agent = agent
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_global(Some(WHOLE))
            // A redirect could carry the token elsewhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("idiolect/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Self {
            agent,
            next: Some(address.first(options.user.as_deref(), window)),
            address: address.clone(),
            token: options.token.clone(),
            seen: HashSet::new(),
            bodies: HashSet::new(),
            hasher: RandomState::new(),
            pages_in_vain: 0,
            waited: Duration::ZERO,
            limits: Limits::default(),
        }
    }

    #[cfg(test)]
    pub(super) fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    fn fetch(&self, url: &str) -> Result<(Vec<u8>, Option<String>), SourceError> {
        let mut pause = self.limits.first_pause;
        let mut attempt = 1;
        let mut waited = Duration::ZERO;
        loop {
            let begun = Instant::now();
            let ended = self.attempt(url);
            waited += begun.elapsed();
            match ended {
                Attempt::Page { body, next } => return Ok((body, next)),
                Attempt::Failed(error) => return Err(error),
                Attempt::Again { reason, .. } if attempt == ATTEMPTS => {
                    let reason = format!("{reason}, {ATTEMPTS} times");
                    return Err(self.refused(reason, "check that the bridge runs and can be reached, then try again"));
                }
                Attempt::Again { reason, .. } if waited >= self.limits.page => {
                    let reason = format!("{reason}, after {} of waiting for one page", span(waited));
                    return Err(self.refused(reason, "let the bridge answer sooner, or in smaller pages"));
                }
                Attempt::Again { reason, after: Some(after) } if after > LONGEST_PAUSE => {
                    let reason = format!("{reason} and asks for a pause of {}", span(after));
                    return Err(self.refused(reason, "try again then"));
                }
                Attempt::Again { reason, after } => {
                    let wait = after.unwrap_or(pause);
                    tracing::warn!(
                        reason,
                        attempt,
                        of = ATTEMPTS,
                        wait_ms = wait.as_millis() as u64,
                        "the bridge is asked again after a pause"
                    );
                    std::thread::sleep(wait);
                    pause *= 2;
                    attempt += 1;
                }
            }
        }
    }

    fn attempt(&self, url: &str) -> Attempt {
        let mut request =
            self.agent.get(url).header("accept", "application/x-ndjson").header("accept-encoding", "identity");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {}", token.expose_secret()));
        }
        let again = |reason: String| Attempt::Again { reason, after: None };
        let answer = match request.call() {
            Ok(answer) => answer,
            Err(error) => return again(format!("it cannot be reached ({})", in_words(&error))),
        };
        let status = answer.status().as_u16();
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        match status {
            200 | 204 => {}
            401 | 403 => {
                let advice = "give the bridge's token in the setting bridge.token or IDIOLECT_BRIDGE_TOKEN";
                return Attempt::Failed(self.refused(format!("it refuses the token (HTTP {status})"), advice));
            }
            300..=399 => {
                let advice = "name the address that it points to";
                return Attempt::Failed(self.refused(format!("it redirects (HTTP {status})"), advice));
            }
            429 | 500 | 502..=504 => {
                let after = header("retry-after").and_then(|value| pause_asked_for(&value, header("date").as_deref()));
                return Attempt::Again { reason: format!("it answers with HTTP {status}"), after };
            }
            _ => {
                let advice = "check the URL: GET {url}?user=&since=&until= must answer with NDJSON";
                return Attempt::Failed(self.refused(format!("it answers with HTTP {status}"), advice));
            }
        }
        if header("content-encoding").is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity")) {
            let advice = "let the bridge answer unpacked, as Accept-Encoding: identity asks for";
            return Attempt::Failed(self.refused("its answer is packed (Content-Encoding)".into(), advice));
        }
        if header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("html")) {
            let advice = "check the URL: it must answer with NDJSON, one record a line";
            return Attempt::Failed(self.refused("it answers with a web page".into(), advice));
        }
        let links: Result<Vec<_>, _> = answer.headers().get_all("link").iter().map(|value| value.to_str()).collect();
        let next = match links.map_err(|_| link::Unclear).and_then(link::next) {
            Ok(next) => next.map(str::to_owned),
            Err(link::Unclear) => {
                let advice = "let the bridge answer with one Link: <URL>; rel=\"next\", or none on the last page";
                return Attempt::Failed(self.refused("its header Link cannot be read".into(), advice));
            }
        };
        let mut body = Vec::new();
        // The reader's own limit would look like a body cut short.
        let mut reader = answer.into_body().into_with_config().limit(u64::MAX).reader().take(MAX_PAGE + 1);
        match reader.read_to_end(&mut body) {
            Ok(_) if body.len() as u64 > MAX_PAGE => {
                let advice = "let the bridge answer smaller pages, with Link: <URL>; rel=\"next\"";
                Attempt::Failed(self.refused(format!("a page is larger than {} MB", MAX_PAGE >> 20), advice))
            }
            Ok(_) => Attempt::Page { body, next },
            Err(error) => again(format!("its answer breaks off ({})", error.kind())),
        }
    }

    fn refused(&self, reason: String, advice: &'static str) -> SourceError {
        SourceError::Refused { path: self.address.shown(), reason, advice }
    }

    fn no_end(&self, reason: String) -> SourceError {
        self.refused(reason, "let the last page have no link to a next one")
    }
}

impl NextLines for Pages {
    fn next_lines(&mut self) -> Result<Option<(PathBuf, Lines)>, SourceError> {
        let Some(url) = self.next.take() else { return Ok(None) };
        let begun = Instant::now();
        let (body, target) = self.fetch(&url)?;
        self.waited += begun.elapsed();
        let number = self.seen.len() + 1;
        self.seen.insert(self.hasher.hash_one(&url));
        let brings_something = !body.trim_ascii().is_empty() && self.bodies.insert(self.hasher.hash_one(&body));
        self.pages_in_vain = if brings_something { 0 } else { self.pages_in_vain + 1 };
        if let Some(target) = target {
            let next = self.address.linked(&url, &target).ok_or_else(|| {
                self.refused("its link to the next page leads elsewhere".into(), "let it link to its own origin only")
            })?;
            if next.len() > MAX_URL {
                let reason = format!("its link to the next page has more than {} KB", MAX_URL >> 10);
                return Err(self.refused(reason, "let it link to the next page by a shorter URL"));
            }
            if self.seen.contains(&self.hasher.hash_one(&next)) || number >= MAX_PAGES {
                return Err(self.no_end("its pages have no end".into()));
            }
            if self.pages_in_vain >= self.limits.pages_in_vain {
                let count = self.pages_in_vain;
                return Err(self.no_end(format!("{count} pages one after the other bring nothing new")));
            }
            if self.waited >= self.limits.reading {
                let reason = format!("{number} pages took {} and are not all", span(self.waited));
                return Err(self.refused(reason, "let the bridge answer sooner, or in fewer pages"));
            }
            self.next = Some(next);
        }
        let path: PathBuf = format!("{}, page {number}", self.address.shown().display()).into();
        let lines = Lines::new(&path, Box::new(Cursor::new(body)));
        Ok(Some((path, lines)))
    }
}

/// What `Retry-After` says: seconds, or a time, which is compared with the answer's own `Date`. `None` where it says neither.
pub(super) fn pause_asked_for(retry_after: &str, date: Option<&str>) -> Option<Duration> {
    let retry_after = retry_after.trim();
    if !retry_after.is_empty() && retry_after.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(retry_after.parse().unwrap_or(u64::MAX)));
    }
    let at = |time: &str| jiff::fmt::rfc2822::parse(time).ok().map(|time| time.timestamp());
    let pause = at(retry_after)?.duration_since(at(date?.trim())?);
    Some(Duration::try_from(pause).unwrap_or_default())
}

/// As people say it.
fn span(pause: Duration) -> String {
    match pause.as_secs() {
        seconds if seconds < 600 => format!("{seconds} seconds"),
        seconds if seconds < 36_000 => format!("{} minutes", seconds.div_ceil(60)),
        seconds if seconds < 864_000 => format!("{} hours", seconds.div_ceil(3600)),
        _ => "many days".to_owned(),
    }
}

/// ureq's errors may quote what was received.
fn in_words(error: &ureq::Error) -> &'static str {
    match error {
        ureq::Error::Timeout(_) => "timed out",
        ureq::Error::HostNotFound => "no such host",
        ureq::Error::ConnectionFailed => "no connection",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "its certificate or TLS is not accepted",
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => "connection refused",
        ureq::Error::Io(_) => "the connection broke",
        _ => "it does not speak HTTP",
    }
}
