//! What begins a run and what says no, each refusal on record with its reason (spec §6.1, §12, §13, §14).

use std::sync::atomic::Ordering;

use idiolect_pipeline::{Cadence, Limits, Next, PipelineError};
use idiolect_registry::{
    Clock, FailureCode, MetadataStore, Purpose, RunStep, SpendLimits, SpendingOf, Trigger, Usd, VersionStatus,
};
use idiolect_testkit::{Fault, JobScript, Method};
use jiff::SignedDuration;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::world::{BASE, World};

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// At a hosted provider with a price of 1000 dollars per million tokens.
async fn hosted() -> World {
    let mut world = World::ready().await;
    world.make_hosted("[fake.models.base-model]\nprice = { training = 1000.0 }\n");
    world
}

async fn refusal(world: &World) -> FailureCode {
    let code = match world.try_request().await {
        Err(PipelineError::Refused { failure }) => failure.code,
        Err(PipelineError::Unfinished { .. }) => FailureCode::RunUnderWay,
        Err(PipelineError::Consent(_)) => FailureCode::NoConsent,
        other => panic!("{other:?}"),
    };
    let outcome = world.user().await.last_trigger.expect("it is on record");
    assert_eq!((outcome.trigger, outcome.version), (Trigger::Manual, None));
    assert_eq!(outcome.refusal.unwrap().code, code);
    code
}

#[tokio::test]
async fn each_refused_trigger_is_on_record_with_its_reason() {
    let mut world = hosted().await;
    world.limits.allowed_users = Some(["ben".parse().unwrap()].into());
    assert_eq!(refusal(&world).await, FailureCode::NotAllowed);
    world.limits.allowed_users = Some(["ana".parse().unwrap()].into());
    let run = world.request().await;
    assert_eq!(world.user().await.last_trigger.unwrap().version, Some(1));
    assert_eq!(refusal(&world).await, FailureCode::RunUnderWay);
    assert_eq!(world.run_to_end().await.id, run.id);

    world.limits.cooldown = SignedDuration::from_hours(24);
    assert_eq!(refusal(&world).await, FailureCode::Cooldown);
    world.clock.advance(SignedDuration::from_hours(25));
    world.request().await;
    assert_eq!(world.store.versions(&world.user_id).await.unwrap().len(), 2);

    let without = World::with_messages(200, [Purpose::Extract]).await;
    assert_eq!(refusal(&without).await, FailureCode::NoConsent);
}

#[tokio::test]
async fn closed_and_soon_closing_training_is_refused_up_front_with_the_date_and_the_alternatives() {
    for (profile, code, says) in [
        (
            "training_open_until = \"2025-12-31\"\nalternatives = [\"local\"]\n",
            FailureCode::ProviderClosed,
            "2025-12-31",
        ),
        (
            "alternatives = [\"local\"]\n[fake.models.base-model]\nshutdown_date = \"2026-01-10\"\n",
            FailureCode::ModelRetiring,
            "2026-01-10",
        ),
    ] {
        let mut world = World::ready().await;
        world.make_hosted(profile);
        world.limits.min_useful_life_days = 30;
        let Err(PipelineError::Refused { failure }) = world.try_request().await else { panic!("{says}") };
        assert_eq!(failure.code, code);
        assert!(failure.message.contains(says) && failure.message.contains("train with local instead"), "{failure:?}");
        assert!(world.provider.calls().is_empty(), "nothing is asked of the provider");
    }
}

#[tokio::test]
async fn a_run_beyond_a_cap_ends_before_anything_is_uploaded() {
    let usd = Usd::from_dollars;
    let cases: [(Limits, FailureCode); 3] = [
        (Limits { per_run: usd(0.5), ..Limits::default() }, FailureCode::RunSpendCap),
        (
            Limits { spend: SpendLimits { user_month: usd(0.5), installation_day: None }, ..Limits::default() },
            FailureCode::UserSpendCap,
        ),
        (
            Limits { spend: SpendLimits { user_month: None, installation_day: usd(0.5) }, ..Limits::default() },
            FailureCode::DaySpendCap,
        ),
    ];
    for (limits, code) in cases {
        let mut world = hosted().await;
        world.limits = limits;
        world.request().await;
        let version = world.run_to_end().await;
        assert_eq!((version.run.step, version.status), (RunStep::Refused, VersionStatus::Failed));
        let failure = version.failure.unwrap();
        assert_eq!(failure.code, code, "{}", failure.message);
        assert!(failure.message.contains("$0.50"), "{}", failure.message);
        assert_eq!(world.provider.count(Method::UploadFile), 0);
        assert_eq!(spent_today(&world).await, Usd::ZERO, "nothing stays reserved");
    }
}

