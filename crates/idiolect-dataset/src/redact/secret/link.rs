//! Tokens, passwords and signatures in links.

use std::ops::Range;

use crate::redact::{PiiKind, Span, nearby, placeholder};

/// What is in links.
pub(in crate::redact) fn find(text: &str, found: &mut Vec<Span>) {
    let mut push = |rule, range: Range<usize>| found.push(Span::new(PiiKind::Secret, rule, range));
    let mut end = 0;
    for (at, _) in text.match_indices("://") {
        let start = at + 3;
        // What a link within a link has behind its host was looked at with the outer one.
        if start < end {
            login(&text[start..end], start, &mut push);
            continue;
        }
        end = text[start..]
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|') || nearby::is_picture(c))
            .map_or(text.len(), |end| start + end);
        in_link(text, start..end, &mut push);
    }
}

/// "https://user:password@host": what stands before the host of the link `whole`, which begins at `start` behind its scheme.
fn login(whole: &str, start: usize, push: &mut impl FnMut(&'static str, Range<usize>)) {
    let host = &whole[..whole.find(['/', '?', '#']).unwrap_or(whole.len())];
    if let Some(at) = host.rfind('@').filter(|&at| host[..at].contains(':')) {
        push("secret/login_in_link", start..start + at);
    }
}

/// The secrets in one link, whose scheme ends at `link.start`.
fn in_link(text: &str, link: Range<usize>, push: &mut impl FnMut(&'static str, Range<usize>)) {
    let whole = &text[link.clone()];
    let path_at = whole.find(['/', '?', '#']).unwrap_or(whole.len());
    login(whole, link.start, push);
    let query_at = whole.find(['?', '#']).unwrap_or(whole.len());
    let lets_in = whole[path_at..query_at].split(['/', '-', '_']).any(is_letting_in);
    in_path(&whole[path_at..query_at], link.start + path_at, push);
    let mut at = query_at;
    for pair in whole[query_at..].split(['?', '&', '#', ';']) {
        if let Some((key, value)) = pair.split_once('=') {
            let value = value.trim_end_matches(['.', ',', ')', '!']);
            let start = link.start + at + key.len() + 1;
            let proves = lets_in && (is_random(value) || value.len() >= 16 && is_dense(value) || is_turning(value));
            if value.len() >= 4 && (is_secret_key(key) || proves) && placeholder::length(value).is_none() {
                push("secret/link_parameter", start..start + value.len());
            }
        }
        at += pair.len() + 1;
    }
}

/// A segment that somebody was sent to prove who they are ("/reset/4f9a…"), or that no person would type.
fn in_path(path: &str, start: usize, push: &mut impl FnMut(&'static str, Range<usize>)) {
    // What these are followed by is the name of something that everybody may see.
    const PUBLIC: [&str; 6] = ["track", "album", "artist", "playlist", "episode", "show"];
    let mut at = start;
    let mut previous = String::new();
    for segment in path.split('/') {
        let value = segment.trim_end_matches(['.', ',', ')', '!']);
        let token =
            value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'=' | b'~'));
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        // "login-page" is followed by pages more often than "login" is.
        let lets_in =
            is_letting_in(&previous) && digits > 0 || previous.split(['-', '_']).any(is_letting_in) && is_dense(value);
        if token && (lets_in && value.len() >= 6 || is_random(value) && !PUBLIC.contains(&previous.as_str())) {
            push("secret/link_path", at..at + value.len());
        } else if let Some(key) = value.strip_prefix("private-").filter(|key| token && key.len() >= 16) {
            push("secret/link_path", at + value.len() - key.len()..at + value.len());
        }
        previous = segment.to_ascii_lowercase();
        at += segment.len() + 1;
    }
}

/// Whether `word` of a link leads to where somebody proves who they are.
fn is_letting_in(word: &str) -> bool {
    const WORDS: &str = " reset verify confirm invite token magic activate auth login join unsubscribe password signin share verification private secret recover \
        acceso acceder restablecer recuperar contrasena verificar confirmar activar acesso redefinir senha ativar connexion reinitialiser reinitialisation confirmation activation \
        anmelden anmeldung passwort zuruecksetzen bestaetigen aktivieren accedi accesso conferma verifica inloggen wachtwoord ";
    WORDS.contains(&format!(" {} ", word.to_ascii_lowercase()))
}

/// Letters and digits, a quarter of them digits at the least.
fn is_dense(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    digits * 4 >= value.len() && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Twenty-two characters (128 bits in base 64) or more of capitals, small letters and digits in no order.
fn is_random(value: &str) -> bool {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        b'a'..=b'z' => 2,
        _ => 3,
    };
    let bytes = value.as_bytes();
    let has = |wanted| bytes.iter().any(|byte| class(*byte) == wanted);
    // "How-To-Make-10-Great-Pies": the capital of a word and what parts it from the next say nothing.
    let parts = bytes.split(|byte| class(*byte) == 3);
    let changes: usize = parts
        .map(|part| {
            let titled = part.len() > 1 && class(part[0]) == 1 && class(part[1]) == 2;
            part.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count() - usize::from(titled)
        })
        .sum();
    bytes.len() >= 22 && has(0) && has(1) && has(2) && changes * 3 >= bytes.len()
}

/// Capitals, small letters and digits that take turns, as in no name of a campaign: "a8Fj29dkQpL0".
fn is_turning(value: &str) -> bool {
    let turns = value.as_bytes().windows(2).filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit()).count();
    let has = |class: fn(&u8) -> bool| value.as_bytes().iter().any(class);
    value.len() >= 12 && turns >= 3 && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
}

fn is_secret_key(key: &str) -> bool {
    const KEYS: &str = " rlkey auth key pass passwd pwd pw sig sign code otp session sessionid sid jsessionid phpsessid jwt credential credentials ticket invite nonce \
        x-amz-signature x-amz-credential awsaccesskeyid access assertion resourcekey tk pin hmac clef cle codigo codice clave senha jeton schluessel ";
    const ENDINGS: [&str; 6] = ["token", "secret", "password", "signature", "apikey", "_key"];
    let key = key.to_ascii_lowercase();
    KEYS.contains(&format!(" {key} ")) || ENDINGS.iter().any(|ending| key.ends_with(ending)) || key.ends_with("-key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    #[test]
    fn finds_what_lets_in_by_words_of_other_languages() {
        for (text, secret) in [
            ("https://example.com/x?clef=a8Fj29dkQpL0xZ", "a8Fj29dkQpL0xZ"),
            ("https://example.com/acceso?codigo=a8fj29dk", "a8fj29dk"),
            ("https://example.com/magic-link?ml=a8Fj29dkQpL0xZ", "a8Fj29dkQpL0xZ"),
            ("https://example.com/passwort-zuruecksetzen?t=a8Fj29dkQpL0xZ", "a8Fj29dkQpL0xZ"),
        ] {
            assert_eq!(found_by(find, text), [secret], "{text:?}");
        }
        for text in [
            "https://example.com/acceso?lang=es",
            "https://example.com/login?utm_campaign=SpringSale2026",
            "https://example.com/shop?ml=a8Fj29dkQpL0xZ",
            "https://example.com/musique?cle=sol",
        ] {
            assert_eq!(found_by(find, text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
