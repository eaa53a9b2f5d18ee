//! What opens something by itself: tokens in links, API keys by their published shapes, private keys.

mod booking;
mod meeting;
mod voucher;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{PiiKind, Span, nearby, pattern, placeholder};
pub(super) use booking::find as find_bookings;
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

/// What is in links.
pub(super) fn find_in_links(text: &str, found: &mut Vec<Span>) {
    let mut push = |rule, range: Range<usize>| found.push(Span::new(PiiKind::Secret, rule, range));
    let mut end = 0;
    for (at, _) in text.match_indices("://") {
        let start = at + 3;
        // What a link within a link has behind its host was looked at with the outer one.
        if start < end {
            login(&text[start..end], start, &mut push);
            continue;
        }
        end = text[start..]
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|') || nearby::is_picture(c))
            .map_or(text.len(), |end| start + end);
        in_link(text, start..end, &mut push);
    }
}

/// "https://user:password@host": what stands before the host of the link `whole`, which begins at `start` behind its scheme.
fn login(whole: &str, start: usize, push: &mut impl FnMut(&'static str, Range<usize>)) {
    let host = &whole[..whole.find(['/', '?', '#']).unwrap_or(whole.len())];
    if let Some(at) = host.rfind('@').filter(|&at| host[..at].contains(':')) {
        push("secret/login_in_link", start..start + at);
    }
}

/// The secrets in one link, whose scheme ends at `link.start`.
fn in_link(text: &str, link: Range<usize>, push: &mut impl FnMut(&'static str, Range<usize>)) {
    let whole = &text[link.clone()];
    let path_at = whole.find(['/', '?', '#']).unwrap_or(whole.len());
    login(whole, link.start, push);
    let query_at = whole.find(['?', '#']).unwrap_or(whole.len());
    let lets_in = whole[path_at..query_at].split(['/', '-', '_']).any(is_letting_in);
    in_path(&whole[path_at..query_at], link.start + path_at, push);
    let mut at = query_at;
    for pair in whole[query_at..].split(['?', '&', '#', ';']) {
        if let Some((key, value)) = pair.split_once('=') {
            let value = value.trim_end_matches(['.', ',', ')', '!']);
            let start = link.start + at + key.len() + 1;
            let proves = lets_in && (is_random(value) || value.len() >= 16 && is_dense(value));
            if value.len() >= 4 && (is_secret_key(key) || proves) && placeholder::length(value).is_none() {
                push("secret/link_parameter", start..start + value.len());
            }
        }
        at += pair.len() + 1;
    }
}

/// A segment that somebody was sent to prove who they are ("/reset/4f9a…"), or that no person would type.
fn in_path(path: &str, start: usize, push: &mut impl FnMut(&'static str, Range<usize>)) {
    // What these are followed by is the name of something that everybody may see.
    const PUBLIC: [&str; 6] = ["track", "album", "artist", "playlist", "episode", "show"];
    let mut at = start;
    let mut previous = String::new();
    for segment in path.split('/') {
        let value = segment.trim_end_matches(['.', ',', ')', '!']);
        let token =
            value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=' | b'~'));
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        // "login-page" is followed by pages more often than "login" is.
        let lets_in =
            is_letting_in(&previous) && digits > 0 || previous.split(['-', '_']).any(is_letting_in) && is_dense(value);
        if token && (lets_in && value.len() >= 6 || is_random(value) && !PUBLIC.contains(&previous.as_str())) {
            push("secret/link_path", at..at + value.len());
        } else if let Some(key) = value.strip_prefix("private-").filter(|key| token && key.len() >= 16) {
            push("secret/link_path", at + value.len() - key.len()..at + value.len());
        }
        previous = segment.to_ascii_lowercase();
        at += segment.len() + 1;
    }
}

/// Whether `word` of a link leads to where somebody proves who they are.
fn is_letting_in(word: &str) -> bool {
    const WORDS: [&str; 18] = [
        "reset",
        "verify",
        "confirm",
        "invite",
        "token",
        "magic",
        "activate",
        "auth",
        "login",
        "join",
        "unsubscribe",
        "password",
        "signin",
        "share",
        "verification",
        "private",
        "secret",
        "recover",
    ];
    WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Letters and digits, a quarter of them digits at the least.
fn is_dense(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    digits * 4 >= value.len() && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Twenty-two characters (128 bits in base 64) or more of capitals, small letters and digits in no order.
fn is_random(value: &str) -> bool {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        b'a'..=b'z' => 2,
        _ => 3,
    };
    let bytes = value.as_bytes();
    let has = |wanted| bytes.iter().any(|byte| class(*byte) == wanted);
    // "How-To-Make-10-Great-Pies": the capital of a word and what parts it from the next say nothing.
    let parts = bytes.split(|byte| class(*byte) == 3);
    let changes: usize = parts
        .map(|part| {
            let titled = part.len() > 1 && class(part[0]) == 1 && class(part[1]) == 2;
            part.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count() - usize::from(titled)
        })
        .sum();
    bytes.len() >= 22 && has(0) && has(1) && has(2) && changes * 3 >= bytes.len()
}

fn is_secret_key(key: &str) -> bool {
    const KEYS: [&str; 31] = [
        "rlkey",
        "auth",
        "key",
        "pass",
        "passwd",
        "pwd",
        "pw",
        "sig",
        "sign",
        "code",
        "otp",
        "session",
        "sessionid",
        "sid",
        "jsessionid",
        "phpsessid",
        "jwt",
        "credential",
        "credentials",
        "ticket",
        "invite",
        "nonce",
        "x-amz-signature",
        "x-amz-credential",
        "awsaccesskeyid",
        "access",
        "assertion",
        "resourcekey",
        "tk",
        "pin",
        "hmac",
    ];
    const ENDINGS: [&str; 6] = ["token", "secret", "password", "signature", "apikey", "_key"];
    let key = key.to_ascii_lowercase();
    KEYS.contains(&key.as_str()) || ENDINGS.iter().any(|ending| key.ends_with(ending)) || key.ends_with("-key")
}

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
