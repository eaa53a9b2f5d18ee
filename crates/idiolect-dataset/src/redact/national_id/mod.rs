//! National ids: numbers that a state gave to a person. Most carry check digits; the others count only where a word
//! announces them or in the one form they are written in. Right behind its own name a number needs no check: a slip of the
//! finger leaves most of it.

mod americas;
mod asia;
mod birth;
mod document;
mod europe;
mod plate;
mod words;

use std::sync::{LazyLock, OnceLock};

use regex::Regex;
use regex::bytes::RegexSet;

use super::nearby::{self, is_east_asian};
use super::numbers::Numbers;
use super::{PiiKind, Span};

pub(super) use birth::find as find_births;
pub(super) use document::find as find_documents;
pub(super) use plate::find as find_plates;
use words::Words;

/// One kind of number.
struct Id {
    rule: &'static str,
    /// Between 8 and 18 letters and digits, with what people put between them.
    form: &'static str,
    /// A word that has to stand before it within reach, where form and check digits alone say too little; it begins with a letter.
    announced_by: Option<&'static str>,
    /// Over its letters and digits alone, letters as capitals.
    check: fn(&[u8]) -> bool,
}

/// An id and its patterns, most of which no message has a use for.
struct Compiled {
    id: &'static Id,
    form: OnceLock<Regex>,
    announced_by: Option<Words>,
    /// What it is called, right before it.
    named: Option<Words>,
}

static IDS: LazyLock<Vec<Compiled>> = LazyLock::new(|| {
    let all = europe::IDS.iter().chain(americas::IDS).chain(asia::IDS);
    let compiled = |id: &'static Id| Compiled {
        id,
        form: OnceLock::new(),
        announced_by: id.announced_by.map(Words::near),
        named: id.announced_by.or_else(|| words::names(id.rule)).map(Words::right_before),
    };
    all.map(compiled).collect()
});

impl Compiled {
    fn form(&self) -> &Regex {
        let new = || Regex::new(&format!("(?xi)(?-u){}", self.id.form)).expect("the form is constant");
        self.form.get_or_init(new)
    }

    /// Whether the words `near`, before a number of this form, which is right by its check or not, say that it is one. `spoken_of` is
    /// whether one of them may say so.
    fn is_announced(&self, near: &str, right: bool, spoken_of: impl FnOnce() -> bool) -> bool {
        match (right, &self.announced_by, &self.named) {
            (true, None, _) => true,
            (true, Some(words), _) | (false, _, Some(words)) => spoken_of() && words.end(near),
            (false, _, None) => false,
        }
    }
}

/// All forms in the order of [`IDS`], each where a text begins and up to where a word ends.
static BEGINNINGS: LazyLock<RegexSet> = LazyLock::new(|| {
    let forms = IDS.iter().map(|compiled| format!("(?xi-u)^(?:{})(?:[^A-Za-z0-9_]|$)", compiled.id.form));
    RegexSet::new(forms).expect("the forms are constant")
});

/// How far back a word can announce an id, in bytes.
const REACH: usize = 48;

/// The fewest digits that a number has with no more than one space, full stop or hyphen between, those of [`LETTERED`] aside.
const DIGITS: usize = 6;

/// The numbers that may have fewer digits, or letters between them.
const LETTERED: [&str; 3] = ["national_id/in_pan", "national_id/de_id_card", "national_id/it_codice_fiscale"];

/// `cluster` is the length of the longest possible number in `text`.
pub(super) fn find(text: &str, cluster: usize, numbers: Numbers, found: &mut Vec<Span>) {
    let few = cluster < DIGITS;
    let lettered = may_be_lettered(text.as_bytes());
    let possible = if numbers.grouped < DIGITS { 0 } else { begun(text.as_bytes()) };
    if !lettered && possible == 0 {
        return;
    }
    // Most numbers look like several ids.
    let mut looked = (text.len(), 0);
    for (place, compiled) in IDS.iter().enumerate() {
        let id = compiled.id;
        let possible = match LETTERED.contains(&id.rule) {
            true => lettered && (!few || id.rule == "national_id/in_pan"),
            false => (possible >> place) & 1 == 1,
        };
        if !possible {
            continue;
        }
        let mut at = 0;
        while let Some(run) = compiled.form().find_at(text, at) {
            at = run.end();
            let part = |c: char| c.is_alphanumeric() && !is_east_asian(c) || c == '_';
            let (before, after) = (&text[..run.start()], &text[run.end()..]);
            let glued = before.ends_with(part)
                || after.starts_with(part)
                || after.starts_with(['-', '/']) && after[1..].starts_with(|c: char| c.is_ascii_digit());
            let compact: Vec<u8> =
                run.as_str().bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect();
            let near = nearby::words_before(before, REACH);
            let spoken_of = || {
                if looked.0 != run.start() {
                    looked = (run.start(), words::spoken_of(near));
                }
                (looked.1 >> place) & 1 == 1
            };
            if !glued && compiled.is_announced(near, (id.check)(&compact), spoken_of) {
                found.push(Span::new(PiiKind::NationalId, id.rule, run.range()));
            }
        }
    }
}

