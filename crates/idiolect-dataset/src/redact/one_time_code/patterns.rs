//! What announces a code, and what it looks like.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use crate::redact::pattern::{Led, Pattern, searcher};

/// A code: digits, perhaps in groups or with a prefix ("G-482910"), or capitals mixed with digits.
const VALUE: &str = r"(?P<value> [0-9]{2} [\x20-] [0-9]{2} [\x20-] [0-9]{2} | (?:[A-Z]{1,3}-)? [0-9]{3,4} [\x20-] [0-9]{3,4} | (?:[A-Z]{1,3}-)? [0-9]{3,10} | (?-i: [A-Z]+ [0-9] [A-Z0-9]* | [0-9]+ [A-Z] [A-Z0-9]* ) )";

/// Words for a code.
const NOUN: &str = r"(?: one[-\x20]?time[-\x20](?:pass(?:word|code)?|pin|code) | pass\x20?codes? | (?: bestätigungs | sicherheits | zugangs | tür | verificatie | verifizierungs | einmal | haustür | freischalt | aktivierungs | deur | toegangs | engångs | engangs | port | dør | digi | poort | ovi | kapu | sms | inlog | beveiligings | bevestigings | activatie | anmelde | säkerhets | sikkerhets | sikkerheds | verifierings | bekräftelse | bekreftelses | bekræftelses )-?(?:codes?|k[oó]d(?:e|en|et)?|koodi(?:\x20on)?)
    | codes? | digit \x20 (?: thing | number | one | pin ) | verification (?: \x20 (?: number | no\.? | pin ) )? (?-u:\b) | blik[aiu]? | codul | otp | m?tan | 2fa | authenticator | clave \x20 (?: din[aá]mica | de \x20 (?: acceso | seguridad | verificaci[oó]n | un \x20 solo \x20 uso ) ) | c[oóÓ]digos? | codice | k[oó]d(?:e|en|et|u|em|y|unuz)? | [sşŞ]ifre(?:si|niz|miz|m)?
    | koodi(?:\x20on)? | κωδικός | код(?:ом|а|ы)? | mã | 验证码 | 校验码 | 驗證碼 | 动态码 | 確認コード | 認証コード | 認証番号 | 오토락 | 인증\x20?번호 | 인증\x20?코드 | 动态密码 | 密码 | 密碼 | 取件码 | 取货码 | 暗証番号 | パスコード | 비밀번호 | 비번 | (?:ال)?رمز | (?:ال)?كود | کد(?:\x20تایید)? | ה?קוד | कोड | ओटीपी | รหัส )";

/// Those of [`NOUN`] that say little in English, so that any words may follow them.
const FOREIGN: &str = r"(?: c[oóÓ]digo | codul | codice | k[oó]d(?:e|en|et|u|em|unuz)? | (?: engångs | port | dør )kod(?:e|en|et)? | [sşŞ]ifre(?:si|niz|miz|m)? | koodi | κωδικός | код(?:ом|а|ы)? | 验证码 | 校验码 | 驗證碼 | 动态码 | 確認コード | 認証コード | 인증\x20?번호 | 인증\x20?코드 | (?:ال)?رمز | (?:ال)?كود | ה?קוד | कोड | ओटीपी | รหัส )";

/// Words that put a code beyond doubt, whatever stands between it and the digits.
const SURE: &str = r"(?: verif\w* | security | log-?\x20?in | sign-?\x20?in | auth\w* | confirm\w* | access | activation | one[-\x20]?time | 2fa | mfa | (?:two|2)[-\x20]factor | steam | guard
    | reset | recovery | unlock | otp | m?tan | gate | door | alarm | entry | lock | safe | garage | building | google | whatsapp | telegram | signal | apple | facebook | instagram | paypal
    | pick-?\x20?up | collection | delivery | parcel | bestätigungs\w* | sicherheits\w* | best[aä]tigung )";

/// "is", "=", and their like. Word borders are ASCII's: with Unicode's the fast matcher gives up on other letters.
pub(super) const LINK: &str = r#"(?: [\s:=\#>»*"'“「【\[(：-] | ['’]s(?-u:\b) | is | was(?-u:\b) | are(?-u:\b) | its | it['’]s(?-u:\b) | es(?-u:\b) | est(?-u:\b) | ist(?-u:\b) | lautet(?-u:\b) | è | é | är(?-u:\b) | er(?-u:\b) | jest(?-u:\b) | je(?-u:\b) | là | c['’]?est(?-u:\b) | это | คือ | 是 | 为 | 為 | は | 는 | 은 | = )*"#;

