//! What opens something by itself: tokens in links, API keys by their published shapes, private keys.

mod booking;
mod link;
mod meeting;
mod voucher;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{PiiKind, Span, pattern};
pub(super) use booking::find as find_bookings;
pub(super) use link::find as find_in_links;
pub(super) use meeting::{DIGITS as MEETING_DIGITS, find as find_meetings};
pub(super) use voucher::find as find_vouchers;

/// Keys whose issuers gave them a prefix so that scanners can tell them.
static KEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?-u) (?: sk-[A-Za-z0-9_-]{16,} | (?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,} | gh[pousr]_[A-Za-z0-9]{20,} | github_pat_[A-Za-z0-9_]{20,}
          | glpat-[A-Za-z0-9_-]{16,} | xox[abeoprs]-[A-Za-z0-9-]{10,} | xapp-[A-Za-z0-9-]{10,} | (?:AKIA|ASIA)[A-Z0-9]{16} | AIza[A-Za-z0-9_-]{30,}
          | ya29\.[A-Za-z0-9_-]{20,} | hf_[A-Za-z0-9]{20,} | npm_[A-Za-z0-9]{30,} | pypi-[A-Za-z0-9_-]{20,} | SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}
          | eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)? | shpat_[A-Fa-f0-9]{20,} | dop_v1_[a-f0-9]{32,} | whsec_[A-Za-z0-9+/=]{16,}
          | gsk_[A-Za-z0-9]{20,} | r8_[A-Za-z0-9]{20,} | nvapi-[A-Za-z0-9_-]{20,} | lin_api_[A-Za-z0-9]{20,} | ntn_[A-Za-z0-9]{20,} | figd_[A-Za-z0-9_-]{20,}
          | dckr_pat_[A-Za-z0-9_-]{16,} | key-[0-9a-f]{32} | shp(?:ss|pa|ca)_[A-Fa-f0-9]{20,} | NRAK-[A-Z0-9]{20,} | sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{20,}
          | dapi[0-9a-f]{32}(?:-\d)? | xai-[A-Za-z0-9]{20,} | PMAK-[0-9a-f]{20,}(?:-[0-9a-f]{20,})? | AGE-SECRET-KEY-1[0-9A-Z]{30,} | sbp_[0-9a-f]{32,} | hvs\.[A-Za-z0-9_-]{20,}
          | glc_[A-Za-z0-9+/=_-]{20,} | glsa_[A-Za-z0-9_]{20,} | tskey-[A-Za-z0-9-]{16,} | sntry[su]_[A-Za-z0-9+/=_-]{20,} | pul-[0-9a-f]{32,} | ATATT3[A-Za-z0-9_=-]{20,}
          | EAAC[A-Za-z0-9]{30,} | (?:AC|SK)[0-9a-f]{32} | [MNO][A-Za-z0-9]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,} | [xyz]prv[1-9A-HJ-NP-Za-km-z]{60,} | \d{8,10}:AA[A-Za-z0-9_-]{32,35} )",
    )
    .expect("the pattern is constant")
});

static BEARER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?-u:\b)bearer[\x20:]+(?P<value>[A-Za-z0-9._~+/-]{16,}=*)").expect("the pattern is constant")
});

static PRIVATE_KEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
    )
    .expect("the pattern is constant")
});

/// The secret behind the name of an AWS key, which has no prefix.
static AWS_SECRET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:AKIA|ASIA)[A-Z0-9]{16}[\s/|:,;]{1,8}(?P<value>[A-Za-z0-9/+]{40})(?:[^A-Za-z0-9/+]|$)")
        .expect("the pattern is constant")
});

/// "curl -u user:password".
static CURL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?-u:\b)(?i:curl)\x20[^\n]{0,200}?(?:-u|--user)[\x20=]["']?[^\s:"']+:(?P<value>[^\s"']+)"#)
        .expect("the pattern is constant")
});

/// BitLocker's recovery key, and nothing else.
static RECOVERY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[0-9]{6}(?:-[0-9]{6}){7}(?-u:\b)").expect("the pattern is constant"));

