//! How many digits a subscriber's number has where that is fewer than ten, from the countries' numbering plans (ITU-T E.164).

use crate::redact::Region;

/// The lengths of the numbers of `region`, without trunk digit, from four to nine; empty where they are longer or not known.
pub(super) fn lengths(region: Region) -> &'static [usize] {
    match region.as_str() {
        "TK" | "NU" | "TA" => &[4, 5, 6, 7],
        "TV" | "FK" | "SH" | "AC" | "CK" => &[5, 6],
        "FO" | "GL" | "NF" | "AD" | "NC" | "PM" | "WF" => &[6],
        "PF" => &[6, 8],
        "SR" => &[6, 7],
        "WS" | "SB" | "VU" | "TO" => &[5, 6, 7],
        "KI" => &[5, 8],
        "FJ" | "SC" | "MV" | "GY" | "BZ" | "GM" | "BN" | "IS" | "SM" | "PW" | "FM" | "MH" => &[7],
        "SG" | "HK" | "MO" | "DK" | "NO" | "CY" | "MU" | "UY" | "SZ" | "LS" | "BH" | "HN" | "TL" | "QA" | "KW"
        | "OM" | "CR" | "PA" | "GT" | "SV" | "NI" | "BO" | "LV" | "TN" | "EE" | "MT" | "MD" | "LT" | "AM" | "BW"
        | "CV" | "DJ" | "GA" | "LR" | "MR" | "NE" | "PG" | "SL" | "TD" | "TG" | "BF" | "ML" | "MN" => &[8],
        "PL" | "ES" | "PT" | "CZ" | "GR" | "UG" | "RW" | "AO" | "MZ" | "BG" => &[9],
        _ => &[],
    }
}

/// The fewest digits that a number has.
pub(super) fn fewest(region: Option<Region>) -> usize {
    region.and_then(|region| lengths(region).first().copied()).unwrap_or(super::FEWEST_DIGITS).min(super::FEWEST_DIGITS)
}
