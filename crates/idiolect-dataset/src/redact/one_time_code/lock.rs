//! Codes of locks, key boxes and bells: "locker combo 12-34-56", "the lockbox is 4829".

use super::super::pattern::{self, Pattern};
use super::super::{PiiKind, Span};
use super::patterns::{LINK, behind_border};
use super::{has_one_of, is_year, push};

/// "locker combo 12-34-56", "the combination of my bike lock is 4829", "its in the lock box, combo 4829".
static COMBINATION: Pattern = Pattern::new(|| {
    const LOCK: &str = "(?: locker | (?:pad|bike\\x20)?lock (?:\\x20?box)? | key\\x20?(?:box|safe) | safe | vault | luggage | suitcase | gate )";
    behind_border(&format!(
        r"(?: {LOCK} (?:['’]s)? [^.!?\n]{{1,16}}? comb(?:o|ination) | comb(?:o|ination) \x20 (?: to | for | of | on ) \x20 (?: the | my | our | his | her | your ) \x20 (?: \w+ \x20 )? {LOCK} ) {LINK}
          (?P<value> [0-9]{{1,2}} (?: [-\x20] [0-9]{{1,2}} ){{2,3}} | [0-9]{{3,6}} )"
    ))
});

/// "combination is 12-34-56".
static PAIRED: Pattern = Pattern::new(|| {
    behind_border(&format!(r"comb(?:o|ination) {LINK} (?P<value> [0-9]{{2}} (?: [-\x20] [0-9]{{2}} ){{2,3}} )"))
});

/// "alarm is 4829 then press yes"; without more it would be a time.
static ALARM: Pattern = Pattern::new(|| {
    behind_border(
        r"alarm \x20 (?: code \x20 )? is \x20 (?P<value> [0-9]{4,6} ) [\x20,]* (?: then | and \x20 (?: press | hit | hash | enter ) | \# | \* | hash | star | press | to \x20 (?: disarm | set ) )",
    )
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
        r"(?: press | type | enter | hit | punch \x20 in | put \x20 in ) \x20 (?P<value> [0-9]{3,8} ) \#? \x20 (?: then \x20 [^.!?\n0-9]{1,24}? \x20 )? (?: on | in | into | at ) \x20 (?: the \x20 )? (?: key\x20?pad | lock | door | gate )",
    )
});

/// "door: 4829", "the gate is 4829": nothing but a code or a year stands there.
static DOOR: Pattern = Pattern::new(|| {
    behind_border(
        r"(?: door | gate | entry | entrance | garage | lobby | portal | portail | haustür | tür ) (?: \x20? [:=\#]+ \x20? \#? | \x20 is \x20 ) (?P<value> [0-9]{4,8} )",
    )
});

pub(super) fn find_combinations(text: &str, found: &mut Vec<Span>) {
    if pattern::contains(text, "comb") {
        for pattern in [&COMBINATION, &PAIRED] {
            for value in pattern.of(text).captures_iter(text).filter_map(|captures| captures.name("value")) {
                push(text, value.range(), PiiKind::OneTimeCode, "one_time_code/combination", found);
            }
        }
    }
}

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    let boxes: &[&str] = &["lock", "key", "buzzer", "tresor", "schl", "caja de", "sleutel", "boite"];
    let pressed: &[&str] = &["key", "lock", "door", "gate"];
    let doors: &[&str] = &["door", "gate", "entry", "entrance", "garage", "lobby", "porta"];
    for (pattern, words) in [(&BOX, boxes), (&PRESSED, pressed), (&DOOR, doors), (&ALARM, &["alarm"])] {
        if !has_one_of(text, words) {
            continue;
        }
        for value in pattern.of(text).captures_iter(text).filter_map(|captures| captures.name("value")) {
            let built = text[..value.start()].ends_with("is ") && is_year(value.as_str());
            if !built {
                push(text, value.range(), PiiKind::OneTimeCode, "one_time_code/lock", found);
            }
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
            ("front door is 4829 then hash", "4829"),
            ("alarm is 0545 then press yes", "0545"),
            ("combination is 12-34-56", "12-34-56"),
            ("press 4829 then the bell on the keypad", "4829"),
            ("punch in 4829 at the gate", "4829"),
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
            "the gate is 1912 they say",
            "alarm is 0545 tomorrow",
            "garage is 4000 euros",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
