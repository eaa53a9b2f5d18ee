//! E-mail addresses.

mod account;

use std::cell::LazyCell;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::nearby::is_east_asian;
use super::pattern::Pattern;
use super::{PiiKind, Span};
use crate::word_set::word_set;
pub(super) use account::{find_hosted, find_in_links};

/// A local part, an at sign (people put a space beside it), a host with an ending of letters.
///
/// Local parts are the unquoted ones of RFC 5322 in any script (RFC 6531), or a quoted one without spaces.
static EMAIL: Pattern = Pattern::new(|| {
    let hosts = [&PROVIDERS[..], &PAYERS[..]].concat().join("|");
    r#"(?xi)
    (?: "[^"\n@]{1,62}" | [\p{L}\p{N}\p{M}!\#$%&'*+/=?^_`{|}~-]+(?:\.+[\p{L}\p{N}\p{M}!\#$%&'*+/=?^_`{|}~-]+)*\.? )
    \x20?[@\u{ff20}]{1,2}\x20?
    (?: (?: [\p{L}\p{N}\u{345}](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}])?\. )+ (?: xn--[a-z0-9-]+ | [\p{L}\p{M}]{2,} )
      | [\p{L}\p{N}\u{345}](?:[\p{L}\p{N}\p{M}_.-]*[\p{L}\p{N}\p{M}])? (?: \x20\.\x20? | , | \x20?[\[({]\.[\])}]\x20? ) (?:com|net|org|edu|co\.uk|de|fr|io|example)(?-u:\b)
      | (?:HOSTS)(?-u:\b)
      | \[ [0-9a-f:.]{7,45} \] )
    "#
    .replace("HOSTS", &hosts)
});

/// A full stop spelled out.
const DOT: &str = r"(?: \x20?[\[({<]\x20?(?:dot|punkt|punto|ponto|point|kropka|tečka|точка|\.)\x20?[\])}>]\x20? | \x20(?:dot|punkt|punto|ponto|point|kropka|tečka|tecka|bodka|точка|крапка|pont|punt|punct|piste|nokta|prikk)\x20 )";

/// Addresses spelled so that programs do not see them: "bo.lee [at] example.net", "ana at example dot de".
///
/// The word alone is not enough, for "at" is in every other message: it stands in brackets, or is another language's word for the
/// sign, or a full stop is spelled out behind it, or it leads to a host of mail.
static SPELLED: Pattern = Pattern::new(|| {
    const NAME: &str = r"[\p{L}\p{N}\u{345}](?:[\p{L}\p{N}\p{M}_.+-]*[\p{L}\p{N}\p{M}])?";
    format!(
        r"(?xi)
        {NAME} (?: (?: {DOT} | \x20(?:underscore|dash|hyphen)\x20 ) {NAME} )*
        (?: (?: \x20?[\[({{<]\x20?(?:{SIGN}|at|@)\x20?[\])}}>]\x20? | \x20{SIGN}\x20 )
            {NAME} (?: {DOT} {NAME} )* (?: {DOT} | \. ) [\p{{L}}]{{2,}}
          | \x20at\x20 {NAME} (?: {DOT} {NAME} )* {DOT} {ENDING} (?-u:\b)
          | \x20{RATE}\x20 (?: {NAME} (?: {DOT} {NAME} )* (?: {DOT} | \. ) {ENDING} | gmail | yahoo | hotmail | outlook ) (?-u:\b)
          | [\[(]a[\])] {NAME} \. {ENDING} (?-u:\b)
          | \x20at\x20 (?:gmail|googlemail|hotmail|icloud|protonmail) (?: {DOT} {ENDING} | \.{ENDING} )? (?-u:\b)
          | _at_ {NAME} \. [\p{{L}}]{{2,}} )
        "
    )
});

