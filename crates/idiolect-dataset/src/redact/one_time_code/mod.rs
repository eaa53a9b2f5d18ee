//! Codes that open an account once or a door every day: "482910 is your code", "your verification code: 4829".

mod alone;
mod list;
mod patterns;

use std::ops::Range;

use super::numbers::is_year;
use super::pattern::AnyOf;
use super::{PiiKind, Span, nearby};
pub(super) use alone::{FEWEST_DIGITS, find as find_alone, is_date_by_year};
use patterns::{HARMLESS, HARMLESS_BEHIND, Needs, PARCEL, RULES, VERIFIED, spoken_of};

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    static LISTED: AnyOf = AnyOf::new(&["cod", "kod"]);
    if !text.is_ascii() || LISTED.is_in(text) {
        list::find(text, found);
    }
    if !may_hold_value(text.as_bytes()) {
        return;
    }
    for captures in VERIFIED.captures_iter(text) {
        if let Some(value) = captures.name("value").or_else(|| captures.name("google")) {
            push(text, value.range(), PiiKind::OneTimeCode, "one_time_code/form", found);
        }
    }
    if !text.is_ascii() && text.contains(['取', '提']) {
        for value in PARCEL.captures_iter(text).filter_map(|captures| captures.name("value")) {
            push(text, value.range(), PiiKind::OneTimeCode, "one_time_code/form", found);
        }
    }
    // Other letters stand for some of ASCII's, or for whole words.
    let other_letters = !text.is_ascii() && text.chars().any(|c| !c.is_ascii() && c.is_alphanumeric());
    let spoken_of = if other_letters { u16::MAX } else { spoken_of(text) };
    for (place, (pattern, _, rule, needs)) in RULES.iter().enumerate() {
        if (spoken_of >> place) & 1 == 0 {
            continue;
        }
        for matched in pattern.captures_iter(text) {
            let Some(value) = matched.name("value") else { continue };
            let written = &text[value.clone()];
            let linked = matched.name("link").is_none_or(|link| !text[link].trim().is_empty());
            let fits = match needs {
                Needs::Nothing => true,
                Needs::Answer => {
                    matched.name("answer").or_else(|| matched.name("then")).is_some() || stands_out(text, value.clone())
                }
                Needs::LinkOrEnd => linked || ends(&text[value.end..]),
                Needs::LinkIfOdd => linked || !is_mixed(written),
                Needs::NotRound => !written.ends_with("00") && ends_or_asks(&text[value.end..]),
                Needs::SixOrSent => is_six_digits(written) || is_sent(&text[..value.start]),
            };
            let fewest = if *needs == Needs::LinkIfOdd && linked { 3 } else { 4 };
            let noun = matched.name("noun").or_else(|| matched.name("of"));
            let is_plain = linked && is_six_digits(written);
            let harmless = noun
                .clone()
                .is_some_and(|noun| is_harmless(text, noun.clone()) || !is_plain && is_ones_own(&text[..noun.start]));
            let year = !linked && is_year(written);
            // Of BLIK, with which Poles pay, codes have six digits; sums have fewer.
            let sum = noun.is_some_and(|noun| text[noun].to_ascii_lowercase().starts_with("blik")) && written.len() < 6;
            let day = *rule != "one_time_code/used" && may_be_day(written);
            if fits && is_code(written, fewest) && !harmless && !year && !sum && !day {
                push(text, value, PiiKind::OneTimeCode, rule, found);
            }
        }
    }
}

pub(super) fn is_harmless(text: &str, noun: Range<usize>) -> bool {
    HARMLESS.is_match(nearby::end_of(&text[..noun.start], 24)) || HARMLESS_BEHIND.is_match(&text[noun.end..])
}

/// "use my code 4829": one to be given away, or what somebody programs.
fn is_ones_own(before: &str) -> bool {
    let mut words = before.trim_end_matches([' ', '-']).rsplit(|c: char| !c.is_alphanumeric());
    words.next().is_some_and(|word| word.eq_ignore_ascii_case("my"))
}

/// "12-05-26", in whatever order.
pub(super) fn may_be_day(value: &str) -> bool {
    let numbers: Vec<u32> = value.split('-').filter_map(|number| number.parse().ok()).collect();
    let within = |most| numbers.iter().filter(|number| (1..=most).contains(*number)).count();
    numbers.len() == 3 && within(12) >= 1 && within(31) >= 2
}

