//! Token counts in OpenAI's o200k vocabulary, the unit of the eligibility rule and of provider prices.

mod ascii_pieces;
mod piece_cache;
mod unicode_pieces;

use rustc_hash::FxHashMap;

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
    long_pieces: FxHashMap<Box<str>, u64>,
    enabled: bool,
    /// The constant words counted last.
    constant: (String, u64),
}

/// Pieces too long for the table that are remembered; a bound on memory.
const MAX_LONG_PIECES: usize = 50_000;

impl TokenCounter {
    /// One that is not `enabled` gives 0 for everything.
    pub(crate) fn new(enabled: bool) -> Self {
        Self { pieces: PieceCache::new(), long_pieces: FxHashMap::default(), enabled, constant: (String::new(), 0) }
    }

    /// As [`count`](Self::count), for texts that begin with the same `constant` bytes, behind which a piece ends.
    pub(crate) fn count_behind(&mut self, text: &str, constant: usize) -> u64 {
        let (constant, rest) = text.split_at(constant);
        if self.constant.0 != constant {
            self.constant = (constant.to_owned(), self.count(constant));
        }
        self.constant.1 + self.count(rest)
    }

    /// The same number as [`count_tokens`].
    pub(crate) fn count(&mut self, text: &str) -> u64 {
        if !self.enabled {
            return 0;
        }
        let ascii = text.is_ascii();
        let (mut at, mut total) = (0, 0);
        while at < text.len() {
            let length = match ascii {
                true => ascii_pieces::piece_len(&text.as_bytes()[at..]),
                false => unicode_pieces::piece_len(&text[at..]),
            };
            total += self.count_piece(text, at, length);
            at += length;
        }
        total
    }

    fn count_piece(&mut self, text: &str, at: usize, length: usize) -> u64 {
        let encode = |piece: &[u8]| bpe_openai::o200k_base().bpe.count(piece);
        if let Some(count) = self.pieces.count(text.as_bytes(), at, length, encode) {
            return count;
        }
        let piece = &text[at..at + length];
        if let Some(count) = self.long_pieces.get(piece) {
            return *count;
        }
        let count = encode(piece.as_bytes()) as u64;
        // A run of one sign may be as long as a message; such pieces do not come again.
        if self.long_pieces.len() < MAX_LONG_PIECES && length <= 64 {
            self.long_pieces.insert(piece.into(), count);
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
