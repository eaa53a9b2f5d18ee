//! Which of many words begin somewhere in a text, in one pass that looks closer only where three bytes fit one of them.

/// Words, ASCII letters small, and the bits that each of them stands for.
///
/// A word whose first character is an ASCII letter counts only where no ASCII letter stands before it.
pub(crate) struct WordStarts {
    /// By the hash of the first three bytes: which bucket holds the words that start so; 0 is none.
    slots: Box<[u8; SLOTS]>,
    buckets: Vec<Vec<(&'static [u8], u8)>>,
}

const SLOT_BITS: u32 = 13;
const SLOTS: usize = 1 << SLOT_BITS;

impl WordStarts {
    /// `words` have three bytes or more each.
    pub fn new(words: impl Iterator<Item = (&'static str, u8)>) -> Self {
        let mut slots = Box::new([0; SLOTS]);
        let mut buckets: Vec<Vec<(&[u8], u8)>> = vec![Vec::new()];
        for (word, bits) in words {
            let word = word.as_bytes();
            let slot = &mut slots[slot(u32::from_le_bytes([word[0], word[1], word[2], 0]))];
            if *slot == 0 {
                *slot = u8::try_from(buckets.len()).expect("there are fewer than 256 beginnings");
                buckets.push(Vec::new());
            }
            buckets[usize::from(*slot)].push((word, bits));
        }
        Self { slots, buckets }
    }

    /// The bits of all words in `text`.
    pub fn bits(&self, text: &str) -> u8 {
        let text = text.as_bytes();
        let mut bits = 0;
        let mut look = |at: usize, start: u32| {
            let bucket = self.slots[slot(start)];
            if bucket != 0 && !(at > 0 && text[at].is_ascii_alphabetic() && text[at - 1].is_ascii_alphabetic()) {
                bits |= self.bits_at(&text[at..], usize::from(bucket));
            }
        };
        // Four bytes at once are one load; the last three stand alone.
        for (at, window) in text.windows(4).enumerate() {
            look(at, u32::from_le_bytes([window[0], window[1], window[2], window[3]]));
        }
        if let [.., first, second, third] = *text {
            look(text.len() - 3, u32::from_le_bytes([first, second, third, 0]));
        }
        bits
    }

    #[cold]
    fn bits_at(&self, text: &[u8], bucket: usize) -> u8 {
        let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        self.buckets[bucket].iter().filter(|(word, _)| begins(word)).fold(0, |bits, (_, more)| bits | more)
    }
}

/// Of the first three of four bytes. Setting the bit that tells small letters from capitals merges few others.
fn slot(start: u32) -> usize {
    let key = start & 0xff_ffff | 0x20_2020;
    (key.wrapping_mul(0x9e37_79b1) >> (32 - SLOT_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_from_their_first_letter_in_any_case() {
        let words = WordStarts::new([("pin ", 1), ("pin:", 2), ("://", 4), ("密码", 8), ("pinboard", 16)].into_iter());
        for (text, bits) in [
            ("my PIN is", 1),
            ("pin:", 2),
            ("(Pin )", 1),
            ("spin it", 0),
            ("éPIN it", 1),
            ("x://", 4),
            ("我的密码是", 8),
            ("a pinboard", 16),
            ("a pin", 0),
            ("pi", 0),
            ("", 0),
            ("pin and pin:", 3),
        ] {
            assert_eq!(words.bits(text), bits, "{text:?}");
        }
    }
}
