//! Pieces put together as sentences: a capital first, single spaces, one mark at the end.

use super::question;
use super::reader::{Piece, PieceKind};
use super::token::Mark;

/// The plain text of `pieces`.
pub(super) fn assemble(pieces: &[Piece]) -> String {
    let mut text = Sentences::default();
    let mut depth = 0usize;
    for (at, piece) in pieces.iter().enumerate() {
        match &piece.kind {
            PieceKind::Words(words) => text.push_words(words, piece.space),
            PieceKind::Held(held) => text.push_joined(held, piece.space),
            PieceKind::Line => text.end(None),
            PieceKind::Mark(Mark::Comma) => text.push_comma(","),
            PieceKind::Mark(Mark::Colon) => text.push_comma(":"),
            PieceKind::Mark(Mark::Question) => text.end(Some('?')),
            PieceKind::Mark(Mark::Stop | Mark::Trail | Mark::Exclamation) => text.end(None),
            PieceKind::Sign("(") => {
                let closes = pieces[at..].iter().any(|later| later.kind == PieceKind::Sign(")"));
                if closes {
                    depth += 1;
                    text.push_joined("(", piece.space);
                }
            }
            PieceKind::Sign(")") => {
                if depth > 0 {
                    depth -= 1;
                    text.push_joined(")", false);
                }
            }
            PieceKind::Sign(sign) => text.push_joined(sign, piece.space),
        }
    }
    text.end(None);
    text.done
}

#[derive(Default)]
struct Sentences {
    done: String,
    /// The sentence being written.
    open: String,
    /// Nothing stands between the last piece and the next.
    glued: bool,
}

impl Sentences {
    fn push_words(&mut self, words: &str, space: bool) {
        let glued = std::mem::take(&mut self.glued);
        if !self.open.is_empty() && (space || !glued) {
            self.open.push(' ');
        }
        self.open.push_str(words);
    }

    /// A sign or held piece, with a space before it only where the message has one.
    fn push_joined(&mut self, sign: &str, space: bool) {
        if space && !self.open.is_empty() {
            self.open.push(' ');
        }
        self.open.push_str(sign);
        let opens = matches!(sign, "(" | "[" | "\"" | "“" | "'" | "/" | "-" | "+" | "=" | "$" | "£")
            && (space || self.open.len() == sign.len());
        let joins = matches!(sign, "/" | "-" | "=" | "@" | "'" | ":") && !space || sign == ":";
        self.glued = matches!(sign, "(" | "[") || opens && sign != "-" && sign != "+" && sign != "=" || joins;
    }

    fn push_comma(&mut self, mark: &str) {
        if !self.open.is_empty() && !self.open.ends_with([',', ':']) {
            self.open.push_str(mark);
        }
        self.glued = false;
    }

    /// Closes the open sentence, if it says anything, with `mark` or what its words call for.
    fn end(&mut self, mark: Option<char>) {
        self.glued = false;
        let kept = self.open.trim_end_matches([',', ':', ' ', '-', '/', '+']).len();
        self.open.truncate(kept);
        if !self.open.chars().any(char::is_alphanumeric) {
            if mark.is_none() || !self.done.ends_with('.') {
                self.open.clear();
                return;
            }
            // "ok.. ?" asks after all.
            self.open.clear();
            self.done.pop();
            self.done.push('?');
            return;
        }
        if !self.done.is_empty() {
            self.done.push(' ');
        }
        let asks = mark.is_none() && question::asks(&self.open);
        push_capitalised(&mut self.done, &self.open);
        if let Some(mark) = mark.or_else(|| final_mark(&self.open, asks)) {
            self.done.push(mark);
        }
        self.open.clear();
    }
}

/// None behind a link, where it would seem a part of it, and where the text has its own.
fn final_mark(sentence: &str, asks: bool) -> Option<char> {
    let last = sentence.chars().next_back()?;
    let last_word = sentence.rsplit(' ').next().unwrap_or("");
    if matches!(last, '.' | '?' | '!' | '。' | '？' | '！' | '…' | '~' | '`') || last_word.contains("://") {
        None
    } else if matches!(last, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}') {
        Some('。')
    } else {
        Some(if asks { '?' } else { '.' })
    }
}

fn push_capitalised(out: &mut String, sentence: &str) {
    let first = sentence.find(|c: char| c.is_alphanumeric()).unwrap_or(0);
    let (lead, rest) = sentence.split_at(first);
    out.push_str(lead);
    let word = rest.split([' ', ',']).next().unwrap_or("");
    // Links, handles and code keep their case.
    if word.contains("://") || word.starts_with("www.") || lead.contains('`') || lead.ends_with(['@', '#', '<', '[']) {
        out.push_str(rest);
        return;
    }
    let mut characters = rest.chars();
    if let Some(first) = characters.next() {
        out.extend(first.to_uppercase());
    }
    out.push_str(characters.as_str());
}