#[tokio::test]
async fn caps_cannot_be_held_without_a_price_and_so_refuse() {
    let mut world = hosted().await;
    world.make_hosted("");
    world.limits.per_run = Usd::from_dollars(5.0);
    world.request().await;
    let failure = world.run_to_end().await.failure.unwrap();
    assert_eq!(failure.code, FailureCode::RunSpendCap);
    assert!(failure.message.contains("profiles.fake.models.\"base-model\".price.training"), "{}", failure.message);
}

#[tokio::test]
async fn money_is_reserved_before_the_upload_and_trued_up_with_the_trained_tokens() {
    let world = hosted().await;
    world.request().await;
    world.step_to(RunStep::FileUploaded).await;
    let run = world.run().await;
    let estimated = run.cost.estimated.unwrap();
    // Three epochs, for the settings name no number, at a tenth of a cent a token.
    assert_eq!(estimated, Usd::from_micros(3 * 1000 * run.token_estimate));
    assert_eq!(spent_today(&world).await, estimated);
    let version = world.run_to_end().await;
    // The fake trains on 1234 tokens, whatever it is given.
    let actual = Usd::from_dollars(1.234).unwrap();
    assert_eq!((version.cost.trained_tokens, version.cost.actual), (Some(1234), Some(actual)));
    assert_eq!(spent_today(&world).await, actual);
}

#[tokio::test]
async fn a_failed_job_gives_its_reservation_back() {
    let world = hosted().await;
    world.provider.script_job(JobScript::fails("server_error"));
    world.request().await;
    assert_eq!(world.run_to_end().await.run.step, RunStep::Failed);
    assert_eq!(spent_today(&world).await, Usd::ZERO);
}

#[tokio::test]
async fn a_weekly_turn_needs_a_fifth_of_new_messages() {
    let mut world = World::ready().await;
    world.cadence = Cadence { every: Some(WEEK), min_new_share: 0.2, on_opt_in: true };
    world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    // Consent begins the first run.
    let begun = world.clock.now();
    world.until_run_ends().await;
    let user = world.user().await;
    assert_eq!(user.last_trigger.as_ref().unwrap().trigger, Trigger::OptIn);
    assert_eq!((user.latest_model_version, user.schedule.last_message_count), (1, 200));
    let turn = user.dispatch.next_at.expect("the next turn is set");
    assert!(turn > begun && turn <= begun + WEEK);

    // No new messages: the turn comes, nothing is begun, and it is on record why.
    world.clock.set(turn);
    assert!(matches!(world.step().await, Next::WaitUntil(next) if next > turn));
    let refusal = world.user().await.last_trigger.unwrap().refusal.unwrap();
    assert_eq!(refusal.code, FailureCode::TooFewNewMessages);
    assert!(
        refusal.message.starts_with("0 new messages") && refusal.message.contains("40 are needed"),
        "{}",
        refusal.message
    );
    assert_eq!(world.user().await.latest_model_version, 1);

    // Enough new ones: it begins.
    let turn = world.user().await.dispatch.next_at.unwrap();
    world.clock.set(turn);
    world.add_messages(60);
    world.step().await;
    assert_eq!(world.user().await.latest_model_version, 2);
    assert_eq!(world.run().await.run.trigger, Trigger::Schedule);
}

#[tokio::test]
async fn without_a_schedule_nobody_is_trained_unasked() {
    let world = World::ready().await;
    world.machine().grant(&world.user_id, &Purpose::ALL).await.unwrap();
    assert_eq!(world.user().await.dispatch.next_at, None);
    assert_eq!(world.step().await, Next::Done);
    assert!(world.store.versions(&world.user_id).await.unwrap().is_empty());
}

async fn spent_today(world: &World) -> Usd {
    let today = world.clock.now().to_zoned(TimeZone::UTC).date();
    world.store.spending(&SpendingOf::Day(today)).await.unwrap()
}

#[tokio::test]
async fn a_base_model_whose_end_the_provider_tells_is_refused_before_words_are_read() {
    let mut world = World::ready().await;
    world.make_hosted("");
    world.can_score = false;
    world.limits.min_useful_life_days = 30;
    world.provider.set_shutdown_date(BASE, date(2026, 1, 10));
    world.request().await;
    let version = world.run_to_end().await;
    let failure = version.failure.unwrap();
    assert_eq!((version.run.step, failure.code), (RunStep::Refused, FailureCode::ModelRetiring));
    assert!(failure.message.contains("2026-01-10"), "{}", failure.message);
    assert_eq!((world.reads.load(Ordering::SeqCst), world.provider.count(Method::UploadFile)), (0, 0));

    // A host that does not list single models is taken by its profile.
    world.provider.set_shutdown_date(BASE, date(2030, 1, 1));
    world.provider.fail_next(Method::Model, Fault::Refused);
    world.request().await;
    assert_eq!(world.run_to_end().await.run.step, RunStep::Activated);
}
