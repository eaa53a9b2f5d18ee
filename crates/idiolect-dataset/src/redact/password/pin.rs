//! PINs and PUKs: "my pin is 4829".

use super::super::pattern::{self, Pattern};
use super::super::{PiiKind, Span, nearby};
use super::IS;

/// "pin 4829", "my PIN is: 4829".
static PIN: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: ^ | [^\p{{L}}\p{{N}}_] ) (?P<noun> m?pin | puk | пин | code \x20 (?: de \x20 (?: la | ma ) \x20 )? (?: carte | cb ) ) (?: [-\x20]? (?: code | kod(?:en|e|u)? | код | number | no\.? | nr\.? ) )? (?: ['’]?s (?-u:\b) )?
            (?: \x20 (?:for|to|of|on|de|del|della|do|da|du|von|vom|der|des|für|van|voor|för|til|ma|от|к) (?:\x20 [\p{{L}}'’]+){{1,4}}? )?
            (?: \s* [:=\#-] \s* | \x20? [?\n] \s* | \x20 {IS} [\s:]+ | \x20 ) (?P<value> \d{{4,12}} )"
    )
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    if text.is_ascii() && !["pin", "puk", "code"].iter().any(|word| pattern::contains(text, word)) {
        return;
    }
    for captures in PIN.of(text).captures_iter(text) {
        let (Some(noun), Some(value)) = (captures.name("noun"), captures.name("value")) else { continue };
        let next = text[value.end()..].chars().next();
        if !next.is_some_and(char::is_alphanumeric) && !is_in_a_game(&text[..noun.start()]) {
            found.push(Span::new(PiiKind::Password, "password/pin", value.range()));
        }
    }
}

/// "game pin 482910" lets everybody into a quiz.
fn is_in_a_game(before: &str) -> bool {
    let before = nearby::words_before(before.trim_end(), 12).to_lowercase();
    ["game", "kahoot", "quiz", "map"].iter().any(|word| before.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
    }

    #[test]
    fn finds_pins() {
        for (text, pin) in [
            ("pin is 4829", "4829"),
            ("PIN: 482910", "482910"),
            ("pin for the card is 4829", "4829"),
            ("il pin del bancomat è 4829", "4829"),
            ("PIN von der Karte ist 4829", "4829"),
            ("puk 48291029", "48291029"),
            ("pinkoden är 4829", "4829"),
            ("mpin 482910", "482910"),
            ("whats ur pin\n4829", "4829"),
            ("ur pin? 4829", "4829"),
            ("пин от карты 4829", "4829"),
            ("code carte 4829", "4829"),
        ] {
            assert_eq!(found(text), [pin], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_pins_alone() {
        for text in ["pin it on the wall", "pin 12 of them", "game pin 482910", "spin 4829", "puking since 0400"] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
