//! Backup codes, of which services hand out several at once: "my recovery codes: abcd1-efgh2, …".

use super::super::pattern::Pattern;
use super::super::{PiiKind, Span};
use super::patterns::behind_border;
use crate::redact::nearby::is_picture;

/// What stands before the first one.
static HEAD: Pattern = Pattern::new(|| {
    let codes = "(?: codes? | c[oó]digos | codici | kody | kodlar[ıi]? | koodit | коды )";
    behind_border(&format!(
        r"(?: (?: backup | back-up | recovery | rescue | emergency | scratch | one-time | 2fa | mfa | reset ) [-\x20] codes? | {codes} (?: \x20 (?: de | di | des | zapasowe | yedek ) )? \x20 (?: respaldo | recuperaci[oó]n | recupera[cç][aã]o | secours | récupération | recupero | backup | emergencia )
          | (?: wiederherstellungs | backup | ersatz | reserve | herstel ) -? codes? | yedek \x20 kod(?:lar\w*)? | резервные \x20 коды ) (?: [^:\n0-9]{{0,32}} [:\n] | \x20 (?: is | are ) | \x20? (?: -> | = ) | (?P<bare> \x20 ) ) \s*"
    ))
});

/// The longest list, in bytes.
const LONGEST: usize = 1024;

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    for head in HEAD.of(text).captures_iter(text) {
        let bare = head.name("bare").is_some();
        let mut at = head.get_match().end();
        let end = text.floor_char_boundary(text.len().min(at + LONGEST));
        for piece in text[at..end].split(['\n', ',', ';']) {
            let item = unnumbered(piece.trim().trim_end_matches(|c| is_picture(c) || matches!(c, '.' | '!' | ' ')));
            let item = if bare { item.split(' ').next().unwrap_or(item) } else { item };
            if !item.split(' ').all(is_item) || bare && !is_grouped(item) {
                break;
            }
            let start = item.as_ptr() as usize - text.as_ptr() as usize;
            found.push(Span::new(PiiKind::OneTimeCode, "one_time_code/backup", start..start + item.len()));
            if bare {
                break;
            }
            at += piece.len() + 1;
        }
    }
}

/// `item` without its place in the list: "1. ", "2) ".
fn unnumbered(item: &str) -> &str {
    let number = item.bytes().take_while(u8::is_ascii_digit).count();
    match item[number..].strip_prefix(['.', ')']) {
        Some(rest) if (1..=2).contains(&number) => rest.trim_start(),
        _ => item,
    }
}

/// Four letters and digits or more, not letters alone unless a hyphen stands between.
fn is_item(word: &str) -> bool {
    let odd = word.bytes().any(|byte| byte.is_ascii_digit()) || word.len() >= 9 && word.contains('-');
    (4..=24).contains(&word.len()) && odd && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// "8f3k-22md": what nobody writes for anything else.
fn is_grouped(item: &str) -> bool {
    let is_mixed = |group: &str| group.len() >= 4 && group.bytes().any(|byte| byte.is_ascii_digit());
    item.contains('-') && item.split('-').all(is_mixed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
    }

    #[test]
    fn finds_every_code_of_a_list() {
        for (text, codes) in [
            ("my backup codes:\n1234 5678\n2345 6789", &["1234 5678", "2345 6789"][..]),
            ("recovery codes for the shop\nabcd1-efgh2\nijklm-nopqr\nok?", &["abcd1-efgh2", "ijklm-nopqr"]),
            ("2fa codes: 12345678, 23456789, keep them", &["12345678", "23456789"]),
            ("backup codes:\n1. ab12cd34\n2. ef56gh78", &["ab12cd34", "ef56gh78"]),
            ("Wiederherstellungscodes: 1234-5678", &["1234-5678"]),
            ("backup code ab1c-2def, thats the last", &["ab1c-2def"]),
        ] {
            assert_eq!(found(text), codes, "{text:?}");
        }
    }

    #[test]
    fn leaves_talk_about_codes_alone() {
        for text in [
            "where are the backup codes?",
            "backup codes: printed them",
            "recovery codes are in the drawer",
            "qr codes: 3",
            "recovery codes part-2 of it",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
