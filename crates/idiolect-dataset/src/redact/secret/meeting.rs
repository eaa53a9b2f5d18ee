//! The numbers of meetings that are held in a program, which most let in whoever has one.

use super::super::pattern::{AnyOf, Pattern};
use super::super::{PiiKind, Span};

/// "meeting id: 844 1234 5678".
static MEETING: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}\p{N}_] ) (?: (?: zoom | webex | teams | meeting | webinar | r[eé]uni[oó]n | reunião | riunione | besprechungs? )
        (?: [\x20-]{1,3} (?: meeting | (?P<number> id | no | num | number | code ) | room | link ) )* | (?P<own> pmi ) ) (?: [\s:=\#] | is(?-u:\b) | es(?-u:\b) | est(?-u:\b) | ist(?-u:\b) | è )+
        (?P<value> [0-9]{3} [\x20-]? [0-9]{3,4} [\x20-]? [0-9]{3,4} (?: [\x20-]? [0-9]{1,3} )? ) (?: [^\p{L}\p{N}_] | $ )".to_owned()
});

/// The fewest digits of such a number.
pub(in crate::redact) const DIGITS: usize = 9;

pub(in crate::redact) fn find(text: &str, found: &mut Vec<Span>) {
    static WORDS: AnyOf =
        AnyOf::new(&["zoom", "meeting", "teams", "webex", "reuni", "riunion", "besprechung", "webinar", "pmi"]);
    if WORDS.is_in(text) {
        for captures in MEETING.of(text).captures_iter(text) {
            let Some(value) = captures.name("value") else { continue };
            let digits = value.as_str().bytes().filter(u8::is_ascii_digit).count();
            // "teams 101 102 103"
            if digits > DIGITS || captures.name("number").or(captures.name("own")).is_some() {
                found.push(Span::new(PiiKind::Secret, "secret/meeting", value.range()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    #[test]
    fn finds_numbers_of_meetings() {
        for (text, number) in [
            ("Meeting ID: 844 1234 5678\nPasscode: x", "844 1234 5678"),
            ("zoom id 84412345678 see u there", "84412345678"),
            ("teams meeting id 384 229 118 42", "384 229 118 42"),
            ("my pmi is 412-345-6789", "412-345-6789"),
            ("Besprechungs-ID: 384 229 118 426", "384 229 118 426"),
            ("reunião zoom id: 844 1234 5678", "844 1234 5678"),
        ] {
            assert_eq!(found_by(find, text), [number], "{text:?}");
        }
    }

    #[test]
    fn leaves_talk_about_meetings_alone() {
        for text in [
            "meeting at 1530 with 12 people",
            "zoom 100 200 300 percent",
            "the teams 101 102 103 won",
            "meeting 2026-11-27 1530",
            "meeting room 4 on 2026-11-27",
        ] {
            assert_eq!(found_by(find, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
