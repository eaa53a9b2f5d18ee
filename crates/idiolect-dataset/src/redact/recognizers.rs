//! Which recognizer looks at which text, and in what order.
//!
//! Texts go through them together: one recognizer looks at all that wait for it before the next one does, while its code and its automata
//! are in the processor's caches.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::numbers::{Numbers, has_foreign_digit};
use super::scan::{Scan, Trigger};
use super::{KindSet, PiiKind, Region, Span};
use super::{
    announcement, ascii, bank_account, email, emphasis, iban, ip_address, national_id, one_time_code, password,
    payment_card, phone, postal_address, secret, spelled_code, wallet,
};
use crate::RedactionError;

/// A text, and what decides who looks at it.
pub(super) struct Seen<'t> {
    pub text: &'t str,
    pub region: Option<Region>,
    pub scan: Scan,
    numbers: Numbers,
    foreign_digits: bool,
    /// As a plain keyboard writes it: what was written over already is not again.
    plain: bool,
}

impl<'t> Seen<'t> {
    pub fn of(scan: Scan, text: &'t str, region: Option<Region>) -> Self {
        // What is looked for by the length of a number has four digits at the least, close to each other.
        let numbers = if scan.cluster >= 4 { Numbers::of(text) } else { Numbers::default() };
        let foreign_digits = scan.foreign_number() && has_foreign_digit(text);
        Self { text, region, scan, numbers, foreign_digits, plain: false }
    }

    pub fn written_plainly(self) -> Self {
        Self { plain: true, ..self }
    }

    /// Whether it may have to be written in ASCII before all in it is seen.
    pub fn may_be_rewritten(&self) -> bool {
        if self.plain {
            return false;
        }
        let not_ascii = self.scan.not_ascii();
        let holds_value = self.scan.digits > 0 || self.scan.at_sign();
        let told = holds_value || self.announces(Trigger::SpelledEmail) || self.announces(Trigger::Password);
        self.foreign_digits
            || told && not_ascii
            || not_ascii && ascii::may_be_decomposed(self.text)
            || (holds_value || self.scan.announces_any()) && emphasis::may_be_in(self.scan, self.text)
    }

    fn announces(&self, word: Trigger) -> bool {
        self.scan.announces(word)
    }

    fn digits(&self) -> usize {
        self.scan.digits
    }

    fn cluster(&self) -> usize {
        self.scan.cluster
    }

    /// Whether a code or a password is announced.
    fn coded(&self) -> bool {
        self.announces(Trigger::Code) || self.announces(Trigger::Password)
    }
}

/// What was found in a text, or that a recognizer gave up on it.
pub(crate) type Found = Result<Vec<Span>, RedactionError>;

/// Lets each recognizer of `kinds` look at those of `texts` that it waits for.
pub(super) fn recognize(kinds: KindSet, texts: &mut [(Seen<'_>, Found)]) {
    let wanted = |kind: Option<PiiKind>| kind.is_none_or(|kind| kinds.contains(kind));
    for recognizer in RECOGNIZERS.iter().filter(|recognizer| wanted(recognizer.kind)) {
        for (seen, found) in texts.iter_mut().filter(|(seen, _)| (recognizer.waits)(seen)) {
            go_on(found, |found| {
                let before = found.len();
                (recognizer.find)(seen, found);
                if recognizer.kind.is_none() {
                    let wanted = found.split_off(before).into_iter().filter(|span| kinds.contains(span.kind));
                    found.extend(wanted);
                }
                Ok(())
            });
        }
    }
}

/// Lets `step` add to what was `found` in a text, unless an earlier step failed on it.
pub(super) fn go_on(found: &mut Found, step: impl FnOnce(&mut Vec<Span>) -> Result<(), RedactionError>) {
    if let Ok(spans) = found
        && let Err(error) = guarded(|| step(spans)).flatten()
    {
        *found = Err(error);
    }
}

/// What `step` gives. One that panics has a bug, and what it did not look at may be anything: the message is not safe.
pub(super) fn guarded<Given>(step: impl FnOnce() -> Given) -> Result<Given, RedactionError> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|_| RedactionError::RecognizerFailed)
}

