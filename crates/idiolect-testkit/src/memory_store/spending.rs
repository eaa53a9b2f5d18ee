//! What is reserved for runs and what they cost.

use std::collections::BTreeMap;

use idiolect_registry::{Reservation, Reserved, SpendLimit, SpendLimits, SpendingOf, Usd, UserId, VersionId, month_of};
use jiff::civil::Date;

#[derive(Clone, Default)]
pub(super) struct Spending {
    runs: BTreeMap<VersionId, Entry>,
    /// What erased users spent, which names nobody.
    of_nobody: BTreeMap<Date, Usd>,
}

#[derive(Clone, Copy)]
struct Entry {
    day: Date,
    amount: Usd,
    settled: bool,
}

impl Spending {
    pub(super) fn reserve(&mut self, reservation: &Reservation, limits: &SpendLimits) -> Reserved {
        let before = self.runs.get(&reservation.run).copied();
        if before.is_some_and(|entry| entry.settled) {
            return Reserved::Yes;
        }
        let day = before.map_or(reservation.day, |entry| entry.day);
        let own = before.map_or(Usd::ZERO, |entry| entry.amount);
        let user = reservation.run.user_id.clone();
        for (limit_name, limit, of) in [
            (SpendLimit::UserMonth, limits.user_month, SpendingOf::UserMonth(user, day)),
            (SpendLimit::InstallationDay, limits.installation_day, SpendingOf::Day(day)),
        ] {
            let spent = self.total(&of).saturating_sub(own);
            if let Some(limit) = limit
                && spent + reservation.amount > limit
            {
                return Reserved::No { limit_name, limit, spent };
            }
        }
        self.runs.insert(reservation.run.clone(), Entry { day, amount: reservation.amount, settled: false });
        Reserved::Yes
    }

    pub(super) fn settle(&mut self, run: &VersionId, actual: Usd) {
        if let Some(entry) = self.runs.get_mut(run) {
            *entry = Entry { amount: actual, settled: true, ..*entry };
        }
    }

    pub(super) fn total(&self, of: &SpendingOf) -> Usd {
        let of_runs = |wanted: &dyn Fn(&VersionId, Date) -> bool| {
            self.runs.iter().filter(|(run, entry)| wanted(run, entry.day)).map(|(_, entry)| entry.amount).sum::<Usd>()
        };
        match of {
            SpendingOf::UserMonth(user, day) => {
                of_runs(&|run, of| run.user_id == *user && month_of(of) == month_of(*day))
            }
            SpendingOf::Day(day) => of_runs(&|_, of| of == *day) + self.of_nobody.get(day).copied().unwrap_or_default(),
        }
    }

    pub(super) fn forget(&mut self, user: &UserId) {
        for (run, entry) in std::mem::take(&mut self.runs) {
            if run.user_id == *user {
                let day = self.of_nobody.entry(entry.day).or_default();
                *day = *day + entry.amount;
            } else {
                self.runs.insert(run, entry);
            }
        }
    }
}
