//! What the neighbourhood of a run of digits says about it.

use std::cell::OnceCell;
use std::sync::LazyLock;

use regex::Regex;

use super::candidate::Candidate;
use crate::redact::numbers::is_year;
use crate::redact::{nearby, pattern};

/// How far back a word can announce a number, in bytes.
const REACH: usize = 48;

/// How far back a link may begin.
const LINK_REACH: usize = 256;

// Where a word ends is said by what is in none: `\b` would have these looked for by the slowest engine in all texts that are not ASCII.

/// Words that announce a phone number.
static CALLING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        (?-i:^|\P{L})(?: call(?:ing|ed)? | phone | fone | tel | telephone | telefone | telefono | teléfono | cel | celular | hp | h/p
          | hand\s?phone | mob | mobile | cell | sms | msg | txt | text | ring | fax | whats\s?app | contact | dial | reach
          | ll[aá]m[aáeé](?:me|lo|la|le|r|nos)? | telefon | telefoon | téléphone | telefonnummer | tlf | tlfn | mobil | mobiel | móvil | movil | puh | puhelin | тел | телефон
          | fixo | fijo | festnetz | num | number | nummer | numer | номер | nr | nos? | numero | número | helpline | hotline | landline | ph | wa | zap | wpp | wsp | viber | fon | handy | pager
          | answering\ at | got\ a\ missed )
        (?-i: [^\p{L}\p{N}_] | $ )
        | 电话 | 手机 | 号码 | 联系 | 電話 | 手機 | 传真 | फ़ोन | फोन | नंबर",
    )
    .expect("the pattern is constant")
});

/// The same words glued to the number.
static CALLING_WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:tel|hp|h/p|phone|fone|call|whatsapp|mobile|mob|no|sms|cell|ph|fax|text|txt|num|number|contact|me|is|at|on|to|ring|number['’]?s|testdata)$")
        .expect("the pattern is constant")
});

/// Words before a number that is something else.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        (?-i: ^ | [^\p{L}\p{N}_] ) (?: card | account | acct | acc | a/c | conta | bank | order | po \s? \# | consignment | docket | ref(?:erence)? | invoice | ticket | tracking | serial | isbn (?: -1[03] )? | sku | issn
          | pin | otp | policy | booking | case | bug | issue | pr | commit | version | build | rev | id | uid | gid | uuid | guid
          | passport | nric | ssn | licen[cs]e | reg | iban | routing | sort\ code | timestamp | epoch | hash | port | zip | zipcode
          | postcode | postal | bestell(?:nummer|nr) | rechnungs? [\s-]? (?:nummer|nr) | re?g [.-]? \s? nr\.? | (?:kunden|auftrags|sendungs)(?:nummer|nr) | commande | facture | pedido | factura | encomenda | fatura
          | ordine | fattura | zamówieni[ea] )
        (?: \s (?: number | num | no\.? | nr\.? | n[°º] | code | bancária | is | número | numero ) )* \s* [:\#=]? \s* $
        | (?-i: ^ | [^\p{L}\p{N}_] ) (?: awb | (?: air \s? )? way \s? bill | upc | ean | gtin | bar \s? code ) (?: \s (?: number | num | no\.? | nr\.? | is ) )? [\s:\#]* (?: \d{1,3} [\s-]? )? $
        | (?: 주문 | 송장 | 운송장 ) \s? 번호 [는은]? \s* [:\#=]? \s* $ | (?: 订单 | 訂單 | 运单 | 快递单 | 物流单 ) [号號] 码? [是:：]? \s* $ | (?: 注文 | 伝票 | お問い合わせ | 追跡 ) 番号 [は:：]? \s* $",
    )
    .expect("the pattern is constant")
});

/// Words before places in a game and numbers that are drawn.
static OF_GAMES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi) (?-i: ^ | [^\p{L}\p{N}_] ) (?: coord(?:inate)?s | tp\ to | powerball | lotto | loto | lottery | euromillions? | picks ) (?: \s (?: number | is | are | was | were ) )* \s* [:=]? \s* $",
    )
    .expect("the pattern is constant")
});

