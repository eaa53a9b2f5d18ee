//! Digits that stand for words ("going 2 school", "4 u"), and those that count.

use super::context::{Neighbours, is_day, is_felt, precedes_very};
use super::lexicon;
use super::word_sets::*;
use crate::word_set::word_set;

/// "going 2 school", "nice 2 see u", "me 2", "2 much"; "2 mins" and "i need 2 eggs" stay.
pub(super) fn two(near: &Neighbours) -> Option<&'static str> {
    let (previous, next) = (near.previous, near.next);
    if next.is_empty() {
        return matches!(previous, "me" | "u" | "you" | "us").then_some("too");
    }
    if matches!(next, "much" | "many") || precedes_very(previous) && is_felt(next) {
        return Some("too");
    }
    if previous.is_empty() {
        return (near.starts_text && matches!(next, "be" | "b")).then_some("to");
    }
    if next.starts_with('[') {
        return Some("to");
    }
    if is_day(previous) && is_day(next) {
        return Some("to");
    }
    // "Same 2 u", but "me 2 you know".
    let person = matches!(next, "u" | "you" | "me" | "him" | "us" | "them");
    if person && !precedes_four(previous) && !matches!(previous, "me" | "u" | "you" | "us") {
        return Some("to");
    }
    // Nor are verbs counted: "ur turn 2 cook".
    let counted = is_subject(previous) || is_determiner(previous) || precedes_four(previous) || is_number(previous);
    let is_verb = is_base_verb(next)
        && !matches!(
            next,
            "like" | "just" | "never" | "always" | "also" | "still" | "even" | "then" | "own" | "only" | "plan"
        );
    if is_verb && !counted {
        return Some("to");
    }
    // Whoever goes somewhere counts nothing, but "need 2 eggs" does.
    let counts = is_counted(next) || !is_going(previous) && is_many(next);
    (precedes_to(previous) && !counts && next.starts_with(char::is_alphabetic)).then_some("to")
}

/// "eggs", "tablets", "left", "big": what a number may stand before.
fn is_many(next: &str) -> bool {
    let many = next.len() > 3 && next.ends_with('s') && !next.ends_with("ss") && !next.ends_with("'s");
    many && !matches!(next, "this" | "christmas" | "paris")
        && lexicon::plain(next).is_none_or(|plain| plain.ends_with('s'))
        && !lexicon::is_name(next)
        || is_attribute(next)
            && !matches!(next, "home" | "open" | "free" | "like" | "empty" | "back" | "time" | "full" | "busy")
}

/// "4 u", "wait 4 me"; "at 4", "4 people" stay.
pub(super) fn four(near: &Neighbours) -> Option<&'static str> {
    let (previous, next) = (near.previous, near.next);
    if previous.is_empty() && matches!(next, "sure" | "real") {
        return Some("for");
    }
    let counts = previous.is_empty()
        || is_number(previous)
        || precedes_four(previous)
        || matches!(next, "now" | "the" | "a") && (is_being(previous) || matches!(previous, "it's" | "its"));
    (!counts && follows_for(next)).then_some("for")
}

/// "2", "1.5"; not "2nd" or "1/2".
pub(super) fn is_count(word: &str) -> bool {
    is_number(word) && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// What begins with a digit.
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

word_set! {
    /// Ways to somewhere or somebody, behind which a number is rare.
    is_going: "go" "going" "goin" "went" "gone" "come" "coming" "comin" "came" "back" "listen" "talk" "talking" "speak" "speaking" "next" "close" "welcome" "reply" "belong" "refer" "according";
}
