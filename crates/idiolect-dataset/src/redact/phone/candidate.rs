//! Stretches of digit groups that may be one phone number.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::redact::numbers::has_foreign_digit;

/// Digit groups with what stands between them, where some are of another script than ASCII's; else [`ascii_body`] finds the same.
///
/// Three separator characters in a row is the most that people put into one number.
static CANDIDATE: LazyLock<Regex> = LazyLock::new(|| {
    const SEPARATOR: &str =
        r"[\x20\t\u{a0}\u{2009}\u{202f}().\-\u{2010}-\u{2015}\u{2212}\u{30fc}/~\u{ff0d}\u{ff08}\u{ff09}\u{3000}]";
    Regex::new(&format!(
        r"(?xi)
        (?: [+\u{{ff0b}}] \x20? | \(\x20?\+?\x20? | \[ \+ )*
        \p{{Nd}}+ (?: {SEPARATOR}{{1,4}} \p{{Nd}}+ )*
        "
    ))
    .expect("the pattern is constant")
});

fn is_separator(character: char) -> bool {
    matches!(
        character,
        ' ' | '\t' | '(' | ')' | '.' | '-' | '/' | '~' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2010}'
            ..='\u{2015}' | '\u{2212}' | '\u{3000}' | '\u{30fc}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0d}'
    )
}

/// What [`CANDIDATE`] finds from `at` on in a text whose digits are ASCII's.
fn ascii_body(text: &str, at: usize) -> Option<Range<usize>> {
    let digits = |start: usize| text.as_bytes()[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let first = at + text.as_bytes()[at..].iter().position(u8::is_ascii_digit)?;
    let mut end = first + digits(first);
    loop {
        let behind = &text[end..];
        let between = behind.chars().take(4).take_while(|c| is_separator(*c)).map(char::len_utf8).sum::<usize>();
        let group = digits(end + between);
        if between == 0 || group == 0 {
            break;
        }
        end += between + group;
    }
    // The longest of what may stand before the digits.
    let before = &text[at..first];
    let marks = before
        .char_indices()
        .rev()
        .take(LONGEST_LEAD)
        .take_while(|(_, c)| matches!(c, '+' | '\u{ff0b}' | '(' | '[' | ' '));
    let lead = marks.filter(|&(start, _)| is_lead(&before[start..])).last();
    Some(lead.map_or(first, |(start, _)| at + start)..end)
}

/// How many marks before a number are looked at, in characters.
const LONGEST_LEAD: usize = 16;

/// Whether all of `text` may stand before a number: `+`, `(`, `(+` and `[+`, any of them with a space.
fn is_lead(mut text: &str) -> bool {
    let skip = |text: &mut &str, mark: char| {
        let rest = text.strip_prefix(mark);
        *text = rest.unwrap_or(text);
        rest.is_some()
    };
    while !text.is_empty() {
        if skip(&mut text, '+') || skip(&mut text, '\u{ff0b}') {
            skip(&mut text, ' ');
        } else if skip(&mut text, '(') {
            skip(&mut text, ' ');
            skip(&mut text, '+');
            skip(&mut text, ' ');
        } else if let Some(rest) = text.strip_prefix("[+") {
            text = rest;
        } else {
            return false;
        }
    }
    true
}

/// The extension right behind the groups.
static EXTENSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) ^ [\x20\t,;]{0,4} (?: e?xt(?:n|ensi[oó]n?)? | x{1,2} | anexo | int | \# | ;ext= ) [:.=]? [\x20\t]{0,2} \p{Nd}{1,7} (?-u:\b) \#?",
    )
    .expect("the pattern is constant")
});

/// How long the extension at the start of `after` is.
fn extension_len(after: &str) -> usize {
    // Most of what stands behind a number is told from an extension by its first letter.
    let first = after.bytes().take(5).find(|byte| !matches!(byte, b' ' | b'\t' | b','));
    match first {
        Some(b'e' | b'E' | b'x' | b'X' | b'a' | b'A' | b'i' | b'I' | b'#' | b';') => {
            EXTENSION.find(after).map_or(0, |extension| extension.end())
        }
        _ => 0,
    }
}

/// Digit groups of one possible number.
#[cfg_attr(test, derive(Debug))]
pub(super) struct Candidate<'a> {
    pub text: &'a str,
    /// In the message, the extension included.
    pub range: Range<usize>,
    /// All digits, as ASCII, the extension's not included.
    pub digits: String,
    pub groups: Vec<Range<usize>>,
    /// How many digits each of the groups has.
    pub lengths: Vec<usize>,
    pub extension: bool,
}

impl<'a> Candidate<'a> {
    fn new(text: &'a str, range: Range<usize>, body_end: usize) -> Self {
        let mut groups: Vec<Range<usize>> = Vec::new();
        let mut digits = String::new();
        for (at, character) in text[range.start..body_end].char_indices() {
            let Some(digit) = digit_value(character) else { continue };
            digits.push(digit);
            let (start, end) = (range.start + at, range.start + at + character.len_utf8());
            match groups.last_mut() {
                Some(group) if group.end == start => group.end = end,
                _ => groups.push(start..end),
            }
        }
        let lengths = groups.iter().map(|group| text[group.clone()].chars().count()).collect();
        Self { text, extension: body_end < range.end, range, digits, groups, lengths }
    }

