//! A text as words with what may be a code among them.

use std::ops::Range;

use super::words;

/// What stands between two breaks.
#[derive(Debug)]
pub(super) struct Token<'a> {
    pub range: Range<usize>,
    /// In small letters, without "'s" and "l'".
    pub word: &'a str,
    /// A clause ends before it.
    pub begins: bool,
    /// A colon, an equals sign or an arrow stands before it.
    pub linked: bool,
    /// A number sign or star stands before it.
    pub marked_before: bool,
    /// The same right behind it, as what is typed after a code.
    pub marked_behind: bool,
}

/// What a token may be as a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// So many digits.
    Digits(usize),
    /// Digits with a letter or two among them: "2580A", "45к2890".
    Mixed,
    /// Groups of digits that are turned or typed one after the other: "12-34-56", "8-3-6-1".
    Groups,
}

/// The tokens of `text`, whose small form is `small`, byte for byte.
pub(super) fn split<'a>(text: &str, small: &'a str) -> Vec<Token<'a>> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut rest = 0;
    while let Some(start) = text[rest..].find(char::is_alphanumeric).map(|start| rest + start) {
        let between = &text[rest..start];
        let length = text[start..]
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-')))
            .unwrap_or(text.len() - start);
        let range = start..start + text[start..start + length].trim_end_matches(['-', '\'', '’']).len();
        let word = core(&small[range.clone()]);
        tokens.push(Token {
            word,
            begins: tokens.is_empty() || between.contains(['.', '!', '?', ';', '\n']),
            linked: between.contains([':', '=', '→']) || between.contains("->"),
            marked_before: between.ends_with(['#', '*']),
            marked_behind: text[range.end..].starts_with(['#', '*']),
            range: range.clone(),
        });
        rest = range.end;
    }
    tokens
}

/// `word` without what belongs to another: "door's", "l'interphone".
fn core(word: &str) -> &str {
    match word.rfind(['\'', '’']) {
        Some(_) if words::is_link(word) => word,
        Some(at) if word[at..].ends_with("'s") || word[at..].ends_with("’s") => &word[..at],
        Some(at) if at <= 4 => word[at..].trim_start_matches(['\'', '’']),
        _ => word,
    }
}

impl Token<'_> {
    pub fn is(&self, set: fn(&str) -> bool) -> bool {
        set(self.word)
    }

    /// "is", ":" and their like before what comes next.
    pub fn links(&self) -> bool {
        self.is(words::is_link)
    }
}

/// The longest code at `at` and how many tokens it takes.
pub(super) fn shape(tokens: &[Token], text: &str, at: usize) -> Option<(Shape, usize)> {
    let token = &tokens[at];
    if is_part_of_more(text, &token.range) {
        return None;
    }
    let word = token.word;
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    if digits == word.len() {
        let pairs = tokens[at..].iter().take(4).take_while(|next| is_pair(next.word)).count();
        let spaced = |pair: &[Token]| &text[pair[0].range.end..pair[1].range.start] == " ";
        if pairs >= 3 && tokens[at..at + pairs].windows(2).all(spaced) {
            return Some((Shape::Groups, pairs));
        }
        return (3..=8).contains(&digits).then_some((Shape::Digits(digits), 1));
    }
    let groups: Vec<usize> = word.split('-').map(str::len).collect();
    if word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        let pairs = (3..=4).contains(&groups.len()) && groups.iter().all(|length| (1..=2).contains(length));
        let single = (4..=8).contains(&groups.len()) && groups.iter().all(|length| *length == 1);
        let turned = pairs && groups.iter().sum::<usize>() >= 4 || single;
        return turned.then_some((Shape::Groups, 1));
    }
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let others = word.chars().count() - letters - digits;
    // "80x200"
    let letters_apart = word.trim_matches(|c: char| c.is_ascii_digit());
    let multiplied = matches!(letters_apart, "x" | "х") && word.starts_with(|c: char| c.is_ascii_digit());
    let mixed =
        !multiplied && (3..=7).contains(&digits) && (1..=2).contains(&letters) && others == 0 && !is_measure(word);
    mixed.then_some((Shape::Mixed, 1))
}

fn is_pair(word: &str) -> bool {
    word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// "100m", "300ml", "1st": a number with its unit.
fn is_measure(word: &str) -> bool {
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
    unit.len() < word.len()
        && matches!(
            unit,
            "m" | "km"
                | "cm"
                | "mm"
                | "g"
                | "kg"
                | "k"
                | "l"
                | "ml"
                | "w"
                | "v"
                | "s"
                | "ms"
                | "h"
                | "am"
                | "pm"
                | "th"
                | "st"
                | "nd"
                | "rd"
                | "x"
                | "p"
                | "px"
                | "mb"
                | "gb"
                | "hz"
                | "fps"
                | "kr"
                | "zł"
                | "tl"
                | "м"
                | "км"
                | "см"
                | "р"
                | "т"
                | "г"
                | "кг"
                | "ч"
        )
}

/// Whether a sum, a share, a time or a fraction stands there.
fn is_part_of_more(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].trim_end_matches(' ');
    let joined = |mark: char| matches!(mark, '.' | ',' | ':' | '/');
    let mut backwards = text[..range.start].chars().rev();
    let fraction = backwards.next().is_some_and(joined) && backwards.next().is_some_and(|c| c.is_ascii_digit());
    let mut forwards = text[range.end..].chars();
    let goes_on = forwards.next().is_some_and(joined) && forwards.next().is_some_and(|c| c.is_ascii_digit());
    fraction
        || goes_on
        || before.ends_with(['$', '€', '£', '¥', '₹', '₽', '@', '[', '_'])
        || text[range.end..].starts_with(['%', '_', '°', '\'', '"'])
}
