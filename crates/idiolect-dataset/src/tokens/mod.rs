//! Token counts in OpenAI's o200k vocabulary, the unit of the eligibility rule and of provider prices.

mod ascii_pieces;
mod long_pieces;
mod piece_cache;
mod unicode_pieces;

use long_pieces::LongPieces;
use piece_cache::PieceCache;

/// Tokens of the chat frame around the contents of a three-message example, as OpenAI's cookbook counts
/// them: three and a role for each message, three for the reply's start.
pub(crate) const FRAME_TOKENS: u64 = 3 * (3 + 1) + 3;

/// The number of o200k tokens in `text`.
pub fn count_tokens(text: &str) -> u64 {
    bpe_openai::o200k_base().count(text) as u64
}

/// Counts many short texts: pieces (words with their leading space) repeat, so each is encoded once.
pub(crate) struct TokenCounter {
    pieces: PieceCache,
    long_pieces: LongPieces,
    enabled: bool,
    /// The constant words counted last.
    constant: (String, u64),
}

impl TokenCounter {
    /// One that is not `enabled` gives 0 for everything.
    pub(crate) fn new(enabled: bool) -> Self {
        let (pieces, long_pieces) = (PieceCache::new(), LongPieces::default());
        Self { pieces, long_pieces, enabled, constant: (String::new(), 0) }
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
        pieces(text, |at, length| total += self.count_piece(text, at, length));
        total
    }

    fn count_piece(&mut self, text: &str, at: usize, length: usize) -> u64 {
        let encode = |piece: &[u8]| bpe_openai::o200k_base().bpe.count(piece);
        if let Some(count) = self.pieces.count(text.as_bytes(), at, length, encode) {
            return count;
        }
        self.long_pieces.count(&text.as_bytes()[at..at + length], encode)
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
