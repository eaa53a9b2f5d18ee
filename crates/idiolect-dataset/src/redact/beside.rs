//! What one message says and the one beside it holds: "the wifi password is" and, sent by itself, "bluefish77". Or the other way round.

use std::ops::Range;

use super::scan::Trigger;
use super::span;
use super::{Found, KindSet, MAX_MESSAGE_BYTES, PiiKind, RedactionSettings, Redactor, Span};
use crate::look::Look;
use crate::sent::Own;

/// How much of a message beside it a text is looked at with, in bytes: what announces something stands close to it.
const NEAR: usize = 80;

/// The longest text that is looked at so, in bytes: what is sent by itself is short.
const LONGEST: usize = 80;

/// What is announced has digits. A message that has some itself says what these are.
const NUMBERS: u16 = Trigger::Code as u16
    | Trigger::Login as u16
    | Trigger::Voucher as u16
    | Trigger::Account as u16
    | Trigger::Document as u16
    | Trigger::Announcement as u16;

const WORDS: u16 = Trigger::Password as u16 | Trigger::Secret as u16;

/// Whether a message may announce something, after a look at it.
pub(crate) fn announces(one: Look) -> bool {
    one.announces(NUMBERS | WORDS)
}

/// Whether one message may say what `text` holds, sent before or after it, after a look at each.
pub(crate) fn may_announce(one: Look, other: Look, text: &str) -> bool {
    text.len() <= LONGEST && (one.announces(WORDS) || other.digits > 0 && one.digits < 4 && one.announces(NUMBERS))
}

/// Reads texts together with the messages beside them.
pub(crate) struct BesideReader(Redactor);

impl BesideReader {
    /// For what is announced; the other kinds are what they are wherever they stand.
    pub(crate) fn new(settings: &RedactionSettings) -> Self {
        use PiiKind::{Iban, NationalId, OneTimeCode, Password, PaymentCard, Secret};
        let announced = [Password, OneTimeCode, PaymentCard, Iban, NationalId, Secret];
        let kinds: KindSet = announced.into_iter().filter(|kind| settings.kinds.contains(*kind)).collect();
        Self(Redactor::new(&RedactionSettings { kinds, ..settings.clone() }))
    }

    /// Adds to what was `found` in each of `texts` what is only found in it by the messages beside it.
    pub(crate) fn find<'t>(&self, texts: impl Iterator<Item = &'t Own<'t>>, found: &mut [Found]) {
        let joined: Vec<(usize, Joined)> =
            texts.enumerate().filter_map(|(place, own)| Some((place, Joined::of(own)?))).collect();
        let looked = joined.iter().map(|(_, joined)| (Look::at(&joined.text), joined.text.as_str()));
        for ((place, joined), together) in joined.iter().zip(self.0.find_together(looked)) {
            let found = &mut found[*place];
            match together {
                Ok(together) => found.iter_mut().for_each(|found| joined.add(&together, found)),
                Err(error) => *found = Err(error),
            }
        }
    }
}

/// A text between those beside it.
struct Joined {
    text: String,
    /// Where the text itself is.
    own: Range<usize>,
}

impl Joined {
    fn of(own: &Own<'_>) -> Option<Self> {
        let Own { text, before, after } = own;
        // A burst may be as long as can be looked at.
        if before.is_empty() && after.is_empty() || text.len() + 2 * (NEAR + 1) > MAX_MESSAGE_BYTES {
            return None;
        }
        let before = &before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..];
        let after = &after[..after.floor_char_boundary(NEAR)];
        let start = if before.is_empty() { 0 } else { before.len() + 1 };
        let texts = [before, text, after].into_iter().filter(|text| !text.is_empty());
        Some(Self { text: texts.collect::<Vec<_>>().join("\n"), own: start..start + text.len() })
    }

    /// Adds to what was `found` in the text itself what was found in it together with the others.
    fn add(&self, together: &[Span], found: &mut Vec<Span>) {
        let own = |span: &Span| {
            let (start, end) = (span.range.start.max(self.own.start), span.range.end.min(self.own.end));
            let holds_something = start < end && self.text[start..end].contains(char::is_alphanumeric);
            holds_something.then(|| Span { range: start - self.own.start..end - self.own.start, ..*span })
        };
        let mut together: Vec<Span> = together.iter().filter_map(own).collect();
        let is_among = |spans: &[Span], span: &Span| spans.iter().any(|other| other.range == span.range);
        // What is announced is known better than a number alone, but not than what is known by its form.
        found.retain(|span| span.kind != PiiKind::OneTimeCode || !is_among(&together, span));
        together.retain(|span| !is_among(found, span));
        found.extend(together);
        span::settle(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{PiiKind, RedactionSettings};

    fn found<'t>(before: &str, text: &'t str, after: &str) -> Vec<(PiiKind, &'t str)> {
        let settings = RedactionSettings::default();
        let mut found = [Redactor::new(&settings).find(text, None)];
        BesideReader::new(&settings).find([Own { text: text.into(), before, after }].iter(), &mut found);
        let [found] = found;
        found.unwrap().into_iter().map(|span| (span.kind, &text[span.range])).collect()
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
            let announces = |one: &str| may_announce(Look::at(one), Look::at(text), text);
            assert!(announces(before) || announces(after), "{before:?} {text:?} {after:?}");
        }
    }

    #[test]
    fn what_is_known_by_its_form_keeps_its_kind() {
        assert_eq!(found("my login is", "jo@example.com", ""), [(PiiKind::Email, "jo@example.com")]);
        assert_eq!(found("the code is", "+1 202-555-0142", ""), [(PiiKind::Phone, "+1 202-555-0142")]);
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
        let long = "é".repeat(MAX_MESSAGE_BYTES);
        assert_eq!(found(&long, "call 202-555-0142", &long), [(PiiKind::Phone, "202-555-0142")]);
        let burst = "a ".repeat(MAX_MESSAGE_BYTES / 2);
        assert_eq!(found("the wifi password is", &burst, ""), []);
    }

    #[test]
    fn most_messages_are_looked_at_by_themselves() {
        for (one, other) in [("see you at 7", "ok"), ("open the door", "ok"), ("the code is", "down again")] {
            assert!(!may_announce(Look::at(one), Look::at(other), other), "{one:?} {other:?}");
        }
    }
}
