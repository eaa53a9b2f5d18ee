//! One look at a text before any rule: its marks, its digits, and which of the words that rules wait for begin in it. Most
//! messages hold nothing that a rule has to look at.
//!
//! Many bytes are told apart at a time; only where something begins is looked at by itself.

use std::sync::LazyLock;

use wide::u8x16;

use crate::blocks::{BLOCK, Block, blocks};
use crate::{clean, redact};

/// What is in a text, as far as it decides which rules look closer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    marks: u8,
    words: u16,
    /// Whether there are ASCII letters.
    pub(crate) letters: bool,
    /// ASCII's.
    pub(crate) digits: u32,
    pub(crate) full_stops: u32,
}

/// A character that some rule cannot do without.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Mark {
    At = 1,
    OpeningBracket = 2,
    Colon = 4,
    GreaterThan = 8,
    NotAscii = 16,
    /// Not ASCII, and by its first bytes perhaps one that stands for a number.
    ForeignNumber = 32,
    Plus = 64,
    /// Of emphasis or a quotation, in ASCII.
    Emphasis = 128,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::new(clean::signs().chain(redact::announcements())));

impl Look {
    pub(crate) fn at(text: &str) -> Self {
        Self::with(&WORDS, text)
    }

    fn with(words: &Words, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut look = Self::default();
        let (mut high, mut letters) = (0, 0);
        let mut letter_before = 0;
        for (number, block) in blocks(bytes).enumerate() {
            let kinds = Kinds::of(&block);
            high |= kinds.not_ascii;
            letters |= kinds.letters;
            look.digits += kinds.digits.count_ones();
            let mut begins = kinds.begins(&mut letter_before);
            while begins != 0 {
                let at = number * BLOCK + begins.trailing_zeros() as usize;
                begins &= begins - 1;
                let mark = MARKS[usize::from(bytes[at])];
                if mark != Mark::ForeignNumber as u8 || redact::may_be_number(&bytes[at..]) {
                    look.marks |= mark;
                }
                look.full_stops += u32::from(bytes[at] == b'.');
                look.words |= words.at(bytes, at);
            }
        }
        look.letters = letters != 0;
        look.marks |= if high == 0 { 0 } else { Mark::NotAscii as u8 };
        look
    }

    pub(crate) fn holds(self, mark: Mark) -> bool {
        self.marks & mark as u8 != 0
    }

    /// Whether one of the words of `kind` begins somewhere in the text.
    pub(crate) fn announces(self, kind: u16) -> bool {
        self.words & kind != 0
    }
}

static MARKS: [u8; 256] = {
    let mut marks = [0; 256];
    marks[b'@' as usize] = Mark::At as u8;
    marks[b'[' as usize] = Mark::OpeningBracket as u8;
    marks[b':' as usize] = Mark::Colon as u8;
    marks[b'>' as usize] = Mark::GreaterThan as u8;
    marks[b'+' as usize] = Mark::Plus as u8;
    let mut mark = 0;
    while mark < redact::EMPHASIS.len() {
        marks[redact::EMPHASIS[mark] as usize] = Mark::Emphasis as u8;
        mark += 1;
    }
    let mut byte = 0x80_u8;
    while byte != 0 {
        marks[byte as usize] |= if redact::may_lead_number(byte) { Mark::ForeignNumber as u8 } else { 0 };
        byte = byte.wrapping_add(1);
    }
    marks
};

/// The bytes of a block by their kinds, each a bit.
struct Kinds {
    not_ascii: u64,
    letters: u64,
    digits: u64,
    /// Visible, and no continuation of a character.
    starts: u64,
}

