//! How a person writes, as counts: lengths, endings, capitals, emoji. No text but single emoji comes out of it.

use std::collections::HashMap;

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use crate::Dataset;
use crate::clean::is_emoji_only;
use crate::redact::placeholder;

/// The upper ends of the length classes, in user-perceived characters; one class more is above the last.
pub const LENGTHS: [usize; 9] = [5, 10, 20, 30, 45, 60, 90, 140, 280];

/// Emoji shown at most.
const MOST_EMOJI: usize = 12;

/// Counts over messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    pub messages: u64,
    /// By length class.
    pub lengths: [u64; LENGTHS.len() + 1],
    pub endings: Endings,
    pub casing: Casing,
    /// Messages with at least one emoji.
    pub with_emoji: u64,
    /// Messages with a letter three times or more in a row: "sooo".
    pub stretched: u64,
    /// Messages of several lines.
    pub several_lines: u64,
    emoji: HashMap<String, u64>,
}

/// What messages end with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Endings {
    pub nothing: u64,
    pub stop: u64,
    pub question: u64,
    pub exclamation: u64,
    /// Two full stops or more, or the one character for them.
    pub trail: u64,
    pub emoji: u64,
    /// Other signs, emoticons among them.
    pub other: u64,
}

/// How messages use capitals. Messages without letters that have two cases are none of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Casing {
    pub all_lower: u64,
    /// A capital first, and small letters behind.
    pub capital_first: u64,
    /// Capitals elsewhere: names, "I".
    pub mixed: u64,
    pub all_upper: u64,
}

impl Picture {
    /// Of every answer in `dataset`, training and holdout.
    pub fn of(dataset: &Dataset) -> Self {
        let mut picture = Self::default();
        answers(dataset).for_each(|text| picture.add(&text));
        picture
    }

    fn add(&mut self, text: &str) {
        self.messages += 1;
        let length = text.graphemes(true).count();
        let class = LENGTHS.iter().position(|&most| length <= most).unwrap_or(LENGTHS.len());
        self.lengths[class] += 1;
        self.several_lines += u64::from(text.trim().contains('\n'));
        // "www." begins an address.
        let letters: Vec<char> = text.replace("www.", "").chars().collect();
        let stretched = |run: &[char]| run[0].is_alphabetic() && run[0] == run[1] && run[1] == run[2];
        self.stretched += u64::from(letters.windows(3).any(stretched));
        let mut any = false;
        for emoji in text.graphemes(true).filter(|grapheme| is_emoji_only(grapheme)) {
            any = true;
            *self.emoji.entry(emoji.to_owned()).or_default() += 1;
        }
        self.with_emoji += u64::from(any);
        self.add_ending(text.trim_end());
        self.add_casing(text);
    }

    fn add_ending(&mut self, text: &str) {
        let endings = &mut self.endings;
        let last = text.graphemes(true).next_back().unwrap_or_default();
        let count = match last.chars().next() {
            _ if text.ends_with("..") || text.ends_with('…') => &mut endings.trail,
            Some('.' | '。' | '।' | '۔') => &mut endings.stop,
            Some('?' | '？' | '؟') => &mut endings.question,
            Some('!' | '！') => &mut endings.exclamation,
            _ if is_emoji_only(last) => &mut endings.emoji,
            // A letter with its accents and tones; a placeholder's bracket stands for a word.
            Some(c) if c.is_alphanumeric() || c == ']' => &mut endings.nothing,
            _ => &mut endings.other,
        };
        *count += 1;
    }

    fn add_casing(&mut self, text: &str) {
        // A placeholder's capitals are not the person's.
        let mut placeholders = placeholder::ranges(text).peekable();
        let own = text.char_indices().filter(|(at, _)| {
            while placeholders.next_if(|range| range.end <= *at).is_some() {}
            placeholders.peek().is_none_or(|range| !range.contains(at))
        });
        let cased = own.map(|(_, c)| c).filter(|c| c.is_lowercase() || c.is_uppercase());
        let cased: Vec<bool> = cased.map(char::is_uppercase).collect();
        let upper = cased.iter().filter(|upper| **upper).count();
        let casing = &mut self.casing;
        match cased.first() {
            None => {}
            Some(_) if upper == 0 => casing.all_lower += 1,
            Some(_) if upper == cased.len() && upper > 1 => casing.all_upper += 1,
            Some(true) if upper == 1 => casing.capital_first += 1,
            Some(_) => casing.mixed += 1,
        }
    }

    /// The most frequent emoji, the more frequent first.
    pub fn top_emoji(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<(&str, u64)> = self.emoji.iter().map(|(emoji, count)| (emoji.as_str(), *count)).collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all.truncate(MOST_EMOJI);
        all
    }
}

/// What the person wrote, redacted, in chronological order.
fn answers(dataset: &Dataset) -> impl Iterator<Item = String> + '_ {
    let answer = |line: [&[u8]; 5]| {
        let line: Value = serde_json::from_slice(&line.concat()).ok()?;
        line["messages"][2]["content"].as_str().map(str::to_owned)
    };
    let training = dataset.training.lines().filter_map(answer);
    training.chain(dataset.holdout.examples().iter().map(|example| example.assistant().to_owned()))
}

/// Prompts and answers, evenly spread over the training part: for people who ask to see some.
pub fn samples(dataset: &Dataset, wanted: usize) -> Vec<(String, String)> {
    let lines: Vec<[&[u8]; 5]> = dataset.training.lines().collect();
    let shown = wanted.min(lines.len());
    let pair = |n: usize| {
        let line: Value = serde_json::from_slice(&lines[n * lines.len() / shown].concat()).ok()?;
        let content = |at: usize| line["messages"][at]["content"].as_str().map(str::to_owned);
        Some((content(1)?, content(2)?))
    };
    (0..shown).filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(texts: &[&str]) -> Picture {
        let mut picture = Picture::default();
        texts.iter().for_each(|text| picture.add(text));
        picture
    }

    #[test]
    fn each_message_is_counted_once_in_each_picture() {
        let picture = picture(&[
            "ok",
            "Ok.",
            "OK!!",
            "what?",
            "sooo late...",
            "I see Theo",
            "love it 😍😍",
            "call [PHONE_1]",
            "😂",
            "a\nb :)",
        ]);
        let endings = picture.endings;
        assert_eq!(
            (
                endings.nothing,
                endings.stop,
                endings.question,
                endings.exclamation,
                endings.trail,
                endings.emoji,
                endings.other
            ),
            (3, 1, 1, 1, 1, 2, 1)
        );
        let casing = picture.casing;
        assert_eq!((casing.all_lower, casing.capital_first, casing.mixed, casing.all_upper), (6, 1, 1, 1));
        assert_eq!(picture.lengths.iter().sum::<u64>(), 10);
        assert_eq!((picture.with_emoji, picture.stretched, picture.several_lines), (2, 1, 1));
        assert_eq!(picture.top_emoji(), [("😍", 2), ("😂", 1)]);
    }

    #[test]
    fn other_scripts_links_and_brackets_are_counted_as_what_they_are() {
        let picture = picture(&["أين أنت؟", "ठीक है।", "ไม่", "see www.example.com", "[i said NO", "call [PHONE_1]"]);
        let endings = picture.endings;
        assert_eq!((endings.question, endings.stop, endings.nothing, endings.other), (1, 1, 4, 0));
        assert_eq!(picture.stretched, 0);
        let casing = picture.casing;
        assert_eq!((casing.all_lower, casing.mixed, casing.all_upper), (2, 1, 0));
    }
}