fn is_six_digits(value: &str) -> bool {
    value.bytes().filter(u8::is_ascii_digit).count() == 6
}

/// Whether `before` says that what comes was sent to somebody.
fn is_sent(before: &str) -> bool {
    let before = nearby::words_before(before.trim_end(), 16).to_ascii_lowercase();
    ["sent me", "sent u", "sent us", "sent you", "texted me", "emailed me", "messaged me"]
        .iter()
        .any(|end| before.ends_with(end))
}

fn is_mixed(value: &str) -> bool {
    value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Whether six digits stand at `value`, or a number that ends its sentence or is a line by itself: little else would be sent so.
fn stands_out(text: &str, value: Range<usize>) -> bool {
    let digits = text[value.clone()].bytes().filter(u8::is_ascii_digit).count();
    let last = ends(&text[value.end..]) && (digits >= 5 || text[..value.start].ends_with('\n'));
    (digits == 6 || last) && !is_year(&text[value])
}

/// Whether the sentence ends before `after`.
fn ends(after: &str) -> bool {
    let after = after.trim_start_matches(' ');
    after.is_empty()
        || after.starts_with(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '€' | '$' | '£' | '-' | '/'))
}

/// `text` in small letters, byte for byte.
pub(super) fn small(text: &str) -> String {
    let small = |c: char| {
        let mut small = c.to_lowercase();
        small.next().filter(|one| small.next().is_none() && one.len_utf8() == c.len_utf8()).unwrap_or(c)
    };
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().map(small).collect() }
}

/// Whether the sentence ends before `after`, or goes on about the number.
fn ends_or_asks(after: &str) -> bool {
    const ABOUT: [&str; 11] =
        ["what", "is ", "that ", "thats ", "es ", "c'est ", "é ", "è ", "ist ", "dont tell", "don't tell"];
    ends(after) || ABOUT.iter().any(|word| after.trim_start().starts_with(word))
}

/// Whether three digits stand in a row, or a capital beside one, or groups of them, without which nothing is a code.
pub(super) fn may_hold_value(text: &[u8]) -> bool {
    let beside = |pair: &[u8]| {
        pair[0].is_ascii_uppercase() && pair[1].is_ascii_digit()
            || pair[0].is_ascii_digit() && pair[1].is_ascii_uppercase()
    };
    let pairs = |five: &[u8]| {
        five.iter()
            .enumerate()
            .all(|(at, byte)| if at % 3 == 2 { matches!(byte, b'-' | b' ') } else { byte.is_ascii_digit() })
    };
    let singles = |five: &[u8]| {
        five.iter()
            .enumerate()
            .all(|(at, byte)| if at % 2 == 1 { matches!(byte, b'-' | b' ' | b'*') } else { byte.is_ascii_digit() })
    };
    text.windows(3).any(|three| three.iter().all(u8::is_ascii_digit))
        || text.windows(2).any(beside)
        || text.windows(5).any(|five| pairs(five) || singles(five))
}

/// Digits enough, or capitals with a digit among them.
fn is_code(value: &str, digits: usize) -> bool {
    let count = value.bytes().filter(u8::is_ascii_digit).count();
    if value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-')) {
        return count >= digits;
    }
    count > 0 && (4..=12).contains(&value.len()) && !value.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Whether `after` begins with what a number counts.
pub(super) fn is_counted(after: &str) -> bool {
    const UNITS: &str = " lines line loc times hours hour hrs hr h days day weeks months years yrs mins min minutes secs people users followers errors warnings \
        words files commits px bytes kb mb gb points pts students records items rows km kg m cm mm ml euros euro dollars bucks quid pounds pesos reais yen rupees \
        tl zł zl kr chf usd eur gbp líneas lineas zeilen lignes linhas righe linii строк рядки рядків руб views subs subscribers copies ";
    let after = after.trim_start_matches(' ');
    let word: String = after.chars().take_while(|c| c.is_alphabetic()).take(12).flat_map(char::to_lowercase).collect();
    after.starts_with(['€', '$', '£', '¥', '₹', '₽', '%', '块', '元', '円', '원', '人'])
        || !word.is_empty() && UNITS.contains(&format!(" {word} "))
}

