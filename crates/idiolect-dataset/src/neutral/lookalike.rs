//! Words that are written like chat spelling and often are none: "an RN", "the nearest atm", "thanks em".

use super::context::{Neighbours, is_article};
use super::digits::is_number;
use super::word_sets::*;
use crate::word_set::word_set;

/// What the lower-case `word` says here, if it is not what the lexicon reads.
pub(super) fn reading(word: &str, near: &Neighbours) -> Option<&'static str> {
    let (previous, next) = (near.previous, near.next);
    Some(match word {
        "hw" if is_homework(near) => "homework",
        "gg" if !next.is_empty() && !ends_game(next) || is_subject(previous) || is_being(previous) => "going",
        // Initials, names and units.
        "atm" if is_one_of(previous) || matches!(previous, "nearest" | "closest" | "cash") || next == "machine" => {
            "ATM"
        }
        "rn" if is_one_of(previous) => "RN",
        "otp" if !(is_being(previous) || is_subject(previous) || is_on_the_phone(next)) => "OTP",
        // Of a person or of food.
        "gf" if previous == "is" => "gf",
        "gf" if is_said_of_food(previous) || is_food(next) => "gluten-free",
        "ig" if !(names_account(previous) || is_of_account(next)) => "I guess",
        "em" if previous.is_empty() || is_addressed(previous) || is_auxiliary(next) => "Em",
        "kay" if is_addressed(previous) || previous == "and" => "Kay",
        "ty" if is_greeted(previous) => "Ty",
        "kw" if is_number(previous) => "kW",
        "nm" if is_number(previous) => "nm",
        "kms" if is_number(previous) || matches!(previous, "few" | "many" | "more") => "km",
        // "The" needs what it stands before.
        "da" if next.is_empty() || is_subject(next) => "da",
        "tha" if next.is_empty() => "tha",
        "teh" if next.is_empty() || matches!(next, "tarik" | "peng" | "o" | "c") => "teh",
        // Words of programmers.
        "def" if !is_sure(near) => "def",
        "defs" if !is_sure(near) => "defs",
        "perf" if is_of_performance(next) || is_of_performance(previous) || is_one_of(previous) => "performance",
        "nth" if is_of_row(next) => "nth",
        // Words of English.
        "err" if next == "on" || is_one_of(previous) || previous == "to" => "err",
        "wad" if is_one_of(previous) => "wad",
        "wit" if is_one_of(previous) => "wit",
        "bout" if is_one_of(previous) => "bout",
        "nth" if is_one_of(previous) => "nth",
        "bk" if matches!(previous, "to" | "at" | "from" | "near") => "bk",
        "tok" if previous == "tik" => "tok",
        "cumin"
            if !(previous.is_empty()
                || is_subject(previous)
                || is_being(previous)
                || is_auxiliary(previous)
                || comes(next)) =>
        {
            "cumin"
        }
        "cheers" if next == "to" || is_number(previous) || previous == "three" => "cheers",
        "grad" if is_graduate(next) => "graduate",
        "ya" if agrees(near) => "yes",
        "ya" if is_close(next) => "your",
        "legit" if !previous.is_empty() && (next.is_empty() || is_connective(next)) => "genuine",
        // Parts of others.
        "sm" if next.is_empty() && !previous.is_empty() => "so much",
        "lotta" if matches!(previous, "whole" | "a") => "lot of",
        "aft" if is_of_day(previous) => "afternoon",
        "huh" if previous == "uh" => "yes",
        "nuh" if next == "uh" => "no",
        "thk" | "thnk" if matches!(next, "u" | "you" | "ü") => "thank",
        _ => return None,
    })
}

/// Whether "ya" answers: "ya ok", "but ya.", "@jo ya, sure", "ya can"; not "ya know" or "love ya".
fn agrees(near: &Neighbours) -> bool {
    let (previous, next) = (near.previous, near.next);
    let alone =
        next.is_empty() && (matches!(previous, "but" | "so" | "er" | "err") || previous.starts_with(['@', '<']));
    let asked = matches!(next, "can" | "will") && near.beyond.is_empty();
    let of_you = is_auxiliary(next) || is_close(next) || addresses(next);
    alone || matches!(previous, "" | "oh" | "ok" | "okay" | "ohh" | "and") && (asked || !of_you)
}

