//! Which column holds what, from the names in the header.

use std::borrow::Cow;

use super::column_words::{CONVERSATION, DAY_TIME, FROM_ME, ID, RECIPIENTS, SENDER, TEXT, TIME};
use super::options::CsvOptions;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns {
    time: usize,
    /// The time of day, where it has a column of its own beside the date.
    day_time: Option<usize>,
    pub(super) text: usize,
    pub(super) sender: Option<usize>,
    pub(super) from_me: Option<usize>,
    pub(super) conversation: Option<usize>,
    pub(super) id: Option<usize>,
    pub(super) recipients: Option<usize>,
    pub(super) all_mine: bool,
}

impl Columns {
    /// What is missing is named.
    pub(super) fn find(header: &csv::StringRecord, options: &CsvOptions) -> Result<Self, &'static str> {
        let names: Vec<String> = header.iter().map(plain).collect();
        let find = |given: &Option<String>, words: &[&str]| match given {
            Some(given) => header.iter().position(|name| name.trim() == given.trim()),
            // The words come in order of how much they say.
            None => words.iter().find_map(|word| names.iter().position(|name| name == word)),
        };
        let time = find(&options.time, TIME).or_else(|| find(&None, DAY_TIME)).ok_or("the time")?;
        let text = find(&options.text, TEXT).ok_or("the text")?;
        let day_time = match options.time {
            Some(_) => None,
            None => find(&None, DAY_TIME).filter(|column| *column != time),
        };
        let columns = Self {
            time,
            day_time,
            text,
            sender: find(&options.sender, SENDER).filter(|column| ![time, text].contains(column)),
            from_me: find(&options.from_me, FROM_ME).filter(|column| ![time, text].contains(column)),
            conversation: find(&options.conversation, CONVERSATION),
            id: find(&options.id, ID),
            recipients: find(&None, RECIPIENTS),
            all_mine: options.all_mine,
        };
        match columns.all_mine || columns.sender.is_some() || columns.from_me.is_some() {
            true => Ok(columns),
            false => Err("who sent a message (if all are yours, say --csv all-mine=true)"),
        }
    }

    /// The time as it stands in a row.
    pub(super) fn time<'r>(&self, row: &'r csv::StringRecord) -> Option<Cow<'r, str>> {
        let time = row.get(self.time)?;
        match self.day_time.and_then(|column| row.get(column)) {
            Some(day_time) => Some(format!("{time} {day_time}").into()),
            None => Some(time.into()),
        }
    }
}

/// Letters and digits in small letters: `Message ID`, `message_id` and `messageId` are one.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(header: &[&str]) -> Result<Columns, &'static str> {
        Columns::find(&csv::StringRecord::from(header.to_vec()), &CsvOptions::default())
    }

    #[test]
    fn columns_are_found_by_their_names() {
        let columns = find(&["message_id", "timestamp", "direction", "sender", "conversation_id", "text"]).unwrap();
        assert_eq!((columns.time, columns.text, columns.sender, columns.from_me), (1, 5, Some(3), Some(2)));
        assert_eq!((columns.conversation, columns.id, columns.day_time), (Some(4), Some(0), None));
        let columns = find(&["Datum", "Uhrzeit", "Absender", "Nachricht"]).unwrap();
        assert_eq!((columns.time, columns.day_time, columns.sender, columns.text), (0, Some(1), Some(2), 3));
        assert_eq!(find(&["a", "text", "sender"]), Err("the time"));
        assert_eq!(find(&["date", "b", "sender"]), Err("the text"));
        assert!(find(&["ID", "Timestamp", "Contents", "Attachments"]).unwrap_err().starts_with("who sent"));
    }
}
