//! What codes, PINs and passwords look like.

use super::super::numbers::is_year;
use super::super::one_time_code::may_be_day;
use super::super::password::value::{is_chosen, is_mixed, without_end};
use super::token::{self, Token};
use super::words::Class;

/// The shape of what may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// So many digits.
    Number(usize),
    /// So many digits in groups: "90 41 27", "551-209", "4 1 9".
    Groups(usize),
    /// The same, as days are written, too: "9-1-4".
    Day(usize),
    /// Capitals with digits among them: "36B8".
    Capitals,
    /// Letters with digits, six or more.
    Mixed,
    /// Marks within as nobody writes them but in passwords.
    Marked,
    /// Letters alone.
    Word,
}

/// One, and how many tokens it takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub shape: Shape,
    pub tokens: usize,
}

pub(super) fn at(tokens: &[Token], text: &str, at: usize) -> Option<Value> {
    let token = &tokens[at];
    let written = &text[token.range.clone()];
    let one = |shape| Some(Value { shape, tokens: 1 });
    let emoji = text[..token.range.start].ends_with(':') && text[token.range.end..].starts_with(':');
    if emoji || token.class != Class::default() || token::is_part_of_more(text, &token.range) {
        return None;
    }
    let digits = written.bytes().filter(u8::is_ascii_digit).count();
    if digits == written.len() {
        let same = |next: &&Token| next.word.len() == digits && next.word.bytes().all(|byte| byte.is_ascii_digit());
        let near = |pair: &[Token]| &text[pair[0].range.end..pair[1].range.start] == " ";
        let groups = tokens[at..].windows(2).take_while(|pair| near(pair) && same(&&pair[1])).count() + 1;
        return match (digits, groups) {
            (1, 3..=8) | (2, 3..=4) | (3, 2..=3) | (4, 2) => {
                Some(Value { shape: Shape::Groups(digits * groups), tokens: groups })
            }
            (3..=20, _) => one(Shape::Number(digits)),
            _ => None,
        };
    }
    if digits == 0 {
        return match () {
            () if !written.chars().all(char::is_alphabetic) => is_marked(written).then(|| one(Shape::Marked)).flatten(),
            () => one(Shape::Word),
        };
    }
    if written.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'*' | b'#')) {
        let lengths: Vec<usize> = written.split(['-', '*', '#']).map(str::len).collect();
        let typed = written.contains(['*', '#']);
        let grouped = match lengths[..] {
            [first, second] => typed && digits >= 4 || first == second && first == 3,
            _ => lengths.iter().all(|length| (1..=2).contains(length)),
        };
        let shape = if may_be_day(written) { Shape::Day(digits) } else { Shape::Groups(digits) };
        return grouped.then(|| one(shape)).flatten();
    }
    let capitals = written.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let typed = |c: char| c.is_alphanumeric() || "!#$%&+*-_^.~?".contains(c);
    match () {
        () if !written.chars().all(typed) => None,
        () if capitals && (4..=12).contains(&written.len()) => one(Shape::Capitals),
        () if is_marked(written) => one(Shape::Marked),
        () if is_mixed(written) => one(Shape::Mixed),
        () => None,
    }
}

/// Letters with a mark between that joins no words.
fn is_marked(written: &str) -> bool {
    written.len() >= 6
        && written.contains(['!', '#', '$', '%', '&', '*', '^', '_', '+', '.', '-'])
        && !written.contains(['@', '/', '\'', '’', ':', '[', ']'])
        && written.chars().all(|c| !c.is_whitespace())
        && written.chars().any(char::is_alphabetic)
}

/// Whether `written` has a mark that stands nowhere but in passwords and the names of programs.
pub(super) fn is_odd(written: &str) -> bool {
    is_chosen(without_end(written))
        || written.contains(['!', '#', '$', '%', '&', '*', '^', '+']) && written.chars().any(char::is_alphabetic)
        || is_mixed(written) && written.contains(['.', '-', '_'])
}

/// Whether a number of four digits is neither a time of day nor a year nor round.
pub(super) fn is_no_time(written: &str) -> bool {
    let time = written.len() == 4 && matches!(written.parse::<u32>(), Ok(at) if at / 100 < 24 && at % 100 < 60);
    !time && !is_year(written) && !written.ends_with("00")
}
