//! Between runs and during waits: what a call that comes too early does, and what is worth a record.

use std::time::Duration;

use idiolect_pipeline::{Cadence, Next, Pace};
use idiolect_provider::Hyperparameters;
use idiolect_registry::{
    Change, Clock, DataRange, FailureCode, MetadataStore, Purpose, RunRequest, RunStep, Trigger, Usd,
};
use idiolect_testkit::{Fault, JobScript, Method};
use jiff::SignedDuration;

use crate::world::World;

pub const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A user whose first version is trained and whose next turn comes in an hour.
pub async fn between_turns() -> World {
    let mut world = World::ready().await;
    world.cadence = Cadence { every: Some(WEEK), ..Cadence::default() };
    world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    world.request().await;
    world.until_run_ends().await;
    let turn = world.user().await.dispatch.next_at.unwrap();
    world.clock.set(turn - SignedDuration::from_hours(1));
    world
}

pub async fn advance(world: &World) -> Next {
    idiolect_pipeline::Machine::advance(&world.machine(), &world.user_id).await.unwrap()
}

#[tokio::test]
async fn a_turn_is_not_taken_before_its_time_however_often_somebody_calls() {
    let world = between_turns().await;
    let before = world.user().await;
    let turn = before.dispatch.next_at.unwrap();
    for _ in 0..3 {
        assert_eq!(advance(&world).await, Next::WaitUntil(turn));
    }
    world.clock.set(turn - SignedDuration::from_secs(1));
    assert_eq!(advance(&world).await, Next::WaitUntil(turn));
    assert_eq!(world.user().await, before);
    world.clock.set(turn);
    assert!(matches!(advance(&world).await, Next::WaitUntil(next) if next > turn));
    assert_ne!(world.user().await.last_trigger, before.last_trigger, "then it is");
}

#[tokio::test]
async fn a_turn_that_a_worker_has_taken_is_taken_although_its_time_reads_as_the_leases_end() {
    let world = between_turns().await;
    let mut user = world.user().await;
    let before = user.last_trigger.clone();
    user.dispatch.claim("here", world.clock.now() + SignedDuration::from_mins(2));
    world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
    advance(&world).await;
    let user = world.user().await;
    assert_ne!(user.last_trigger, before);
    assert_eq!(user.dispatch.lease_owner, None);
}

#[tokio::test]
async fn widening_consent_does_not_put_off_a_turn_that_is_due() {
    let world = between_turns().await;
    let turn = world.user().await.dispatch.next_at.unwrap();
    world.clock.set(turn + SignedDuration::from_hours(1));
    let user = world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    assert_eq!(user.dispatch.next_at, Some(turn));
}

#[tokio::test]
async fn consent_that_is_given_again_waits_for_the_weekly_turn_where_something_was_trained_before() {
    let mut world = between_turns().await;
    world.cadence.on_opt_in = true;
    world.machine().revoke(&world.user_id).await.unwrap();
    let user = world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    assert!(user.dispatch.next_at.is_some_and(|turn| turn > world.clock.now()), "{:?}", user.dispatch);
}

/// A job that is under way, and the machine's answer after one look at it.
async fn one_look(pace: Pace) -> (World, Next, usize) {
    let mut world = World::ready().await;
    world.pace = pace;
    world.provider.script_job(JobScript::succeeds_at_poll(1000));
    world.request().await;
    // Past the queue, so that being seen running is on record already.
    while world.run().await.run.job_running_at.is_none() {
        world.step().await;
    }
    let commits = world.store.commits();
    let next = advance(&world).await;
    let written = world.store.commits() - commits;
    (world, next, written)
}

#[tokio::test]
async fn a_long_wait_is_on_record_so_that_whoever_looks_for_due_runs_passes_it_over() {
    let (world, next, written) = one_look(Pace::default()).await;
    let run = world.run().await.run;
    assert_eq!((run.step, written), (RunStep::JobCreated, 1));
    assert_eq!(run.dispatch.next_at.map(Next::WaitUntil), Some(next));
}

#[tokio::test]
async fn a_short_wait_is_not_worth_a_record() {
    let (_, next, written) = one_look(Pace::default().at_hand(Duration::from_millis(250))).await;
    assert!(matches!(next, Next::WaitUntil(_)));
    assert_eq!(written, 0);
}

#[tokio::test]
async fn either_the_opt_in_or_the_schedule_begins_the_first_run_and_neither_begins_none() {
    for (on_opt_in, every, begins) in
        [(true, None, true), (false, Some(WEEK), true), (true, Some(WEEK), true), (false, None, false)]
    {
        let mut world = World::ready().await;
        world.cadence = Cadence { on_opt_in, every, ..Cadence::default() };
        let mut user = world.user().await;
        user.dispatch.release(Some(world.clock.now()));
        world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
        advance(&world).await;
        let user = world.user().await;
        assert_eq!(user.latest_model_version, u32::from(begins), "{on_opt_in} {every:?}");
        assert_eq!(user.dispatch.next_at.is_some(), every.is_some(), "{on_opt_in} {every:?}");
    }
}

