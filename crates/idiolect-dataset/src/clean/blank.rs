//! Messages in which nothing can be seen: white space, invisible marks, attachment placeholders.

/// Whether no character of `text` leaves ink.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(leaves_no_ink)
}

/// White space, controls, and what Unicode calls default-ignorable, plus U+FFFC and U+FFFD: message
/// stores write the former for an attachment, and the latter stands for bytes that were no text.
pub(super) fn leaves_no_ink(character: char) -> bool {
    if character.is_ascii() {
        return character <= ' ' || character == '\x7f';
    }
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffd}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_marks_and_attachment_placeholders_are_blank() {
        for blank in
            ["", " \t\r\n", "\u{200b}\u{200d}", "\u{feff}", "\u{fffc}\u{fffc}", "\u{3164}", "\u{2060} \u{fe0f}"]
        {
            assert!(is_blank(blank), "{blank:?}");
        }
        for ink in [".", "k", "\u{200b}a", "👍", "你", "\u{301}"] {
            assert!(!is_blank(ink), "{ink:?}");
        }
    }
}
