//! Where a token ends.

use unicode_segmentation::UnicodeSegmentation;

use super::filler;
use super::vocabulary::is_alphanumeric;
use crate::word_set::word_set;

/// The length of a word of ASCII letters and apostrophes that white space, the text's end, or a mark and then
/// one of those ends: nothing else than a word can look so, but for a lone letter that may begin an emoticon.
pub(super) fn plain_word_len(rest: &[u8]) -> Option<usize> {
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'\'').count();
    let ends = |at: usize| rest.get(at).is_none_or(u8::is_ascii_whitespace);
    let marked = rest.get(length).copied().is_some_and(is_sentence_mark) && ends(length + 1);
    let word = length > 1 && rest[0] != b'\'' && rest[length - 1] != b'\'';
    (word && (ends(length) || marked)).then_some(length)
}

/// The length of a run of marks that white space or the text's end follows, and that begin no emoticon.
pub(super) fn plain_marks_len(rest: &[u8]) -> Option<usize> {
    let length = rest.iter().take_while(|byte| matches!(byte, b'.' | b',' | b'!' | b'?')).count();
    (length > 0 && rest.get(length).is_none_or(u8::is_ascii_whitespace)).then_some(length)
}

/// What a token is by the way its end was found.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// A link, handle, address, code, or a name or initials with full stops.
    Held,
    Face,
    Other,
}

/// How many bytes the token at the start of `rest` takes, and its shape.
pub(super) fn measured(rest: &str, space: bool) -> (usize, Shape) {
    // "(x)" is no face behind a bracket.
    let bracketed = matches!(rest.as_bytes(), [b'x' | b'X', b')' | b']', ..]);
    let faces = |face: &usize| space || !bracketed && ends_clause(&rest[*face..]);
    if let Some(face) = filler::emoticon_len(rest).filter(faces) {
        return (face, Shape::Face);
    }
    if space {
        let chunk = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
        if let Some(code) = shortcode_len(chunk) {
            return (code, Shape::Face);
        }
        if let Some(initials) = initials_len(chunk) {
            return (initials, Shape::Held);
        }
        if is_link(chunk) || is_handle(chunk) || is_angled(chunk) || is_dotted_name(chunk) || is_address(chunk) {
            return (without_end(chunk).len().max(1), Shape::Held);
        }
    }
    if rest.starts_with('`') {
        return (code_len(rest), Shape::Held);
    }
    (length(rest), Shape::Other)
}

/// A link or name without the marks behind it, and without the brackets and quotes that close what began before it.
fn without_end(chunk: &str) -> &str {
    const MARKS: [char; 6] = [',', '!', '?', '.', ';', ':'];
    const PAIRS: [(char, char); 5] = [('(', ')'), ('[', ']'), ('"', '"'), ('“', '”'), ('\'', '\'')];
    let name = chunk.trim_end_matches(|c| MARKS.contains(&c) || PAIRS.iter().any(|(_, close)| *close == c));
    let closes = PAIRS.map(|(open, close)| (close, name.contains(open)));
    chunk.trim_end_matches(|c| MARKS.contains(&c) || closes.contains(&(c, false)))
}

fn length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    if bytes[0].is_ascii_digit()
        || (bytes[0] == b'$' || rest.starts_with(['£', '€'])) && rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
    {
        return number_len(rest);
    }
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if is_word_char(rest, 0) {
        return word_len(rest);
    }
    if is_sentence_mark(bytes[0]) || rest.starts_with('…') {
        return marks_len(rest);
    }
    if rest.is_char_boundary(1) || stands_alone(rest) {
        first
    } else {
        rest.graphemes(true).next().map_or(first, str::len)
    }
}

/// Whether `rest` begins with a mark of the wide scripts that what follows cannot join.
fn stands_alone(rest: &str) -> bool {
    let mut characters = rest.chars();
    matches!(characters.next(), Some('\u{3001}'..='\u{3029}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'))
        && characters.next().is_none_or(|next| next.is_ascii() || matches!(next, '\u{4e00}'..='\u{9fff}'))
}

