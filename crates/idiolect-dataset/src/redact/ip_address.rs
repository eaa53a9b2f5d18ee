//! IP addresses, version 4 and 6, and those that networks know a device by (MAC).

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::Regex;

use super::{PiiKind, Span, nearby, pattern};

static V4: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u)\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}\b)?").expect("the pattern is constant"));

static V6: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:(?:\.\d{1,3}){3})?").expect("the pattern is constant")
});

/// As IEEE 802 writes them, "00:1A:2B:3C:4D:5E"; in threes, or in one, where a word announces one.
static MAC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u)[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}|[0-9A-Fa-f]{12}")
        .expect("the pattern is constant")
});

pub(super) fn find_v4(text: &str, found: &mut Vec<Span>) {
    // Three dots at the end of a sentence are no address.
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let joined = |&at: &usize| at > 0 && is_digit(at - 1) && is_digit(at + 1);
    if memchr::memchr_iter(b'.', bytes).filter(joined).nth(2).is_none() {
        return;
    }
    for run in V4.find_iter(text) {
        let (before, after) = (&text[..run.start()], &text[run.end()..]);
        let address = run.as_str().split('/').next().unwrap_or_default();
        // "v1.2.3.4" and "version 1.2.3.4" are releases; "1.2.3.4.5" is a section.
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let goes_on =
            after.starts_with(part) || after.starts_with('.') && after[1..].starts_with(|c: char| c.is_ascii_digit());
        // Four single digits are a section or a release more often than an address.
        // "8.8.8.8:53", "8.8.8.8: 3ms", "8.8.8.8:/tmp", but "6.4.4.3:Text.Lex".
        let ported = after.starts_with([':', '/']) && !after[1..].starts_with(|c: char| c.is_ascii_alphabetic());
        let tiny = address.len() == 7 && !text.trim().eq(run.as_str()) && !is_announced(before) && !ported;
        let started =
            tiny || before.ends_with(part) && !is_glued(before) || before.ends_with('.') || is_version(before);
        if !started && !goes_on && address.parse::<Ipv4Addr>().is_ok_and(is_somebodys) {
            found.push(Span::new(PiiKind::IpAddress, "ip_address/v4", run.range()));
        }
    }
}

pub(super) fn find_v6(text: &str, found: &mut Vec<Span>) {
    // "10:30" and "see:" have no second colon that nothing but digits of base 16 leads to.
    let mut parts = text.as_bytes().split(|byte| *byte == b':').skip(1).peekable();
    let is_group = |part: &[u8]| part.iter().all(u8::is_ascii_hexdigit);
    if !std::iter::from_fn(|| parts.next().filter(|_| parts.peek().is_some())).any(is_group) {
        return;
    }
    for run in V6.find_iter(text) {
        let address = run.as_str().strip_suffix(':').filter(|rest| !rest.ends_with(':')).unwrap_or(run.as_str());
        let (before, after) = (&text[..run.start()], &text[run.start() + address.len()..]);
        let part = |c: char| c.is_alphanumeric() || c == '_';
        // "abc::def" names something in a program; an address of so few groups has a digit.
        let groups = address.split(':').filter(|group| !group.is_empty()).count();
        let sure = address.bytes().any(|byte| byte.is_ascii_digit()) && groups >= 2;
        if sure && !before.ends_with(part) && !after.starts_with(part) && address.parse::<Ipv6Addr>().is_ok() {
            found.push(Span::new(PiiKind::IpAddress, "ip_address/v6", run.start()..run.start() + address.len()));
        }
    }
}

pub(super) fn find_mac(text: &str, found: &mut Vec<Span>) {
    let five = |mark: u8| memchr::memchr_iter(mark, text.as_bytes()).nth(4).is_some();
    if !five(b':') && !five(b'-') && !pattern::contains(text, "mac") {
        return;
    }
    for run in MAC.find_iter(text) {
        let (before, after) = (&text[..run.start()], &text[run.end()..]);
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-');
        // Six pairs of digits alone may be times or scores.
        let paired = run.as_str().contains([':', '-']);
        let lettered = run.as_str().bytes().any(|byte| byte.is_ascii_alphabetic());
        let sure = paired && lettered || (paired || lettered) && is_of_a_device(before);
        // "mac:00:1A…", but no seventh pair.
        let is_mac = |word: &[u8; 3]| word.eq_ignore_ascii_case(b"mac");
        let led = before.strip_suffix(':').and_then(|word| word.as_bytes().last_chunk()).is_some_and(is_mac);
        let goes_on = after.starts_with([':', '-']) && after[1..].starts_with(|c: char| c.is_ascii_alphanumeric());
        let whole = (led || !before.ends_with(part)) && !goes_on && !after.starts_with(|c: char| c.is_alphanumeric());
        if sure && whole {
            found.push(Span::new(PiiKind::IpAddress, "ip_address/mac", run.range()));
        }
    }
}

