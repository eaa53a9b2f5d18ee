//! When two spellings are of one number.

use super::{digit_value, national, odd, spelled};
use crate::redact::Region;

/// The form in which two spellings of one number are equal: with its country code where `region` is one whose code is known.
/// Else its last nine digits without country code, trunk zeros and extension, which few people's acquaintances share.
pub(in crate::redact) fn comparable(value: &str, region: Option<Region>) -> String {
    let in_digits = spelled::digits_of(value).or_else(|| odd::evened(value).map(|evened| evened.text));
    let value = in_digits.as_deref().unwrap_or(value);
    let main = &value[..extension_start(value)];
    let digits: String = main.chars().filter_map(digit_value).collect();
    let home = region.and_then(|region| region.calling_code());
    // In North America; elsewhere "011" may be a zero and an area code.
    let american = home.is_none_or(|home| home == "1").then(|| digits.strip_prefix("011")).flatten();
    let international = match main.contains(['+', '\u{ff0b}']) {
        true => Some(digits.as_str()),
        false => american.or(digits.strip_prefix("00")).filter(|rest| rest.len() >= 9),
    };
    let split = |number: &str| {
        let (code, rest) = number.split_at(national::country_code_len(number).min(number.len()));
        (code.to_owned(), national::behind_code(code, rest))
    };
    if let Some(home) = home {
        let (code, national) = international.map_or_else(|| national::split(&digits, home), split);
        return code + &national;
    }
    let national = international.map_or(digits.clone(), |number| split(number).1);
    let national = national.trim_start_matches('0');
    national[national.len().saturating_sub(9)..].to_owned()
}

/// Where the extension begins; the letters of "(0xx11) 5550-0142", which stand for a carrier, are before any number.
fn extension_start(value: &str) -> usize {
    /// Of a number that has one.
    const FEWEST_DIGITS: usize = 4;
    let mut digits = 0;
    let begins = |character: char| {
        digits += usize::from(digit_value(character).is_some());
        digits >= FEWEST_DIGITS && (character.is_alphabetic() || matches!(character, ';' | ',' | '#'))
    };
    value.find(begins).unwrap_or(value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_is_equal_in_its_national_and_international_spellings() {
        for (one, other) in [
            ("07700 900123", "+44 7700 900123"),
            ("+44 (0)20 7946 0958", "020 7946 0958"),
            ("9123 4567", "+65 9123 4567"),
            ("1-800-555-0199", "800.555.0199"),
            ("0049 30 123456", "030/123456"),
            ("two oh two, five double five, oh one four two", "(202) 555-0142"),
            ("(0xx11) 5550-0142", "(11) 5550-0142"),
            ("2o2*555*o142", "(202) 555-0142"),
        ] {
            assert_eq!(comparable(one, None), comparable(other, None), "{one:?} {other:?}");
        }
        assert_ne!(comparable("202-555-0142", None), comparable("202-555-0143", None));
        assert_ne!(comparable("(0xx11) 5550-0142", None), comparable("(0xx12) 5550-0142", None));
        assert_eq!(comparable("+", None), "");
        assert_eq!(
            comparable("06 12 34 56 78", None),
            comparable("+34 612 345 678", None),
            "nothing tells the country"
        );
    }
}