/// A run of sentence marks, up to an emoticon that begins with one: "home.:)".
fn marks_len(rest: &str) -> usize {
    let ends = |&(at, c): &(usize, char)| {
        !(c.is_ascii() && is_sentence_mark(c as u8) || c == '…')
            || at > 0 && filler::emoticon_len(&rest[at..]).is_some_and(|face| ends_clause(&rest[at + face..]))
    };
    rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at)
}

pub(super) fn is_sentence_mark(byte: u8) -> bool {
    matches!(byte, b'.' | b',' | b'!' | b'?' | b';' | b':')
}

pub(super) fn is_word_char(text: &str, at: usize) -> bool {
    let Some(character) = text[at..].chars().next() else { return false };
    is_alphanumeric(character)
        || ('\u{300}'..='\u{36f}').contains(&character)
        || character == '\'' && text[at + 1..].starts_with(|c: char| c.is_alphabetic())
}

/// Letters, digits, and the `'`, `’`, `-` and `/` between them; "w/" and "b/c" are words of chats.
fn word_len(rest: &str) -> usize {
    let mut end = 0;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let joins = matches!(character, '\'' | '’' | '-')
            && end > 0
            && characters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if is_alphanumeric(character)
            || joins
            || ('\u{300}'..='\u{36f}').contains(&character)
            || (at == 0 && character == '\'')
        {
            end = at + character.len_utf8();
        } else {
            break;
        }
    }
    let slashed =
        rest[end..].starts_with('/') && matches!(rest[..end].to_ascii_lowercase().as_str(), "w" | "b" | "j" | "h");
    if slashed {
        let more: usize = rest[end + 1..].chars().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum();
        return end + 1 + if more <= 3 { more } else { 0 };
    }
    end
}

/// "10.30", "7:45pm", "$5", "50%", "2nd", "1/2": digits with the marks between them and a unit behind.
fn number_len(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = rest.chars().next().map_or(1, char::len_utf8);
    while end < bytes.len() {
        let inner = matches!(bytes[end], b'.' | b',' | b':' | b'/' | b'-')
            && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if bytes[end].is_ascii_alphanumeric() || bytes[end] == b'%' || inner {
            end += 1;
        } else {
            break;
        }
    }
    // "the 80's".
    let of = ["'s", "’s"].into_iter().find(|of| rest[end..].starts_with(of));
    let of = of.filter(|of| !rest[end + of.len()..].starts_with(char::is_alphanumeric));
    end + of.map_or(0, str::len)
}

/// Between backticks; to the end of the text if they are never closed.
fn code_len(rest: &str) -> usize {
    let fence = rest.bytes().take_while(|&byte| byte == b'`').count();
    rest[fence..].find(&rest[..fence]).map_or(rest.len(), |close| fence + close + fence)
}

fn is_link(chunk: &str) -> bool {
    chunk.as_bytes().contains(&b':') && chunk.contains("://") || chunk.starts_with("www.")
}

fn is_handle(chunk: &str) -> bool {
    chunk.len() > 1 && chunk.starts_with(['@', '#']) && chunk[1..].starts_with(char::is_alphanumeric)
}

/// "core.async.x", "notes.pdf", "example.com": names with full stops inside, not a forgotten space.
fn is_dotted_name(chunk: &str) -> bool {
    if !chunk.as_bytes().contains(&b'.') {
        return false;
    }
    let name = chunk.trim_end_matches(|c: char| !c.is_alphanumeric());
    let Some((head, last)) = name.rsplit_once('.') else { return false };
    // "v0.3", "python3.10"; "6.30" is a number.
    let numbered = head.ends_with(|c: char| c.is_ascii_digit()) && last.bytes().all(|byte| byte.is_ascii_digit());
    let version = numbered && head.contains(char::is_alphabetic);
    let known = version || is_ending(&last.to_ascii_lowercase());
    let whole = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    // ".pdf" is an ending by itself.
    head.is_empty() && known || name.split('.').all(whole) && (known || head.contains('.') && last.len() > 1)
}

