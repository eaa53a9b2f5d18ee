//! When a call is sent again, and after how long. The rules are those of OpenAI's own SDK, but for calls that must not be
//! sent twice.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::call::Kind;

/// Longer waits are not ours to wait: the caller hears of them and comes back.
const LONGEST_ASKED_WAIT: Duration = Duration::from_secs(120);
const FIRST_BACKOFF_SECS: f64 = 0.5;
const LONGEST_BACKOFF_SECS: f64 = 8.0;
const JITTER: f64 = 0.25;

/// How an attempt failed.
pub(super) enum Failed<'a> {
    /// No connection came about: nothing was sent.
    NotSent,
    /// The connection broke, or the answer made no sense.
    Lost,
    /// Nothing came for as long as is waited.
    TimedOut,
    /// The provider refused.
    Status { status: u16, headers: &'a HeaderMap, quota: bool },
}

/// How long to wait before the next attempt, or `None` if there is none. `attempt` counts from 0; `random` is from 0 to 1.
pub(super) fn wait(kind: &Kind, attempt: u32, failed: &Failed<'_>, random: f64) -> Option<Duration> {
    let (retries, longest) = match kind {
        // Somebody is waiting, and another model can answer.
        Kind::Chat { .. } => (1, Duration::from_secs(2)),
        Kind::Safe { .. } | Kind::Upload | Kind::CreateJob { .. } | Kind::Register { .. } => (2, LONGEST_ASKED_WAIT),
    };
    if attempt >= retries || !may_be_sent_again(kind, failed) {
        return None;
    }
    let asked = match failed {
        Failed::Status { headers, .. } => asked_wait(headers),
        Failed::NotSent | Failed::Lost | Failed::TimedOut => None,
    };
    match asked {
        Some(asked) => (asked <= longest).then_some(asked),
        None => Some(backoff(attempt, random)),
    }
}

fn may_be_sent_again(kind: &Kind, failed: &Failed<'_>) -> bool {
    let once = kind.effect().is_some();
    match failed {
        Failed::NotSent => true,
        Failed::Lost => !once,
        // Whoever chats has waited long enough for this model.
        Failed::TimedOut => !once && !matches!(kind, Kind::Chat { .. }),
        Failed::Status { quota: true, .. } => false,
        // Refused before anything was done, whatever the call is.
        Failed::Status { status: 429, headers, .. } => should_retry(headers).unwrap_or(true),
        Failed::Status { .. } if once => false,
        Failed::Status { status, headers, .. } => should_retry(headers).unwrap_or(matches!(status, 408 | 409 | 500..)),
    }
}

/// The provider's own word on it.
fn should_retry(headers: &HeaderMap) -> Option<bool> {
    match headers.get("x-should-retry")?.to_str().ok()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// `retry-after-ms`, else `retry-after` in seconds or as a date, which is compared with the answer's own.
pub(super) fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let seconds =
        |number: f64| (number.is_finite() && number >= 0.0).then(|| Duration::try_from_secs_f64(number).ok())?;
    if let Some(millis) = text("retry-after-ms").and_then(|text| text.parse::<f64>().ok()) {
        return seconds(millis / 1000.0);
    }
    let after = text(RETRY_AFTER.as_str())?;
    if let Ok(number) = after.parse::<f64>() {
        return seconds(number);
    }
    let date = |text: &str| DateTimeParser::new().parse_timestamp(text).ok();
    let until = date(after)?.duration_since(date(text(DATE.as_str())?)?);
    Some(Duration::try_from(until).unwrap_or(Duration::ZERO))
}

