//! The stretch of time that a run learns from: the last 90 days by default, its end fixed when the run starts.

use jiff::{SignedDuration, Timestamp};

/// Days of the default window (spec §6.2).
pub const DEFAULT_WINDOW_DAYS: u32 = 90;

/// `start <= timestamp <= end`, both ends included.
///
/// The end is an input and kept in the run record, so extracting again gives the same messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Window {
    /// The `days` times 24 hours up to and including `end`; a start before the calendar's begin is cut to it.
    pub fn ending_at(end: Timestamp, days: u32) -> Self {
        let length = SignedDuration::from_hours(24 * i64::from(days));
        Self { start: end.checked_sub(length).unwrap_or(Timestamp::MIN), end }
    }

    pub fn contains(&self, timestamp: Timestamp) -> bool {
        self.start <= timestamp && timestamp <= self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_belong_to_the_window() {
        let end: Timestamp = "2026-01-15T12:00:00Z".parse().unwrap();
        let window = Window::ending_at(end, DEFAULT_WINDOW_DAYS);
        assert_eq!(window.start, "2025-10-17T12:00:00Z".parse().unwrap());
        assert!(window.contains(window.start) && window.contains(window.end));
        assert!(!window.contains("2025-10-17T11:59:59.999999999Z".parse().unwrap()));
        assert!(!window.contains("2026-01-15T12:00:00.000000001Z".parse().unwrap()));
    }

    #[test]
    fn an_enormous_window_starts_at_the_first_instant() {
        assert_eq!(Window::ending_at(Timestamp::UNIX_EPOCH, u32::MAX).start, Timestamp::MIN);
    }
}
