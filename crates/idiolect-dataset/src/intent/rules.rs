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
    let asks = lower.ends_with('?') || said.contains('?');

    if has(Group::Jokes) {
        return Intent::Joke;
    }
    let greets_first = greets(first) || opens(&GREETINGS);
    if greets_first && (has(Group::SmallTalk) || short && !asks) && !arranges(&words) {
        return Intent::Greeting;
    }
    if asks {
        return Intent::Question;
    }
    let refuses = declines(first) || has(Group::Refusals);
    if refuses {
        return Intent::Decline;
    }
    if thanks(&words) {
        return Intent::Thanks;
    }
    if greets_first && has(Group::Occasions) {
        return Intent::Greeting;
    }
    let confirms_first = confirms(first) && !matches!(words.get(1), Some(&("so" | "but"))) || opens(&AGREEMENTS);
    if confirms_first && short {
        return Intent::Confirmation;
    }
    if has(Group::Reports) {
        return Intent::StatusUpdate;
    }
    if arranges(&words) {
        return Intent::Logistics;
    }
    if confirms_first {
        return Intent::Confirmation;
    }
    if laughs(said) {
        return Intent::Joke;
    }
    if reports(first) {
        return Intent::StatusUpdate;
    }
    Intent::Other
}

/// Said in the first words or the last ones; in between, thanks are a subject.
fn thanks(words: &[&str]) -> bool {
    let said = |word: &&str| matches!(*word, "thanks" | "thank" | "cheers" | "grateful" | "appreciate" | "thankyou");
    words.iter().take(4).any(said) || words.iter().rev().take(3).any(said)
}

/// A time and something to arrange, or two times, or a clock time.
fn arranges(words: &[&str]) -> bool {
    let clock =
        |pair: &[&str]| matches!(pair[0], "at" | "by" | "from" | "until" | "before" | "after") && is_clock(pair[1]);
    let times = words.iter().filter(|word| is_time(word)).count();
    let things = words.iter().filter(|word| is_arranging(word)).count();
    words.windows(2).any(clock) || words.iter().any(|word| is_marked_clock(word)) || times + things >= 2
}

fn is_clock(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// "5pm", "7.30am", "18:00".
fn is_marked_clock(word: &str) -> bool {
    let marked = word.ends_with("am") || word.ends_with("pm") || word.contains(':');
    is_clock(word) && marked
}

/// Laughter that cannot be a mere softener, as a lone "lol" is.
fn laughs(said: &str) -> bool {
    let lower = said.to_lowercase();
    said.contains(['😂', '🤣', '😹', '💀', '😆', '🤡', '😜', '😝'])
        || ["haha", "hehe", "lmao", "rofl", "hahah"].iter().any(|laugh| lower.contains(laugh))
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
}

const GROUPS: [(Group, &[&str]); 5] = [
    (Group::Jokes, &JOKES),
    (Group::SmallTalk, &SMALL_TALK),
    (Group::Refusals, &REFUSALS),
    (Group::Occasions, &OCCASIONS),
    (Group::Reports, &REPORTS),
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
