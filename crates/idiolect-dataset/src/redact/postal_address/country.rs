//! Countries, and states that no town is called like, which close an address in small letters: "makati, philippines", "south africa".

use super::settled::ends;
use super::word::{Gap, Word};
use crate::word_set::word_set;

word_set! {
    is_country:
    "usa" "uk" "uae" "rsa" "nz" "england" "scotland" "wales" "ireland" "eire" "australia" "canada" "singapore" "malaysia" "india" "china" "japan" "france" "germany"
    "deutschland" "austria" "österreich" "switzerland" "schweiz" "suisse" "svizzera" "belgium" "belgique" "belgië" "netherlands" "nederland" "holland" "spain"
    "españa" "portugal" "italy" "italia" "greece" "ελλάδα" "hellas" "cyprus" "κύπρος" "turkey" "türkiye" "turkiye" "poland" "polska" "czechia" "česko" "hungary"
    "magyarország" "romania" "românia" "bulgaria" "българия" "slovenia" "slovenija" "slovakia" "slovensko" "croatia" "hrvatska" "serbia" "srbija" "bosnia"
    "herzegovina" "montenegro" "macedonia" "albania" "kosovo" "moldova" "estonia" "eesti" "latvia" "latvija" "lithuania" "lietuva" "belarus" "беларусь" "finland"
    "suomi" "sweden" "sverige" "norway" "norge" "denmark" "danmark" "iceland" "ísland" "greenland" "luxembourg" "luxemburg" "monaco" "liechtenstein" "andorra"
    "malta" "russia" "россия" "ukraine" "україна" "украина" "armenia" "azerbaijan" "kazakhstan" "казахстан" "kyrgyzstan" "uzbekistan" "tajikistan"
    "turkmenistan" "mongolia" "brazil" "brasil" "argentina" "uruguay" "paraguay" "peru" "perú" "colombia" "venezuela" "ecuador" "bolivia" "chile" "mexico" "suriname" "guyana"
    "méxico" "guatemala" "honduras" "nicaragua" "panama" "panamá" "belize" "cuba" "haiti" "jamaica" "aruba" "curaçao" "barbados" "bahamas" "bermuda" "tobago"
    "tunisia" "tunisie" "morocco" "maroc" "algeria" "algérie" "egypt" "libya" "sudan" "ethiopia" "nigeria" "kenya" "ghana" "senegal" "sénégal" "benin" "bénin"
    "togo" "cameroon" "cameroun" "gabon" "angola" "namibia" "botswana" "zimbabwe" "zambia" "malawi" "mozambique" "madagascar" "mauritius" "rwanda" "burundi"
    "uganda" "tanzania" "somalia" "niger" "mali" "gambia" "liberia" "lesotho" "eswatini" "seychelles" "israel" "palestine" "lebanon" "jordan" "syria" "iraq"
    "iran" "kuwait" "bahrain" "qatar" "oman" "yemen" "pakistan" "bangladesh" "nepal" "bhutan" "maldives" "philippines" "indonesia" "thailand" "vietnam"
    "cambodia" "laos" "myanmar" "brunei" "taiwan" "macau" "korea" "fiji" "samoa" "tonga" "vanuatu" "guam";

    /// The second of a country's two words.
    ends_country:
    "zealand" "africa" "kingdom" "states" "america" "kong" "lanka" "arabia" "rica" "rico" "salvador" "republic" "korea" "emirates" "leone" "guinea" "islands"
    "coast" "faso" "federation" "ireland" "macedonia" "verde" "lucia" "timor";

    starts_country:
    "new" "south" "north" "northern" "united" "of" "hong" "sri" "saudi" "costa" "puerto" "el" "czech" "dominican" "arab" "sierra" "virgin" "cayman" "channel" "faroe" "solomon"
    "ivory" "burkina" "russian" "cape" "cabo" "saint" "st" "santa" "east" "papua" "equatorial" "marshall" "cook";

    /// States and provinces that no town's name ends in.
    is_state:
    "alabama" "alaska" "arizona" "arkansas" "california" "colorado" "connecticut" "delaware" "florida" "georgia" "hawaii" "idaho" "illinois" "indiana"
    "iowa" "kansas" "kentucky" "louisiana" "maine" "maryland" "massachusetts" "michigan" "minnesota" "mississippi" "missouri" "montana" "nebraska" "nevada"
    "ohio" "oklahoma" "oregon" "pennsylvania" "tennessee" "texas" "utah" "vermont" "virginia" "wisconsin" "wyoming" "ontario" "quebec" "alberta" "manitoba"
    "saskatchewan" "queensland" "tasmania" "nsw" "qld" "tas";
}

/// The end of the country, of the state or of the Irish county, whose name begins at `at`.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let first = &words[at];
    let second = words.get(at + 1).filter(|second| second.gap == Gap::Space);
    let two = second.is_some_and(|second| starts_country(&first.lower) && ends_country(&second.lower));
    let joined = || {
        let [and, other] = words.get(at + 1..at + 3)? else { return None };
        (and.lower == "and" && is_country(&other.lower)).then_some(at + 3)
    };
    let county = || {
        matches!(first.lower.as_ref(), "co" | "county")
            && second.is_some_and(|name| name.letters >= 4 && name.digits == 0)
    };
    let behind = if let Some(behind) = joined().filter(|_| is_country(&first.lower)) {
        // "bosnia and herzegovina"
        behind
    } else if two || county() {
        at + 2
    } else if is_country(&first.lower) || is_state(&first.lower) {
        at + 1
    } else {
        return None;
    };
    (ends(words, behind) || words[behind].digits >= 3 || end(words, behind).is_some()).then_some(behind)
}
