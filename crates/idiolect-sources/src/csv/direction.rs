//! A column that says which messages were sent and which received.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::columns::is_of_word;
use super::direction_words::{RECEIVED, SENT, UNSENT, WEAK};
use super::truth_words::{FALSE, NO, TRUE, YES};
use super::unsent_words;
use crate::reason;

/// More kinds of values than that are no such column.
const MAX_VALUES: usize = 32;

/// The share of rows up to which values that mean nothing are odd ones: a table's notices, drafts and calls.
const ODD_ONES: u64 = 4;

/// The values of the column as they are written, counted over the whole file.
#[derive(Default)]
pub(super) struct Marks {
    values: BTreeMap<String, u64>,
    too_many: u64,
}

/// What each value means, if anything.
#[derive(Default)]
pub(super) struct Directions(BTreeMap<String, Option<Said>>);

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Sent,
    Received,
    /// Written and not sent, and why.
    Unsent(&'static str),
}

impl Marks {
    pub(super) fn note(&mut self, value: &str) {
        if let Some(count) = self.values.get_mut(value) {
            *count += 1;
        } else if self.values.len() < MAX_VALUES {
            self.values.insert(value.to_owned(), 1);
        } else {
            self.too_many += 1;
        }
    }

    /// How many rows have a value that means nothing, if that is more than the odd one. Those are counted as malformed.
    pub(super) fn unknown(&self) -> Option<u64> {
        let directions = self.directions();
        let known = |(value, _): &(&String, &u64)| directions.said(value).is_some();
        let all: u64 = self.values.values().sum::<u64>() + self.too_many;
        let known: u64 = self.values.iter().filter(known).map(|(_, count)| count).sum();
        (all > 0 && (all - known) * ODD_ONES > all).then_some(all - known)
    }

    /// Whether any value means that a message was sent.
    pub(super) fn say_sent(&self) -> bool {
        self.directions().0.values().any(|meaning| *meaning == Some(Said::Sent))
    }

    /// What was taken for granted, for the report: to a gateway of texts "MO" is what it received.
    pub(super) fn assumed(&self) -> Option<String> {
        let is_of_mobile = |value: &String| plain(value).split(' ').any(|word| word == "mo" || word == "mt");
        let said = || "MO was read as sent by you and MT as received, as in the log of a phone.".to_owned();
        self.values.keys().any(is_of_mobile).then(said)
    }

    pub(super) fn directions(&self) -> Directions {
        let plain: Vec<(&String, String)> = self.values.keys().map(|value| (value, plain(value))).collect();
        let are_boxes = plain.iter().any(|(_, value)| value == "2");
        let meaning = |value: &str| {
            let of_words = || {
                let said = meaning(value).map(|is_mine| if is_mine { Said::Sent } else { Said::Received });
                said.or_else(|| unsent_words::reason(&value.replace(' ', "")).map(Said::Unsent))
            };
            if are_boxes { of_box(value) } else { of_words() }
        };
        Directions(plain.into_iter().map(|(value, plain)| (value.clone(), meaning(&plain))).collect())
    }
}

impl Directions {
    /// What a row with this value is.
    pub(super) fn said(&self, value: &str) -> Option<Said> {
        self.0.get(value).copied().flatten()
    }
}

/// Android's numbers of SMS boxes.
fn of_box(value: &str) -> Option<Said> {
    match value {
        "1" => Some(Said::Received),
        "2" => Some(Said::Sent),
        "3" => Some(Said::Unsent(reason::DRAFT)),
        "4" | "6" => Some(Said::Unsent(reason::QUEUED)),
        "5" => Some(Said::Unsent(reason::SEND_FAILED)),
        _ => None,
    }
}

/// Why a row was not sent, as a column of states says; `None` where it was, or may have been.
pub(super) fn unsent(state: &str) -> Option<&'static str> {
    unsent_words::reason(&plain(state).replace(' ', ""))
}

/// Whether it means that a message was sent.
fn meaning(value: &str) -> Option<bool> {
    let is_of = |words: [&[&str]; 2], value: &str| words.iter().any(|words| words.contains(&value));
    let told = |value: &str| match (is_of([SENT, TRUE], value), is_of([RECEIVED, FALSE], value)) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    };
    let whole = value.replace(' ', "");
    // Before another word it may mean something else.
    let answer = || match (is_of([YES, &[]], &whole), is_of([NO, &[]], &whole)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    };
    told(&whole).or_else(answer).or_else(|| {
        // One word of several tells, such as "sent message", if no other says the contrary.
        let mut words = value.split(' ').filter(|word| word.chars().count() > 1 && !WEAK.contains(word));
        if words.clone().any(|word| UNSENT.contains(&word)) {
            return None;
        }
        let first = words.find_map(told)?;
        words.filter_map(told).all(|next| next == first).then_some(first)
    })
}

