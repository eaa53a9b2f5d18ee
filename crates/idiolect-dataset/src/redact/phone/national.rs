//! How numbers are dialled within a country: how long they are without its code, and what is dialled before or within them there that
//! is not part of them (national numbering plans, as ITU-T E.164 asks each country to publish).

use std::ops::RangeInclusive;

struct Plan {
    code: &'static str,
    /// Without the country code and what is dialled before long-distance calls.
    lengths: RangeInclusive<usize>,
    /// A zero is written before each number with an area code.
    zero: bool,
}

const fn zero(code: &'static str, lengths: RangeInclusive<usize>) -> Plan {
    Plan { code, lengths, zero: true }
}

const fn bare(code: &'static str, lengths: RangeInclusive<usize>) -> Plan {
    Plan { code, lengths, zero: false }
}

/// The plans of the codes that a region is known by.
const PLANS: &[Plan] = &[
    bare("1", 10..=10),
    bare("7", 10..=10),
    zero("20", 8..=10),
    zero("27", 9..=9),
    bare("30", 10..=10),
    zero("31", 9..=9),
    zero("32", 8..=9),
    zero("33", 9..=9),
    bare("34", 9..=9),
    bare("36", 8..=9),
    bare("39", 8..=11),
    zero("40", 9..=9),
    zero("41", 9..=9),
    zero("43", 7..=11),
    zero("44", 9..=10),
    bare("45", 8..=8),
    zero("46", 7..=9),
    bare("47", 8..=8),
    bare("48", 9..=9),
    zero("49", 7..=11),
    bare("51", 8..=9),
    bare("52", 10..=10),
    bare("54", 10..=10),
    bare("55", 10..=11),
    bare("56", 9..=9),
    bare("57", 10..=10),
    zero("58", 10..=10),
    zero("60", 8..=10),
    zero("61", 9..=9),
    zero("62", 8..=12),
    zero("63", 8..=10),
    zero("64", 8..=10),
    bare("65", 8..=8),
    zero("66", 8..=9),
    zero("81", 9..=10),
    zero("82", 8..=10),
    zero("84", 9..=9),
    zero("86", 10..=11),
    zero("90", 10..=10),
    bare("91", 10..=10),
    zero("92", 9..=10),
    zero("94", 9..=9),
    zero("98", 10..=10),
    zero("234", 8..=10),
    zero("254", 9..=9),
    bare("351", 9..=9),
    zero("353", 7..=9),
    bare("354", 7..=7),
    zero("358", 5..=10),
    zero("380", 9..=9),
    bare("420", 9..=9),
    bare("852", 8..=8),
    zero("880", 8..=10),
    zero("886", 8..=9),
    zero("971", 8..=9),
    zero("972", 8..=9),
];

/// Whether `national` is as long as the numbers of the country of `code`.
fn fits(code: &str, national: &str) -> bool {
    PLANS.iter().any(|plan| plan.code == code && plan.lengths.contains(&national.len()))
}

/// The country code and the rest of `digits`, which have no plus sign before them and were dialled in the country of `home`:
/// "44 7700 900123" has a code as well, but "(55) 99123-4567" has the area code 55 of Brazil, whose country code is the same.
pub(super) fn split(digits: &str, home: &str) -> (String, String) {
    let own = within(home, digits);
    let dials_zero = PLANS.iter().any(|plan| plan.code == home && plan.zero);
    if let Some(rest) = digits.strip_prefix(home) {
        let rest = behind_code(home, rest);
        if fits(home, &rest) && (dials_zero || !fits(home, &own)) {
            return (home.to_owned(), rest);
        }
    }
    /// Fewer digits are no number with its country code that nothing else tells.
    const FEWEST_DIGITS: usize = 11;
    if !fits(home, &own) && !digits.starts_with('0') && digits.len() >= FEWEST_DIGITS {
        let (code, rest) = digits.split_at(country_code_len(digits));
        let rest = behind_code(code, rest);
        if fits(code, &rest) {
            return (code.to_owned(), rest);
        }
    }
    (home.to_owned(), own)
}

/// How long the country calling code at the start of an international number is; they are prefix-free (ITU-T E.164).
pub(super) fn country_code_len(digits: &str) -> usize {
    let two = digits.get(..2).unwrap_or_default();
    match two {
        _ if two.starts_with(['1', '7']) => 1,
        "20" | "27" | "30" | "31" | "32" | "33" | "34" | "36" | "39" | "40" | "41" | "43" | "44" | "45" | "46"
        | "47" | "48" | "49" | "51" | "52" | "53" | "54" | "55" | "56" | "57" | "58" | "60" | "61" | "62" | "63"
        | "64" | "65" | "66" | "81" | "82" | "84" | "86" | "90" | "91" | "92" | "93" | "94" | "95" | "98" => 2,
        _ => 3,
    }
}

