//! The lowest level of a typedstream: the header, raw bytes and integers of variable width.

use super::Damage;

/// What follows is written out here for the first time.
pub(super) const NEW: u8 = 0x84;
pub(super) const NIL: u8 = 0x85;
pub(super) const END_OF_OBJECT: u8 = 0x86;
/// Four or eight bytes of floating point follow; a whole number is written as an integer instead.
pub(super) const FLOAT: u8 = 0x83;

pub(super) const INT16: u8 = 0x81;
pub(super) const INT32: u8 = 0x82;
/// The integer that means "reference number 0", written as the byte `0x92`, the first that is not a tag.
const FIRST_REFERENCE: i64 = -110;

const LITTLE_ENDIAN: &[u8] = b"streamtyped";
const BIG_ENDIAN: &[u8] = b"typedstream";
/// Version 4 is what OS X and everything after it write, 3 what NeXTSTEP wrote.
const VERSIONS: std::ops::RangeInclusive<u8> = 3..=4;

/// A stream and the place that reading has come to.
pub(super) struct Bytes<'a> {
    data: &'a [u8],
    at: usize,
    big_endian: bool,
}

impl<'a> Bytes<'a> {
    /// Reads the header: streamer version, signature, system version.
    pub(super) fn open(data: &'a [u8]) -> Result<Self, Damage> {
        let mut bytes = Self { data, at: 0, big_endian: false };
        if !VERSIONS.contains(&bytes.byte()?) {
            return Err(bytes.damage("unknown streamer version"));
        }
        let length = bytes.byte()?;
        bytes.big_endian = match bytes.take(usize::from(length))? {
            signature if signature == LITTLE_ENDIAN => false,
            signature if signature == BIG_ENDIAN => true,
            _ => return Err(bytes.damage("not a typedstream")),
        };
        let head = bytes.byte()?;
        bytes.integer(head, Sign::Signed)?;
        Ok(bytes)
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.data.len()
    }

    pub(super) fn damage(&self, what: &'static str) -> Damage {
        Damage { at: self.at, what }
    }

    pub(super) fn byte(&mut self) -> Result<u8, Damage> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Damage> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.data.len());
        let end = end.ok_or_else(|| self.damage("the stream ends early"))?;
        let taken = &self.data[self.at..end];
        self.at = end;
        Ok(taken)
    }

    /// The integer that begins with the byte `head`, already read.
    pub(super) fn integer(&mut self, head: u8, sign: Sign) -> Result<i64, Damage> {
        match (head, sign) {
            (INT16, Sign::Signed) => Ok(i64::from(self.u16()?.cast_signed())),
            (INT16, Sign::Unsigned) => Ok(i64::from(self.u16()?)),
            (INT32, Sign::Signed) => Ok(i64::from(self.u32()?.cast_signed())),
            (INT32, Sign::Unsigned) => Ok(i64::from(self.u32()?)),
            (0x80..=0x91, _) => Err(self.damage("a tag where a number should be")),
            (byte, Sign::Signed) => Ok(i64::from(byte.cast_signed())),
            (byte, Sign::Unsigned) => Ok(i64::from(byte)),
        }
    }

    /// A byte count that begins with the byte `head`.
    pub(super) fn length(&mut self, head: u8) -> Result<usize, Damage> {
        let length = self.integer(head, Sign::Unsigned)?;
        usize::try_from(length).map_err(|_| self.damage("a length beyond this machine"))
    }

    /// The number of an earlier string or object that begins with the byte `head`.
    pub(super) fn reference(&mut self, head: u8) -> Result<usize, Damage> {
        let number = self.integer(head, Sign::Signed)? - FIRST_REFERENCE;
        usize::try_from(number).map_err(|_| self.damage("a negative reference"))
    }

    fn u16(&mut self) -> Result<u16, Damage> {
        let taken = self.take(2)?;
        let raw = [taken[0], taken[1]];
        Ok(if self.big_endian { u16::from_be_bytes(raw) } else { u16::from_le_bytes(raw) })
    }

    fn u32(&mut self) -> Result<u32, Damage> {
        let taken = self.take(4)?;
        let raw = [taken[0], taken[1], taken[2], taken[3]];
        Ok(if self.big_endian { u32::from_be_bytes(raw) } else { u32::from_le_bytes(raw) })
    }
}

/// Whether an integer's type is signed; the stream itself does not say.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    Signed,
    Unsigned,
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] = b"\x04\x0bstreamtyped\x81\xe8\x03";

    fn after_header(rest: &[u8]) -> Vec<u8> {
        [HEADER, rest].concat()
    }

    #[test]
    fn integers_take_one_three_or_five_bytes() {
        let data = after_header(b"\x05\x81\xff\x00\x81\xff\xff\x82\x01\x00\x01\x00\xff");
        let mut bytes = Bytes::open(&data).unwrap();
        let mut next = |sign| {
            let head = bytes.byte().unwrap();
            bytes.integer(head, sign).unwrap()
        };
        assert_eq!(next(Sign::Unsigned), 5);
        assert_eq!(next(Sign::Unsigned), 255);
        assert_eq!(next(Sign::Signed), -1);
        assert_eq!(next(Sign::Unsigned), 65537);
        assert_eq!(next(Sign::Signed), -1);
    }

    #[test]
    fn references_count_from_0x92_and_grow_to_two_bytes() {
        let data = after_header(b"\x92\x00\x81\x92\x00");
        let mut bytes = Bytes::open(&data).unwrap();
        let mut next = || {
            let head = bytes.byte().unwrap();
            bytes.reference(head).unwrap()
        };
        assert_eq!([next(), next(), next()], [0, 110, 256]);
    }

    #[test]
    fn big_endian_streams_are_named_typedstream() {
        let mut bytes = Bytes::open(b"\x03\x0btypedstream\x81\x03\xe8\x81\x01\x00").unwrap();
        let head = bytes.byte().unwrap();
        assert_eq!(bytes.integer(head, Sign::Unsigned), Ok(256));
    }

    #[test]
    fn a_wrong_header_is_damage() {
        for wrong in
            [&b""[..], b"\x04", b"\x09\x0bstreamtyped\x81\xe8\x03", b"\x04\x0bstreamtipped\x81\xe8\x03", b"bplist00"]
        {
            assert!(Bytes::open(wrong).is_err());
        }
    }
}
