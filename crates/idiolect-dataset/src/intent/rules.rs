//! The rules, in their order.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::Intent;
use super::phrases::*;

/// Longer than this, an opening "yes" or "hi" is only the way into something else.
const SHORT: usize = 6;

pub(super) fn intent(said: &str, plain: &str) -> Intent {
    let lower = plain.to_lowercase();
    let words: Vec<&str> = words(&lower).collect();
    let Some(&first) = words.first() else { return Intent::Other };
    let found = phrases_in(&lower);
    let has = |group: Group| found & (1 << group as u8) != 0;
    let opens = |phrases: &[&str]| phrases.iter().any(|phrase| starts(&lower, phrase));
    let short = words.len() <= SHORT;
    let or_not = matches!(words[..], [.., last, "or", "not" | "no"] if last != "it") && !words.contains(&"whether");
    let asks = said.contains(['?', '？', '؟']) || lower.ends_with('?') || or_not;

    if has(Group::Jokes) || matches!(words[..], ["kidding"]) {
        return Intent::Joke;
    }
    if lower == "what's up?" {
        return Intent::Greeting;
    }
    let greets_first = greets(first) && !matches!(words.get(1), Some(&("to" | "with"))) || opens(&GREETINGS);
    if greets_first && (has(Group::SmallTalk) || short && !asks) && !arranges(&words) {
        return Intent::Greeting;
    }
    if asks {
        return Intent::Question;
    }
    if refuses(&lower, &words) || has(Group::Refusals) {
        return Intent::Decline;
    }
    if thanks(&words) {
        return Intent::Thanks;
    }
    if greets_first && has(Group::Occasions) {
        return Intent::Greeting;
    }
    let agrees = opens(&AGREEMENTS) || joins(&lower, &words);
    let confirms_first =
        confirms(first) && !matches!(words.get(1), Some(&("so" | "but"))) && !describes(&lower, &words) || agrees;
    // "let's do Monday" proposes, "okay, Monday" agrees.
    if confirms_first && short && !(agrees && arranges(&words)) {
        return Intent::Confirmation;
    }
    if plans(&words) || directs(&words) {
        return Intent::Logistics;
    }
    if has(Group::Reports) || words.windows(2).any(is_ready) {
        return Intent::StatusUpdate;
    }
    if arranges(&words) || has(Group::Arrangements) {
        return Intent::Logistics;
    }
    if confirms_first {
        return Intent::Confirmation;
    }
    if laughs(said) {
        return Intent::Joke;
    }
    if tells_of_oneself(&words) {
        return Intent::StatusUpdate;
    }
    Intent::Other
}

/// "No", "no, I'm good", "can't, working late"; not "no milk" or "can't wait".
fn refuses(lower: &str, words: &[&str]) -> bool {
    let marked =
        |word: &str| lower.split_once(word).is_some_and(|(_, behind)| behind.starts_with([',', '.', '!', ':']));
    let ends_so = || words.windows(2).any(|pair| matches!(pair, ["can't", "sorry"] | ["cannot", "sorry"]));
    match words {
        ["unfortunately", ..] => true,
        ["no", second, ..] => marked("no") || follows_no(second),
        ["never", second, ..] => marked("never") || *second == "again",
        ["can't", ..] if marked("can't") || words.contains(&"sorry") => true,
        [first] => declines(first) || *first == "can't",
        [first, ..] => *first != "no" && declines(first) || ends_so() || matches!(words, [.., "i", "can't"]),
        [] => false,
    }
}

/// Whether an opening "great" is said of what follows: "great game last night", not "great, game on" or "great tomorrow works".
fn describes(lower: &str, words: &[&str]) -> bool {
    let [first @ ("great" | "fine" | "cool" | "perfect" | "true"), second, ..] = *words else { return false };
    let marked = lower.split_once(first).is_some_and(|(_, behind)| behind.starts_with([',', '.', '!', ':']));
    !marked && is_described(second)
}

/// "I'm in", "I'm in, count me"; not "I'm in bed".
fn joins(lower: &str, words: &[&str]) -> bool {
    lower.strip_prefix("i'm in").is_some_and(|behind| behind.is_empty() || behind.starts_with([',', '.', '!', ':']))
        || matches!(words, ["i'm", "in"] | ["i'm", "in", "for" | "too" | "then" | "if", ..])
}

/// What "I'll" goes before in a plan: "I'll drop the boxes off".
fn plans(words: &[&str]) -> bool {
    words.windows(2).any(|pair| matches!(pair[0], "i'll" | "we'll") && is_errand(pair[1]))
}

/// What somebody is told to do somewhere: "park behind the building", "call me when you get there".
fn directs(words: &[&str]) -> bool {
    let [first, second, _, ..] = words else { return false };
    is_errand(first) && follows_errand(second) && !matches!(words, [_, "me", "alone", ..] | [_, "your", "time", ..])
}

/// "Dinner's ready", "the parcel has arrived".
fn is_ready(pair: &[&str]) -> bool {
    let is = matches!(pair[0], "is" | "are" | "isn't" | "has" | "been" | "was" | "got") || pair[0].ends_with("'s");
    is && is_state(pair[1])
}