#[tokio::test]
async fn a_turn_of_a_user_without_consent_ends_their_turns_and_asks_nobody() {
    let world = between_turns().await;
    let mut user = world.user().await;
    let due = user.dispatch.next_at;
    user = idiolect_registry::revoke(&user, world.clock.now());
    // As a store may still show it to whoever looks for due users.
    user.dispatch.next_at = due;
    world.store.commit(vec![Change::PutUser(user.clone())]).await.unwrap();
    world.clock.set(due.unwrap());
    let reads = world.reads.load(std::sync::atomic::Ordering::SeqCst);
    assert_eq!(advance(&world).await, Next::Done);
    let after = world.user().await;
    assert_eq!((after.dispatch.next_at, after.last_trigger), (None, user.last_trigger));
    assert_eq!(world.reads.load(std::sync::atomic::Ordering::SeqCst), reads);
}

#[tokio::test]
async fn exactly_the_share_that_is_asked_for_is_enough() {
    for (new, begins) in [(39, false), (40, true)] {
        let world = between_turns().await;
        world.clock.set(world.user().await.dispatch.next_at.unwrap());
        world.add_messages(new);
        advance(&world).await;
        assert_eq!(world.user().await.latest_model_version == 2, begins, "{new} new, a fifth of 200 is 40");
    }
}