word_set! {
    /// What names of hosts and files end with; a sentence hardly begins with any of them, as it may with "app" or "log".
    is_ending:
    "com" "org" "net" "io" "co" "uk" "de" "fr" "nl" "es" "ch" "eu" "gov" "edu" "dev" "sg" "biz" "tv"
    "txt" "pdf" "doc" "docx" "xls" "xlsx" "ppt" "pptx" "csv" "tsv" "xml" "jpg" "jpeg" "png" "gif" "svg" "heic" "webp" "psd" "mp3" "mp4" "wav" "mov" "avi" "mkv" "zip" "rar" "tar" "gz" "iso"
    "apk" "exe" "dll" "jar" "html" "css" "py" "js" "ts" "tsx" "jsx" "rs" "json" "yml" "yaml" "toml" "md" "sql" "db" "cpp" "clj" "edn" "rkt" "ipynb" "tex" "epub" "cfg" "ini";
}

/// "U.S.", "e.g.", "a.m": letters with full stops between and maybe behind them.
fn initials_len(chunk: &str) -> Option<usize> {
    // Kisses may have full stops between.
    if chunk.as_bytes().get(1) != Some(&b'.') || chunk.starts_with(['x', 'X']) {
        return None;
    }
    let pairs =
        chunk.as_bytes().chunks(2).take_while(|pair| pair[0].is_ascii_alphabetic() && pair.get(1) == Some(&b'.'));
    let dotted = 2 * pairs.count();
    let rest = &chunk.as_bytes()[dotted..];
    let last = rest.first().is_some_and(u8::is_ascii_alphabetic) && !rest.get(1).is_some_and(u8::is_ascii_alphanumeric);
    match dotted {
        0 => None,
        2 if !last => None,
        // Two small letters may be two words without a space: "u.i".
        2 if chunk.starts_with(|c: char| c.is_ascii_lowercase()) && !is_known_initials(&chunk[..3]) => None,
        _ if last => Some(dotted + 1),
        _ => rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric()).then_some(dotted),
    }
}

fn is_known_initials(pair: &str) -> bool {
    matches!(pair, "u.k" | "u.s" | "e.g" | "i.e" | "a.m" | "p.m" | "d.c" | "l.a" | "n.y" | "t.v")
}

/// ":slightly_smiling_face:", an emoji as Slack and Discord spell it.
fn shortcode_len(chunk: &str) -> Option<usize> {
    let inside = chunk.strip_prefix(':')?;
    let name = &inside[..inside.find(':')?];
    let spelled = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_+-".contains(&byte));
    let named = name.len() > 1 && name.bytes().any(|byte| !byte.is_ascii_digit());
    (spelled && named).then_some(name.len() + 2)
}

/// "someone@example", "example.com/page": where somebody or something is found.
fn is_address(chunk: &str) -> bool {
    let bytes = chunk.as_bytes();
    let Some(sign) = bytes.iter().position(|byte| matches!(byte, b'/' | b'@')) else { return false };
    let beside = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    sign > 0
        && match bytes[sign] {
            b'/' => is_dotted_name(&chunk[..sign]),
            _ => beside(sign - 1) && beside(sign + 1),
        }
}

/// Whether nothing, white space or a sentence's mark comes next.
fn ends_clause(rest: &str) -> bool {
    rest.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ',' | '!' | '?'))
}

/// "<@Jo>", "<#>": how exports write what they replaced.
fn is_angled(chunk: &str) -> bool {
    chunk.len() > 2 && chunk.starts_with('<') && chunk[1..].find('>').is_some_and(|close| close > 0)
}
