//! Phone numbers in words: "two oh two five five five oh one four two", "oh seven 7 double zero 900123", "zéro six trente-neuf 98 12 47".
//!
//! A run of number words of one language, digits among them, with no more than spaces and punctuation between. It is a phone number if it
//! - has seven to fifteen digits, of which three differ, and hardly counts up or down ("one two three four five six seven");
//! - is all single digits in words, or a phone word announces it, or, beginning with two words, has nine digits or more;
//! - says tens or hundreds ("thirty", "nine hundred") only behind a zero or such a word, or as a mobile of Spain: other such runs are ages, years,
//!   prices;
//! - measures nothing ("… minutes") and is nobody's number in a song.

mod words;

use std::ops::Range;

use words::{ANY, FRENCH, LONGEST, SPANISH, Value, value_of};

use super::context;
use crate::redact::{PiiKind, Region, Span};

/// Jenny's, of 1981.
const SUNG: &str = "8675309";

/// The most that stands between two words of one number, in bytes: ", ", " - ", "...".
const MOST_BETWEEN: usize = 4;

/// One word of a number, with the languages that it is of.
struct Word {
    range: Range<usize>,
    value: Value,
    languages: u8,
}

pub(super) fn find(text: &str, region: Option<Region>, found: &mut Vec<Span>) {
    let mut run: Vec<Word> = Vec::new();
    let mut languages = ANY;
    for range in words(text) {
        let word = number_word(text, range);
        let goes_on = word.as_ref().is_some_and(|word| goes_on(text, &run, languages, word));
        if !goes_on {
            found.extend(number(text, &run, region));
            run.clear();
            languages = ANY;
        }
        if let Some(word) = word.filter(|word| word.value != Value::And || goes_on) {
            languages &= word.languages;
            run.push(word);
        }
    }
    found.extend(number(text, &run, region));
}

/// A run of numbers in words or in single digits, of one language.
pub(in crate::redact) struct Run {
    pub range: Range<usize>,
    /// What it says, in ASCII.
    pub digits: String,
}

/// All runs of `fewest` words or more: "four two one nine", "4 2 1 9", "six six double three".
pub(in crate::redact) fn runs(text: &str, fewest: usize) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run: Vec<Word> = Vec::new();
    let mut languages = ANY;
    let mut end = |run: &mut Vec<Word>| {
        if run.len() >= fewest {
            let range = run[0].range.start..run[run.len() - 1].range.end;
            runs.push(Run { range, digits: digits(text, run) });
        }
        run.clear();
    };
    for range in words(text) {
        let word = number_word(text, range).filter(|word| word.value != Value::Digits || word.range.len() == 1);
        let goes_on = word.as_ref().is_some_and(|word| goes_on(text, &run, languages, word));
        if !goes_on {
            end(&mut run);
            languages = ANY;
        }
        if let Some(word) = word.filter(|word| word.value != Value::And || goes_on) {
            languages &= word.languages;
            run.push(word);
        }
    }
    end(&mut run);
    runs
}

/// Whether `word` is one more of the number of `run`, which is in one of `languages`.
fn goes_on(text: &str, run: &[Word], languages: u8, word: &Word) -> bool {
    languages & word.languages != 0
        && match run.last() {
            Some(last) => {
                is_gap(&text[last.range.end..word.range.start])
                    && (word.value != Value::And || matches!(last.value, Value::Tens(_)))
            }
            None => word.value != Value::And,
        }
}

/// The digits of `value`, if it is a number in words.
pub(super) fn digits_of(value: &str) -> Option<String> {
    let run: Option<Vec<Word>> = words(value).map(|range| number_word(value, range)).collect();
    run.filter(|run| spelled(run) > 0).map(|run| digits(value, &run))
}

fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(char::is_alphanumeric)?;
        at = text[start..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |length| start + length);
        Some(start..at)
    })
}

fn is_gap(between: &str) -> bool {
    between.len() <= MOST_BETWEEN
        && between.chars().all(|c| matches!(c, ' ' | ',' | '.' | '-' | '–' | '/' | '…' | '\n'))
}

fn spelled(run: &[Word]) -> usize {
    run.iter().filter(|word| !matches!(word.value, Value::Digits | Value::And)).count()
}

