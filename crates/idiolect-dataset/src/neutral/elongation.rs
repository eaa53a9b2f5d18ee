//! Stretched words: "sooo" is "so", "cooool" is "cool".

use super::word_sets::has_double;

/// `word`, lower case, with every letter that comes three times or more in a row written once, or twice where
/// that makes a known word; `None` if nothing is stretched.
pub(super) fn collapsed(word: &str) -> Option<String> {
    if !is_stretched(word) {
        return None;
    }
    let doubled = with_runs_of(word, 2);
    Some(if has_double(&doubled) { doubled } else { with_runs_of(word, 1) })
}

/// Whether a letter of the ASCII `word` comes three times or more in a row.
pub(super) fn is_stretched(word: &str) -> bool {
    let mut letters = word.as_bytes().windows(3);
    word.is_ascii() && letters.any(|run| run[0] == run[1] && run[1] == run[2] && run[0].is_ascii_alphabetic())
}

fn with_runs_of(word: &str, length: usize) -> String {
    let bytes = word.as_bytes();
    let mut out = String::with_capacity(word.len());
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|&&byte| byte == bytes[at]).count();
        let kept = if run >= 3 && bytes[at].is_ascii_alphabetic() { length } else { run };
        out.extend(std::iter::repeat_n(char::from(bytes[at]), kept));
        at += run;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretched_letters_are_written_once_or_as_the_word_has_them() {
        for (stretched, word) in [
            ("sooo", "so"),
            ("nooooo", "no"),
            ("cooool", "cool"),
            ("pleaseeee", "please"),
            ("hellooo", "hello"),
            ("seeee", "see"),
            ("yesss", "yes"),
            ("sooon", "soon"),
            ("reallyyy", "really"),
            ("toooo", "too"),
        ] {
            assert_eq!(collapsed(stretched).as_deref(), Some(word));
        }
        for other in ["good", "1000", "balloon", "ill", ""] {
            assert_eq!(collapsed(other), None, "{other}");
        }
    }
}
