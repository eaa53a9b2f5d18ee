//! The chronological split (spec §7.3): the most recent tenth is held out and never uploaded.

use std::collections::HashSet;
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::{Example, key};

/// Where the holdout begins.
#[derive(Clone, Debug, PartialEq)]
pub struct SplitSettings {
    /// Share of the messages held out, at most one half.
    pub holdout_share: f64,
    /// A silence longer than this ends a conversation session.
    pub session_gap: SignedDuration,
    /// How far from the exact share, as a share of all messages, a session's border may be to be preferred.
    pub border_tolerance: f64,
}

impl Default for SplitSettings {
    fn default() -> Self {
        Self { holdout_share: 0.10, session_gap: SignedDuration::from_hours(2), border_tolerance: 0.02 }
    }
}

/// How many of the messages sent at `times`, which are in order, are for training.
///
/// That is the exact share, unless within the tolerance (2 % of the messages) lies a border between two
/// sessions: then the nearest one, the earlier of two equally near.
pub(crate) fn training_len(times: &[Timestamp], settings: &SplitSettings) -> usize {
    let total = times.len();
    if settings.holdout_share == 0.0 {
        return total;
    }
    let exact = total - (total as f64 * settings.holdout_share).round() as usize;
    let reach = (total as f64 * settings.border_tolerance) as usize;
    let is_border =
        |cut: usize| 0 < cut && cut < total && times[cut].duration_since(times[cut - 1]) > settings.session_gap;
    (0..=reach)
        .flat_map(|distance| [exact.checked_sub(distance), exact.checked_add(distance)])
        .flatten()
        .find(|&cut| is_border(cut))
        .unwrap_or(exact)
}

/// For the texts of the holdout, whether each one stays: texts that the training part has too would only
/// show that it was learnt by heart.
pub(crate) fn unseen<'a>(training: impl Iterator<Item = &'a str>, holdout: impl Iterator<Item = &'a str>) -> Vec<bool> {
    let seen: HashSet<_> = training.map(key::normalised).collect();
    holdout.map(|text| !seen.contains(&key::normalised(text))).collect()
}

/// The examples held out for evaluation. There is no way from here to bytes for an upload.
#[derive(Clone, Default)]
pub struct Holdout {
    examples: Vec<Example>,
}

impl Holdout {
    pub(crate) fn new(examples: Vec<Example>) -> Self {
        Self { examples }
    }

    /// Prompts and targets, in chronological order, for scoring in this process.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    pub fn len(&self) -> usize {
        self.examples.len()
    }

    pub fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }
}

/// Shows the number of examples, never the words.
impl fmt::Debug for Holdout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Holdout").field("examples", &self.examples.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(minutes: impl IntoIterator<Item = i64>) -> Vec<Timestamp> {
        minutes.into_iter().map(|minute| Timestamp::from_second(minute * 60).unwrap()).collect()
    }

    #[test]
    fn without_a_session_border_near_the_share_is_exact() {
        assert_eq!(training_len(&times(0..100), &SplitSettings::default()), 90);
        assert_eq!(training_len(&times(0..10), &SplitSettings::default()), 9);
        assert_eq!(training_len(&times(0..1), &SplitSettings::default()), 1);
        assert_eq!(training_len(&[], &SplitSettings::default()), 0);
    }

    #[test]
    fn a_session_border_near_the_share_is_preferred() {
        let pause_before = |n: i64| times((0..1000).map(move |i| if i < n { i } else { i + 180 }));
        assert_eq!(training_len(&pause_before(907), &SplitSettings::default()), 907);
        assert_eq!(training_len(&pause_before(885), &SplitSettings::default()), 885);
        assert_eq!(training_len(&pause_before(940), &SplitSettings::default()), 900, "too far away");
    }

    #[test]
    fn a_share_of_nothing_holds_nothing_out() {
        let none = SplitSettings { holdout_share: 0.0, ..SplitSettings::default() };
        assert_eq!(training_len(&times((0..100).map(|i| if i < 99 { i } else { i + 180 })), &none), 100);
    }

    #[test]
    fn what_training_has_is_not_held_out() {
        assert_eq!(unseen(["ok", "see you"].into_iter(), ["OK", "new"].into_iter()), [false, true]);
    }
}
