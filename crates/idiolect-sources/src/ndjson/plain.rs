//! Records as nearly every program writes them, read without a parser: one object of strings without escapes, whole numbers, `true` and
//! `false`. Anything else, and anything that may be wrong, is for the parser.

use std::borrow::Cow;

use wide::u8x16;

use super::field::Field;
use super::record::Fields;

/// Reads the fields of `line`, the same as the parser's, into empty ones; `None` if it has to be asked.
pub(super) fn read<'a>(line: &'a str, fields: &mut Fields<'a>) -> Option<()> {
    let mut rest = Rest { line, at: 0 };
    rest.skip(b'{')?;
    loop {
        let mut passed_over = Field::Null;
        let field = match fields.named_at_start(rest.bytes()) {
            Some((length, field)) => {
                rest.at += length;
                field
            }
            None => {
                rest.string()?;
                rest.skip(b':')?;
                &mut passed_over
            }
        };
        rest.skip_space();
        if !matches!(field, Field::Null) {
            return None;
        }
        *field = rest.value()?;
        if rest.skip(b',').is_none() {
            break;
        }
        rest.skip_space();
    }
    rest.skip(b'}')?;
    rest.bytes().trim_ascii().is_empty().then_some(())
}

/// What is left of a line.
struct Rest<'a> {
    line: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    fn bytes(&self) -> &'a [u8] {
        &self.line.as_bytes()[self.at..]
    }

    fn skip(&mut self, expected: u8) -> Option<()> {
        (self.line.as_bytes().get(self.at) == Some(&expected)).then(|| self.at += 1)
    }

    fn skip_space(&mut self) {
        _ = self.skip(b' ');
    }

    /// A string in its marks.
    fn string(&mut self) -> Option<&'a str> {
        self.skip(b'"')?;
        let start = self.at;
        self.at += plain_len(self.bytes());
        let string = &self.line[start..self.at];
        // Fails at a backslash, and at a control character, which is an error of the parser's.
        self.skip(b'"').map(|()| string)
    }

    fn value(&mut self) -> Option<Field<'a>> {
        let bytes = self.bytes();
        let (length, field) = match bytes.first()? {
            b'"' => return self.string().map(|string| Field::Text(Cow::Borrowed(string))),
            b'1'..=b'9' => {
                let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
                (digits, Field::Count(self.line[self.at..self.at + digits].parse().ok()?))
            }
            b't' if bytes.starts_with(b"true") => (4, Field::Bool(true)),
            b'f' if bytes.starts_with(b"false") => (5, Field::Bool(false)),
            _ => return None,
        };
        self.at += length;
        Some(field)
    }
}

/// How many bytes at the start of `bytes` stand for themselves in a JSON string: no quotation mark, backslash or control character.
fn plain_len(bytes: &[u8]) -> usize {
    let (parts, rest) = bytes.as_chunks::<16>();
    for (number, part) in parts.iter().enumerate() {
        let part = u8x16::new(*part);
        let is = |mark: u8| part.simd_eq(u8x16::splat(mark));
        let ends = (part.simd_lt(u8x16::splat(b' ')) | is(b'"') | is(b'\\')).to_bitmask();
        if ends != 0 {
            return number * 16 + ends.trailing_zeros() as usize;
        }
    }
    let ends = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
    bytes.len() - rest.len() + rest.iter().position(ends).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fields(line: &str) -> Option<Fields<'_>> {
        let mut fields = Fields::default();
        read(line, &mut fields).map(|()| fields)
    }

    #[test]
    fn plain_records_need_no_parser_and_others_do() {
        for plain in [
            r#"{"messageId":"m1","timestamp":"2026-01-15T12:00:00Z","text":"hi 你好","recipientCount":1,"fromMe":true}"#,
            "{\"messageId\": \"m1\", \"text\": \"hi\", \"other\": 17}\r",
        ] {
            assert!(fields(plain).is_some(), "{plain}");
        }
        for other in [
            r#"{"text":"a\nb"}"#,
            r#"{"text":"a","text":"b"}"#,
            r#"{"text":["a"]}"#,
            r#"{"recipientCount":1.5}"#,
            r#"{"recipientCount":01}"#,
            r#"{"text":"a"},"#,
            r#"{"text":"a",}"#,
            r#"{"text" "a"}"#,
            "{\"text\":\"a\tb\"}",
            "{}",
            "{",
            "",
        ] {
            assert!(fields(other).is_none(), "{other}");
        }
    }

    proptest! {
        #[test]
        fn what_stands_for_itself_is_counted(text in "[a-z\"\\\\\x00-\x22\x5b-\x5d\x7f我é]{0,40}") {
            let ends = |byte: &u8| *byte < b' ' || matches!(byte, b'"' | b'\\');
            prop_assert_eq!(plain_len(text.as_bytes()), text.as_bytes().iter().position(ends).unwrap_or(text.len()));
        }

        #[test]
        fn what_is_read_is_what_the_parser_reads(
            names in prop::collection::vec("(messageId|timestamp|text|conversationId|recipientCount|fromMe|sender|x|\\PC)", 0..6),
            values in prop::collection::vec(r#"("[a-z我\\"x01]{0,4}"|true|false|null|[-0-9.e]{1,4}|"[^"]{0,3}"|[0-9]{17,21}|\[1\]|\{\})"#, 6),
            between in "( |  |\t)?",
            end in "( |\r|,|x|\\})?",
        ) {
            let pairs = names.iter().zip(&values).map(|(name, value)| format!("\"{name}\":{between}{value}"));
            let line = format!("{{{}}}{end}", pairs.collect::<Vec<_>>().join(&format!(",{between}")));
            if let Some(fields) = fields(&line) {
                let parsed: Fields = serde_json::from_str(&line).unwrap();
                prop_assert_eq!(fields, parsed);
            }
        }
    }
}