/// The places in [`IDS`], as bits, of those that may be in `text`; what this says of [`LETTERED`] counts for nothing.
///
/// A number begins with a word that holds the first of its digits, or, as "QQ 12 34 56 C" and "X-1234567-L" do, with the letters before.
fn begun(text: &[u8]) -> u64 {
    let word = |end: usize| end - text[..end].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let (mut begun, mut at) = (0, 0);
    let mut note = |start: usize| {
        if BEGINNINGS.is_match(&text[start..]) {
            begun |= BEGINNINGS.matches(&text[start..]).iter().fold(0, |ids, id| ids | 1 << id);
        }
    };
    while let Some(first) = text[at..].iter().position(u8::is_ascii_digit).map(|first| at + first) {
        if has_digits(&text[first..]) {
            let start = word(first);
            note(start);
            let joined = start == first && start > 0 && matches!(text[start - 1], b' ' | b'-');
            let letters = if joined { word(start - 1) } else { start };
            if (2..=3).contains(&(start - letters)) {
                note(letters);
            }
        }
        at = first + text[first..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    }
    begun
}

/// Whether [`DIGITS`] digits stand at the start of `text` with no more than one space, full stop or hyphen between.
fn has_digits(text: &[u8]) -> bool {
    let mut bytes = text.iter();
    let mut next = || match bytes.next() {
        Some(b' ' | b'.' | b'-') => bytes.next(),
        other => other,
    };
    (0..DIGITS).all(|_| next().is_some_and(u8::is_ascii_digit))
}

/// Whether one of [`LETTERED`] may be in `text`: a word of nine or ten letters and digits, or what an Italian tax code is written as,
/// sixteen, with spaces behind the sixth and the eleventh, and perhaps the third.
fn may_be_lettered(text: &[u8]) -> bool {
    let word_len = |start: usize| text[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let next_len = |end: usize| if text.get(end) == Some(&b' ') { word_len(end + 1) } else { 0 };
    let mut at = 0;
    while at < text.len() {
        let length = word_len(at);
        let end = at + length;
        let possible = match length {
            3 => next_len(end) == 3 && next_len(end + 4) == 5 && next_len(end + 10) == 5,
            0..6 => false,
            6 => next_len(end) == 10 || next_len(end) == 5 && next_len(end + 6) == 5,
            9 | 10 => text[at..end].iter().filter(|byte| byte.is_ascii_digit()).count() >= 4,
            11 => next_len(end) == 5,
            16 => true,
            _ => false,
        };
        if possible {
            return true;
        }
        at = end + 1;
    }
    false
}

/// The values of the digits in `compact`.
fn digits(compact: &[u8]) -> Vec<u8> {
    compact.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| byte - b'0').collect()
}

/// The number that the digits `from..to` make.
fn number(compact: &[u8], from: usize, to: usize) -> u32 {
    compact
        .get(from..to)
        .unwrap_or_default()
        .iter()
        .fold(0, |number, byte| number * 10 + u32::from(byte.wrapping_sub(b'0')))
}

/// Whether `month` and `day` are on a calendar.
fn is_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn always(_: &[u8]) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, &str)> {
        let cluster = text.bytes().filter(u8::is_ascii_digit).count();
        let spans = crate::redact::tests::spans_by(|text, spans| find(text, cluster, Numbers::of(text), spans), text);
        spans.iter().map(|span| (span.rule.rsplit('/').next().unwrap(), &text[span.range.clone()])).collect()
    }

    /// Published specimens and documentation examples; the others have check digits computed for made-up numbers.
    #[test]
    fn finds_ids_of_many_countries() {
        for (text, rule, id) in [
            ("my ssn is 078-05-1120", "us_ssn", "078-05-1120"),
            ("219-09-9999", "us_ssn", "219-09-9999"),
            ("social security number: 219099999", "us_ssn", "219099999"),
            ("itin 912-72-1234", "us_itin", "912-72-1234"),
            ("NI number QQ 12 34 56 C", "uk_nino", "QQ 12 34 56 C"),
            ("AB123456C", "uk_nino", "AB123456C"),
            ("AB-12-34-56-C", "uk_nino", "AB-12-34-56-C"),
            ("nhs number 943 476 5919", "uk_nhs", "943 476 5919"),
            ("SIN: 046 454 286", "ca_sin", "046 454 286"),
            ("Steuer-ID 86 095 742 719", "de_tax_id", "86 095 742 719"),
            ("2 55 08 14 168 025 38", "fr_nir", "2 55 08 14 168 025 38"),
            ("DNI 12345678Z", "es_dni", "12345678Z"),
            ("12.345.678-Z", "es_dni", "12.345.678-Z"),
            ("X1234567L", "es_nie", "X1234567L"),
            ("RSSMRA85T10A562S", "it_codice_fiscale", "RSSMRA85T10A562S"),
            ("RSS MRA 85T10 A562S", "it_codice_fiscale", "RSS MRA 85T10 A562S"),
            ("NIF 123456789", "pt_nif", "123456789"),
            ("BSN 111222333", "nl_bsn", "111222333"),
            ("85.07.30-033 28", "be_national_number", "85.07.30-033 28"),
            ("PESEL 44051401359", "pl_pesel", "44051401359"),
            ("811218-9876", "se_personnummer", "811218-9876"),
            ("131052-308T", "fi_hetu", "131052-308T"),
            ("CPR 070761-4285", "dk_cpr", "070761-4285"),
            ("cpf 529.982.247-25", "br_cpf", "529.982.247-25"),
            ("RUT 12.345.678-5", "cl_rut", "12.345.678-5"),
            ("cnpj 11.222.333/0001-81", "br_cnpj", "11.222.333/0001-81"),
            ("αφμ 123456783", "gr_afm", "123456783"),
            ("HEGG560427MVZRRL04", "mx_curp", "HEGG560427MVZRRL04"),
            ("aadhaar 2341 2341 2346", "in_aadhaar", "2341 2341 2346"),
            ("PAN ABCPE1234F", "in_pan", "ABCPE1234F"),
            ("S1234567D", "sg_nric", "S1234567D"),
            ("11010519491231002X", "cn_resident_id", "11010519491231002X"),
            ("A123456789", "tw_id", "A123456789"),
            ("A123456(3)", "hk_id", "A123456(3)"),
            ("tc kimlik 10000000146", "tr_kimlik", "10000000146"),
            ("ID number 8001015009087", "za_id", "8001015009087"),
            ("TFN 123 456 782", "au_tfn", "123 456 782"),
            // A digit or letter is wrong.
            ("ssn: 000-12-3456", "us_ssn", "000-12-3456"),
            ("my nric is S1234567A", "sg_nric", "S1234567A"),
            ("nric - S1234567A", "sg_nric", "S1234567A"),
            ("nric (S1234567A)", "sg_nric", "S1234567A"),
            ("aadhaar no. 2341 2341 2345", "in_aadhaar", "2341 2341 2345"),
            ("pan card ABCDE1234F", "in_pan", "ABCDE1234F"),
            ("my tfn is 123456789", "au_tfn", "123456789"),
            ("DNI: 12345678A", "es_dni", "12345678A"),
            ("il codice fiscale è RSSMRA85T10A562X", "it_codice_fiscale", "RSSMRA85T10A562X"),
            ("PESEL 44051401358", "pl_pesel", "44051401358"),
            ("mein Personnummer 811228-9875", "se_personnummer", "811228-9875"),
        ] {
            assert_eq!(found(text), [(rule, id)], "{text:?}");
        }
    }

    #[test]
    fn the_end_of_a_longer_word_announces_nothing_wherever_the_reach_ends() {
        for space in 0..2 * REACH {
            let text = format!("cross{}ssn{}219099999", "x".repeat(space % 7), ".".repeat(space));
            assert_eq!(found(&text), Vec::new(), "{space}");
        }
        assert_eq!(found(&format!("ssn{}219099999", ".".repeat(REACH - 3))).len(), 1);
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "000-12-3456",
            "666-12-3456",
            "123-00-4567",
            "123 45 6789",
            "202-555-0142",
            "943 476 5919",
            "12345678A",
            "S1234567A",
            "s1234567 d",
            "iphone 15 pro max",
            "order 123456789",
            "A123456780",
            "811218-9877",
            "85.07.30-033 29",
            "11010519491231002Y",
            "ABCDE1234F",
            "2026-01-15",
            "8001015009087",
            "1700000000000",
            "11.222.333/0001-82",
            "total 123456783",
        ] {
            assert_eq!(found(text), Vec::new(), "{text:?}");
        }
    }
}
