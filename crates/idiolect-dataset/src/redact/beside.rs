//! What one message says and the one beside it holds: "the wifi password is" and, sent by itself, "bluefish77". Or the other way round.

use super::scan::Trigger;
use super::span;
use super::{Found, Redactor, Span};
use crate::look::{Look, Mark};

/// How much of a message beside it a text is looked at with, in bytes: what announces something stands close to it.
const NEAR: usize = 256;

/// Whether one of two messages, sent right after each other, may say what the other one holds, after a look at each.
pub(crate) fn belong_together(one: Look, other: Look) -> bool {
    announces(one, other) || announces(other, one)
}

fn announces(one: Look, other: Look) -> bool {
    /// What has digits.
    const NUMBERS: u16 = Trigger::Code as u16
        | Trigger::Login as u16
        | Trigger::Voucher as u16
        | Trigger::Account as u16
        | Trigger::Document as u16
        | Trigger::Announcement as u16;
    const WORDS: u16 = Trigger::Password as u16 | Trigger::Secret as u16;
    one.announces(WORDS) || other.digits > 0 && (one.announces(NUMBERS) || one.holds(Mark::At))
}

impl Redactor {
    /// What is `found` in `text`, and what is only found in it by the messages `before` and `after` it, of which each may be empty.
    pub(crate) fn find_beside(&self, before: &str, text: &str, after: &str, found: Found) -> Found {
        let mut found = found?;
        let before = &before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..];
        let after = &after[..after.floor_char_boundary(NEAR)];
        let joined = [before, text, after].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
        let start = if before.is_empty() { 0 } else { before.len() + 1 };
        let own = |span: Span| {
            let end = span.range.end.min(start + text.len()).saturating_sub(start);
            let range = span.range.start.saturating_sub(start)..end;
            let holds_something = range.start < range.end && text[range.clone()].contains(char::is_alphanumeric);
            holds_something.then_some(Span { range, ..span })
        };
        let together = self.find_after(Look::at(&joined), &joined, self.settings.region)?;
        let together: Vec<Span> = together.into_iter().filter_map(own).collect();
        // What is announced is known better than what stands alone.
        found.retain(|span| together.iter().all(|other| other.range != span.range));
        found.extend(together);
        span::settle(&mut found);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{PiiKind, RedactionSettings};

    fn found<'t>(before: &str, text: &'t str, after: &str) -> Vec<(PiiKind, &'t str)> {
        let redactor = Redactor::new(&RedactionSettings::default());
        let alone = redactor.find(text, None);
        let spans = redactor.find_beside(before, text, after, alone).unwrap();
        spans.into_iter().map(|span| (span.kind, &text[span.range])).collect()
    }

    #[test]
    fn what_the_message_before_or_after_announces_is_found() {
        for (before, text, after, kind) in [
            ("the wifi password is", "bluefish77", "", PiiKind::Password),
            ("pw:", "Bluefish77!", "", PiiKind::Password),
            ("", "bluefish77", "thats the wifi password", PiiKind::Password),
            ("the code is", "482", "", PiiKind::OneTimeCode),
            ("sort code", "12-34-56", "", PiiKind::Iban),
            ("my passport number", "533401234", "", PiiKind::NationalId),
        ] {
            assert_eq!(found(before, text, after), [(kind, text)], "{before:?} {text:?} {after:?}");
            let looks = [before, text, after].map(Look::at);
            assert!(belong_together(looks[0], looks[1]) || belong_together(looks[1], looks[2]), "{text:?}");
        }
    }

    #[test]
    fn what_stands_over_two_messages_is_found_in_each() {
        assert_eq!(
            found("12 Elm Street,", "Springfield, IL 62704 ok?", ""),
            [(PiiKind::PostalAddress, "Springfield, IL 62704")]
        );
    }

    #[test]
    fn words_beside_an_announcement_stay() {
        for (before, text) in [
            ("whats the password", "omw"),
            ("i forgot my password again", "lol"),
            ("password is", "ok wait"),
            ("the code is", "down again"),
        ] {
            assert_eq!(found(before, text, ""), [], "{before:?} {text:?}");
        }
    }

    #[test]
    fn long_messages_beside_a_text_are_no_reason_to_leave_it_out() {
        let long = "é".repeat(crate::redact::MAX_MESSAGE_BYTES);
        assert_eq!(found(&long, "call 202-555-0142", &long), [(PiiKind::Phone, "202-555-0142")]);
    }

    #[test]
    fn most_messages_are_looked_at_by_themselves() {
        for (one, other) in [("see you at 7", "ok"), ("open the door", "ok"), ("the code is", "down again")] {
            assert!(!belong_together(Look::at(one), Look::at(other)), "{one:?} {other:?}");
        }
    }
}
