//! The Americas.

use super::super::checks::{luhn, weighted};
use super::{Id, digits, is_day, number};

pub(super) const IDS: &[Id] = &[
    Id { rule: "national_id/us_ssn", form: r"\d{3}-\d{2}-\d{4}", announced_by: None, check: ssn },
    Id {
        rule: "national_id/us_ssn",
        form: r"\d{3}[\x20.-]?\d{2}[\x20.-]?\d{4}",
        announced_by: Some(r"ssn|soc|ss|social(?:\x20security)?(?:\x20(?:number|no\.?|num))?"),
        check: ssn,
    },
    Id {
        rule: "national_id/us_itin",
        form: r"9\d{2}[\x20-]?\d{2}[\x20-]?\d{4}",
        announced_by: Some(r"itin|taxpayer|tax\x20id"),
        check: |id| matches!(number(id, 3, 5), 50..=65 | 70..=88 | 90..=92 | 94..=99),
    },
    Id {
        rule: "national_id/ca_sin",
        form: r"\d{3}[\x20-]?\d{3}[\x20-]?\d{3}",
        announced_by: Some(r"sin|social\x20insurance(?:\x20(?:number|no\.?))?|nas"),
        check: |id| luhn(&digits(id)),
    },
    Id { rule: "national_id/br_cpf", form: r"\d{3}\.\d{3}\.\d{3}-\d{2}", announced_by: None, check: cpf },
    Id { rule: "national_id/br_cpf", form: r"\d{11}", announced_by: Some(r"cpf"), check: cpf },
    Id { rule: "national_id/br_cnpj", form: r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", announced_by: None, check: cnpj },
    Id { rule: "national_id/cl_rut", form: r"\d{1,2}\.\d{3}\.\d{3}-[0-9K]", announced_by: None, check: rut },
    Id { rule: "national_id/cl_rut", form: r"\d{7,8}-?[0-9K]", announced_by: Some(r"rut|run"), check: rut },
    Id {
        rule: "national_id/mx_curp",
        form: r"[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z]\d",
        announced_by: None,
        check: curp,
    },
    Id {
        rule: "national_id/mx_rfc",
        form: r"[A-Z&]{3,4}-?\d{6}-?[A-Z0-9]{3}",
        announced_by: Some(r"rfc"),
        check: |id| {
            let day = id.len() - 9;
            is_day(number(id, day + 2, day + 4), number(id, day + 4, day + 6))
        },
    },
    Id {
        rule: "national_id/ar_cuit",
        form: r"(?:20|2[3-7]|30|33|34)-?\d{8}-?\d",
        announced_by: Some(r"cui[tl]"),
        check: cuit,
    },
    Id { rule: "national_id/ar_cuit", form: r"(?:20|2[3-7]|30|33|34)-\d{8}-\d", announced_by: None, check: cuit },
    Id {
        rule: "national_id/ar_dni",
        form: r"\d{2}\.?\d{3}\.?\d{3}",
        announced_by: Some(r"dni|documento|c[eé]dula"),
        check: super::always,
    },
];

/// Numbers that the Social Security Administration never gives out are no numbers.
fn ssn(id: &[u8]) -> bool {
    let (area, group, serial) = (number(id, 0, 3), number(id, 3, 5), number(id, 5, 9));
    !matches!(area, 0 | 666 | 900..) && group != 0 && serial != 0
}

fn cpf(id: &[u8]) -> bool {
    let digits = digits(id);
    let check = |count: usize| {
        let weights: Vec<u32> = (2..=count as u32 + 1).rev().collect();
        weighted(&digits[..count], &weights) * 10 % 11 % 10
    };
    digits.iter().any(|digit| *digit != digits[0])
        && check(9) == u32::from(digits[9])
        && check(10) == u32::from(digits[10])
}

/// Of a firm, which may be one person's.
fn cnpj(id: &[u8]) -> bool {
    let digits = digits(id);
    let check = |count: usize| {
        let weights: Vec<u32> = (2..=9).cycle().take(count).collect::<Vec<_>>().into_iter().rev().collect();
        weighted(&digits[..count], &weights) * 10 % 11 % 10
    };
    check(12) == u32::from(digits[12]) && check(13) == u32::from(digits[13])
}

fn rut(id: &[u8]) -> bool {
    let Some((check, body)) = id.split_last() else { return false };
    let sum: u32 =
        digits(body).iter().rev().zip([2, 3, 4, 5, 6, 7].iter().cycle()).map(|(d, w)| u32::from(*d) * w).sum();
    let expected = match 11 - sum % 11 {
        11 => b'0',
        10 => b'K',
        digit => b'0' + digit as u8,
    };
    *check == expected
}

fn cuit(id: &[u8]) -> bool {
    let digits = digits(id);
    let check = 11 - weighted(&digits[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    check != 10 && check % 11 == u32::from(digits[10])
}

/// The last digit of a Mexican CURP, over an alphabet with Ñ behind N.
fn curp(id: &[u8]) -> bool {
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'N' => u32::from(byte - b'A') + 10,
        _ => u32::from(byte - b'A') + 11,
    };
    let sum: u32 = id[..17].iter().zip((2..=18).rev()).map(|(byte, weight)| value(*byte) * weight).sum();
    (10 - sum % 10) % 10 == number(id, 17, 18)
}
