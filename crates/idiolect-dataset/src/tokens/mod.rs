//! Token counts in OpenAI's o200k vocabulary, the unit of the eligibility rule and of provider prices.

mod ascii_pieces;

use std::collections::HashMap;

/// Tokens of the chat frame around the contents of a three-message example, as OpenAI's cookbook counts
/// them: three and a role for each message, three for the reply's start.
pub(crate) const FRAME_TOKENS: u64 = 3 * (3 + 1) + 3;

/// The number of o200k tokens in `text`.
pub fn count_tokens(text: &str) -> u64 {
    bpe_openai::o200k_base().count(text) as u64
}

/// Counts many short texts: pieces (words with their leading space) repeat, so each is encoded once.
pub(crate) struct TokenCounter {
    pieces: HashMap<Box<str>, u32>,
    enabled: bool,
    /// The constant words counted last.
    constant: (String, u64),
}

/// Pieces remembered; a bound on memory, far above what one person's vocabulary fills.
const MAX_PIECES: usize = 200_000;

impl TokenCounter {
    /// One that is not `enabled` gives 0 for everything.
    pub(crate) fn new(enabled: bool) -> Self {
        Self { pieces: HashMap::new(), enabled, constant: (String::new(), 0) }
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
        if !text.is_ascii() {
            return bpe_openai::o200k_base().split(text).map(|piece| self.count_piece(piece)).sum();
        }
        let (mut rest, mut total) = (text, 0);
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(ascii_pieces::piece_len(rest.as_bytes()));
            total += self.count_piece(piece);
            rest = more;
        }
        total
    }

    fn count_piece(&mut self, piece: &str) -> u64 {
        if let Some(&count) = self.pieces.get(piece) {
            return u64::from(count);
        }
        let count = bpe_openai::o200k_base().bpe.count(piece.as_bytes());
        if self.pieces.len() < MAX_PIECES {
            self.pieces.insert(piece.into(), count as u32);
        }
        count as u64
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
