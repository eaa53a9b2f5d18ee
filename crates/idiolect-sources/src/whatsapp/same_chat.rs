//! Which files hold the same chat: each is read once, however many are compared.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{HEAD, header};
use crate::export::{Entry, Export};

/// Lines by which two files of one chat are known: the first may be the notice that all chats begin with.
const FIRST_LINES: usize = 4;

/// Messages with which a file begins that are looked for in another one.
const COMPARED: usize = 40;

/// The indices of those of `entries` that hold the same chat as another one: they begin alike, or one begins later, as an export
/// does that has no room for more than the newest messages.
pub(super) fn with_another(export: &Export, entries: &[&Entry]) -> BTreeSet<usize> {
    let begins: Vec<Begin> = entries.iter().map(|entry| Begin::of(export, entry)).collect();
    let mut found = BTreeSet::new();
    for (one, begin) in begins.iter().enumerate() {
        let alike = (0..one).filter(|other| begin.is_alike(&begins[*other]));
        found.extend(alike.flat_map(|other| [one, other]));
    }
    let mut beginners: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, begin) in begins.iter().enumerate() {
        begin.messages.iter().for_each(|line| beginners.entry(line).or_default().push(index));
    }
    for (one, entry) in entries.iter().enumerate() {
        let within = beginning_within(export, entry, &beginners);
        let others = within.into_iter().filter(|(other, met)| *other != one && begins[*other].is_mostly(*met));
        found.extend(others.flat_map(|(other, _)| [one, other]));
    }
    found
}

/// How many of the messages with which each file begins are in this one; of a file that cannot be read, none.
fn beginning_within(export: &Export, entry: &Entry, beginners: &HashMap<&str, Vec<usize>>) -> HashMap<usize, usize> {
    let mut within = HashMap::new();
    let mut met: HashSet<&str> = HashSet::new();
    let Ok(mut lines) = export.lines(entry) else { return within };
    while let Ok(Some(line)) = lines.next_line() {
        let Some((message, others)) = beginners.get_key_value(line.text.trim()) else { continue };
        if met.insert(message) {
            others.iter().for_each(|other| *within.entry(*other).or_default() += 1);
        }
    }
    within
}

/// How a file begins.
struct Begin {
    lines: Vec<String>,
    /// None where they are too few.
    messages: HashSet<String>,
}

impl Begin {
    fn of(export: &Export, entry: &Entry) -> Self {
        let head = export.head_text(entry, HEAD);
        let lines = || head.lines().map(str::trim);
        let is_message =
            |line: &&str| header::parse(line).is_some_and(|header| header.sender_and_body(line).0.is_some());
        let mut messages: HashSet<String> = lines().filter(is_message).take(COMPARED).map(str::to_owned).collect();
        if messages.len() < FIRST_LINES {
            messages.clear();
        }
        let lines = lines().filter(|line| !line.is_empty()).take(FIRST_LINES).map(str::to_owned).collect();
        Self { lines, messages }
    }

    /// Whether two files begin with the same lines, as many as both have.
    fn is_alike(&self, other: &Self) -> bool {
        let is_empty = self.lines.is_empty() || other.lines.is_empty();
        !is_empty && self.lines.iter().zip(&other.lines).all(|(one, other)| one == other)
    }

    /// Whether so many are most of the messages with which it begins.
    fn is_mostly(&self, met: usize) -> bool {
        met * 2 > self.messages.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chat(from: u32, count: u32) -> String {
        (from..from + count)
            .map(|minute| format!("16/08/2017, {:02}:{:02} - Ana: m{minute}\n", minute / 60, minute % 60))
            .collect()
    }

    /// The files that hold a chat which another one holds, too, and how often all were read.
    fn found(files: &[String]) -> (BTreeSet<usize>, u64) {
        let folder = tempfile::tempdir().unwrap();
        for (index, text) in files.iter().enumerate() {
            std::fs::write(folder.path().join(format!("Ana {index:03}.txt")), text).unwrap();
        }
        let export = Export::open(folder.path()).unwrap();
        let entries: Vec<&Entry> = export.entries().iter().collect();
        let found = with_another(&export, &entries);
        let size: u64 = files.iter().map(|text| text.len() as u64).sum();
        (found, export.bytes_read() / size)
    }

    #[test]
    fn files_of_one_chat_begin_alike_or_one_within_the_other() {
        let (whole, newest, another) = (chat(0, 60), chat(30, 60), chat(200, 60));
        assert_eq!(found(&[whole.clone(), another.clone(), newest]).0, [0, 2].into());
        assert_eq!(found(&[another.clone(), whole.clone(), chat(0, 2)]).0, [1, 2].into());
        assert_eq!(found(&[whole, another]).0, [].into());
    }

    /// Comparing every two took hours for some hundred chats called "Chat 1" and so on.
    #[test]
    fn many_files_are_each_read_once() {
        let files: Vec<String> = (0..60).map(|index| chat(index * 20, 20)).collect();
        let (twice, times) = found(&files);
        assert!(twice.is_empty() && times <= 2, "{twice:?}, read {times} times");
    }
}