fn backoff(attempt: u32, random: f64) -> Duration {
    let full = (FIRST_BACKOFF_SECS * f64::from(1_u32 << attempt.min(10))).min(LONGEST_BACKOFF_SECS);
    Duration::from_secs_f64(full * (1.0 - JITTER * random.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    fn safe() -> Kind {
        Kind::Safe { what: "job", id: "1".into() }
    }

    fn create() -> Kind {
        Kind::CreateJob { base_model: "m".into() }
    }

    fn after(kind: &Kind, status: u16, quota: bool, pairs: &[(&'static str, &'static str)]) -> Option<f64> {
        let headers = headers(pairs);
        let failed = Failed::Status { status, headers: &headers, quota };
        wait(kind, 0, &failed, 0.0).map(|wait| wait.as_secs_f64())
    }

    #[test]
    fn what_is_safe_is_sent_again_after_what_may_pass() {
        for status in [408, 409, 429, 500, 502, 503, 529] {
            assert_eq!(after(&safe(), status, false, &[]), Some(0.5), "{status}");
        }
        for status in [400, 401, 403, 404, 413, 422] {
            assert_eq!(after(&safe(), status, false, &[]), None, "{status}");
        }
        assert_eq!(after(&safe(), 429, true, &[]), None);
        assert_eq!(after(&safe(), 400, false, &[("x-should-retry", "true")]), Some(0.5));
        assert_eq!(after(&safe(), 500, false, &[("x-should-retry", "false")]), None);
    }

    #[test]
    fn a_job_is_never_created_again_unless_it_cannot_exist() {
        for status in [408, 409, 500, 503] {
            for headers in [&[][..], &[("x-should-retry", "true")]] {
                assert_eq!(after(&create(), status, false, headers), None, "{status}");
                assert_eq!(after(&Kind::Upload, status, false, headers), None, "{status}");
            }
        }
        assert_eq!(after(&create(), 429, false, &[]), Some(0.5));
        assert_eq!(after(&create(), 429, true, &[]), None);
        assert_eq!(wait(&create(), 0, &Failed::Lost, 0.0), None);
        assert!(wait(&create(), 0, &Failed::NotSent, 0.0).is_some());
        assert!(wait(&safe(), 0, &Failed::Lost, 0.0).is_some());
        let chat = Kind::Chat { model: "m".into() };
        for (kind, lost, timed_out) in [(safe(), true, true), (chat, true, false), (create(), false, false)] {
            assert_eq!(wait(&kind, 0, &Failed::Lost, 0.0).is_some(), lost, "{kind:?}");
            assert_eq!(wait(&kind, 0, &Failed::TimedOut, 0.0).is_some(), timed_out, "{kind:?}");
        }
    }

    #[test]
    fn the_provider_says_how_long_to_wait() {
        let wait = |pairs: &[(&'static str, &'static str)]| after(&safe(), 429, false, pairs);
        assert_eq!(wait(&[("retry-after-ms", "1500"), ("retry-after", "9")]), Some(1.5));
        assert_eq!(wait(&[("retry-after", "9")]), Some(9.0));
        assert_eq!(wait(&[("retry-after", "120")]), Some(120.0));
        assert_eq!(wait(&[("retry-after", "121")]), None);
        let date = [("date", "Wed, 25 Nov 2026 12:00:00 GMT"), ("retry-after", "Wed, 25 Nov 2026 12:00:30 GMT")];
        assert_eq!(wait(&date), Some(30.0));
        for nonsense in ["soon", "-1", "nan", "inf", "Wed, 25 Nov 2026 12:00:30 GMT"] {
            assert_eq!(wait(&[("retry-after", nonsense)]), Some(0.5), "{nonsense}");
        }
        let chat = Kind::Chat { model: "m".into() };
        assert_eq!(after(&chat, 429, false, &[("retry-after", "2")]), Some(2.0));
        assert_eq!(after(&chat, 429, false, &[("retry-after", "3")]), None);
    }

    #[test]
    fn waits_double_up_to_two_retries_less_a_quarter_at_most() {
        let lost = |attempt, random| wait(&safe(), attempt, &Failed::Lost, random).map(|wait| wait.as_secs_f64());
        assert_eq!([lost(0, 0.0), lost(1, 0.0), lost(2, 0.0)], [Some(0.5), Some(1.0), None]);
        assert_eq!(lost(0, 1.0), Some(0.375));
        assert_eq!(backoff(30, 0.0), Duration::from_secs(8));
    }
}
