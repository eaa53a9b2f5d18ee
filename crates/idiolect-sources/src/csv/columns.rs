//! Which column holds what, from the names in the header or as the options say.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::column_words::{
    CONVERSATION, DAY_TIME, FOLDER, FORWARDED, FROM_ME, ID, RECIPIENTS, SENDER, SENDER_ID, SENT, STATE, TEXT, TIME,
};
use super::options::CsvOptions;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Columns {
    time: usize,
    /// Others with a time, for rows in which the first has none: when it was sent is written of what was received alone.
    other_times: Vec<usize>,
    /// The time of day, where it has a column of its own beside the date.
    day_time: Option<usize>,
    pub(super) text: usize,
    pub(super) sender: Option<usize>,
    pub(super) sender_id: Option<usize>,
    pub(super) state: Option<usize>,
    pub(super) forwarded: Option<usize>,
    /// Those that may say who sent a message, the likeliest first: of several only their values tell which one does.
    pub(super) marks: Vec<MarkColumn>,
    pub(super) conversation: Option<usize>,
    pub(super) id: Option<usize>,
    pub(super) recipients: Option<usize>,
    pub(super) all_mine: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MarkColumn {
    pub(super) column: usize,
    /// It is called a folder, as in LinkedIn's export, where all messages can be in the inbox.
    pub(super) is_folder: bool,
}

/// What a header lacks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// A column for this, as far as names tell.
    For(&'static str),
    /// The column that an option names, `KEY=VALUE`.
    Named(String),
}

impl Columns {
    /// What is missing is named.
    pub(super) fn find(header: &csv::StringRecord, options: &CsvOptions) -> Result<Self, Missing> {
        let named = options.columns().into_iter().filter_map(|(key, name)| Some((key, name.as_deref()?)));
        for (key, name) in named {
            if column(header, name).is_none() && (key != "time" || given_times(header, name).is_none()) {
                return Err(Missing::Named(format!("{key}={name}")));
            }
        }
        let names: Vec<String> = header.iter().map(plain).collect();
        let named = |word: &str| names.iter().position(|name| name == word);
        let find = |given: &Option<String>, words: &str| match given {
            Some(given) => column(header, given),
            // The words come in order of how much they say.
            None => words.split_whitespace().find_map(named),
        };
        let (time, day_time) = match &options.time {
            Some(given) => given_times(header, given),
            None => {
                let day_time = find(&None, DAY_TIME);
                let time = find(&None, TIME).or(day_time).or_else(|| find(&None, SENT));
                time.map(|time| (time, day_time.filter(|column| *column != time)))
            }
        }
        .ok_or(Missing::For("the time"))?;
        let text = find(&options.text, TEXT).ok_or(Missing::For("the text"))?;
        let marks: Vec<usize> = match &options.from_me {
            Some(given) => column(header, given).into_iter().collect(),
            None => FROM_ME.split_whitespace().chain(SENT.split_whitespace()).filter_map(named).collect(),
        };
        let other_times = match &options.time {
            None if day_time.is_none() => {
                TIME.split_whitespace().filter_map(named).filter(|column| ![time, text].contains(column)).collect()
            }
            _ => Vec::new(),
        };
        let other = |words: &str| find(&None, words).filter(|column| ![time, text].contains(column));
        let is_folder = |column: usize| FOLDER.split_whitespace().any(|word| word == names[column]);
        let marks = marks.into_iter().filter(|column| ![time, text].contains(column));
        let columns = Self {
            time,
            other_times,
            day_time,
            text,
            sender: find(&options.sender, SENDER).filter(|column| ![time, text].contains(column)),
            sender_id: other(SENDER_ID),
            state: other(STATE),
            forwarded: other(FORWARDED),
            marks: marks.map(|column| MarkColumn { column, is_folder: is_folder(column) }).collect(),
            conversation: find(&options.conversation, CONVERSATION),
            id: find(&options.id, ID),
            recipients: find(&None, RECIPIENTS),
            all_mine: options.all_mine,
        };
        match columns.all_mine || columns.sender.is_some() || !columns.marks.is_empty() {
            true => Ok(columns),
            false => Err(Missing::For("who sent a message (if all are yours, say --csv all-mine=true)")),
        }
    }

    /// The time as it stands in a row.
    pub(super) fn time<'r>(&self, row: &'r csv::StringRecord) -> Option<Cow<'r, str>> {
        let is_set = |cell: &&str| !matches!(cell.trim(), "" | "0");
        let first = row.get(self.time)?;
        let others = || self.other_times.iter().filter_map(|column| row.get(*column)).find(is_set);
        let time = Some(first).filter(is_set).or_else(others).unwrap_or(first);
        match self.day_time.and_then(|column| row.get(column)) {
            Some(day_time) => Some(format!("{time} {day_time}").into()),
            None => Some(time.into()),
        }
    }
}