/// The phone number that `run` is.
fn number(text: &str, run: &[Word], region: Option<Region>) -> Option<Span> {
    // "double" belongs to what follows it.
    let last = run.iter().rposition(|word| !matches!(word.value, Value::Times(_) | Value::And))?;
    let run = &run[..=last];
    let repeated = run.iter().any(|word| matches!(word.value, Value::Times(_)));
    if spelled(run) < if repeated { 1 } else { 2 } {
        return None;
    }
    let range = run[0].range.start..run[last].range.end;
    // "three point one four one five nine two six"
    let fraction = text[..range.start].trim_end().ends_with("point");
    let digits = digits(text, run);
    let announced = || context::announces(&text[..range.start]);
    let grouped = run.iter().any(|word| matches!(word.value, Value::Teen(_) | Value::Tens(_) | Value::Hundred));
    let fewest = super::fewest_digits(region);
    let shaped = if grouped {
        let languages = run.iter().fold(ANY, |languages, word| languages & word.languages);
        let spanish = languages == SPANISH && digits.len() == 9 && digits.starts_with(['6', '7']) && !is_rising(run);
        digits.len() >= 9 && digits.starts_with('0') || spanish || digits.len() >= fewest && announced()
    } else if spelled(run) == run.len() {
        digits.len() >= super::FEWEST_DIGITS || digits.len() >= fewest && announced()
    } else {
        // "0 7 7 0 0 nine double oh 123", "202 five five five 0142"
        let dictated = digits.len() >= 10 && (run.len() >= 8 || run.len() >= 5 && spelled(run) >= 3);
        digits.len() >= 9 && spelled(&run[..2]) == 2 || dictated || digits.len() >= fewest && announced()
    };
    // Who counts does not write "345".
    let may_count = run.iter().all(|word| word.value != Value::Digits || word.range.len() < 3)
        && (digits.len() < LONG || counts_on(&digits) || !announced());
    (shaped
        && !fraction
        && digits.len() <= super::MOST_DIGITS
        && is_dialled(&digits, may_count)
        && !context::measures(&text[range.end..]))
    .then(|| Span::new(PiiKind::Phone, "phone/spelled", range))
}

/// Whether the tens of `run` go up, as ages and what is drawn in a lottery do.
fn is_rising(run: &[Word]) -> bool {
    let tens = run.iter().filter_map(|word| match word.value {
        Value::Teen(value) | Value::Tens(value) => Some(value),
        _ => None,
    });
    tens.clone().count() >= 3 && tens.is_sorted()
}

/// The fewest digits that are a number behind a word for calling though neighbours follow each other in it by chance.
const LONG: usize = 10;

/// Whether six digits or more follow each other up or down.
fn counts_on(digits: &str) -> bool {
    let steps: Vec<i8> = digits.as_bytes().windows(2).map(|pair| pair[1] as i8 - pair[0] as i8).collect();
    steps.windows(5).any(|five| five[0].abs() == 1 && five.iter().all(|step| *step == five[0]))
}

/// Whether `digits` are neither counting nor beating time nor sung.
fn is_dialled(digits: &str, may_count: bool) -> bool {
    let bytes = digits.as_bytes();
    let counting = bytes.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count();
    let different = (b'0'..=b'9').filter(|digit| bytes.contains(digit)).count();
    !(may_count && 2 * counting >= bytes.len()) && different >= 3 && !digits.ends_with(SUNG)
}

/// What is dialled for `run`.
fn digits(text: &str, run: &[Word]) -> String {
    use Value::*;
    let mut dialled = String::new();
    let mut values = run.iter().filter(|word| word.value != And).peekable();
    let mut times = 1;
    while let Some(word) = values.next() {
        let next = values.peek().map(|next| next.value);
        let (group, taken) = match (word.value, next) {
            (Digits, _) => (text[word.range.clone()].to_owned(), 0),
            (Times(more), _) => {
                times = more;
                continue;
            }
            (And, _) => continue,
            (Hundred, _) => ("00".to_owned(), 0),
            (One(4), Some(Tens(20))) if word.languages == FRENCH => {
                values.next();
                // "quatre-vingt-dix-huit", "quatre-vingt-trois"
                match values.peek().map(|next| next.value) {
                    Some(Teen(teen)) => ((80 + teen).to_string(), 1),
                    Some(One(one)) if one > 0 => ((80 + one).to_string(), 1),
                    _ => ("80".to_owned(), 0),
                }
            }
            (Tens(60), Some(Teen(teen))) if word.languages == FRENCH => ((60 + teen).to_string(), 1),
            (Tens(tens), Some(One(one))) if one > 0 => ((tens + one).to_string(), 1),
            (Teen(10), Some(One(one @ 7..=9))) if word.languages == FRENCH => ((10 + one).to_string(), 1),
            (One(value) | Teen(value) | Tens(value), _) => (value.to_string(), 0),
        };
        dialled.push_str(&group.repeat(times));
        times = 1;
        if taken > 0 {
            // "dix-huit" within "quatre-vingt-dix-huit" is two words as well.
            let taken = values.next();
            let unit = values.peek().map(|next| next.value);
            if let (Some(Word { value: Teen(10), languages: FRENCH, .. }), Some(One(one @ 7..=9))) = (taken, unit) {
                dialled.pop();
                dialled.push(char::from(b'0' + one));
                values.next();
            }
        }
    }
    dialled
}

