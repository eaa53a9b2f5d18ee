//! Passwords right behind the e-mail address that they belong to: "jo@example.com / Sunshine1".

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::pattern::{self, Led, Pattern};
use super::super::{PiiKind, Span, nearby};
use super::value::{ends, is_chosen, is_mixed, without_end};
use crate::word_set::word_set;

/// The host of an address and what stands behind it.
static LOGIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?x)^ [A-Za-z0-9-]+ (?: \.[A-Za-z0-9-]+ )+ (?: \x20? [|:;] \x20? | \x20 (?: //? | - ) \x20 | (?P<loose> \x20? \r? \n | \x20 and \x20 | (?P<space> \x20 ) ) ) (?P<value> [\x21-\x7e]{6,40} )")
        .expect("the pattern is constant")
});

/// Words for the name of an account.
const NAMED: &str = r"(?: log-?\x20?in | sign-?\x20?in | credentials | creds | zugangsdaten | user\x20?(?:name)? | usuario | usuário | utente | identifiants? | benutzer(?:name)? | inloggegevens | логин )";

/// What names are written in, less what stands behind them. All but a few letters would take a far larger automaton.
const WORD: &str = r"[\x21-\x2b\x2d\x2e\x30-\x39\x3b-\x7b\x7d\x7e\u{c0}-\u{24f}\u{400}-\u{4ff}]";

/// A word for the name of an account.
static NAME: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: ^ | [^\p{{L}}\p{{N}}_] ) (?: {NAMED} | wi-?fi | logged\x20in | log\x20into | u | admin | root ) (?: [^\p{{L}}\p{{N}}_] | $ )"
    )
});

/// "login: jo / Sunshine1", "u: jo p: Sunshine1", "login is jo and Sunshine1", "log in to the site with jo and Sunshine1".
static ACCOUNT: Led = Led::new(&NAME, || {
    format!(
        r"(?xi) ^ [^\p{{L}}\p{{N}}_]? (?: (?: {NAMED} (?: (?: \x20 | ['’] ) (?: is | s | es | est | ist | è | é | это ) )? \x20? [:=]? \s+ | (?: {NAMED} | log\x20into | logged\x20in ) (?: \x20 [\p{{L}}\p{{N}}]+ ){{0,4}}? \x20 (?P<with> with ) \x20 | {NAMED} \x20 as \x20 (?: me ,? \x20 )? (?P<as> ) )
              (?P<name> {WORD}{{2,40}} ) (?: \x20? [/|:,] \x20? | \n | (?P<loose> \x20 (?: and | & | y | et | und | e | и ) \x20 ) )
          | (?: admin | root ) \x20? / \x20? | wi-?fi (?: \x20 [\p{{L}}'’]+ ){{0,3}} \x20? : \x20? {WORD}{{2,40}} \x20? [/|] \x20? | u \x20? : \x20? (?P<letter> {WORD}{{2,40}} ) [\s,/]+ p \x20? : \x20? ) (?P<value> [\x21-\x7e]{{6,40}} )"
    )
});

/// The name of an account at the end of a text.
static INTRODUCING: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: ^ | [^\p{{L}}] ) (?: (?P<user> {NAMED} | acc | acct | account | id ) | ssid | wi-?fi | network | e-?mail ) (?: [:=\s–—-]+ (?: (?: is | es | est | ist | è | é ) \s )? (?P<name> [^\s,;/|]+ ) )? (?: [\s,;/|]* (?: \x20 (?: and | & | y | et | und | e | и ) )? (?: \x20 (?: the | my | la | le | das ) )? [\s(]* ) $"
    )
});

/// Whether an account, or its name, is what `before` ends with.
pub(in crate::redact) fn introduces(before: &str) -> bool {
    let before = nearby::words_before(before, 48);
    INTRODUCING.of(before).is_match(before)
}

/// The name of an account before the password that the word at `noun` announces: "user jo_k88 pass …".
pub(super) fn name_before(text: &str, noun: usize) -> Option<Range<usize>> {
    let before = nearby::words_before(&text[..noun], 64);
    let captures = INTRODUCING.of(before).captures(before)?;
    let name = captures.name("name").filter(|_| captures.name("user").is_some())?;
    let start = noun - before.len();
    named(text, start + name.start()..start + name.end())
}

/// The name of an account in `range`, without its quotes, if it is one that not everybody has.
fn named(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const NO_NAMES: &str =
        " name names and with your admin root guest user is the password id email details info page ";
    let name = text[range].trim_matches(['"', '\'', '`']);
    let start = name.as_ptr() as usize - text.as_ptr() as usize;
    let tells = name.len() >= 4 && !NO_NAMES.contains(&format!(" {} ", name.to_lowercase()));
    (tells && !name.contains(['@', '[', ']', ':', '='])).then_some(start..start + name.len())
}

/// As [`find`], behind the name of an account.
pub(super) fn find_named(text: &str, found: &mut Vec<Span>) {
    if !text.split_whitespace().any(is_mixed) {
        return;
    }
    for matched in ACCOUNT.captures_iter(text) {
        let Some(value) = matched.name("value") else { continue };
        let password = without_end(&text[value.clone()]);
        let logged_in = matched.name("with").or_else(|| matched.name("as")).is_some();
        let host = || matched.name("name").is_some_and(|name| is_host(text[name].to_lowercase().as_str()));
        let word = password[..letters(password)].to_lowercase();
        // "log in with jo and kettle77", but neither "… with jo and room1408" nor "… with google and windows11"
        let told = || logged_in && word.chars().count() >= 6 && ends(&text[value.end..]);
        let others = || is_thing(word.as_str()) || logged_in && host();
        let fits = || (is_chosen(password) || told()) && !others();
        if matched.name("loose").is_none() || fits() {
            let before = found.len();
            push(text, value, found);
            let name = matched.name("name").or_else(|| matched.name("letter")).filter(|_| found.len() > before);
            let name = name.and_then(|name| named(text, name));
            found.extend(name.map(|name| Span::new(PiiKind::Password, "password/user_name", name)));
        }
    }
}

