//! Messages that say nothing in words: what they say, in words.

use super::filler::{is_kisses, is_laughter};
use super::token::{Mark, Spaced, Token};

/// What the first telling token of a wordless message means; `None` if none is telling.
pub(super) fn in_words(tokens: &[Spaced]) -> Option<&'static str> {
    tokens.iter().find_map(|spaced| match spaced.token {
        Token::Word(word) => word_means(&word.to_lowercase()),
        Token::Face(face) => face_means(face),
        Token::Mark(Mark::Question) => Some("What do you mean?"),
        Token::Mark(Mark::Exclamation) => Some("That is surprising."),
        Token::Mark(Mark::Trail) => Some("I have nothing to say."),
        _ => None,
    })
}

fn word_means(lower: &str) -> Option<&'static str> {
    let means = |starts: &[&str]| starts.iter().any(|start| lower.starts_with(start));
    if is_laughter(lower) {
        Some("That is funny.")
    } else if is_kisses(lower) || means(&["mua", "mwa", "xo"]) {
        Some("Lots of love.")
    } else if means(&["omg", "omfg", "zomg", "wtf", "wth", "whoa", "woah", "yikes", "eek", "ooo", "ooh"]) {
        Some("That is surprising.")
    } else if means(&["aw"]) {
        Some("That is sweet.")
    } else if means(&["hm", "um", "uh", "er", "mm"]) {
        Some("I am thinking about it.")
    } else if means(&["ugh", "urgh", "argh", "gah", "oof", "ffs", "smh", "pf", "ps", "ts"]) {
        Some("That is annoying.")
    } else if means(&["phew", "whew"]) {
        Some("That is a relief.")
    } else if means(&["ah", "aah", "welp"]) {
        Some("I see.")
    } else if means(&["zz"]) {
        Some("I am sleepy.")
    } else {
        None
    }
}

fn face_means(face: &str) -> Option<&'static str> {
    let any = |signs: &[char]| face.contains(signs);
    Some(if any(&['😂', '🤣', '😆', '😹', '💀']) || face.eq_ignore_ascii_case("xd") {
        "That is funny."
    } else if any(&['❤', '😍', '🥰', '😘', '💕', '💖', '💗', '💙', '💚', '💛', '💜', '🖤', '🧡', '😻'])
        || face.starts_with("<3")
    {
        "I love it."
    } else if any(&['😭', '😢', '😞', '☹', '🙁', '😔', '🥺', '😿', '💔']) || face.ends_with('(') || face.contains("T_T")
    {
        "That is sad."
    } else if any(&['😡', '😠', '🤬', '😤', '🙄', '😒']) || face.contains("-_-") || face.contains(">_<") {
        "That is annoying."
    } else if any(&['😮', '😲', '😱', '🤯', '😳']) || face.ends_with(['o', 'O']) {
        "That is surprising."
    } else if any(&['👎']) {
        "No."
    } else if any(&['👋']) {
        "Hello."
    } else if any(&['👍', '👌', '✅', '🙏', '🫡']) {
        "All right."
    } else if any(&['🎉', '🥳', '👏', '🙌', '🎊']) {
        "Congratulations."
    } else if any(&['🤔', '🤷', '😕', '🧐']) || face.ends_with('/') {
        "I am not sure."
    } else if any(&['😊', '🙂', '😀', '😁', '😄', '😃', '☺', '🙃', '😌', '😉', '😎', '🤗'])
        || face.ends_with(')')
        || face.starts_with('(')
        || face.ends_with(['D', 'P', 'p', '^'])
    {
        "I am happy."
    } else {
        return None;
    })
}