/// Endings of hosts, no word of English among them.
const ENDING: &str = r"(?:com|net|org|edu|gov|info|biz|co|io|app|dev|de|fr|es|nl|uk|ca|au|nz|sg|eu|ch|br|mx|pt|pl|ru|cn|jp|se|dk|fi|ie|example)";

/// What "at" is called where it is the sign.
const SIGN: &str = "(?:arroba|arobase|arrobase|ät|chiocciola|apenstaartje|apestaartje|klammeraffe|snabel-a|snabela|zavináč|zavinac|małpa|malpa|kukac|собака|собачка)";

/// The sign as it is called in India, as in "the rate" at which things are sold.
const RATE: &str = r"(?:at\x20(?:the|d)\x20rate(?:\x20of)?|attherate)";

/// What [`SPELLED`] has in the place of the sign, with as much behind it as it takes to tell it from the word.
static SPELLED_SIGN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?xi)
        [\[({{<]\x20?(?:{SIGN}|at|@)\x20?[\])}}>] | \x20{SIGN}\x20 | _at_
          | \x20{RATE}\x20 | [\[(]a[\])][^\x20]
          | \x20at\x20 (?: [^\x20]+ {DOT} | gmail | googlemail | hotmail | icloud | protonmail )
        "
    ))
    .expect("the pattern is constant")
});

/// `spelled`: whether there may be an address without its at sign (`Trigger::SpelledEmail`).
pub(super) fn find(text: &str, spelled: bool, found: &mut Vec<Span>) {
    let mut at = 0;
    // Told once, but only where there is a sign.
    let pattern = LazyCell::new(|| EMAIL.of(text));
    for sign in signs(text) {
        if sign < at {
            continue;
        }
        // Nothing before the word that the sign is behind belongs to the address, unless it is in quotes.
        let before = text[at..sign].strip_suffix(' ').unwrap_or(&text[at..sign]);
        let word = if before.contains('"') { 0 } else { before.rfind(char::is_whitespace).unwrap_or(0) };
        let start = at + word;
        let Some(address) = pattern.find_at(text, start) else { break };
        at = address.end();
        if !is_mention(address.as_str()) {
            let start = address.start() + before_local_part(address.as_str());
            let glued = in_ascii(&text[start..address.end()]);
            found.push(Span::new(PiiKind::Email, "email", start + glued.start..start + glued.end));
        }
    }
    let bracketed = || {
        let bytes = text.as_bytes();
        memchr::memchr_iter(b'@', bytes).any(|sign| matches!(bytes.get(sign + 1), Some(b')' | b']')))
    };
    if (spelled || bracketed()) && SPELLED_SIGN.is_match(text) {
        for address in SPELLED.of(text).find_iter(text).filter(|address| !is_looked_at(address.as_str())) {
            let start = account::first_name(text, address.start());
            found.push(Span::new(PiiKind::Email, "email/spelled", start..address.end()));
        }
    }
    if spelled {
        account::find(text, found);
    }
}

word_set! {
    /// What somebody does at a site, whose name is no account: "looking at amazon dot com", "have a look at gmail".
    is_done_at_a_site:
    "look" "looks" "looking" "looked" "work" "works" "working" "worked" "shop" "shopping" "order" "ordered" "buy" "bought" "check" "found" "find" "saw" "seen" "cheaper"
    "sale" "it" "them" "one" "stuff" "that" "this" "those" "me" "job" "login" "log" "read" "watch" "available" "deals" "is" "are" "im" "was" "am" "hey" "hi" "ppl" "people" "someone" "ordering" "still" "back" "again";
}

fn is_looked_at(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    address.split_once(' ').is_some_and(|(name, rest)| rest.starts_with("at ") && is_done_at_a_site(name))
}