/// Whether "mac" stands close before.
fn is_of_a_device(before: &str) -> bool {
    let near = nearby::words_before(before, 24);
    near.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("mac"))
}

/// Not every machine's own address, nor a mask.
fn is_somebodys(address: Ipv4Addr) -> bool {
    !address.is_loopback() && !address.is_unspecified() && address.octets()[0] != 255
}

/// Whether only a space is missing behind the word: "ip192.0.2.17".
fn is_glued(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ["ip", "dns", "ping", "server"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether a word of networks stands within reach before the address.
fn is_announced(before: &str) -> bool {
    let reach = before.char_indices().rev().nth(32).map_or(0, |(at, _)| at);
    let near = before[reach..].to_ascii_lowercase();
    let words = [
        "ip", "dns", "ping", "server", "host", "ssh", "gateway", "subnet", "router", "resolver", "://", "address",
        "proxy", "vpn",
    ];
    near.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word)) || near.ends_with("://")
}

fn is_version(before: &str) -> bool {
    let word = before.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    ["version", "ver", "v", "build", "release", "firmware", "chrome", "driver", "section", "clause", "chapter"]
        .iter()
        .any(|v| word.eq_ignore_ascii_case(v))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let find = |text: &str, spans: &mut Vec<Span>| {
            find_v4(text, spans);
            find_v6(text, spans);
            find_mac(text, spans);
        };
        crate::redact::tests::found_by(find, text)
    }

    /// Addresses from the documentation ranges (RFC 5737, RFC 3849).
    #[test]
    fn finds_both_versions() {
        for (text, address) in [
            ("ping 192.0.2.17 pls", "192.0.2.17"),
            ("ip192.0.2.17", "192.0.2.17"),
            ("the dns is 8.8.8.8", "8.8.8.8"),
            ("its 198.51.100.7:8080.", "198.51.100.7"),
            ("scp x jo@8.8.4.4:/tmp", "8.8.4.4"),
            ("8.8.8.8: 3ms", "8.8.8.8"),
            ("http://203.0.113.9/x", "203.0.113.9"),
            ("net 192.0.2.0/24", "192.0.2.0/24"),
            ("2001:db8::8a2e:370:7334", "2001:db8::8a2e:370:7334"),
            ("at 2001:0db8:0000:0000:0000:ff00:0042:8329.", "2001:0db8:0000:0000:0000:ff00:0042:8329"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("::ffff:192.0.2.128", "::ffff:192.0.2.128"),
            ("its mac address is 00:1A:2B:3C:4D:5E ok", "00:1A:2B:3C:4D:5E"),
            ("mac:00-00-5e-00-53-01", "00-00-5e-00-53-01"),
            ("MAC 10:20:30:40:50:60", "10:20:30:40:50:60"),
            ("mac addr 001a2b3c4d5e", "001a2b3c4d5e"),
            ("mac: 001A.2B3C.4D5E", "001A.2B3C.4D5E"),
        ] {
            assert_eq!(found(text).last(), Some(&address), "{text:?}");
        }
    }

    #[test]
    fn leaves_versions_times_and_paths_alone() {
        for text in [
            "see section 6.4.4.3 of it",
            "tool-6.9.0.4",
            "(section 6.4.4.3: words)",
            "tool-6.9.0.4:A.B",
            "v1.2.3.4",
            "version 1.2.3.4 is out",
            "1.2.3.4.5",
            "999.1.1.1",
            "localhost is 127.0.0.1",
            "localhost is ::1",
            "mask 255.255.255.0",
            "at 10:30:45",
            "std::vec",
            "abc::def",
            "1.2.3",
            "::",
            "12:30",
            "a: b: c",
            "splits 10:20:30:40:50:60",
            "commit: 001a2b3c4d5e",
            "ab:cd:ef:12:34:56:78",
            "sum is aa-bb-cc-dd-ee-ff-00",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