/// How an answer to "what's the code?" begins.
const ANSWER: &str = r"(?: it['’]?s | it\x20is | (?: it | mine ) \x20 says | i \x20 (?: got | have | see ) | that['’]?s | yes | yea | yeah | yep | yup | ok | here | ja | s[ií] | sì | oui | sim | haan | han | да | evet | tak | c['’]?est | es | es\x20ist | é | è )";

/// Words around "code" that make it something harmless.
pub(super) static HARMLESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)(?: zip | post | postal | area | country | dial | dialling | dialing | error | status | exit | bar | qr | source | dress | discount | promo | promotion
          | voucher | coupon | colou?r | morse | tax | product | item | course | module | sort | swift | airport | return | response | http | hs | subject | class
          | gimkit | blooket | kahoot | jackbox | quizizz | referral | hex | build | machine | gr[ae]y | binary | cheat | trainer | friend | map | base | party | game | posta | rabatt | indirim
          | codigo\ postal | c[oó]digo\ postal ) [-\x20]? $",
    )
    .expect("the pattern is constant")
});

/// The same behind it: "código postal", "kod rabatowy".
pub(super) static HARMLESS_BEHIND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\x20?(?:[^\x20]{1,40}\x20)?(?:postal|promo|descuento|desconto|sconto|barr|rabat|pos(?-u:\b)|zniżk|znizk|pocztow|penal|fuente|fonte|civil|de la route|скидк|ошибки|региона|страны|erro)")
        .expect("the pattern is constant")
});

static CALLED: Pattern = Pattern::new(|| behind_border(NOUN));

/// How [`surely`] begins.
static SURELY: Pattern = Pattern::new(|| behind_border(&format!("(?: {} | {NOUN} )", SURE.replace(r"\w*", ""))));

/// What puts a code beyond doubt.
fn surely() -> String {
    format!(
        r"(?: {SURE} [-\x20]? (?:\w+[-\x20])? (?P<noun>{NOUN}) | (?P<of>{NOUN}) \x20 (?: verif\w* | weryfik\w* | potwierdz\w* | otp | whatsapp | xác \x20 (?:nhận|minh) | подтвержд\w* | підтвердж\w* | безопасн\w* | авториз\w* | активац\w* | доступа | входа ) | {NOUN} [-\x20] (?: (?:de|di|da|do|du|del|della|for|to|para|zur|zum|pour|per|till|til|fürs|für|zum|van|voor|von|vom|porte|immeuble|portail|wi-?fi) (?-u:\b) | entrée | d['’] ) [-\x20]?[^.!?\n0-9]{{0,24}}? | otp | m?tan | 2fa | mfa | (?:two|2)[-\x20]factor | authenticator
          | 验证码 | 校验码 | 驗證碼 | 动态码 | 確認コード | 認証コード | 인증\x20?번호 )"
    )
}

static VALUED: Pattern = Pattern::new(|| behind_border(VALUE));

static USING: Pattern = Pattern::new(|| behind_border(USE));

/// What somebody does with a code.
const USE: &str = "(?: use | enter | type | input | put | (?: punch | key | tap | type ) \\x20 in | (?: sent | texted ) \\x20 (?: me | u | you | us ) | verwende | utilise[rz]? | usa | ingresa | inserisci ) \\x20";

/// "code 4829", "code is: 4829".
static WEAK: Led = Led::new(&CALLED, || led(&format!(r"(?P<noun>{NOUN}) (?P<link>{LINK}) {VALUE}")));

/// "verification code for your account (do not share it) 4829".
static STRONG: Led = Led::new(&SURELY, || led(&format!(r"{} [^.!?\n0-9]{{0,40}}? (?P<link>{LINK}) {VALUE}", surely())));

/// "482910 is your verification code", "G-482910 ist dein Code", "482910 <- thats the code".
static FIRST: Led = Led::new(&VALUED, || {
    led(&format!(
        r"{VALUE} (?: \x20 (?: (?:is|ist|es|est|är|er|jest|to|as) (?-u:\b) | è | é ) | \x20?(?:это|是|为|は|-) | \x20? [,(<←👈⬅-]+ \x{{fe0f}}? \x20? (?: that['’]?s | this\x20is | is | the | your | ur | c['’]?est | das\x20ist | es | es\x20el ) (?-u:\b) | \x20? (?: <-+ | ← ) | \x20 (?: that['’]?s | this \x20 is | its | it['’]s ) (?-u:\b) | [\x20.…,!]+ is \x20 (?: that | this | it ) (?-u:\b) )
          [^.!?\n0-9]{{0,40}}? (?P<noun>{NOUN})"
    ))
});

