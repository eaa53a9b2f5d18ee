//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use idiolect_registry::Clock;
use jiff::{SignedDuration, Timestamp};

/// Shared between the test and what it tests, usually in an `Arc`. Counts microseconds.
#[derive(Debug)]
pub struct FakeClock {
    micros: AtomicI64,
}

impl FakeClock {
    pub fn at(now: Timestamp) -> Self {
        Self { micros: AtomicI64::new(now.as_microsecond()) }
    }

    /// Moves to a time, backwards too, as machines' clocks do.
    pub fn set(&self, now: Timestamp) {
        self.micros.store(now.as_microsecond(), Ordering::SeqCst);
    }

    /// Lets time pass and says what time it is then.
    pub fn advance(&self, by: SignedDuration) -> Timestamp {
        let by = i64::try_from(by.as_micros()).expect("tests do not wait for 300,000 years");
        self.micros.fetch_add(by, Ordering::SeqCst);
        self.now()
    }
}

impl Default for FakeClock {
    /// 2026-01-01 at midnight, UTC.
    fn default() -> Self {
        Self::at(Timestamp::from_second(1_767_225_600).expect("2026 is in range"))
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.micros.load(Ordering::SeqCst)).expect("a test's clock stays in range")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_only_when_told() {
        let clock = FakeClock::default();
        let start = clock.now();
        assert_eq!(start.to_string(), "2026-01-01T00:00:00Z");
        assert_eq!(clock.now(), start);
        assert_eq!(clock.advance(SignedDuration::from_hours(2)).to_string(), "2026-01-01T02:00:00Z");
        clock.set(start);
        assert_eq!(clock.now(), start);
    }
}
