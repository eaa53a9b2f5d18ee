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

    fn line(&mut self) -> Option<Vec<u8>> {
        let end = self.scanned
            + self.buffer[self.scanned..].iter().position(|byte| *byte == b'\n').or_else(|| {
                self.scanned = self.buffer.len();
                None
            })?;
        let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
        self.scanned = 0;
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
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