/// Units and currency words right behind a number.
static MEASURED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)^\s?(?: [%°$€£¥₹₭] | (?: km | cm | mm | kg | g | lbs? | mb | gb | kb | tb | ms | secs? | seconds | mins? | minutes | hrs? | hours | days | weeks
          | months | years | yrs | miles | meters | metres | dollars | pounds | euros | rupees | yen | won | usd | eur | gbp | sgd | million | billion
          | trillion | thousand | lakh | crore | people | users | rows | bytes | times | am | pm | a\.m | p\.m ) (?-i: [^\p{L}\p{N}_] | $ ) )",
    )
    .expect("the pattern is constant")
});

/// A price per minute, an hour or kisses glued to a number.
static PRICED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^(?:p|am|pm|xx?)(?:[^a-z0-9]|$)").expect("the pattern is constant"));

/// What a number is for, behind a hyphen: "202-555-0142-Office".
static USED_FOR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^-(?:office|fax|home|work|mobile|mob|cell|desk|tel|phone|main|direct|landline|private|hp)(?:[^a-z0-9]|$)",
    )
    .expect("the pattern is constant")
});

/// Words behind a number that say whose phone it is.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)^ \s? (?: is | was | = | - | , ) \s? (?: my | her | his | our | their | your | the ) \s (?: new | old | home | house | work | office | other | cell | mobile | main \s )*
          (?: \s? (?: phone | cell | mobile | number | landline | fax | cellphone ) )+ (?-u:\b)",
    )
    .expect("the pattern is constant")
});

/// Whether a word at the end of `before` announces a phone number.
pub(super) fn announces(before: &str) -> bool {
    CALLING.is_match(nearby::words_before(before, REACH))
}

/// Whether `after` begins with a unit.
pub(super) fn measures(after: &str) -> bool {
    MEASURED.is_match(after) || is_share(after)
}

/// "…,5127%"
fn is_share(after: &str) -> bool {
    after.strip_prefix(',').is_some_and(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('%'))
}

/// Whether a link that dials what follows ends `before`.
fn dials(before: &str) -> bool {
    const LINKS: [&str; 12] = [
        "wa.me/",
        "phone=",
        "tel=",
        "tel:",
        "tel://",
        "number=",
        "facetime:",
        "facetime://",
        "facetime-audio://",
        "sms:",
        "callto:",
        "t.me/+",
    ];
    let before = before.trim_end_matches('+').as_bytes();
    LINKS.iter().any(|link| {
        let start = before.len().checked_sub(link.len());
        start.is_some_and(|start| before[start..].eq_ignore_ascii_case(link.as_bytes()))
    })
}

/// The neighbourhood of one candidate.
pub(super) struct Context<'a> {
    before: &'a str,
    /// `before`, from its first whole word on.
    words: &'a str,
    after: &'a str,
    candidate: &'a Candidate<'a>,
    calling: OnceCell<bool>,
}

impl<'a> Context<'a> {
    pub fn around(candidate: &'a Candidate<'a>) -> Self {
        let (before, rest) = candidate.text.split_at(candidate.range.start);
        let after = &rest[candidate.range.len()..];
        Self {
            before: nearby::end_of(before, REACH),
            words: nearby::words_before(before, REACH),
            after,
            candidate,
            calling: OnceCell::new(),
        }
    }

    /// Whether a word before it announces a phone number.
    pub fn calling(&self) -> bool {
        *self.calling.get_or_init(|| CALLING.is_match(self.words))
    }

    /// Whether the words behind it do: "5550142 is my home phone".
    pub fn called(&self) -> bool {
        CALLED.is_match(self.after)
    }

    /// Whether a unit follows.
    pub fn measured(&self) -> bool {
        measures(self.after)
    }

    /// Whether the neighbours make it something else, whatever its shape: part of a word, a link, a
    /// calculation, a sum of money, a counted thing.
    pub fn rules_out(&self) -> bool {
        self.is_glued_before()
            || self.is_glued_after()
            || self.is_in_a_link()
            || self.is_money_or_measure()
            || self.is_a_named_number()
            || self.ends_below_zero()
            || self.is_of_a_game()
            || self.is_of_a_program()
    }

