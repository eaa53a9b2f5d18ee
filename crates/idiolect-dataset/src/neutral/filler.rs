//! Laughter, kisses, emoticons: what is felt rather than said.

use std::sync::LazyLock;

use regex::Regex;

static EMOTICON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)^(?:
            [>}]? [:;=8xX] ['`]? [-o^~]? (?: [)\]}>]+ | [(\[{<]+ | [DPpOoSsxX3|/\\*@$cC]\b | [|/\\*@$] | D+\b )
          | [)\](\[]{1,32} ['`]? [-o^]? [:;=]
          | <{1,32}/?3+ | \\m/ | \\o/ | o/ | /o\\
          | [><^\-=~;*] [_.]+ [><^\-=~;*] | \^[oO]\^ | [xX][_.][xX]\b | [TtQOouU] [_.]+ [TtQOouU]\b | \._+\.
          | \^{2,} ;* | >< | [uU][wW][uU]\b | [xX]D+\b | :'\(+ | D: | ={1,32}D\b | :v\b
        )"#,
    )
    .expect("the pattern is constant")
});

/// The length of the emoticon that `text` starts with.
pub(super) fn emoticon_len(text: &str) -> Option<usize> {
    let first = *text.as_bytes().first()?;
    // Most signs and letters that could begin one begin something else, which the second byte tells.
    let next = text.as_bytes().get(1).copied()?;
    let seconds: &[u8] = match first {
        b'x' | b'X' | b'8' => b"'`-o^~)]}>([{<DPpOoSsxX3|/\\*@$cC_.",
        b':' | b';' | b'=' => b"'`-o^~)]}>([{<DPpOoSsxX3|/\\*@$cCv_.=",
        b'(' | b')' | b'[' | b']' => b")](['`-o^:;=",
        b'<' => b"</3_.",
        b'>' => b":;=8xX<_.",
        b'}' => b":;=8xX",
        b'^' => b"^_.oO",
        b'-' | b'~' => b"_.",
        b'\\' => b"mo",
        b'/' => b"o",
        b'T' | b'Q' | b'O' | b'o' | b'u' | b'U' => b"_.wW/",
        b'D' => b":",
        _ => return None,
    };
    if !seconds.contains(&next) {
        return None;
    }
    let length = EMOTICON.find(text)?.end();
    let rest = &text[length..];
    let letters = text[..length].bytes().all(|byte| byte.is_ascii_alphanumeric());
    // "(see you at 8)", "8) eggs": no eyes without a nose.
    let counted = first == b'8' && !text[1..].starts_with(['-', 'o', '^', '~', '\'', '`']);
    if counted || length < 2 || letters && !text[1..length].eq_ignore_ascii_case("d") {
        return None;
    }
    // A letter right behind means that it was something else ("x/y", ":pm"), unless the emoticon ends in a bracket.
    let closed = text[..length].ends_with([')', '(', ']', '[', '>', '<', '3', '^']);
    let open_ended = first.is_ascii_alphanumeric() || !closed;
    let part_of_more = open_ended && rest.starts_with(char::is_alphanumeric);
    (!part_of_more).then_some(length)
}

pub(super) fn is_heart(face: &str) -> bool {
    face.starts_with("<3") || face.starts_with('❤')
}