/// "482910 验证码", "482910 otp".
static BESIDE: Led = Led::new(&VALUED, || {
    led(&format!(
        r"{VALUE} \x20? (?P<noun> 验证码 | 校验码 | 驗證碼 | 动态码 | 認証コード | 確認コード | 인증\x20?번호 | 인증\x20?코드 | (?: otp | (?: login | verification | security | 2fa | sms ) \x20 code ) (?-u:\b) )"
    ))
});

/// "got a text from the bank 482917", "j'ai reçu 482917 c'est bon?".
static RECEIVED: Led = Led::new(&RECEIVING, || {
    led(&format!(r"(?: {RECEIVE} ) [\x20:]+ (?P<value> [0-9]{{6}} | [0-9]{{3}} [\x20-] [0-9]{{3}} )"))
});

static RECEIVING: Pattern = Pattern::new(|| behind_border(&format!("(?: {RECEIVE} )")));

/// How somebody says that a code came.
const RECEIVE: &str = "(?: sent \\x20 (?: me | u | you | us ) | (?: texted | emailed ) (?: \\x20 (?: me | u | you | us ) )? ) | got \\x20 (?: an? \\x20 )? (?: text | txt | sms ) (?: \\x20 from \\x20 [a-z]+ )? | me \\x20 lleg[oó]
    | j['’]?ai \\x20 reçu | recebi | mi \\x20 è \\x20 arrivato | recibí
    | (?: google | microsoft | apple | amazon | whats\\x20?app | insta (?:gram)? | facebook | fb | discord | telegram | steam | netflix | paypal | venmo | text | txt | sms ) \\x20 says
    | what \\x20 (?: they | google | netflix | amazon | paypal | (?: the | my ) \\x20 bank ) \\x20 sent | (?: text | txt | sms ) \\x20 from \\x20 (?: (?: the | my | ur ) \\x20 )? [a-z]+";

/// "they texted me 48291 is that it", "482910 is the one from the bank".
static THE_ONE: Led = Led::new(&VALUED, || {
    led(&format!(
        r"(?P<value> [0-9]{{3}} [\x20-] [0-9]{{3}} | [0-9]{{4,8}} ) [\x20,]* (?: {IS_THAT} \x20 (?: the \x20 (?: one | code ) | it ) | {IS} \x20 the \x20 one ) (?-u:\b)",
        IS_THAT = r"is \x20 (?: that | this | it )",
        IS = r"(?: is | that['’]?s | (?: is \x20)? that )",
    ))
});

/// "use 482910 to log in", "use 48-29-13 to log in".
static USED: Led = Led::new(&USING, || {
    led(&format!(
        r"{USE} {VALUE} \x20 (?: to | as | for | when | if | where | once | in | into | um | als | pour | para | per | como )
          \x20 [^.!?\n0-9]{{0,40}}? (?: {NOUN} | log | sign | asks | prompted | verif | v[eé]rif | confirm | authenti | access | reset | an(?:zu)?meld | iniciar | acced )"
    ))
});

/// "did u get the code? its 4829", "the code from the text\n482910".
static ANSWERED: Led = Led::new(&CALLED, || {
    led(&format!(
        r"(?P<noun>{NOUN}) (?: [^\n0-9]{{0,40}}? [?!.…,]+ \s* (?: (?P<answer>{ANSWER}) (?: [\s,:] | it['’]?s(?-u:\b) )+ )? | [^\n0-9]{{0,40}} [\n]+ (?: (?P<then>{ANSWER}) [\s,:]+ )? ) (?P<value> [0-9]{{3}} [\x20-] [0-9]{{3}} | [0-9]{{4,8}} )"
    ))
});

/// "código de la reja: 4829", "kod do bramki 4829".
static OTHER: Led =
    Led::new(&CALLED, || led(&format!(r"(?P<noun>{FOREIGN}) [^.!?\n0-9,]{{1,32}}? (?P<link>{LINK}) {VALUE}")));

/// "OTP for your payment of Rs 2,450.00 at ACME is 482910", as banks write.
static BANK: Led = Led::new(&SURELY, || {
    led(
        r"(?: otp | one[-\x20]?time[-\x20]?pass\w* | (?: verification | security | auth\w* ) \x20 code ) (?-u:\b) [^\n]{1,120}? \x20 is :? \x20 (?P<value> [0-9]{6,8} )",
    )
});

/// What a match needs beside its form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    Nothing,
    /// A word that answers, unless the value stands out.
    Answer,
    /// "is" or its like before the value, or the end of the sentence behind it.
    LinkOrEnd,
    /// A number that is no sum.
    NotRound,
    /// Six digits, or what somebody was sent.
    SixOrSent,
    /// "is" or its like before a value with letters.
    LinkIfOdd,
}

