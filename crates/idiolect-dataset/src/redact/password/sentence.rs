//! Passwords that a few words part from what announces them: "mot de passe du wifi soleil99", "the password? sunshine1".

use std::ops::Range;

use super::super::pattern;
use super::super::{PiiKind, Span, nearby, one_time_code};
use super::value::{is_mixed, is_number};
use super::{ANNOUNCING, bare, login, needs_random};

/// How far behind the word a password is looked for, in bytes.
const REACH: usize = 160;

/// The most words between.
const MOST: usize = 8;

/// The most words between "is" and what a value before it is said to be.
const MOST_BETWEEN: usize = 3;

/// Words behind which stands what it is.
const TELLING: &str = " is its it's thats that's changed set es est ist è é är er jest это hai usual always same before new nueva nuevo nova novo neue neues neuer nouveau nouvelle nuova nuovo nieuwe nytt geändert cambiado mudou değişti ";

/// Words that lead from the one to the other.
const LEADING: &str = " to of at on for für fürs beim zum zur para pour per til till zu do da de del della dell du des di von vom van voor för od dla na от для к na was are lautet adalah là ka ki ke ";

/// Words that say what it opens.
const OPENED: &str = " wifi wi-fi wifinya wlan netflix spotify router hotspot laptop email mail gmail icloud zoom internet network net account login pc handy phone tv ";

/// Words that come before such a word, or stand for nothing.
const SMALL: &str = " the a an as my our your ur his her their le la el los las der die das dem den mein meine unser mi tu su mon ma ton o os as meu minha il lo i het de een mijn min din \
    den det hat sich still now again ne kya cual qual quelle was wat what which ";

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    for noun in ANNOUNCING.of(text).find_iter(text) {
        // "… is the wifi pass"
        let opens = || bare(noun.as_str()) == "pass" && is_opened(&text[..noun.start()]);
        if (super::is_for_words(noun.as_str()) || opens()) && !needs_random(noun.as_str()) {
            let range = before(text, noun.start());
            found.extend(range.map(|range| Span::new(PiiKind::Password, "password/value_first", range)));
        }
        let introduced = login::introduces(&text[..noun.start()]) || is_changed(&text[..noun.start()]);
        if let Some(range) = behind(text, noun.end(), introduced).filter(|_| !needs_random(noun.as_str())) {
            let sure = !matches!(bare(noun.as_str()).as_str(), "secret" | "token" | "токен" | "parole");
            if sure || range.len() >= 12 {
                let name = login::name_before(text, noun.start());
                found.extend(name.map(|name| Span::new(PiiKind::Password, "password/user_name", name)));
                found.push(Span::new(PiiKind::Password, "password/sentence", range));
            }
        }
    }
}

/// Whether what a password opens is the last word of `before`.
fn is_opened(before: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or_default();
    OPENED.contains(&format!(" {} ", last.to_lowercase()))
}

/// Whether somebody says right before a password that they changed it: "i changed my …", "cambié la …".
fn is_changed(before: &str) -> bool {
    let before = nearby::words_before(before, 24);
    ["chang", "cambi", "reset", "geändert", "mudei", "troquei"].iter().any(|word| pattern::contains(before, word))
}

/// The password that the noun at `end` comes behind: "sunshine1 is the wifi password", "unzip it with sunshine1 as password".
fn before(text: &str, end: usize) -> Option<Range<usize>> {
    const IS: [&str; 16] = [
        "is", "thats", "that's", "that’s", "as", "ist", "es", "est", "è", "é", "är", "jest", "je", "to", "este", "это",
    ];
    let mut words = nearby::end_of(&text[..end], REACH).split_whitespace().rev();
    let joined =
        |word: &&str| word.trim_start_matches('(').chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’'));
    // "sunshine1 (the wifi password)"
    let leads = |word: &&str| IS.contains(word) || word.starts_with('(');
    words.by_ref().take(MOST_BETWEEN + 1).take_while(joined).find(leads)?;
    let value = words.next()?.trim_matches(['"', '\'', '“', '”', '(', ')', ',']);
    let at = value.as_ptr() as usize - text.as_ptr() as usize;
    is_mixed(value).then_some(at..at + value.len())
}