impl Kinds {
    fn of(block: &Block) -> Self {
        let within =
            |from: u8, to: u8| move |bytes: u8x16| (bytes - u8x16::splat(from)).simd_le(u8x16::splat(to - from));
        let letters = within(b'a', b'z');
        let continued = block.bits(within(0x80, 0xbf));
        Self {
            not_ascii: block.bits(|bytes| bytes),
            letters: block.bits(|bytes| letters(bytes | u8x16::splat(0x20))),
            digits: block.bits(within(b'0', b'9')),
            starts: block.bits(|bytes| bytes.simd_ge(u8x16::splat(b'!'))) & !continued,
        }
    }

    /// Where a word may begin: at a letter with none before it, at a mark, at a character that is not ASCII. `letter_before` goes
    /// from a block to the next.
    fn begins(&self, letter_before: &mut u64) -> u64 {
        let behind_letter = self.letters << 1 | *letter_before;
        *letter_before = self.letters >> 63;
        self.starts & !self.digits & !(self.letters & behind_letter)
    }
}

/// Words and the bits that each of them stands for, in small letters, in capitals, or with a capital at the start.
///
/// A word whose first character is an ASCII letter counts only where no ASCII letter stands before it.
struct Words {
    /// By the hash of the first three bytes: which bucket holds the words that start so; 0 is none.
    slots: Box<[u16; SLOTS]>,
    buckets: Vec<Bucket>,
}

/// The words of one slot.
#[derive(Default)]
struct Bucket {
    /// The lowest five bits of their fourth bytes, each as a bit: most texts differ there at the latest. All, if a word has no fourth.
    fourths: u32,
    words: Vec<(Box<[u8]>, u16)>,
}

const SLOT_BITS: u32 = 13;
const SLOTS: usize = 1 << SLOT_BITS;