pub(in crate::redact) fn find(text: &str, found: &mut Vec<Span>) {
    for sign in memchr::memchr_iter(b'@', text.as_bytes()) {
        let host = sign + 1;
        let end = text.floor_char_boundary(text.len().min(host + REACH));
        let Some(captures) = LOGIN.captures(&text[host..end]) else { continue };
        let Some(value) = captures.name("value").filter(|_| text[..sign].ends_with(char::is_alphanumeric)) else {
            continue;
        };
        let range = host + value.start()..host + value.end();
        let chosen = || is_chosen(value.as_str());
        let fits = match (captures.name("loose"), captures.name("space")) {
            (None, _) => true,
            (_, None) => chosen(),
            _ => {
                let after = &text[range.end..];
                chosen() && (ends(after) && is_of_account(&text[..sign]) || after.starts_with(" for "))
            }
        };
        if fits {
            push(text, range, found);
        }
    }
}

/// Whether the address that `before` ends with is said to open something: "hulu login jo.k", "its details: jo.k".
fn is_of_account(before: &str) -> bool {
    const WORDS: [&str; 9] = ["login", "log in", "logon", "sign in", "detail", "cred", "account", "acc", "user"];
    let near = nearby::words_before(before, 64);
    WORDS.iter().any(|word| pattern::contains(near, word))
}

word_set! {
    /// With whose account one logs in elsewhere.
    is_host:
    "google" "facebook" "fb" "apple" "microsoft" "amazon" "github" "discord" "twitter" "insta" "instagram" "paypal" "spotify" "steam" "gmail" "email";

    /// Names of things whose number stands behind them.
    is_thing:
    "iphone" "windows" "android" "galaxy" "chrome" "office" "google" "macos" "safari" "firefox";
}

/// Where the letters that `word` begins with end.
fn letters(word: &str) -> usize {
    word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len())
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
    fn finds_the_name_of_the_account_before_a_password() {
        let name = |before: &'static str| name_before(before, before.len()).map(|range| &before[range]);
        for (before, found) in [
            ("user jo_k88", "jo_k88"),
            ("log in with username: jolee\n", "jolee"),
            ("usuario jolee y la", "jolee"),
            ("login jo.lee,", "jo.lee"),
            ("username - jo_k88\n", "jo_k88"),
            ("steam acc: jolee_19 / ", "jolee_19"),
            ("portal id 20193847", "20193847"),
        ] {
            assert_eq!(name(before), Some(found), "{before:?}");
        }
        for before in
            ["user name and", "login with your", "my wifi is TheNest", "login [EMAIL_1]", "the user admin", "my"]
        {
            assert_eq!(name(before), None, "{before:?}");
        }
    }

    #[test]
    fn finds_what_stands_behind_an_address() {
        assert_eq!(found("jo@example.com / Sunshine1 ok"), ["Sunshine1"]);
        assert_eq!(found("jo@example.com:hunter2hunter"), ["hunter2hunter"]);
        assert_eq!(found("login: jo / Sunshine1"), ["Sunshine1"]);
        assert_eq!(found("wifi: guest / Sunshine1"), ["Sunshine1"]);
        assert_eq!(found("u: jo p: Sunshine1"), ["Sunshine1"]);
        assert_eq!(found("jo@example.com\nsunshine12"), ["sunshine12"]);
        assert_eq!(found("jo@example.com\r\nsunshine12"), ["sunshine12"]);
        assert_eq!(found("its jo@example.com and Sun_shine1"), ["Sun_shine1"]);
        assert_eq!(found("Zugangsdaten:\njo\nSunshine1"), ["Sunshine1"]);
        assert_eq!(found("its jo.k@mail.example.org | Tea4Two!."), ["Tea4Two!"]);
        assert_eq!(found("jo@example.com sunshine2012 for acme"), ["sunshine2012"]);
        assert_eq!(found("acme login jo_k88 / Sun#shine1"), ["jo_k88", "Sun#shine1"]);
        assert_eq!(found("admin/sunshine1 works"), ["sunshine1"]);
        assert_eq!(found("acme login jo@example.com Tea$Pot9"), ["Tea$Pot9"]);
        assert_eq!(found("acme details: jo@example.com sunshine2012."), ["sunshine2012"]);
        assert_eq!(found("login is jo / Sunshine1"), ["Sunshine1"]);
        assert_eq!(found("log in with jonnyb and Kettle77"), ["jonnyb", "Kettle77"]);
        assert_eq!(found("just log in as me, jonnyb and kettles7"), ["jonnyb", "kettles7"]);
        assert_eq!(found("login is jo and Sun5Hine"), ["Sun5Hine"]);
        assert_eq!(found("log into the portal with 20981 and sunshine2012"), ["20981", "sunshine2012"]);
        assert_eq!(found("wifi at mums: TheNest / sunshine12"), ["sunshine12"]);
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
            "login jo@example.com room1408 is yours",
            "mail jo@example.com windows2012 crashed",
            "log in with jo and room1408",
            "log in with google and kettle77",
            "log in with jo and windows11",
            "log in with jo and kettle77 works too",
            "login is down and room1408",
            "git@example.com:jo/repo2024.git",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