    /// The candidate of some of the groups alone, without the extension unless the last is among them.
    pub fn part(&self, groups: Range<usize>) -> Self {
        let start = match groups.start {
            0 => self.range.start,
            // An opening parenthesis or a plus belongs to what it opens.
            first => {
                let separator = self.separator(first - 1);
                let opening = separator.trim_end_matches(['(', '+', '\u{ff0b}', '\u{ff08}']).len();
                self.groups[first - 1].end + opening
            }
        };
        let body_end = self.groups[groups.end - 1].end;
        let end = if groups.end == self.groups.len() { self.range.end } else { body_end };
        Self::new(self.text, start..end, body_end)
    }

    pub fn group(&self, index: usize) -> &str {
        &self.text[self.groups[index].clone()]
    }

    /// What stands between group `index` and the next.
    pub fn separator(&self, index: usize) -> &str {
        &self.text[self.groups[index].end..self.groups[index + 1].start]
    }

    /// Whether two different things may meet behind group `index`: a full stop or a hyphen joins, a space may not.
    pub fn is_gap(&self, index: usize) -> bool {
        self.separator(index).contains([' ', '\t', '\u{a0}', '\u{3000}', '/', '(', '~'])
    }

    /// Whether group `index` is a number by itself, with a digit behind its full stop that belongs to the next sentence: "07700900123.2stop".
    pub fn is_whole(&self, index: usize) -> bool {
        let group = self.group(index);
        self.separator(index) == "." && group.len() >= 10 && group.starts_with('0')
    }

    /// Whether an international number ends in a hyphen and what may be an extension.
    pub fn is_extended(&self) -> bool {
        let last = self.groups.len() - 1;
        self.has_plus() && last >= 2 && self.separator(last - 1) == "-" && (3..=5).contains(&self.group(last).len())
    }

    pub fn separators(&self) -> impl Iterator<Item = &str> {
        (1..self.groups.len()).map(|index| self.separator(index - 1))
    }

    /// What stands before the first digit: `+`, `(`, `(+` or nothing.
    pub fn lead(&self) -> &str {
        &self.text[self.range.start..self.groups[0].start]
    }

    /// Whether it begins with a plus or what is dialled for it.
    pub fn is_international(&self) -> bool {
        self.has_plus() || self.digits.starts_with("00") || self.digits.starts_with("011")
    }

    /// Whether group `index` has a trunk zero and is a number with the one or two behind it: "07700 900123".
    pub fn begins_with_trunk(&self, index: usize) -> bool {
        let digits = |count: usize| self.lengths.iter().skip(index).take(count).sum::<usize>();
        let begins = self.group(index).starts_with('0') && (3..=5).contains(&self.lengths[index]);
        begins && (digits(2) == 11 || digits(3) == 11)
    }

    pub fn has_plus(&self) -> bool {
        self.lead().contains(['+', '\u{ff0b}'])
    }
}

/// Decimal digits of the scripts met in chats, as ASCII.
pub fn digit_value(character: char) -> Option<char> {
    let zero = match character {
        '0'..='9' => return Some(character),
        '\0'..='\x7f' => return None,
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        '\u{9e6}'..='\u{9ef}' => '\u{9e6}',
        '\u{a66}'..='\u{a6f}' => '\u{a66}',
        '\u{ae6}'..='\u{aef}' => '\u{ae6}',
        '\u{be6}'..='\u{bef}' => '\u{be6}',
        '\u{c66}'..='\u{c6f}' => '\u{c66}',
        '\u{ce6}'..='\u{cef}' => '\u{ce6}',
        '\u{d66}'..='\u{d6f}' => '\u{d66}',
        '\u{e50}'..='\u{e59}' => '\u{e50}',
        '\u{ed0}'..='\u{ed9}' => '\u{ed0}',
        '\u{1040}'..='\u{1049}' => '\u{1040}',
        '\u{17e0}'..='\u{17e9}' => '\u{17e0}',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        // Bold, double-struck and their like, ten of each.
        '\u{1d7ce}'..='\u{1d7ff}' => '\u{1d7ce}',
        _ => return None,
    };
    char::from_digit((character as u32 - zero as u32) % 10, 10)
}

/// All candidates of `text` with at least `fewest` digits, from left to right.
pub(super) fn all(text: &str, fewest: usize) -> impl Iterator<Item = Candidate<'_>> {
    let foreign = !text.is_ascii() && has_foreign_digit(text);
    let mut at = 0;
    let next = std::iter::from_fn(move || {
        let body = if foreign { CANDIDATE.find_at(text, at)?.range() } else { ascii_body(text, at)? };
        at = body.end + extension_len(&text[body.end..]);
        Some((body, at))
    });
    next.filter_map(move |(body, end)| {
        // Runs of a handful of digits are by far the most common, and none of them is a number to call.
        let digits = text[body.clone()].chars().filter(|c| digit_value(*c).is_some()).count();
        (digits >= fewest).then(|| Candidate::new(text, body.start..end, body.end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4000))]
        #[test]
        fn what_is_found_by_hand_is_what_the_pattern_finds(text in "([0-9]{1,3}|[ +(\\[＋)./–]{1,3}|[a ー,é]){0,12}") {
            let mut at = 0;
            while let Some(body) = CANDIDATE.find_at(&text, at) {
                proptest::prop_assert_eq!(ascii_body(&text, at), Some(body.range()));
                at = body.end();
            }
            proptest::prop_assert_eq!(ascii_body(&text, at), None);
        }
    }
}
