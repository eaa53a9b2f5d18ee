//! E-mail addresses without an at sign: "jok88 at example.com", "my gmail is jok88", and those that links carry.

use std::sync::LazyLock;

use regex::Regex;

use super::ENDING;
use crate::redact::{PiiKind, Span, nearby, pattern};
use crate::word_set::word_set;

/// "jok88 at example.com".
static HOSTED: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(
        r"(?xi) (?P<name> [a-z] (?: [a-z0-9_.+-]* [a-z0-9] )? )\x20at\x20 (?: [a-z0-9-]+ \. )+ {ENDING} (?-u:\b)"
    );
    Regex::new(&pattern).expect("the pattern is constant")
});

/// "my gmail is jok88": an account of mail by its host, which a word that is no name would not have a digit or a mark in.
static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) (?-u:\b) (?:gmail|hotmail|yahoo|icloud|outlook|protonmail) (?: \x20is | \x20?[:=] ) \x20? (?P<name> [a-z][a-z_.-]+[0-9][a-z0-9_.-]*[a-z0-9] | [a-z][a-z]{2,}[0-9] | [a-z]{2,}[._][a-z]{2,} ) (?: [\s,;!?] | [^\p{L}\p{N}\p{ASCII}] | \.+\s | \.*$ )",
    )
    .expect("the pattern is constant")
});

/// Those that a link carries: "…?email=jo%40example.com".
pub(in crate::redact) fn find_in_links(text: &str, found: &mut Vec<Span>) {
    static CARRIED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i-u)[a-z0-9._+-]+(?:%2b[a-z0-9._+-]+)?%40[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
            .expect("the pattern is constant")
    });
    if pattern::contains(text, "%40") {
        found.extend(CARRIED.find_iter(text).map(|address| Span::new(PiiKind::Email, "email/link", address.range())));
    }
}

/// Addresses whose at sign is the word, and whose host is written as ever: "jok88 at example.com".
pub(in crate::redact) fn find_hosted(text: &str, found: &mut Vec<Span>) {
    if !pattern::contains(text, " at ") {
        return;
    }
    for address in HOSTED.captures_iter(text) {
        let whole = address.get(0).map_or(0..0, |whole| whole.range());
        if !text[..whole.start].ends_with(char::is_alphanumeric) && is_named(&text[..whole.start], &address["name"]) {
            found.push(Span::new(PiiKind::Email, "email/hosted", whole));
        }
    }
}

/// Whether what stands before " at example.com" is a name of an account rather than a word: "jo.k", "jok88", or behind "mail".
fn is_named(before: &str, local: &str) -> bool {
    let odd = local.contains(['.', '_']) || local.contains(|c: char| c.is_ascii_digit());
    let lettered = local.starts_with(char::is_alphabetic) && local.chars().count() >= 3;
    let mail = || {
        let near = nearby::words_before(before, 24).to_ascii_lowercase();
        let word = near.trim_end_matches([' ', ':', '-']);
        ["mail", "email", "e-mail", "mail me", "mail is", "email is", "address is", "write to", "mail to", "email me"]
            .iter()
            .any(|sign| word.ends_with(sign))
    };
    lettered && odd || mail()
}

word_set! {
    /// What leads to an address.
    is_leading:
    "is" "its" "it's" "it’s" "im" "i'm" "email" "e-mail" "mail" "gmail" "to" "me" "us" "him" "her" "at" "address" "id" "ist" "es" "est" "é" "è" "add" "hit" "on" "my" "thats" "that's" "that’s"
    "correo" "courriel" "adresse" "mailadresse" "indirizzo" "почта" "адрес" "mine" "write" "ask" "contact" "ping" "cc" "reach" "try" "use" "ok" "hey" "hi" "yes" "yeah" "so" "and" "or" "lol";

    /// What no name is part of.
    is_of_sentence:
    "i" "we" "he" "she" "they" "you" "u" "was" "were" "are" "am" "be" "met" "saw" "live" "lives" "work" "works" "got" "get" "have" "has" "the" "a" "an" "there" "here" "from" "with" "for" "of" "in"
    "not" "just" "that" "this" "what" "who" "if" "then" "bounces" "tell" "send" "message" "invite" "lets" "let's" "meet" "text" "call" "forward" "fwd" "give" "share" "find" "see" "visit" "join" "schreib" "schreibe" "schick" "schicke" "meine" "meiner"
    "mein" "contacta" "contactá" "escribe" "escribí" "escríbele" "manda" "mandale" "envía" "envia" "fale" "escreve" "écris" "envoie" "scrivi" "mi" "su" "mon" "ma" "mama" "mum" "mom" "dad" "papa";
}

/// Where the name begins of which the word at `start` is the last, if nothing but it stands before the sign and behind what leads to an
/// address: "jo mary lee at example dot com all one word".
pub(super) fn first_name(text: &str, start: usize) -> usize {
    /// The most words of a name before its last.
    const MOST: usize = 2;
    let mut first = start;
    for number in 0..=MOST {
        let before = text[..first].trim_end_matches(' ');
        let word = &before[before.rfind(char::is_whitespace).map_or(0, |space| space + 1)..];
        let small = word.to_lowercase();
        if before.is_empty() || before.ends_with(['\n', ':', ',', '.', '-', '!', '?']) || is_leading(small.as_str()) {
            return first;
        }
        if number == MOST || !word.chars().all(char::is_alphabetic) || word.len() > 24 || is_of_sentence(small.as_str())
        {
            break;
        }
        first = before.len() - word.len();
    }
    start
}

/// Accounts by the name of their host alone.
pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    for account in ACCOUNT.captures_iter(text).filter_map(|account| account.name("name")) {
        found.push(Span::new(PiiKind::Email, "email/account", account.range()));
    }
}
