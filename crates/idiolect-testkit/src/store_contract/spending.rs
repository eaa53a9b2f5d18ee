//! Money: reserved once, settled once, and within the limits however many ask at once.

use std::sync::Arc;

use idiolect_registry::{
    Change, MetadataStore, Reservation, Reserved, SpendLimit, SpendLimits, SpendingOf, Usd, VersionId,
};

use super::samples::{full_user, user_id};
use super::write;

pub(super) async fn spending_is_reserved_and_settled_once(store: &impl MetadataStore) {
    let no_limits = SpendLimits::default();
    let day = jiff::civil::date(2026, 1, 31);
    let of_ana = SpendingOf::UserMonth(user_id("ana"), jiff::civil::date(2026, 1, 1));
    let reserve = async |version, dollars, day| {
        let answer = store.reserve(&reservation("ana", version, dollars, day), &no_limits).await;
        assert_eq!(answer.expect("a write"), Reserved::Yes);
    };
    assert_eq!(spent(store, of_ana.clone()).await, 0.0);
    reserve(1, 2.0, day).await;
    reserve(1, 2.0, day).await;
    assert_eq!(spent(store, of_ana.clone()).await, 2.0, "the same run counts once");
    // Built again a day later, with more tokens: another amount, the same day.
    reserve(1, 3.0, jiff::civil::date(2026, 2, 1)).await;
    reserve(2, 1.0, day).await;
    assert_eq!(spent(store, of_ana.clone()).await, 4.0);
    assert_eq!(spent(store, SpendingOf::Day(day)).await, 4.0);
    assert_eq!(spent(store, SpendingOf::Day(jiff::civil::date(2026, 2, 1))).await, 0.0);
    let run = VersionId { user_id: user_id("ana"), version: 1 };
    for _ in 0..2 {
        store.settle(&run, dollars(2.5)).await.expect("a write");
    }
    reserve(1, 9.0, day).await;
    assert_eq!(spent(store, of_ana.clone()).await, 3.5, "a settled run stays as it is");
    store.settle(&VersionId { user_id: user_id("ana"), version: 2 }, Usd::ZERO).await.expect("a write");
    store.settle(&VersionId { user_id: user_id("ana"), version: 9 }, dollars(7.0)).await.expect("nothing reserved");
    assert_eq!(spent(store, of_ana).await, 2.5);
    assert_eq!(spent(store, SpendingOf::Day(day)).await, 2.5);
}

pub(super) async fn limits_hold(store: &impl MetadataStore) {
    let day = jiff::civil::date(2026, 1, 31);
    let limits = SpendLimits { user_month: Some(dollars(5.0)), installation_day: Some(dollars(8.0)) };
    let ask = async |user: &str, version, amount, day| {
        store.reserve(&reservation(user, version, amount, day), &limits).await.expect("an answer")
    };
    assert_eq!(ask("ana", 1, 3.0, day).await, Reserved::Yes);
    let refused = Reserved::No { limit_name: SpendLimit::UserMonth, limit: dollars(5.0), spent: dollars(3.0) };
    assert_eq!(ask("ana", 2, 2.5, day).await, refused);
    assert_eq!(ask("ana", 2, 2.0, day).await, Reserved::Yes, "exactly the limit is within it");
    assert_eq!(ask("ana", 1, 3.0, day).await, Reserved::Yes, "again, for the same run");
    let refused = Reserved::No { limit_name: SpendLimit::UserMonth, limit: dollars(5.0), spent: dollars(2.0) };
    assert_eq!(ask("ana", 1, 3.5, day).await, refused, "more, for the same run");
    assert_eq!(spent(store, SpendingOf::UserMonth(user_id("ana"), day)).await, 5.0, "what it had, it keeps");
    let refused = Reserved::No { limit_name: SpendLimit::InstallationDay, limit: dollars(8.0), spent: dollars(5.0) };
    assert_eq!(ask("ben", 1, 4.0, day).await, refused);
    assert_eq!(spent(store, SpendingOf::UserMonth(user_id("ben"), day)).await, 0.0, "a refusal reserves nothing");
    store.settle(&VersionId { user_id: user_id("ana"), version: 1 }, dollars(1.0)).await.expect("a write");
    assert_eq!(ask("ben", 1, 4.0, day).await, Reserved::Yes, "what was not needed is free again");
    assert_eq!(ask("ana", 3, 5.0, jiff::civil::date(2026, 2, 1)).await, Reserved::Yes, "another month, another day");
}

pub(super) async fn an_erased_users_spending_stays_in_the_days_only(store: &impl MetadataStore) {
    let day = jiff::civil::date(2026, 1, 31);
    write(store, [Change::PutUser(full_user("ana"))]).await;
    store.reserve(&reservation("ana", 1, 3.0, day), &SpendLimits::default()).await.expect("a write");
    write(store, [Change::DeleteUser { user: user_id("ana"), revision: 1 }]).await;
    assert_eq!(spent(store, SpendingOf::UserMonth(user_id("ana"), day)).await, 0.0);
    assert_eq!(spent(store, SpendingOf::Day(day)).await, 3.0);
    // Whoever comes back begins anew, with the numbers that were given out before.
    store.settle(&VersionId { user_id: user_id("ana"), version: 1 }, dollars(9.0)).await.expect("nothing reserved");
    write(store, [Change::PutUser(full_user("ana"))]).await;
    store.reserve(&reservation("ana", 1, 2.0, day), &SpendLimits::default()).await.expect("a write");
    assert_eq!(spent(store, SpendingOf::UserMonth(user_id("ana"), day)).await, 2.0);
    assert_eq!(spent(store, SpendingOf::Day(day)).await, 5.0);
}

/// Many runs of many users ask for a dollar each at once, and the day has ten: exactly ten get one.
pub async fn race_for_the_last_dollars<S: MetadataStore + 'static>(handles: Vec<Arc<S>>) {
    let day = jiff::civil::date(2026, 1, 31);
    let limits = SpendLimits { user_month: None, installation_day: Some(dollars(10.0)) };
    let racers: Vec<_> = (0..24)
        .map(|n| {
            let store = handles[n % handles.len()].clone();
            tokio::spawn(async move {
                let asked = reservation(&format!("racer{n}"), 1, 1.0, day);
                store.reserve(&asked, &limits).await.expect("an answer") == Reserved::Yes
            })
        })
        .collect();
    let mut granted = 0;
    for racer in racers {
        granted += u32::from(racer.await.expect("no racer panics"));
    }
    assert_eq!(granted, 10);
    assert_eq!(spent(handles[0].as_ref(), SpendingOf::Day(day)).await, 10.0);
}

pub(super) fn reservation(user: &str, version: u32, amount: f64, day: jiff::civil::Date) -> Reservation {
    Reservation { run: VersionId { user_id: user_id(user), version }, amount: dollars(amount), day }
}

pub(super) fn dollars(amount: f64) -> Usd {
    Usd::from_dollars(amount).expect("an amount of money")
}

pub(super) async fn spent(store: &impl MetadataStore, of: SpendingOf) -> f64 {
    store.spending(&of).await.expect("a read").dollars()
}
