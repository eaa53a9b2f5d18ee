//! Bank accounts in their country's own form, which carry no check that tells them from other numbers: a word announces them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern::Pattern;
use super::{PiiKind, Span, one_time_code, pattern};

/// "number", "is" and their like.
const LINK: &str = r"(?: [\s:=\#.(–—-]+ | (?: numbers? | num | no | nr | n | n[°ºo] | número | numero | numéro | nummer | numarası | numaram | code | is | es | est | ist | è | é | är | er | to | jest | номер ) (?: [\s:=\#.]+ )
    | 是 | は | 号码? | 番号 | 번호 )*";

/// Words for an account.
const ACCOUNT: &str = r"(?: account | acct | acc | a/c | bank\x20account | (?: (?: nr | numer ) \x20 )? kont(?: o (?: nummer | nr | nummeret )? | a ) | (?: nr | numer ) \x20 rachunku | rachun(?: ek | ku ) \x20 bankow(?: y | ego ) | (?: bank )? számlaszám (?: om | unk )? | bankgiro | plusgiro | posb | kto | khata | conta (?: \x20corrente | \x20poupança )? | cuenta (?: \x20[a-záéíóú]+ )? | cta | conto (?: \x20corrente )?
    | (?: no\.? \x20 )? rek (?: ening )? (?: nummer )? (?: \x20 (?: bca | bni | bri | btn | cimb | mandiri | permata ) )? | (?: s[ốo] \x20 )? t[àa]i \x20 kho[ảa]n | bca | bni | bri | mandiri | stk | compte (?: \x20bancaire )? | hesap | iban )";

/// The same in scripts whose words need no borders.
const FOREIGN: &str = "(?: сч[её]т(?:а|у)? | р/с | 口座(?:番号)? | 계좌(?:번호)? | 账号 | 帐号 | 賬號 | 帳號 | رقم\\x20الحساب | الحساب | شماره\\x20حساب )";

/// Numbers that identify a bank's branch or account only under their own names, with their lengths.
const NAMED: [(&str, &str); 12] = [
    (r"sort [-\x20]? codes?", r"\d{2} [-\x20]? \d{2} [-\x20]? \d{2}"),
    (r"sort | s \x20? code | s/?c", r"\d{2}-\d{2}-\d{2}"),
    (r"routing | rtng | rt | aba | rtn | micr", r"\d{9}"),
    (r"bsb", r"\d{3} [-\x20]? \d{3}"),
    (r"blz | bankleitzahl", r"\d{3} \x20? \d{3} \x20? \d{2}"),
    (r"clabe (?: \x20 interbancaria )?", r"\d{3} \x20? \d{3} \x20? \d{11} \x20? \d | \d{18}"),
    (r"cbu | cvu", r"\d{22}"),
    (r"cci", r"\d{3} [-\x20]? \d{3} [-\x20]? \d{12} [-\x20]? \d{2}"),
    (r"เลข(?:ที่)?บัญชี", r"\d{3} -? \d -? \d{5} -? \d"),
    (r"transit", r"\d{5} (?: -\d{3} )?"),
    (r"ifsc", r"[A-Z]{4} 0 [A-Z0-9]{6}"),
    (r"rib", r"\d{5} \x20? \d{5} \x20? [A-Z0-9]{11} \x20? \d{2}"),
];

static BANK: Pattern = Pattern::new(|| {
    let named: Vec<String> =
        NAMED.iter().map(|(words, form)| format!("(?: {words} ) (?: [\\s:=\\#]|code )* {LINK} (?: {form} )")).collect();
    format!(r"(?xi) (?: ^ | [^\p{{L}}\p{{N}}] ) (?P<all> {} ) (?: [^\p{{L}}\p{{N}}_] | $ )", named.join(" | "))
});

/// "acc 12345678", "kontonummer 12 345 678".
static NUMBER: Pattern = Pattern::new(|| {
    format!(
        r"(?xi) (?: (?: ^ | [^\p{{L}}\p{{N}}] ) (?P<noun> {ACCOUNT} ) (?P<link> {LINK} ) | {FOREIGN} {LINK} )
          (?P<value> \d{{2,}} (?: [\x20-] \d{{2,}} ){{0,6}} (?: -[0-9X] )? )"
    )
});

