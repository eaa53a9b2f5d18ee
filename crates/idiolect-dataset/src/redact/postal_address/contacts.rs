//! The e-mail and the phone that people write under their address, "12 Elm Street\n202-555-0142\njo@example.com": by their words alone they are
//! house numbers and towns.

use super::word::{Gap, Word};
use crate::redact::{PiiKind, Span};

/// Of a phone that is no house number, no postcode and no customer's.
const SURE_DIGITS: usize = 10;

/// Parts `words` where an e-mail or a phone among what is `found` in `text` begins, so that no address goes over it.
pub(super) fn part(text: &str, words: &mut [Word], found: &[Span]) {
    for Span { range, kind, .. } in found {
        let mut first = words.partition_point(|word| word.range.end <= range.start);
        let behind = words.partition_point(|word| word.range.start < range.end);
        if *kind != PiiKind::Phone && *kind != PiiKind::Email || first == behind {
            continue;
        }
        let phone = &text[range.clone()];
        // "Tel: 202-555-0142"
        let label = first.checked_sub(1).filter(|&label| is_label(&words[label]) && words[label].gap == Gap::Line);
        first = label.unwrap_or(first);
        let begins = words[first].gap == Gap::Line && !is_postcode(phone);
        let alone = *kind == PiiKind::Email || phone.starts_with('+');
        let sure = phone.bytes().filter(u8::is_ascii_digit).count() >= SURE_DIGITS;
        // "Hauptstraße 12 0176 1234567": the house's number may be taken for the phone's beginning.
        if alone || begins || sure && is_numbered(&words[..=first]) {
            words[first].gap = Gap::Break;
        }
        // What may be the house number of the street behind it is not parted from that.
        let ended = text[range.end..].starts_with(". ");
        if let Some(next) = words.get_mut(behind).filter(|next| alone || sure && (ended || next.digits > 0)) {
            next.gap = Gap::Break;
        }
    }
}

/// Whether a number stands in the line before the last of `words`.
fn is_numbered(words: &[Word]) -> bool {
    let line = words.iter().rev().take_while(|word| word.gap < Gap::Line).count();
    let start = words.len().saturating_sub(line + 1);
    words[start..words.len() - 1].iter().any(|word| word.digits > 0)
}

fn is_label(word: &Word) -> bool {
    matches!(
        word.lower.as_ref(),
        "tel"
            | "telefon"
            | "telefono"
            | "phone"
            | "mobile"
            | "mob"
            | "mobil"
            | "cell"
            | "fax"
            | "handy"
            | "tlf"
            | "home"
            | "work"
            | "office"
            | "email"
            | "mail"
            | "e-mail"
            | "whatsapp"
    )
}

/// Whether it is taken for a phone but may be a postcode: "1170-169", "01310-100", "60601-1714".
fn is_postcode(phone: &str) -> bool {
    let groups = phone.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    groups.clone().count() <= 2 && groups.map(str::len).sum::<usize>() <= 9
}

#[cfg(test)]
mod tests {
    use crate::redact::{Ledger, RedactionSettings, Redactor};

    #[test]
    fn addresses_end_before_phones_and_emails() {
        let redactor = Redactor::new(&RedactionSettings::default());
        for (text, redacted) in [
            (
                "Jo Elm\n12 Elm St, Springfield IL 62701\n202-555-0142\nJoElm@example.com",
                "Jo Elm\n[ADDRESS_1]\n[PHONE_1]\n[EMAIL_1]",
            ),
            ("12 Elm St\n202-555-0142 is my cell", "[ADDRESS_1]\n[PHONE_1] is my cell"),
            ("12 Elm St\nJoElm@example.com", "[ADDRESS_1]\n[EMAIL_1]"),
            ("12 Elm St, jo@example.com", "[ADDRESS_1], [EMAIL_1]"),
            ("Lindevej 13, Elmby 4760\n+45 20 32 85 26\nElmby", "[ADDRESS_1]\n[PHONE_1]\nElmby"),
            ("MY NO. IN LEEDS +258 21 123 456 RING ME", "MY NO. IN LEEDS [PHONE_1] RING ME"),
            ("12 Elm Street, Leeds\nTel: 07700 900123", "[ADDRESS_1]\nTel: [PHONE_1]"),
            ("12 Elm Street 202-555-0142 ok", "[ADDRESS_1] [PHONE_1] ok"),
            ("im at 12 Elm Street, Leeds, 07700 900123", "im at [ADDRESS_1], [PHONE_1]"),
            ("12 Elm Street\nLeeds +44 7700 900123", "[ADDRESS_1] [PHONE_1]"),
            ("Hauptstr. 12 01761234567", "[PHONE_1]"),
            ("Flat 302. Elm Court, Leeds", "[ADDRESS_1]"),
            ("Jo +44 7700 900123, 12 Elm St", "Jo [PHONE_1], [ADDRESS_1]"),
            ("hey Jo, 202 555 0142. Anyway", "hey Jo, [PHONE_1]. Anyway"),
            ("rua das pedras 12\n1170-169 Lisboa", "[ADDRESS_1]"),
            ("12 Elm St\nSpringfield IL\n60601-1714", "[ADDRESS_1]"),
            ("202-555-0142\n12 Elm St, Leeds", "[PHONE_1]\n[ADDRESS_1]"),
        ] {
            assert_eq!(redactor.redact(text, &mut Ledger::new()).unwrap().as_str(), redacted, "{text:?}");
        }
    }
}
