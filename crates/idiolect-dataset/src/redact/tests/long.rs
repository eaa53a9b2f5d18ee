//! Long messages take a time in proportion to their length: where it grows with the square, one of a megabyte takes minutes.

use crate::RedactionError;
use crate::redact::{Ledger, MAX_MESSAGE_BYTES, RedactionSettings, Redactor};

/// In bytes: the square of it would not be waited for.
const LONG: usize = MAX_MESSAGE_BYTES / 4;

#[test]
fn a_long_message_of_one_kind_of_thing_is_looked_through() {
    let redactor = Redactor::new(&RedactionSettings::default());
    for unit in [
        "202-555-0142 ",
        "12 345 ",
        "(٣",
        "+",
        "#12 Elm St ",
        "12 Elm St, ",
        "pass:[",
        "password is ",
        "wifi is sunshine88.\n",
        "wifi: sunshine88 x ",
        "gate code 4829x ",
        "jo at gmail dot com ",
        "密码:a",
        "pin my card ",
        "login jo_k88 pw ",
        "jo@example.com sunshine12 ",
        "steam A1B2-C3D4-",
        "https://a.b/",
        "a@https://a.b/",
        "http://a?token=",
        "a123",
        "jo@",
        "x at y dot ",
        "five ",
        "DE89 3704 ",
        "4111 1111 ",
        "code 12 ",
        "[PHONE_1]",
        "東京都1-2",
        "4829\n",
        "482910,",
        "PO box 1 ",
        "old no 12 new no 34 ",
        "villa 9 ",
        "a@b.co ",
        "00:11:",
        "[PHONE_1] 202-555-0142 ",
        "*1 \"a ",
        "312*",
        "o",
        "user:\u{301}",
    ] {
        redactor.redact(&unit.repeat(LONG / unit.len()), &mut Ledger::new()).unwrap();
    }
}

/// Each look at what stands between marks would be another recursion.
#[test]
fn marks_within_marks_are_looked_through() {
    let redactor = Redactor::new(&RedactionSettings::default());
    for (opened, closed) in [("*1 ", "1* "), ("\"a ", " b\"")] {
        let nested = format!("{}5{}", opened.repeat(LONG / 8), closed.repeat(LONG / 8));
        redactor.redact(&nested, &mut Ledger::new()).unwrap();
    }
}

#[test]
fn a_message_over_the_limit_is_refused() {
    let redactor = Redactor::new(&RedactionSettings::default());
    let long = "a".repeat(MAX_MESSAGE_BYTES + 1);
    let error = redactor.redact(&long, &mut Ledger::new()).unwrap_err();
    assert!(matches!(error, RedactionError::TooLong { .. }));
    // It is longer once its addresses are placeholders.
    let within = "jo@x.io ".repeat(MAX_MESSAGE_BYTES / 8);
    assert!(redactor.redact(&within, &mut Ledger::new()).unwrap().as_str().len() > MAX_MESSAGE_BYTES);
}