/// "sort 123456 acc 12345678", as in Britain.
static SORTED: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}\p{N}] ) (?: sort | s/?c ) [\s:]* (?P<branch> \d{2} [-\x20]? \d{2} [-\x20]? \d{2} ) [\s,/;&]+ (?: and \x20 )? (?: account | acct | acc | ac | a/c ) [\s:a-z.(\#]* (?P<value> \d{7,8} )".to_owned()
});

/// "ag 1234 cc 12345-6", as in Brazil, or the other way round.
static BRANCH: Pattern = Pattern::new(|| {
    const BRANCH: &str = r"ag (?: [eê]n (?: cia | c\.? ) )? \.? [\s:]* (?: é \s )? (?P<branch> \d{4} (?: -\d )? )";
    const ACCOUNT: &str = r"(?: conta (?: \x20corrente | \x20poupança )? | c/?c | c/?p ) [\s:.]* (?: é \s )? (?P<value> \d{4,12} (?: -?[0-9X] )? )";
    let turned = format!("{ACCOUNT} [\\s,/;:e]+ {BRANCH}").replace("branch>", "branch2>").replace("value>", "value2>");
    format!(r"(?xi) (?: ^ | [^\p{{L}}\p{{N}}] ) (?: {BRANCH} [\s,/;:e]+ {ACCOUNT} | {turned} )")
});

/// "12-34-56 12345678": a British branch and account, which say what they are by their form.
static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9A-Za-z.-])(?P<branch>[0-9]{2}-[0-9]{2}-[0-9]{2})(?:\x20?[,/|\n]\x20?|\x20)(?:(?i:an|ac|acc|acct|a/c|account)(?:\x20(?i:no|num|number))?[.:]?\x20?)?(?P<value>[0-9]{8})(?:[^0-9A-Za-z-]|$)")
        .expect("the pattern is constant")
});

/// The same the other way round.
static TURNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9A-Za-z.-])(?P<value>[0-9]{8})(?:\x20?[,/|\n]\x20?|\x20)(?:(?i:sort|sc|s/c|sort\x20code)[:.]?\x20?)?(?P<branch>[0-9]{2}-[0-9]{2}-[0-9]{2})(?:[^0-9A-Za-z-]|$)")
        .expect("the pattern is constant")
});

/// "12-3456-7890123-00": an account of New Zealand, which nothing else is written like.
static GROUPED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9A-Za-z.-])(?P<value>[0-9]{2}-[0-9]{4}-[0-9]{7}-[0-9]{2,3})(?:[^0-9A-Za-z-]|$)")
        .expect("the pattern is constant")
});

/// "clearing 1234-5 konto 123 456 789", as in Sweden.
static CLEARING: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}\p{N}] ) clearing (?: \x20? (?: nummer | nr\.? | no\.? ) )? [\s:]* (?P<branch> \d{4} (?: -\d )? ) [\s,/;]+ (?: bank )? (?: konto (?: nummer | nr\.? )? | kto ) [\s:.]* (?P<value> \d [\d\x20-]{4,14} \d )".to_owned()
});

/// "alias luna.gato.sol": the name of an account in Argentina.
static ALIAS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[^a-z0-9_])alias(?:\x20(?:es|is|de\x20mp|mp|cbu|cvu))?[:\x20]{1,3}(?P<value>[a-z0-9-]{2,}\.[a-z0-9-]{2,}\.[a-z0-9-]{2,})(?:[^a-z0-9_/.-]|\.(?:\s|$)|$)")
        .expect("the pattern is constant")
});

/// "pix 7d9f0335-…": a key of Brazil's that is neither a phone nor an address.
static PIX: Pattern = Pattern::new(|| {
    r"(?xi) (?: ^ | [^\p{L}\p{N}] ) pix [^\n0-9]{0,24}? [\s:] (?P<value> [0-9a-f]{8} (?: -? [0-9a-f]{4} ){3} -? [0-9a-f]{12} )".to_owned()
});

/// The most digits with little between that a branch and its account have at the least.
pub(super) const PAIR_DIGITS: usize = 14;

/// Branches with their accounts that nothing announces.
pub(super) fn find_pairs(text: &str, found: &mut Vec<Span>) {
    // "20260115 18-30-45" is when a picture was taken.
    let turned = TURNED.captures_iter(text).filter(|captures| {
        !one_time_code::may_be_day(&captures["branch"]) && !one_time_code::is_date_by_year(&captures["value"])
    });
    for captures in PAIR.captures_iter(text).chain(turned) {
        let parts = ["branch", "value"].iter().filter_map(|part| captures.name(part));
        found.extend(parts.map(|part| Span::new(PiiKind::Iban, "iban/account", part.range())));
    }
    let grouped = GROUPED.captures_iter(text).filter_map(|captures| captures.name("value"));
    found.extend(grouped.map(|value| Span::new(PiiKind::Iban, "iban/account", value.range())));
}