/// The column of the time, or those of the day and of the time of day, which a comma separates.
fn given_times(header: &csv::StringRecord, given: &str) -> Option<(usize, Option<usize>)> {
    let whole = column(header, given).map(|time| (time, None));
    whole.or_else(|| {
        given.split_once(',').and_then(|(day, time)| Some((column(header, day)?, Some(column(header, time)?))))
    })
}

/// The column called `given`, or the one with that number, from 1.
fn column(header: &csv::StringRecord, given: &str) -> Option<usize> {
    let given = given.trim();
    let by_number =
        || given.parse().ok().filter(|number| (1..=header.len()).contains(number)).map(|number: usize| number - 1);
    header.iter().position(|name| name.trim() == given).or_else(by_number)
}

/// Vowels and accents that are characters of their own belong to their letters.
pub(super) fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Letters and digits in small letters: `Message ID`, `message_id` and `messageId` are one.
fn plain(name: &str) -> String {
    name.nfc().filter(|c| is_of_word(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Columns {
        fn mark(&self) -> Option<usize> {
            self.marks.first().map(|mark| mark.column)
        }
    }

    fn find(header: &[&str]) -> Result<Columns, Missing> {
        Columns::find(&csv::StringRecord::from(header.to_vec()), &CsvOptions::default())
    }

    #[test]
    fn columns_are_found_by_their_names() {
        let columns = find(&["message_id", "timestamp", "direction", "sender", "conversation_id", "text"]).unwrap();
        assert_eq!((columns.time, columns.text, columns.sender, columns.mark()), (1, 5, Some(3), Some(2)));
        assert_eq!((columns.conversation, columns.id, columns.day_time), (Some(4), Some(0), None));
        let columns = find(&["Datum", "Uhrzeit", "Absender", "Nachricht"]).unwrap();
        assert_eq!((columns.time, columns.day_time, columns.sender, columns.text), (0, Some(1), Some(2), 3));
        let columns = find(&["Gesendet", "Von", "An", "Nachricht"]).unwrap();
        assert_eq!((columns.time, columns.sender, columns.mark()), (0, Some(1), None));
        let columns = find(&["Tarih ve saat", "Yön", "Gönderen", "Mesaj metni"]).unwrap();
        assert_eq!((columns.time, columns.mark(), columns.sender, columns.text), (0, Some(1), Some(2), 3));
        let columns = find(&["Tarikh", "Masa", "Arah", "Penghantar", "Mesej"]).unwrap();
        assert_eq!((columns.time, columns.day_time, columns.mark(), columns.sender), (0, Some(1), Some(2), Some(3)));
        let columns = find(&["Pa\u{308}iva\u{308}ma\u{308}a\u{308}ra\u{308}", "ผู้ส่ง", "संदेश"]).unwrap();
        assert_eq!((columns.time, columns.sender, columns.text), (0, Some(1), 2));
        let columns = find(&["日付", "時刻", "名前", "本文"]).unwrap();
        assert_eq!((columns.time, columns.day_time, columns.sender, columns.text), (0, Some(1), Some(2), 3));
        let columns = find(&["Time", "Sent", "Text"]).unwrap();
        assert_eq!((columns.time, columns.day_time, columns.mark()), (0, None, Some(1)));
        assert_eq!(find(&["a", "text", "sender"]), Err(Missing::For("the time")));
        assert_eq!(find(&["date", "b", "sender"]), Err(Missing::For("the text")));
        let missing = find(&["ID", "Timestamp", "Contents", "Attachments"]).unwrap_err();
        assert!(matches!(missing, Missing::For(what) if what.starts_with("who sent")));
    }

    #[test]
    fn columns_are_given_by_name_or_number() {
        let find = |options: &[&str]| {
            let mut given = CsvOptions::default();
            options.iter().for_each(|option| given.set(option).unwrap());
            Columns::find(&csv::StringRecord::from(vec!["a", "b", "c", "d, e", "2"]), &given)
        };
        let columns = find(&["time=a,b", "sender=3", "text=d, e"]).unwrap();
        assert_eq!((columns.time, columns.day_time, columns.sender, columns.text), (0, Some(1), Some(2), 3));
        // A name goes before a number.
        assert_eq!(find(&["time=1", "sender=2", "text=3"]).unwrap().sender, Some(4));
        for number in ["0", "6", "-1", "", "a,6"] {
            let time = format!("time={number}");
            assert_eq!(find(&[&time, "sender=3", "text=4"]).unwrap_err(), Missing::Named(time));
        }
        for wrong in ["sender=z", "text=6", "conversation=z", "id=z", "from-me=z"] {
            assert_eq!(find(&["time=1", "text=3", "sender=2", wrong]).unwrap_err(), Missing::Named(wrong.into()));
        }
    }
}
