//! Money: what runs may cost, what is reserved for them and what they cost in the end.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use jiff::civil::Date;

use crate::{FailureCode, UserId, VersionId};

/// US dollars, exact to a millionth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(u64);

impl Usd {
    pub const ZERO: Self = Self(0);

    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Rounded up to a millionth; what is no amount of money is `None`.
    pub fn from_dollars(dollars: f64) -> Option<Self> {
        (0.0..=1e12).contains(&dollars).then(|| Self((dollars * 1e6).ceil() as u64))
    }

    pub fn dollars(self) -> f64 {
        self.0 as f64 / 1e6
    }

    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Add for Usd {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::add)
    }
}

/// `$1.50`; amounts below a cent with as many digits as they need.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1..10_000 => write!(f, "${}", format!("{:.6}", self.dollars()).trim_end_matches('0')),
            _ => write!(f, "${:.2}", self.dollars()),
        }
    }
}

/// The part of a version that is about money.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Training tokens times epochs times price, fixed when the dataset is built; absent where training is free.
    pub estimated: Option<Usd>,
    /// From the tokens that the provider says it trained on.
    pub actual: Option<Usd>,
    /// Tokens that were trained on, all epochs together.
    pub trained_tokens: Option<u64>,
}

/// Money set aside for one run, before any of it is spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    pub run: VersionId,
    pub amount: Usd,
    /// The day in UTC that it counts for; its month is the user's month.
    pub day: Date,
}

/// What may be reserved together; `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpendLimits {
    pub user_month: Option<Usd>,
    pub installation_day: Option<Usd>,
}

/// The answer to a reservation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    Yes,
    /// Nothing is reserved: this limit is `limit`, and `spent` of it is reserved or spent.
    No {
        limit_name: SpendLimit,
        limit: Usd,
        spent: Usd,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpendLimit {
    UserMonth,
    InstallationDay,
}

impl SpendLimit {
    pub fn failure_code(self) -> FailureCode {
        match self {
            Self::UserMonth => FailureCode::UserSpendCap,
            Self::InstallationDay => FailureCode::DaySpendCap,
        }
    }
}

/// Which total is asked for. What is reserved and not yet settled counts as spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpendingOf {
    /// One user's calendar month in UTC, given by any of its days.
    UserMonth(UserId, Date),
    /// The whole installation's day in UTC.
    Day(Date),
}

/// The name under which stores keep a month: `2026-11`.
pub fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_round_up_and_print_as_money() {
        let shown = |dollars| Usd::from_dollars(dollars).unwrap().to_string();
        assert_eq!(["$0.00", "$0.0031", "$1.50", "$12.35"].map(str::to_owned), [0.0, 0.0031, 1.5, 12.345].map(shown));
        assert_eq!(Usd::from_dollars(0.000_000_1), Some(Usd::from_micros(1)));
        assert_eq!(Usd::from_dollars(0.5).map(Usd::micros), Some(500_000), "what stores keep");
        for none in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Usd::from_dollars(none), None);
        }
    }

    #[test]
    fn months_are_written_as_they_sort() {
        assert_eq!(month_of(jiff::civil::date(2026, 3, 9)), "2026-03");
    }

    #[test]
    fn amounts_below_a_cent_keep_their_digits_and_a_cent_is_money() {
        assert_eq!(["$0.009999", "$0.01"].map(str::to_owned), [9_999, 10_000].map(|m| Usd::from_micros(m).to_string()));
    }

    #[test]
    fn amounts_add_up_and_never_wrap() {
        let [one, two, most] = [1, 2, u64::MAX].map(Usd::from_micros);
        assert_eq!([one, two].into_iter().sum::<Usd>(), Usd::from_micros(3));
        assert_eq!(most + one, most);
        assert_eq!((two.saturating_sub(one), one.saturating_sub(two)), (one, Usd::ZERO));
    }
}