/// What the writer or theirs do, where they are or how they feel; not what they think or like.
fn tells_of_oneself(words: &[&str]) -> bool {
    match words {
        // How a message without words is put into some.
        ["i", "have", "nothing", "to", "say"] | ["i", "am", "thinking", "about", "it"] => false,
        ["i'm", "so", feeling, ..] | ["i'm", feeling, ..] if is_for_others(feeling) => false,
        [
            "i",
            "don't" | "do" | "still" | "really" | "also" | "just" | "honestly" | "always" | "can't" | "couldn't"
            | "didn't" | "wouldn't" | "won't",
            verb,
            ..,
        ] => !thinks(verb),
        ["i", verb, ..] => !thinks(verb),
        // "So hungry", but "so proud of you".
        ["so", rest @ ..] => {
            !rest.is_empty()
                && rest.len() <= 4
                && !rest.iter().any(|word| matches!(*word, "you" | "your" | "that" | "it"))
        }
        ["my" | "our", rest @ ..] => rest.iter().any(|word| is_state(word) || is_event(word)),
        ["on" | "at" | "in", next, ..] => {
            words.len() <= 4 && matches!(*next, "the" | "my" | "a" | "bed" | "work" | "home" | "town" | "school")
        }
        [first, second, ..] if is_doing(first) => !matches!(*second, "is" | "was" | "are"),
        [first, ..] => {
            reports(first)
                || is_event(first)
                || is_doing(first)
                || words.len() <= 4 && words.iter().any(|word| is_happening(word))
        }
        [] => false,
    }
}

/// "Cooking", "waiting"; not "nothing" or "morning".
fn is_doing(word: &str) -> bool {
    word.len() > 5 && word.ends_with("ing") && !is_ing_noun(word)
}

/// Said in the first words or the last ones; in between, thanks are a subject, and so they are of who says them.
fn thanks(words: &[&str]) -> bool {
    let said = |word: &&str| {
        matches!(
            *word,
            "thanks"
                | "thank"
                | "cheers"
                | "grateful"
                | "thankful"
                | "appreciate"
                | "appreciated"
                | "lifesaver"
                | "thankyou"
        )
    };
    let told = words.iter().any(|word| matches!(*word, "says" | "said" | "saying" | "never"));
    !told && (words.iter().take(4).any(said) || words.iter().rev().take(3).any(said))
}

/// A time and something to arrange, or two times, or a clock time.
fn arranges(words: &[&str]) -> bool {
    let clock = |pair: &[&str]| {
        matches!(pair[0], "at" | "by" | "from" | "until" | "before" | "after" | "past") && is_clock(pair[1])
    };
    // "Last week" is over.
    let ahead = |at: usize| is_time(words[at]) && (at == 0 || words[at - 1] != "last");
    let times = (0..words.len()).filter(|&at| ahead(at)).count();
    let things = words.iter().filter(|word| is_arranging(word)).count();
    let until_then = matches!(words, [.., "for", last] if is_clock(last) && last.len() <= 2);
    until_then || words.windows(2).any(clock) || words.iter().any(|word| is_marked_clock(word)) || times + things >= 2
}

fn is_clock(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || is_spelled_clock(word)
}

/// "5pm", "7.30am", "18:00".
fn is_marked_clock(word: &str) -> bool {
    let marked = word.ends_with("am") || word.ends_with("pm") || word.contains(':');
    word.starts_with(|c: char| c.is_ascii_digit()) && marked
}

/// Laughter that cannot be a mere softener, as a lone "lol" is.
fn laughs(said: &str) -> bool {
    let lower = said.to_lowercase();
    said.contains(['😂', '🤣', '😹', '💀', '😆', '🤡', '😜', '😝'])
        || ["haha", "hehe", "lmao", "lmfao", "rofl", "lolll", "looo", "ha ha"].iter().any(|laugh| lower.contains(laugh))
}

fn words(lower: &str) -> impl Iterator<Item = &str> {
    let cut = |c: char| !(c.is_alphanumeric() || matches!(c, '\'' | ':' | '.' | '_' | '['));
    lower.split(cut).map(|word| word.trim_matches(['.', ':', '\''])).filter(|word| !word.is_empty())
}

/// Phrases that say the same wherever they stand.
#[derive(Clone, Copy)]
enum Group {
    Jokes,
    SmallTalk,
    Refusals,
    Occasions,
    Reports,
    Arrangements,
}

const GROUPS: [(Group, &[&str]); 6] = [
    (Group::Jokes, &JOKES),
    (Group::SmallTalk, &SMALL_TALK),
    (Group::Refusals, &REFUSALS),
    (Group::Occasions, &OCCASIONS),
    (Group::Reports, &REPORTS),
    (Group::Arrangements, &ARRANGEMENTS),
];

/// All of them as one automaton, and the bit of each one's group.
static PHRASES: LazyLock<(AhoCorasick, Vec<u8>)> = LazyLock::new(|| {
    let phrases =
        || GROUPS.iter().flat_map(|(group, phrases)| phrases.iter().map(|phrase| (1 << *group as u8, *phrase)));
    let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(phrases().map(|(_, phrase)| phrase));
    (automaton.expect("the phrases are constant"), phrases().map(|(bit, _)| bit).collect())
});

/// The bits of the groups of which a phrase stands in `lower` as whole words.
fn phrases_in(lower: &str) -> u8 {
    let (automaton, bits) = &*PHRASES;
    let inside = |c: char| c.is_alphanumeric() || c == '\'';
    let whole = |start: usize, end: usize| !lower[..start].ends_with(inside) && !lower[end..].starts_with(inside);
    let found = automaton.find_overlapping_iter(lower).filter(|found| whole(found.start(), found.end()));
    found.fold(0, |groups, found| groups | bits[found.pattern().as_usize()])
}

fn starts(lower: &str, phrase: &str) -> bool {
    lower.strip_prefix(phrase).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '\''))
}
