//! GPT-2's way to spell bytes: each of the 256 has a printable character, so that a vocabulary is plain text.

/// The byte that a character of a vocabulary stands for. Printable Latin-1 stands for itself; the other 68 bytes are
/// numbered from U+0100 in order (`bytes_to_unicode` in GPT-2's `encoder.py`).
fn byte(spelled: char) -> Option<u8> {
    let is_itself = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    match u32::from(spelled) {
        code @ 0..=0xFF => Some(code as u8).filter(is_itself),
        code => (0..=u8::MAX).filter(|byte| !is_itself(byte)).nth(code as usize - 0x100),
    }
}

/// The bytes a vocabulary entry stands for. An entry with other characters (an added token) stands for its own UTF-8.
pub(super) fn bytes(token: &str) -> Box<[u8]> {
    token.chars().map(byte).collect::<Option<Box<[u8]>>>().unwrap_or_else(|| token.as_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_newline_and_accented_letters_come_back() {
        assert_eq!(&*bytes("ĠtheĊ"), b" the\n");
        assert_eq!(&*bytes("cafÃ©"), "café".as_bytes());
    }

    #[test]
    fn every_byte_has_exactly_one_character() {
        let mut seen: Vec<u8> = (0..0x200).filter_map(char::from_u32).filter_map(byte).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..=u8::MAX).collect::<Vec<_>>());
    }

    #[test]
    fn a_token_outside_the_alphabet_stands_for_its_own_bytes() {
        assert_eq!(&*bytes("明"), "明".as_bytes());
    }
}