/// Whether "hw" is done or due, not asked: "the hw", "so much hw", "hw is due".
fn is_homework(near: &Neighbours) -> bool {
    let counted = is_article(near.previous)
        || matches!(
            near.previous,
            "do" | "did"
                | "done"
                | "doing"
                | "math"
                | "maths"
                | "english"
                | "much"
                | "any"
                | "some"
                | "no"
                | "more"
                | "finish"
                | "finished"
        );
    let asks =
        is_subject(near.next) || matches!(near.next, "to" | "r" | "long" | "much" | "many" | "come" | "about" | "far");
    counted && !asks
        || is_auxiliary(near.next) && matches!(near.beyond, "due" | "done" | "easy" | "ez" | "hard" | "late")
}

/// Whether "def" is "definitely": "yeah def", "ill def come"; not "(def x 1)" or "use def".
fn is_sure(near: &Neighbours) -> bool {
    let (previous, next) = (near.previous, near.next);
    near.spaced
        && (previous.is_empty()
            || opens_clause(previous)
            || is_subject(previous)
            || is_being(previous)
            || is_auxiliary(previous)
            || is_base_verb(next)
            || follows_is(next))
}

/// Behind these stands the name of who is greeted or thanked.
fn is_addressed(previous: &str) -> bool {
    is_greeted(previous) || matches!(previous, "you" | "u" | "thanks" | "thx")
}

word_set! {
    /// Behind these stands somebody's name.
    is_greeted: "hi" "hey" "hello" "hiya" "heya" "dear" "bye" "goodbye" "night" "morning" "birthday";

    /// Before these "gg" is "good game"; in Singapore it goes somewhere.
    ends_game: "wp" "ez" "all" "everyone" "guys" "boys" "team" "man" "bro" "mate" "well" "that" "this";

    /// Before these "ya" is "you".
    addresses: "think" "know" "want" "see" "need" "mean" "like" "gotta" "gonna" "wanna" "better" "cant" "dont";

    /// Before these "ya" is "your".
    is_close: "mum" "mom" "dad" "sister" "brother" "wife" "missus" "hubby" "mate" "mates" "house" "place" "phone" "car" "kids" "dog" "text" "number" "head" "face";

    /// Behind these stands a thing, no chat spelling of a verb or an adverb: "an RN", "any OTP".
    is_one_of: "a" "an" "the" "any" "another";

    /// Behind these "aft" is the afternoon.
    is_of_day: "this" "the" "tomorrow" "tmrw" "tmr" "tomo" "yesterday" "every" "monday" "tuesday" "wednesday" "thursday" "friday" "saturday" "sunday" "fri" "thurs" "tues";

    is_on_the_phone: "w" "w/" "with" "rn" "to" "2";

    is_said_of_food: "are" "it" "its" "it's" "be" "not" "also";

    is_of_performance:
    "issue" "issues" "problem" "problems" "test" "tests" "testing" "hit" "impact" "regression" "improvement" "improvements" "numbers" "wise" "review" "better" "worse" "for" "of" "about" "improve" "query";

    /// What "nth" counts.
    is_of_row: "time" "element" "item" "row" "call" "arg" "argument" "degree" "power" "function" "and" "or";

    is_food: "bread" "pasta" "pizza" "flour" "cake" "cakes" "beer" "menu" "food" "option" "options";

    /// Behind these "ig" is Instagram, not "I guess".
    names_account: "on" "my" "ur" "your" "her" "his" "our" "their" "the" "an" "via" "to" "from" "through";

    /// Before these, too.
    is_of_account: "story" "stories" "post" "posts" "reel" "reels" "live" "account" "page" "handle" "name" "feed" "dm" "dms";

    /// Where somebody comes to.
    comes: "to" "2" "home" "back" "over" "round" "tonight" "in" "on" "now";

    is_graduate: "school" "student" "students" "scheme" "schemes" "program" "programme" "job" "jobs";
}
