//! What stands close before something, where words are looked for that announce it.

/// The end of `before`: at most `reach` bytes, from a character's first on.
pub(super) fn end_of(before: &str, reach: usize) -> &str {
    &before[before.ceil_char_boundary(before.len().saturating_sub(reach))..]
}

/// As [`end_of`], less what is left there of a word that begins earlier: "ssn" of "crossnational" announces nothing.
pub(super) fn words_before(before: &str, reach: usize) -> &str {
    let end = end_of(before, reach);
    let begins_earlier = before[..before.len() - end.len()].ends_with(char::is_alphabetic);
    if begins_earlier { end.trim_start_matches(char::is_alphabetic) } else { end }
}

/// Whether `character` is of a script that puts no spaces between words.
pub(super) fn is_east_asian(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Whether `character` is an emoji, another pictograph or an ellipsis, which ends a sentence as a full stop does.
pub(super) fn is_picture(character: char) -> bool {
    matches!(character, '\u{2026}' | '\u{203c}' | '\u{2049}' | '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// How many bytes of kisses stand `after` a `number` of four digits or more, glued to it: "4829x", "4829xoxo", but not "1000x".
pub(super) fn kisses(number: &str, after: &str) -> usize {
    const MOST: usize = 6;
    if !after.starts_with('x') || number.len() < 4 || number.ends_with("00") {
        return 0;
    }
    let kisses = after.bytes().take_while(|byte| matches!(byte, b'x' | b'o')).count();
    let ends = kisses <= MOST && !after[kisses..].starts_with(char::is_alphanumeric);
    if ends && number.bytes().all(|byte| byte.is_ascii_digit()) { kisses } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_begins_with_a_character_and_the_words_with_a_word() {
        assert_eq!((end_of("né à", 3), end_of("né", 9), end_of("", 4)), (" à", "né", ""));
        assert_eq!(words_before("please recall ", 5), " ");
        assert_eq!(words_before("please call ", 5), "call ");
        assert_eq!(words_before("call ", 9), "call ");
        assert_eq!(words_before("recall", 4), "");
    }

    #[test]
    fn kisses_are_told_from_words_and_factors() {
        assert_eq!(
            ["x", "xxx!", "xo see u", "x1080", "xs", "o", "", " x"].map(|after| kisses("4829", after)),
            [1, 3, 2, 0, 0, 0, 0, 0]
        );
        assert_eq!(["482", "1000", "48a9"].map(|number| kisses(number, "x")), [0; 3]);
    }
}
