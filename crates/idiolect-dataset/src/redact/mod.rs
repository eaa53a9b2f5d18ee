//! What identifies people or opens their doors out, numbered placeholders in (spec §9.3). One recognizer per file or folder.

mod beside;
mod kind;
mod ledger;
pub(crate) mod placeholder;
mod recognizers;
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
mod emphasis;
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

pub use kind::{KindSet, PiiKind};
pub use ledger::Ledger;
pub use phone::digit_value;
pub use redacted::RedactedText;
pub(crate) use redacted::{Redacted, RedactedWords};
pub(crate) use region::CountryCodes;
pub use region::Region;
pub use settings::RedactionSettings;
pub use span::Span;

use crate::RedactionError;
use crate::look::{Look, Mark};
pub(crate) use ascii::may_be_decomposed;
pub(crate) use beside::{BesideReader, announces, may_announce};
pub(crate) use emphasis::EMPHASIS;
pub(crate) use numbers::{may_be_number, may_lead_number};
use phrases::Phrases;
pub(crate) use recognizers::Found;
use recognizers::Seen;
use rewritten::Rewritten;
use scan::Scan;
pub(crate) use scan::announcements;

/// Changes with every change of what a recognizer finds or how a placeholder is written.
pub const RULESET_VERSION: &str = "redaction/31";

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
            deny: Phrases::with_marks(settings.deny.iter().map(String::as_str)),
        }
    }

    /// Everything to redact in `text`: byte spans on character borders, in order, none overlapping.
    ///
    /// `region` overrules the settings' one. Placeholders already in `text` are never touched. What is only found once the rest is
    /// redacted, as [`redact`](Self::redact) finds it, is among the spans.
    pub fn find(&self, text: &str, region: Option<Region>) -> Result<Vec<Span>, RedactionError> {
        Ok(self.look_through(text, region.or(self.settings.region), &mut Ledger::new())?.0)
    }

    /// `text` with a numbered placeholder for everything found; `ledger` keeps the numbers of one dataset.
    ///
    /// Redacting the result again changes nothing. On an error the text must not be used.
    pub fn redact(&self, text: &str, ledger: &mut Ledger) -> Result<RedactedText, RedactionError> {
        Ok(self.redact_and_find(text, ledger)?.1)
    }

    /// As [`redact`](Self::redact), with what [`find`](Self::find) finds before it.
    pub fn redact_and_find(
        &self,
        text: &str,
        ledger: &mut Ledger,
    ) -> Result<(Vec<Span>, RedactedText), RedactionError> {
        let (spans, redacted) = self.look_through(text, self.settings.region, ledger)?;
        Ok((spans, redacted.words.into_text()))
    }

    fn look_through<'t>(
        &self,
        text: &'t str,
        region: Option<Region>,
        ledger: &mut Ledger,
    ) -> Result<(Vec<Span>, Redacted<'t>), RedactionError> {
        let look = Look::at(text);
        let found = within_limit(text).and_then(|()| self.find_after(look, text, region));
        self.replace_all(look, Cow::Borrowed(text), found, region, ledger)
    }

    /// What is found at once in `text`, after a `look` at it.
    fn find_after(&self, look: Look, text: &str, region: Option<Region>) -> Found {
        self.find_in(self.suspicious(look, text, region)?)
    }

    fn find_in(&self, seen: Option<Seen<'_>>) -> Found {
        let Some(seen) = seen else { return Ok(Vec::new()) };
        let mut texts = [(seen, Ok(Vec::new()))];
        self.recognize(&mut texts);
        let [(_, found)] = texts;
        found
    }

    /// What is found at once in each of `texts`, after a look at it; in their order.
    pub(crate) fn find_together<'t>(&self, texts: impl Iterator<Item = (Look, &'t str)>) -> Vec<Found> {
        let (mut suspicious, mut places) = (Vec::new(), Vec::new());
        let unsuspicious = texts.enumerate().map(|(place, (look, text))| {
            within_limit(text)?;
            if let Some(seen) = self.suspicious(look, text, self.settings.region)? {
                suspicious.push((seen, Ok(Vec::new())));
                places.push(place);
            }
            Ok(Vec::new())
        });
        let mut all: Vec<Found> = unsuspicious.collect();
        self.recognize(&mut suspicious);
        for ((_, found), place) in suspicious.into_iter().zip(places) {
            all[place] = found;
        }
        all
    }

    /// `text`, after a `look` at it, if something may be found in it.
    fn suspicious<'t>(
        &self,
        look: Look,
        text: &'t str,
        region: Option<Region>,
    ) -> Result<Option<Seen<'t>>, RedactionError> {
        let own_words = self.settings.greeting_names || !self.names.is_empty() || !self.deny.is_empty();
        recognizers::guarded(|| {
            let scan = Scan::of(look, text);
            let decomposed = || scan.not_ascii() && ascii::may_be_decomposed(text);
            (own_words || scan.is_suspicious() || decomposed()).then(|| Seen::of(scan, text, region))
        })
    }

    fn recognize(&self, texts: &mut [(Seen<'_>, Found)]) {
        recognizers::recognize(self.settings.kinds, texts);
        self.recognize_plain(texts);
        for (seen, found) in texts {
            recognizers::go_on(found, |found| self.complete(seen, found));
        }
    }

    /// What is found in those of `texts` that a plain keyboard writes otherwise, written so.
    fn recognize_plain(&self, texts: &mut [(Seen<'_>, Found)]) {
        let mut written = Vec::new();
        for (place, (seen, found)) in texts.iter_mut().enumerate().filter(|(_, (seen, _))| seen.may_be_rewritten()) {
            recognizers::go_on(found, |_| {
                let plain = ascii::in_ascii(seen.text, seen.scan.announces_any());
                written.extend(plain.map(|plain| (place, plain)));
                Ok(())
            });
        }
        let suspicious = written.iter().filter_map(|(place, plain)| {
            let (seen, found) = &mut texts[*place];
            match self.suspicious(Look::at(&plain.text), &plain.text, seen.region) {
                Ok(again) => Some(((*place, plain), again?.written_plainly())),
                Err(error) => {
                    *found = Err(error);
                    None
                }
            }
        });
        let (places, mut again): (Vec<_>, Vec<_>) =
            suspicious.map(|(place, seen)| (place, (seen, Ok(Vec::new())))).unzip();
        if again.is_empty() {
            return;
        }
        self.recognize(&mut again);
        for ((place, plain), (_, again)) in places.into_iter().zip(again) {
            let (seen, found) = &mut texts[place];
            recognizers::go_on(found, |found| {
                let again = again?.into_iter().map(|span| {
                    let range = emphasis::trimmed(seen.text, plain.original(span.range));
                    Span { range, ..span }
                });
                found.extend(again.filter(|span| !span.range.is_empty()));
                Ok(())
            });
        }
    }

    /// What depends on the user's own words, or on what was found before it.
    fn complete(&self, seen: &Seen<'_>, found: &mut Vec<Span>) -> Result<(), RedactionError> {
        let (text, region) = (seen.text, seen.region);
        let on = |kind| self.settings.kinds.contains(kind);
        if on(PiiKind::Name) && (self.settings.greeting_names || !self.names.is_empty()) {
            name::find(text, &self.names, self.settings.greeting_names, found);
        }
        if on(PiiKind::OneTimeCode) && seen.scan.cluster >= one_time_code::FEWEST_DIGITS {
            one_time_code::find_alone(text, found);
        }
        if !found.is_empty() {
            self.spare_allowed(text, region, found);
        }
        if on(PiiKind::Word) && !self.deny.is_empty() {
            let words = self.deny.find(text).into_iter();
            found.extend(words.map(|range| Span::new(PiiKind::Word, "word/deny_list", range)));
        }
        if !found.is_empty() {
            if seen.scan.bracket() {
                placeholder::spare(text, found);
            }
            span::settle(found);
        }
        Ok(())
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

    /// `text`, after a `look` at it and what was `found` in it, redacted by the settings; it is not copied if that is nothing.
    pub(crate) fn redact_found<'a>(
        &self,
        look: Look,
        text: Cow<'a, str>,
        found: Found,
        ledger: &mut Ledger,
    ) -> Result<Redacted<'a>, RedactionError> {
        Ok(self.replace_all(look, text, found, self.settings.region, ledger)?.1)
    }

    /// Replaces what was `found` in `text` and what is found after that, until nothing is; with the spans of all of it.
    fn replace_all<'a>(
        &self,
        mut look: Look,
        text: Cow<'a, str>,
        found: Found,
        region: Option<Region>,
        ledger: &mut Ledger,
    ) -> Result<(Vec<Span>, Redacted<'a>), RedactionError> {
        let (mut redacted, mut found) = (text, found?);
        let (mut all, mut passes) = (Vec::new(), Vec::<Rewritten>::new());
        for _ in 1..MAX_PASSES {
            if found.is_empty() {
                break;
            }
            let mut pass = ledger.replace(&redacted, &found, region);
            redacted = Cow::Owned(std::mem::take(&mut pass.text));
            all.extend(found.into_iter().map(|span| {
                let range = passes.iter().rev().fold(span.range, |range, pass| pass.original(range));
                Span { range, ..span }
            }));
            passes.push(pass);
            look = Look::at(&redacted);
            found = self.find_after(look, &redacted, region)?;
        }
        if !found.is_empty() {
            return Err(RedactionError::Unsettled { passes: MAX_PASSES });
        }
        span::settle(&mut all);
        Ok((all, Redacted::vouched(redacted, look.holds(Mark::OpeningBracket))))
    }
}

/// Of a text as it came: with its placeholders it may be longer.
fn within_limit(text: &str) -> Result<(), RedactionError> {
    match text.len() {
        bytes if bytes > MAX_MESSAGE_BYTES => Err(RedactionError::TooLong { bytes, limit: MAX_MESSAGE_BYTES }),
        _ => Ok(()),
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
