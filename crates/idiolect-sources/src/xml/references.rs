//! Character references in attribute values, as Android writers write them: astral characters also as a pair of surrogates
//! (`&#55357;&#56832;`), which XML does not allow and strict parsers refuse.

use std::borrow::Cow;

/// The value with its references replaced. Unknown names stay as written; half a pair becomes U+FFFD.
pub(crate) fn resolved(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = match reference(rest) {
            Some((character, after)) => {
                text.push(character);
                after
            }
            None => {
                text.push('&');
                &rest[1..]
            }
        };
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The character of the reference that `text` begins with, and what comes after it.
fn reference(text: &str) -> Option<(char, &str)> {
    if let Some((code, after)) = numeric(text) {
        return Some(match code {
            0xd800..0xdc00 => match numeric(after) {
                Some((low @ 0xdc00..0xe000, after)) => {
                    (char::from_u32(0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00))?, after)
                }
                _ => (char::REPLACEMENT_CHARACTER, after),
            },
            _ => (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), after),
        });
    }
    const NAMED: [(&str, char); 5] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&apos;", '\'')];
    NAMED.iter().find_map(|(name, character)| Some((*character, text.strip_prefix(name)?)))
}

/// Bytes of a reference's number, zeros before it included, beyond which its end is not looked for: that would be done again for each
/// beginning of one.
const MAX_NUMBER: usize = 16;

/// The number of `&#55357;` or `&#xD83D;`, and what comes after it.
fn numeric(text: &str) -> Option<(u32, &str)> {
    let rest = text.strip_prefix("&#")?;
    let end = rest.bytes().take(MAX_NUMBER).position(|byte| byte == b';')?;
    let (number, after) = (&rest[..end], &rest[end + 1..]);
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    Some((code.ok()?, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_characters() {
        assert_eq!(resolved("plain"), "plain");
        assert_eq!(resolved("a &lt;b&gt; &amp;amp; &quot;c&quot; &apos;"), "a <b> &amp; \"c\" '");
        assert_eq!(resolved("one&#10;two&#x2019;s"), "one\ntwo’s");
    }

    #[test]
    fn pairs_of_surrogates_become_one_character() {
        assert_eq!(resolved("hi &#55357;&#56832;!"), "hi 😀!");
        assert_eq!(resolved("&#xD83D;&#xDE00;&#55357;&#56862;"), "😀😞");
        assert_eq!(resolved("&#55357;"), "\u{fffd}");
        assert_eq!(resolved("&#55357; &#56832;"), "\u{fffd} \u{fffd}");
        assert_eq!(resolved("&#55357;&#55357;&#56832;"), "\u{fffd}😀");
    }

    #[test]
    fn what_is_no_reference_stays() {
        for value in ["a & b", "&nbsp;", "&#;", "&#12", "&", "&#99999999999;"] {
            assert_eq!(resolved(value), value);
        }
        assert_eq!(resolved("&#0;&#1114112;"), "\0\u{fffd}");
    }

    /// Looking for the end of each to the value's end would take minutes.
    #[test]
    fn the_end_of_a_reference_is_near_or_nowhere() {
        let value = "&#".repeat(500_000);
        assert_eq!(resolved(&value), value);
        assert_eq!(resolved("&#000000000000065; &#0000000000000065;"), "A &#0000000000000065;");
    }

    proptest::proptest! {
        #[test]
        fn any_value_is_survived_and_plain_ones_stay(plain in "[^&]*", odd in "(&|#|x|;|[0-9a-fD]|amp|é)*") {
            proptest::prop_assert_eq!(resolved(&plain), plain.as_str());
            let _ = resolved(&odd);
        }
    }
}
