//! Passwords and PINs anywhere near the word for one, by what stands right before them: "i forgot the password … ok its sunshine88".

use std::ops::Range;

use super::super::numbers::is_year;
use super::super::pattern::Pattern;
use super::super::{PiiKind, Span, nearby};
use super::value::{ends, is_chosen, is_mixed, stands_alone, without_end};
use super::{ANNOUNCING, is_for_words, needs_random, network};

/// Words for a PIN, and for what has one.
static PIN: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}\p{N}_] ) (?: pin | pin-?code | pass\x20?code | пин | (?: atm | debit | bank ) \x20 card | geheimzahl ) (?: [^\p{L}\p{N}_] | $ )".to_owned()
});

/// What stands before a password that somebody tells.
const TOLD: &str = " its it's it’s is so or try tried use used using with type put enter ya yes yea yeah yep now still to c'est c’est est es ist jest это är er è é hai ";

/// The same of a number, which has to be less open to other meanings.
const NUMBER_TOLD: &str = " its it's it’s thats that's try put type punch enter pon mete pone tape mets ";

/// Words that say that what comes is a name.
const NAMES: &str = " name nombre nome nom user username ssid ";

/// How far from the word, in bytes.
const REACH: usize = 120;

pub(super) fn find(text: &str, digits: usize, found: &mut Vec<Span>) {
    if text.split_whitespace().any(is_mixed) {
        let announcing = ANNOUNCING.of(text).find_iter(text);
        let nouns = announcing.filter(|noun| is_for_words(noun.as_str()) && !needs_random(noun.as_str()));
        let nouns: Vec<_> = nouns.map(|noun| noun.range()).chain(network::names(text)).collect();
        around(text, nouns, TOLD, is_password, found);
    }
    if digits >= 4 {
        let nouns = PIN.of(text).find_iter(text).map(|noun| noun.range()).collect();
        around(text, nouns, NUMBER_TOLD, is_pin, found);
    }
}

/// Whether the first is a value, for whether one is `told` right before it and what stands behind it.
type IsValue = fn(value: &str, told: bool, after: &str) -> bool;

/// What is a value in reach of `nouns`; `told` are the words before one.
fn around(text: &str, nouns: Vec<Range<usize>>, told: &str, is_value: IsValue, found: &mut Vec<Span>) {
    for noun in nouns {
        let (before, after) = (nearby::end_of(&text[..noun.start], REACH), &text[noun.end..]);
        let after = &after[..after.floor_char_boundary(after.len().min(REACH))];
        let window = noun.start - before.len()..noun.end + after.len();
        let (mut previous, mut before) = ("", "");
        for word in text[window.clone()].split_whitespace() {
            let value = without_end(word.trim_start_matches(['"', '(', '“', '‘', '\'']));
            let value = value.trim_end_matches(['"', '”', '’', '\'']);
            let start = value.as_ptr() as usize - text.as_ptr() as usize;
            let range = start..start + value.len();
            // A word that the window cuts is another one.
            let whole = (range.start > window.start || window.start == 0)
                && (range.end < window.end || window.end == text.len());
            // "the wifi's name is …"
            let named = NAMES.contains(&format!(" {} ", before.to_lowercase()));
            let led = previous.ends_with([':', '?']) || told.contains(&format!(" {} ", previous.to_lowercase()));
            if whole && !named && is_value(value, led, &text[range.end..]) {
                found.push(Span::new(PiiKind::Password, "password/near", range));
            }
            before = previous;
            previous = word.trim_end_matches([',', '.', '!']);
        }
    }
}

fn is_password(value: &str, told: bool, after: &str) -> bool {
    let typed = |c: char| c.is_ascii_alphanumeric() || "!#$%&+*-_^".contains(c);
    value.len() >= 8
        && value.chars().all(typed)
        && is_mixed(value)
        && !is_model(value)
        && (told && is_chosen(value) && stands_alone(after) || is_marked(value, after))
}

/// Whether a thing is sold as `value`: "TL-WN725".
fn is_model(value: &str) -> bool {
    let end = value.rsplit_once('-').map_or("", |(_, end)| end);
    end.contains(|c: char| c.is_ascii_uppercase()) && !end.contains(|c: char| c.is_ascii_lowercase())
}

/// Whether nobody writes `value` but as a password: "Sunny-Shine4", "tea$pot9", not "issue#12" or "max_len2".
fn is_marked(value: &str, after: &str) -> bool {
    let inner = value.trim_end_matches(['!', '-', '*', '+']);
    let counted = inner.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with('#');
    inner.contains(['!', '#', '$', '%', '&', '*', '^']) && !counted
        || inner.contains('-') && inner.contains(|c: char| c.is_ascii_uppercase()) && is_chosen(value) && ends(after)
}

fn is_pin(value: &str, told: bool, after: &str) -> bool {
    let goes_on = after.starts_with(char::is_alphanumeric)
        || after.starts_with(['.', ',', ':', '/', '-']) && after[1..].starts_with(char::is_numeric);
    told && (4..=8).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && !is_year(value)
        && !goes_on
        && !value.ends_with("00")
        && stands_alone(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(|text, spans| find(text, text.bytes().filter(u8::is_ascii_digit).count(), spans), text)
    }

    #[test]
    fn finds_what_is_told_near_the_word() {
        for (text, values) in [
            ("can u send the password again\nya its sunshine12", &["sunshine12"][..]),
            ("i think its sunshine12 or sunshine13 for the acme password", &["sunshine12", "sunshine13"]),
            ("pw is my middle name + 88 so sunshine88", &["sunshine88"]),
            ("try sunshine2024 for the password", &["sunshine2024"]),
            ("its Sun_shine1 the password i mean", &["Sun_shine1"]),
            ("new password bc somebody was using it Sunny-Shine4", &["Sunny-Shine4"]),
            ("the wifi at the lake house is still sunshine88", &["sunshine88"]),
            ("i changed the wifi to Sun_Shine5", &["Sun_Shine5"]),
            ("wifi at mums: sunshine88.", &["sunshine88"]),
            ("its 4829 for my atm card", &["4829"]),
            ("u forgot ur pin again?? its 4829", &["4829"]),
            ("pon 4829 es el pin", &["4829"]),
            ("c'est Sun_shine1 le mdp", &["Sun_shine1"]),
        ] {
            assert_eq!(found(text), values, "{text:?}");
        }
    }

    #[test]
    fn leaves_other_words_near_it_alone() {
        for text in [
            "use room204 for the password reset",
            "i have windows2012 the password is lost",
            "the password page is down on version-2024",
            "password policy, see issue#12345",
            "the wifi windows2012 finds is weak",
            "password for my MacBook2019",
            "what pin? its 2024 already",
            "pin it, its 1830.50 euros",
            "its 2300 and the bank card still hasnt come",
            "the pin on the map? its 1120 elm",
            "wifi dongle is TL-WN725N",
            "new wifi router is Acme-AX55",
            "wifi so bad now its windows2012 level",
            "password manager so bitwarden2024 it is",
            "the wifi name is TheNest2024",
            "the Ford-F150s page wants my password",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
