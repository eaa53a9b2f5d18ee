//! Token counts in OpenAI's o200k vocabulary, the unit of the eligibility rule and of provider prices.

mod ascii_pieces;
mod cuts;
mod long_pieces;
mod piece_cache;
mod unicode_pieces;

use std::ops::Range;

use long_pieces::LongPieces;
use piece_cache::{LONGEST, Piece, PieceCache};

/// Tokens of the chat frame around the contents of a three-message example, as OpenAI's cookbook counts
/// them: three and a role for each message, three for the reply's start.
pub(crate) const FRAME_TOKENS: u64 = 3 * (3 + 1) + 3;

/// The number of o200k tokens in `text`.
pub fn count_tokens(text: &str) -> u64 {
    bpe_openai::o200k_base().count(text) as u64
}

/// Counts many short texts: words repeat, and so do the pieces that the rarer ones are made of, so each is encoded once.
pub(crate) struct TokenCounter {
    pieces: PieceCache,
    long_pieces: LongPieces,
    /// Memory for the words of one text.
    waiting: Vec<(Piece, Range<usize>)>,
    enabled: bool,
    /// The constant words counted last.
    constant: (String, u64),
}

impl TokenCounter {
    /// One that is not `enabled` gives 0 for everything.
    pub(crate) fn new(enabled: bool) -> Self {
        let (pieces, long_pieces) = (PieceCache::new(), LongPieces::default());
        let waiting = Vec::with_capacity(TOGETHER);
        Self { pieces, long_pieces, waiting, enabled, constant: (String::new(), 0) }
    }

    /// As [`count`](Self::count), for texts that begin with the same `constant` bytes, behind which a piece ends.
    pub(crate) fn count_behind(&mut self, text: &str, constant: usize) -> u64 {
        let (constant, rest) = text.split_at(constant);
        self.count_constant(constant) + self.count(rest)
    }

    /// As [`count`](Self::count), of the same words again and again.
    pub(crate) fn count_constant(&mut self, constant: &str) -> u64 {
        if self.constant.0 != constant {
            self.constant = (constant.to_owned(), self.count(constant));
        }
        self.constant.1
    }

    /// The same number as [`count_tokens`].
    pub(crate) fn count(&mut self, text: &str) -> u64 {
        if !self.enabled {
            return 0;
        }
        let mut total = 0;
        let mut waiting = std::mem::take(&mut self.waiting);
        words(text, |at, length| {
            if length > LONGEST {
                total += self.count_pieces(&text[at..at + length]);
                return;
            }
            waiting.push((Piece::of(text.as_bytes(), at, length), at..at + length));
            if waiting.len() == TOGETHER {
                total += self.count_waiting(text, &mut waiting);
            }
        });
        total += self.count_waiting(text, &mut waiting);
        self.waiting = waiting;
        total
    }

    /// Counts the words and takes them off the list.
    fn count_waiting(&mut self, text: &str, waiting: &mut Vec<(Piece, Range<usize>)>) -> u64 {
        // All are looked up before one is encoded, so that their slots come from memory side by side.
        let (mut total, mut unknown) = (0, 0_u32);
        for (number, (word, _)) in waiting.iter().enumerate() {
            match self.pieces.count(*word) {
                Some(count) => total += count,
                None => unknown |= 1 << number,
            }
        }
        while unknown != 0 {
            let (word, range) = &waiting[unknown.trailing_zeros() as usize];
            unknown &= unknown - 1;
            let count = self.count_pieces(&text[range.clone()]);
            self.pieces.remember(*word, count);
            total += count;
        }
        waiting.clear();
        total
    }

    fn count_pieces(&mut self, words: &str) -> u64 {
        let mut total = 0;
        pieces(words, |at, length| {
            total += if length <= LONGEST {
                let piece = &words.as_bytes()[at..at + length];
                self.pieces.count_or(Piece::of(words.as_bytes(), at, length), || encoded(piece))
            } else {
                self.count_long(&words[at..at + length])
            };
        });
        total
    }

    fn count_long(&mut self, piece: &str) -> u64 {
        let (pieces, long_pieces) = (&mut self.pieces, &mut self.long_pieces);
        let mut total = 0;
        cuts::parts(piece, |at, length| {
            let part = &piece.as_bytes()[at..at + length];
            total += if length <= LONGEST {
                pieces.count_or(Piece::of(piece.as_bytes(), at, length), || encoded(part))
            } else {
                long_pieces.count(part, encoded)
            };
        });
        total
    }
}

/// How many short words are looked up together.
const TOGETHER: usize = u32::BITS as usize;

