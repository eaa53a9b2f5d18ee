//! Time as an input.

use jiff::Timestamp;

/// Says what time it is, in whole microseconds, which is what every metadata store can keep. Only the binary reads the
/// machine's clock; tests bring their own.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // A clock that is out of range stays as it is: there is no better time to give.
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_clock_gives_whole_microseconds() {
        for _ in 0..100 {
            assert_eq!(SystemClock.now().subsec_nanosecond() % 1000, 0);
        }
    }

    #[test]
    fn the_machines_clock_gives_the_machines_time() {
        let before = Timestamp::now().as_microsecond();
        let now = SystemClock.now().as_microsecond();
        assert!((before..=Timestamp::now().as_microsecond()).contains(&now));
    }
}