/// "thanks @ana.k", "@ www.example.com": with a space beside the sign, what looks like a host is one if its ending is well known.
fn is_mention(address: &str) -> bool {
    const ENDINGS: &str = " com net org edu gov info biz co io dev de fr es nl uk ca au nz sg eu ch br mx pt pl ru cn jp se dk fi ie hk my \
        ph th tw vn kr za ar cl tr cz hu ro gr ua example ";
    let Some((local, host)) = address.split_once(['@', '\u{ff20}']) else { return false };
    // "git@example.com:jo/elm.git"
    if local == "git" {
        return true;
    }
    if !local.ends_with(' ') && !host.starts_with(' ') {
        return false;
    }
    let host = host.trim().to_ascii_lowercase();
    if is_among(&PAYERS, host.as_bytes()) {
        return true;
    }
    if host.contains(' ') {
        // "ring me @noon .net or not": a space beside the full stop alone is one too many.
        return !host.contains([',', '[', '(']) && !host.contains(" . ");
    }
    let ending = host.rsplit('.').next().unwrap_or_default();
    host.starts_with("www.")
        || !ENDINGS.contains(&format!(" {ending} ")) && !host.starts_with('[') && host.contains('.')
}

/// What stands before an address without a space and is none of it: the bar of "<mailto:jo@example.com|jo@example.com>", a link's path.
fn before_local_part(address: &str) -> usize {
    let local = address.find(['@', '\u{ff20}']).unwrap_or(0);
    let link = address[..local].find("//").and_then(|_| address[..local].rfind('/')).map_or(0, |slash| slash + 1);
    let marks =
        address[link..local].find(|c: char| !matches!(c, '|' | '*' | '\'' | '`' | '=' | '~' | '{' | '?' | '/' | '&'));
    link + marks.unwrap_or(0)
}