#[tokio::test]
async fn the_cooldown_ends_on_the_hour_that_the_refusal_names() {
    let mut world = World::ready().await;
    world.make_hosted("");
    world.can_score = false;
    world.limits.cooldown = SignedDuration::from_hours(24);
    let begun = world.request().await.created_at;
    world.run_to_end().await;
    world.clock.set(begun + SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    let refused = world.try_request().await.unwrap_err().to_string();
    assert!(refused.contains("schedule.cooldown_hours is 24; try again after 2026-01-02T00:00:00Z"), "{refused}");
    world.clock.set(begun + SignedDuration::from_hours(24));
    world.request().await;
}

#[tokio::test]
async fn where_training_is_free_the_cooldown_holds_for_turns_and_not_for_who_asks() {
    let mut world = between_turns().await;
    world.limits.cooldown = WEEK * 2;
    world.clock.set(world.user().await.dispatch.next_at.unwrap());
    world.add_messages(100);
    advance(&world).await;
    let refusal = world.user().await.last_trigger.unwrap().refusal.unwrap();
    assert_eq!(refusal.code, FailureCode::Cooldown);
    world.request().await;
}

#[tokio::test]
async fn of_users_about_whom_nothing_is_known_nothing_is_put_on_record() {
    let mut world = World::ready().await;
    world.user_id = "nobody".parse().unwrap();
    assert!(world.try_request().await.is_err());
    assert_eq!(world.store.user(&world.user_id).await.unwrap(), None);
}

#[tokio::test]
async fn the_source_of_a_run_that_somebody_asked_for_is_the_users_from_then_on() {
    let world = World::ready().await;
    let source = "another shelf".to_owned();
    let mut request = world.run_request(world.clock.now());
    request.source.clone_from(&source);
    world.machine().request(&world.user_id, request.clone()).await.unwrap();
    assert_eq!(world.user().await.schedule.source.as_ref(), Some(&source));
    world.run_to_end().await;
    let scheduled = RunRequest { trigger: Trigger::Schedule, source: "shelf".into(), ..request };
    world.machine().request(&world.user_id, scheduled).await.unwrap();
    assert_eq!(world.user().await.schedule.source, Some(source), "a turn does not choose it");
}

#[tokio::test]
async fn a_run_that_costs_exactly_what_one_run_may_is_begun() {
    let mut world = World::ready().await;
    world.make_hosted("[fake.models.base-model]\nprice = { training = 1000.0 }\n");
    world.can_score = false;
    world.request().await;
    let cost = world.run_to_end().await.cost.estimated;
    world.limits.per_run = cost;
    world.request().await;
    assert_eq!(world.run_to_end().await.run.step, RunStep::Activated);
    world.limits.per_run = cost.map(|cost| cost.saturating_sub(Usd::from_micros(1)));
    world.request().await;
    assert_eq!(world.run_to_end().await.failure.unwrap().code, FailureCode::RunSpendCap);
}

#[tokio::test]
async fn a_run_is_priced_by_the_hyperparameters_that_it_was_begun_with_whatever_the_settings_say_later() {
    let mut world = World::ready().await;
    world.make_hosted("[fake.models.base-model]\nprice = { training = 1000.0 }\n");
    world.can_score = false;
    let mut costs = Vec::new();
    for epochs in [2, 4] {
        let mut machine = world.machine();
        machine.settings.hyperparameters =
            Hyperparameters { n_epochs: Some(epochs), batch_size: Some(8), learning_rate_multiplier: Some(0.5) };
        let run = machine.request(&world.user_id, world.run_request(world.clock.now())).await.unwrap();
        let kept: Vec<_> = run.config.hyperparams.iter().map(|(name, value)| format!("{name} {value}")).collect();
        assert_eq!(kept, ["batch_size 8", "learning_rate_multiplier 0.5", &format!("n_epochs {epochs}")]);
        costs.push(world.run_to_end().await.cost.estimated.unwrap().dollars());
    }
    assert!((costs[1] - 2.0 * costs[0]).abs() < 0.001 && costs[0] > 1.0, "{costs:?}");
    let by_default = world.request().await.config.hyperparams;
    assert_eq!(by_default.get("n_epochs").map(String::as_str), Some("3"), "where it is paid for, it is known");
}

#[tokio::test]
async fn without_caps_or_where_training_is_free_no_price_is_needed() {
    let mut world = World::ready().await;
    world.can_score = false;
    world.limits.per_run = Usd::from_dollars(1.0);
    world.request().await;
    assert_eq!(world.run_to_end().await.run.step, RunStep::Activated, "free");
    let mut world = World::ready().await;
    world.make_hosted("");
    world.can_score = false;
    world.request().await;
    assert_eq!(world.run_to_end().await.run.step, RunStep::Activated, "no caps");
}

#[tokio::test]
async fn a_window_that_was_asked_for_beyond_now_leaves_later_messages_new() {
    let mut world = World::ready().await;
    world.cadence = Cadence { every: Some(WEEK), ..Cadence::default() };
    world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    let next_year = world.run_request(world.clock.now() + SignedDuration::from_hours(365 * 24));
    let request =
        RunRequest { window: DataRange { start: next_year.window.start - WEEK * 52, ..next_year.window }, ..next_year };
    let begun = world.machine().request(&world.user_id, request).await.unwrap().created_at;
    world.until_run_ends().await;
    let user = world.user().await;
    assert_eq!((user.latest_model_version, user.schedule.last_window_end), (1, Some(begun)));
    world.clock.set(user.dispatch.next_at.unwrap());
    world.add_messages(100);
    advance(&world).await;
    assert_eq!(world.user().await.latest_model_version, 2, "{:?}", world.user().await.last_trigger);
}

#[tokio::test]
async fn a_training_that_a_wrong_clock_dated_years_ahead_keeps_nobody_from_the_next() {
    let mut world = between_turns().await;
    world.limits.cooldown = SignedDuration::from_hours(24);
    let ahead = world.clock.now() + SignedDuration::from_hours(5 * 365 * 24);
    let mut user = world.user().await;
    user.schedule.last_trained_at = Some(ahead);
    user.schedule.last_window_end = Some(ahead);
    let turn = user.dispatch.next_at.unwrap();
    world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
    world.clock.set(turn);
    advance(&world).await;
    assert_eq!(world.user().await.latest_model_version, 2, "{:?}", world.user().await.last_trigger);
}

#[tokio::test]
async fn a_turn_whose_provider_is_not_set_up_is_on_record_and_comes_again_soon() {
    let world = between_turns().await;
    let turn = world.user().await.dispatch.next_at.unwrap();
    world.clock.set(turn);
    world.add_messages(100);
    let mut machine = world.machine();
    machine.hosts = std::sync::Arc::new(std::collections::BTreeMap::new());
    let mut waits = Vec::new();
    for _ in 0..9 {
        let next = idiolect_pipeline::Machine::advance(&machine, &world.user_id).await.unwrap();
        let Next::WaitUntil(at) = next else { panic!("{next:?}") };
        assert_eq!(world.user().await.dispatch.next_at, Some(at));
        waits.push(at.duration_since(world.clock.now()).as_secs());
        world.clock.set(at);
    }
    assert!(waits[0] <= 15 && waits[8] > 600 && waits[8] <= 900, "{waits:?}");
    let refusal = world.user().await.last_trigger.unwrap().refusal.unwrap();
    assert!(refusal.message.contains("the provider fake is not set up here"), "{refusal:?}");
    advance(&world).await;
    assert_eq!((world.user().await.latest_model_version, world.user().await.dispatch.attempt), (2, 0));
}

/// Whoever sweeps the store for due users kicks them all, and a kick makes the run look at its job.
#[tokio::test]
async fn a_users_own_time_that_comes_while_a_run_waits_makes_nobody_come_back_to_the_run_before() {
    for trouble in [false, true] {
        let world = World::ready().await;
        world.provider.script_job(JobScript::succeeds_at_poll(1000));
        world.request().await;
        while world.run().await.run.job_running_at.is_none() {
            world.step().await;
        }
        let mut user = world.user().await;
        user.dispatch.release(Some(world.clock.now()));
        world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
        if trouble {
            world.provider.fail_next(Method::Job, Fault::Unavailable);
        }
        let Next::WaitUntil(until) = advance(&world).await else { panic!("it waits") };
        assert_eq!(world.run().await.run.trouble.is_some(), trouble);
        let just_before = until - SignedDuration::from_millis(1);
        assert_eq!(world.store.due(just_before, None, 10).await.unwrap(), []);
        assert_eq!(world.store.due(until, None, 10).await.unwrap().len(), 1);
    }
}
