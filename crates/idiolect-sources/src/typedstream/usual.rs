//! The text of the two shapes that nearly all messages have, found at its place behind a beginning that never differs.

use super::bytes::{END_OF_OBJECT, INT16, INT32};

/// Header, attributed string and string, up to the length of the text: as Messages writes them, immutable and mutable.
const BEGINNINGS: [&[u8]; 2] = [
    b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\
      \x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+",
    b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x19NSMutableAttributedString\x00\x84\x84\x12NSAttributedString\x00\
      \x84\x84\x08NSObject\x00\x85\x92\x84\x84\x84\x0fNSMutableString\x01\x84\x84\x08NSString\x01\x95\x84\x01+",
];

/// The bytes of the text; `None` where the stream is of another shape, or damaged before its text has ended.
///
/// What follows the string cannot change it, so it is not looked at: a stream that breaks off there still has its text.
pub(super) fn text(data: &[u8]) -> Option<&[u8]> {
    let rest = BEGINNINGS.iter().find_map(|beginning| data.strip_prefix(*beginning))?;
    let (length, rest) = match rest {
        [INT16, a, b, rest @ ..] => (usize::from(u16::from_le_bytes([*a, *b])), rest),
        [INT32, a, b, c, d, rest @ ..] => (usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).ok()?, rest),
        // The tags, which are no length.
        [0x80..=0x91, ..] | [] => return None,
        [length, rest @ ..] => (usize::from(*length), rest),
    };
    let (text, rest) = rest.split_at_checked(length)?;
    (rest.first() == Some(&END_OF_OBJECT)).then_some(text)
}
