//! Passwords right behind the e-mail address that they belong to: "jo@example.com / Sunshine1".

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::pattern::Pattern;
use super::super::{PiiKind, Span};
use super::sentence::is_mixed;

/// The host of an address and what stands behind it.
static LOGIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?x)^ [A-Za-z0-9-]+ (?: \.[A-Za-z0-9-]+ )+ (?: \x20? [|:;] \x20? | \x20 //? \x20 | (?P<loose> \x20? \n | \x20 and \x20 ) ) (?P<value> [\x21-\x7e]{6,40} )")
        .expect("the pattern is constant")
});

/// "login: jo / Sunshine1", "u: jo p: Sunshine1".
static ACCOUNT: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}\p{N}_] ) (?: (?: log-?\x20?in | credentials | creds | zugangsdaten | user(?:name)? | usuario | usuário | identifiants? | inloggegevens ) \x20? [:=]? \s+ [^\s/|,:]{2,40} (?: \x20? [/|:,] \x20? | \n )
          | wi-?fi \x20? : \x20? [^\s/|,:]{2,40} \x20? [/|] \x20? | u \x20? : \x20? [^\s/|,:]{2,40} [\s,/]+ p \x20? : \x20? ) (?P<value> [\x21-\x7e]{6,40} )".to_owned()
});

/// As [`find`], behind the name of an account.
pub(super) fn find_named(text: &str, found: &mut Vec<Span>) {
    let values = ACCOUNT.of(text).captures_iter(text).filter_map(|captures| captures.name("value"));
    values.for_each(|value| push(text, value.range(), found));
}

pub(in crate::redact) fn find(text: &str, found: &mut Vec<Span>) {
    for sign in memchr::memchr_iter(b'@', text.as_bytes()) {
        let host = sign + 1;
        let end = text.floor_char_boundary(text.len().min(host + REACH));
        let Some(captures) = LOGIN.captures(&text[host..end]) else { continue };
        let sure = |value: &str| captures.name("loose").is_none() || is_chosen(value);
        let value = captures.name("value").filter(|value| sure(value.as_str()));
        if let Some(value) = value.filter(|_| text[..sign].ends_with(char::is_alphanumeric)) {
            push(text, host + value.start()..host + value.end(), found);
        }
    }
}

/// Whether `value` is as nobody writes but who makes up a password: "kettle5997", not "room12".
fn is_chosen(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let marked =
        value.trim_end_matches(['.', ',', ';', ')', '!', '?']).contains(['!', '?', '#', '$', '%', '&', '_', '+']);
    value.len() >= 9 && digits >= 2 || value.len() >= 8 && marked
}

/// How far behind the sign a password ends, in bytes.
const REACH: usize = 128;

fn push(text: &str, value: Range<usize>, found: &mut Vec<Span>) {
    let password = text[value.clone()].trim_end_matches(['.', ',', ';', ')']);
    if is_mixed(password) && !password.contains(['@', '/']) {
        found.push(Span::new(PiiKind::Password, "password/login", value.start..value.start + password.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        let find = |text: &str, spans: &mut Vec<Span>| {
            find(text, spans);
            find_named(text, spans);
        };
        found_by(find, text)
    }

    #[test]
    fn finds_what_stands_behind_an_address() {
        assert_eq!(found("jo@example.com / Sunshine1 ok"), ["Sunshine1"]);
        assert_eq!(found("jo@example.com:hunter2hunter"), ["hunter2hunter"]);
        assert_eq!(found("login: jo / Sunshine1"), ["Sunshine1"]);
        assert_eq!(found("wifi: guest / Sunshine1"), ["Sunshine1"]);
        assert_eq!(found("u: jo p: Sunshine1"), ["Sunshine1"]);
        assert_eq!(found("jo@example.com\nsunshine12"), ["sunshine12"]);
        assert_eq!(found("its jo@example.com and Sun_shine1"), ["Sun_shine1"]);
        assert_eq!(found("Zugangsdaten:\njo\nSunshine1"), ["Sunshine1"]);
        assert_eq!(found("its jo.k@mail.example.org | Tea4Two!."), ["Tea4Two!"]);
    }

    #[test]
    fn leaves_other_things_behind_addresses_alone() {
        for text in [
            "jo@example.com / 202-555-0142",
            "jo@example.com: hello there",
            "jo@example.com/max2@example.org",
            "https://lists.example.com/dev@example.org/msg12345.html",
            "jo@example.com; monday",
            "jo@example.com\nroom12b",
            "jo@example.com and room1408",
            "login at 9, logout2 at 17",
            "wifi: guestnet: event2024",
            "username: jo, or room1408",
            "git@example.com:jo/repo2024.git",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
