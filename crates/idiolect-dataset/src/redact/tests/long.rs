//! Long messages take a time in proportion to their length: where it grows with the square, one of a megabyte takes minutes.

use crate::RedactionError;
use crate::redact::{Ledger, MAX_MESSAGE_BYTES, RedactionSettings, Redactor};

/// What `work` took, in seconds of this thread's CPU time; none where the kernel does not tell.
fn spent_on(work: impl FnOnce()) -> Option<f64> {
    // The first field of Linux's schedstat, in nanoseconds.
    let now = || std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse::<f64>().ok();
    let before = now();
    work();
    Some((now()? - before?) / 1e9)
}

#[test]
fn a_long_message_of_one_kind_of_thing_is_looked_through_in_a_time_as_long() {
    let redactor = Redactor::new(&RedactionSettings::default());
    let redact = |text: &str| {
        redactor.redact(text, &mut Ledger::new()).unwrap();
    };
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
        "a@b.co ",
        "00:11:",
        "[PHONE_1] 202-555-0142 ",
    ] {
        let long = unit.repeat(MAX_MESSAGE_BYTES / unit.len());
        let short = &long[..long.len() / 16 / unit.len() * unit.len()];
        redact(unit);
        let (Some(short), Some(long)) = (spent_on(|| redact(short)), spent_on(|| redact(&long))) else { continue };
        // Were it the square of the length, this would be 256 times as long.
        assert!(long < 32.0 * short + 0.2, "{unit:?}: {short} s, and {long} s for sixteen times as much");
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