/// "mysql -pPassword", "sshpass -p password".
static SHELL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?-u:\b)(?:(?i:mysql|mysqldump|mariadb)\x20[^\n]{0,120}?\x20?-p["']?(?P<value>[^\s"'-][^\s"']{3,})|(?i:sshpass)\x20-p\x20?["']?(?P<other>[^\s"']{4,}))"#)
        .expect("the pattern is constant")
});

/// Links that let in whoever holds them.
static INVITATION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?-u:\b)(?:chat\.whatsapp\.com/(?:invite/)?|t\.me/(?:\+|joinchat/)|discord\.(?:gg|gift)/|discord(?:app)?\.com/invite/|meet\.google\.com/(?:lookup/)?|zoom(?:gov)?\.(?:us|com)/(?:j|my|s|w)/|teams\.live\.com/meet/|teams\.microsoft\.com/(?:l/meetup-join|meet)/|webex\.com/(?:meet|join)/|meet\.jit\.si/)(?P<value>[A-Za-z0-9_%@.-]{4,}[A-Za-z0-9_%@-])")
        .expect("the pattern is constant")
});

/// What lets anybody write into a channel.
static WEBHOOK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:hooks\.slack\.com/(?:services|workflows|triggers)|discord(?:app)?\.com/api/webhooks)/(?P<value>[A-Za-z0-9_-]{4,}(?:/[A-Za-z0-9_-]{4,})+)")
        .expect("the pattern is constant")
});

/// The key behind a Twilio account's own name.
static TWILIO: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"AC[0-9a-f]{32}[\s/|:,;]{1,8}(?P<value>[0-9a-f]{32})(?-u:\b)").expect("the pattern is constant")
});

/// Keys and what else is known by its beginning.
pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    let mut push = |rule, range: Range<usize>| found.push(Span::new(PiiKind::Secret, rule, range));
    for key in KEY.find_iter(text) {
        let before = text[..key.start()].chars().next_back();
        if !before.is_some_and(|c| c.is_ascii_alphanumeric()) {
            push("secret/key", key.range());
        }
    }
    PRIVATE_KEY.find_iter(text).for_each(|key| push("secret/private_key", key.range()));
    if pattern::contains(text, " -p")
        && ["mysql", "mariadb", "sshpass"].iter().any(|word| pattern::contains(text, word))
    {
        let parts = SHELL.captures_iter(text).filter_map(|captures| captures.name("value").or(captures.name("other")));
        parts.for_each(|value| push("secret/shell", value.range()));
    }
    for (pattern, rule) in [
        (&BEARER, "secret/bearer"),
        (&INVITATION, "secret/invitation"),
        (&CURL, "secret/curl"),
        (&AWS_SECRET, "secret/key"),
        (&WEBHOOK, "secret/webhook"),
        (&TWILIO, "secret/key"),
    ] {
        let values = pattern.captures_iter(text).filter_map(|captures| captures.name("value"));
        values.for_each(|value| push(rule, value.range()));
    }
}

/// Eight groups of six digits.
pub(super) fn find_recovery_keys(text: &str, found: &mut Vec<Span>) {
    let keys = RECOVERY.find_iter(text);
    found.extend(keys.map(|key| Span::new(PiiKind::Secret, "secret/recovery_key", key.range())));
}

