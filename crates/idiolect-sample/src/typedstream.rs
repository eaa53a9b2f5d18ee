//! Writes an attributed string as Apple's typedstream ("streamtyped", version 4, little endian), the format of
//! `message.attributedBody`: shared strings, classes and objects are written once and referred to by number after that.

const HEADER: &[u8] = b"\x04\x0bstreamtyped\x81\xe8\x03";
const NEW: u8 = 0x84;
const NIL: u8 = 0x85;
const END: u8 = 0x86;
/// The byte that means "reference number 0".
const FIRST_REFERENCE: usize = 0x92;
const INT16: u8 = 0x81;
const INT32: u8 = 0x82;

const MESSAGE_PART: &str = "__kIMMessagePartAttributeName";
const FILE_TRANSFER: &str = "__kIMFileTransferGUIDAttributeName";
const OBJECT: (&str, u8) = ("NSObject", 0);

/// A stretch of text in one part of a message.
pub(crate) struct Run<'a> {
    pub(crate) text: &'a str,
    /// The part's number, counted from 0.
    pub(crate) part: u8,
    /// The attachment this run stands for (its text is then U+FFFC).
    pub(crate) attachment_guid: Option<&'a str>,
}

/// The typedstream of an `NSAttributedString` (or `NSMutableAttributedString`) made of `runs`.
pub(crate) fn encode(runs: &[Run<'_>], mutable: bool) -> Vec<u8> {
    let mut w = Writer { bytes: HEADER.to_vec(), ..Writer::default() };
    let text: String = runs.iter().map(|run| run.text).collect();
    let immutable = [("NSAttributedString", 0), OBJECT];
    w.shared("@");
    if mutable {
        w.begin(&[("NSMutableAttributedString", 0), immutable[0], OBJECT]);
    } else {
        w.begin(&immutable);
    }
    w.string(&text, mutable);
    for (number, run) in runs.iter().enumerate() {
        w.shared("iI");
        // Every run of ours has its own attributes, so each is the first (and only) use of dictionary `number + 1`.
        w.unsigned(number + 1);
        w.unsigned(run.text.encode_utf16().count());
        w.attributes(run);
    }
    w.bytes.push(END);
    w.bytes
}

/// The stream so far, and what it may refer back to.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    shared: Vec<String>,
    /// Objects, classes and C strings share one numbering; `None` is an object nothing refers to again.
    objects: Vec<Option<Referable>>,
}

#[derive(PartialEq, Eq)]
enum Referable {
    Class(&'static str),
    TypeString,
    Number(u8),
}

impl Writer {
    fn attributes(&mut self, run: &Run<'_>) {
        self.shared("@");
        self.begin(&[("NSDictionary", 0), OBJECT]);
        self.shared("i");
        self.unsigned(1 + usize::from(run.attachment_guid.is_some()));
        if let Some(guid) = run.attachment_guid {
            self.string(FILE_TRANSFER, false);
            self.string(guid, false);
        }
        self.string(MESSAGE_PART, false);
        self.number(run.part);
        self.bytes.push(END);
    }

