//! Codes that open an account once or a door every day: "482910 is your code", "your verification code: 4829".

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern::{self, Pattern};
use super::{PiiKind, Span};

/// A code: digits, perhaps in two groups or with a prefix ("G-482910"), or capitals mixed with digits.
const VALUE: &str = r"(?P<value> (?:[A-Z]{1,3}-)? [0-9]{3,4} [\x20-] [0-9]{3,4} | (?:[A-Z]{1,3}-)? [0-9]{3,10} | (?-i: [A-Z]+ [0-9] [A-Z0-9]* | [0-9]+ [A-Z] [A-Z0-9]* ) )";

/// A code in pairs, "48-29-13", which is a day as well where nothing tells.
const PAIRS: &str = "[0-9]{2} - [0-9]{2} - [0-9]{2}";

/// Words for a code.
const NOUN: &str = r"(?: one[-\x20]?time[-\x20](?:pass(?:word|code)?|pin|code) | pass\x20?codes? | codes? | otp | m?tan | c[oóÓ]digos? | codice | k[oó]d(?:e|en|u|em|unuz)?
    | koodi | κωδικός | код(?:ом|а)? | mã | 验证码 | 校验码 | 驗證碼 | 动态码 | 確認コード | 認証コード | 인증\x20?번호 | 인증\x20?코드 | รหัส | رمز | كود | קוד | कोड | ओटीपी )";

/// Words that put a code beyond doubt, whatever stands between it and the digits.
const SURE: &str = r"(?: verif\w* | security | log-?\x20?in | sign-?\x20?in | auth\w* | confirm\w* | access | activation | one[-\x20]?time | 2fa | mfa | two[-\x20]factor
    | reset | recovery | unlock | otp | m?tan | gate | door | alarm | entry | lock | safe | garage | building | google | whatsapp | telegram | signal | apple | facebook | instagram | paypal
    | bestätigungs\w* | sicherheits\w* | best[aä]tigung )";

/// "is", "=", and their like. Word borders are ASCII's: with Unicode's the fast matcher gives up on other letters.
const LINK: &str = r#"(?: [\s:=\#>»*"'“「【\[(：-] | is(?-u:\b) | was(?-u:\b) | are(?-u:\b) | es(?-u:\b) | est(?-u:\b) | ist(?-u:\b) | lautet(?-u:\b) | è | é | är(?-u:\b) | er(?-u:\b) | jest(?-u:\b) | это | 是 | 为 | 為 | は | = )*"#;

/// Words before "code" that make it something harmless.
static HARMLESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)(?: zip | post | postal | area | country | dial | dialling | dialing | error | status | exit | bar | qr | source | dress | discount | promo | promotion
          | voucher | coupon | colou?r | morse | tax | product | item | course | module | sort | swift | airport | return | response | http | hs | subject | class
          | referral | hex | build | machine | my | codigo\ postal | c[oó]digo\ postal ) [-\x20]? $",
    )
    .expect("the pattern is constant")
});

/// "code 4829", "code is: 4829".
static WEAK: Pattern = Pattern::new(|| behind_border(&format!(r"(?P<noun>{NOUN}) (?P<link>{LINK}) {VALUE}")));

/// "verification code for your account (do not share it) 4829".
static STRONG: Pattern = Pattern::new(|| {
    behind_border(&format!(
        r"(?: {SURE} [-\x20]? (?:\w+[-\x20])? {NOUN} | {NOUN} [-\x20] (?:de|di|da|for|to|para|zur|zum|pour)[-\x20][^.!?\n0-9]{{0,24}} | otp | m?tan
          | 验证码 | 校验码 | 驗證碼 | 动态码 | 確認コード | 認証コード | 인증\x20?번호 ) [^.!?\n0-9]{{0,40}}? {LINK} {VALUE}"
    ))
});

/// "482910 is your verification code", "G-482910 ist dein Code".
static FIRST: Pattern = Pattern::new(|| {
    behind_border(&format!(
        r"{VALUE} (?: \x20 (?: (?:is|ist|es|est|är|er|jest) (?-u:\b) | è | é ) | \x20?(?:это|是|为|は|-) ) [^.!?\n0-9]{{0,40}}? {NOUN}"
    ))
});

/// "use 482910 to log in", "use 48-29-13 to log in".
static USED: Pattern = Pattern::new(|| {
    let value = VALUE.replacen("(?P<value>", &format!("(?P<value> {PAIRS} |"), 1);
    behind_border(&format!(
        r"(?: use | enter | type | input | verwende | utilise[rz]? | usa | ingresa | inserisci ) \x20 {value} \x20 (?: to | as | for | um | als | pour | para | per | como )
          \x20 [^.!?\n0-9]{{0,40}}? (?: {NOUN} | log | sign | verif | v[eé]rif | confirm | authenti | access | reset | anmeld | iniciar | acced )"
    ))
});

/// "locker combo 12-34-56", "the combination of my bike lock is 4829".
static COMBINATION: Pattern = Pattern::new(|| {
    const LOCK: &str = "(?: locker | (?:pad|bike\\x20)?lock | safe | vault | luggage | suitcase | gate )";
    behind_border(&format!(
        r"(?: {LOCK} (?:['’]s)? \x20 comb(?:o|ination) | comb(?:o|ination) \x20 (?: to | for | of | on ) \x20 (?: the | my | our | his | her | your ) \x20 (?: \w+ \x20 )? {LOCK} ) {LINK}
          (?P<value> [0-9]{{1,2}} (?: [-\x20] [0-9]{{1,2}} ){{2,3}} | [0-9]{{3,6}} )"
    ))
});

