//! Whether two ways of writing a person's name, number or id mean the same one.

use unicode_normalization::UnicodeNormalization;

/// Digits from which on a text of digits and separators is a phone number.
const PHONE_DIGITS: usize = 7;

/// Compares without case, invisible marks, kinds of spaces, apostrophes, dashes, widths and digits, WhatsApp's `~ ` before
/// strangers' names and, in phone numbers, separators.
pub(crate) fn same_person(a: &str, b: &str) -> bool {
    a == b || key(a) == key(b)
}

pub(super) fn key(name: &str) -> String {
    let visible: String = name.nfkc().filter(|c| !is_invisible(*c)).map(plain).flat_map(char::to_lowercase).collect();
    let words: Vec<&str> = visible.trim_start_matches(['~', '\u{223C}']).split_whitespace().collect();
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
        '٠'..='٩' | '۰'..='۹' | '०'..='९' => {
            let zero = ['٠', '۰', '०'].into_iter().rfind(|zero| *zero <= c).map_or(0, u32::from);
            char::from_digit(u32::from(c) - zero, 10).unwrap_or(c)
        }
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_person_are_one() {
        for (a, b) in [
            ("Ana", "ana"),
            ("\u{200e}~\u{a0}Ana  Núñez", "ana nu\u{301}n\u{303}ez"),
            ("Pat O\u{2019}Neil", "pat o'neil"),
            ("Wren \u{2764}\u{fe0f}", "Wren \u{2764}"),
            ("\u{ff37}ren", "Wren"),
            ("+966 55 123 4567", "\u{200f}+٩٦٦ ٥٥ ١٢٣ ٤٥٦٧"),
            ("+1 (212) 555-0101", "\u{202a}+1\u{a0}212\u{a0}555\u{2011}0101\u{202c}"),
        ] {
            assert!(same_person(a, b), "{a:?} and {b:?}");
        }
        for (a, b) in [("Ana", "Anna"), ("", "a"), ("+12125550101", "+12125550102"), ("1 2", "12")] {
            assert!(!same_person(a, b), "{a:?} and {b:?}");
        }
    }
}
