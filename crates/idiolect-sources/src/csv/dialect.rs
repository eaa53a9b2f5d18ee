//! How a table is written: its encoding and what stands between its columns.

use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_8};
use idiolect_dataset::SourceError;

use super::columns::Columns;
use super::encoding::encoding;
use super::options::CsvOptions;
use super::quotes::{QuoteGuard, Quotes};
use crate::export::{Entry, Export, RowBegins, RowGuard, RowsEnd, recoded};

const HEAD: usize = 256 * 1024;
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// The longest row, in bytes: a quotation mark that is never closed makes one row of all the rest.
const MAX_ROW: u64 = 4 * 1024 * 1024;
/// Rows above the header that may be a title, and when it was exported.
const MAX_ABOVE: usize = 10;

pub(super) struct Dialect {
    encoding: &'static Encoding,
    separator: u8,
    /// The first line is the `sep=;` by which Excel is told the separator.
    told: bool,
    /// Rows above the header.
    above: usize,
    /// Quotation marks within quotation marks have a backslash before them and are not doubled.
    backslashes: bool,
    /// Cells have a space before them.
    is_spaced: bool,
    pub(super) quotes: Quotes,
    /// Quotation marks are text.
    without_quotes: bool,
    /// Rows end with CR LF, of which the parser leaves the LF to the next row.
    crlf: bool,
}

impl Dialect {
    pub(super) fn detect(export: &Export, entry: &Entry, options: &CsvOptions) -> Result<Self, SourceError> {
        let head = export.head(entry, HEAD);
        let encoding = options.encoding.unwrap_or_else(|| encoding(&head));
        let (text, _, _) = encoding.decode(&head);
        let told = told_separator(&text);
        let guessed = || told.unwrap_or_else(|| separator(&text, head.len() == HEAD));
        let separator = options.separator.unwrap_or_else(guessed);
        // A title may stand between what tells the separator and the header.
        let rows = if told.is_some() { text.split_once('\n').map_or("", |(_, rows)| rows) } else { &text };
        let is_given = told.is_some() || options.separator.is_some();
        let (separator, above) = header_below(rows, separator, is_given, options).unwrap_or((separator, 0));
        let crlf = text.find('\n').is_some_and(|end| text[..end].ends_with('\r'));
        let backslashes = has_backslashes(&text, separator);
        let is_spaced = has_spaces(rows, separator, above);
        let (told, quotes) = (told.is_some(), Quotes::default());
        Ok(Self { encoding, separator, told, above, backslashes, is_spaced, quotes, without_quotes: false, crlf })
    }

    /// The same of a table that has no quotation marks around its cells.
    pub(super) fn without_quotes(self) -> Self {
        Self { without_quotes: true, backslashes: false, ..self }
    }

    pub(super) fn separator(&self) -> char {
        char::from(self.separator)
    }

    /// For the report: "UTF-8 with ; between columns".
    pub(super) fn describe(&self) -> String {
        let separator = match self.separator {
            b'\t' => "tabs".to_owned(),
            other => char::from(other).to_string(),
        };
        let escapes = match (self.backslashes, self.without_quotes) {
            (true, _) => " and \\ before quotation marks",
            (_, true) => " and no quotation marks around them",
            _ => "",
        };
        format!("{} with {separator} between columns{escapes}", self.encoding.name())
    }
}

/// Whether the header has a space behind each separator.
fn has_spaces(text: &str, separator: u8, above: usize) -> bool {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let header = reader.records().nth(above).and_then(Result::ok);
    header.is_some_and(|header| header.len() > 1 && header.iter().skip(1).all(|name| name.starts_with(' ')))
}

/// Whether a cell in quotation marks has `\"` within: as its end it would be followed by the next cell or row.
fn has_backslashes(text: &str, separator: u8) -> bool {
    let bytes = text.as_bytes();
    let is_end = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == separator || matches!(byte, b'\r' | b'\n'));
    let mut within = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' if !within => within = at == 0 || is_end(bytes.get(at - 1)),
            b'"' if bytes[at - 1] == b'\\' && !is_end(bytes.get(at + 1)) && bytes.get(at + 1) != Some(&b'"') => {
                return true;
            }
            b'"' if bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' => within = !is_end(bytes.get(at + 1)),
            _ => {}
        }
        at += 1;
    }
    false
}

/// `sep=;` alone on the first line.
fn told_separator(text: &str) -> Option<u8> {
    let line = text.trim_start_matches('\u{feff}').lines().next()?;
    match line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="))?.as_bytes() {
        [separator] if SEPARATORS.contains(separator) => Some(*separator),
        _ => None,
    }
}

/// The one that gives most rows the same number of columns, and many of them.
fn separator(text: &str, is_cut: bool) -> u8 {
    let score = |separator: &u8| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(*separator)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut counts: Vec<usize> =
            reader.records().take(200).map_while(Result::ok).map(|record| record.len()).collect();
        if is_cut {
            counts.pop();
        }
        let columns = counts.first().copied().unwrap_or(0);
        let alike = counts.iter().filter(|count| **count == columns).count();
        match columns {
            0 | 1 => 0,
            columns => alike * 1000 / counts.len() * 100 + columns.min(99),
        }
    };
    SEPARATORS.into_iter().max_by_key(|separator| (score(separator), *separator == b',')).unwrap_or(b',')
}

