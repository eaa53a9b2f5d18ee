//! Reactions that phones send as texts, to those whose app knows none: rows of SMS and of tables look as if somebody typed them.

use std::sync::LazyLock;

use regex::Regex;

/// What Google's Messages puts before the emoji, in every language, and nobody types: `👍 to “see you”`.
const GOOGLE: &str = "\u{200A}\u{200B}";

/// What iPhones write, and what apps on Android write as they do: `Liked “see you”`, `Removed a heart from an image`.
static APPLE: LazyLock<Regex> = LazyLock::new(|| {
    let of = r"(?:“.*”|an? (?:image|photo|movie|video|attachment|audio message|sticker|contact|location))";
    let added = r"(?:Loved|Liked|Disliked|Laughed at|Emphasi[sz]ed|Questioned|Reacted \S{1,40} to)";
    let removed =
        r"Removed (?:an? (?:heart|like|dislike|laugh|exclamation|exclamation mark|question mark)|\S{1,40}) from";
    Regex::new(&format!(r"^(?s:(?:{added}|{removed}) {of})$")).expect("the pattern is right")
});

/// Whether a text is a reaction and not its sender's own words.
pub(crate) fn is_texted_reaction(text: &str) -> bool {
    text.starts_with(GOOGLE) || APPLE.is_match(text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reactions_are_told_from_words() {
        for text in [
            "\u{200a}\u{200b}👍\u{200b} to “\u{200a}see you\u{200a}”\u{200a}",
            "\u{200a}\u{200b}❤️\u{200b} a “\u{200a}hasta luego\u{200a}”",
            "Liked “see you”",
            "Laughed at “a\nb”",
            "Loved an image",
            "Reacted 🦊 to “see you”",
            "Removed a heart from “see you”",
        ] {
            assert!(is_texted_reaction(text), "{text}");
        }
        for text in [
            "Loved it",
            "loved “Dune”",
            "Loved “Dune” so much",
            "Liked the film",
            "Removed a photo from the album",
            "👍 to that",
            "\u{200b}hm",
        ] {
            assert!(!is_texted_reaction(text), "{text}");
        }
    }
}
