//! Postcodes alone: what a word calls one ("zip is 94110"), and, where a postcode stands for a few houses, what has the form of
//! those where the person lives ("its se15 4qn").

use super::postcode::{self, is_postcode};
use super::word::{Gap, Word};
use super::words::is_never_a_name;
use crate::redact::Region;
use crate::word_set::word_set;

/// How many words before a postcode may call it one.
const REACH: usize = 5;

word_set! {
    is_label:
    "postcode" "postcodes" "zip" "zipcode" "zips" "eircode" "pincode" "plz" "postleitzahl" "postnummer" "postnr" "postinumero" "psč" "psc" "irányítószám"
    "iranyitoszam" "irsz" "индекс" "індекс" "kodepos" "poskod" "邮编" "郵編" "邮政编码" "郵遞區號" "郵便番号" "우편번호" "우편번호는" "우편번호가";

    /// The halves of a label of two words, in either order: "postal code", "kod pocztowy".
    is_code: "code" "codes" "kod" "kodu" "kodum" "cod" "codul" "código" "codigo" "codice" "kode" "broj" "индекс" "індекс" "mã";
    is_of_post: "post" "postal" "postale" "poștal" "pocztowy" "posta" "pos" "zip" "poštanski" "postanski" "почтовый" "поштовий" "bưu";

    /// What may stand between the label and the postcode.
    is_link:
    "is" "are" "was" "it" "it's" "its" "would" "be" "mine" "my" "our" "ur" "your" "the" "for" "here" "there" "home" "work" "office" "code" "number" "no" "nr"
    "ist" "lautet" "meine" "unsere" "hier" "es" "est" "c'est" "mi" "mio" "é" "è" "e" "meu" "minha" "to" "jest" "mój" "moj" "on" "är" "er" "mijn" "onze" "de" "da" "do" "di"
    "yang" "saya" "adalah" "мой" "наш" "мій" "是" "は";

    /// What links a postcode to the label behind it.
    is_copula: "is" "ist" "es" "est" "é" "è" "jest" "är" "er";

    /// The areas of British postcodes.
    is_british_area:
    "ab" "al" "b" "ba" "bb" "bd" "bh" "bl" "bn" "br" "bs" "bt" "ca" "cb" "cf" "ch" "cm" "co" "cr" "ct" "cv" "cw" "da" "dd" "de" "dg" "dh" "dl" "dn" "dt" "dy"
    "e" "ec" "eh" "en" "ex" "fk" "fy" "g" "gl" "gu" "gy" "ha" "hd" "hg" "hp" "hr" "hs" "hu" "hx" "ig" "im" "ip" "iv" "je" "ka" "kt" "kw" "ky" "l" "la" "ld" "le"
    "ll" "ln" "ls" "lu" "m" "me" "mk" "ml" "n" "ne" "ng" "nn" "np" "nr" "nw" "ol" "ox" "pa" "pe" "ph" "pl" "po" "pr" "rg" "rh" "rm" "s" "sa" "se" "sg" "sk" "sl"
    "sm" "sn" "so" "sp" "sr" "ss" "st" "sw" "sy" "ta" "td" "tf" "tn" "tq" "tr" "ts" "tw" "ub" "w" "wa" "wc" "wd" "wf" "wn" "wr" "ws" "wv" "yo" "ze";

    /// The last letters of ranks, amounts and words written with a digit ("b4 2nd", "s8 4gb", "m8 4ur"), which a few postcodes end in, too.
    is_no_inward:
    "st" "nd" "rd" "th" "gb" "tb" "hr" "ft" "lb" "yr" "pt" "ah" "pp" "pg" "be" "da" "ur" "us" "ya" "ru" "dy";

    /// Units and other capitals behind four digits: "2000 GB".
    is_unit:
    "mb" "gb" "tb" "kb" "km" "kg" "cc" "hp" "pk" "eu" "hd" "tv" "ml" "mg" "cm" "mm" "am" "pm" "ps" "pc" "kw" "ad" "bc" "nl" "be" "ok" "sa" "sd" "ss";
}

/// The end of the postcode at `at`; `region` is where the person lives.
pub(super) fn end(words: &[Word], at: usize, region: Option<Region>) -> Option<usize> {
    let code = &words[at];
    if code.digits == 0 || code.digits > 9 {
        return None;
    }
    of_region(words, at, region).or_else(|| of_singapore(words, at, region)).or_else(|| {
        let (end, digits) = shape(words, at)?;
        is_labelled(words, at, end, digits, region).then_some(end)
    })
}

/// "Singapore 307987", and there "S307987" and "S(307987)".
fn of_singapore(words: &[Word], at: usize, region: Option<Region>) -> Option<usize> {
    let lower = words[at].lower.as_ref();
    let before = at.checked_sub(1).map(|before| &words[before]);
    let there = region.is_some_and(|region| region.letters() == b"SG");
    let named = before.is_some_and(|word| word.lower == "singapore" || there && word.upper && word.lower == "s");
    let digits = if there { lower.strip_prefix('s') } else { None }.or(named.then_some(lower))?;
    is_singaporean(digits).then_some(at + 1)
}

