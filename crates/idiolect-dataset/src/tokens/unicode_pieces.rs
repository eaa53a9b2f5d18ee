//! The o200k pre-tokenizer for any text, by hand: the pattern of `ascii_pieces.rs` over Unicode's classes.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use regex_syntax::hir::{Class as HirClass, HirKind};

/// What the pattern tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Class {
    /// Neither letter, mark, digit nor white space.
    Sign,
    /// Lu and Lt.
    Upper,
    /// Ll.
    Lower,
    /// Lm and Lo: they go with capitals and with small letters.
    Letter,
    /// M: goes with either as well, and counts as a sign besides.
    Mark,
    Number,
    Space,
    /// `\r` and `\n`.
    LineEnd,
}

use Class::*;

/// The classes and the patterns that decide them, the first one that matches.
const PATTERNS: [(Class, &str); 7] = [
    (LineEnd, r"[\r\n]"),
    (Upper, r"[\p{Lu}\p{Lt}]"),
    (Lower, r"\p{Ll}"),
    (Letter, r"[\p{Lm}\p{Lo}]"),
    (Mark, r"\p{M}"),
    (Number, r"\p{N}"),
    (Space, r"\s"),
];

/// The first two planes, looked up; what lies above is rare.
const PLANES: usize = 0x2_0000;

static RANGES: LazyLock<[(Class, Vec<RangeInclusive<char>>); 7]> =
    LazyLock::new(|| PATTERNS.map(|(class, pattern)| (class, ranges(pattern))));

static CLASSES: LazyLock<Vec<Class>> = LazyLock::new(|| {
    let mut classes = vec![Sign; PLANES];
    for (class, ranges) in RANGES.iter().rev() {
        for range in ranges {
            let end = PLANES.min(*range.end() as usize + 1);
            classes[(*range.start() as usize).min(end)..end].fill(*class);
        }
    }
    classes
});

/// The characters of a class that is written as the pattern writes it.
fn ranges(pattern: &str) -> Vec<RangeInclusive<char>> {
    let parsed = regex_syntax::parse(pattern).expect("the pattern is constant");
    let HirKind::Class(HirClass::Unicode(class)) = parsed.kind() else { unreachable!("the pattern is one class") };
    class.ranges().iter().map(|range| range.start()..=range.end()).collect()
}

fn class_of(c: char) -> Class {
    if let Some(class) = CLASSES.get(c as usize) {
        return *class;
    }
    let found = RANGES.iter().find(|(_, ranges)| ranges.iter().any(|range| range.contains(&c)));
    found.map_or(Sign, |(class, _)| *class)
}

/// The length of the first piece of `rest`, which is not empty.
pub(super) fn piece_len(rest: &str) -> usize {
    let Some(first) = rest.chars().next() else { return 0 };
    let class = class_of(first);
    let leads = matches!(class, Sign | Mark | Space);
    // Words with a small letter in them come first, whether a sign leads them or (a mark) belongs to them.
    let led = if leads { letters(rest, first.len_utf8()) } else { None };
    let alone = if class == Space { None } else { letters(rest, 0) };
    let with_small = [led, alone].into_iter().flatten().find(|letters| letters.small);
    if let Some(letters) = with_small.or(led).or(alone) {
        return letters.end + contraction_len(&rest[letters.end..]);
    }
    if class == Number {
        return run(rest, |class| class == Number, 3);
    }
    let space = usize::from(first == ' ');
    let is_sign = |class| matches!(class, Sign | Mark);
    let signs = run(&rest[space..], is_sign, usize::MAX);
    if signs > 0 {
        let end = space + signs;
        return end + rest[end..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n' | b'/')).count();
    }
    let spaces = run(rest, |class| matches!(class, Space | LineEnd), usize::MAX);
    if let Some(line_end) = rest.as_bytes()[..spaces].iter().rposition(|byte| matches!(byte, b'\r' | b'\n')) {
        return line_end + 1;
    }
    // White space before something leaves its last character to it.
    let last = rest[..spaces].chars().next_back().map_or(0, char::len_utf8);
    if spaces == rest.len() || spaces == last { spaces } else { spaces - last }
}

/// Letters at the start of a text, behind its lead.
#[derive(Clone, Copy)]
struct Letters {
    end: usize,
    /// The last one is small, or may count as small.
    small: bool,
}

/// Capitals then small letters behind a lead of `lead` bytes, at least one of either.
fn letters(rest: &str, lead: usize) -> Option<Letters> {
    let mut capitals = lead;
    // Behind the last letter that could as well be a small one.
    let mut either = None;
    for c in rest[lead..].chars() {
        match class_of(c) {
            Upper => {}
            Letter | Mark => either = Some(capitals + c.len_utf8()),
            _ => break,
        }
        capitals += c.len_utf8();
    }
    let small = run(&rest[capitals..], |class| matches!(class, Lower | Letter | Mark), usize::MAX);
    match either {
        _ if small > 0 => Some(Letters { end: capitals + small, small: true }),
        Some(end) => Some(Letters { end, small: true }),
        None => (capitals > lead).then_some(Letters { end: capitals, small: false }),
    }
}

/// As in the pattern, where case-insensitive `s` is also the long one.
fn contraction_len(rest: &str) -> usize {
    if rest.starts_with("'ſ") { "'ſ".len() } else { super::ascii_pieces::contraction_len(rest.as_bytes()) }
}

/// Bytes of the characters at the start that belong, at most `most` of them.
fn run(rest: &str, belongs: impl Fn(Class) -> bool, most: usize) -> usize {
    rest.chars().take(most).take_while(|&c| belongs(class_of(c))).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_hand(text: &str) -> Vec<&str> {
        let (mut pieces, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(piece_len(rest));
            pieces.push(piece);
            rest = more;
        }
        pieces
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn cuts_where_the_published_pattern_cuts(
            text in "[aB1 .'/\u{301}\u{fe0f}\u{200d}\r\n\t我々éÉǅʰ٣½👍🏽\u{a0}\u{2028}ſsSRreVL\u{20000}-]{0,16}|\\PC{0,16}|.{0,16}"
        ) {
            let published: Vec<&str> = bpe_openai::o200k_base().split(&text).collect();
            prop_assert_eq!(by_hand(&text), published);
        }
    }

    #[test]
    fn the_table_is_what_the_patterns_say() {
        for (c, class) in [
            ('a', Lower),
            ('É', Upper),
            ('ǅ', Upper),
            ('我', Letter),
            ('\u{301}', Mark),
            ('٣', Number),
            ('½', Number),
            ('\u{a0}', Space),
            ('\n', LineEnd),
            ('👍', Sign),
            ('\u{20000}', Letter),
        ] {
            assert_eq!(class_of(c), class, "{c:?}");
        }
    }
}
