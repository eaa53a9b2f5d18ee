//! What can be said about a table instead of having it detected.

use std::str::FromStr;

/// `None` is detected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvOptions {
    /// Between the columns.
    pub separator: Option<u8>,
    /// By its label in the WHATWG's Encoding standard, such as `windows-1252`.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// As `strftime` writes it, or `excel` or `excel1904` for a spreadsheet's count of days.
    pub time_format: Option<String>,
    pub time: Option<String>,
    pub text: Option<String>,
    pub sender: Option<String>,
    pub from_me: Option<String>,
    pub conversation: Option<String>,
    pub id: Option<String>,
    /// Every row is the person's own.
    pub all_mine: bool,
}

/// Why `KEY=VALUE` is no option of a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CsvOptionError {
    #[error("--csv {given}: is not KEY=VALUE, where KEY is one of {KEYS}")]
    NoKey { given: String },
    #[error("--csv separator={given}: is not one character; write it like separator=';' or separator=tab")]
    Separator { given: String },
    #[error("--csv encoding={given}: is not a known encoding; write it like windows-1252 or utf-16le")]
    Encoding { given: String },
    #[error("--csv all-mine={given}: is neither true nor false")]
    AllMine { given: String },
}

const KEYS: &str = "separator, encoding, time-format, time, text, sender, from-me, conversation, id, all-mine";

impl CsvOptions {
    /// The columns that are named, by their keys.
    pub(super) fn columns(&self) -> [(&'static str, &Option<String>); 6] {
        [
            ("time", &self.time),
            ("text", &self.text),
            ("sender", &self.sender),
            ("from-me", &self.from_me),
            ("conversation", &self.conversation),
            ("id", &self.id),
        ]
    }

    /// Takes one `KEY=VALUE`.
    pub fn set(&mut self, option: &str) -> Result<(), CsvOptionError> {
        let no_key = || CsvOptionError::NoKey { given: option.to_owned() };
        let (key, value) = option.split_once('=').ok_or_else(no_key)?;
        let text = || Some(value.to_owned());
        match key {
            "separator" => self.separator = Some(separator(value)?),
            "encoding" => {
                let encoding = encoding_rs::Encoding::for_label(value.as_bytes());
                self.encoding = Some(encoding.ok_or_else(|| CsvOptionError::Encoding { given: value.to_owned() })?);
            }
            "time-format" => self.time_format = text(),
            "time" => self.time = text(),
            "text" => self.text = text(),
            "sender" => self.sender = text(),
            "from-me" => self.from_me = text(),
            "conversation" => self.conversation = text(),
            "id" => self.id = text(),
            "all-mine" => {
                self.all_mine =
                    bool::from_str(value).map_err(|_| CsvOptionError::AllMine { given: value.to_owned() })?;
            }
            _ => return Err(no_key()),
        }
        Ok(())
    }
}

fn separator(value: &str) -> Result<u8, CsvOptionError> {
    match value.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [one] if one.is_ascii() && !matches!(one, b'"' | b'\n' | b'\r') => Ok(*one),
        _ => Err(CsvOptionError::Separator { given: value.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_taken_or_refused_with_what_is_right() {
        let mut options = CsvOptions::default();
        for option in ["separator=tab", "encoding=latin1", "time=Datum", "time-format=%d.%m.%Y", "all-mine=true"] {
            options.set(option).unwrap();
        }
        assert_eq!((options.separator, options.all_mine), (Some(b'\t'), true));
        assert_eq!(options.encoding, Some(encoding_rs::WINDOWS_1252));
        for (option, part) in [
            ("x", "KEY=VALUE"),
            ("x=y", "separator, encoding"),
            ("separator=ab", "one character"),
            ("encoding=x", "windows-1252"),
        ] {
            let error = options.set(option).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