/// Words of letters and digits in small letters; arrows as what they mean.
pub(super) fn plain(value: &str) -> String {
    let lower: String = value.nfc().flat_map(char::to_lowercase).map(|c| if is_of_word(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = lower.split_whitespace().collect();
    match words.is_empty() {
        true if value.contains(['>', '→', '⇒', '↑']) => "out".to_owned(),
        true if value.contains(['<', '←', '⇐', '↓']) => "in".to_owned(),
        _ => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(values: &[&str]) -> Marks {
        let mut marks = Marks::default();
        values.iter().for_each(|value| marks.note(value));
        marks
    }

    #[test]
    fn values_of_many_languages_mean_sent_or_received() {
        let said = marks(&["Gesendet", "empfangen", "OUTBOUND", "1", "0"]);
        assert_eq!(said.unknown(), None);
        assert_eq!(
            ["Gesendet", "empfangen", "1", "0", "?"].map(|value| said.directions().said(value)),
            [Some(Said::Sent), Some(Said::Received), Some(Said::Sent), Some(Said::Received), None]
        );
        for (mine, theirs) in [
            ("->", "<-"),
            ("To", "From"),
            ("SMS Sent", "SMS Received"),
            ("sent by me", "received by me"),
            ("Poslano", "Prejeto"),
            ("보낸 메시지", "받은 메시지"),
            ("in uscita", "in arrivo"),
            ("from_me", "to_me"),
            ("MO", "MT"),
            ("भेजा", "प्राप्त"),
            ("ส่ง", "ได้รับ"),
            ("t", "f"),
            ("WAHR", "FALSCH"),
            ("DOĞRU", "YANLIŞ"),
            ("sí", "no"),
            ("Sì", "No"),
            ("sim", "não"),
            ("ja", "nee"),
            ("ja", "nej"),
            ("ja", "nei"),
            ("да", "нет"),
            ("tak", "nie"),
            ("EVET", "HAYIR"),
            ("kyllä", "ei"),
            ("はい", "いいえ"),
            ("是", "否"),
            ("áno", "nie"),
            ("igen", "nem"),
            ("da", "nu"),
            ("ΑΛΗΘΗΣ", "ΨΕΥΔΗΣ"),
        ] {
            let said = marks(&[mine, theirs]);
            let said = said.directions();
            assert_eq!(
                (said.said(mine), said.said(theirs)),
                (Some(Said::Sent), Some(Said::Received)),
                "{mine}, {theirs}"
            );
        }
        assert_eq!(marks(&["not quite sent"]).unknown(), Some(1));
        // A notice among a few messages is no reason to refuse the table.
        assert_eq!(marks(&["sent", "received", "sent", "sent", "joined"]).unknown(), None);
        assert_eq!(marks(&["text", "image"]).unknown(), Some(2));
    }

    #[test]
    fn a_column_that_is_not_understood_is_named_where_the_senders_do_not_tell_either() {
        let table = "date,from_me,contact,text\n2026-02-01 10:00,agha,Lux,one\n2026-02-01 10:01,aha,Lux,two\n";
        let error = crate::fixture::Fixture::new([("table.csv", table)]).me("Wren").error();
        for part in ["sent by the one whom --me names, and of the column from_me", "2 values are not understood"] {
            assert!(error.contains(part), "{error}");
        }
        let answers = table.replace("agha", "sí").replace("aha", "no");
        assert_eq!(crate::fixture::Fixture::new([("table.csv", answers.as_str())]).me("Wren").texts(), ["one"]);
    }

    #[test]
    fn what_was_not_sent_is_known_by_its_box_or_word() {
        let boxes = marks(&["1", "2", "3", "5", "6", "7"]).directions();
        assert_eq!(
            ["1", "2", "3", "5", "6", "7"].map(|value| boxes.said(value)),
            [
                Some(Said::Received),
                Some(Said::Sent),
                Some(Said::Unsent(reason::DRAFT)),
                Some(Said::Unsent(reason::SEND_FAILED)),
                Some(Said::Unsent(reason::QUEUED)),
                None
            ]
        );
        let words = marks(&["not sent", "Entwurf"]);
        assert_eq!(words.unknown(), None);
        assert_eq!(words.directions().said("not sent"), Some(Said::Unsent(reason::SEND_FAILED)));
        assert_eq!(
            ["Fehlgeschlagen", "Delivered", "", "queued"].map(unsent),
            [Some(reason::SEND_FAILED), None, None, Some(reason::QUEUED)]
        );
    }
}