/// "cvv 123", "CVC: 1234": the code on a payment card.
static CARD_CODE: Pattern = Pattern::new(|| {
    behind_border(r"(?: cvv2? | cvc2? | cvn ) \s* (?:code|is|number|no\.?|[:=\#])* \s* (?P<value>\d{3,4})")
});

fn behind_border(body: &str) -> String {
    format!(r"(?xi) (?: ^ | [^\p{{L}}\p{{N}}_] | [\p{{Han}}\p{{Hangul}}\p{{Hiragana}}\p{{Katakana}}] ) {body}")
}

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    if pattern::contains(text, "cv") {
        for captures in CARD_CODE.of(text).captures_iter(text) {
            let value = captures["value"].len();
            let end = captures.get(0).map_or(0, |whole| whole.end());
            push(text, end - value..end, PiiKind::PaymentCard, "payment_card/security_code", found);
        }
    }
    if pattern::contains(text, "comb") {
        for captures in COMBINATION.of(text).captures_iter(text) {
            let Some(value) = captures.name("value") else { continue };
            push(text, value.range(), PiiKind::OneTimeCode, "one_time_code/combination", found);
        }
    }
    if !may_hold_value(text.as_bytes()) {
        return;
    }
    for (pattern, rule) in
        [(&STRONG, "one_time_code/announced"), (&FIRST, "one_time_code/value_first"), (&USED, "one_time_code/used")]
    {
        for captures in pattern.of(text).captures_iter(text) {
            let Some(value) = captures.name("value") else { continue };
            if is_code(value.as_str(), 4) {
                push(text, value.range(), PiiKind::OneTimeCode, rule, found);
            }
        }
    }
    for captures in WEAK.of(text).captures_iter(text) {
        let (Some(noun), Some(value)) = (captures.name("noun"), captures.name("value")) else { continue };
        let linked = captures.name("link").is_some_and(|link| !link.as_str().trim().is_empty());
        let year = matches!(value.as_str().parse(), Ok(1900..=2100));
        let lone = value.as_str().bytes().any(|byte| byte.is_ascii_alphabetic()) && !linked;
        let enough = is_code(value.as_str(), if linked { 3 } else { 4 }) && !lone;
        if enough && (linked || !year) && !HARMLESS.is_match(&text[..noun.start()]) {
            push(text, value.range(), PiiKind::OneTimeCode, "one_time_code/named", found);
        }
    }
}

/// Whether three digits stand in a row, or a capital beside one, or pairs, without which nothing matches [`VALUE`].
fn may_hold_value(text: &[u8]) -> bool {
    let beside = |pair: &[u8]| {
        pair[0].is_ascii_uppercase() && pair[1].is_ascii_digit()
            || pair[0].is_ascii_digit() && pair[1].is_ascii_uppercase()
    };
    let pairs = |eight: &[u8]| {
        eight.iter().enumerate().all(|(at, byte)| if at % 3 == 2 { *byte == b'-' } else { byte.is_ascii_digit() })
    };
    text.windows(3).any(|three| three.iter().all(u8::is_ascii_digit))
        || text.windows(2).any(beside)
        || text.windows(8).any(pairs)
}

/// Digits enough, or capitals with a digit among them.
fn is_code(value: &str, digits: usize) -> bool {
    let count = value.bytes().filter(u8::is_ascii_digit).count();
    if value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-')) {
        return count >= digits;
    }
    count > 0 && (4..=12).contains(&value.len()) && !value.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Takes the value unless it goes on as a word, a fraction, a time, a share or a sum.
fn push(text: &str, range: Range<usize>, kind: PiiKind, rule: &'static str, found: &mut Vec<Span>) {
    let mut after = text[range.end..].chars();
    let goes_on = match (after.next(), after.next()) {
        (Some(next), _) if next.is_alphanumeric() && next.is_ascii() || matches!(next, '%' | '_') => true,
        (Some('.' | ',' | ':' | '/' | '-'), Some(next)) => next.is_ascii_digit(),
        _ => false,
    };
    if !goes_on {
        found.push(Span::new(kind, rule, range));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut spans = Vec::new();
        find(text, &mut spans);
        super::super::span::settle(&mut spans);
        spans.iter().map(|span| &text[span.range.clone()]).collect()
    }

    #[test]
    fn finds_codes_that_are_announced() {
        for (text, code) in [
            ("482910 is your verification code", "482910"),
            ("G-482910 is your Google verification code.", "G-482910"),
            ("Your Acme verification code is 482910. Do not share it", "482910"),
            ("Your login code: 482-910", "482-910"),
            ("use 482910 to log in", "482910"),
            ("use 48-29-13 to log in", "48-29-13"),
            ("locker combo 12-34-56", "12-34-56"),
            ("the combo for my bike lock is 4829", "4829"),
            ("my locker's combination: 12 34 56", "12 34 56"),
            ("OTP 482910 for your payment", "482910"),
            ("ur otp is 4829", "4829"),
            ("the code is 4829", "4829"),
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
            ("cvv 123", "123"),
            ("its visa, CVC: 1234", "1234"),
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
            "write code for 2 hours",
            "i wrote code 3 days ago",
            "code 50% faster",
            "the code is at line 12:30",
            "code 2024",
            "code club on 12-05-26",
            "combo meal 12 please",
            "a combo of 3-4-5 hits",
            "see you in code club at 1800.5",
            "tan 2 m",
            "its about 3000 to confirm",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
