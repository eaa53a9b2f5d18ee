//! National ids: numbers that a state gave to a person. Most carry check digits; the others count only where a word
//! announces them or in the one form they are written in.

mod americas;
mod asia;
mod europe;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::Regex;

use super::{PiiKind, Span, nearby};

/// One kind of number.
struct Id {
    rule: &'static str,
    /// Between 8 and 18 letters and digits, with what people put between them.
    form: &'static str,
    /// A word that has to stand before it within reach, where form and check digits alone say too little.
    announced_by: Option<&'static str>,
    /// Over its letters and digits alone, letters as capitals.
    check: fn(&[u8]) -> bool,
}

struct Compiled {
    id: &'static Id,
    form: Regex,
    announced_by: Option<Regex>,
    /// The number in [`ANNOUNCING`] of the id's words.
    number: usize,
}

static IDS: LazyLock<Vec<Compiled>> = LazyLock::new(|| {
    let all = europe::IDS.iter().chain(americas::IDS).chain(asia::IDS);
    let compiled = |(number, id): (usize, &'static Id)| Compiled {
        id,
        number,
        form: Regex::new(&format!("(?xi)(?-u){}", id.form)).expect("the form is constant"),
        announced_by: id.announced_by.map(|words| {
            Regex::new(&format!(r"(?xi)(?:^|[^\p{{L}}])(?:{words})(?:[^\p{{L}}]|$)")).expect("the words are constant")
        }),
    };
    all.enumerate().map(compiled).collect()
});

/// All forms that need no word before them, as one pattern: a text that it is not in has none of them.
static UNANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    let forms = IDS.iter().filter(|compiled| compiled.announced_by.is_none()).map(|compiled| compiled.id.form);
    let any = forms.map(|form| format!("(?:{form})")).collect::<Vec<_>>().join("|");
    Regex::new(&format!("(?xi)(?-u)(?:{any})")).expect("the forms are constant")
});

/// The letters that each announcing word begins with, and the number of the id they announce.
struct Announcing {
    beginnings: AhoCorasick,
    ids: Vec<usize>,
}

static ANNOUNCING: LazyLock<Announcing> = LazyLock::new(|| {
    let announced = IDS.iter().filter_map(|compiled| Some((compiled.number, compiled.id.announced_by?)));
    let words = announced.flat_map(|(number, words)| words.split('|').map(move |word| (number, literal(word))));
    // A beginning of no letters is in every text, so nothing is missed.
    let (ids, beginnings): (Vec<usize>, Vec<String>) = words.unzip();
    let beginnings = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .build(beginnings)
        .expect("the words are constant");
    Announcing { beginnings, ids }
});

/// What `pattern` certainly begins with.
fn literal(pattern: &str) -> String {
    let mut literal = String::new();
    for character in pattern.chars() {
        match character {
            '?' | '*' | '{' => {
                literal.pop();
                break;
            }
            '\\' | '(' | ')' | '[' | '.' | '+' => break,
            other => literal.push(other),
        }
    }
    literal
}

/// The numbers, as bits, of the ids whose words may be in `text`.
fn announced(text: &str) -> u64 {
    let found = ANNOUNCING.beginnings.find_overlapping_iter(text);
    found.fold(0, |ids, word| ids | (1 << ANNOUNCING.ids[word.pattern().as_usize()]))
}

/// How far back a word can announce an id, in bytes.
const REACH: usize = 48;

/// The fewest digits in a row that all forms but the Indian PAN's have.
const DIGITS: usize = 6;

/// `cluster` is the length of the longest possible number in `text`.
pub(super) fn find(text: &str, cluster: usize, found: &mut Vec<Span>) {
    let few = cluster < DIGITS;
    let (unannounced, announced) = if few { (true, 0) } else { (UNANNOUNCED.is_match(text), announced(text)) };
    for Compiled { id, form, announced_by, number } in IDS.iter() {
        let possible = if announced_by.is_some() { (announced >> number) & 1 == 1 } else { unannounced };
        if !possible {
            continue;
        }
        if few && id.rule != "national_id/in_pan" {
            continue;
        }
        let mut at = 0;
        while let Some(run) = form.find_at(text, at) {
            at = run.end();
            let part = |c: char| c.is_alphanumeric() || c == '_';
            let (before, after) = (&text[..run.start()], &text[run.end()..]);
            let glued = before.ends_with(part)
                || after.starts_with(part)
                || after.starts_with(['-', '/']) && after[1..].starts_with(|c: char| c.is_ascii_digit());
            let announced =
                || announced_by.as_ref().is_none_or(|words| words.is_match(nearby::words_before(before, REACH)));
            let compact: Vec<u8> =
                run.as_str().bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect();
            if !glued && (id.check)(&compact) && announced() {
                found.push(Span::new(PiiKind::NationalId, id.rule, run.range()));
            }
        }
    }
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
        let mut spans = Vec::new();
        find(text, text.bytes().filter(u8::is_ascii_digit).count(), &mut spans);
        super::super::span::settle(&mut spans);
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
            ("nhs number 943 476 5919", "uk_nhs", "943 476 5919"),
            ("SIN: 046 454 286", "ca_sin", "046 454 286"),
            ("Steuer-ID 86 095 742 719", "de_tax_id", "86 095 742 719"),
            ("2 55 08 14 168 025 38", "fr_nir", "2 55 08 14 168 025 38"),
            ("DNI 12345678Z", "es_dni", "12345678Z"),
            ("X1234567L", "es_nie", "X1234567L"),
            ("RSSMRA85T10A562S", "it_codice_fiscale", "RSSMRA85T10A562S"),
            ("NIF 123456789", "pt_nif", "123456789"),
            ("BSN 111222333", "nl_bsn", "111222333"),
            ("85.07.30-033 28", "be_national_number", "85.07.30-033 28"),
            ("PESEL 44051401359", "pl_pesel", "44051401359"),
            ("811218-9876", "se_personnummer", "811218-9876"),
            ("131052-308T", "fi_hetu", "131052-308T"),
            ("CPR 070761-4285", "dk_cpr", "070761-4285"),
            ("cpf 529.982.247-25", "br_cpf", "529.982.247-25"),
            ("RUT 12.345.678-5", "cl_rut", "12.345.678-5"),
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
        ] {
            assert_eq!(found(text), Vec::new(), "{text:?}");
        }
    }
}
