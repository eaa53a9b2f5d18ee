//! Facebook's and Instagram's downloads write each byte of a text's UTF-8 as a character of its own: `Ã©` for `é`.

/// The text as it was typed. Characters that are no bytes, or bytes that are no UTF-8, stay as they are, so that a download
/// that is right already, or was cut inside a character, loses nothing.
pub(super) fn repaired(text: String) -> String {
    if text.is_ascii() || text.chars().any(|character| u32::from(character) > 0xff) {
        return text;
    }
    let bytes: Vec<u8> = text.chars().map(|character| character as u8).collect();
    match String::from_utf8(bytes) {
        Ok(whole) => whole,
        Err(error) => piecewise(error.as_bytes()),
    }
}

/// The parts that are UTF-8 as that, each byte in between as the character it stood for.
fn piecewise(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mojibake(text: &str) -> String {
        text.bytes().map(char::from).collect()
    }

    #[test]
    fn what_was_broken_is_made_whole() {
        for text in ["naïve café", "ja 😆 ‘so’", "Привет", "plain", "", "👩‍👩‍👧 日本"] {
            assert_eq!(repaired(mojibake(text)), text);
        }
    }

    #[test]
    fn what_is_whole_stays() {
        for text in ["ja 😆 ‘so’", "Привет", "50 £", "café", "ÿ"] {
            assert_eq!(repaired(text.to_owned()), text);
        }
    }

    #[test]
    fn a_character_cut_in_two_takes_nothing_else_with_it() {
        let cut = mojibake("über 😆").chars().take(8).collect::<String>();
        assert_eq!(repaired(cut), "über ð\u{9f}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_comes_back_whole(text in ".*") {
            proptest::prop_assert_eq!(repaired(mojibake(&text)), text);
        }
    }
}