fn encoded(piece: &[u8]) -> u64 {
    bpe_openai::o200k_base().bpe.count(piece) as u64
}

/// Gives the place and the length of each word of `text` with the space before it and the marks behind it.
///
/// A piece ends before each space behind something that is no white space: white space goes with what follows it, but for line
/// ends behind signs. So what is given has as many tokens by itself as it has in `text`.
fn words(text: &str, mut give: impl FnMut(usize, usize)) {
    let bytes = text.as_bytes();
    let mut start = 0;
    for at in (1..bytes.len()).filter(|at| bytes[*at] == b' ') {
        let before = bytes[at - 1];
        let is_white = match before.is_ascii() {
            true => matches!(before, b'\t'..=b'\r' | b' '),
            false => text[..at].ends_with(char::is_whitespace),
        };
        if !is_white {
            give(start, at - start);
            start = at;
        }
    }
    if start < bytes.len() {
        give(start, bytes.len() - start);
    }
}

/// Gives the place and the length of each piece of `text`.
fn pieces(text: &str, mut give: impl FnMut(usize, usize)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    // Where the first character behind `at` that is not ASCII begins.
    let mut ascii_end = 0;
    while at < bytes.len() {
        if ascii_end <= at {
            ascii_end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii()).count();
        }
        let ascii = match ascii_end {
            end if end == bytes.len() => Some(ascii_pieces::piece_len(&bytes[at..])),
            end if end == at => None,
            end => ascii_pieces::piece_len_before(&bytes[at..end]),
        };
        let length = ascii.unwrap_or_else(|| unicode_pieces::piece_len(&text[at..]));
        give(at, length);
        at += length;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn pieces_are_cut_where_the_published_pattern_cuts(
            text in "([a-cA-C0-9 \t\r\n.,'/!srtveldmSRTVELDM-]{0,8}|[\u{301}\u{200d}我々éÉ٣👍\u{a0}\u{2028}ſ]{0,2}){0,6}"
        ) {
            let mut by_hand = Vec::new();
            pieces(&text, |at, length| by_hand.push(&text[at..at + length]));
            let published: Vec<&str> = bpe_openai::o200k_base().split(&text).collect();
            prop_assert_eq!(by_hand, published);
        }

        #[test]
        fn pieces_end_where_words_do(
            text in "([a-cA-C0-9 \t\r\n.,'/!srtveldmSRTVELDM-]{0,8}|[ \u{301}\u{200d}我々éÉ٣👍\u{a0}\u{3000}\u{2028}ſ]{0,3}){0,6}"
        ) {
            let (mut whole, mut by_word) = (Vec::new(), Vec::new());
            pieces(&text, |at, length| whole.push(at..at + length));
            words(&text, |start, length| {
                pieces(&text[start..start + length], |at, length| by_word.push(start + at..start + at + length));
            });
            prop_assert_eq!(by_word, whole);
        }

        #[test]
        fn counts_are_those_of_the_published_tokenizer(texts in prop::collection::vec("([a-z' ]{0,9}|[我们今天去吃饭吧。，！]{0,12}|[👍🏽😂é]{0,3}){0,5}", 1..8)) {
            let mut counter = TokenCounter::new(true);
            for text in texts.iter().chain(&texts) {
                prop_assert_eq!(counter.count(text), count_tokens(text));
            }
        }
    }

    /// Expected numbers from tiktoken's `o200k_base`.
    #[test]
    fn counts_agree_with_the_published_vocabulary() {
        assert_eq!(count_tokens("hello world"), 2);
        assert_eq!(count_tokens("tiktoken is great!"), 6);
        assert_eq!(count_tokens(""), 0);
    }

    #[test]
    fn the_remembered_pieces_change_no_count() {
        let mut counter = TokenCounter::new(true);
        for text in ["see u at 5 lol", "see u at 6 lol", "naïve café 👍🏽", "a\n\n b", "", "   "] {
            assert_eq!(counter.count(text), count_tokens(text));
            assert_eq!(counter.count(text), count_tokens(text));
        }
    }

    #[test]
    fn constant_words_are_counted_once_and_right() {
        let mut counter = TokenCounter::new(true);
        for content in ["I'm late.", " spaced", "\"quoted\"", ":)", "你好", "5", ""] {
            let text = format!("Say the following:\n{content}");
            assert_eq!(counter.count_behind(&text, 19), count_tokens(&text), "{content:?}");
        }
        assert_eq!(TokenCounter::new(false).count("hello"), 0);
    }
}