struct Recognizer {
    /// What it finds; none if that is of several kinds.
    kind: Option<PiiKind>,
    waits: fn(&Seen<'_>) -> bool,
    find: fn(&Seen<'_>, &mut Vec<Span>),
}

const fn of(kind: PiiKind, waits: fn(&Seen<'_>) -> bool, find: fn(&Seen<'_>, &mut Vec<Span>)) -> Recognizer {
    Recognizer { kind: Some(kind), waits, find }
}

const fn of_several(waits: fn(&Seen<'_>) -> bool, find: fn(&Seen<'_>, &mut Vec<Span>)) -> Recognizer {
    Recognizer { kind: None, waits, find }
}

const RECOGNIZERS: &[Recognizer] = &[
    #[cfg(test)]
    of_several(|_| true, |seen, _| super::tests::panic_on_request(seen.text)),
    of(
        PiiKind::Email,
        |seen| seen.scan.at_sign() || seen.announces(Trigger::SpelledEmail),
        |seen, found| email::find(seen.text, seen.announces(Trigger::SpelledEmail), found),
    ),
    of(PiiKind::Email, |seen| seen.announces(Trigger::Host), |seen, found| email::find_hosted(seen.text, found)),
    of(PiiKind::Email, |seen| seen.announces(Trigger::Link), |seen, found| email::find_in_links(seen.text, found)),
    of(
        PiiKind::Password,
        |seen| seen.scan.at_sign() && seen.digits() > 0,
        |seen, found| password::find_logins(seen.text, found),
    ),
    of(
        PiiKind::Password,
        |seen| seen.announces(Trigger::Password) || seen.digits() > 0 && seen.announces(Trigger::Login),
        |seen, found| password::find(seen.text, seen.digits(), found),
    ),
    of(PiiKind::Secret, |seen| seen.announces(Trigger::Secret), |seen, found| secret::find(seen.text, found)),
    of(
        PiiKind::Secret,
        |seen| seen.cluster() >= secret::MEETING_DIGITS,
        |seen, found| secret::find_meetings(seen.text, found),
    ),
    of(
        PiiKind::Secret,
        |seen| seen.cluster() >= secret::RECOVERY_DIGITS,
        |seen, found| secret::find_recovery_keys(seen.text, found),
    ),
    of(
        PiiKind::Secret,
        |seen| seen.digits() >= 2 && (seen.announces(Trigger::Voucher) || seen.announces(Trigger::Code)),
        |seen, found| secret::find_vouchers(seen.text, found),
    ),
    of(PiiKind::Secret, |seen| seen.announces(Trigger::Link), |seen, found| secret::find_in_links(seen.text, found)),
    of(PiiKind::Secret, |seen| seen.announces(Trigger::Rare), |seen, found| secret::find_bookings(seen.text, found)),
    of(
        PiiKind::OneTimeCode,
        |seen| seen.digits() > 0 && seen.announces(Trigger::Code),
        |seen, found| one_time_code::find(seen.text, found),
    ),
    of(
        PiiKind::PaymentCard,
        |seen| seen.cluster() >= payment_card::FEWEST_DIGITS || seen.digits() >= 3 && seen.announces(Trigger::Code),
        |seen, found| {
            let before = found.len();
            if seen.cluster() >= payment_card::FEWEST_DIGITS {
                payment_card::find(seen.text, found);
            }
            if seen.announces(Trigger::Code) {
                payment_card::find_security_codes(seen.text, found);
            }
            if found.len() > before {
                payment_card::find_details(seen.text, before, found);
            }
        },
    ),
    of(PiiKind::Iban, |seen| seen.cluster() >= 9, |seen, found| iban::find(seen.text, found)),
    of(PiiKind::Iban, |seen| seen.cluster() >= iban::POLISH_DIGITS, |seen, found| iban::find_polish(seen.text, found)),
    of(
        PiiKind::Iban,
        |seen| seen.cluster() >= bank_account::PAIR_DIGITS,
        |seen, found| bank_account::find_pairs(seen.text, found),
    ),
    of(
        PiiKind::Iban,
        |seen| seen.cluster() >= 5 && seen.announces(Trigger::Account),
        |seen, found| bank_account::find(seen.text, found),
    ),
    of(
        PiiKind::Iban,
        |seen| seen.digits() >= 2 && seen.announces(Trigger::Account),
        |seen, found| wallet::find(seen.text, found),
    ),
    of(
        PiiKind::Iban,
        |seen| seen.scan.full_stops() >= 2 && seen.announces(Trigger::Rare),
        |seen, found| bank_account::find_aliases(seen.text, found),
    ),
    of(
        PiiKind::NationalId,
        |seen| seen.cluster() >= 4,
        |seen, found| national_id::find(seen.text, seen.cluster(), seen.numbers, found),
    ),
    of(
        PiiKind::NationalId,
        |seen| seen.digits() >= 3 && seen.announces(Trigger::Document),
        |seen, found| national_id::find_documents(seen.text, found),
    ),
    of(
        PiiKind::NationalId,
        |seen| seen.digits() >= 2 && seen.announces(Trigger::Rare),
        |seen, found| {
            national_id::find_births(seen.text, seen.digits(), found);
            national_id::find_plates(seen.text, found);
        },
    ),
    of(
        PiiKind::IpAddress,
        |seen| seen.digits() >= 4 && seen.scan.full_stops() >= 3,
        |seen, found| ip_address::find_v4(seen.text, found),
    ),
    of(
        PiiKind::IpAddress,
        |seen| seen.digits() > 0 && seen.scan.colon(),
        |seen, found| ip_address::find_v6(seen.text, found),
    ),
    of(
        PiiKind::IpAddress,
        |seen| seen.digits() > 0 && (seen.scan.colon() || seen.announces(Trigger::Document)),
        |seen, found| ip_address::find_mac(seen.text, found),
    ),
    of(
        PiiKind::Phone,
        |seen| {
            let dialled = seen.numbers.dialled;
            seen.foreign_digits || dialled > 0 && dialled >= phone::fewest_digits(seen.region)
        },
        |seen, found| phone::find(seen.text, seen.region, found),
    ),
    of(
        PiiKind::Phone,
        |seen| seen.announces(Trigger::SpelledNumber),
        |seen, found| phone::find_spelled(seen.text, seen.region, found),
    ),
    of(PiiKind::Phone, |seen| seen.cluster() >= 6, |seen, found| phone::find_odd(seen.text, seen.region, found)),
    // Behind e-mail and phones, which no address goes over.
    of(
        PiiKind::PostalAddress,
        |seen| seen.announces(Trigger::EastAsianAddress),
        |seen, found| postal_address::find_east_asian(seen.text, found),
    ),
    of(
        PiiKind::PostalAddress,
        |seen| seen.digits() > 0 && seen.announces(Trigger::LetteredAddress),
        |seen, found| postal_address::find_lettered(seen.text, found),
    ),
    of(
        PiiKind::PostalAddress,
        |seen| seen.digits() > 0,
        |seen, found| postal_address::find(seen.text, seen.region, found),
    ),
    of(
        PiiKind::PostalAddress,
        |seen| seen.digits() >= 2,
        |seen, found| postal_address::find_coordinates(seen.text, seen.scan, found),
    ),
    of(
        PiiKind::PostalAddress,
        |seen| seen.scan.full_stops() >= 2 && seen.announces(Trigger::Rare),
        |seen, found| postal_address::find_three_words(seen.text, found),
    ),
    of_several(
        |seen| {
            let announced = || seen.coded() || seen.announces(Trigger::Login) || seen.announces(Trigger::Announcement);
            seen.announces(Trigger::Password) || seen.digits() > 0 && announced()
        },
        |seen, found| announcement::find(seen.text, seen.digits(), found),
    ),
    of_several(
        |seen| seen.announces(Trigger::SpelledNumber) || seen.coded() && seen.digits() >= 4,
        |seen, found| spelled_code::find(seen.text, found),
    ),
];
