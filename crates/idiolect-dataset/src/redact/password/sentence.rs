//! Passwords that a few words part from what announces them: "mot de passe du wifi soleil99", "the password? sunshine1".

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::{PiiKind, Span, nearby, one_time_code};
use super::{ANNOUNCING, bare, needs_random};

/// What an account is called, with the name that stands behind it.
static INTRODUCING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[^\p{L}])(?:user(?:name)?|login|ssid|wifi|account|e-?mail|benutzer(?:name)?|usuario|usuário|utente)(?:[:\s]+\S+)?[\s,;/|]*$")
        .expect("the pattern is constant")
});

/// How far behind the word a password is looked for, in bytes.
const REACH: usize = 160;

/// The most words between.
const MOST: usize = 6;

/// The most words between "is" and what a value before it is said to be.
const MOST_BETWEEN: usize = 3;

/// Words that lead from the one to the other.
const LEADING: &str = " its it's thats that's changed set for fürs beim zum zur to of at on für para pour per til till zu do da de del della dell du des di von vom van voor för od dla na от для к на is was are es est ist \
    lautet è é är er jest это adalah là ka ki ke hai ";

/// Words that say what it opens.
const OPENED: &str = " wifi wi-fi wlan netflix spotify router hotspot laptop email mail gmail icloud zoom internet network net account login pc handy phone tv ";

/// Words that come before such a word, or stand for nothing.
const SMALL: &str = " the a an my our your ur his her their le la el los las der die das dem den mein meine unser mi tu su mon ma ton o os as meu minha il lo i het de een mijn min din \
    den det still same new now again ne kya cual qual quelle was wat what which ";

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    for noun in ANNOUNCING.of(text).find_iter(text) {
        if super::is_for_words(noun.as_str()) && !needs_random(noun.as_str()) {
            let range = before(text, noun.start());
            found.extend(range.map(|range| Span::new(PiiKind::Password, "password/value_first", range)));
        }
        let introduced = INTRODUCING.is_match(nearby::words_before(&text[..noun.start()], 32));
        if let Some(range) = behind(text, noun.end(), introduced).filter(|_| !needs_random(noun.as_str())) {
            let sure = !matches!(bare(noun.as_str()).as_str(), "secret" | "token" | "токен" | "parole");
            if sure || range.len() >= 12 {
                found.push(Span::new(PiiKind::Password, "password/sentence", range));
            }
        }
    }
}

/// The password that the noun at `end` comes behind: "sunshine1 is the wifi password", "unzip it with sunshine1 as password".
fn before(text: &str, end: usize) -> Option<Range<usize>> {
    const IS: [&str; 12] = ["is", "thats", "that's", "that’s", "as", "ist", "es", "est", "è", "é", "är", "jest"];
    let mut words = nearby::end_of(&text[..end], REACH).split_whitespace().rev();
    let joined =
        |word: &&str| word.trim_start_matches('(').chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’'));
    // "sunshine1 (the wifi password)"
    let leads = |word: &&str| IS.contains(word) || word.starts_with('(');
    words.by_ref().take(MOST_BETWEEN + 1).take_while(joined).find(leads)?;
    let value = words.next()?.trim_matches(['"', '\'', '“', '”', '(', ')']);
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
            () if among(LEADING, &small) => {
                led = true;
                told = told
                    || matches!(
                        small.as_str(),
                        "is" | "its"
                            | "it's"
                            | "thats"
                            | "that's"
                            | "changed"
                            | "set"
                            | "es"
                            | "est"
                            | "ist"
                            | "è"
                            | "é"
                            | "är"
                            | "er"
                            | "jest"
                            | "это"
                            | "hai"
                    );
            }
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

/// Whether `value` is as many digits as only a password has that is a number.
fn is_number(value: &str) -> bool {
    (6..=12).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `c` is of a script that no password is typed in.
fn is_foreign(c: char) -> bool {
    c > '\u{4ff}'
}

/// Letters and digits, six or more, that are no number with its unit and no link.
pub(super) fn is_mixed(value: &str) -> bool {
    let length = value.chars().count();
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '-'));
    let measured = unit.len() < value.len() && unit.len() <= 5 && unit.chars().all(char::is_alphabetic);
    digits > 0
        && length >= 6
        && value.chars().any(char::is_alphabetic)
        && !measured
        && !value.starts_with(['[', '#', '(', '@'])
        && !value.contains("://")
        && !value.contains("www.")
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
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