/// Whether only a space is missing between six digits and the word behind them: "482910ok".
fn is_glued(value: &str, after: &str) -> bool {
    let word = after.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let in_base_16 = word.bytes().all(|byte| byte.is_ascii_hexdigit());
    value.len() == 6
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && !in_base_16
        && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether `after` says how long a code counts, as such messages do in China: "验证码482910,5分钟内有效".
fn is_told_for_how_long(after: &str) -> bool {
    let time = after.strip_prefix(',').unwrap_or_default().trim_start_matches(|c: char| c.is_ascii_digit());
    time.starts_with(['分', '秒', '小', '天'])
}

/// Takes the value unless it goes on as a word, a fraction, a time, a share or a sum.
pub(super) fn push(text: &str, range: Range<usize>, kind: PiiKind, rule: &'static str, found: &mut Vec<Span>) {
    let mut after = text[range.end..].chars();
    let goes_on = match (after.next(), after.next()) {
        (Some(next), _) if next.is_ascii_alphabetic() => {
            let (value, after) = (&text[range.clone()], &text[range.end..]);
            !is_glued(value, after) && nearby::kisses(value, after) == 0
        }
        (Some(next), _) if next.is_ascii_digit() || matches!(next, '%' | '_') => true,
        (Some('.' | ',' | ':' | '/' | '-'), Some(next)) => {
            next.is_ascii_digit() && !is_told_for_how_long(&text[range.end..])
        }
        _ => false,
    };
    if !goes_on && !is_counted(&text[range.end..]) {
        found.push(Span::new(kind, rule, range));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
    }

    #[test]
    fn finds_codes_that_are_announced() {
        for (text, code) in [
            ("use 482910 to authenticate", "482910"),
            ("gate code 4829x", "4829"),
            ("inlogcode: 482910", "482910"),
            ("je beveiligingscode is 48291", "48291"),
            ("код подтверждения 4829 никому не говорите", "4829"),
            ("google says 482910", "482910"),
            ("acme txt says 482910 dont tell anyone", "482910"),
            ("heres what they sent 482910", "482910"),
            ("sms from the bank 482910", "482910"),
            ("use 482910 to reset it", "482910"),
            ("verwende 482910 um dich anzumelden", "482910"),
            ("koodi: 482910", "482910"),
            ("ovikoodi on 4829", "4829"),
            ("認証番号は482910", "482910"),
            ("รหัสคือ 482910", "482910"),
            ("mã là 482910", "482910"),
            ("کد تایید: 482910", "482910"),
            ("오토락 0412", "0412"),
            ("482910 is your verification code", "482910"),
            ("G-482910 is your Google verification code.", "G-482910"),
            ("they sent me g-482910", "g-482910"),
            ("【某某】您的验证码是482910,5分钟内有效", "482910"),
            ("did u get the 6 digit thing? yeah 482 910", "482 910"),
            ("did u get the digit thing\n482910", "482910"),
            ("your code is 48 29 13", "48 29 13"),
            ("Your Acme verification code is 482910. Do not share it", "482910"),
            ("Your login code: 482-910", "482-910"),
            ("use 482910 to log in", "482910"),
            ("use 48-29-13 to log in", "48-29-13"),
            ("use 482 910 to finish logging in", "482 910"),
            ("OTP 482910 for your payment", "482910"),
            ("ur otp is 4829", "4829"),
            ("the code is 4829", "4829"),
            ("my code is 482913 dont tell", "482913"),
            ("my code: 482913", "482913"),
            ("code: 482 910", "482 910"),
            ("gate code 4829#", "4829"),
            ("door code for the back entrance is 4829", "4829"),
            ("tu código de verificación es 482910", "482910"),
            ("Dein Code lautet 482910", "482910"),
            ("482910 ist dein Code", "482910"),
            ("votre code est 482910", "482910"),
            ("Il tuo codice è 482910", "482910"),
            ("код: 482910", "482910"),
            ("您的验证码是482910，请勿泄露", "482910"),
            ("【Acme】验证码 4829", "4829"),
            ("인증번호 [482910]", "482910"),
            ("認証コード：482910", "482910"),
            ("security code is AB12CD", "AB12CD"),
            ("TAN: 482910", "482910"),
            ("482910 <- thats the code", "482910"),
            ("acme sent me 482910 as login code", "482910"),
            ("did u get the code? yes its 4829", "4829"),
            ("otp? 482910", "482910"),
            ("send me the code from the sms\n48291", "48291"),
            ("2fa is 482910", "482910"),
            ("Authenticator says 482 910", "482 910"),
            ("pickup code for the parcel 482910", "482910"),
            ("der Bestätigungscode ist 48291", "48291"),
            ("portkoden är 4829", "4829"),
            ("le code du portail 48A29", "48A29"),
            ("le digicode c'est 48A29", "48A29"),
            ("kod do furtki 4829#", "4829"),
            ("Twój kod weryfikacyjny to 482910", "482910"),
            ("Ваш код подтверждения: 4829", "4829"),
            ("رمز التحقق الخاص بك هو 482910", "482910"),
            ("clave dinámica 482910", "482910"),
            ("verification: 482910", "482910"),
            ("got the code?\nyea 4829", "4829"),
            ("Dein Einmalcode lautet 482910", "482910"),
            ("楼下门密码4829", "4829"),
            ("인증코드는 482910 이야", "482910"),
            ("الكود 482910", "482910"),
            ("code wifi c'est A1B2C3D4", "A1B2C3D4"),
            ("http://v.whatsapp.com/482910", "482910"),
            ("your code is B4C7D", "B4C7D"),
            ("code is482910", "482910"),
            ("code 482910ok?", "482910"),
            ("the two factor thing says 482910", "482910"),
            ("acme sent me 482 910 to sign in", "482 910"),
            ("enter 482910 when it asks for the code", "482910"),
            ("here 482910 thats the code", "482910"),
            ("got 482910. is that the code?", "482910"),
            ("One Time Password (OTP) for your payment of Rs 1,200.50 at ACME is 482910. Do not share it", "482910"),
            ("blik 482910", "482910"),
            ("verification number is 482910", "482910"),
            ("smscode 482910", "482910"),
            ("poortcode 4829", "4829"),
            ("codul e 482910", "482910"),
            ("הקוד הוא 482910", "482910"),
            ("【Acme】482910 验证码，请勿泄露", "482910"),
            ("kode verifikasi 482910 jangan dibagi", "482910"),
            ("mã xác nhận 482910 nha", "482910"),
            ("acme sent me G-482910 is that u?", "G-482910"),
            ("code's 4829, ring when ur here", "4829"),
            ("verification's 482910", "482910"),
            ("2fa 482 910", "482 910"),
            ("steam code K7RFX", "K7RFX"),
            ("they texted me 48291 is that the one", "48291"),
            ("482910 is the one from the bank", "482910"),
            ("got a text from chase 482917 that u?", "482917"),
            ("j'ai reçu 482917 c'est bon?", "482917"),
            ("me llegó 482 917 es ese?", "482 917"),
            ("enter 482910 when it asks", "482910"),
            ("whats the code they sent? i got 482910", "482910"),
            ("Bestätigungscode 55-20-91", "55-20-91"),
            ("取件码 8-3-2041", "8-3-2041"),
        ] {
            assert_eq!(found(text), [code], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_codes_and_numbers_alone() {
        for text in [
            "zip code 62704",
            "the area code is 415",
            "postal code: 560038",
            "error code 404",
            "exit code 137",
            "use promo code SAVE2024 lol",
            "dress code is smart casual",
            "qr code 2000 px",
            "gate code 4829x1080",
            "code 1000x faster",
            "google says 482917 people",
            "google says 150000",
            "what they sent 4829",
            "inlogcode werkt 2 dagen niet",
            "код подтверждения 2 раза",
            "write code for 2 hours",
            "i wrote code 3 days ago",
            "code 50% faster",
            "the code is at line 12:30",
            "code 2024",
            "code club on 12-05-26",
            "code 3000 lines a week",
            "verification took 3 days",
            "密码错了3次",
            "the code? 2000 lines",
            "gray code 0011 0010",
            "10115 is my zip code",
            "trainer code 4821 9930 1182",
            "código postal 28013",
            "kod rabatowy 2500",
            "el código tiene 4000 líneas",
            "building code 2021",
            "see you in code club at 1800.5",
            "tan 2 m",
            "its about 3000 to confirm",
            "gimkit code 482910",
            "blik 1500",
            "code 482910ab",
            "the code is 100000px wide",
            "use my code 482913 on the app",
            "my code is 4829 lines now",
            "put 20 in the code jar",
            "otp came late. rent is 1500",
            "codes due 1159 tonight",
            "she sent me 500000 won",
            "he sent me 482917 likes",
            "model 4400 is the one i want",
            "bestätigungscode kam am 12-05-26",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
