//! `message_summary_info`: the property list in which Messages keeps what was edited and what was withdrawn.
//!
//! Keys: `otr` the original range of each part, `rp` the parts withdrawn, `ec` for each edited part its versions, oldest first,
//! each with a typedstream `t`.

use std::collections::BTreeSet;
use std::io::Cursor;

use plist::{Dictionary, Value};

/// Real ones are some hundred bytes; a larger one is not looked at.
const MAX_BYTES: usize = 256 * 1024;

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
        let Ok(Value::Dictionary(info)) = Value::from_reader(Cursor::new(data)) else { return Self::default() };
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

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for data in [&b""[..], b"bplist00", b"no list at all", &vec![b'x'; MAX_BYTES + 1]] {
            assert!(!Summary::read(Some(data)).is_unsent());
        }
        assert!(Summary::read(None).parts.is_empty());
    }
}
