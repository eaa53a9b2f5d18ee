//! The words before a number that say which id it is.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::super::pattern::Pattern;
use super::IDS;
use super::document::LINK;

/// The names of ids by their rule, parted by `|`.
const NAMES: &[(&str, &str)] = &[
    ("national_id/us_ssn", r"ssn|social(?:\x20security)?(?:\x20(?:number|no))?"),
    ("national_id/uk_nino", r"ni|nino|national\x20insurance(?:\x20(?:number|no))?"),
    ("national_id/fr_nir", r"nir|num[ée]ro\x20de\x20s[ée]cu(?:rit[ée]\x20sociale)?|s[ée]cu"),
    ("national_id/es_dni", "dni|nif"),
    ("national_id/es_nie", "nie"),
    ("national_id/it_codice_fiscale", r"codice\x20fiscale|cf|cod\x20fisc"),
    ("national_id/be_national_number", "rijksregisternummer|rijksregister|rrn|niss|insz"),
    ("national_id/se_personnummer", r"person\w*|pnr"),
    ("national_id/fi_hetu", r"hetu\w*|henkil\w*"),
    ("national_id/mx_curp", "curp"),
    ("national_id/no_fodselsnummer", r"personnummer\w*|f[øo]dselsnummer\w*|fnr"),
    ("national_id/kr_rrn", "주민번호|주민등록번호"),
    ("national_id/tw_id", "身分證|身分證字號"),
    ("national_id/hk_id", "hkid"),
    ("national_id/my_kad", r"ic|mykad|nric"),
    ("national_id/in_pan", "pan"),
    ("national_id/sg_nric", "nric|fin|ic"),
    ("national_id/cn_resident_id", "身份证|身份证号|身份证号码"),
];

/// The names of the id of `rule`, if it mostly needs no word before it.
pub(super) fn names(rule: &str) -> Option<&'static str> {
    NAMES.iter().find(|(named, _)| *named == rule).map(|(_, names)| *names)
}

/// Words that may stand before a number.
pub(super) struct Words(Pattern<Box<dyn Fn() -> String + Send + Sync>>);

impl Words {
    /// `words` are parted by `|` and begin with a letter each, as in the other.
    pub(super) fn near(words: &'static str) -> Self {
        Self::standing(words, false)
    }

    /// With nothing but "number", "is" and their like between them and the number.
    pub(super) fn right_before(words: &'static str) -> Self {
        Self::standing(words, true)
    }

    fn standing(words: &'static str, closely: bool) -> Self {
        // Between the letters of some scripts no word ends where another begins.
        let border = r"[^\p{L}] | [\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]";
        let behind = if closely { format!("{LINK}$") } else { String::new() };
        let pattern = move || format!(r"(?xi)(?:^|{border})(?:{words})(?:{border}|$){behind}");
        Self(Pattern::new(Box::new(pattern)))
    }

    /// Whether they stand in `before`, as close to its end as they have to.
    pub(super) fn end(&self, before: &str) -> bool {
        self.0.of(before).is_match(before)
    }
}

/// What the words certainly begin with, where that is ASCII.
struct Beginnings {
    literals: AhoCorasick,
    /// The places in [`IDS`], as bits, of those that each may speak of.
    ids: Vec<u64>,
    /// Of those with words that begin with nothing in ASCII.
    foreign: u64,
}

static BEGINNINGS: LazyLock<Beginnings> = LazyLock::new(|| {
    let of_id = |(place, compiled): (usize, &'static super::Compiled)| {
        let words = compiled.id.announced_by.or_else(|| names(compiled.id.rule));
        words.into_iter().flat_map(|words| words.split('|')).map(move |word| (literal(word), 1 << place))
    };
    let (foreign, ascii): (Vec<_>, Vec<_>) =
        IDS.iter().enumerate().flat_map(of_id).partition(|(literal, _)| literal.is_empty());
    let (literals, ids): (Vec<&str>, Vec<u64>) = ascii.into_iter().unzip();
    let literals = AhoCorasick::builder().ascii_case_insensitive(true).build(literals).expect("the words are few");
    Beginnings { literals, ids, foreign: foreign.into_iter().fold(0, |all, (_, id)| all | id) }
});

/// The places in [`IDS`], as bits, of those that a word of `text` may speak of: a quick look.
pub(super) fn spoken_of(text: &str) -> u64 {
    // What is a small k or s as well, letter case aside.
    const FOLDED: [char; 2] = ['\u{212a}', '\u{17f}'];
    let Beginnings { literals, ids, foreign } = &*BEGINNINGS;
    let others = match text.is_ascii() {
        true => 0,
        false if text.contains(FOLDED) => return u64::MAX,
        false => *foreign,
    };
    let begins = |at: usize| !(at > 0 && text.as_bytes()[at - 1].is_ascii_alphabetic());
    let found = literals.find_overlapping_iter(text).filter(|found| begins(found.start()));
    found.fold(others, |all, found| all | ids[found.pattern().as_usize()])
}

/// What `pattern` certainly begins with, where that is ASCII.
fn literal(pattern: &str) -> &str {
    let length = pattern.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(pattern.len());
    // What may be missing is no part of it.
    let optional = pattern[length..].starts_with(['?', '*', '{']);
    &pattern[..length.saturating_sub(usize::from(optional))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_of_an_id_that_nothing_else_announces() {
        for (rule, _) in NAMES {
            let id = IDS.iter().find(|compiled| compiled.id.rule == *rule);
            assert!(id.is_some_and(|compiled| compiled.id.announced_by.is_none()), "{rule}");
        }
    }
}
