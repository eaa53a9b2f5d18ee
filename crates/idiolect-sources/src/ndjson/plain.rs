//! Records as nearly every program writes them, read without a parser: one object of strings without escapes, whole numbers, `true`,
//! `false` and `null`. Anything else, and anything that may be wrong, is for the parser.

use std::borrow::Cow;

use super::field::Field;
use super::record::Fields;

/// The fields of `line`, the same as the parser's; `None` if it has to be asked.
pub(super) fn fields(line: &str) -> Option<Fields<'_>> {
    let mut fields = Fields::default();
    let mut rest = Rest(line);
    rest.skip("{")?;
    loop {
        let name = rest.string()?;
        rest.skip(":")?;
        rest.skip_space();
        let value = rest.value()?;
        if let Some(field) = fields.by_name(name) {
            if *field != Field::Null {
                return None;
            }
            *field = value;
        }
        match rest.0.as_bytes().first()? {
            b',' => rest.skip(",")?,
            _ => break,
        }
        rest.skip_space();
    }
    rest.skip("}")?;
    rest.0.trim_ascii().is_empty().then_some(fields)
}

/// What is left of a line.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn skip(&mut self, expected: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    fn skip_space(&mut self) {
        self.0 = self.0.strip_prefix(' ').unwrap_or(self.0);
    }

    /// A string in its marks.
    fn string(&mut self) -> Option<&'a str> {
        self.skip("\"")?;
        let end = memchr::memchr2(b'"', b'\\', self.0.as_bytes())?;
        let (string, rest) = self.0.split_at(end);
        self.0 = rest;
        // Fails at a backslash. Control characters are an error of the parser's.
        self.skip("\"")?;
        let control = string.bytes().fold(false, |any, byte| any | (byte < 0x20));
        (!control).then_some(string)
    }

    fn value(&mut self) -> Option<Field<'a>> {
        let literals = [("true", Field::Bool(true)), ("false", Field::Bool(false))];
        match self.0.as_bytes().first()? {
            b'"' => self.string().map(|string| Field::Text(Cow::Borrowed(string))),
            b'1'..=b'9' => {
                let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
                let (number, rest) = self.0.split_at(digits);
                self.0 = rest;
                number.parse().ok().map(Field::Count)
            }
            _ => literals.into_iter().find_map(|(literal, field)| self.skip(literal).map(|()| field)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
