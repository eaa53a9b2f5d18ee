//! Messages of emoji alone, by the sequences of Unicode Technical Standard #51.

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use super::blank::leaves_no_ink;

/// One user-perceived character that is an emoji: a keycap, a flag, or pictographs joined by U+200D, each
/// with its skin tone or presentation selector.
///
/// Reserved pictographs count, so emoji of later Unicode versions do too. A pictograph shown as text by
/// default (`☺`, `→` is none at all) counts unless the text selector U+FE0E follows.
static EMOJI: LazyLock<Regex> = LazyLock::new(|| {
    const ELEMENT: &str = r"(?:[\p{Extended_Pictographic}--[©®™‼⁉〰〽㊗㊙]]\x{FE0F}?|\p{Emoji}\x{FE0F}|\p{EMod})\p{EMod}?\x{20E3}?[\x{E0020}-\x{E007F}]*";
    Regex::new(&format!(
        r"^(?:[0-9#*]\x{{FE0F}}?\x{{20E3}}|[\x{{1F1E6}}-\x{{1F1FF}}]{{1,2}}|{ELEMENT}(?:\x{{200D}}{ELEMENT})*)$"
    ))
    .expect("the pattern is constant")
});

/// Whether `text` holds at least one emoji and, beside white space and invisible marks, nothing else.
pub fn is_emoji_only(text: &str) -> bool {
    // Every emoji but the keycaps starts outside ASCII, and a keycap ends there.
    if text.is_ascii() || text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let mut found = false;
    for character in text.graphemes(true) {
        if character.chars().all(leaves_no_ink) {
            continue;
        }
        let visible = character.trim_matches(|c| matches!(c, '\u{200b}' | '\u{200d}' | '\u{2060}' | '\u{feff}'));
        if !EMOJI.is_match(visible) {
            return false;
        }
        found = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_count_as_one_emoji_each() {
        for emoji in ["👍", "👍🏽 👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇸🇬🇬🇧", "1️⃣2️⃣", "❤️", "☺", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🧑🏼‍🦰\n🤝🏽", "❤️‍🔥"]
        {
            assert!(is_emoji_only(emoji), "{emoji:?}");
        }
    }

    #[test]
    fn digits_marks_and_words_are_no_emoji() {
        for other in ["", " ", "1", "*", "#", "ok 👍", "😀.", "<3", ":)", "→", "°", "™ ok", "♪ la", "你好", "1st 👍"]
        {
            assert!(!is_emoji_only(other), "{other:?}");
        }
    }
}
