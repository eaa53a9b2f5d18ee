//! Emphasis in chats, "*4829*", and quotation marks: what is wrapped in them is looked for without them.

use std::ops::Range;

use super::nearby::is_east_asian;
use super::scan::Scan;

/// What chats put around words, once to three times, to have them bold, slanted, struck, hidden or as they were typed; and quotation marks.
const MARKS: [char; 11] = ['*', '_', '`', '~', '|', '"', '“', '”', '„', '«', '»'];

/// Those of ASCII.
pub(crate) const EMPHASIS: [u8; 6] = *b"*_`~|\"";

/// The bytes that the marks begin with.
static LEADS: [bool; 256] = {
    let mut leads = [false; 256];
    let mut mark = 0;
    while mark < MARKS.len() {
        let mut bytes = [0; 4];
        MARKS[mark].encode_utf8(&mut bytes);
        leads[bytes[0] as usize] = true;
        mark += 1;
    }
    leads
};

/// Whether there may be emphasis in `text`, after a look at it.
pub(super) fn may_be_in(scan: Scan, text: &str) -> bool {
    scan.emphasis() || scan.not_ascii() && next_mark(text, 0).is_some()
}

/// The first mark from `at` on, and where it stands.
fn next_mark(text: &str, mut at: usize) -> Option<(usize, char)> {
    loop {
        at += text.as_bytes()[at..].iter().position(|byte| LEADS[usize::from(*byte)])?;
        let sign = text[at..].chars().next()?;
        if MARKS.contains(&sign) {
            return Some((at, sign));
        }
        at += sign.len_utf8();
    }
}

/// `range` of `text` without the marks that end it.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let length = text[range.clone()].trim_end_matches(MARKS).len();
    range.start..range.start + length
}

/// Where the marks of emphasis stand: before a word, and the same behind one on the same line, each with no letter or digit on its other side. Around
/// words alone they count if something is `announced`.
pub(super) fn find(text: &str, announced: bool) -> Vec<Range<usize>> {
    const LONGEST: usize = 3;
    const DEEPEST: usize = 8;
    let mut marks: Vec<Range<usize>> = Vec::new();
    // The marks that nothing has closed yet, each with its first character.
    let mut open: Vec<(char, Range<usize>)> = Vec::new();
    let mut at = 0;
    while let Some((start, sign)) = next_mark(text, at) {
        let end = text.len() - text[start..].trim_start_matches(sign).len();
        if text[at..start].contains('\n') {
            open.clear();
        }
        at = end;
        if end - start > LONGEST * sign.len_utf8() {
            continue;
        }
        let (before, behind) = (text[..start].chars().next_back(), text[end..].chars().next());
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_east_asian(c));
        let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        // Behind a string of a program nothing ends.
        let closes = !is_space(before) && !is_word(behind) && !matches!(behind, Some('}' | ']' | '@'));
        let same = |(opened, mark): &(char, Range<usize>)| {
            let quoted = !sign.is_ascii() && !opened.is_ascii();
            closes && (quoted || *opened == sign) && mark.len() == end - start
        };
        if let Some(opened) = open.iter().rposition(same) {
            let first = open[opened].1.clone();
            if announced || text.as_bytes()[first.end..start].iter().any(|byte| byte.is_ascii_digit() || *byte == b'@')
            {
                marks.extend([first, start..end]);
            }
            open.truncate(opened);
        } else if !is_word(before) && !is_space(behind) && open.len() < DEEPEST {
            open.push((sign, start..end));
        }
    }
    marks.sort_unstable_by_key(|mark| mark.start);
    marks
}

#[cfg(test)]
mod tests {
    use super::super::ascii::in_ascii;
    use super::*;

    #[test]
    fn those_of_ascii_are_seen_by_a_look() {
        let ascii: String = MARKS.iter().filter(|mark| mark.is_ascii()).collect();
        assert_eq!(ascii.as_bytes(), EMPHASIS);
    }

    #[test]
    fn marks_of_emphasis_are_those_around_words() {
        for (text, plain) in [
            ("pin *4829*", "pin 4829"),
            ("**pin** is `4829`.", "pin is 4829."),
            ("*_4829_*, ok", "4829, ok"),
            ("||hunter22||", "hunter22"),
            ("(~4829~)", "(4829)"),
            ("```4829```", "4829"),
            ("its \"4829\"", "its 4829"),
            ("its “4829”, „4829“ or «4829»", "its 4829, 4829 or 4829"),
            ("番号は*4829*です", "番号は4829です"),
        ] {
            assert_eq!(in_ascii(text, true).unwrap().text, plain, "{text:?}");
        }
        for other in [
            "2 * 3 * 4",
            "2*3*4",
            "jo_k_1",
            "*4829#",
            "**** 4829",
            "* one\n* two",
            "a | b | c",
            "*one\ntwo*",
            "a *b c",
            "{\"a\"}",
        ] {
            assert!(in_ascii(other, true).is_none(), "{other:?}");
        }
        assert!(in_ascii("so *very* 5", false).is_none());
    }
}
