//! `message_summary_info`: the property list in which Messages keeps what was edited and what was withdrawn.
//!
//! Keys: `otr` the original range of each part, `rp` the parts withdrawn, `ec` for each edited part its versions, oldest first,
//! each with a typedstream `t`.

use std::collections::BTreeSet;
use std::io::Cursor;

use plist::stream::{Event, Reader};
use plist::{Dictionary, Value};

/// Real ones are some hundred bytes; a larger one is not looked at.
const MAX_BYTES: usize = 256 * 1024;
/// What objects may come to when all are written out, in bytes and objects: a binary property list can refer to one many times,
/// and those it refers to too.
const MAX_WRITTEN_OUT: u64 = 4 * MAX_BYTES as u64;
/// Real ones have six levels.
const MAX_DEPTH: u32 = 64;

/// What a row's edits and withdrawals come to. Empty when the row has none.
#[derive(Default)]
pub(super) struct Summary {
    /// The parts that the message was sent with.
    pub(super) parts: BTreeSet<u32>,
    /// The parts withdrawn since.
    pub(super) retracted: BTreeSet<u32>,
    /// The typedstream of the newest version of each part that was edited and not withdrawn, in order of parts.
    pub(super) newest_versions: Vec<Vec<u8>>,
}

impl Summary {
    /// Reads the property list; one that cannot be read says nothing.
    pub(super) fn read(data: Option<&[u8]>) -> Self {
        let Some(data) = data.filter(|data| data.len() <= MAX_BYTES) else { return Self::default() };
        let Some(Value::Dictionary(info)) = bounded(data) else { return Self::default() };
        let parts = part_dictionary(&info, "otr").map(|(part, _)| part).collect();
        let retracted: BTreeSet<u32> =
            info.get("rp").and_then(Value::as_array).into_iter().flatten().filter_map(part_number).collect();
        let mut versions: Vec<_> = part_dictionary(&info, "ec").filter(|(part, _)| !retracted.contains(part)).collect();
        versions.sort_by_key(|(part, _)| *part);
        let newest_versions = versions.into_iter().filter_map(|(_, versions)| newest(versions)).collect();
        Self { parts, retracted, newest_versions }
    }

    /// Whether nothing of the message is left.
    pub(super) fn is_unsent(&self) -> bool {
        !self.parts.is_empty() && self.parts.is_subset(&self.retracted)
    }
}

/// The property list; `None` where it is none, or comes to more than a message's can.
fn bounded(data: &[u8]) -> Option<Value> {
    let (mut left, mut depth) = (MAX_WRITTEN_OUT, 0_u32);
    // A list that ends early is an error to whoever puts it together.
    let events = Reader::new(Cursor::new(data)).take_while(|event| {
        let cost = match event {
            // The reader holds their references while it is in them.
            Ok(Event::StartArray(length) | Event::StartDictionary(length)) => {
                depth += 1;
                length.unwrap_or(0)
            }
            Ok(Event::EndCollection) => {
                depth = depth.saturating_sub(1);
                0
            }
            Ok(Event::String(text)) => text.len() as u64,
            Ok(Event::Data(data)) => data.len() as u64,
            _ => 0,
        };
        let rest = left.checked_sub(cost + 1);
        left = rest.unwrap_or(0);
        rest.is_some() && depth <= MAX_DEPTH
    });
    Value::from_events(events).ok()
}

/// A dictionary whose keys are part numbers written in decimal.
fn part_dictionary<'a>(info: &'a Dictionary, key: &str) -> impl Iterator<Item = (u32, &'a Value)> {
    let dictionary = info.get(key).and_then(Value::as_dictionary);
    dictionary.into_iter().flatten().filter_map(|(part, value)| Some((part.parse().ok()?, value)))
}

fn part_number(value: &Value) -> Option<u32> {
    value.as_unsigned_integer().and_then(|part| u32::try_from(part).ok())
}

fn newest(versions: &Value) -> Option<Vec<u8>> {
    versions.as_array()?.last()?.as_dictionary()?.get("t")?.as_data().map(<[u8]>::to_vec)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The property list of a message of `parts` parts of which `retracted` were withdrawn; `versions` are those of part 0.
    pub(in super::super) fn summary(parts: u32, retracted: &[u32], versions: &[&[u8]]) -> Vec<u8> {
        let dictionary = |pairs: Vec<(String, Value)>| Value::Dictionary(pairs.into_iter().collect());
        let ranges = (0..parts).map(|part| (part.to_string(), dictionary(vec![]))).collect();
        let mut info = vec![("otr".to_owned(), dictionary(ranges)), ("ust".to_owned(), true.into())];
        if !retracted.is_empty() {
            info.push(("rp".into(), Value::Array(retracted.iter().map(|part| u64::from(*part).into()).collect())));
        }
        if !versions.is_empty() {
            let versions = versions.iter().map(|t| dictionary(vec![("t".into(), Value::Data(t.to_vec()))])).collect();
            info.push(("ec".into(), dictionary(vec![("0".into(), Value::Array(versions))])));
        }
        let mut data = Vec::new();
        dictionary(info).to_writer_binary(&mut data).unwrap();
        data
    }

    #[test]
    fn tells_whole_from_partial_withdrawal() {
        assert!(Summary::read(Some(&summary(1, &[0], &[]))).is_unsent());
        assert!(Summary::read(Some(&summary(2, &[0, 1], &[]))).is_unsent());
        assert!(!Summary::read(Some(&summary(2, &[1], &[]))).is_unsent());
        assert!(!Summary::read(Some(&summary(1, &[], &[]))).is_unsent());
    }

    #[test]
    fn keeps_the_newest_version_of_an_edited_part() {
        let read = Summary::read(Some(&summary(1, &[], &[b"first", b"second"])));
        assert_eq!(read.newest_versions, [b"second".to_vec()]);
    }

    /// A binary property list of `levels` arrays, each of `width` references to the next, the last to a number.
    fn referring(levels: u16, width: u8) -> Vec<u8> {
        let mut data = b"bplist00".to_vec();
        let mut offsets = Vec::new();
        for level in 1..=levels {
            offsets.push(data.len());
            data.extend([0xaf, 0x10, width]);
            (0..width).for_each(|_| data.extend(level.to_be_bytes()));
        }
        offsets.push(data.len());
        data.extend([0x10, 7]);
        let table = data.len();
        offsets.iter().for_each(|offset| data.extend(u32::try_from(*offset).unwrap().to_be_bytes()));
        data.extend([0, 0, 0, 0, 0, 0, 4, 2]);
        for number in [offsets.len(), 0, table] {
            data.extend((number as u64).to_be_bytes());
        }
        data
    }

    #[test]
    fn a_list_is_read_within_limits_of_size_and_depth() {
        assert!(matches!(bounded(&referring(1, 200)), Some(Value::Array(numbers)) if numbers.len() == 200));
        assert!(bounded(&referring(2, 200)).is_some());
        assert!(bounded(&referring(60, 1)).is_some());
        // 200 to the power of 8 numbers in 3 KB.
        assert!(bounded(&referring(8, 200)).is_none());
        assert!(bounded(&referring(20_000, 1)).is_none());
        let deep = format!("<plist>{}<true/>{}</plist>", "<array>".repeat(10_000), "</array>".repeat(10_000));
        assert!(bounded(deep.as_bytes()).is_none());
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for data in [&b""[..], b"bplist00", b"no list at all", &vec![b'x'; MAX_BYTES + 1]] {
            assert!(!Summary::read(Some(data)).is_unsent());
        }
        assert!(Summary::read(None).parts.is_empty());
    }
}
