//! Passwords right behind the e-mail address that they belong to: "jo@example.com / Sunshine1".

use super::super::pattern::Pattern;
use super::super::{PiiKind, Span};
use super::sentence::is_mixed;

static LOGIN: Pattern = Pattern::new(|| {
    r"(?x) [\p{L}\p{N}\p{M}.+_-] @ [A-Za-z0-9-]+ (?: \.[A-Za-z0-9-]+ )+ (?: \x20? [|:;] \x20? | \x20 / \x20 ) (?P<value> [\x21-\x7e]{6,40} )".to_owned()
});

/// "login: jo / Sunshine1".
static ACCOUNT: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}\p{N}_] ) (?: log-?\x20?in | credentials | creds | zugangsdaten | user(?:name)? | usuario | usuário | identifiants? | inloggegevens ) \x20? [:=]? \s+ [^\s/|,:]{2,40} (?: \x20? [/|:,] \x20? | \n ) (?P<value> [\x21-\x7e]{6,40} )".to_owned()
});

/// As [`find`], behind the name of an account.
pub(super) fn find_named(text: &str, found: &mut Vec<Span>) {
    push_all(&ACCOUNT, text, found);
}

pub(in crate::redact) fn find(text: &str, found: &mut Vec<Span>) {
    push_all(&LOGIN, text, found);
}

fn push_all(pattern: &Pattern, text: &str, found: &mut Vec<Span>) {
    for value in pattern.of(text).captures_iter(text).filter_map(|captures| captures.name("value")) {
        let password = value.as_str().trim_end_matches(['.', ',', ';', ')']);
        if is_mixed(password) && !password.contains(['@', '/']) {
            let range = value.start()..value.start() + password.len();
            found.push(Span::new(PiiKind::Password, "password/login", range));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut spans = Vec::new();
        find(text, &mut spans);
        find_named(text, &mut spans);
        spans.iter().map(|span| &text[span.range.clone()]).collect()
    }

    #[test]
    fn finds_what_stands_behind_an_address() {
        assert_eq!(found("jo@example.com / Sunshine1 ok"), ["Sunshine1"]);
        assert_eq!(found("jo@example.com:hunter2hunter"), ["hunter2hunter"]);
        assert_eq!(found("login: jo / Sunshine1"), ["Sunshine1"]);
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
            "login at 9, logout2 at 17",
            "username: jo, or room1408",
            "git@example.com:jo/repo2024.git",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