/// The digits of such a key.
pub(super) const RECOVERY_DIGITS: usize = 48;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        let find = |text: &str, spans: &mut Vec<Span>| {
            find(text, spans);
            find_in_links(text, spans);
        };
        found_by(find, text)
    }

    /// Put together at run time, so that no scanner takes this file for a leak.
    fn key(prefix: &str, length: usize) -> String {
        format!("{prefix}{}", "a1B2c3D4e5F6g7H8".repeat(8).get(..length).unwrap())
    }

    #[test]
    fn finds_webhooks_and_the_key_behind_an_account() {
        let (account, token) = ("a1b2c3d4".repeat(4), "1a2b3c4d".repeat(4));
        assert_eq!(found(&format!("twilio AC{account} / {token}")).last(), Some(&token.as_str()));
        let bot = format!("M{}.GabcdE.{}", key("", 24), key("", 38));
        assert_eq!(found(&format!("discord {bot}")), [bot.as_str()]);
        for host in ["hooks.slack.com/services", "discord.com/api/webhooks"] {
            let hook = format!("T0123456/B0123456/{}", key("", 24));
            assert!(found(&format!("https://{host}/{hook}")).contains(&hook.as_str()));
            assert_eq!(found(&format!("https://{host}/")), Vec::<&str>::new());
        }
    }

    #[test]
    fn finds_keys_by_their_shapes() {
        for key in [
            key("sk-", 40),
            key("sk_live_", 24),
            key("ghp_", 36),
            key("github_pat_", 40),
            key("glpat-", 20),
            key("xoxb-", 30),
            key("AIza", 35),
            key("hf_", 34),
            key("rk_test_", 24),
            key("sq0atp-", 22),
            key("xai-", 80),
            format!("dapi{}", "0123456789abcdef".repeat(2)),
            format!("NRAK-{}", "A1B2".repeat(7)),
            key("1234567890:AA", 33),
            format!("AKIA{}", "A1B2".repeat(4)),
            format!("{}.{}.{}", key("eyJ", 20), key("eyJ", 30), key("", 30)),
        ] {
            assert_eq!(found(&format!("its {key}, keep it")), [key.as_str()], "{key:?}");
        }
        assert_eq!(found("Authorization: Bearer abcdef0123456789abcd"), ["abcdef0123456789abcd"]);
        let pem = format!("-----BEGIN {0}-----\nMIIB\n-----END {0}-----", "PRIVATE KEY");
        assert_eq!(found(&format!("here {pem} ok")), [pem.as_str()]);
    }

    #[test]
    fn finds_secrets_in_links() {
        for (text, secret) in [
            ("https://example.com/a?x=1&token=abc123xyz&y=2", "abc123xyz"),
            ("https://example.com/cb#access_token=abc123xyz", "abc123xyz"),
            ("https://jo:hunter2@example.com/x", "jo:hunter2"),
            ("join https://example.com/j/123456?pwd=QWxhZGRpbg.", "QWxhZGRpbg"),
            ("https://example.com/reset/4f9a8b7c6d", "4f9a8b7c6d"),
            ("https://example.com/d/1aB2cD3eF4gH5iJ6kL7mN8oP9/edit", "1aB2cD3eF4gH5iJ6kL7mN8oP9"),
            ("https://chat.whatsapp.com/AbCdEf123", "AbCdEf123"),
            ("join discord.com/invite/AbCdE1", "AbCdE1"),
            ("https://s3.example.com/a?X-Amz-Signature=deadbeef01", "deadbeef01"),
            ("https://example.com/verify-email/4f9a8b7c6d", "4f9a8b7c6d"),
            ("https://example.com/login?t=a1B2c3D4e5F6g7H8i9J0k1", "a1B2c3D4e5F6g7H8i9J0k1"),
            ("https://example.com/private-0123456789abcdef0123/cal.ics", "0123456789abcdef0123"),
            ("curl -s -u jo:hunter2 https://example.com", "hunter2"),
            ("mysql -u root -pSunshine1 shop", "Sunshine1"),
            ("sshpass -p 'sunshine' ssh jo@host", "sunshine"),
            ("https://us02web.zoom.us/j/84412345678", "84412345678"),
            ("join meet.google.com/abc-defg-hij", "abc-defg-hij"),
            ("https://acme.webex.com/meet/jo.kay.", "jo.kay"),
        ] {
            assert_eq!(found(text), [secret], "{text:?}");
        }
    }

    #[test]
    fn leaves_ordinary_links_and_words_alone() {
        for text in [
            "https://example.com/watch?v=dQw4w9WgXcQ&list=abc",
            "https://example.com/2026/01/how-to-make-10-great-pies",
            "https://example.com/search?q=token+ring",
            "https://example.com/wiki/Elm-Oak-Ash-7.-Linden-Pine-on-Birch",
            "https://example.com/commit/da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "sk-8 boots",
            "the key-note",
            "asia is big",
            "https://example.com",
            "mailto://jo@example.com",
            "https://example.com/?token=[SECRET_1]",
            "https://music.example.com/track/1aB2cD3eF4gH5iJ6kL7mN8oP9",
            "https://example.com/resetting-1990s-furniture",
            "curl the hair at 10:30",
            "meet.google.com is down",
            "zoom.us/pricing",
            "sshpass is old, mysql -p is fine",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