    fn string(&mut self, text: &str, mutable: bool) {
        self.shared("@");
        if mutable {
            self.begin(&[("NSMutableString", 1), ("NSString", 1), OBJECT]);
        } else {
            self.begin(&[("NSString", 1), OBJECT]);
        }
        self.shared("+");
        self.unsigned(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
        self.bytes.push(END);
    }

    fn number(&mut self, value: u8) {
        self.shared("@");
        if self.refer(&Referable::Number(value)) {
            return;
        }
        self.bytes.push(NEW);
        self.objects.push(Some(Referable::Number(value)));
        self.class(&[("NSNumber", 0), ("NSValue", 0), OBJECT]);
        // A number is stored as the C string of its type, then the value in that type.
        self.shared("*");
        if !self.refer(&Referable::TypeString) {
            self.bytes.push(NEW);
            self.objects.push(Some(Referable::TypeString));
            self.shared("i");
        }
        self.shared("i");
        self.unsigned(usize::from(value));
        self.bytes.push(END);
    }

    /// Opens an object: it takes its number before its class does.
    fn begin(&mut self, chain: &[(&'static str, u8)]) {
        self.bytes.push(NEW);
        self.objects.push(None);
        self.class(chain);
    }

    /// A class and its superclasses, up to one that was written before.
    fn class(&mut self, chain: &[(&'static str, u8)]) {
        for &(name, version) in chain {
            if self.refer(&Referable::Class(name)) {
                return;
            }
            self.bytes.push(NEW);
            self.shared(name);
            self.bytes.push(version);
            self.objects.push(Some(Referable::Class(name)));
        }
        self.bytes.push(NIL);
    }

    /// Writes a reference to `known` if the stream already holds it.
    fn refer(&mut self, known: &Referable) -> bool {
        let found = self.objects.iter().position(|object| object.as_ref() == Some(known));
        if let Some(number) = found {
            self.reference(number);
        }
        found.is_some()
    }

    fn shared(&mut self, string: &str) {
        if let Some(number) = self.shared.iter().position(|known| known == string) {
            self.reference(number);
        } else {
            self.shared.push(string.to_owned());
            self.bytes.push(NEW);
            self.unsigned(string.len());
            self.bytes.extend_from_slice(string.as_bytes());
        }
    }

    /// References stay far below the 110 that fit in one byte: a message has a handful of classes and two runs at most.
    fn reference(&mut self, number: usize) {
        self.bytes.push(u8::try_from(FIRST_REFERENCE + number).expect("few objects per message"));
    }

    /// One byte up to 127, else a tag and two or four bytes.
    fn unsigned(&mut self, value: usize) {
        if value <= 127 {
            self.bytes.push(value as u8);
        } else if let Ok(short) = u16::try_from(value) {
            self.bytes.push(INT16);
            self.bytes.extend_from_slice(&short.to_le_bytes());
        } else {
            self.bytes.push(INT32);
            self.bytes.extend_from_slice(&(value as u32).to_le_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode_text(text: &str, mutable: bool) -> Vec<u8> {
        encode(&[Run { text, part: 0, attachment_guid: None }], mutable)
    }

    #[test]
    fn a_short_text_is_the_stream_messages_writes() {
        // The layout of a one-run body as macOS writes it, spelled out.
        let mut expected = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00".to_vec();
        expected.extend_from_slice(
            b"\x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+\x05hello\x86",
        );
        expected.extend_from_slice(
            b"\x84\x02iI\x01\x05\x92\x84\x84\x84\x0cNSDictionary\x00\x94\x84\x01i\x01\x92\x84\x96\x96",
        );
        expected.extend_from_slice(b"\x1d__kIMMessagePartAttributeName\x86\x92\x84\x84\x84\x08NSNumber\x00");
        expected.extend_from_slice(b"\x84\x84\x07NSValue\x00\x94\x84\x01*\x84\x99\x99\x00\x86\x86\x86");
        assert_eq!(encode_text("hello", false), expected);
    }

    #[test]
    fn lengths_of_128_bytes_and_more_take_a_tag() {
        let find = |blob: &[u8], needle: &[u8]| blob.windows(needle.len()).any(|window| window == needle);
        assert!(find(&encode_text(&"a".repeat(127), false), b"\x84\x01+\x7fa"));
        assert!(find(&encode_text(&"a".repeat(128), false), b"\x84\x01+\x81\x80\x00a"));
        assert!(find(&encode_text(&"a".repeat(70_000), true), b"\x84\x01+\x82\x70\x11\x01\x00a"));
    }

    #[test]
    fn ranges_count_utf16_units() {
        let blob = encode_text("🙃🙃", false);
        assert!(blob.windows(6).any(|window| window == b"\x84\x02iI\x01\x04"));
    }
}
