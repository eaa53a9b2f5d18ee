//! The words of numbers in the languages that are read, and what each says.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// The most bytes of one: "veinticuatro".
pub(super) const LONGEST: usize = 12;

const ENGLISH: u8 = 1;
pub(super) const SPANISH: u8 = 2;
pub(super) const FRENCH: u8 = 4;
const GERMAN: u8 = 8;
const PORTUGUESE: u8 = 16;
const DUTCH: u8 = 32;
const ITALIAN: u8 = 64;
pub(super) const ANY: u8 = !0;

/// What a word says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// Already in digits.
    Digits,
    One(u8),
    /// 10 to 19, and what else is one word with its ones.
    Teen(u8),
    /// 20 to 90.
    Tens(u8),
    Hundred,
    /// "double", "triple": of the digit behind.
    Times(usize),
    /// Between tens and ones: "cuarenta y ocho".
    And,
}

/// What each word says, with all the languages that it is of; no word says two things.
static VALUES: LazyLock<FxHashMap<&'static str, (u8, Value)>> = LazyLock::new(|| {
    let listed = NUMBERS
        .iter()
        .flat_map(|(language, value, words)| (0..).zip(*words).map(|(number, word)| (*language, *word, value(number))));
    let mut values = FxHashMap::default();
    for (languages, word, value) in listed.chain(OTHERS) {
        values.entry(word).or_insert((0, value)).0 |= languages;
    }
    values
});

/// The languages of `word` and what it says.
pub(super) fn value_of(word: &str) -> Option<(u8, Value)> {
    let capital = word.contains(char::is_uppercase);
    if capital { VALUES.get(word.to_lowercase().as_str()).copied() } else { VALUES.get(word).copied() }
}

type Numbers = (u8, fn(u8) -> Value, &'static [&'static str]);

/// By language, from 0, 20 or 30 on.
#[rustfmt::skip]
const NUMBERS: [Numbers; 11] = [
    (ENGLISH, from_zero, &["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]),
    (ENGLISH, from_twenty, &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]),
    (SPANISH, from_zero, &["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
        "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós", "veintitrés",
        "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve"]),
    (SPANISH, from_thirty, &["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]),
    (FRENCH, from_zero, &["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
        "quatorze", "quinze", "seize"]),
    (FRENCH, from_twenty, &["vingt", "trente", "quarante", "cinquante", "soixante"]),
    (GERMAN, from_zero, &["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]),
    (PORTUGUESE, from_zero, &["zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze", "treze",
        "catorze", "quinze", "dezesseis", "dezessete", "dezoito", "dezenove"]),
    (PORTUGUESE, from_twenty, &["vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"]),
    (DUTCH, from_zero, &["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"]),
    (ITALIAN, from_zero, &["zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"]),
];

/// Other spellings, and what is said on the telephone alone.
const OTHERS: [(u8, &str, Value); 18] = [
    (SPANISH, "y", Value::And),
    (FRENCH, "et", Value::And),
    (PORTUGUESE, "e", Value::And),
    (ENGLISH, "oh", Value::One(0)),
    (ENGLISH, "o", Value::One(0)),
    (ENGLISH, "nought", Value::One(0)),
    (ENGLISH, "niner", Value::One(9)),
    (FRENCH, "zero", Value::One(0)),
    (FRENCH, "vingts", Value::Tens(20)),
    (GERMAN, "zwo", Value::One(2)),
    (GERMAN, "fuenf", Value::One(5)),
    (PORTUGUESE, "tres", Value::One(3)),
    (PORTUGUESE, "meia", Value::One(6)),
    (ENGLISH, "hundred", Value::Hundred),
    (ENGLISH | FRENCH, "double", Value::Times(2)),
    (SPANISH, "doble", Value::Times(2)),
    (ENGLISH | FRENCH | SPANISH, "triple", Value::Times(3)),
    (ENGLISH, "treble", Value::Times(3)),
];

fn from_zero(number: u8) -> Value {
    if number < 10 { Value::One(number) } else { Value::Teen(number) }
}

fn from_thirty(tens: u8) -> Value {
    from_twenty(tens + 1)
}

fn from_twenty(tens: u8) -> Value {
    Value::Tens(20 + 10 * tens)
}
