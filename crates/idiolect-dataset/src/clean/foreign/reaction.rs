//! Reactions that phones send as texts, to those whose app knows none: rows of SMS and of tables look as if somebody typed them.

use std::sync::LazyLock;

use regex::Regex;

/// What Google's Messages puts before the emoji, in every language, and nobody types: `👍 to “see you”`.
const GOOGLE: &str = "\u{200A}\u{200B}";

/// What iPhones write, and what apps on Android and Messenger write as they do: `Liked “see you”`, `Removed a heart from an image`.
static ENGLISH: LazyLock<Regex> = LazyLock::new(|| {
    let of = r#"(?:“.*”|".*"|an? (?:image|photo|movie|video|link|message|attachment|audio message|sticker|contact|location))"#;
    let added = r"(?:Loved|Liked|Disliked|Laughed at|Emphasi[sz]ed|Questioned|Reacted \S{1,40} to)";
    let removed = r"Removed (?:an? [a-z ]{3,20}|(?:a )?[^\x00-\x7f]\S{0,39}) from";
    Regex::new(&format!(
        r"^(?s:(?:{added}|{removed}) {of}|Reacted \S{{1,40}} to your message\.?|(?:Liked|Loved) a message\.)$"
    ))
    .expect("the pattern is right")
});

/// The same of iPhones in French, Spanish, Norwegian, Russian, German and Chinese, as people report and other apps' tables of such texts
/// have them; with the marks of quotation that phones put there and hands seldom.
static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
    let before = [
        r"A (?:adoré|aimé|ri de|mis en évidence|souligné|posé une question sur|réagi avec \S{1,40} à|(?:retiré|supprimé) [^«“]{1,30} de(?:puis)?)",
        r"N[’']a pas aimé",
        r"(?:Le (?:gustó|encantó|dio risa)|No le gustó|Exclamó por|Dudó sobre|Reaccionó con \S{1,40} a)",
        r"(?:Likte|Mislikte|Lo av|Satte (?:et hjerte|utropstegn|spørsmålstegn) ved|Reagerte med \S{1,40} på|(?:Liker|Misliker) ikke lenger)",
        r"Fjernet (?:et hjerte|latter|et utropstegn|et spørsmålstegn|\S{1,40}) fra",
        r"(?:Очень понравилось|Понравилось|Не понравилось|Посмеялись над|Отмечено|Поставлен вопрос на|Эмодзи \S{1,40} на)",
        r"(?:Сердечко|Лайк|Дизлайк|Смех|(?:Вопросительный|Восклицательный) знак) удал[её]н[ао]? из",
        r"(?:Gefällt(?: nicht)?:|Hat mit \S{1,40} auf)",
    ]
    .join("|");
    let added = r"(?:ein (?:Herz|Lachen|Ausrufezeichen|Fragezeichen) hinzugefügt|reagiert)";
    let chinese = r"對「.*」(?:表達喜愛|按倒?讚|大笑|加上(?:驚嘆|問號)標記|做出 ?\S{1,40} ?反應)";
    Regex::new(&format!(r"^(?s:(?:{before}) ?[“„«].*[”“»](?: {added})?|„.*[“”] {added}|{chinese})$"))
        .expect("the pattern is right")
});

/// What ends those of [`ELSEWHERE`].
const ENDS: [&str; 11] = ["”", "“", "»", "hinzugefügt", "reagiert", "喜愛", "按讚", "倒讚", "大笑", "標記", "反應"];

/// Whether a text is a reaction and not its sender's own words.
pub fn is_texted_reaction(text: &str) -> bool {
    is_english(text) || is_of_elsewhere(text)
}

pub(super) fn is_english(text: &str) -> bool {
    ENGLISH.is_match(text.trim().trim_start_matches('\u{200e}'))
}

/// One in another language than English, or Google's in any; none is ASCII alone.
pub(super) fn is_of_elsewhere(text: &str) -> bool {
    let trimmed = text.trim();
    text.starts_with(GOOGLE) || ENDS.iter().any(|end| trimmed.ends_with(end)) && ELSEWHERE.is_match(trimmed)
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
            "Removed an exclamation mark from an image",
            "Reacted 😂 to your message",
            "A aimé «\u{a0}à demain\u{a0}»",
            "N’a pas aimé « bof »",
            "A réagi avec 🔥 à « à demain »",
            "A retiré un cœur de « à demain »",
            "Le gustó “hasta luego”",
            "Reaccionó con 🫡 a “hola”",
            "Satte et hjerte ved “vi ses”",
            "Fjernet 🦊 fra “vi ses”",
            "Понравилось «до завтра»",
            "Лайк удален из «до завтра»",
            "Gefällt: „bis gleich“",
            "„bis gleich“ ein Herz hinzugefügt",
            "Hat mit 🦊 auf „bis gleich“ reagiert",
            "對「等等見」按讚",
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
            "A aimé ça",
            "J'ai adoré « le film »",
            "Le gustó “Dune” un montón",
            "Мне понравилось «Дюна»",
            "Gefällt mir",
            "對「這個」的看法",
        ] {
            assert!(!is_texted_reaction(text), "{text}");
        }
    }
}
