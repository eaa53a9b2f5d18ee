//! Words and marks put together as sentences: a capital first, single spaces, one mark at the end.

use super::question;
use super::token::Mark;

/// Sentences written one behind the other.
pub(super) struct Sentences<'o> {
    /// What is done, from `start` on.
    out: &'o mut String,
    start: usize,
    /// The sentence being written.
    open: &'o mut String,
    /// Nothing stands between the last piece and the next.
    glued: bool,
    /// Open brackets.
    depth: usize,
}

impl<'o> Sentences<'o> {
    /// Writes behind what `out` has; `open` is memory to use.
    pub(super) fn new(out: &'o mut String, open: &'o mut String) -> Self {
        open.clear();
        Self { start: out.len(), out, open, glued: false, depth: 0 }
    }

    pub(super) fn push_words(&mut self, words: &str, space: bool) {
        let glued = std::mem::take(&mut self.glued);
        if !self.open.is_empty() && (space || !glued && !self.open.ends_with(is_close) && !words.starts_with(is_close))
        {
            self.open.push(' ');
        }
        self.open.push_str(words);
    }

    /// A sign or held piece, with a space before it only where the message has one.
    pub(super) fn push_joined(&mut self, sign: &str, space: bool) {
        let closes = matches!(sign, "\"" | "”" | "'" | "’" | ")" | "]" | "»");
        if closes && !space && self.open.is_empty() && self.out.len() > self.start {
            // What it closes ended with a mark.
            self.out.push_str(sign);
            return;
        }
        if space && !self.open.is_empty() {
            self.open.push(' ');
        }
        self.open.push_str(sign);
        self.glued = match sign {
            "\"" | "“" => space || self.open.len() == sign.len(),
            "-" | "+" | "=" => !space,
            ")" | "]" | "”" => false,
            _ => !sign.contains(char::is_alphanumeric),
        };
    }

    /// A sign with nothing behind it: "-5".
    pub(super) fn push_before(&mut self, sign: &str) {
        if !self.open.is_empty() {
            self.open.push(' ');
        }
        self.open.push_str(sign);
        self.glued = true;
    }

    /// A sign with nothing on either side.
    pub(super) fn push_between(&mut self, sign: &str) {
        self.open.push_str(sign);
        self.glued = true;
    }

    pub(super) fn push_mark(&mut self, mark: Mark) {
        match mark {
            Mark::Comma => self.push_comma(","),
            Mark::Colon => self.push_comma(":"),
            Mark::Semicolon => self.push_comma(";"),
            Mark::Question => self.end(Some('?')),
            // Code ends a sentence without a mark, unless it has one.
            Mark::Stop if self.open.ends_with('`') => self.end(Some('.')),
            // "I'm... not sure".
            Mark::Trail if goes_on(self.open) => {}
            Mark::Stop | Mark::Trail | Mark::Exclamation => self.end(None),
        }
    }

    pub(super) fn open_bracket(&mut self, space: bool) {
        self.depth += 1;
        self.push_joined("(", space);
    }

    /// One without an opening bracket is left out.
    pub(super) fn close_bracket(&mut self) {
        if self.depth > 0 {
            self.depth -= 1;
            self.push_joined(")", false);
        }
    }

    fn push_comma(&mut self, mark: &str) {
        if !self.open.is_empty() && !self.open.ends_with([',', ':', ';']) {
            self.open.push_str(mark);
        }
        self.glued = false;
    }

    /// Closes the open sentence, if it says anything, with `mark` or what its words call for.
    pub(super) fn end(&mut self, mark: Option<char>) {
        self.glued = false;
        self.open.truncate(kept_len(self.open));
        if !self.open.chars().any(char::is_alphanumeric) {
            self.depth = self.depth.saturating_sub(self.open.matches('(').count());
            self.open.clear();
            if mark == Some('?') && self.out[self.start..].ends_with('.') {
                // "ok.. ?" asks after all.
                self.out.pop();
                self.out.push('?');
            }
            return;
        }
        let before = self.out[self.start..].trim_end_matches(['.', '?', '!']).chars().next_back();
        if self.out.len() > self.start && !(before.is_some_and(is_wide) && self.open.starts_with(is_wide)) {
            self.out.push(' ');
        }
        let asks = mark.is_none() && question::asks(self.open);
        push_capitalised(self.out, self.open);
        if let Some(mark) = mark.or_else(|| final_mark(self.open, asks)) {
            self.out.push(mark);
        }
        self.open.clear();
    }
}

