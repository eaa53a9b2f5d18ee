//! How many digits a subscriber's number has where that is fewer than ten, from the countries' numbering plans (ITU-T E.164).

use crate::redact::Region;

/// The lengths of the numbers of `region`, without trunk digit, from four to nine; empty where they are longer or not known.
pub(super) fn lengths(region: Region) -> &'static [usize] {
    match region.letters() {
        b"TK" | b"NU" | b"TA" => &[4, 5, 6, 7],
        b"TV" | b"FK" | b"SH" | b"AC" | b"CK" => &[5, 6],
        b"FO" | b"GL" | b"NF" | b"AD" | b"NC" | b"PM" | b"WF" => &[6],
        b"PF" => &[6, 8],
        b"SR" => &[6, 7],
        b"WS" | b"SB" | b"VU" | b"TO" => &[5, 6, 7],
        b"KI" => &[5, 8],
        b"FJ" | b"SC" | b"MV" | b"GY" | b"BZ" | b"GM" | b"BN" | b"IS" | b"SM" | b"PW" | b"FM" | b"MH" => &[7],
        b"SG" | b"HK" | b"MO" | b"DK" | b"NO" | b"CY" | b"MU" | b"UY" | b"SZ" | b"LS" | b"BH" | b"HN" | b"TL"
        | b"QA" | b"KW" | b"OM" | b"CR" | b"PA" | b"GT" | b"SV" | b"NI" | b"BO" | b"LV" | b"TN" | b"EE" | b"MT"
        | b"MD" | b"LT" | b"AM" | b"BW" | b"CV" | b"DJ" | b"GA" | b"LR" | b"MR" | b"NE" | b"PG" | b"SL" | b"TD"
        | b"TG" | b"BF" | b"ML" | b"MN" => &[8],
        b"PL" | b"ES" | b"PT" | b"CZ" | b"GR" | b"UG" | b"RW" | b"AO" | b"MZ" | b"BG" => &[9],
        _ => &[],
    }
}

/// The fewest digits that a number has.
pub(super) fn fewest(region: Option<Region>) -> usize {
    region.and_then(|region| lengths(region).first().copied()).unwrap_or(super::FEWEST_DIGITS).min(super::FEWEST_DIGITS)
}