/// A pattern, with words of which one, or a letter that is not ASCII, is in every match.
pub(super) static RULES: &[(&Led, &[&str], &str, Needs)] = &[
    (&STRONG, &NOUNS, "one_time_code/announced", Needs::Nothing),
    (&BANK, &["otp", "code", "pass"], "one_time_code/announced", Needs::Nothing),
    (&FIRST, &NOUNS, "one_time_code/value_first", Needs::Nothing),
    (&BESIDE, &["otp", "code"], "one_time_code/value_first", Needs::Nothing),
    (
        &RECEIVED,
        &["sent", "texted", "emailed", "text", "txt", "sms", "says", "me lleg", "recebi"],
        "one_time_code/received",
        Needs::NotRound,
    ),
    (&THE_ONE, &["the one", "is that it", "is this it", "the code"], "one_time_code/value_first", Needs::SixOrSent),
    (
        &USED,
        &[
            "use",
            "enter",
            "type",
            "put",
            "punch",
            "key in",
            "tap in",
            "sent",
            "text",
            "verwende",
            "utilise",
            "usa",
            "ingresa",
            "inserisci",
        ],
        "one_time_code/used",
        Needs::Nothing,
    ),
    (&ANSWERED, &NOUNS, "one_time_code/answered", Needs::Answer),
    (&OTHER, &["digo", "codice", "codul", "kod", "ifre", "koodi"], "one_time_code/named", Needs::LinkOrEnd),
    (&WEAK, &NOUNS, "one_time_code/named", Needs::LinkIfOdd),
];

/// Parts of [`NOUN`] and of what else [`surely`] is, one of which each of them has in ASCII.
const NOUNS: [&str; 16] = [
    "cod", "kod", "kood", "pass", "pin", "digit", "verif", "blik", "otp", "tan", "2fa", "mfa", "factor", "authent",
    "clave", "ifre",
];

/// Which of [`RULES`] may find something in `text`, if its letters are ASCII's, each a bit.
pub(super) fn spoken_of(text: &str) -> u16 {
    static WORDS: LazyLock<(AhoCorasick, Vec<u16>)> = LazyLock::new(|| {
        let words =
            RULES.iter().enumerate().flat_map(|(place, (_, words, ..))| words.iter().map(move |word| (*word, place)));
        (searcher(words.clone().map(|(word, _)| word)), words.map(|(_, place)| 1 << place).collect())
    });
    let (searcher, rules) = &*WORDS;
    searcher.find_overlapping_iter(text).fold(0, |spoken, word| spoken | rules[word.pattern().as_usize()])
}

/// WhatsApp's link that holds the code once more, and Google's form, which nothing else has.
pub(super) static VERIFIED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i:v\.whatsapp\.com/)(?P<value>[0-9]{6})|\b(?P<google>[Gg]-[0-9]{6})\b")
        .expect("the pattern is constant")
});

/// Where a parcel lies, as its message in China says: "取件码 8-3-2041".
pub(super) static PARCEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[取提]货?件?码[^0-9\n]{0,8}(?P<value>[0-9]{1,2}-[0-9]{1,2}-[0-9]{3,5})")
        .expect("the pattern is constant")
});

const BORDER: &str = r"(?: ^ | [^\p{L}\p{N}_] | [\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}] )";

pub(super) fn behind_border(body: &str) -> String {
    format!("(?xi) {BORDER} {body}")
}

/// As [`behind_border`], for a [`Led`].
fn led(body: &str) -> String {
    format!("(?xi) ^ {BORDER} {body}")
}
