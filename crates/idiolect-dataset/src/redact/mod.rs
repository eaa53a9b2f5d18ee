//! What identifies people or opens their doors out, numbered placeholders in (spec §9.3). One recognizer per file.

mod kind;
mod ledger;
pub(crate) mod placeholder;
mod redacted;
mod region;
mod rewritten;
mod scan;
mod settings;
mod span;

mod announcement;
mod ascii;
mod bank_account;
mod email;
mod iban;
mod ip_address;
mod name;
mod national_id;
mod nearby;
mod one_time_code;
mod password;
mod payment_card;
mod phone;
mod postal_address;
mod secret;
mod spelled_code;
mod wallet;

mod checks;
mod numbers;
mod pattern;
mod phrases;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use kind::{KindSet, PiiKind};
pub use ledger::Ledger;
pub use redacted::RedactedText;
pub(crate) use redacted::{Redacted, RedactedWords};
pub(crate) use region::CountryCodes;
pub use region::Region;
pub use settings::RedactionSettings;
pub use span::Span;

use crate::RedactionError;
use crate::look::{Look, Mark};
use numbers::Numbers;
pub(crate) use numbers::{may_be_number, may_lead_number};
use phrases::Phrases;
pub(crate) use scan::announcements;
use scan::{Scan, Trigger};

/// Changes with every change of what a recognizer finds or how a placeholder is written.
pub const RULESET_VERSION: &str = "redaction/21";

/// The longest message looked at, in bytes; a longer one is left out rather than half read.
pub const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// Redacting once may put two halves of something side by side, so the text is looked at again this often.
const MAX_PASSES: usize = 8;

/// Finds what identifies people and puts placeholders in its place.
#[derive(Clone)]
pub struct Redactor {
    settings: RedactionSettings,
    names: Phrases,
    deny: Phrases,
}

impl Redactor {
    pub fn new(settings: &RedactionSettings) -> Self {
        Self {
            settings: settings.clone(),
            names: Phrases::new(settings.names.iter().map(String::as_str)),
            deny: Phrases::new(settings.deny.iter().map(String::as_str)),
        }
    }

    /// Everything to redact in `text`: byte spans on character borders, in order, none overlapping.
    ///
    /// `region` overrules the settings' one. Placeholders already in `text` are never touched. What is only found once the rest is
    /// redacted, as [`redact`](Self::redact) finds it, is among the spans.
    pub fn find(&self, text: &str, region: Option<Region>) -> Result<Vec<Span>, RedactionError> {
        let mut found = self.find_after(Look::at(text), text, region)?;
        let mut ledger = Ledger::new();
        for _ in 1..MAX_PASSES {
            if found.is_empty() {
                return Ok(found);
            }
            let redacted = ledger.replace(text, &found, region.or(self.settings.region));
            let more = self.find_after(Look::at(&redacted.text), &redacted.text, region)?;
            if more.is_empty() {
                return Ok(found);
            }
            found.extend(more.into_iter().map(|span| Span { range: redacted.original(span.range), ..span }));
            span::settle(&mut found);
        }
        Err(RedactionError::Unsettled { passes: MAX_PASSES })
    }

    /// What is found at once in `text`, after a `look` at it.
    fn find_after(&self, look: Look, text: &str, region: Option<Region>) -> Result<Vec<Span>, RedactionError> {
        if text.len() > MAX_MESSAGE_BYTES {
            return Err(RedactionError::TooLong { bytes: text.len(), limit: MAX_MESSAGE_BYTES });
        }
        // A recognizer that panics has a bug, and what it did not look at may be anything: the message is not safe.
        catch_unwind(AssertUnwindSafe(|| self.recognize(look, text, region.or(self.settings.region))))
            .map_err(|_| RedactionError::RecognizerFailed)
    }

