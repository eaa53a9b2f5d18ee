//! Whether two ways of writing a person's name, number or id mean the same one.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::digits;

/// Digits from which on a text of digits and separators is a phone number.
const PHONE_DIGITS: usize = 7;

/// Compares without case, invisible marks, kinds of spaces, apostrophes, dashes, widths and digits, WhatsApp's `~ ` before
/// strangers' names, the `@` before an account's and, in phone numbers, separators.
pub(crate) fn same_person(a: &str, b: &str) -> bool {
    a == b || person_key(a) == person_key(b)
}

/// Names of senders that are remembered; more are not somebody's chats.
const MAX_KNOWN: usize = 100_000;

/// Whom `--me` or the export names, to be compared with sender after sender.
pub(crate) struct Person {
    key: String,
    known: HashMap<Box<str>, bool>,
}

impl Person {
    pub(crate) fn named(name: &str) -> Self {
        Self { key: person_key(name), known: HashMap::new() }
    }

    /// Whether `name` is theirs, as [`same_person`] compares.
    pub(crate) fn is(&mut self, name: &str) -> bool {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let is = person_key(name) == self.key;
        if self.known.len() < MAX_KNOWN {
            self.known.insert(name.into(), is);
        }
        is
    }
}

/// What a phone or an account is reached by, and not a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handle {
    Number,
    Address,
}

impl Handle {
    /// `None` for a name.
    pub(crate) fn kind_of(written: &str) -> Option<Self> {
        let key = person_key(written);
        match key.len() >= PHONE_DIGITS && key.bytes().all(|byte| byte.is_ascii_digit()) {
            true => Some(Self::Number),
            false => key.split_once('@').filter(|(_, host)| host.contains('.')).map(|_| Self::Address),
        }
    }
}

/// Digits at a number's end that tell it from others, with or without its country's.
pub(crate) const TELLING_DIGITS: usize = 9;

/// The same number or address, or the same name: a number may be written with its country's digits and without.
pub(crate) fn same_handle(a: &str, b: &str) -> bool {
    let is_national = |written: &str| !written.trim_start().starts_with('+');
    let are_numbers = || [a, b].into_iter().all(|handle| Handle::kind_of(handle) == Some(Handle::Number));
    same_person(a, b)
        || ((is_national(a) || is_national(b)) && are_numbers() && is_one_number(&person_key(a), &person_key(b)))
}

/// Whether one of two numbers is the other with its country's digits in the place of what is dialled before it at home.
fn is_one_number(a: &str, b: &str) -> bool {
    let is_within = |short: &str, long: &str| {
        // An 8 in Russia, zeros elsewhere; Italy's stay.
        let at_home = match short.len() {
            11 if short.starts_with('8') => &short[1..],
            _ => short.trim_start_matches('0'),
        };
        [short, at_home].into_iter().any(|number| number.len() >= TELLING_DIGITS && long.ends_with(number))
    };
    is_within(a, b) || is_within(b, a)
}

/// Whether WhatsApp marked the name as one that somebody chose who is not in the address book.
pub(crate) fn is_name_of_choice(name: &str) -> bool {
    name.chars().find(|c| !is_invisible(*c)).is_some_and(|c| matches!(c, '~' | '\u{223C}'))
}

/// What is the same in all spellings of a name.
pub(crate) fn person_key(name: &str) -> String {
    let visible: String = name.nfkc().filter(|c| !is_invisible(*c)).map(plain).flat_map(char::to_lowercase).collect();
    let words: Vec<&str> = visible.trim_start_matches(['~', '\u{223C}', '@']).split_whitespace().collect();
    let name = words.join(" ");
    let is_number = name.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    if is_number && digits.len() >= PHONE_DIGITS { digits } else { name }
}

/// Marks of direction, joiners, and those that choose how an emoji looks.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FE0E}' | '\u{FE0F}' | '\u{FEFF}' | '\u{061C}')
}

fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '`' | '´' => '\'',
        '\u{201C}' | '\u{201D}' => '"',
        '\u{2010}'..='\u{2014}' | '\u{2212}' => '-',
        c => digits::plain(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_person_are_one() {
        for (a, b) in [
            ("Ana", "ana"),
            ("ana", "@ana"),
            ("\u{200e}~\u{a0}Ana  Núñez", "ana nu\u{301}n\u{303}ez"),
            ("Pat O\u{2019}Neil", "pat o'neil"),
            ("Wren \u{2764}\u{fe0f}", "Wren \u{2764}"),
            ("\u{ff37}ren", "Wren"),
            ("+966 55 123 4567", "\u{200f}+٩٦٦ ٥٥ ١٢٣ ٤٥٦٧"),
            ("+1 (212) 555-0101", "\u{202a}+1\u{a0}212\u{a0}555\u{2011}0101\u{202c}"),
        ] {
            assert!(same_person(a, b), "{a:?} and {b:?}");
        }
        let mut person = Person::named("Ana");
        assert!(person.is("ANA") && person.is("ANA") && !person.is("Anna") && !person.is("Anna"));
        for (a, b) in [("Ana", "Anna"), ("", "a"), ("+12125550101", "+12125550102"), ("1 2", "12")] {
            assert!(!same_person(a, b), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn a_number_is_one_with_and_without_its_country() {
        for (a, b) in [
            ("+12025550142", "(202) 555-0142"),
            ("0171 2345678", "+49 171 2345678"),
            ("+1 202 555 0142", "12025550142"),
            ("0049 171 2345678", "+49 171 2345678"),
            ("8 912 345-67-89", "+7 912 3456789"),
            ("06 1234567", "+39 06 1234567"),
            ("Ana@Example.com", "ana@example.com"),
        ] {
            assert!(same_handle(a, b), "{a} and {b}");
        }
        for (a, b) in [
            ("+12025550142", "+442025550142"),
            ("+12025550142", "2025550143"),
            ("+13025550142", "2025550142"),
            ("5550142", "+12025550142"),
            ("ana@example.com", "ana@example.org"),
        ] {
            assert!(!same_handle(a, b), "{a} and {b}");
        }
        let kinds = ["+1 202 555 0142", "ana@example.com", "Ana Ruiz", "ana@home", "12"].map(Handle::kind_of);
        assert_eq!(kinds, [Some(Handle::Number), Some(Handle::Address), None, None, None]);
    }
}
