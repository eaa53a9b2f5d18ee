//! Headers in the order of their lines, to tell those that leap out of the order of time: what looks like one inside a message.

use std::collections::VecDeque;

use jiff::SignedDuration;
use jiff::civil::DateTime;

/// Headers that are looked at below one, to tell whether it is in order: more than anybody pastes.
const AHEAD: usize = 5;
/// How far a header may lie before the one above it: phones deliver late.
const LATE: SignedDuration = SignedDuration::from_hours(24);
/// The same without that: the hour that a clock change repeats, and some minutes.
const CLOSE: SignedDuration = SignedDuration::from_hours(2);
/// Headers in order from which on a chat's pauses tell how long another can be.
const MANY: u32 = 20;
/// The last header of a chat, which none below confirms, leaps if it lies behind a pause so many times as long as any before,
const LONG_PAUSES: i32 = 10;
/// and at least so long.
const LONG_PAUSE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How a header stands to those around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    #[default]
    Leaps,
    /// Later than those below it, if by less than a leap.
    Ahead,
    Late,
    /// In order, and behind a pause with nothing below it to confirm that.
    Last,
    Close,
}

/// Of headers with what is to be known of each.
pub(super) struct Sequence<T> {
    /// The last one in order.
    earlier: Option<DateTime>,
    count: u32,
    longest_pause: SignedDuration,
    pending: VecDeque<(DateTime, T)>,
}

impl<T> Default for Sequence<T> {
    fn default() -> Self {
        Self { earlier: None, count: 0, longest_pause: SignedDuration::ZERO, pending: VecDeque::new() }
    }
}

impl<T> Sequence<T> {
    /// Adds a header; gives one some lines above, and how that one fits.
    pub(super) fn push(&mut self, time: DateTime, header: T) -> Option<(T, Fit)> {
        self.pending.push_back((time, header));
        if self.pending.len() > AHEAD { self.pop() } else { None }
    }

    /// The next of those that are left at the end.
    pub(super) fn pop(&mut self) -> Option<(T, Fit)> {
        let (at, header) = self.pending.pop_front()?;
        let fit = self.fit(at);
        if fit == Fit::Close {
            if let Some(earlier) = self.earlier {
                self.longest_pause = self.longest_pause.max(at.duration_since(earlier));
            }
            self.earlier = Some(at);
            self.count += 1;
        }
        Some((header, fit))
    }

    fn fit(&self, at: DateTime) -> Fit {
        if self.is_in_order(at, CLOSE) {
            let is_last =
                self.pending.is_empty() && self.earlier.is_some_and(|earlier| !not_before(at, earlier, CLOSE));
            if is_last { Fit::Last } else { Fit::Close }
        } else if self.is_in_order(at, LATE) {
            if self.is_followed(at, CLOSE) { Fit::Late } else { Fit::Ahead }
        } else if self.begins_another_chat(at) {
            Fit::Close
        } else {
            Fit::Leaps
        }
    }

    fn is_in_order(&self, at: DateTime, slack: SignedDuration) -> bool {
        let follows = self.earlier.is_none_or(|earlier| not_before(earlier, at, slack));
        follows && if self.pending.is_empty() { !self.is_after_long_pause(at) } else { self.is_followed(at, slack) }
    }

    /// A leap forward is followed by none that is later still, unless that one leaps too.
    fn is_followed(&self, at: DateTime, slack: SignedDuration) -> bool {
        let later = self.pending.iter().filter(|(next, _)| not_before(at, *next, slack)).count();
        later * 2 > self.pending.len()
    }

    fn is_after_long_pause(&self, at: DateTime) -> bool {
        let pause = self.earlier.map_or(SignedDuration::ZERO, |earlier| at.duration_since(earlier));
        self.count >= MANY && pause > LONG_PAUSE.max(self.longest_pause * LONG_PAUSES)
    }

    /// A leap back that all the next ones share is another chat, put behind the first.
    fn begins_another_chat(&self, at: DateTime) -> bool {
        let Some(earlier) = self.earlier else { return false };
        self.pending.len() >= AHEAD
            && self.pending.iter().all(|(next, _)| !not_before(earlier, *next, LATE))
            && self.is_followed(at, LATE)
    }
}

fn not_before(earlier: DateTime, later: DateTime, slack: SignedDuration) -> bool {
    earlier.checked_sub(slack).is_ok_and(|earlier| earlier <= later)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How each of the times fits.
    fn fits(times: &[&str]) -> Vec<Fit> {
        let mut sequence = Sequence::default();
        let mut fits = Vec::new();
        for time in times {
            fits.extend(sequence.push(time.parse().unwrap(), ()));
        }
        while let Some(popped) = sequence.pop() {
            fits.push(popped);
        }
        fits.into_iter().map(|((), fit)| fit).collect()
    }

    #[test]
    fn leaps_forward_and_back_are_told() {
        use Fit::{Ahead, Close, Late, Leaps};
        let start = "2023-04-13T10:00:00";
        assert_eq!(fits(&[start, start, start]), [Close, Close, Close]);
        assert_eq!(fits(&[start, "2019-01-01T10:00:00", start, start]), [Close, Leaps, Close, Close]);
        assert_eq!(fits(&[start, "2027-01-01T10:00:00", start, start]), [Close, Leaps, Close, Close]);
        assert_eq!(fits(&[start, "2023-04-13T03:00:00", start, start]), [Close, Late, Close, Close]);
        assert_eq!(fits(&[start, "2023-04-13T09:00:00", start, start]), [Close, Close, Close, Close]);
        assert_eq!(fits(&[start, "2023-04-13T17:00:00", start, start]), [Close, Ahead, Close, Close]);
    }

    #[test]
    fn two_leaps_do_not_confirm_each_other() {
        use Fit::{Close, Leaps};
        let (now, later) = ("2017-04-13T10:00:00", "2019-05-12T10:11:00");
        let times = [now, now, later, now, now, later, now, now, now];
        assert_eq!(fits(&times), [Close, Close, Leaps, Close, Close, Leaps, Close, Close, Close]);
    }

    #[test]
    fn the_last_one_leaps_behind_a_pause_that_is_unlike_all_others() {
        let day = |day: usize| format!("2017-04-{day:02}T10:00:00");
        let mut times: Vec<String> = (1..=25).map(day).collect();
        times.push("2019-05-12T10:11:00".into());
        let times: Vec<&str> = times.iter().map(String::as_str).collect();
        assert_eq!(fits(&times).last(), Some(&Fit::Leaps));
        // Where few were sent, nothing is unlike them.
        assert_eq!(fits(&times[20..]).last(), Some(&Fit::Last));
    }

    #[test]
    fn a_chat_behind_another_begins_anew() {
        let times = ["2023-04-13T10:00:00"; 6].into_iter().chain(["2021-01-01T10:00:00"; 7]).collect::<Vec<_>>();
        let fits = fits(&times);
        assert_eq!(fits[6..], [Fit::Close; 7]);
    }
}