fn is_singaporean(digits: &str) -> bool {
    let six = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    six && ("01".."83").contains(&&digits[..2])
}

/// Of one of the regions whose postcodes stand for a few houses, and look like nothing else there.
fn of_region(words: &[Word], at: usize, region: Option<Region>) -> Option<usize> {
    let first = &words[at];
    let second = words.get(at + 1).filter(|second| second.gap == Gap::Space);
    // "SE15 4QN" or "SE154QN", whose second half has `length` bytes.
    let halves = |length: usize, fits: &dyn Fn(&str, &str) -> bool| {
        if second.is_some_and(|second| second.lower.len() == length && fits(&first.lower, &second.lower)) {
            return Some(at + 2);
        }
        let whole = first.lower.as_ref();
        let cut = whole.len().checked_sub(length).filter(|&cut| cut >= 3 && whole.is_char_boundary(cut))?;
        fits(&whole[..cut], &whole[cut..]).then_some(at + 1)
    };
    match region?.letters() {
        b"GB" | b"GG" | b"IM" | b"JE" => halves(3, &is_british),
        // "v0v4v0" is a version.
        b"CA" => {
            halves(3, &|outward, inward| is_postcode(outward, inward) && inward.ends_with(|c: char| c.is_ascii_digit()))
                .filter(|&end| end == at + 2 || first.upper)
        }
        b"IE" => halves(4, &postcode::is_irish),
        b"NL" => halves(2, &|digits, letters| is_dutch(digits, letters) && !is_unit(letters))
            .filter(|&end| words[end - 1].upper),
        _ => None,
    }
}

fn is_british(outward: &str, inward: &str) -> bool {
    is_postcode(outward, inward)
        && inward.get(1..).is_some_and(|letters| !is_no_inward(letters))
        && is_british_area(outward.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default())
}

fn is_dutch(digits: &str, letters: &str) -> bool {
    digits.len() == 4
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
        && letters.len() == 2
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The end of what may be a postcode if something calls it one; and how many digits it has, if it has nothing else.
fn shape(words: &[Word], at: usize) -> Option<(usize, Option<u32>)> {
    let first = &words[at];
    let lower = first.lower.as_ref();
    let second = words.get(at + 1).filter(|second| second.gap == Gap::Space);
    if first.letters == 0 {
        if !lower.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            return None;
        }
        // "110 00", "560 034", "60 834"
        let parted = |second: &&Word| {
            second.is_number()
                && second.lower.len() == second.digits as usize
                && matches!((first.digits, second.digits), (3, 2 | 3) | (2, 3) | (5, 3 | 4))
        };
        if let Some(second) = second.filter(parted) {
            return Some((at + 2, Some(first.digits + second.digits)));
        }
        if second
            .is_some_and(|second| is_dutch(lower, &second.lower) && (second.upper || !is_never_a_name(&second.lower)))
        {
            return Some((at + 2, None));
        }
        return (4..=9).contains(&first.digits).then_some((at + 1, Some(first.digits)));
    }
    if second.is_some_and(|second| is_postcode(lower, &second.lower) || postcode::is_irish(lower, &second.lower)) {
        return Some((at + 2, None));
    }
    // "SE154QN", "1012AB", "LT-01103"
    let coded = first.digits >= 2 && first.letters <= 5 && (5..=9).contains(&lower.len()) && !lower.contains('/');
    (coded || is_led(first)).then_some((at + 1, None))
}

/// Whether the words before the postcode at `at` or those behind its `end` call it one.
fn is_labelled(words: &[Word], at: usize, end: usize, digits: Option<u32>, region: Option<Region>) -> bool {
    let labels = |label: usize| {
        let lower = words[label].lower.as_ref();
        let before = label.checked_sub(1).map_or("", |before| words[before].lower.as_ref());
        let enough = |allowed: &[u32]| digits.is_none_or(|digits| allowed.contains(&digits));
        let in_region = |regions: &[&str]| region.is_some_and(|region| regions.contains(&region.as_str()));
        match lower {
            "zip" | "zips" => enough(&[5, 9]),
            // Words of other things elsewhere: Pokémon have CP, salaries a cap.
            "cp" => enough(&[5]) && in_region(&["FR", "ES", "MX", "BE", "CA", "AR"]),
            "cap" => enough(&[5]) && in_region(&["IT"]),
            "cep" => enough(&[5, 8]),
            "индекс" | "індекс" => enough(&[5, 6]),
            _ => is_label(lower) || is_code(lower) && is_of_post(before) || is_of_post(lower) && is_code(before),
        }
    };
    let before = || {
        let reach = at.saturating_sub(REACH);
        // A link may be part of a label: the "code" of "zip code".
        (reach..at).rev().take_while(|&word| word + 1 == at || is_link(&words[word + 1].lower)).any(labels)
    };
    let behind = || {
        words.get(end).is_some_and(|word| is_copula(&word.lower))
            && (end + 1..words.len().min(end + 5))
                .take_while(|&word| word == end + 1 || is_link(&words[word - 1].lower))
                .any(labels)
    };
    is_led(&words[at]) || before() || behind()
}

