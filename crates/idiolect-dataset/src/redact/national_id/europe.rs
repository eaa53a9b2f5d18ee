//! Europe.

use super::super::checks::{luhn, mod_11_10, mod_97, weighted};
use super::{Id, always, digits, is_day, number};

pub(super) const IDS: &[Id] = &[
    Id {
        rule: "national_id/uk_nino",
        form: r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][\x20-]?\d{2}[\x20-]?\d{2}[\x20-]?\d{2}[\x20-]?[A-D]",
        announced_by: None,
        check: |id| !matches!(&id[..2], b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ"),
    },
    // The prefix QQ is the one that official examples are printed with.
    Id {
        rule: "national_id/uk_nino",
        form: r"QQ\x20?\d{2}\x20?\d{2}\x20?\d{2}\x20?[A-D]",
        announced_by: None,
        check: always,
    },
    Id {
        rule: "national_id/uk_nhs",
        form: r"\d{3}[\x20-]?\d{3}[\x20-]?\d{4}",
        announced_by: Some(r"nhs"),
        check: |id| {
            let digits = digits(id);
            let check = 11 - weighted(&digits[..9], &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            check != 10 && check % 11 == u32::from(digits[9])
        },
    },
    Id {
        rule: "national_id/de_tax_id",
        form: r"[1-9]\d\x20?\d{3}\x20?\d{3}\x20?\d{3}",
        announced_by: Some(r"steuer\w*(?:[-\x20](?:id|nr|nummer))?|idnr|tax\x20?id|tin"),
        check: |id| mod_11_10(&digits(id)),
    },
    Id {
        rule: "national_id/de_id_card",
        form: r"[CFGHJKLMNPRTVWXYZ0-9]{9}\d?",
        announced_by: Some(
            r"ausweis\w*|personalausweis\w*|reisepass\w*|passport|pass(?:port)?\x20(?:no\.?|nr\.?|number)",
        ),
        check: |id| id.iter().filter(|byte| byte.is_ascii_digit()).count() >= 4,
    },
    Id {
        rule: "national_id/gr_afm",
        form: r"\d{9}",
        announced_by: Some(r"afm|αφμ|a\.φ\.μ"),
        check: |id| {
            let digits = digits(id);
            weighted(&digits[..8], &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == u32::from(digits[8])
        },
    },
    Id {
        rule: "national_id/fr_nir",
        form: r"[1-478]\x20?\d{2}\x20?\d{2}\x20?\d[\dAB]\x20?\d{3}\x20?\d{3}\x20?\d{2}",
        announced_by: None,
        check: |id| {
            // Corsica counts as 19 and 18.
            let body: Vec<u8> = match id[6] {
                b'A' => [&id[..5], b"19", &id[7..13]].concat(),
                b'B' => [&id[..5], b"18", &id[7..13]].concat(),
                _ => id[..13].to_vec(),
            };
            let month = number(id, 3, 5);
            (matches!(month, 1..=12 | 20..=42 | 50..=99)) && 97 - mod_97(body.into_iter()) == number(id, 13, 15)
        },
    },
    Id {
        rule: "national_id/es_dni",
        form: r"\d{2}\.?\d{3}\.?\d{3}[\x20-]?[A-HJ-NP-TV-Z]",
        announced_by: None,
        check: |id| spanish(number(id, 0, 8), id[8]),
    },
    Id {
        rule: "national_id/es_nie",
        form: r"[XYZ][\x20-]?\d{7}[\x20-]?[A-HJ-NP-TV-Z]",
        announced_by: None,
        check: |id| spanish(u32::from(id[0] - b'X') * 10_000_000 + number(id, 1, 8), id[8]),
    },
    Id {
        rule: "national_id/it_codice_fiscale",
        form: r"[A-Z]{3}\x20?[A-Z]{3}\x20?[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}\x20?[A-Z][0-9LMNP-V]{3}[A-Z]",
        announced_by: None,
        check: italian,
    },
    Id {
        rule: "national_id/pt_nif",
        form: r"\d{3}\x20?\d{3}\x20?\d{3}",
        announced_by: Some(r"nif|contribuinte"),
        check: |id| {
            let digits = digits(id);
            let check = 11 - weighted(&digits[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            (if check >= 10 { 0 } else { check }) == u32::from(digits[8])
        },
    },
    Id {
        rule: "national_id/nl_bsn",
        form: r"\d{9}|\d{4}[.\x20]\d{2}[.\x20]\d{3}",
        announced_by: Some(r"bsn|burgerservicenummer|sofi\w*"),
        check: |id| {
            let digits = digits(id);
            weighted(&digits[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == u32::from(digits[8])
        },
    },
    Id {
        rule: "national_id/be_national_number",
        form: r"\d{2}[.\x20]\d{2}[.\x20]\d{2}[-\x20]\d{3}[.\x20-]\d{2}",
        announced_by: None,
        check: |id| {
            let before_2000 = 97 - mod_97(id[..9].iter().copied());
            let since_2000 = 97 - mod_97(std::iter::once(b'2').chain(id[..9].iter().copied()));
            [before_2000, since_2000].contains(&number(id, 9, 11))
        },
    },
    Id {
        rule: "national_id/pl_pesel",
        form: r"\d{11}",
        announced_by: Some(r"pesel"),
        check: |id| {
            let digits = digits(id);
            (10 - weighted(&digits[..10], &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10 == u32::from(digits[10])
        },
    },
    Id {
        rule: "national_id/se_personnummer",
        form: r"(?:19|20)?\d{6}[-+]\d{4}",
        announced_by: None,
        check: |id| {
            let short = &id[id.len() - 10..];
            is_day(number(short, 2, 4), number(short, 4, 6)) && luhn(&digits(short))
        },
    },
    Id {
        rule: "national_id/fi_hetu",
        form: r"\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]",
        announced_by: None,
        check: |id| {
            let tail = &id[id.len() - 4..];
            let rest = (u64::from(number(id, 0, 6)) * 1000 + u64::from(number(tail, 0, 3))) % 31;
            is_day(number(id, 2, 4), number(id, 0, 2)) && b"0123456789ABCDEFHJKLMNPRSTUVWXY"[rest as usize] == tail[3]
        },
    },
    Id {
        rule: "national_id/dk_cpr",
        form: r"\d{6}-\d{4}",
        announced_by: Some(r"cpr(?:[-\x20]?(?:nr|nummer|number)\.?)?|personnummer"),
        check: |id| is_day(number(id, 2, 4), number(id, 0, 2)),
    },
    Id {
        rule: "national_id/no_fodselsnummer",
        form: r"\d{6}\x20?\d{5}",
        announced_by: None,
        check: |id| {
            let digits = digits(id);
            let check = |weights: &[u32]| (11 - weighted(&digits, weights) % 11) % 11;
            let first = check(&[3, 7, 6, 1, 8, 9, 4, 5, 2]);
            let second = check(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
            let day = number(id, 0, 2);
            is_day(number(id, 2, 4), if day > 40 { day - 40 } else { day })
                && first == u32::from(digits[9])
                && second == u32::from(digits[10])
        },
    },
    Id {
        rule: "national_id/ie_pps",
        form: r"\d{7}[A-W][A-IW]?",
        announced_by: Some(r"ppsn?(?:\x20(?:number|no\.?))?"),
        check: |id| {
            let second = id.get(8).map_or(0, |letter| if *letter == b'W' { 0 } else { u32::from(letter - b'A') + 1 });
            let sum = weighted(&digits(id), &[8, 7, 6, 5, 4, 3, 2]) + 9 * second;
            b"WABCDEFGHIJKLMNOPQRSTUV"[(sum % 23) as usize] == id[7]
        },
    },
    Id {
        rule: "national_id/ch_ahv",
        form: r"756[.\x20]?\d{4}[.\x20]?\d{4}[.\x20]?\d{2}",
        announced_by: None,
        check: |id| (weighted(&digits(id), &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1])).is_multiple_of(10),
    },
    Id {
        rule: "national_id/ro_cnp",
        form: r"[1-9]\d{12}",
        announced_by: Some(r"cnp"),
        check: |id| {
            let digits = digits(id);
            let rest = weighted(&digits[..12], &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
            (if rest == 10 { 1 } else { rest }) == u32::from(digits[12])
        },
    },
    Id {
        rule: "national_id/bg_egn",
        form: r"\d{10}",
        announced_by: Some(r"egn|егн"),
        check: |id| {
            let digits = digits(id);
            weighted(&digits[..9], &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == u32::from(digits[9])
        },
    },
    Id {
        rule: "national_id/pl_nip",
        form: r"\d{3}-?\d{3}-?\d{2}-?\d{2}",
        announced_by: Some(r"nip"),
        check: |id| {
            let digits = digits(id);
            weighted(&digits[..9], &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == u32::from(digits[9])
        },
    },
    Id {
        rule: "national_id/ru_inn",
        form: r"\d{12}",
        announced_by: Some(r"инн|inn"),
        check: |id| {
            let digits = digits(id);
            let check = |count: usize, weights: &[u32]| {
                weighted(&digits[..count], weights) % 11 % 10 == u32::from(digits[count])
            };
            check(10, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) && check(11, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
        },
    },
    Id {
        rule: "national_id/ru_snils",
        form: r"\d{3}-\d{3}-\d{3}[\x20-]\d{2}|\d{11}",
        announced_by: Some(r"снилс|snils"),
        check: |id| weighted(&digits(id), &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100 == number(id, 9, 11),
    },
    Id {
        rule: "national_id/tr_kimlik",
        form: r"[1-9]\d{10}",
        announced_by: Some(r"t\.?c\.?|kimlik|tckn"),
        check: |id| {
            let digits: Vec<u32> = digits(id).into_iter().map(u32::from).collect();
            let (odd, even): (u32, u32) =
                ((0..9).step_by(2).map(|at| digits[at]).sum(), (1..8).step_by(2).map(|at| digits[at]).sum());
            (odd * 7 + 90 - even) % 10 == digits[9] && digits[..10].iter().sum::<u32>() % 10 == digits[10]
        },
    },
];

/// The letter of a Spanish identity card.
fn spanish(number: u32, letter: u8) -> bool {
    b"TRWAGMYFPDXBNJZSQVHLCKE"[(number % 23) as usize] == letter
}

/// The last letter of an Italian tax code (decree of 12 March 1974).
fn italian(id: &[u8]) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let value = |byte: u8| usize::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' });
    let sum: u32 = id[..15]
        .iter()
        .enumerate()
        .map(|(at, byte)| if at % 2 == 0 { ODD[value(*byte)] } else { value(*byte) as u32 })
        .sum();
    sum % 26 == u32::from(id[15] - b'A')
}
