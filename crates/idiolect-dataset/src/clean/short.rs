//! Messages too short to carry a style, and the rule that keeps them when they *are* the person's style.

use rustc_hash::FxHashMap;
use unicode_segmentation::UnicodeSegmentation;

use super::{CleanSettings, is_blank};
use crate::key::Key;

/// User-perceived characters of the trimmed `text`, counted no further than `limit`.
fn chars_up_to(text: &str, limit: usize) -> usize {
    // As most texts begin: so many letters and spaces, and one letter more.
    if let Some([first, .., last]) = text.as_bytes().get(..limit.saturating_add(1))
        && text.as_bytes()[..limit].iter().all(|byte| matches!(byte, b' '..=b'~'))
        && [first, last].into_iter().all(u8::is_ascii_graphic)
    {
        return limit;
    }
    let text = text.trim_start();
    let mut rest = text.chars();
    let alone = rest.by_ref().take(limit).take_while(|character| stands_alone(*character)).count() == limit;
    if alone && !rest.as_str().trim_start().is_empty() {
        // Whatever follows, a mark included, makes no fewer of them.
        return limit;
    }
    let text = text.trim_end();
    if text.is_ascii() {
        // A carriage return with its line feed is one character; between words it is beyond any short limit.
        return text.len().min(limit);
    }
    text.graphemes(true).take(limit).count()
}

impl CleanSettings {
    /// Whether `text` has fewer characters than a message needs to be kept.
    pub(crate) fn is_short(&self, text: &str) -> bool {
        chars_up_to(text, self.min_chars) < self.min_chars
    }
}

/// Whether a character among its like is always one that a person perceives: ASCII but for its controls, most letters of Latin, Greek,
/// Cyrillic, Hebrew and Arabic, kana, ideographs and Korean syllables.
fn stands_alone(character: char) -> bool {
    matches!(
        character,
        ' '..='~'
            | '\u{c0}'..='\u{24f}'
            | '\u{391}'..='\u{482}'
            | '\u{48a}'..='\u{52f}'
            | '\u{5d0}'..='\u{5ea}'
            | '\u{621}'..='\u{64a}'
            | '\u{3001}'..='\u{3029}'
            | '\u{3041}'..='\u{3096}'
            | '\u{30a1}'..='\u{30fe}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{ff01}'..='\u{ff60}'
    )
}

/// How often the person writes each short text.
///
/// The rule: a text below the length limit stays when, spelled in any case or spacing, it makes up at
/// least `common_share` of the window's messages (0.5 %) and occurs at least `common_count` times (3). A
/// person who answers "k" once a day writes so; a single "ty" may be a slip.
pub struct CommonTexts {
    common_share: f64,
    common_count: u64,
    messages: u64,
    counts: FxHashMap<Key, u64>,
}

impl CommonTexts {
    pub fn new(settings: &CleanSettings) -> Self {
        Self {
            common_share: settings.common_share,
            common_count: settings.common_count,
            messages: 0,
            counts: FxHashMap::default(),
        }
    }

    /// Takes one message of the window into the count, as far as the person wrote it; blank ones are no messages. `short` is what
    /// [`CleanSettings::is_short`] says of it.
    pub(crate) fn observe(&mut self, text: &str, short: bool) {
        if short {
            if is_blank(text) {
                return;
            }
            *self.counts.entry(Key::of(text)).or_default() += 1;
        }
        self.messages += 1;
    }

    pub(crate) fn is_common(&self, key: Key) -> bool {
        let count = self.counts.get(&key).copied().unwrap_or(0);
        count >= self.common_count && count as f64 >= self.common_share * self.messages as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DatasetBuilder, DatasetSettings, Message, Window};

    /// How many of `texts`, among `others` that are long enough, a dataset leaves out as too short.
    fn too_short(clean: CleanSettings, texts: &[&str], others: usize) -> u64 {
        let window = Window::ending_at("2026-01-15T12:00:00Z".parse().unwrap(), 90);
        let mut builder = DatasetBuilder::new(DatasetSettings { clean, ..DatasetSettings::new(window) });
        let others = (0..others).map(|number| format!("another message, number {number}"));
        for (minute, text) in texts.iter().map(|text| (*text).to_owned()).chain(others).enumerate() {
            builder.push(&Message {
                message_id: minute.to_string(),
                timestamp: window.start + jiff::SignedDuration::from_mins(minute as i64),
                text,
                conversation_id: None,
                recipient_count: None,
            });
        }
        builder.finish().unwrap().manifest.dropped.too_short
    }

    #[test]
    fn filters_short_messages_by_threshold() {
        let left_out = |texts: &[&str], others| too_short(CleanSettings::default(), texts, others);
        assert_eq!(left_out(&["k"], 100), 1);
        assert_eq!(left_out(&["ok", "ok"], 10), 2, "fewer than three times");
        assert_eq!(left_out(&["yes"], 100), 0, "three characters are enough");
        assert_eq!(left_out(&[" k \n"], 100), 1, "surrounding space has no length");
        assert_eq!(too_short(CleanSettings { min_chars: 5, ..CleanSettings::default() }, &["yeah"], 100), 1);
    }

    #[test]
    fn short_messages_stay_when_they_are_common_behaviour() {
        assert_eq!(too_short(CleanSettings::default(), &["k"; 3], 597), 0, "three of 600 are 0.5 %");
        assert_eq!(too_short(CleanSettings::default(), &["k"; 3], 598), 3, "three of 601 are fewer");
    }

    #[test]
    fn spellings_of_one_short_text_are_counted_together() {
        assert_eq!(too_short(CleanSettings::default(), &["ok", "Ok", "OK "], 100), 0);
    }

    #[test]
    fn length_is_counted_in_user_perceived_characters() {
        assert_eq!(chars_up_to("e\u{301}", 9), 1);
        assert_eq!(chars_up_to("𝓱𝓲", 9), 2);
        assert_eq!(chars_up_to("ok👍🏽", 9), 3);
        assert_eq!(chars_up_to("你好", 9), 2);
        assert_eq!(chars_up_to("a long text", 3), 3);
        assert_eq!([" a\t", "a\r\n", "ab c"].map(|text| chars_up_to(text, 4)), [1, 1, 4]);
    }

    #[test]
    fn characters_that_stand_alone_are_perceived_beside_each_other() {
        for character in ('\0'..=char::MAX).filter(|character| stands_alone(*character)) {
            for text in [
                format!("{character}{character}a"),
                format!("가{character}я{character}"),
                format!("中{character}ب{character}#"),
            ] {
                assert_eq!(text.graphemes(true).count(), text.chars().count(), "U+{:04X}", character as u32);
            }
        }
    }
}
