//! The country whose dialling habits apply to a number without a country code.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use crate::BuildError;

/// A two-letter country code (ISO 3166-1 alpha-2), in capitals.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Region([u8; 2]);

impl Region {
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("made of two ASCII letters")
    }

    /// The digits that numbers from here have before them elsewhere, where this is one of the regions whose codes are known.
    pub(super) fn calling_code(&self) -> Option<&'static str> {
        CALLING_CODES.iter().find(|(_, region)| *region == self.as_str()).map(|(code, _)| *code)
    }

    /// As bytes, which are told apart faster.
    pub(super) fn letters(&self) -> &[u8; 2] {
        &self.0
    }
}

/// Country calling codes and the region that is dialled most with each, for those with many speakers in chats.
const CALLING_CODES: &[(&str, &str)] = &[
    ("1", "US"),
    ("7", "RU"),
    ("20", "EG"),
    ("27", "ZA"),
    ("30", "GR"),
    ("31", "NL"),
    ("32", "BE"),
    ("33", "FR"),
    ("34", "ES"),
    ("36", "HU"),
    ("39", "IT"),
    ("40", "RO"),
    ("41", "CH"),
    ("43", "AT"),
    ("44", "GB"),
    ("45", "DK"),
    ("46", "SE"),
    ("47", "NO"),
    ("48", "PL"),
    ("49", "DE"),
    ("51", "PE"),
    ("52", "MX"),
    ("54", "AR"),
    ("55", "BR"),
    ("56", "CL"),
    ("57", "CO"),
    ("58", "VE"),
    ("60", "MY"),
    ("61", "AU"),
    ("62", "ID"),
    ("63", "PH"),
    ("64", "NZ"),
    ("65", "SG"),
    ("66", "TH"),
    ("81", "JP"),
    ("82", "KR"),
    ("84", "VN"),
    ("86", "CN"),
    ("90", "TR"),
    ("91", "IN"),
    ("92", "PK"),
    ("94", "LK"),
    ("98", "IR"),
    ("234", "NG"),
    ("254", "KE"),
    ("351", "PT"),
    ("353", "IE"),
    ("354", "IS"),
    ("358", "FI"),
    ("380", "UA"),
    ("420", "CZ"),
    ("852", "HK"),
    ("880", "BD"),
    ("886", "TW"),
    ("971", "AE"),
    ("972", "IL"),
    // Shared codes, each inferred as its first country.
    ("1", "CA"),
    ("7", "KZ"),
];

#[cfg(test)]
pub(super) fn calling_codes() -> impl Iterator<Item = &'static str> {
    CALLING_CODES.iter().map(|(code, _)| *code)
}

/// The fewest numbers with a country code from which a region is inferred.
const FEWEST_NUMBERS: usize = 3;

/// Counts the numbers with a country code in a person's texts, which tell where the person lives.
#[derive(Default)]
pub(crate) struct CountryCodes {
    regions: HashMap<&'static str, usize>,
    numbers: usize,
}

impl CountryCodes {
    pub(crate) fn observe(&mut self, text: &str) {
        for at in memchr::memchr_iter(b'+', text.as_bytes()) {
            let digits: String = text[at + 1..]
                .chars()
                .take(20)
                .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}'..='\u{2013}' | '(' | ')' | '.'))
                .collect();
            let length = digits.bytes().take_while(u8::is_ascii_digit).count();
            if !(9..=15).contains(&length) {
                continue;
            }
            self.numbers += 1;
            if let Some((_, region)) = CALLING_CODES.iter().find(|(code, _)| digits.starts_with(code)) {
                *self.regions.entry(region).or_default() += 1;
            }
        }
    }

    /// Where most of the numbers are from, if it is more than half of three or more.
    pub(crate) fn region(&self) -> Option<Region> {
        let (region, _) = self.regions.iter().find(|(_, count)| **count * 2 > self.numbers)?;
        (self.numbers >= FEWEST_NUMBERS).then(|| region.parse().ok()).flatten()
    }
}

impl FromStr for Region {
    type Err = BuildError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.as_bytes() {
            // As people abbreviate what is GB in the standard.
            [b'U' | b'u', b'K' | b'k'] => Ok(Self(*b"GB")),
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(BuildError::Region { value: text.to_owned() }),
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_is_where_most_numbers_with_a_country_code_are_from() {
        let texts =
            ["call +44 7700 900123", "+44 20 7946 0958 or +1 202 555 0142", "hi", "his is +447700900456", "2+2"];
        let region = |texts: &[&str]| {
            let mut codes = CountryCodes::default();
            texts.iter().for_each(|text| codes.observe(text));
            codes.region()
        };
        assert_eq!(region(&texts), "GB".parse().ok());
        assert_eq!(
            region(&["+44\u{a0}7700\u{a0}900123", "+44 20 7946\u{2011}0958", "+44 7700 900456"]),
            "GB".parse().ok()
        );
        assert_eq!(region(&texts[..1]), None, "one number says little");
        assert_eq!(region(&["+1 202 555 0142", "+44 7700 900123", "+65 9123 4567"]), None);
    }

    #[test]
    fn two_letters_in_any_case_are_a_region() {
        assert_eq!("sg".parse::<Region>().unwrap().to_string(), "SG");
        assert_eq!("uk".parse::<Region>().unwrap().to_string(), "GB");
        for wrong in ["", "U", "USA", "1A", "ü"] {
            assert!(wrong.parse::<Region>().is_err());
        }
    }
}
