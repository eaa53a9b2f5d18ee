//! Text files as UTF-8: UTF-16 with a byte order mark is recoded, a UTF-8 mark is taken off.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Decoder, Encoding};

const BUFFER: usize = 64 * 1024;
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// `bytes` as UTF-8, by their mark; without one they are left as they are.
pub(super) fn decoded(bytes: Box<dyn Read + Send>) -> Box<dyn BufRead + Send> {
    let mut bytes = BufReader::with_capacity(BUFFER, bytes);
    // An error here comes again with the first read.
    let head = bytes.fill_buf().unwrap_or_default();
    if head.starts_with(UTF8_MARK) {
        bytes.consume(UTF8_MARK.len());
        return Box::new(bytes);
    }
    match Encoding::for_bom(head) {
        Some((encoding, _)) => recoded(Box::new(bytes), encoding),
        None => Box::new(bytes),
    }
}

/// `bytes` in `encoding` as UTF-8; what is not valid in it becomes U+FFFD.
pub(crate) fn recoded(bytes: Box<dyn Read + Send>, encoding: &'static Encoding) -> Box<dyn BufRead + Send> {
    let recoder = Recoder {
        bytes: BufReader::with_capacity(BUFFER, bytes),
        decoder: encoding.new_decoder_with_bom_removal(),
        out: vec![0; BUFFER],
        from: 0,
        to: 0,
        ended: false,
    };
    Box::new(BufReader::with_capacity(BUFFER, recoder))
}

struct Recoder<R> {
    bytes: BufReader<R>,
    decoder: Decoder,
    out: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
}

impl<R: Read> Read for Recoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.from == self.to && !self.ended {
            let input = self.bytes.fill_buf()?;
            let last = input.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.out, last);
            self.ended = last && result == encoding_rs::CoderResult::InputEmpty;
            self.bytes.consume(read);
            (self.from, self.to) = (0, written);
        }
        let count = buffer.len().min(self.to - self.from);
        buffer[..count].copy_from_slice(&self.out[self.from..self.from + count]);
        self.from += count;
        Ok(count)
    }
}