/// The names that accounts have in Argentina.
pub(super) fn find_aliases(text: &str, found: &mut Vec<Span>) {
    if pattern::contains(text, "alias") {
        let aliases = ALIAS.captures_iter(text).filter_map(|captures| captures.name("value"));
        let named = aliases.filter(|alias| (6..=20).contains(&alias.len()) && !is_host(alias.as_str()));
        found.extend(named.map(|alias| Span::new(PiiKind::Iban, "iban/alias", alias.range())));
    }
}

/// "www.example.com", "cdn.example.net"
fn is_host(alias: &str) -> bool {
    const ENDINGS: [&str; 12] =
        ["com", "net", "org", "io", "dev", "app", "local", "internal", "lan", "ar", "edu", "gov"];
    let ending = alias.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    alias.starts_with("www") || ENDINGS.contains(&ending.as_str())
}

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    let mut push = |rule, range: Range<usize>| found.push(Span::new(PiiKind::Iban, rule, range));
    let (bank, mut at, mut banked) = (BANK.of(text), 0, false);
    while let Some(named) = bank.captures_at(text, at).and_then(|captures| captures.name("all")) {
        (at, banked) = (named.end(), true);
        push("iban/bank", value(named.as_str(), named.start()));
    }
    for captures in NUMBER.of(text).captures_iter(text) {
        let Some(number) = captures.name("value") else { continue };
        let link = captures.name("link").map_or(":", |link| link.as_str().trim());
        // Beside its bank's number none is a sum.
        let round = number.as_str().ends_with("000") && !number.as_str().contains('-') && !banked;
        if !round && is_account(number.as_str(), &text[number.end()..], banked || !link.is_empty()) {
            push("iban/account", number.range());
        }
    }
    for key in PIX.of(text).captures_iter(text).filter_map(|captures| captures.name("value")) {
        push("iban/account", key.range());
    }
    if pattern::contains(text, "clearing") {
        for captures in CLEARING.of(text).captures_iter(text) {
            for part in ["branch", "value"].iter().filter_map(|part| captures.name(part)) {
                push("iban/account", part.range());
            }
        }
    }
    for captures in BRANCH.of(text).captures_iter(text).chain(SORTED.of(text).captures_iter(text)) {
        for part in ["branch", "value", "branch2", "value2"].iter().filter_map(|part| captures.name(part)) {
            push("iban/account", part.range());
        }
    }
}

/// The end of `named`, which starts at `start`, from its number on.
fn value(named: &str, start: usize) -> Range<usize> {
    let is_code =
        |word: &str| word.len() == 11 && word.as_bytes()[4] == b'0' && word.bytes().any(|byte| byte.is_ascii_digit());
    let last = named.trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len();
    let code = (last > 0 && is_code(&named[last..])).then_some(last);
    let digits = || named.find(char::is_numeric).unwrap_or(0);
    start + code.unwrap_or_else(digits)..start + named.len()
}

