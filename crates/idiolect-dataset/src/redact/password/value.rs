//! What a password looks like where the words around it leave open whether it is one.

use crate::redact::nearby::is_picture;

/// Letters and digits, six or more, that are no number with its unit and no link.
pub(in crate::redact) fn is_mixed(value: &str) -> bool {
    // Most words are shorter, or have no digit.
    if value.len() < 6 || !value.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '-'));
    let measured = unit.len() < value.len() && unit.len() <= 5 && unit.chars().all(char::is_alphabetic);
    value.chars().nth(5).is_some()
        && value.chars().any(char::is_alphabetic)
        && !measured
        && !value.starts_with(['[', '#', '(', '@'])
        && !value.contains("://")
        && !value.contains("www.")
}

/// Whether `value` is as nobody writes but who makes up a password: "kettle5997", not "room12".
pub(in crate::redact) fn is_chosen(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let marked =
        value.trim_end_matches(['.', ',', ';', ')', '!', '?']).contains(['!', '?', '#', '$', '%', '&', '_', '+']);
    let inner_capital = value.chars().skip(1).any(char::is_uppercase) && value.chars().any(char::is_lowercase);
    value.len() >= 9 && digits >= 2 || value.len() >= 8 && (marked || inner_capital && digits > 0)
}

/// Letters and digits that take turns as in no word and no name of a thing: "d7fa29c4be".
pub(super) fn is_random(value: &str) -> bool {
    let bytes = value.as_bytes();
    let turns = bytes.windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    bytes.len() >= 8 && turns >= 3 && bytes.iter().all(u8::is_ascii_alphanumeric)
}

/// Whether `value` is as many digits as only a password has that is a number.
pub(super) fn is_number(value: &str) -> bool {
    (6..=12).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// `value` without what ends the sentence rather than the password.
pub(in crate::redact) fn without_end(value: &str) -> &str {
    value.trim_end_matches(['.', ',', ';', ':', ')', ']'])
}

/// Whether the line or the sentence ends before `after`.
pub(super) fn ends(after: &str) -> bool {
    let rest = after.trim_start_matches(['.', ',', ';', '!', '?', ')']);
    let next = rest.trim_start_matches(' ');
    next.is_empty() || rest.len() < after.len() || rest.starts_with(['\n', '\r']) || next.starts_with(is_picture)
}

/// Whether the sentence ends before `after` or goes on about something else: behind a name of a thing it says what that does.
pub(super) fn stands_alone(after: &str) -> bool {
    const WORDS: &str = " for is its it's or if and but now ok lol haha the thats that's in on with w all no dont don't pls plz please thx thanks \
        le la el il das der o a es est ist jest hai y et und e и ";
    let next = after.split_whitespace().next().unwrap_or_default();
    ends(after) || WORDS.contains(&format!(" {} ", next.trim_end_matches([',', '.', '!']).to_lowercase()))
}
