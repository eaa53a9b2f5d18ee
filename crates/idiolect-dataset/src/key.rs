//! The key under which two messages count as the same text: NFKC, lower case, white space collapsed.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// The comparison key of `text`.
///
/// Compatibility forms (`ｏｋ`, `ﬁ`), letter case and runs of white space make no difference; marks and
/// emoji do, because "ok" and "ok!!" are different ways of writing.
pub(crate) fn normalised(text: &str) -> Cow<'_, str> {
    if is_normal_ascii(text) {
        return Cow::Borrowed(text);
    }
    if text.is_ascii() {
        return Cow::Owned(collapsed(text).to_ascii_lowercase());
    }
    // Lower-casing may undo the composition (İ), so the normal form is taken after it as well.
    Cow::Owned(collapsed(&text.nfkc().flat_map(char::to_lowercase).nfkc().collect::<String>()))
}

/// White space cut off at both ends and one space in place of every run within.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Nothing to do: plain ASCII, no capitals, single inner spaces only.
fn is_normal_ascii(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut previous = b' ';
    for &byte in bytes {
        let space = byte.is_ascii_whitespace() || byte == 0x0b;
        if !byte.is_ascii() || byte.is_ascii_uppercase() || (space && (byte != b' ' || previous == b' ')) {
            return false;
        }
        previous = byte;
    }
    bytes.is_empty() || previous != b' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_width_and_spacing_make_no_difference() {
        for same in ["ok then", "OK  then", " ok\tthen ", "ｏｋ then", "Ok\nThen"] {
            assert_eq!(normalised(same), "ok then");
        }
        assert_eq!(normalised("caf\u{e9}"), normalised("CAFE\u{301}"));
    }

    #[test]
    fn marks_and_emoji_make_a_difference() {
        assert_ne!(normalised("ok"), normalised("ok!!"));
        assert_ne!(normalised("ok"), normalised("ok 👍"));
    }

    #[test]
    fn a_normal_text_is_not_copied() {
        assert!(matches!(normalised("see you at 5"), Cow::Borrowed(_)));
        assert!(matches!(normalised(""), Cow::Borrowed(_)));
        assert_eq!(normalised(" \t"), "");
    }

    proptest::proptest! {
        #[test]
        fn taking_the_key_twice_changes_nothing(text in ".*") {
            let once = normalised(&text).into_owned();
            proptest::prop_assert_eq!(normalised(&once).into_owned(), once);
        }
    }
}
