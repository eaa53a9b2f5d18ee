//! Numbers in marks and letters that no telephone has: "o7700 9oo123", "202_555_0142".

use crate::redact::rewritten::Rewritten;
use crate::redact::{Region, Span};

/// What else people put between the groups of a number.
const MARKS: [char; 6] = ['_', '*', '·', '•', '‧', '∙'];

/// The fewest characters of a group in which the letter o is read as zero: "o2" is a company.
const FEWEST_IN_GROUP: usize = 3;

/// The numbers that are found once such marks are hyphens, and the letter is zero.
pub(in crate::redact) fn find(text: &str, region: Option<Region>, found: &mut Vec<Span>) {
    let Some(written) = evened(text) else { return };
    let before = found.len();
    super::find(&written.text, region, found);
    for span in &mut found[before..] {
        span.range = written.original(span.range.clone());
    }
}

/// `text` as telephones have it, if that is otherwise.
pub(super) fn evened(text: &str) -> Option<Rewritten> {
    let mut parts: Vec<(usize, char)> = zeros(text).map(|at| (at, '0')).collect();
    if has_mark(text) {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || matches!(c, 'o' | 'O'));
        let mut factors = (0, false);
        let between = text.match_indices(MARKS).filter(|(at, mark)| {
            digit(text[..*at].trim_end_matches(' ').chars().next_back())
                && digit(text[at + mark.len()..].trim_start_matches(' ').chars().next())
                && !(*mark == "*" && is_in_a_formula(text, *at, &mut factors))
        });
        parts.extend(between.map(|(at, _)| (at, '-')));
    }
    if parts.is_empty() {
        return None;
    }
    parts.sort_unstable();
    parts.dedup_by_key(|(at, _)| *at);
    let mut at = 0;
    let mut written = Rewritten::default();
    for (start, plain) in parts {
        written.keep(&text[at..start]);
        at = start + text[start..].chars().next().map_or(0, char::len_utf8);
        written.replace(plain.encode_utf8(&mut [0; 4]), at);
    }
    written.keep(&text[at..]);
    Some(written)
}

/// Whether one of [`MARKS`] is in `text`.
fn has_mark(text: &str) -> bool {
    memchr::memchr2(b'_', b'*', text.as_bytes()).is_some() || !text.is_ascii() && text.contains(&MARKS[2..])
}

/// Whether the factors beside the asterisk at `at` are beside other signs, too: "45*31-339243873". Where they end is kept in `factors`
/// with the answer, which is that of each asterisk among them.
fn is_in_a_formula(text: &str, at: usize, factors: &mut (usize, bool)) -> bool {
    let is_factor = |c: char| c.is_ascii_digit() || matches!(c, '*' | 'o' | 'O');
    let is_sign = |c: char| matches!(c, '+' | '-' | '/' | '=' | '^' | '.');
    if at >= factors.0 {
        let behind = text[at..].trim_start_matches(is_factor);
        let among_signs = text[..at].trim_end_matches(is_factor).ends_with(is_sign) || behind.starts_with(is_sign);
        *factors = (text.len() - behind.len(), among_signs);
    }
    factors.1
}

/// Where the letter o stands among digits.
fn zeros(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let (mut end, mut is_number) = (0, false);
    memchr::memchr2_iter(b'o', b'O', bytes).filter(move |&at| {
        // The others of its group have the same answer.
        if at >= end {
            let is_in_group = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'o' | b'O');
            let start = at - bytes[..at].iter().rev().take_while(is_in_group).count();
            end = at + bytes[at..].iter().take_while(is_in_group).count();
            is_number = end - start >= FEWEST_IN_GROUP
                && bytes[start..end].iter().any(u8::is_ascii_digit)
                && !text[..start].ends_with(char::is_alphanumeric)
                && !text[end..].starts_with(char::is_alphanumeric);
        }
        is_number
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(|text, spans| find(text, None, spans), text)
    }

    #[test]
    fn finds_numbers_in_odd_letters_and_marks() {
        for (text, number) in [
            ("o7700 900123", "o7700 900123"),
            ("text me O77oo900123 ok", "O77oo900123"),
            ("its 2o2-555-o142", "2o2-555-o142"),
            ("07700_900123", "07700_900123"),
            ("202*555*0142 hit me up", "202*555*0142"),
            ("né à 202·555·0142", "202·555·0142"),
            ("call 07700 • 900123", "07700 • 900123"),
        ] {
            assert_eq!(found(text), [number], "{text:?}");
        }
    }

    #[test]
    fn leaves_plain_numbers_to_the_others_and_marks_elsewhere_alone() {
        for text in [
            "07700 900123",
            "on o2 in 2024",
            "20*30*40",
            "12_345_final",
            "IMG_20240115_123045",
            "2*1500000",
            "45*31-339243873",
            "3 * 4 * 5 = 60",
            "foo7700 bar",
            "v2_10_300",
            "[PHONE_1] [PHONE_2]",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
