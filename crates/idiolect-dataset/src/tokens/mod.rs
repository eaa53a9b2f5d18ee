//! Token counts in OpenAI's o200k vocabulary, the unit of the eligibility rule and of provider prices.

mod ascii_pieces;
mod cuts;
mod long_pieces;
mod merges;
mod piece;
mod piece_cache;
mod unicode_pieces;

use wide::u8x16;

use crate::blocks::{BLOCK, blocks};
use long_pieces::LongPieces;
use piece::{LONGEST, Piece, ShortPieces};
use piece_cache::PieceCache;

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
    /// Counts of characters by their code points, up to the last of three bytes; 0 for one that is not known.
    characters: Vec<u8>,
    /// Pieces that are to be looked up together, each with the place of its text.
    waiting: Vec<(Piece, usize)>,
    enabled: bool,
    /// The constant words counted last.
    constant: (String, u64),
}

impl TokenCounter {
    /// One that is not `enabled` gives 0 for everything.
    pub(crate) fn new(enabled: bool) -> Self {
        Self {
            pieces: if enabled { PieceCache::new() } else { PieceCache::default() },
            long_pieces: LongPieces::default(),
            characters: vec![0; 1 << 16],
            waiting: Vec::with_capacity(TOGETHER),
            enabled,
            constant: (String::new(), 0),
        }
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
        let mut total = [0];
        self.add(text, 0, &mut total);
        self.add_waiting(&mut total);
        total[0]
    }

    /// The counts of some texts, which together take less time than each [by itself](Self::count).
    pub(crate) fn count_each<'t>(&mut self, texts: impl ExactSizeIterator<Item = &'t str>) -> Vec<u64> {
        let mut totals = vec![0; texts.len()];
        texts.enumerate().for_each(|(place, text)| self.add(text, place, &mut totals));
        self.add_waiting(&mut totals);
        totals
    }

    /// Adds the count of `text` to the total at `place`, but for what then still waits.
    fn add(&mut self, text: &str, place: usize, totals: &mut [u64]) {
        if !self.enabled {
            return;
        }
        let short = ShortPieces::of(text.as_bytes());
        words(text, |at, length| match length <= LONGEST {
            true => self.ask(short.at(at, length), place, totals),
            false => self.add_long_word(&text[at..at + length], place, totals),
        });
    }

    /// Notes a piece whose count is wanted.
    fn ask(&mut self, piece: Piece, place: usize, totals: &mut [u64]) {
        self.pieces.prefetch(piece);
        self.waiting.push((piece, place));
        if self.waiting.len() == TOGETHER {
            self.add_waiting(totals);
        }
    }

    /// Counts what was asked for.
    fn add_waiting(&mut self, totals: &mut [u64]) {
        // All are looked up before one is encoded, so that their slots come from memory side by side.
        let mut unknown = 0_u64;
        for (number, (piece, place)) in self.waiting.iter().enumerate() {
            match self.pieces.count(*piece) {
                Some(count) => totals[*place] += count,
                None => unknown |= 1 << number,
            }
        }
        while unknown != 0 {
            let (piece, place) = self.waiting[unknown.trailing_zeros() as usize];
            unknown &= unknown - 1;
            totals[place] += self.count_unknown(piece);
        }
        self.waiting.clear();
    }

    fn count_unknown(&mut self, word: Piece) -> u64 {
        let (bytes, length) = word.bytes();
        let mut total = 0;
        let bytes = &bytes[..length];
        if word.is_part() {
            total = encoded(bytes);
        } else {
            let short = ShortPieces::of(bytes);
            pieces(std::str::from_utf8(bytes).expect("whole characters"), |at, length| {
                let piece = &bytes[at..at + length];
                total += if length == bytes.len() {
                    encoded(piece)
                } else {
                    self.pieces.count_or(short.at(at, length), || encoded(piece))
                };
            });
        }
        self.pieces.remember(word, total);
        total
    }

    fn add_long_word(&mut self, word: &str, place: usize, totals: &mut [u64]) {
        let short = ShortPieces::of(word.as_bytes());
        pieces(word, |at, length| match length <= LONGEST {
            true => self.ask(short.at(at, length), place, totals),
            false => self.add_long_piece(&word[at..at + length], place, totals),
        });
    }

    fn add_long_piece(&mut self, piece: &str, place: usize, totals: &mut [u64]) {
        let short = ShortPieces::of(piece.as_bytes());
        cuts::parts(piece, |at, length| {
            let part = &piece.as_bytes()[at..at + length];
            match *part {
                [first @ 0xe0..=0xef, second, third] => {
                    totals[place] += self.count_character([first, second, third]);
                }
                _ if length <= LONGEST => self.ask(short.at(at, length).into_part(), place, totals),
                _ => totals[place] += self.long_pieces.count(part, encoded),
            }
        });
    }

    /// The count of a character of three bytes by itself: what Chinese falls into most of the time.
    fn count_character(&mut self, bytes: [u8; 3]) -> u64 {
        let [high, middle, low] = bytes.map(usize::from);
        let count = &mut self.characters[(high & 15) << 12 | (middle & 63) << 6 | low & 63];
        if *count == 0 {
            *count = encoded(&bytes) as u8;
        }
        (*count).into()
    }
}

/// How many pieces are looked up together.
const TOGETHER: usize = u64::BITS as usize;

fn encoded(piece: &[u8]) -> u64 {
    if piece.len() <= merges::LONGEST {
        return merges::count(piece);
    }
    bpe_openai::o200k_base().bpe.count(piece) as u64
}

/// Gives the place and the length of each word of `text` with the space before it and the marks behind it.
///
/// A piece ends before each space behind something that is no white space: white space goes with what follows it, but for line
/// ends behind signs. So what is given has as many tokens by itself as it has in `text`.
fn words(text: &str, mut give: impl FnMut(usize, usize)) {
    let bytes = text.as_bytes();
    let mut start = 0;
    for (number, block) in blocks(bytes).enumerate() {
        let mut spaces = block.bits(|bytes| bytes.simd_eq(u8x16::splat(b' ')));
        while spaces != 0 {
            let at = number * BLOCK + spaces.trailing_zeros() as usize;
            spaces &= spaces - 1;
            if at > start && !is_white_before(text, at) {
                give(start, at - start);
                start = at;
            }
        }
    }
    if start < bytes.len() {
        give(start, bytes.len() - start);
    }
}

/// Whether the character before `at`, which is not 0, is white space.
fn is_white_before(text: &str, at: usize) -> bool {
    match text.as_bytes()[at - 1] {
        before @ 0..0x80 => matches!(before, b'\t'..=b'\r' | b' '),
        _ => text[..at].ends_with(char::is_whitespace),
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
            let together = TokenCounter::new(true).count_each(texts.iter().map(String::as_str));
            prop_assert_eq!(together, texts.iter().map(|text| count_tokens(text)).collect::<Vec<_>>());
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
