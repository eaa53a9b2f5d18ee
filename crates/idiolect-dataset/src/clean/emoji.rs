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
    // Letters that no emoji holds, and that show: most messages in such scripts start with one.
    let letter = |c| matches!(c, '\u{c0}'..='\u{24f}' | '\u{400}'..='\u{481}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    if text.starts_with(letter) {
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

/// Whether `text` is emoji as Slack and Discord spell them, ":+1: :heart:", and nothing else.
pub(super) fn is_spelled_emoji_only(text: &str) -> bool {
    let is_name =
        |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_+-".contains(&b));
    // ":wave::skin-tone-2:" is two.
    let is_spelled = |chunk: &str| {
        let names = chunk.strip_prefix(':').and_then(|chunk| chunk.strip_suffix(':'));
        names.is_some_and(|names| names.split("::").all(|name| name.len() > 1 && is_name(name)))
    };
    text.contains(|c: char| c.is_ascii_lowercase() || c == '+') && text.split_whitespace().all(is_spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_may_be_spelled() {
        for emoji in [":+1:", ":heart:", ":wave::skin-tone-2: :night_with_stars:"] {
            assert!(is_spelled_emoji_only(emoji), "{emoji:?}");
        }
        for other in ["", " ", ":)", "::", ":p", ":10:", ":heart: you", "note:", ":D:", "a::b:"] {
            assert!(!is_spelled_emoji_only(other), "{other:?}");
        }
    }

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

    /// Every sequence of Emoji 15.0 and 18.0, read from where the variable points.
    #[test]
    fn every_emoji_of_the_shared_unicode_lists_is_one() {
        let Ok(shared) = std::env::var("IDIOLECT_SHARED_DATA") else {
            eprintln!("skipped: set IDIOLECT_SHARED_DATA to the shared data to run this test");
            return;
        };
        let read = |name: &str| std::fs::read_to_string(format!("{shared}/edge/{name}")).unwrap();
        let sequence = |codes: &str| -> String {
            let codes = codes.split_whitespace().map(|code| code.trim_start_matches("U+"));
            codes.map(|code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()).collect()
        };
        let mut wrong = Vec::new();
        let mut seen = 0;
        let mut expect = |codes: &str, emoji: bool| {
            seen += 1;
            if is_emoji_only(&sequence(codes)) != emoji {
                wrong.push(codes.trim().to_owned());
            }
        };
        for line in read("emoji-test-15.0.txt").lines().filter(|line| !line.starts_with('#') && line.contains(';')) {
            let (codes, status) = line.split_once(';').unwrap();
            let status = status.trim_start();
            // A skin tone or hair colour alone is a component; a text-style default without its selector may be either.
            let ambiguous = status.starts_with("unqualified") && !codes.trim().contains(' ');
            if !ambiguous && !status.starts_with("component") {
                expect(codes, true);
            }
        }
        for line in read("emoji-18.0-index.txt").lines().filter(|line| line.starts_with("U+")) {
            let codes = line.split('→').next().unwrap();
            if codes.trim().contains(' ') {
                expect(codes, true);
            }
        }
        for line in
            read("emoji-variation-sequences.txt").lines().filter(|line| !line.starts_with('#') && line.contains(';'))
        {
            let codes = line.split(';').next().unwrap();
            // "1" with the emoji selector is still a digit; the keycap makes it an emoji.
            if !codes.starts_with("00") {
                expect(codes, line.contains("emoji style"));
            }
        }
        assert!(seen > 8000, "only {seen} sequences were read");
        assert!(wrong.is_empty(), "{} sequences differ: {}", wrong.len(), wrong[..wrong.len().min(20)].join(", "));
    }
}
