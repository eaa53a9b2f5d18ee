//! Where a JSON value ends, told byte by byte without reading what is in it.

/// Containers in one another. serde_json stops at the same depth.
const MAX_DEPTH: usize = 127;

/// How far the scan of one value has come.
#[derive(Default)]
pub(super) struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
    in_scalar: bool,
}

/// What became of some bytes given to [`Scan::feed`].
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fed {
    /// All belong to the value, and it goes on.
    All,
    /// The value ends with the first so many of them.
    Ended(usize),
    /// Containers are nested too deeply.
    TooDeep,
}

impl Scan {
    /// Looks at the next bytes of a value whose first byte was no white space.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Fed {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                match self.string_end(&bytes[at..]) {
                    Some(end) => at += end,
                    None => return Fed::All,
                }
                if self.depth == 0 {
                    return Fed::Ended(at);
                }
                continue;
            }
            let byte = bytes[at];
            if self.in_scalar && matches!(byte, b',' | b']' | b'}' | b':' | b'"' | b' ' | b'\t' | b'\r' | b'\n') {
                return Fed::Ended(at);
            }
            at += 1;
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => self.in_scalar = self.depth == 0,
            }
            if self.depth > MAX_DEPTH {
                return Fed::TooDeep;
            }
            if matches!(byte, b'}' | b']') && self.depth == 0 {
                return Fed::Ended(at);
            }
        }
        Fed::All
    }

    /// Whether the end of the file may end the value too: a number at the top has no end of its own.
    pub(super) fn may_end(&self) -> bool {
        self.in_scalar
    }

    /// Behind the quote that ends the string.
    fn string_end(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.in_string = false;
                    return Some(at + 1);
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value's end, with the bytes given in pieces of every size.
    fn end_of(text: &str) -> Option<usize> {
        let mut ends = Vec::new();
        for size in 1..=text.len() {
            let (mut scan, mut before, mut end) = (Scan::default(), 0, None);
            for piece in text.as_bytes().chunks(size) {
                match scan.feed(piece) {
                    Fed::All => before += piece.len(),
                    Fed::Ended(at) => {
                        end = Some(before + at);
                        break;
                    }
                    Fed::TooDeep => panic!("too deep: {text}"),
                }
            }
            ends.push(end);
        }
        assert!(ends.windows(2).all(|two| two[0] == two[1]), "{text}: {ends:?}");
        ends[0]
    }

    #[test]
    fn a_value_ends_where_it_ends_however_the_bytes_come() {
        assert_eq!(end_of(r#""a\"b", 1"#), Some(6));
        assert_eq!(end_of(r#""a\\", 1"#), Some(5));
        assert_eq!(end_of(r#"{"a":["}]"],"b":{}} x"#), Some(19));
        assert_eq!(end_of("[] ,"), Some(2));
        assert_eq!(end_of("-1.5e3,"), Some(6));
        assert_eq!(end_of("null}"), Some(4));
    }

    #[test]
    fn a_value_that_is_cut_short_has_no_end() {
        for text in [r#""abc"#, r#"{"a":[1,2]"#, r#""a\""#, "[[]"] {
            assert_eq!(end_of(text), None, "{text}");
        }
        let mut number = Scan::default();
        assert_eq!(number.feed(b"12"), Fed::All);
        assert!(number.may_end());
    }

    #[test]
    fn depth_is_bounded() {
        assert_eq!(Scan::default().feed("[".repeat(1_000_000).as_bytes()), Fed::TooDeep);
        assert_eq!(Scan::default().feed(format!("{}{}", "[".repeat(127), "]".repeat(127)).as_bytes()), Fed::Ended(254));
    }
}
