//! Text of a growing answer: a token may end in the middle of a character, which is held back until the rest comes.

use super::Tokenizer;

/// Turns tokens into text as they come, in whole characters only.
#[derive(Default)]
pub struct StreamDecoder {
    /// Bytes of a character whose end has not come yet; at most three.
    held: Vec<u8>,
}

impl StreamDecoder {
    /// The text that `id` completes; empty while a character is incomplete. Bytes that can no longer become a character
    /// are replaced by U+FFFD.
    pub fn push(&mut self, tokenizer: &Tokenizer, id: u32) -> String {
        self.push_bytes(tokenizer.token_bytes(id))
    }

    /// What is left when the answer has ended: U+FFFD if it broke off within a character, else nothing.
    pub fn finish(&mut self) -> String {
        if std::mem::take(&mut self.held).is_empty() { String::new() } else { char::REPLACEMENT_CHARACTER.to_string() }
    }

    fn push_bytes(&mut self, bytes: &[u8]) -> String {
        self.held.extend_from_slice(bytes);
        let mut text = String::new();
        let mut complete = 0;
        for chunk in self.held.utf8_chunks() {
            text.push_str(chunk.valid());
            complete += chunk.valid().len();
            let invalid = chunk.invalid();
            let is_last = complete + invalid.len() == self.held.len();
            let may_grow = std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none());
            if invalid.is_empty() || (is_last && may_grow) {
                continue;
            }
            text.push(char::REPLACEMENT_CHARACTER);
            complete += invalid.len();
        }
        self.held.drain(..complete);
        text
    }
}

/// The held bytes are a part of what somebody wrote.
impl std::fmt::Debug for StreamDecoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamDecoder").field("held_bytes", &self.held.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::StreamDecoder;

    #[test]
    fn an_emoji_in_four_pieces_comes_out_whole() {
        let mut decoder = StreamDecoder::default();
        let pieces: Vec<String> = "a😀b".as_bytes().iter().map(|byte| decoder.push_bytes(&[*byte])).collect();
        assert_eq!(pieces, ["a", "", "", "", "😀", "b"]);
        assert_eq!(decoder.finish(), "");
    }

    #[test]
    fn an_answer_cut_within_a_character_ends_in_one_replacement() {
        let mut decoder = StreamDecoder::default();
        assert_eq!(decoder.push_bytes(&"é😀".as_bytes()[..5]), "é");
        assert_eq!(decoder.finish(), "\u{FFFD}");
        assert_eq!(decoder.finish(), "");
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_decode_like_the_whole(bytes: Vec<u8>, size in 1usize..5) {
            let mut decoder = StreamDecoder::default();
            let mut text: String = bytes.chunks(size).map(|piece| decoder.push_bytes(piece)).collect();
            text += &decoder.finish();
            prop_assert_eq!(text, String::from_utf8_lossy(&bytes));
        }
    }
}