/// Six digits or more that are no fraction and nothing counted.
fn is_account(value: &str, after: &str, linked: bool) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let fraction =
        after.strip_prefix(['.', ',', ':', '/']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    (if linked { 6 } else { 7 }..=26).contains(&digits)
        && !fraction
        && !after.starts_with(|c: char| c.is_alphanumeric() && c.is_ascii() || c == '%')
        && !one_time_code::is_counted(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        let find = |text: &str, spans: &mut Vec<Span>| {
            find(text, spans);
            find_pairs(text, spans);
            find_aliases(text, spans);
        };
        found_by(find, text)
    }

    #[test]
    fn finds_accounts_that_are_announced() {
        for (text, values) in [
            ("sort code 12-34-56 account 12345678", &["12-34-56", "12345678"][..]),
            ("Sort code: 123456, acc no: 12345678", &["123456", "12345678"]),
            ("sort 12-34-56, account 12345678", &["12-34-56", "12345678"]),
            ("account 12345678 sort 12-34-56", &["12345678", "12-34-56"]),
            ("sort 123456 acc 12345678", &["123456", "12345678"]),
            ("sc: 12 34 56 acc no (12345678)", &["12 34 56", "12345678"]),
            ("account number (12345678)", &["12345678"]),
            ("conto corrente n. 123456789012", &["123456789012"]),
            ("routing number 123456789 acct 00123456", &["123456789", "00123456"]),
            ("a/c 12345678901 ifsc ABCD0123456", &["12345678901", "ABCD0123456"]),
            ("BSB 123-456 acc 123456789", &["123-456", "123456789"]),
            ("bsb 123-000 account 123456", &["123-000", "123456"]),
            // Found by fuzzing: a mark of several bytes before the digits.
            ("BSB٠36189, ok", &["٠36189"]),
            ("BLZ 123 456 78, Kontonummer 1234567", &["123 456 78", "1234567"]),
            ("clabe 012345678901234567", &["012345678901234567"]),
            ("mi cbu es 0123456789012345678901", &["0123456789012345678901"]),
            ("agência 1234 conta 12345-6", &["1234", "12345-6"]),
            ("ag 1234-5 cc 123456-7", &["1234-5", "123456-7"]),
            ("conta 12345-6 agência 1234", &["12345-6", "1234"]),
            ("acc no 12345678 s/c 12-34-56", &["12345678", "12-34-56"]),
            ("acct# 00123456 rt# 123456789", &["00123456", "123456789"]),
            ("口座番号は1234567", &["1234567"]),
            ("jo smith\n12-34-56\n12345678", &["12-34-56", "12345678"]),
            ("12-34-56 / 12345678", &["12-34-56", "12345678"]),
            ("12345678 / 40-34-56 thats me", &["12345678", "40-34-56"]),
            ("clearing 6000 konto 123 456 789", &["6000", "123 456 789"]),
            ("clearingnr 8105-9 kontonr 123 456 789-3", &["8105-9", "123 456 789-3"]),
            ("mi alias es luna.gato.sol", &["luna.gato.sol"]),
            ("alias: LUNA.GATO.MP.", &["LUNA.GATO.MP"]),
            ("sc 12-34-56 an 12345678", &["12-34-56", "12345678"]),
            ("konto 123450000 blz 12345678", &["123450000", "12345678"]),
            ("nr konta 12 3456 7890 1234 5678 9012 3456", &["12 3456 7890 1234 5678 9012 3456"]),
            ("khata number 12345678901", &["12345678901"]),
            ("rib 12345 67890 0123456A890 12", &["12345 67890 0123456A890 12"]),
            ("rek bca 1234567890 a/n jo", &["1234567890"]),
            ("số tài khoản 123456789", &["123456789"]),
            ("номер счета 40817810000000000001", &["40817810000000000001"]),
            ("cuenta bancaria 123456789012", &["123456789012"]),
            ("transit 12345 account 1234567", &["12345", "1234567"]),
            ("rek mandiri 1234567890123 a/n jo", &["1234567890123"]),
            ("bca 1234567890 an jo", &["1234567890"]),
            ("nr rachunku 12345678901234567890123456", &["12345678901234567890123456"]),
            ("számlaszám: 12345678-12345678", &["12345678-12345678"]),
            ("เลขบัญชี 123-4-56789-0", &["123-4-56789-0"]),
            ("számlaszám 12345678-12345678-00000000", &["12345678-12345678-00000000"]),
            ("bankgiro 1234-5678", &["1234-5678"]),
            ("cci 12345678901234567890", &["12345678901234567890"]),
            ("sc 123456 ac 12345678", &["123456", "12345678"]),
            ("its 12-3456-7890123-00 ok", &["12-3456-7890123-00"]),
            ("meu pix é 0a9f0335-8dcc-4054-9bf9-0dbd61d36906", &["0a9f0335-8dcc-4054-9bf9-0dbd61d36906"]),
        ] {
            assert_eq!(found(text), values, "{text:?}");
        }
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "my account has 1200000 followers",
            "account 3 of 4",
            "sort 1234567 records by name",
            "routing issue 12345",
            "a conta deu 123,45",
            "la cuenta son 45,50",
            "conto 150000 euro",
            "account balance 1234567.89",
            "konto 2500000",
            "iban please by 20:00",
            "bsb is short for 12 things",
            "mandei um pix de 120 reais",
            "a számla 12345678 ft",
            "rachunek 12345678",
            "12345678 05-11-26",
            "clearing 6000 emails today",
            "alias www.example.com",
            "set the dns alias cdn.example.net",
            "IMG 20260115 18-30-45.jpg",
            "backup 20260115 23-59-59",
            "alias mail.example.com/x",
            "bash alias gs. it works. ok",
            "12-3456-789012-00",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