/// The password in the words that begin at `start`; `introduced` if an account stands before.
fn behind(text: &str, start: usize, introduced: bool) -> Option<Range<usize>> {
    let rest = &text[start..text.floor_char_boundary(text.len().min(start + REACH))];
    // In a line by itself it is an answer.
    let lone = |line: &str| line.split_whitespace().count() == 1;
    let asked = rest.starts_with(['?', '!'])
        || rest.trim_start_matches(' ').strip_prefix('\n').and_then(|lines| lines.lines().next()).is_some_and(lone);
    // Of a word that goes on in Latin letters the noun is only the beginning.
    let latin = text[..start].ends_with(|c: char| !is_foreign(c));
    if latin && rest.starts_with(|c: char| c.is_alphanumeric() && c.is_ascii()) {
        return None;
    }
    let among = |words: &str, word: &str| words.contains(&format!(" {word} "));
    let (mut led, mut told) = (false, asked || introduced);
    for (number, word) in rest.split_whitespace().enumerate().take(MOST) {
        // Words of scripts without spaces, and what is said with them, are glued to the value.
        let value = word.trim_start_matches(is_foreign);
        let value = value.split(is_foreign).next().unwrap_or(value).trim_end_matches(['.', ',', ';', ')', '?', ':']);
        told = told || value.len() < word.len() && !word.is_ascii() && !word.starts_with(value);
        let at = value.as_ptr() as usize - text.as_ptr() as usize;
        let small = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if is_mixed(value) || is_number(value) && !one_time_code::is_counted(&text[at + value.len()..]) {
            return told.then_some(at..at + value.len());
        }
        let foreign = small.chars().any(|c| c.is_alphabetic() && !matches!(c, '\0'..='\u{24f}'));
        match () {
            () if small.is_empty() && number == 0 => {}
            () if among(OPENED, &small) || foreign => told = true,
            () if among(TELLING, &small) => (led, told) = (true, true),
            () if among(LEADING, &small) => led = true,
            () if among(SMALL, &small) => {}
            () if led && small.chars().all(char::is_alphabetic) => told = true,
            () => return None,
        }
        told = told || word.ends_with('?');
        if word.ends_with(['.', ';', '!']) {
            return None;
        }
    }
    None
}

/// Whether `c` is of a script that no password is typed in.
fn is_foreign(c: char) -> bool {
    c > '\u{4ff}'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
    }

    #[test]
    fn finds_passwords_behind_a_few_words() {
        for (text, password) in [
            ("mot de passe du wifi soleil99", "soleil99"),
            ("senha do wifi praia2020", "praia2020"),
            ("la clave del internet gato1234", "gato1234"),
            ("whats the password? sunshine1", "sunshine1"),
            ("pass for the wifi? sunshine1 all small", "sunshine1"),
            ("the password is my cats name mittens7", "mittens7"),
            ("пароль от вайфая kotik123", "kotik123"),
            ("باسورد الواي فاي salam@123", "salam@123"),
            ("wifi ka password hai chai1234", "chai1234"),
            ("contra de netflix pelis12345", "pelis12345"),
            ("sunshine1 is the new wifi password", "sunshine1"),
            ("unzip it with sunshine1 as password", "sunshine1"),
            ("user jo pass sunshine1", "sunshine1"),
            ("pw changed to Sunshine#1", "Sunshine#1"),
            ("wifi password? its sunshine1!", "sunshine1!"),
            ("whats the wifi pw?\nsunshine1", "sunshine1"),
            ("whats the netflix password\nsunshine1", "sunshine1"),
            ("its sunshine1 (the wifi password)", "sunshine1"),
            ("sunshine1 thats the password", "sunshine1"),
            ("wifi密码sunshine1", "sunshine1"),
            ("пароль для входа 482910", "482910"),
            ("wifi password? 482910482", "482910482"),
            ("parola wifi luna1234", "luna1234"),
            ("sunshine1 is the wifi pass", "sunshine1"),
            ("sunshine1 to hasło do wifi", "sunshine1"),
            ("sunshine1 это пароль", "sunshine1"),
            ("same password as always, sunshine1", "sunshine1"),
            ("the password for the zip is the usual sunshine1", "sunshine1"),
            ("cambié la contraseña a luna1234", "luna1234"),
            ("password wifinya luna1234", "luna1234"),
        ] {
            assert_eq!(found(text), [password], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_words_alone() {
        for text in [
            "i forgot my password on the 25th",
            "password for windows11",
            "password for the 1080p60 stream",
            "password expired, order is ab12345",
            "the password page of example2 is down. see room1408",
            "passwords need 8 characters",
            "passing the 100m in 10sec",
            "把密码告诉我,我订7天看看.谢谢",
            "windows11 is better, my password works",
            "forgot my password\nwindows11 asks again",
            "password for 100000 people",
            "new password (for windows11)",
            "windows11 is a pass",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