    fn recognize(&self, look: Look, text: &str, region: Option<Region>) -> Vec<Span> {
        #[cfg(test)]
        tests::panic_on_request(text);
        let scan = Scan::of(look, text);
        let on = |kind| self.settings.kinds.contains(kind);
        // What is looked for by the length of a number has four digits at the least, close to each other.
        let numbers = if scan.cluster >= 4 { Numbers::of(text) } else { Numbers::default() };
        let foreign_digits = scan.foreign_number() && numbers::has_foreign_digit(text);
        let mut found = Vec::new();
        let spelled = scan.announces(Trigger::SpelledEmail);
        if on(PiiKind::Email) && (scan.at_sign() || spelled) {
            email::find(text, spelled, &mut found);
        }
        if on(PiiKind::Password) && scan.at_sign() && scan.digits > 0 {
            password::find_logins(text, &mut found);
        }
        if on(PiiKind::Email) && scan.announces(Trigger::Host) {
            email::find_hosted(text, &mut found);
        }
        if on(PiiKind::Password)
            && (scan.announces(Trigger::Password) || scan.digits > 0 && scan.announces(Trigger::Login))
        {
            password::find(text, scan.digits, &mut found);
        }
        if on(PiiKind::Secret) && scan.announces(Trigger::Secret) {
            secret::find(text, &mut found);
        }
        if on(PiiKind::Secret) && scan.cluster >= secret::MEETING_DIGITS {
            secret::find_meetings(text, &mut found);
        }
        if on(PiiKind::Secret) && scan.cluster >= secret::RECOVERY_DIGITS {
            secret::find_recovery_keys(text, &mut found);
        }
        if on(PiiKind::Secret)
            && scan.digits >= 2
            && (scan.announces(Trigger::Voucher) || scan.announces(Trigger::Code))
        {
            secret::find_vouchers(text, &mut found);
        }
        if on(PiiKind::Secret) && scan.announces(Trigger::Link) {
            secret::find_in_links(text, &mut found);
        }
        if on(PiiKind::OneTimeCode) && scan.digits > 0 && scan.announces(Trigger::Code) {
            one_time_code::find(text, &mut found);
        }
        if on(PiiKind::OneTimeCode)
            && scan.digits >= 3
            && (scan.announces(Trigger::Lock) || scan.announces(Trigger::Code))
        {
            one_time_code::find_of_locks(text, &mut found);
        }
        if on(PiiKind::PaymentCard) {
            let before = found.len();
            if scan.cluster >= payment_card::FEWEST_DIGITS {
                payment_card::find(text, &mut found);
            }
            if scan.digits >= 3 && scan.announces(Trigger::Code) {
                payment_card::find_security_codes(text, &mut found);
            }
            if found.len() > before {
                payment_card::find_details(text, before, &mut found);
            }
        }
        if on(PiiKind::Iban) && scan.cluster >= 9 {
            iban::find(text, &mut found);
        }
        if on(PiiKind::Iban) && scan.cluster >= bank_account::PAIR_DIGITS {
            bank_account::find_pairs(text, &mut found);
        }
        if on(PiiKind::Iban) && scan.cluster >= 5 && scan.announces(Trigger::Account) {
            bank_account::find(text, &mut found);
        }
        if on(PiiKind::Iban) && scan.digits >= 2 && scan.announces(Trigger::Account) {
            wallet::find(text, &mut found);
        }
        if on(PiiKind::NationalId) && scan.cluster >= 4 {
            national_id::find(text, scan.cluster, numbers, &mut found);
        }
        if on(PiiKind::NationalId) && scan.digits >= 3 && scan.announces(Trigger::Document) {
            national_id::find_documents(text, &mut found);
        }
        if on(PiiKind::NationalId) && scan.digits >= 2 && scan.announces(Trigger::Rare) {
            national_id::find_births(text, scan.digits, &mut found);
            national_id::find_plates(text, &mut found);
        }
        if on(PiiKind::IpAddress) {
            if scan.digits >= 4 && scan.full_stops() >= 3 {
                ip_address::find_v4(text, &mut found);
            }
            if scan.digits > 0 && scan.colon() {
                ip_address::find_v6(text, &mut found);
            }
            if scan.digits > 0 && (scan.colon() || scan.announces(Trigger::Document)) {
                ip_address::find_mac(text, &mut found);
            }
        }
        if on(PiiKind::PostalAddress) {
            if scan.announces(Trigger::EastAsianAddress) {
                postal_address::find_east_asian(text, &mut found);
            }
            if scan.digits > 0 {
                postal_address::find(text, region, &mut found);
            }
            if scan.digits >= 2 {
                postal_address::find_coordinates(text, scan, &mut found);
            }
            if scan.full_stops() >= 2 && scan.announces(Trigger::Rare) {
                postal_address::find_three_words(text, &mut found);
            }
        }
        let dialled = || numbers.dialled > 0 && numbers.dialled >= phone::fewest_digits(region);
        if on(PiiKind::Phone) && (foreign_digits || dialled()) {
            phone::find(text, region, &mut found);
        }
        if on(PiiKind::Phone) && scan.announces(Trigger::SpelledNumber) {
            phone::find_spelled(text, region, &mut found);
        }
        if on(PiiKind::Phone) && scan.cluster >= 6 {
            phone::find_odd(text, region, &mut found);
        }
        let coded = scan.announces(Trigger::Code) || scan.announces(Trigger::Password);
        let words = [Trigger::Lock, Trigger::Login, Trigger::Announcement];
        if scan.announces(Trigger::Password)
            || scan.digits > 0 && (coded || words.into_iter().any(|words| scan.announces(words)))
        {
            let before = found.len();
            announcement::find(text, scan.digits, &mut found);
            let asked = found.split_off(before).into_iter().filter(|span| on(span.kind));
            found.extend(asked);
        }
        let in_words = scan.announces(Trigger::SpelledNumber);
        if in_words || coded && scan.digits >= 4 {
            let before = found.len();
            spelled_code::find(text, &mut found);
            let asked = found.split_off(before).into_iter().filter(|span| on(span.kind));
            found.extend(asked);
        }
        if on(PiiKind::Name) && (self.settings.greeting_names || !self.names.is_empty()) {
            name::find(text, &self.names, self.settings.greeting_names, &mut found);
        }
        if (foreign_digits || scan.digits >= 4 && scan.not_ascii())
            && let Some(written) = ascii::in_ascii(text)
        {
            let again = self.recognize(Look::at(&written.text), &written.text, region).into_iter();
            found.extend(again.map(|span| Span { range: written.original(span.range), ..span }));
        }
        if on(PiiKind::OneTimeCode) && scan.cluster >= 6 {
            one_time_code::find_alone(text, &mut found);
        }
        if !found.is_empty() {
            self.spare_allowed(text, region, &mut found);
        }
        if on(PiiKind::Word) && !self.deny.is_empty() {
            let words = self.deny.find(text).into_iter();
            found.extend(words.map(|range| Span::new(PiiKind::Word, "word/deny_list", range)));
        }
        if !found.is_empty() {
            if scan.bracket() {
                placeholder::spare(text, &mut found);
            }
            span::settle(&mut found);
        }
        found
    }