/// "haha", "ahahah", "hehe", "lol", "looool", "lmaooo", "xd", "kekeke", "hee".
pub(super) fn is_laughter(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    if bytes.len() < 2
        || !matches!(bytes[0], b'l' | b'r' | b'x' | b'k' | b'j' | b'h' | b'a' | b'b' | b'm' | b'w')
        || !lower.is_ascii()
    {
        return false;
    }
    let made_of = |letters: &[u8]| bytes.iter().all(|byte| letters.contains(byte));
    let count = |letter: u8| bytes.iter().filter(|&&byte| byte == letter).count();
    match bytes[0] {
        b'l' => {
            made_of(b"lo") && count(b'o') > 0 && bytes[bytes.len() - 1] == b'l'
                || (lower.starts_with("lma") || lower.starts_with("lmf")) && made_of(b"lmaof")
                || matches!(lower, "lols" | "lolz" | "lul" | "lolol")
        }
        b'r' => lower.starts_with("rof") && made_of(b"roflma"),
        b'x' => made_of(b"xd") && count(b'd') > 0,
        // "kkkk" is Brazil's, "kkk" still "okay".
        b'k' => lower.starts_with("kek") && made_of(b"ke") || bytes.len() > 3 && made_of(b"k"),
        b'j' => bytes.len() > 3 && count(b'j') > 1 && [b"ja", b"je", b"ji"].into_iter().any(|pair| made_of(pair)),
        b'w' => lower.starts_with("wkwk") && made_of(b"wk"),
        b'h' => match bytes.len() {
            2 => lower == "ha",
            3 => matches!(lower, "hah" | "heh" | "hee" | "hha"),
            _ => {
                made_of(b"ha") && count(b'a') > 0 && count(b'h') > 1
                    || made_of(b"he") && lower != "here" && count(b'e') > 1
                    || made_of(b"hi") && count(b'h') > 1 && count(b'i') > 1
                    || behind_laughter(lower).is_some_and(|rest| made_of_laughter(rest) || is_laughter(rest))
            }
        },
        b'a' | b'b' | b'm' => {
            lower.len() > 3
                && (made_of(b"ah") || made_of(b"bah") || lower.starts_with("mua"))
                && count(b'h') > 1
                && count(b'a') > 1
        }
        _ => false,
    }
}

/// What is glued to the laughter that `lower` begins with: "no" of "hahano", nothing of "haha".
pub(super) fn behind_laughter(lower: &str) -> Option<&str> {
    // Asked of every word.
    let laugh = match lower.as_bytes() {
        [b'h', b'a', b'h', b'a', ..] => "ha",
        [b'h', b'e', b'h', b'e', ..] => "he",
        _ => return None,
    };
    Some(lower.trim_start_matches(laugh))
}

/// The word that may be glued to the laughter that `lower` begins with; a lone letter is "I", "you" or a slip.
pub(super) fn glued_word(lower: &str) -> Option<&str> {
    let is_word = |rest: &&str| matches!(*rest, "i" | "u") || rest.len() > 1 && !made_of_laughter(rest);
    behind_laughter(lower).filter(is_word)
}

/// Ends of laughter and slips of the finger within it: "hahas", "hahahha", "hahaz"; not "hahai".
fn made_of_laughter(rest: &str) -> bool {
    rest.bytes().all(|byte| matches!(byte, b'h' | b'a' | b'e'))
        || matches!(rest, "s" | "z" | "w" | "j" | "g" | "d" | "x")
}

/// "ooo", "mmmm", "zzz": one letter held; "uuu" and "kkk" are words.
pub(super) fn is_humming(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    bytes.len() > 2 && bytes.iter().all(|&byte| byte == bytes[0]) && b"omaehzrsw".contains(&bytes[0])
}

/// "x", "xx", "xoxo": kisses, at the end of a message.
pub(super) fn is_kisses(lower: &str) -> bool {
    !lower.is_empty() && lower.bytes().all(|byte| byte == b'x')
        || lower.starts_with("xo") && lower.bytes().all(|byte| matches!(byte, b'x' | b'o'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laughter_is_told_from_words() {
        for laughter in [
            "haha", "hahahah", "ahaha", "hehe", "lol", "looool", "lmao", "lmaooo", "rofl", "xd", "xdd", "hahaa", "heh",
            "ha", "kekeke", "muahaha", "jaja", "jejeje", "kkkkk", "wkwkwk",
        ] {
            assert!(is_laughter(laughter), "{laughter}");
        }
        for word in [
            "he", "hi", "her", "here", "has", "hat", "lo", "loo", "all", "aha", "ah", "hah?", "lab", "keek", "mama",
            "baba", "kkk", "jj", "wk",
        ] {
            assert!(!is_laughter(word), "{word}");
        }
    }

    #[test]
    fn emoticons_are_told_from_marks_and_words() {
        for face in [
            ":)", ":-)", ":(", ";)", ":D", ":P", ":p", "=)", "(:", "<3", ":'(", "^^", "^_^", ">_<", "-_-", "T_T", "xD",
            ":/", "~.~", ":))))",
        ] {
            assert_eq!(emoticon_len(face), Some(face.len()), "{face}");
        }
        for other in [":", "(", "ok", "x", "-", ":30", "o", "To", "(ok)", "8", "<", "out", "tot", "Used"] {
            assert_eq!(emoticon_len(other), None, "{other}");
        }
    }
}
