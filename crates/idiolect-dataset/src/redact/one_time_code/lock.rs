//! Codes of locks, key boxes and bells: "locker combo 12-34-56", "the lockbox is 4829".

use super::super::pattern::{self, Pattern};
use super::super::{PiiKind, Span};
use super::{LINK, behind_border, has_one_of, push};

/// "locker combo 12-34-56", "the combination of my bike lock is 4829", "its in the lock box, combo 4829".
static COMBINATION: Pattern = Pattern::new(|| {
    const LOCK: &str = "(?: locker | (?:pad|bike\\x20)?lock (?:\\x20?box)? | key\\x20?(?:box|safe) | safe | vault | luggage | suitcase | gate )";
    behind_border(&format!(
        r"(?: {LOCK} (?:['’]s)? [^.!?\n]{{1,16}}? comb(?:o|ination) | comb(?:o|ination) \x20 (?: to | for | of | on ) \x20 (?: the | my | our | his | her | your ) \x20 (?: \w+ \x20 )? {LOCK} ) {LINK}
          (?P<value> [0-9]{{1,2}} (?: [-\x20] [0-9]{{1,2}} ){{2,3}} | [0-9]{{3,6}} )"
    ))
});

/// What has no number but its code: "lockbox is 4829", "keypad 4829".
static BOX: Pattern = Pattern::new(|| {
    behind_border(&format!(
        r"(?: lock\x20?box | key\x20?box | key\x20?pad | key\x20?safe | padlock | buzzer | (?: bike | suitcase | luggage | gym | tsa ) \x20 lock | sleutelkluis | schlüssel(?:safe|box|tresor) | boîte \x20 à \x20 clés? | caja \x20 de \x20 llaves )
          [^.!?\n0-9]{{0,32}}? {LINK} (?P<value> [0-9]{{3,8}} )"
    ))
});

/// "press 4829 on the keypad".
static PRESSED: Pattern = Pattern::new(|| {
    behind_border(
        r"(?: press | type | enter | hit | punch \x20 in | put \x20 in ) \x20 (?P<value> [0-9]{3,8} ) \#? \x20 (?: on | in | into | at ) \x20 (?: the \x20 )? (?: key\x20?pad | lock | door | gate )",
    )
});

/// "door: 4829": nothing but a code stands behind such a word and a colon.
static DOOR: Pattern = Pattern::new(|| {
    behind_border(
        r"(?: door | gate | entry | entrance | garage | lobby | portal | portail | haustür | tür ) \x20? [:=\#]+ \x20? \#? (?P<value> [0-9]{4,8} )",
    )
});

pub(super) fn find_combinations(text: &str, found: &mut Vec<Span>) {
    if pattern::contains(text, "comb") {
        for value in COMBINATION.of(text).captures_iter(text).filter_map(|captures| captures.name("value")) {
            push(text, value.range(), PiiKind::OneTimeCode, "one_time_code/combination", found);
        }
    }
}

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    let boxes: &[&str] = &["lock", "key", "buzzer", "tresor", "schl", "caja de", "sleutel", "boite"];
    let pressed: &[&str] = &["key", "lock", "door", "gate"];
    let doors: &[&str] = &["door", "gate", "entry", "entrance", "garage", "lobby", "porta"];
    for (pattern, words) in [(&BOX, boxes), (&PRESSED, pressed), (&DOOR, doors)] {
        if !has_one_of(text, words) {
            continue;
        }
        for value in pattern.of(text).captures_iter(text).filter_map(|captures| captures.name("value")) {
            push(text, value.range(), PiiKind::OneTimeCode, "one_time_code/lock", found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        let find = |text: &str, spans: &mut Vec<Span>| {
            find_combinations(text, spans);
            find(text, spans);
        };
        found_by(find, text)
    }

    #[test]
    fn finds_codes_of_locks() {
        for (text, code) in [
            ("locker combo 12-34-56", "12-34-56"),
            ("the combo for my bike lock is 4829", "4829"),
            ("my locker's combination: 12 34 56", "12 34 56"),
            ("locker 7 combination 12-34-56", "12-34-56"),
            ("spare is in the lock box, combo 4829", "4829"),
            ("lockbox by the door is 4829", "4829"),
            ("keypad: 482910", "482910"),
            ("buzzer #4829", "4829"),
            ("press 4829 on the keypad", "4829"),
            ("suitcase lock is 482", "482"),
            ("gate: 4829", "4829"),
            ("Schlüsselsafe 4829", "4829"),
        ] {
            assert_eq!(found(text), [code], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_numbers_near_locks_alone() {
        for text in [
            "combo meal 12 please",
            "a combo of 3-4-5 hits",
            "locker 1482 on the left",
            "lockbox delivered 12:30",
            "keypad costs 1500 euros",
            "numeric keypad has 17 keys",
            "door 4829 of the hotel",
            "gym lock 15 euros",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
