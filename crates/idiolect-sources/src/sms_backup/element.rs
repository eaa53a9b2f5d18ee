//! `<sms>` and `<mms>` with their attributes. What is not there is written as the word "null".

use std::collections::HashMap;

use idiolect_dataset::is_texted_reaction;
use jiff::Timestamp;

use crate::reading::{Sent, TELLING_DIGITS, same_handle};
use crate::reason;
use crate::xml::Tag;

/// Texts of one message's parts, in bytes all together.
const MAX_TEXT: usize = 1024 * 1024;
/// Below it a time is in seconds: 1973 in milliseconds.
const SECONDS_BELOW: i64 = 100_000_000_000;
/// Stands for the phone's own number.
const OWN_NUMBER: &str = "insert-address-token";

/// A message of either kind.
pub(super) struct Element {
    pub(super) line: u64,
    /// By the box it lies in.
    pub(super) sent_by_me: bool,
    pub(super) sent: Sent,
    pub(super) text: String,
    pub(super) addresses: Vec<String>,
    pub(super) contact: Option<String>,
    not_sent: Option<&'static str>,
    is_mms: bool,
    unreadable: bool,
}

impl Element {
    /// An `<sms>`, or an `<mms>` whose parts are still to come.
    pub(super) fn new(tag: &Tag<'_>, line: u64) -> Self {
        let is_mms = tag.is("mms");
        let state = value(tag, if is_mms { "msg_box" } else { "type" });
        let not_sent = match state.as_deref() {
            Some("3") => Some(reason::DRAFT),
            Some("5") => Some(reason::SEND_FAILED),
            Some("4" | "6") => Some(reason::QUEUED),
            _ => None,
        };
        let addresses = value(tag, "address").map(|address| address.split('~').filter_map(address_key).collect());
        let body = if is_mms { None } else { value(tag, "body") };
        Self {
            line,
            sent_by_me: matches!(state.as_deref(), Some("2" | "3" | "4" | "5" | "6")),
            sent: value(tag, "date").and_then(|date| time(&date)).map_or(Sent::Unknown, Sent::At),
            unreadable: body.is_none() && !is_mms && tag.has("body") && !is_null(tag, "body"),
            text: body.unwrap_or_default(),
            addresses: addresses.unwrap_or_default(),
            contact: value(tag, "contact_name").filter(|name| name != "(Unknown)"),
            not_sent,
            is_mms,
        }
    }

    /// A `<part>` of an `<mms>`: its text, if it is one.
    pub(super) fn add_part(&mut self, tag: &Tag<'_>) {
        // Some phones put the charset behind it.
        let is_plain =
            |kind: &str| kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/plain"));
        if !value(tag, "ct").is_some_and(|kind| is_plain(&kind)) {
            return;
        }
        match value(tag, "text") {
            Some(text) if self.text.len() + text.len() <= MAX_TEXT => {
                if !self.text.is_empty() {
                    self.text.push('\n');
                }
                self.text.push_str(&text);
            }
            Some(_) => self.unreadable = true,
            None => self.unreadable |= tag.has("text") && !is_null(tag, "text"),
        }
    }

    pub(super) fn not_typed(&self) -> Option<&'static str> {
        match (self.not_sent, self.unreadable, self.text.trim().is_empty()) {
            (Some(reason), ..) => Some(reason),
            (_, true, _) => Some(reason::UNREADABLE_BODY),
            (_, _, true) if self.is_mms => Some(reason::ATTACHMENT_ONLY),
            _ => is_texted_reaction(&self.text).then_some(reason::TAPBACK),
        }
    }

    /// With whom, the same in every backup of the phone.
    pub(super) fn conversation(&self, numbers: &mut Numbers) -> Option<String> {
        let mut addresses: Vec<String> = self.addresses.iter().map(|address| numbers.first_spelling(address)).collect();
        addresses.sort();
        (!addresses.is_empty()).then(|| addresses.join("~"))
    }

    pub(super) fn recipients(&self) -> Option<u32> {
        u32::try_from(self.addresses.len()).ok().filter(|count| *count > 0)
    }
}

/// Numbers whose first spelling is kept,
const MAX_NUMBERS: usize = 100_000;
/// and of those that end alike.
const MAX_ALIKE: usize = 16;

/// How each number was written first: one backup may have it with its country's digits and another without.
#[derive(Default)]
pub(super) struct Numbers {
    /// By their last digits.
    spellings: HashMap<String, Vec<String>>,
}

impl Numbers {
    fn first_spelling(&mut self, address: &str) -> String {
        let digits = address.strip_prefix('+').unwrap_or(address);
        if digits.len() < TELLING_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return address.to_owned();
        }
        let end = &digits[digits.len() - TELLING_DIGITS..];
        let known = self.spellings.get(end).map_or(&[][..], Vec::as_slice);
        if let Some(spelling) = known.iter().find(|spelling| same_handle(spelling, address)) {
            return spelling.clone();
        }
        if known.len() < MAX_ALIKE && self.spellings.len() < MAX_NUMBERS {
            self.spellings.entry(end.to_owned()).or_default().push(address.to_owned());
        }
        address.to_owned()
    }
}

fn value(tag: &Tag<'_>, name: &str) -> Option<String> {
    tag.attribute(name).filter(|value| value != "null")
}

fn is_null(tag: &Tag<'_>, name: &str) -> bool {
    tag.attribute(name).is_some_and(|value| value == "null")
}

/// An address without the separators that phones put into numbers, in one way or another.
fn address_key(address: &str) -> Option<String> {
    let address = address.trim();
    let is_number = address.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
    let key: String = match is_number {
        true => address.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        false => address.to_owned(),
    };
    (!key.is_empty() && key != OWN_NUMBER && key != "null").then_some(key)
}

/// Milliseconds, or seconds as some wrote for MMS.
fn time(number: &str) -> Option<Timestamp> {
    let number: i64 = number.trim().parse().ok()?;
    match number {
        ..=0 => None,
        1..SECONDS_BELOW => Timestamp::from_second(number).ok(),
        _ => Timestamp::from_millisecond(number).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_milliseconds_or_seconds() {
        let utc = |number| time(number).map(|timestamp| timestamp.to_string());
        assert_eq!(utc("1768478400250").unwrap(), "2026-01-15T12:00:00.25Z");
        assert_eq!(utc("1768478400").unwrap(), "2026-01-15T12:00:00Z");
        assert_eq!(utc("0"), None);
        assert_eq!(utc("soon"), None);
    }

    #[test]
    fn a_number_is_one_with_and_without_its_country() {
        let mut numbers = Numbers::default();
        assert_eq!(numbers.first_spelling("+447911123456"), "+447911123456");
        assert_eq!(numbers.first_spelling("07911123456"), "+447911123456");
        assert_eq!(numbers.first_spelling("+447911123456"), "+447911123456");
        for neighbour in ["+12125550101", "+13125550101"] {
            assert_eq!(numbers.first_spelling(neighbour), neighbour);
        }
        assert_eq!(numbers.first_spelling("3125550101"), "+13125550101");
        assert_eq!(numbers.first_spelling("12345"), "12345");
        assert_eq!(numbers.first_spelling("Parcel Co"), "Parcel Co");
    }

    #[test]
    fn an_address_is_one_however_it_is_written() {
        assert_eq!(address_key("+1 (212) 555-0134").unwrap(), "+12125550134");
        assert_eq!(address_key("ana@example.com").unwrap(), "ana@example.com");
        assert_eq!(address_key("insert-address-token"), None);
        assert_eq!(address_key(" "), None);
    }
}
