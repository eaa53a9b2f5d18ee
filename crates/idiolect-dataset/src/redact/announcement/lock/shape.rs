//! What the codes of locks look like.

use super::super::token::{Token, is_part_of_more};

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

/// The longest code at `at` and how many tokens it takes.
pub(super) fn at(tokens: &[Token], text: &str, at: usize) -> Option<(Shape, usize)> {
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
