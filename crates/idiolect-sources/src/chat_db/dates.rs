//! Messages' dates: nanoseconds since 2001-01-01 UTC from macOS 10.13 on, whole seconds before; one store may hold both.

use idiolect_dataset::Window;
use jiff::Timestamp;

/// 2001-01-01T00:00:00Z in Unix time.
const EPOCH_SECONDS: i64 = 978_307_200;
const NANOS: i128 = 1_000_000_000;
/// Above it a date is in nanoseconds: as seconds it would be 30 million years away, as nanoseconds it is 12 days after the epoch.
const LARGEST_SECONDS: i64 = 1_000_000_000_000_000;

/// The point in time that the column `date` means; `None` beyond the calendar.
pub(super) fn timestamp(date: i64) -> Option<Timestamp> {
    const NANOS: i64 = 1_000_000_000;
    let (seconds, nanos) = if date > LARGEST_SECONDS { (date / NANOS, date % NANOS) } else { (date, 0) };
    Timestamp::new(EPOCH_SECONDS.checked_add(seconds)?, i32::try_from(nanos).ok()?).ok()
}

/// The values of `date` that lie in a window, both ends included; `low > high` where there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DateRange {
    pub(super) low: i64,
    pub(super) high: i64,
}

/// The window as dates in seconds and as dates in nanoseconds, in this order, which is also that of time.
pub(super) fn ranges(window: Window) -> [DateRange; 2] {
    let start = window.start.as_nanosecond() - i128::from(EPOCH_SECONDS) * NANOS;
    let end = window.end.as_nanosecond() - i128::from(EPOCH_SECONDS) * NANOS;
    // A date of 0 means that none was set.
    let seconds = DateRange {
        low: clamp(-(-start).div_euclid(NANOS)).max(1),
        high: clamp(end.div_euclid(NANOS)).min(LARGEST_SECONDS),
    };
    [seconds, DateRange { low: clamp(start).max(LARGEST_SECONDS + 1), high: clamp(end) }]
}

fn clamp(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    #[test]
    fn both_units_mean_the_same_time() {
        assert_eq!(timestamp(720_845_484), Some(at("2023-11-05T02:51:24Z")));
        assert_eq!(timestamp(720_845_484_177_865_472), Some(at("2023-11-05T02:51:24.177865472Z")));
    }

    #[test]
    fn ranges_include_exactly_the_dates_in_the_window() {
        let window = Window { start: at("2025-10-17T12:00:00.5Z"), end: at("2026-01-15T12:00:00.5Z") };
        let [seconds, nanos] = ranges(window);
        for range in [seconds, nanos] {
            for (date, inside) in
                [(range.low, true), (range.low - 1, false), (range.high, true), (range.high + 1, false)]
            {
                assert_eq!(window.contains(timestamp(date).unwrap()), inside, "{date}");
            }
        }
    }

    #[test]
    fn unset_dates_are_in_no_window() {
        let all = Window { start: Timestamp::MIN, end: Timestamp::MAX };
        let [seconds, nanos] = ranges(all);
        assert_eq!((seconds.low, nanos.high), (1, i64::MAX));
        assert!(timestamp(i64::MIN).is_none() && timestamp(i64::MAX).is_some());
    }
}