/// Where the first row is no header: the separator by which one of the first rows is, and how many stand above it. A title has no
/// columns, so that it does not tell the separator.
fn header_below(text: &str, separator: u8, is_given: bool, options: &CsvOptions) -> Option<(u8, usize)> {
    let place = |separator: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let rows = reader.records().take(MAX_ABOVE + 1).map_while(Result::ok);
        rows.map(|row| Columns::find(&row, options).is_ok()).position(|is_header| is_header)
    };
    if place(separator) == Some(0) {
        return None;
    }
    match is_given {
        true => Some((separator, place(separator)?)),
        false => SEPARATORS.into_iter().find_map(|separator| Some((separator, place(separator)?))),
    }
}

/// The rows of a table, the header first.
pub(super) struct Rows {
    reader: csv::Reader<RowGuard<Box<dyn Read + Send>>>,
    record: csv::StringRecord,
    path: std::path::PathBuf,
    row_begins: RowBegins,
    crlf: bool,
    /// The line on which the row begins, from 1.
    pub(super) line: u64,
}

impl Rows {
    pub(super) fn open(export: &Export, entry: &Entry, dialect: &Dialect) -> Result<Self, SourceError> {
        let reader: Box<dyn Read + Send> = match dialect.encoding == UTF_8 {
            // Not recoded, so that what is not valid is an error with its place and not a replaced letter.
            true => Box::new(export.text(entry)?),
            false => Box::new(recoded(export.read(entry)?, dialect.encoding)),
        };
        let escape = dialect.backslashes.then_some(b'\\');
        let reader: Box<dyn Read + Send> = match dialect.without_quotes {
            true => reader,
            false => {
                let quotes = dialect.quotes.clone();
                Box::new(QuoteGuard::new(reader, dialect.separator, escape, dialect.is_spaced, quotes))
            }
        };
        let too_long = || io::Error::new(io::ErrorKind::InvalidData, TooLong);
        let (guarded, row_begins) = RowGuard::new(reader, MAX_ROW, too_long);
        let reader = csv::ReaderBuilder::new()
            .delimiter(dialect.separator)
            .flexible(true)
            .has_headers(false)
            .double_quote(!dialect.backslashes)
            .escape(escape)
            .quoting(!dialect.without_quotes)
            .buffer_capacity(32 * 1024)
            .from_reader(guarded);
        let mut rows = Self {
            reader,
            record: csv::StringRecord::new(),
            path: export.path_of(entry),
            row_begins,
            crlf: dialect.crlf,
            line: 1,
        };
        for _ in 0..dialect.above + usize::from(dialect.told) {
            rows.advance()?;
        }
        Ok(rows)
    }

    pub(super) fn next(&mut self) -> Result<Option<&csv::StringRecord>, SourceError> {
        Ok(self.advance()?.then_some(&self.record))
    }

    /// The row that was advanced to.
    pub(super) fn row(&self) -> &csv::StringRecord {
        &self.record
    }

    /// Reads the next row; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool, SourceError> {
        self.row_begins.note();
        let position = self.reader.position();
        self.line = position.line() + u64::from(self.crlf && position.byte() > 0);
        let line = self.line;
        let read = self.reader.read_record(&mut self.record);
        let malformed = |reason: String, advice| SourceError::Malformed {
            path: self.path.clone(),
            place: format!("line {line}"),
            field: "row",
            reason,
            advice,
        };
        match read {
            Ok(true) => match RowsEnd::in_row(&self.record) {
                None => Ok(true),
                Some(RowsEnd::Here) => Ok(false),
                Some(RowsEnd::Unclosed) => Err(malformed(
                    "a quotation mark is not closed, in it or above it".into(),
                    "close it, or export the table again if it was cut short",
                )),
            },
            Ok(false) => Ok(false),
            Err(error) => Err(match error.into_kind() {
                csv::ErrorKind::Utf8 { err, .. } => malformed(
                    format!("column {} is not valid UTF-8", err.field() + 1),
                    "save the file as UTF-8, or say what it is with --csv encoding=windows-1252",
                ),
                csv::ErrorKind::Io(error) if error.get_ref().is_some_and(|cause| cause.is::<TooLong>()) => malformed(
                    format!("the row is longer than {} MB", MAX_ROW / 1_000_000),
                    "look for a quotation mark that is not closed",
                ),
                csv::ErrorKind::Io(error) => malformed(error.to_string(), "copy or export the file again"),
                _ => malformed("the row cannot be read".into(), "export the table again"),
            }),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the row is too long")]
struct TooLong;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_by_even_rows() {
        for (text, expected) in [
            ("a,b;c\n1,2;3\n", b','),
            ("a;b\n1;\"x, y\"\n2;z, w\n", b';'),
            ("a\tb, c\n1\t2\n", b'\t'),
            ("a|b|c\n1|2, 3|4\n", b'|'),
            ("one column\nx\n", b','),
        ] {
            assert_eq!(char::from(separator(text, false)), char::from(expected), "{text}");
        }
    }
}