/// "邮编100020", "郵便番号は150-0041です": whether the label stands in the same word, as where no spaces are written.
fn is_led(word: &Word) -> bool {
    const LABELS: [&str; 6] = ["邮编", "郵編", "邮政编码", "郵遞區號", "郵便番号", "우편번호"];
    word.digits >= 5 && LABELS.iter().any(|label| word.lower.starts_with(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(region: &str, text: &'t str) -> Vec<&'t str> {
        let region: Option<Region> = region.parse().ok();
        let redactor = crate::Redactor::new(&crate::RedactionSettings { region, ..Default::default() });
        let together = redactor.find(text, None).unwrap();
        let mut spans = Vec::new();
        super::super::find(text, region, &mut spans);
        let seen = |range: &std::ops::Range<usize>| {
            together.iter().any(|span| span.range.start <= range.start && range.end <= span.range.end)
        };
        assert!(spans.iter().all(|span| seen(&span.range)), "{text:?} is not looked at");
        spans.into_iter().map(|span| &text[span.range]).collect()
    }

    #[test]
    fn what_a_word_calls_a_postcode_is_one() {
        for (text, postcode) in [
            ("postcode is se154qn", "se154qn"),
            ("whats ur postcode? mine is ls6 3hn", "ls6 3hn"),
            ("SE15 4qn is our postcode", "SE15 4qn"),
            ("postal code m5v2t6", "m5v2t6"),
            ("zip is 94110 ok", "94110"),
            ("my zip code: 94110-1234", "94110-1234"),
            ("eircode is d02 x285", "d02 x285"),
            ("mijn postcode is 1012 AB", "1012 AB"),
            ("postcode 1012ab nr 14", "1012ab"),
            ("PLZ ist 10115", "10115"),
            ("código postal 28013", "28013"),
            ("code postal: 75011", "75011"),
            ("CEP 01037-010", "01037-010"),
            ("kod pocztowy to 00-950", "00-950"),
            ("psč 110 00", "110 00"),
            ("postnummer 111 22", "111 22"),
            ("postinumero on 00100", "00100"),
            ("irányítószám: 1051", "1051"),
            ("posta kodu 34000", "34000"),
            ("kode pos saya 40115", "40115"),
            ("индекс 101000", "101000"),
            ("почтовый индекс: 101000", "101000"),
            ("郵便番号は150-0041です", "郵便番号は150-0041です"),
            ("邮编：100020", "100020"),
            ("우편번호 06236", "06236"),
            ("Post code LT-01103", "LT-01103"),
            ("come to singapore 307987", "307987"),
        ] {
            assert_eq!(found("", text), [postcode], "{text:?}");
        }
        assert_eq!(found("FR", "cp 75011"), ["75011"]);
        assert_eq!(found("IT", "cap 20121"), ["20121"]);
    }

    #[test]
    fn one_for_a_few_houses_is_found_where_people_live_who_have_such() {
        for (region, text, postcode) in [
            ("GB", "its se15 4qn", "se15 4qn"),
            ("GB", "send it to WC1N3XX.", "WC1N3XX"),
            ("GB", "satnav ls63hn ok", "ls63hn"),
            ("CA", "m5v 2t6", "m5v 2t6"),
            ("CA", "im at M5V2T6", "M5V2T6"),
            ("IE", "d02 x285 for the taxi", "d02 x285"),
            ("NL", "kom naar 1012 AB 14", "1012 AB"),
            ("NL", "1012AB", "1012AB"),
            ("SG", "S307987 can?", "S307987"),
            ("SG", "S(307987)", "307987"),
        ] {
            assert_eq!(found(region, text), [postcode], "{text:?}");
            assert_eq!(found("US", text), Vec::<&str>::new(), "{text:?}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        for (region, text) in [
            ("GB", "b4 2nd period"),
            ("GB", "m8 4ur info"),
            ("GB", "the s8 4gb one"),
            ("GB", "w8 2be sure"),
            ("GB", "S20FE or S21 5g"),
            ("GB", "xx15 4qn"),
            ("CA", "lib.v0v4v0"),
            ("GB", "gate b12 3pm"),
            ("NL", "2000 GB, 1500 km, 2000 er"),
            ("CA", "m5v 2tt"),
            ("IE", "gate d12 1830"),
            ("SG", "s12 and 307987 people"),
            ("", "sent the zip, 2024 pics"),
            ("", "zip 2 files"),
            ("", "a zip of 2024"),
            ("", "cp 75011 and cap 20121"),
            ("", "postcode lottery 2024"),
            ("", "the code is for 5"),
            ("", "1012 AB"),
            ("", "its se15 4qn"),
        ] {
            assert_eq!(found(region, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