fn number_word(text: &str, range: Range<usize>) -> Option<Word> {
    let word = &text[range.clone()];
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Word { range, value: Value::Digits, languages: ANY });
    }
    let (languages, value) = (word.len() <= LONGEST).then(|| value_of(word)).flatten()?;
    Some(Word { range, value, languages })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(|text, spans| find(text, None, spans), text)
    }

    #[test]
    fn finds_numbers_in_words() {
        for (text, number) in [
            ("its two oh two five five five oh one four two ok", "two oh two five five five oh one four two"),
            ("call me at five five five, zero one four two", "five five five, zero one four two"),
            ("Two-oh-two, five five five... oh one four three", "Two-oh-two, five five five... oh one four three"),
            ("oh seven 7 double zero 900123", "oh seven 7 double zero 900123"),
            (
                "oh seven seven double oh nine hundred four five two",
                "oh seven seven double oh nine hundred four five two",
            ),
            ("six four six 555 0133 got it?", "six four six 555 0133"),
            ("text me: five five five 0142", "five five five 0142"),
            (
                "ring me on two oh two, five fifty-five, oh one forty two",
                "two oh two, five fifty-five, oh one forty two",
            ),
            ("nine one seven triple five oh one three three", "nine one seven triple five oh one three three"),
            ("zéro six trente-neuf 98 12 47", "zéro six trente-neuf 98 12 47"),
            (
                "zéro six quatre-vingt-dix-huit douze trente-neuf soixante-dix",
                "zéro six quatre-vingt-dix-huit douze trente-neuf soixante-dix",
            ),
            ("seis uno dos 345 908", "seis uno dos 345 908"),
            (
                "null eins sieben eins drei neun zwei null null vier vier",
                "null eins sieben eins drei neun zwei null null vier vier",
            ),
            ("nove um dois cinco cinco cinco zero quatro três", "nove um dois cinco cinco cinco zero quatro três"),
            ("nul zes 12345098", "nul zes 12345098"),
            (
                "meine nummer ist null eins fünf sechs sieben vier drei zwei null eins null",
                "null eins fünf sechs sieben vier drei zwei null eins null",
            ),
            (
                "es el seis cuatro nueve, veintiuno, treinta y tres, cero ocho",
                "seis cuatro nueve, veintiuno, treinta y tres, cero ocho",
            ),
            ("0 7 7 0 0 nine double oh 123", "0 7 7 0 0 nine double oh 123"),
            (
                "es el seis doce noventa y tres cuarenta y ocho setenta y uno",
                "seis doce noventa y tres cuarenta y ocho setenta y uno",
            ),
            (
                "zéro six douze trente sept quarante et un quatre vingt huit cinquante neuf",
                "zéro six douze trente sept quarante et un quatre vingt huit cinquante neuf",
            ),
            (
                "fone: nove oito cinquenta e três setenta e um zero dois",
                "nove oito cinquenta e três setenta e um zero dois",
            ),
            ("my number is 202 triple 5 0142", "202 triple 5 0142"),
            ("202 five five five 0142", "202 five five five 0142"),
            (
                "tre quattro sette cinque cinque cinque otto uno due zero",
                "tre quattro sette cinque cinque cinque otto uno due zero",
            ),
        ] {
            assert_eq!(found(text), [number], "{text:?}");
        }
    }

    #[test]
    fn leaves_counting_songs_and_sentences_alone() {
        for text in [
            "one two three four five six seven eight",
            "five six seven eight, one two three four",
            "ten nine eight seven six five four three two one zero",
            "one of the two or three people",
            "one one one one one one one",
            "mic check one two one two one two one two",
            "two four six eight who do we appreciate",
            "eight six seven five three oh nine",
            "four eight fifteen sixteen twenty three forty two",
            "nineteen eighty four nineteen eighty five",
            "two hundred three hundred four hundred",
            "oh seven people came, five six maybe",
            "six seven years, nine tops",
            "we need five, six 10 seater tables and 200 chairs",
            "uno dos tres cuatro cinco seis siete ocho",
            "eins zwei drei vier fünf sechs sieben",
            "ruf die nummer: null eins zwei drei vier fünf sechs sieben acht neun",
            "dos o tres, cuatro o cinco",
            "five hundred twenty five thousand six hundred minutes",
            "oh one two nine three five eight people",
            "call me in five, six or seven minutes",
            "202 555 0142",
            "double double",
            "pi is three point one four one five nine two six five three five",
            "six seven six seven six seven six seven",
            "tengo treinta y ocho y ella cuarenta y dos",
            "quarante et un, quarante deux, quarante trois",
            "entre veinte y treinta, o cuarenta y cinco, cincuenta y seis",
            "sesenta y uno, setenta y dos, ochenta y tres, noventa y cuatro cinco",
            "siete once veinte treinta y uno cuarenta y dos",
            "four twenty, six nineteen",
            "four out of five, six out of seven, eight nine ten",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }

    #[test]
    fn words_are_dialled_as_digits() {
        for (value, digits) in [
            ("two oh two, five five five, oh one four two", "2025550142"),
            ("oh seven 7 double oh nine hundred 123", "07700900123"),
            ("zéro six quatre-vingt-dix-huit soixante-douze quatre-vingts dix-sept trente ok", ""),
            ("zéro six quatre-vingt-dix-huit soixante-douze quatre-vingt-trois dix-sept", "069872 8317"),
            ("five fifty-five twelve", "55512"),
            ("four twenty", "420"),
            ("noventa y tres cuarenta y ocho", "9348"),
        ] {
            assert_eq!(digits_of(value).unwrap_or_default(), digits.replace(' ', ""), "{value:?}");
        }
        assert_eq!(digits_of("202-555-0142"), None);
        assert_eq!(digits_of("+44 7700 900123 x12"), None);
    }
}