/// Where in `address` it stands without the words that a script without spaces glues to it: "邮箱是jo@example.com谢谢".
fn in_ascii(address: &str) -> Range<usize> {
    let whole = 0..address.len();
    let Some(sign) = (!address.is_ascii()).then(|| address.find(['@', '\u{ff20}'])).flatten() else { return whole };
    let (local, host) = address.split_at(sign);
    let last = local.char_indices().rfind(|(_, c)| is_east_asian(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    let first = host.find(is_east_asian).map_or(whole.end, |at| sign + at);
    let ending = host[..first - sign].rsplit('.').next().unwrap_or_default();
    let is_written = |part: &str| part.len() >= 2 && part.is_ascii();
    // All of it may be in such a script.
    Range {
        start: if local[last..].is_empty() || !local[last..].is_ascii() { 0 } else { last },
        end: if is_written(ending) && !ending.contains('@') { first } else { whole.end },
    }
}

/// Hosts that people leave the ending of: "jo88@gmail".
const PROVIDERS: [&str; 11] = [
    "gmail",
    "googlemail",
    "hotmail",
    "yahoo",
    "outlook",
    "icloud",
    "protonmail",
    "gmailcom",
    "hotmailcom",
    "yahoocom",
    "outlookcom",
];

/// What stands behind the sign in the addresses that India pays by: "jo.k@okaxis".
const PAYERS: [&str; 31] = [
    "okaxis",
    "okhdfcbank",
    "okicici",
    "oksbi",
    "ybl",
    "ibl",
    "axl",
    "paytm",
    "upi",
    "apl",
    "yapl",
    "rapl",
    "waicici",
    "wahdfcbank",
    "wasbi",
    "waaxis",
    "ptyes",
    "ptsbi",
    "pthdfc",
    "ptaxis",
    "axisbank",
    "hdfcbank",
    "icici",
    "sbi",
    "kotak",
    "yesbank",
    "fbl",
    "idfcbank",
    "jupiteraxis",
    "ikwik",
    "naviaxis",
];

/// Whether `host` is one of `known`.
fn is_among(known: &[&str], host: &[u8]) -> bool {
    known.iter().any(|known| host.eq_ignore_ascii_case(known.as_bytes()))
}

/// The at signs of `text` that have what an address needs on both sides: in "ask @jo, ok" it has no host.
fn signs(text: &str) -> impl Iterator<Item = usize> + '_ {
    let is_space = |byte: &&u8| **byte == b' ';
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') || !byte.is_ascii();
    let looks_whole = move |at: usize, length: usize| {
        let (before, behind) = (&text.as_bytes()[..at], &text.as_bytes()[at + length..]);
        let before = &before[..before.len() - before.iter().rev().take(1).filter(is_space).count()];
        let behind = &behind[behind.iter().take(1).filter(is_space).count()..];
        let host = behind.iter().take_while(|byte| is_host(**byte)).count();
        let (host, rest) = behind.split_at(host);
        let rest = &rest[rest.iter().take(1).filter(is_space).count()..];
        before.last().is_some_and(|byte| !byte.is_ascii_whitespace())
            && (host.contains(&b'.')
                || is_among(&PROVIDERS, host)
                || is_among(&PAYERS, host)
                || matches!(rest.first(), Some(b'.' | b',' | b'[' | b'(' | b'{')))
    };
    // The sign that is not ASCII's begins with this byte.
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'@', 0xef, bytes).filter(move |&at| match bytes[at] {
        b'@' => looks_whole(at, 1),
        _ => text[at..].starts_with('\u{ff20}') && looks_whole(at, '\u{ff20}'.len_utf8()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        let find = |text: &str, spans: &mut Vec<Span>| {
            find(text, true, spans);
            find_hosted(text, spans);
            find_in_links(text, spans);
        };
        found_by(find, text)
    }

    #[test]
    fn finds_addresses_in_running_text() {
        for (text, address) in [
            ("jo@example.com", "jo@example.com"),
            ("its jo.k+home@mail.example.co.uk.", "jo.k+home@mail.example.co.uk"),
            ("mail me(jo_k@example.org)!", "jo_k@example.org"),
            ("jo @example.com", "jo @example.com"),
            ("JO@EXAMPLE.COM", "JO@EXAMPLE.COM"),
            ("josé@exämple.org", "josé@exämple.org"),
            ("メアドはjo@example.jpです", "jo@example.jp"),
            ("邮箱jo.k@example.com谢谢", "jo.k@example.com"),
            ("메일 jo@example.kr이야", "jo@example.kr"),
            ("小明@例子.公司", "小明@例子.公司"),
            ("\"jo.k\"@example.com", "\"jo.k\"@example.com"),
            ("jo@xn--exmple-cua.com", "jo@xn--exmple-cua.com"),
            ("its jo＠example.com", "jo＠example.com"),
            ("jo@example . com", "jo@example . com"),
            ("jo@example,com or so", "jo@example,com"),
            ("jo@[192.0.2.7]", "jo@[192.0.2.7]"),
            ("\"jo k\"@example.com", "\"jo k\"@example.com"),
            ("mail jo.k [at] example.net", "jo.k [at] example.net"),
            ("jo(at)example.net!", "jo(at)example.net"),
            ("jo {at} example {dot} net", "jo {at} example {dot} net"),
            ("thats jo dot k at example dot com", "jo dot k at example dot com"),
            ("JO AT EXAMPLE DOT COM", "JO AT EXAMPLE DOT COM"),
            ("jo arroba ejemplo punto es", "jo arroba ejemplo punto es"),
            ("jo ät beispiel punkt de", "jo ät beispiel punkt de"),
            ("jo_at_example.org", "jo_at_example.org"),
            ("write jok88 at gmail", "jok88 at gmail"),
            ("<joklee at gmail.com> wrote", "joklee at gmail.com"),
            ("jok88 at example.com ok", "jok88 at example.com"),
            ("mine: jo.k at example.co.uk", "jo.k at example.co.uk"),
            ("email jo at example.com", "jo at example.com"),
            ("jo <at> example <dot> com", "jo <at> example <dot> com"),
            ("jo@@example.com", "jo@@example.com"),
            ("jo (arroba) ejemplo (punto) com", "jo (arroba) ejemplo (punto) com"),
            ("jo snabela eksempel punkt dk", "jo snabela eksempel punkt dk"),
            ("jo małpa przyklad.pl", "jo małpa przyklad.pl"),
            ("jo malpa przyklad kropka pl", "jo malpa przyklad kropka pl"),
            ("jo собака primer точка ru", "jo собака primer точка ru"),
            ("jo (@) example.com", "jo (@) example.com"),
            ("jo[@]example.com", "jo[@]example.com"),
            ("jo underscore k at example dot com", "jo underscore k at example dot com"),
            ("jo.k at the rate example.com", "jo.k at the rate example.com"),
            ("my id jo88 at the rate gmail dot com likh lo", "jo88 at the rate gmail dot com"),
            ("jo88 at the rate of gmail dot com", "jo88 at the rate of gmail dot com"),
            ("jo.k(a)example.net!", "jo.k(a)example.net"),
            ("jo mary lee at example dot com all one word", "jo mary lee at example dot com"),
            ("email jo lee at gmail dot com", "jo lee at gmail dot com"),
            ("my email is jo lee at gmail dot com", "jo lee at gmail dot com"),
            ("jo lee 88 at the rate gmail dot com", "jo lee 88 at the rate gmail dot com"),
            ("if it bounces then try jo at example dot com", "jo at example dot com"),
            ("i saw jo at gmail", "jo at gmail"),
            ("its jo88@hotmail lol", "jo88@hotmail"),
            ("ask jo@example .com ok", "jo@example .com"),
            ("upi: jo.k88@okaxis pls", "jo.k88@okaxis"),
            ("|jo@example.com", "jo@example.com"),
            ("https://lists.example.com/dev@example.org/1", "dev@example.org"),
            ("jok.@example.com", "jok.@example.com"),
            ("its jok@gmailcom", "jok@gmailcom"),
            ("jok apestaartje voorbeeld punt nl", "jok apestaartje voorbeeld punt nl"),
            ("jok kukac pelda pont hu", "jok kukac pelda pont hu"),
            ("jok собачка пример точка ру", "jok собачка пример точка ру"),
            ("my gmail is jok88", "jok88"),
            ("hotmail: jo.lee", "jo.lee"),
            ("https://example.com/in?email=jok%40example.org&a=1", "jok%40example.org"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4000))]
        #[test]
        fn what_is_no_address_at_first_sight_is_none(text in "[a. ,@＠\"\\[\\](é我_-]{0,4}(@|＠)[a1. ,\\[\\](){}é我_-]{0,5}(\\.com|com|de)?") {
            proptest::prop_assert!(signs(&text).next().is_some() || !EMAIL.of(&text).is_match(&text));
        }
    }

    #[test]
    fn leaves_handles_and_prices_alone() {
        for text in [
            "@jo",
            "meet @ 5",
            "jo@home",
            "3 @ 1.50",
            "a@b",
            "@example.com",
            "jo@",
            "cu @ the gym. ok",
            "look at that dot in the sky",
            "meet (at) noon",
            "we are at example",
            "punkt 8 at the bar",
            "cu @gym, ok",
            "prices rise at the rate of 2.5 percent",
            "selling at the rate they had. de novo",
            "section 3(a) applies",
            "option (a)or (b)",
            "i'm at a dot on the map",
            "me@home . ok",
            "follow @sunny.side its new",
            "thanks @ana.k and @bo.lee",
            "ring me @noon .net or not",
            "meet me @home .de facto",
            "meet me @home. de facto",
            "win shirts@ www.example.com",
            "look at example.com",
            "i saw it at example.com",
            "pre-order at example.com",
            "2 at example.com",
            "i was there. At example.com they say",
            "собака гуляет",
            "thanks @paytm",
            "git clone git@example.com:jo/elm.git",
            "the kukac is small",
            "look at gmail for once",
            "was looking at example dot com",
            "gmail is down",
            "gmail: 2 new mails",
            "my gmail is full.",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
