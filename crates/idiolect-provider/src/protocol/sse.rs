//! Server-sent events: bytes in any pieces in, the data of whole events out.

/// Longest event that is waited for. Chunks are a few hundred bytes; one with log probabilities some tens of thousands.
const MAX_EVENT_BYTES: usize = 4 * 1024 * 1024;

/// Collects bytes up to the next event. <https://html.spec.whatwg.org/multipage/server-sent-events.html>, of which only
/// `data` matters here.
#[derive(Default)]
pub(crate) struct EventStream {
    buffer: Vec<u8>,
    /// Where in the buffer no line end has been looked for yet.
    scanned: usize,
    /// The last line ended with a carriage return, which a line feed may belong to that is still to come.
    after_return: bool,
    /// A line was taken; a byte order mark may stand before the first one.
    begun: bool,
    data: Vec<u8>,
    has_data: bool,
}

/// An event or a line of it is larger than anything that makes sense.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

impl EventStream {
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The data of the next whole event, if it has come.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, TooLong> {
        while let Some(line) = self.line() {
            if line.is_empty() {
                if std::mem::take(&mut self.has_data) {
                    return Ok(Some(std::mem::take(&mut self.data)));
                }
            } else if let Some(rest) = line.strip_prefix(b"data:") {
                if self.has_data {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(rest.strip_prefix(b" ").unwrap_or(rest));
                self.has_data = true;
            }
            if self.data.len() > MAX_EVENT_BYTES {
                return Err(TooLong);
            }
        }
        if self.buffer.len() > MAX_EVENT_BYTES { Err(TooLong) } else { Ok(None) }
    }

    /// An event that the stream's end left without its empty line.
    pub(crate) fn finish(&mut self) -> Option<Vec<u8>> {
        self.push(b"\n\n");
        self.next().ok().flatten()
    }

    /// The next whole line without its end: a line feed, a carriage return or both.
    fn line(&mut self) -> Option<Vec<u8>> {
        if self.after_return && !self.buffer.is_empty() {
            self.after_return = false;
            if self.buffer[0] == b'\n' {
                self.buffer.remove(0);
            }
        }
        let end = self.buffer[self.scanned..].iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let Some(end) = end.map(|end| self.scanned + end) else {
            self.scanned = self.buffer.len();
            return None;
        };
        let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
        self.scanned = 0;
        self.after_return = line.pop() == Some(b'\r');
        if !std::mem::replace(&mut self.begun, true) && line.starts_with("\u{feff}".as_bytes()) {
            line.drain(..3);
        }
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn events(pieces: &[&[u8]]) -> Vec<String> {
        let mut stream = EventStream::default();
        let mut found = Vec::new();
        for piece in pieces {
            stream.push(piece);
            while let Some(event) = stream.next().unwrap() {
                found.push(event);
            }
        }
        found.extend(stream.finish());
        found.into_iter().map(|event| String::from_utf8(event).unwrap()).collect()
    }

    #[test]
    fn events_are_found_however_they_are_cut() {
        let whole =
            b": comment\r\ndata: {\"a\":1}\r\n\r\nevent: x\nid: 7\ndata:two\ndata: lines\n\n\n\ndata: [DONE]\n\n";
        let expected = ["{\"a\":1}", "two\nlines", "[DONE]"];
        assert_eq!(events(&[whole]), expected);
        let bytes: Vec<&[u8]> = whole.chunks(1).collect();
        assert_eq!(events(&bytes), expected);
        assert_eq!(events(&[b"data: cut"]), ["cut"]);
        assert_eq!(events(&[b"event: x\n\n"]), Vec::<String>::new());
    }

    #[test]
    fn a_carriage_return_ends_a_line_and_a_byte_order_mark_is_no_part_of_one() {
        let whole = "\u{feff}data: one\r\rdata: two\rdata: lines\r\n\rdata: \u{feff}three\n\r\ndata: four\r".as_bytes();
        let expected = ["one", "two\nlines", "\u{feff}three", "four"];
        assert_eq!(events(&[whole]), expected);
        assert_eq!(events(&whole.chunks(1).collect::<Vec<_>>()), expected);
        // No event waits for the byte after its end.
        let mut stream = EventStream::default();
        stream.push(b"data: one\r\r");
        assert_eq!(stream.next(), Ok(Some(b"one".to_vec())));
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let mut stream = EventStream::default();
        stream.push(&vec![b'x'; MAX_EVENT_BYTES + 1]);
        assert_eq!(stream.next(), Err(TooLong));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20)) {
            let mut stream = EventStream::default();
            for piece in &pieces {
                stream.push(piece);
                while let Ok(Some(_)) = stream.next() {}
            }
            let _ = stream.finish();
        }
    }
}