impl Words {
    /// `words` have three bytes or more each and begin neither with a space nor with a digit.
    fn new(words: impl Iterator<Item = (&'static str, u16)>) -> Self {
        let mut slots = Box::new([0; SLOTS]);
        let mut buckets = vec![Bucket::default()];
        for (word, bits) in words.flat_map(|(word, bits)| forms(word).map(move |form| (form, bits))) {
            let word = word.as_bytes();
            assert!(word[0] > b' ' && !word[0].is_ascii_digit(), "nothing is looked for at spaces and digits");
            let slot = &mut slots[slot(u32::from_le_bytes([word[0], word[1], word[2], 0]))];
            if *slot == 0 {
                *slot = u16::try_from(buckets.len()).expect("there are fewer words than slots");
                buckets.push(Bucket::default());
            }
            let bucket = &mut buckets[usize::from(*slot)];
            bucket.fourths |= word.get(3).map_or(u32::MAX, |fourth| 1 << (fourth & 31));
            bucket.words.push((word.into(), bits));
        }
        Self { slots, buckets }
    }

    /// The bits of the words that begin at `at`.
    #[inline]
    fn at(&self, text: &[u8], at: usize) -> u16 {
        // Four bytes are one load; a text's last three stand alone.
        let (start, fourth) = match text[at..] {
            [first, second, third, fourth, ..] => {
                (u32::from_le_bytes([first, second, third, fourth]), 1 << (fourth & 31))
            }
            [first, second, third] => (u32::from_le_bytes([first, second, third, 0]), u32::MAX),
            _ => return 0,
        };
        let bucket = usize::from(self.slots[slot(start)]);
        if bucket == 0 || self.buckets[bucket].fourths & fourth == 0 { 0 } else { self.bits_at(&text[at..], bucket) }
    }

    #[cold]
    fn bits_at(&self, text: &[u8], bucket: usize) -> u16 {
        let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        self.buckets[bucket].words.iter().filter(|(word, _)| begins(word)).fold(0, |bits, (_, more)| bits | more)
    }
}

/// `word` as it is written in any case, where ASCII's letters count in either.
fn forms(word: &str) -> impl Iterator<Item = String> {
    let mut letters = word.chars();
    let capital = letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    let mut forms = vec![word.to_owned(), capital, word.to_uppercase()];
    // Turkish has a dot on some capitals.
    if word.contains(['ş', 'ğ', 'ı']) {
        forms.push(word.replace('i', "İ").to_uppercase());
    }
    forms.iter_mut().for_each(|form| form.make_ascii_lowercase());
    forms.sort_unstable();
    forms.dedup();
    forms.into_iter()
}

/// Of the first three of four bytes. Setting the bit that tells small letters from capitals merges few others.
fn slot(start: u32) -> usize {
    let key = start & 0xff_ffff | 0x20_2020;
    (key.wrapping_mul(0x9e37_79b1) >> (32 - SLOT_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words() -> Words {
        Words::new([("pin ", 1), ("pin:", 2), ("://", 4), ("密码", 8), ("pinboard", 16), ("éa", 32)].into_iter())
    }

    #[test]
    fn words_count_from_their_first_letter_in_any_case() {
        let words = words();
        for (text, bits) in [
            ("my PIN is", 1),
            ("pin:", 2),
            ("(Pin )", 1),
            ("spin it", 0),
            ("éPIN it", 1),
            ("4pin 4", 1),
            ("x://", 4),
            ("我的密码是", 8),
            ("a pinboard", 16),
            ("1234567pinboard", 16),
            ("abcdefgpinboard", 0),
            ("xéa", 32),
            ("a pin", 0),
            ("pi", 0),
            ("", 0),
            ("pin and pin:", 3),
        ] {
            assert_eq!(Look::with(&words, text).words, bits, "{text:?}");
        }
    }

    #[test]
    fn marks_are_seen() {
        let look = Look::at("a@b [x]: ½>~");
        let marks = [
            Mark::At,
            Mark::OpeningBracket,
            Mark::Colon,
            Mark::GreaterThan,
            Mark::NotAscii,
            Mark::ForeignNumber,
            Mark::Emphasis,
        ];
        assert!(marks.into_iter().all(|mark| look.holds(mark)));
        assert!(!marks.into_iter().any(|mark| Look::at("plain, (1) 2.").holds(mark)));
    }

    proptest! {
        #[test]
        fn a_look_sees_what_is_there(text in "([a-zA-Z0-9@:.>+\\[ ]{0,9}|[\\x00-\\x7f]{0,4}|(pin |PIN:|密码|éa|pinboard|://)|\\PC){0,8}") {
            let words = words();
            let look = Look::with(&words, &text);
            let bytes = text.as_bytes();
            prop_assert_eq!(look.digits as usize, bytes.iter().filter(|byte| byte.is_ascii_digit()).count());
            prop_assert_eq!(look.full_stops as usize, bytes.iter().filter(|byte| **byte == b'.').count());
            prop_assert_eq!(look.holds(Mark::NotAscii), !text.is_ascii());
            let foreign_number = text.chars().any(|c| !c.is_ascii() && c.is_numeric());
            prop_assert!(look.holds(Mark::ForeignNumber) || !foreign_number);
            prop_assert_eq!(look.letters, bytes.iter().any(u8::is_ascii_alphabetic));
            for (mark, byte) in [(Mark::At, b'@'), (Mark::OpeningBracket, b'['), (Mark::Colon, b':'), (Mark::GreaterThan, b'>'), (Mark::Plus, b'+')] {
                prop_assert_eq!(look.holds(mark), bytes.contains(&byte));
            }
            let counts = |at: usize| {
                !(at > 0 && bytes[at].is_ascii_alphabetic() && bytes[at - 1].is_ascii_alphabetic())
            };
            let begins = |at: usize, word: &[u8]| {
                bytes[at..].get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            };
            let every = words.buckets.iter().flat_map(|bucket| &bucket.words);
            let there = every.filter(|(word, _)| (0..bytes.len()).any(|at| counts(at) && begins(at, word)));
            prop_assert_eq!(look.words, there.fold(0, |bits, (_, more)| bits | more));
        }
    }
}
