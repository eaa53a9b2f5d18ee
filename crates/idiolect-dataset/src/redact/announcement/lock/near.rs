//! What the words around a number say of it: whether it opens a lock, or is a year, a sum, a time or a house.

use super::super::super::numbers::is_year;
use super::super::super::one_time_code::{is_harmless, may_be_day};
use super::super::token::Token;
use super::super::words::Class;
use super::shape::Shape;
use super::words;

/// How many words away what tells a code from another number may stand, before it and behind.
const REACH: usize = 8;

/// What a code opens.
const PLACE: Class = Class::PLACE.with(Class::ALARM).with(Class::BOX);

/// A token that may be a code, with the words around it.
pub(super) struct Near<'t> {
    /// Of the same clause, the nearest last.
    before: &'t [Token<'t>],
    token: &'t Token<'t>,
    after: &'t [Token<'t>],
    /// A number sign or star stands before it.
    signed: bool,
    marked: bool,
}

impl<'t> Near<'t> {
    pub(super) fn of(text: &str, tokens: &'t [Token<'t>], at: usize, length: usize) -> Self {
        let start = (at.saturating_sub(REACH)..=at)
            .rev()
            .find(|&word| tokens[word].before.ends())
            .unwrap_or(at.saturating_sub(REACH));
        let end = at + length;
        let after = tokens[end..].iter().take(REACH).take_while(|word| !word.before.ends()).count();
        let first = &tokens[at];
        let signed = text[..first.range.start].ends_with(['#', '*']);
        Self {
            before: &tokens[start..at],
            token: first,
            after: &tokens[end..end + after],
            signed,
            marked: signed || tokens[end - 1].marked,
        }
    }

    pub(super) fn is_code(&self, text: &str, shape: Shape) -> bool {
        let digits = if let Shape::Digits(digits) = shape { digits } else { 0 };
        let typed = digits >= 3 || shape == Shape::Mixed;
        let is_code = self.follows_box(shape)
            || self.marked && self.is_marked(shape)
            || digits >= 4
                && (self.follows_door()
                    || self.is_all_with_door(&text[self.token.range.clone()])
                    || self.follows_safe()
                    || self.is_set()
                    || self.ends_in_keys())
            || typed && self.is_typed()
            || digits != 3 && self.opens()
            || digits >= 4 && self.unlocks()
            || self.is_combination(shape, &text[self.token.range.clone()])
            || shape == Shape::Mixed && self.is_beside_door(text)
            || self.is_code_of_place();
        is_code && !self.is_elsewhere(shape) && !self.is_built_or_sold(digits, text) && !self.names_harmless(text)
    }

    fn nearest(&self, back: usize) -> Option<&Token<'t>> {
        self.before.len().checked_sub(back).map(|at| &self.before[at])
    }

    fn is_before(&self, reach: usize, set: fn(&Token) -> bool) -> bool {
        self.before.iter().rev().take(reach).any(set)
    }

    fn says_before(&self, reach: usize, class: Class) -> bool {
        self.before.iter().rev().take(reach).any(|word| word.class.is(class))
    }

    /// Whether "is" or a colon stands before it.
    fn linked(&self) -> bool {
        self.token.before.colon || self.nearest(1).is_some_and(|word| is_link(word))
    }

    /// Whether a door, or what else a code opens, is named before it.
    fn follows_place(&self) -> bool {
        self.says_before(REACH, PLACE) || self.box_before().is_some()
    }

    /// Whether a keypad or its like is named at all.
    fn has_box(&self) -> bool {
        (0..self.after.len()).any(|at| is_box(self.after, at)) || self.box_before().is_some()
    }

    /// The word to which "is" or a colon leads, or which stands right before.
    fn noun(&self) -> Option<&Token<'t>> {
        let skipped = usize::from(self.nearest(1).is_some_and(|word| is_link(word)));
        self.nearest(1 + skipped)
    }

    /// Where a box's name ends, "bike lock", in words before.
    fn box_before(&self) -> Option<usize> {
        (0..self.before.len()).rev().find(|&at| is_box(self.before, at)).map(|at| self.before.len() - at)
    }

    /// "lockbox is 4829", "keypad 4829": no other number between.
    fn follows_box(&self, shape: Shape) -> bool {
        let Some(reach) = self.box_before() else { return false };
        let between = &self.before[self.before.len() + 1 - reach..];
        between.iter().all(|word| !word.word.bytes().any(|byte| byte.is_ascii_digit()))
            && (shape != Shape::Mixed || self.linked() || reach == 1)
    }

    /// "gate: 4829", "front door is 4829".
    fn follows_door(&self) -> bool {
        let before = if self.token.before.colon {
            self.nearest(1)
        } else {
            self.noun().filter(|_| self.linked() || self.signed)
        };
        before
            .filter(|_| self.nearest(1).is_none_or(|link| link.word != "was"))
            .is_some_and(|noun| noun.is(words::is_door) || noun.class.is(Class::SIDE) && self.says_before(REACH, PLACE))
    }

    /// "gate 4829", "front door 4829": no more than it and the door, and no time of day.
    fn is_all_with_door(&self, value: &str) -> bool {
        let is_time = value.len() == 4 && value < "2400" && ["15", "30", "45"].iter().any(|end| value.ends_with(end));
        let alone = self.before.len() == 1;
        let door = |noun: &Token| noun.is(words::is_door) || alone && noun.word == "safe";
        self.before.len() <= 2 && self.after.is_empty() && !is_time && self.nearest(1).is_some_and(door)
    }

    /// "tresor 4829", "garagencode is 4829".
    fn follows_safe(&self) -> bool {
        let kind = |noun: &Token| noun.is(words::is_code_of_kind);
        self.nearest(1).is_some_and(|noun| noun.is(words::is_safe)) || self.noun().is_some_and(kind)
    }

    /// "the keypad of the garage is now set to 4829"
    fn is_set(&self) -> bool {
        let to = self.nearest(1).is_some_and(|to| to.word == "to");
        to && self.nearest(2).is_some_and(|set| set.class.is(Class::CHANGED)) && self.says_before(REACH, PLACE)
    }

    /// "4471#" behind a word for a door or a code; a number sign before makes a number of a house as well.
    fn is_marked(&self, shape: Shape) -> bool {
        if shape == Shape::Groups {
            return false;
        }
        let near = || self.before.iter().rev().take(REACH).chain(self.after);
        match self.signed {
            true => {
                self.is_typed() || self.nearest(1).is_some_and(|noun| noun.is(words::is_door) || is_code_word(noun))
            }
            false => near().any(|word| word.class.is(PLACE | Class::TYPED) || is_code_word(word)),
        }
    }

    /// "the gate is 4829 then hash", "alarm 0545 and press yes".
    fn ends_in_keys(&self) -> bool {
        let [first, second] = [0, 1].map(|at| self.after.get(at));
        let then = first.is_some_and(|word| matches!(word.word, "then" | "and"));
        let key = first.is_some_and(|word| word.class.is(Class::KEYS))
            || then
                && second.is_some_and(|word| {
                    word.class.is(Class::KEYS | Class::TYPED) || matches!(word.word, "yes" | "turn")
                });
        key && self.follows_place()
    }

    /// "punch in 1987": typed so that even a year or a sum is a code.
    fn is_surely_typed(&self) -> bool {
        let into = self.nearest(1).is_some_and(|word| word.word == "in");
        (into || self.has_box()) && self.is_typed()
    }

    /// "press 4829 on the keypad", "punch in 0932 at the gate".
    fn is_typed(&self) -> bool {
        let small = usize::from(
            self.nearest(1).is_some_and(|word| word.class.is(Class::SMALL | Class::OF | Class::THEN | Class::CODE)),
        );
        let behind = self.after.first().is_some_and(|verb| verb.is(words::is_typed));
        if behind && (self.says_before(REACH, Class::OPENS) || self.says_before(REACH, PLACE)) {
            return true;
        }
        let Some(verb) = self.nearest(1 + small).filter(|verb| verb.class.is(Class::TYPED)) else { return false };
        // "safe to say 100", "doors 7 show 830"
        let said = verb.word == "say" && self.nearest(2 + small).is_some_and(|word| word.word == "to");
        let shown = verb.word == "show" && self.is_before(REACH, |word| matches!(word.word, "doors" | "gates"));
        if said || shown {
            return false;
        }
        let into = small == 1 && self.nearest(1).is_some_and(|word| word.word == "in");
        let sure = into || !verb.is(words::is_loosely_typing);
        let place_near = || self.after.iter().take(4).any(|word| word.class.is(PLACE));
        self.has_box() || sure && (place_near() || self.says_before(REACH, PLACE))
    }

    /// "the gate opens with 4829"
    fn opens(&self) -> bool {
        let with = self.nearest(1).is_some_and(|word| word.class.is(Class::WITH));
        let goes_on = Class::THEN | Class::OF | Class::SMALL | Class::OTHER;
        let ends = self.after.first().is_none_or(|word| word.class.is(goes_on));
        with && ends && self.says_before(REACH, Class::OPENS) && self.follows_place()
    }

    /// "disarm it w 4829", "she unlocked it using 4829", whatever it is.
    fn unlocks(&self) -> bool {
        let led = self.nearest(1).is_some_and(|word| word.class.is(Class::WITH | Class::TYPED) || is_link(word));
        let is_verb = |word: &Token| ["unlock", "disarm"].iter().any(|verb| word.word.starts_with(verb));
        let verb = self.before.iter().rposition(is_verb);
        // "it wont unlock, its 1830 already"
        let whole = |verb: usize| {
            let between = &self.before[verb + 1..];
            between.first().is_some_and(|next| !next.before.comma)
                && between.iter().all(|word| !word.word.bytes().any(|byte| byte.is_ascii_digit()))
        };
        led && verb.is_some_and(whole)
    }

    /// "locker combo 12-34-56", "the combo for my bike lock is 4829", "the safe is 18-42-07".
    fn is_combination(&self, shape: Shape, value: &str) -> bool {
        let direct = || {
            self.linked() || self.noun().is_some_and(|noun| noun.is(words::is_combination) || noun.is(words::is_turned))
        };
        let combination = self.is_before(REACH, |word| word.is(words::is_combination));
        let turned = self.is_before(REACH, |word| word.is(words::is_turned));
        match shape {
            Shape::Groups => {
                let place = self.says_before(REACH, PLACE);
                let day = may_be_day(value);
                direct() && (combination || self.noun().is_some_and(|noun| noun.is(words::is_turned)))
                    || turned && (!day || self.linked())
                    || place && value.matches('-').count() >= 3
            }
            Shape::Digits(3..=6) => combination && turned && direct(),
            _ => false,
        }
    }

    /// "code bâtiment B1947", "код домофона 4829": what is called the code of a door.
    fn is_code_of_place(&self) -> bool {
        const NEAR: usize = 5;
        self.is_before(NEAR, is_code_word)
            && (self.says_before(NEAR, PLACE) || self.box_before().is_some_and(|reach| reach <= NEAR))
    }

    /// "side gate C1379A"; those of airports have fewer digits.
    fn is_beside_door(&self, text: &str) -> bool {
        let digits = text[self.token.range.clone()].bytes().filter(u8::is_ascii_digit).count();
        digits >= 4 && self.nearest(1).is_some_and(|noun| noun.is(words::is_door))
    }

    /// "keypad arrives at 1430", "code for the gate 10 doors down".
    fn is_elsewhere(&self, shape: Shape) -> bool {
        // Behind these a password may stand, but no code of a lock.
        let far = |word: &str| matches!(word, "for" | "für" | "las" | "o" | "od" | "do" | "в" | "до" | "с");
        let leads = self.nearest(1).is_some_and(|word| word.class.is(Class::ELSEWHERE) || far(word.word));
        leads && !self.marked && matches!(shape, Shape::Digits(..=5) | Shape::Mixed)
    }

    /// "the gate is 1912 they say", "the entrance is 2500": a year or a sum, unless more says that it is a code.
    fn is_built_or_sold(&self, digits: usize, text: &str) -> bool {
        let value = &text[self.token.range.clone()];
        let year = digits == 4 && (is_year(value) || value.ends_with("00"));
        let beside = || self.noun().is_some_and(|noun| noun.is(words::is_combination)) || self.box_before() == Some(1);
        let coded =
            || self.is_before(REACH, is_code_word) || self.noun().is_some_and(|noun| noun.is(words::is_code_of_kind));
        year && !(self.marked || beside() || coded() || self.is_surely_typed() || self.ends_in_keys())
    }

    /// "zip code", "error code".
    fn names_harmless(&self, text: &str) -> bool {
        self.before.iter().any(|word| is_code_word(word) && is_harmless(text, word.range.clone()))
    }
}

fn is_code_word(token: &Token) -> bool {
    words::is_code_word(token.word, token.class)
}

/// "is" and its like; "to" is that in Polish alone, and a door may want a sum.
fn is_link(token: &Token) -> bool {
    token.class.is(Class::IS)
        && !token.class.is(Class::OF)
        && !matches!(token.word, "wants" | "needs" | "takes" | "took")
}

/// Whether a name of a box ends at `at`: "keypad", "bike lock".
fn is_box(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let long =
        |name: &[&str; 3]| at >= 2 && name.iter().zip(&tokens[at - 2..=at]).all(|(word, token)| *word == token.word);
    token.class.is(Class::BOX) && !token.class.is(Class::SOLD)
        || words::LONG_BOXES.iter().any(long)
        || token.is(words::is_box_end)
            && at > 0
            && tokens[at - 1].is(words::is_box_start)
            && tokens[at - 1].word != token.word
}
