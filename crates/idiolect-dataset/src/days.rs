//! Messages by day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Counts by day, days in UTC; a day without messages is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// In order.
    by_number: Vec<(i64, Day)>,
}

/// One day's messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// Sent within the window, blank ones left out.
    pub sent: u64,
    /// Of them in an example, bursts on the day of their first message.
    pub kept: u64,
}

const SECONDS_PER_DAY: i64 = 86_400;

impl Days {
    pub(crate) fn sent(&mut self, timestamp: Timestamp) {
        self.of(timestamp).sent += 1;
    }

    pub(crate) fn kept(&mut self, timestamp: Timestamp, messages: u32) {
        self.of(timestamp).kept += u64::from(messages);
    }

    fn of(&mut self, timestamp: Timestamp) -> &mut Day {
        let number = number(timestamp);
        let at = match self.by_number.last() {
            // Messages come in order.
            Some((last, _)) if *last == number => self.by_number.len() - 1,
            _ => self.by_number.binary_search_by_key(&number, |(number, _)| *number).unwrap_or_else(|at| {
                self.by_number.insert(at, (number, Day::default()));
                at
            }),
        };
        &mut self.by_number[at].1
    }

    /// From the first day with a message to the last one, those without any included.
    pub fn all(&self) -> impl Iterator<Item = (Date, Day)> + '_ {
        let ends = self.by_number.first().zip(self.by_number.last());
        let numbers = ends.map(|((first, _), (last, _))| *first..=*last).into_iter().flatten();
        let mut days = self.by_number.iter().peekable();
        numbers.map(move |number| {
            let day = days.next_if(|(of, _)| *of == number);
            (date(number), day.map_or_else(Day::default, |(_, day)| *day))
        })
    }
}

fn number(timestamp: Timestamp) -> i64 {
    timestamp.as_second().div_euclid(SECONDS_PER_DAY)
}

fn date(number: i64) -> Date {
    let midnight = Timestamp::from_second(number * SECONDS_PER_DAY).unwrap_or(Timestamp::MIN);
    midnight.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_without_messages_lie_between() {
        let mut days = Days::default();
        for time in ["2026-01-01T23:59:59Z", "2026-01-03T00:00:00Z", "2026-01-03T10:00:00Z"] {
            days.sent(time.parse().unwrap());
        }
        days.kept("2026-01-03T00:00:00Z".parse().unwrap(), 2);
        let all: Vec<_> = days.all().map(|(date, day)| (date.to_string(), day.sent, day.kept)).collect();
        assert_eq!(
            all,
            [("2026-01-01".to_owned(), 1, 0), ("2026-01-02".to_owned(), 0, 0), ("2026-01-03".to_owned(), 2, 2)]
        );
        assert_eq!(Days::default().all().count(), 0);
    }
}