    /// Drops the spans whose value the user lets stay.
    fn spare_allowed(&self, text: &str, region: Option<Region>, found: &mut Vec<Span>) {
        if self.settings.allow.is_empty() {
            return;
        }
        let allowed = |span: &Span| {
            let value = ledger::comparable(span.kind, &text[span.range.clone()], region);
            let is_value = |allow: &String| ledger::comparable(span.kind, allow, region) == value;
            // An allowed word is no number, so nothing of it is left to compare.
            !value.is_empty() && self.settings.allow.iter().any(is_value)
        };
        found.retain(|span| !allowed(span));
    }

    /// `text` with a numbered placeholder for everything found; `ledger` keeps the numbers of one dataset.
    ///
    /// Redacting the result again changes nothing. On an error the text must not be used.
    pub fn redact(&self, text: &str, ledger: &mut Ledger) -> Result<RedactedText, RedactionError> {
        Ok(self.redact_words(Look::at(text), Cow::Borrowed(text), ledger)?.words.into_text())
    }

    /// As [`redact`](Self::redact), after a `look` at the text, which is not copied if nothing is found in it.
    pub(crate) fn redact_words<'a>(
        &self,
        mut look: Look,
        text: Cow<'a, str>,
        ledger: &mut Ledger,
    ) -> Result<Redacted<'a>, RedactionError> {
        let mut redacted = text;
        for _ in 0..MAX_PASSES {
            let spans = self.find_after(look, &redacted, None)?;
            if spans.is_empty() {
                return Ok(Redacted::vouched(redacted, look.holds(Mark::OpeningBracket)));
            }
            redacted = Cow::Owned(ledger.replace(&redacted, &spans, self.settings.region).text);
            look = Look::at(&redacted);
        }
        Err(RedactionError::Unsettled { passes: MAX_PASSES })
    }
}

/// Shows the settings, never the user's words.
impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redactor").field("settings", &self.settings).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