    /// Whether an ISBN stands here, whatever its groups.
    pub fn is_a_book(&self) -> bool {
        pattern::contains(nearby::end_of(self.before, 12), "isbn")
    }

    pub fn hash_before(&self) -> bool {
        self.before.ends_with('#')
    }

    fn is_glued_before(&self) -> bool {
        let Some(previous) = self.before.chars().next_back() else { return false };
        let earlier = &self.before[..self.before.len() - previous.len_utf8()];
        if matches!(previous, '/' | '=' | ':') && dials(self.before) {
            return false;
        }
        let word = earlier.rsplit(char::is_whitespace).next().unwrap_or("");
        let grouped = self.candidate.groups.len() > 1;
        match previous {
            // "@447700900123": whom a chat's program names by the number.
            '@' => !(word.is_empty() && !grouped && (10..=13).contains(&self.candidate.digits.len())),
            '_' | '*' | '^' | '\\' | '%' => true,
            // "x=2025550142" is a value; "cell=202-555-0142" and "Jo <2025550142>" are numbers.
            '=' => !grouped && !self.calling() && !self.is_trunked(),
            '<' => !grouped && !self.after.starts_with('>'),
            '&' => !grouped,
            // "-77.03", "91a-677-0060"; but "number-202 555 0142".
            // "UA-12345678" is a code; "TEL-…" is not.
            '-' if word.is_empty() => !self.is_trunked(),
            '-' => {
                let short = word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_uppercase());
                word.contains(|c: char| c.is_ascii_digit()) || short && !CALLING_WORD.is_match(word)
            }
            // "0.0000012", "12:30", but "jo,35,07700900123"
            '.' | ':' | ',' => {
                let apart = previous != '.' && (self.is_trunked() || self.candidate.lead().starts_with('('));
                earlier.ends_with(|c: char| c.is_ascii_digit()) && !self.candidate.has_plus() && !apart
            }
            // "45+31-339243873"
            c if c.is_ascii_digit() => true,
            // "tel5550142" is a missing space, "jo(07700900123)" as well; "s666666666" is not.
            c if c.is_ascii_alphabetic() => {
                let bracketed = self.candidate.lead().starts_with('(') && (grouped || self.is_trunked());
                !bracketed && !CALLING_WORD.is_match(self.before)
            }
            _ => false,
        }
    }

    fn is_glued_after(&self) -> bool {
        let after = self.after;
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let next = after.chars().next();
        // A word glued to a number ("0845…over18") is a missing space; one or two letters make a code.
        // "0770090012310p a min"
        let whole = self.is_trunked();
        let priced = || whole && self.candidate.groups.len() == 1 && PRICED.is_match(after);
        let code = (1..3).contains(&letters) && !self.candidate.has_plus() && !priced();
        let hex = after.starts_with('-')
            && after[1..].starts_with(|c: char| c.is_ascii_alphanumeric())
            && !USED_FOR.is_match(after);
        // "02025550142.2stop" is a missing space.
        let fraction = !whole && after.starts_with('.') && after[1..].starts_with(|c: char| c.is_ascii_digit());
        // The hour of "10:30", the day of "12/05/2026".
        let timed = self.candidate.groups.len() > 1
            && self.candidate.lengths.last().is_some_and(|length| *length <= 2)
            && after.starts_with([':', '/'])
            && after[1..].starts_with(|c: char| c.is_ascii_digit());
        code || hex
            || timed
            || fraction
            || next.is_some_and(|c| matches!(c, '_' | '@' | '*' | '=' | '^' | '\\') || c.is_numeric())
    }

    /// Numbers with a trunk zero are seldom anything else.
    fn is_trunked(&self) -> bool {
        self.candidate.digits.len() >= 10 && self.candidate.digits.starts_with('0')
    }

    fn is_in_a_link(&self) -> bool {
        // Links are long.
        let before = nearby::end_of(&self.candidate.text[..self.candidate.range.start], LINK_REACH);
        let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
        let linked = word.contains("://") || word.contains("www.") || (word.contains('/') && word.contains('.'));
        linked && !dials(word)
    }

    /// "1204 64 -388" are coordinates; "0176 -12345678" is a phone.
    fn ends_below_zero(&self) -> bool {
        let candidate = self.candidate;
        let last = candidate.groups.len() - 1;
        last > 0
            && candidate.separator(last - 1) == " -"
            && candidate.group(last).len() <= 3
            && !candidate.digits.starts_with('0')
            && !candidate.has_plus()
            && !self.calling()
    }

    /// Whether it is of a game, and in groups as no phone is written in.
    fn is_of_a_game(&self) -> bool {
        let lengths = &self.candidate.lengths;
        let short = lengths.iter().all(|length| *length <= 4) && lengths.last().is_some_and(|last| *last <= 3);
        short && lengths.len() > 2 && !self.candidate.has_plus() && OF_GAMES.is_match(self.words)
    }

    /// Whether a program wrote or reads it: `'(10 200 3000)`, "main.rkt> 0 28187 355))", "00 21 00 48 5C E1", "100   314  100   314    0".
    fn is_of_a_program(&self) -> bool {
        let (candidate, after) = (self.candidate, self.after);
        if candidate.groups.len() < 2 || candidate.has_plus() || self.calling() {
            return false;
        }
        // "he said '(202) 555-0142' or '(020 7946 0958)'"
        let quoted = candidate.lead().starts_with('(')
            && self.before.ends_with(['\'', '`'])
            && after.starts_with(')')
            && !after[1..].starts_with(['\'', '`']);
        // "07700 900123))" smiles.
        let line = self.before.rsplit('\n').next().unwrap_or_default();
        let prompted =
            || line.split_once("> ").is_some_and(|(prompt, _)| prompt.ends_with(|c: char| c.is_alphanumeric()));
        let behind = after.trim_start_matches(' ').trim_start_matches(|c: char| c.is_ascii_digit());
        let nested = behind.starts_with("))") && prompted();
        // "06 12 34 56 78 2e étage"
        let byte = |next: &str| next.len() == 2 && next.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mut next = after.strip_prefix(' ').into_iter().flat_map(|next| next.split(' '));
        let dumped = candidate.lengths.iter().all(|&length| length == 2)
            && next.next().is_some_and(|next| byte(next) && next.contains(|c: char| c.is_ascii_alphabetic()))
            && next.next().is_some_and(byte);
        let wide = candidate.separators().any(|separator| separator.len() > 2 && separator.trim().is_empty());
        let column = wide && after.starts_with("  ") && after.trim_start().starts_with(|c: char| c.is_ascii_digit());
        quoted || nested || dumped || column
    }

    fn is_money_or_measure(&self) -> bool {
        // "2019 45000 miles"
        let dated = || self.candidate.lengths == [4, 5] && is_year(self.candidate.group(0)) && self.measured();
        let before = self.before.trim_end();
        if before.ends_with(['$', '£', '€', '¥', '₹', '₭']) || before.to_ascii_lowercase().ends_with("rs.") {
            return true;
        }
        let last = self.candidate.groups.len() - 1;
        let lone = last == 0 && !self.candidate.has_plus() && !self.candidate.digits.starts_with('0');
        let small = last > 0 && self.candidate.group(last).len() <= 3;
        (lone || small) && measures(self.after) && (small || !self.calling()) || dated()
    }

    fn is_a_named_number(&self) -> bool {
        !self.candidate.has_plus() && COUNTED.is_match(self.words) && !self.is_written_to_dial()
    }

    /// "(202) 555-0142", "020 7946 0958": an area code in brackets or behind its zero, as nothing else is written: "booking: …", "the bank …".
    fn is_written_to_dial(&self) -> bool {
        let candidate = self.candidate;
        let bracketed = || candidate.lead().ends_with('(') && candidate.separator(0).starts_with(')');
        let trunk = candidate.digits.starts_with('0') && candidate.lengths[0] >= 3;
        candidate.groups.len() > 1 && (10..=11).contains(&candidate.digits.len()) && (trunk || bracketed())
    }
}
