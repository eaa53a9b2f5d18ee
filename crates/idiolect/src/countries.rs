//! The countries that there are. Redaction takes any two letters; a person who mistypes them is to know.

use idiolect_dataset::{BuildError, Region};

/// ISO 3166-1, and Kosovo, which has numbers of its own and no letters there.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY \
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE \
    GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR \
    KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI \
    NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS \
    ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// The region that `text` names, in any case; an error that says what to write where there is no such country.
pub fn region(text: &str) -> Result<Region, BuildError> {
    let region: Region = text.parse()?;
    let known = COUNTRIES.split_whitespace().any(|country| country == region.as_str());
    if known { Ok(region) } else { Err(BuildError::Region { value: text.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_letters_of_their_own() {
        let all: Vec<&str> = COUNTRIES.split_whitespace().collect();
        assert_eq!(all.len(), 250);
        assert!(all.is_sorted_by(|a, b| a < b) && all.iter().all(|country| country.len() == 2));
        for good in ["US", "de", "uk", "XK"] {
            assert!(region(good).is_ok(), "{good}");
        }
        for wrong in ["XX", "EU", "ZZ", "", "DEU", "1a"] {
            assert!(region(wrong).is_err(), "{wrong}");
        }
    }
}
