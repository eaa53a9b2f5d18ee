//! The bytes of an XML file, with what would fill the memory taken out: pictures stand in attributes, whole, as base64.

use std::io::{self, BufRead, Read};

use crate::export::Refusal;

/// The longest attribute value, in bytes; of a longer one only its beginning, [`CUT`] and its line feeds are left.
const MAX_VALUE: usize = 1024 * 1024;
/// The longest tag and the longest text between two, in bytes, of what is left.
const MAX_PIECE: usize = 8 * 1024 * 1024;
/// Stands where a value was cut. No XML text holds it: it is no character.
pub(crate) const CUT: char = '\u{ffff}';

const TOO_LONG: (&str, &str) = ("a tag or text in it is longer than 8 MiB", "check that it is what the app exported");

pub(super) struct Bounded {
    input: Box<dyn BufRead + Send>,
    place: InFile,
    /// Bytes of the value, or of the tag or text, so far.
    value: usize,
    piece: usize,
    ready: Vec<u8>,
    taken: usize,
    /// Lines before what is ready.
    pub(super) line: u64,
}

/// What the next byte is part of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InFile {
    Text,
    /// Behind `<`, `<!` or `<!-`.
    Opening(u8),
    Tag,
    /// A value in these quotes.
    Value(u8),
    /// With as many hyphens just before as count for its end.
    Comment(u8),
}

impl Bounded {
    pub(super) fn new(input: Box<dyn BufRead + Send>) -> Self {
        Self { input, place: InFile::Text, value: 0, piece: 0, ready: Vec::new(), taken: 0, line: 1 }
    }

    /// Moves what the input has into `ready`, without the long values.
    fn refill(&mut self) -> io::Result<()> {
        while self.taken == self.ready.len() {
            self.ready.clear();
            self.taken = 0;
            let Self { input, place, value, piece, ready, .. } = self;
            let bytes = input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(());
            }
            for byte in bytes {
                *place = place.after(*byte);
                match *place {
                    InFile::Value(_) => *value += 1,
                    _ => *value = 0,
                }
                if matches!(place, InFile::Opening(0)) {
                    *piece = 0;
                }
                let is_inside_character = byte & 0xc0 == 0x80;
                if *value < MAX_VALUE || (*value == MAX_VALUE && is_inside_character) {
                    ready.push(*byte);
                    *piece += 1;
                } else if *value == MAX_VALUE {
                    ready.extend_from_slice(CUT.encode_utf8(&mut [0; 4]).as_bytes());
                } else if *byte == b'\n' {
                    // Of what is cut its lines are left, which are counted.
                    ready.push(*byte);
                    *piece += 1;
                }
                // A character goes on behind the limit.
                if *value == MAX_VALUE && is_inside_character {
                    *value -= 1;
                }
            }
            let count = bytes.len();
            input.consume(count);
            if *piece > MAX_PIECE {
                return Err(Refusal::io(TOO_LONG.0, TOO_LONG.1));
            }
        }
        Ok(())
    }
}

impl InFile {
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Text, b'<') => Self::Opening(0),
            (Self::Text, _) => Self::Text,
            (Self::Opening(0), b'!') => Self::Opening(1),
            (Self::Opening(1), b'-') => Self::Opening(2),
            (Self::Opening(2), b'-') => Self::Comment(0),
            (Self::Opening(_) | Self::Tag, b'>') => Self::Text,
            (Self::Opening(_) | Self::Tag, b'"' | b'\'') => Self::Value(byte),
            (Self::Opening(_) | Self::Tag, _) => Self::Tag,
            (Self::Value(quote), _) if byte == quote => Self::Tag,
            (Self::Value(quote), _) => Self::Value(quote),
            (Self::Comment(2), b'>') => Self::Text,
            (Self::Comment(dashes), b'-') => Self::Comment((dashes + 1).min(2)),
            (Self::Comment(_), _) => Self::Comment(0),
        }
    }
}

impl BufRead for Bounded {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.refill()?;
        Ok(&self.ready[self.taken..])
    }

    fn consume(&mut self, count: usize) {
        let consumed = &self.ready[self.taken..self.taken + count];
        self.line += consumed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.taken += count;
    }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Cursor};

    use super::*;

    fn bounded(xml: String) -> io::Result<String> {
        let mut text = String::new();
        let input = Box::new(BufReader::with_capacity(4096, Cursor::new(xml.into_bytes())));
        Bounded::new(input).read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn what_is_short_passes_through() {
        let xml = "<?xml version='1.0'?>\n<!-- it's \"x --><a b=\"c>d\" e='\"'>don't</a>";
        assert_eq!(bounded(xml.to_owned()).unwrap(), xml);
    }

    #[test]
    fn a_long_value_is_cut_and_marked() {
        let long = "ä".repeat(MAX_VALUE);
        let cut = bounded(format!("<a b=\"{long}\" c='d'/><e/>")).unwrap();
        let (value, rest) = cut.split_once(CUT).unwrap();
        assert!(value.len() <= MAX_VALUE + 8 && long.starts_with(&value[6..]));
        assert_eq!(rest, "\" c='d'/><e/>");
    }

    #[test]
    fn lines_within_a_value_that_is_cut_count() {
        let wrapped = format!("{}\n", "x".repeat(76)).repeat(20_000);
        let mut input = Bounded::new(Box::new(Cursor::new(format!("<a b=\"{wrapped}\"/>").into_bytes())));
        input.read_to_end(&mut Vec::new()).unwrap();
        assert_eq!(input.line, 20_001);
    }

    #[test]
    fn an_endless_tag_or_text_is_an_error() {
        for start in ["<a ", "<a>", "<!-- "] {
            let input = Cursor::new(start.as_bytes().to_vec()).chain(io::repeat(b'x'));
            let error = Bounded::new(Box::new(BufReader::new(input))).read_to_end(&mut Vec::new()).unwrap_err();
            assert_eq!(error.to_string(), TOO_LONG.0, "{start}");
        }
    }

    #[test]
    fn lines_are_counted_as_they_are_read() {
        let mut input = Bounded::new(Box::new(Cursor::new(b"<a>\n<b>\n".to_vec())));
        assert_eq!(input.line, 1);
        let count = input.fill_buf().unwrap().len();
        assert_eq!((count, input.line), (8, 1));
        input.consume(5);
        assert_eq!(input.line, 2);
    }
}
