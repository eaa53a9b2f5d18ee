//! Asia, Africa and Oceania.

use super::super::checks::{luhn, verhoeff, weighted};
use super::{Id, always, digits, is_day, number};

pub(super) const IDS: &[Id] = &[
    Id {
        rule: "national_id/in_aadhaar",
        form: r"[2-9]\d{3}[\x20-]?\d{4}[\x20-]?\d{4}",
        announced_by: Some(r"a+dh?a+r(?:\x20card)?(?:\x20(?:number|no\.?))?|uidai|uid|आधार"),
        check: |id| verhoeff(&digits(id)),
    },
    // The fourth letter says what the holder is: P is a person.
    Id { rule: "national_id/in_pan", form: r"[A-Z]{5}\d{4}[A-Z]", announced_by: None, check: |id| id[3] == b'P' },
    Id { rule: "national_id/sg_nric", form: r"[STFGM]\d{7}[A-Z]", announced_by: None, check: nric },
    Id {
        rule: "national_id/cn_resident_id",
        form: r"[1-8]\d{5}(?:18|19|20)\d{2}\d{4}\d{3}[0-9X]",
        announced_by: None,
        check: |id| {
            const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
            let sum = weighted(&digits(&id[..17]), &WEIGHTS);
            is_day(number(id, 10, 12), number(id, 12, 14)) && b"10X98765432"[(sum % 11) as usize] == id[17]
        },
    },
    Id {
        rule: "national_id/tw_id",
        form: r"[A-Z][1289]\d{8}",
        announced_by: None,
        check: |id| {
            // The letters' two-digit codes are not in the alphabet's order.
            const CODES: [u32; 26] = [
                10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33,
            ];
            let code = CODES[usize::from(id[0] - b'A')];
            let digits = digits(&id[1..]);
            (code / 10 + code % 10 * 9 + weighted(&digits, &[8, 7, 6, 5, 4, 3, 2, 1, 1])).is_multiple_of(10)
        },
    },
    Id { rule: "national_id/hk_id", form: r"[A-Z]{1,2}\d{6}\x20?\([0-9A]\)", announced_by: None, check: hong_kong },
    Id {
        rule: "national_id/kr_rrn",
        form: r"\d{6}-[1-8]\d{6}",
        announced_by: None,
        check: |id| is_day(number(id, 2, 4), number(id, 4, 6)),
    },
    Id {
        rule: "national_id/jp_my_number",
        form: r"\d{4}[\x20-]?\d{4}[\x20-]?\d{4}",
        announced_by: Some(r"my\x20?number|マイナンバー|個人番号"),
        check: |id| {
            let digits = digits(id);
            let rest = weighted(&digits[..11], &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
            (if rest <= 1 { 0 } else { 11 - rest }) == u32::from(digits[11])
        },
    },
    Id {
        rule: "national_id/my_kad",
        form: r"\d{6}-\d{2}-\d{4}",
        announced_by: None,
        check: |id| is_day(number(id, 2, 4), number(id, 4, 6)),
    },
    Id {
        rule: "national_id/za_id",
        form: r"\d{6}\x20?\d{4}\x20?[012]\d{2}",
        announced_by: Some(r"id(?:\x20(?:number|no\.?|nr\.?))?|identity"),
        check: |id| is_day(number(id, 2, 4), number(id, 4, 6)) && luhn(&digits(id)),
    },
    Id {
        rule: "national_id/au_tfn",
        form: r"\d{3}\x20?\d{3}\x20?\d{2,3}",
        announced_by: Some(r"tfn|tax\x20file(?:\x20(?:number|no\.?))?"),
        check: |id| id.len() == 9 && weighted(&digits(id), &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11),
    },
    Id {
        rule: "national_id/au_medicare",
        form: r"[2-6]\d{3}\x20?\d{5}\x20?\d(?:[\x20/-]?\d)?",
        announced_by: Some(r"medicare(?:\x20(?:card|number|no\.?))?"),
        check: |id| {
            let digits = digits(id);
            weighted(&digits[..8], &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == u32::from(digits[8])
        },
    },
    Id { rule: "national_id/ae_id", form: r"784-?(?:19|20)\d{2}-?\d{7}-?\d", announced_by: None, check: always },
    Id {
        rule: "national_id/th_id",
        form: r"[1-8][\x20-]\d{4}[\x20-]\d{5}[\x20-]\d{2}[\x20-]\d",
        announced_by: None,
        check: |id| {
            let digits = digits(id);
            let sum = weighted(&digits[..12], &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
            (11 - sum % 11) % 10 == u32::from(digits[12])
        },
    },
    Id {
        rule: "national_id/il_id",
        form: r"\d{8}-?\d",
        announced_by: Some(r"teudat\x20zehut|t\.?z\.?|תעודת\x20זהות|ת\.?ז\.?"),
        check: |id| luhn(&digits(id)),
    },
];

/// The last letter of a Singaporean identity card.
fn nric(id: &[u8]) -> bool {
    let sum = weighted(&digits(&id[1..8]), &[2, 7, 6, 5, 4, 3, 2]);
    let (offset, letters): (u32, &[u8; 11]) = match id[0] {
        b'S' => (0, b"JZIHGFEDCBA"),
        b'T' => (4, b"JZIHGFEDCBA"),
        b'F' => (0, b"XWUTRQPNMLK"),
        b'G' => (4, b"XWUTRQPNMLK"),
        _ => (3, b"XWUTRQPNJLK"),
    };
    letters[((sum + offset) % 11) as usize] == id[8]
}

/// The check digit in the brackets of a Hong Kong identity card; one letter counts as if a space stood before it.
fn hong_kong(id: &[u8]) -> bool {
    let letters = id.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let value = |byte: u8| if byte.is_ascii_digit() { u32::from(byte - b'0') } else { u32::from(byte - b'A') + 10 };
    let first = if letters == 1 { 36 * 9 } else { 0 };
    let weights = (1..=id.len() as u32).rev();
    let sum: u32 = first + id.iter().zip(weights).map(|(byte, weight)| value(*byte) * weight).sum::<u32>();
    sum.is_multiple_of(11)
}