/// Where `sentence` ends without the marks that nothing follows; those of "A+", "O-", "18+" and "C++" are its own.
fn kept_len(sentence: &str) -> usize {
    const LEFT_OUT: [char; 5] = [',', ':', ';', ' ', '/'];
    let words = sentence.trim_end_matches(LEFT_OUT).trim_end_matches(['-', '+', ',', ':', ';', ' ', '/']);
    let signs = sentence[words.len()..].trim_end_matches(LEFT_OUT);
    if signs.is_empty() {
        return words.len();
    }
    let last = words.rsplit(' ').next().unwrap_or_default();
    let own = match signs {
        "+" | "++" => last.ends_with(char::is_alphanumeric),
        "-" => (1..=2).contains(&last.len()) && last.bytes().all(|byte| byte.is_ascii_uppercase()) && last != "I",
        _ => false,
    };
    words.len() + if own { signs.len() } else { 0 }
}

/// Whether `sentence` cannot end with its last word; "sort of..." can.
fn goes_on(sentence: &str) -> bool {
    let mut words = sentence.rsplit(' ');
    let last = words.next().unwrap_or_default().to_lowercase();
    if last == "of" && words.next().is_some_and(|word| matches!(word.to_lowercase().as_str(), "sort" | "kind")) {
        return false;
    }
    matches!(
        last.as_str(),
        "i'm"
            | "and"
            | "but"
            | "or"
            | "the"
            | "a"
            | "an"
            | "to"
            | "if"
            | "of"
            | "my"
            | "your"
            | "is"
            | "are"
            | "it's"
            | "because"
            | "with"
            | "for"
            | "that's"
            | "i"
            | "we're"
            | "you're"
    )
}

/// None behind a link, where it would seem a part of it, and where the text has its own.
fn final_mark(sentence: &str, asks: bool) -> Option<char> {
    let last = sentence.chars().next_back()?;
    let has_link = || {
        let last_word = sentence.rsplit(' ').next().unwrap_or("");
        sentence.as_bytes().contains(&b':') && last_word.contains("://")
    };
    // Thai and its neighbours write none.
    let unmarked = matches!(last, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}');
    let own = matches!(
        last,
        '.' | '?' | '!' | '。' | '？' | '！' | '…' | '~' | '～' | '〜' | '`' | '؟' | '۔' | '।' | '॥' | '։' | '።'
    );
    if own || unmarked || has_link() {
        None
    } else if matches!(last, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}') {
        Some('。')
    } else {
        Some(if asks { '?' } else { '.' })
    }
}

/// Whether nothing is put between two pieces that the message glues, because of what `character` is: of a script
/// without spaces, or a quotation mark.
fn is_close(character: char) -> bool {
    is_wide(character) || matches!(character, '\u{2018}'..='\u{201d}' | '\u{e00}'..='\u{eff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Of Chinese or Japanese: letters and marks.
fn is_wide(character: char) -> bool {
    matches!(character, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

fn push_capitalised(out: &mut String, sentence: &str) {
    let first = sentence.find(|c: char| c.is_alphanumeric()).unwrap_or(0);
    let (lead, rest) = sentence.split_at(first);
    out.push_str(lead);
    let end = rest.bytes().position(|byte| byte == b' ' || byte == b',').unwrap_or(rest.len());
    let word = &rest[..end];
    // Links, handles and code keep their case.
    let is_link = word.as_bytes().contains(&b':') && word.contains("://") || word.starts_with("www.");
    if is_link || lead.contains('`') || lead.ends_with(['@', '#', '<', '[']) {
        out.push_str(rest);
        return;
    }
    let mut characters = rest.chars();
    match characters.next() {
        Some(first) if first.is_ascii() => out.push(first.to_ascii_uppercase()),
        Some(first) => out.extend(first.to_uppercase()),
        None => {}
    }
    out.push_str(characters.as_str());
}