/// Whether `digits` are a country's code and a number as long as those behind it are.
pub(super) fn is_international(digits: &str) -> bool {
    let (code, rest) = digits.split_at(country_code_len(digits).min(digits.len()));
    fits(code, &behind_code(code, rest))
}

/// What follows the country code, as it is dialled within: "+54 9 11 2345 6789" and "+52 1 55 1234 5678" have a digit for mobiles, and
/// "+44 (0)20 7946 0958" the zero.
pub(super) fn behind_code(code: &str, rest: &str) -> String {
    let mobile = match (code, rest.len()) {
        ("54", 11) => "9",
        ("52", 11) => "1",
        _ => "",
    };
    within(code, rest.strip_prefix(mobile).unwrap_or(rest))
}

/// `digits` as dialled within the country of `code`, without what is dialled before long-distance calls, and before or within those to mobiles.
fn within(code: &str, digits: &str) -> String {
    let length = digits.len();
    let before = match code {
        "7" if length == 11 => digits.strip_prefix('8'),
        "36" if length >= 10 => digits.strip_prefix("06"),
        "52" if length >= 12 => ["01", "044", "045"].iter().find_map(|trunk| digits.strip_prefix(trunk)),
        // "0 15 11 99123-4567": the carrier.
        "55" if length >= 13 => digits.strip_prefix('0').and_then(|rest| rest.get(2..)),
        _ => None,
    };
    let national = before.unwrap_or(digits).trim_start_matches('0');
    // "011 15 2345-6789": behind the area code, for mobiles.
    let mobile = (2..=4).find(|&area| code == "54" && national.len() == 12 && national[area..].starts_with("15"));
    mobile.map_or(national.to_owned(), |area| format!("{}{}", &national[..area], &national[area + 2..]))
}

#[cfg(test)]
mod tests {
    use super::super::comparable;

    fn same(region: &str, one: &str, other: &str) -> bool {
        let region = region.parse().ok();
        comparable(one, region) == comparable(other, region)
    }

    #[test]
    fn one_number_is_equal_in_all_spellings_of_its_country() {
        for (region, one, other) in [
            ("US", "202-555-0142", "+1 202 555 0142"),
            ("US", "1 (202) 555-0142 x7", "001 202.555.0142"),
            ("US", "202-555-0142", "011 1 202 555 0142"),
            ("US", "447700900123", "+44 7700 900123"),
            ("GB", "07700 900123", "+44 (0)7700 900123"),
            ("GB", "07700 900123", "447700900123"),
            ("GB", "12025550142", "+1 202 555 0142"),
            ("RU", "8 912 345-67-89", "+7 912 345 67 89"),
            ("RU", "8 495 123-45-67", "+7 495 123 45 67"),
            ("RU", "79123456789", "+7 912 345 67 89"),
            ("HU", "06 30 123 4567", "+36 30 123 4567"),
            ("IT", "06 6982 1234", "+39 06 6982 1234"),
            ("IT", "391 234 5678", "+39 391 234 5678"),
            ("IT", "39 347 123 4567", "+39 347 123 4567"),
            ("DE", "49 30 123456", "030/123456"),
            ("DE", "0170 1234567", "491701234567"),
            ("NZ", "64 21 123 456", "021 123 456"),
            ("SG", "9123 4567", "+65 9123 4567"),
            ("SG", "65 9123 4567", "+65 9123 4567"),
            ("DK", "45 20 12 34 56", "20 12 34 56"),
            ("DK", "45 12 34 56", "+45 45 12 34 56"),
            ("FR", "06 12 34 56 78", "33612345678"),
            ("IN", "91234 56789", "+91 91234 56789"),
            ("AR", "11 2345 6789", "+54 9 11 2345 6789"),
            ("AR", "011 15 2345-6789", "+54 9 11 2345 6789"),
            ("AR", "5491123456789", "+54 11 2345 6789"),
            ("MX", "55 1234 5678", "+52 1 55 1234 5678"),
            ("MX", "044 55 1234 5678", "+52 55 1234 5678"),
            ("BR", "(55) 99123-4567", "+55 55 99123-4567"),
            ("BR", "0 15 11 99123-4567", "+55 11 99123-4567"),
            ("BR", "011 99123-4567", "+55 11 99123-4567"),
            ("BR", "5511991234567", "11 99123-4567"),
        ] {
            assert!(same(region, one, other), "{region}: {one} {other}");
        }
    }

    #[test]
    fn numbers_of_which_only_the_last_nine_digits_are_the_same_differ() {
        assert!(!same("US", "212-555-0142", "312-555-0142"));
        assert!(!same("FR", "06 12 34 56 78", "+34 612 345 678"));
        assert!(!same("BR", "(55) 99123-4567", "+55 11 99123-4567"));
    }

    #[test]
    fn each_region_that_is_known_has_a_plan() {
        for code in crate::redact::region::calling_codes() {
            assert_eq!(super::PLANS.iter().filter(|plan| plan.code == code).count(), 1, "{code}");
        }
    }
}
