//! A provider that is gone for good, at every step of a run: it is given up in the end, and no money is lost from the count.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use idiolect_pipeline::{Machine, Next};
use idiolect_registry::{Clock, FailureCode, MetadataStore, Purpose, RunStep, SpendingOf, Usd};
use idiolect_testkit::Method;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::world::World;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How a provider may be gone.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gone {
    /// It does not answer.
    Away,
    /// The settings have lost its profile.
    NotSetUp,
}

/// A run at a host that costs something, as far as this step.
async fn at(step: RunStep) -> World {
    let mut world = World::ready().await;
    world.make_hosted("[fake.models.base-model]\nprice = { training = 1000.0 }\n");
    world.can_score = false;
    (world.pace.give_up_after, world.pace.file_expiry) = (DAY, DAY);
    world.request().await;
    world.step_to(step).await;
    world
}

/// Calls like an engine does, until the run is over; says how long that took.
async fn called_to_the_end(world: &World, gone: Gone) -> SignedDuration {
    use Method::*;
    if gone == Gone::Away {
        let all = [Model, FindFiles, UploadFile, DeleteFile, CreateJob, FindJobs, Job, CancelJob, Complete];
        world.provider.fail_share(1.0, 1, &all);
    }
    let begun = world.clock.now();
    while world.run().await.run.step.is_under_way() {
        let mut machine = world.machine();
        if gone == Gone::NotSetUp {
            machine.hosts = Arc::new(BTreeMap::new());
        }
        let next = machine.advance(&world.user_id).await;
        let at = match next {
            Ok(Next::WaitUntil(at)) => at,
            _ => world.run().await.run.dispatch.next_at.unwrap_or(world.clock.now()),
        };
        world.clock.set(at.max(world.clock.now() + SignedDuration::from_millis(1)));
        assert!(world.clock.now() < begun + SignedDuration::from_hours(30 * 24), "{gone:?}: tried for ever");
    }
    world.clock.now().duration_since(begun)
}

async fn spent_on(world: &World, day: jiff::Timestamp) -> Usd {
    world.store.spending(&SpendingOf::Day(day.to_zoned(TimeZone::UTC).date())).await.unwrap()
}

#[tokio::test]
async fn a_run_whose_provider_is_gone_for_good_ends_and_says_what_may_be_left_there() {
    for gone in [Gone::Away, Gone::NotSetUp] {
        for (step, end) in [
            (RunStep::Requested, RunStep::Failed),
            (RunStep::FileUploaded, RunStep::Failed),
            (RunStep::JobCreated, RunStep::Failed),
            (RunStep::JobEnded, RunStep::NotActivated),
            (RunStep::FileDeleted, RunStep::NotActivated),
        ] {
            let world = at(step).await;
            let reserved = spent_on(&world, world.clock.now()).await;
            let (begun, before) = (world.clock.now(), world.run().await);
            let took = called_to_the_end(&world, gone).await;
            let version = world.run().await;
            assert_eq!(version.run.step, end, "{gone:?} at {step:?}");
            // A profile that is missing says nothing of how long to wait, which is a week then. File and model are waited for in turn.
            let hours = took.as_hours();
            let limit = if gone == Gone::Away { 50 } else { 14 * 24 };
            assert!((18..=limit).contains(&hours), "{gone:?} at {step:?}: {hours} hours");
            let failure = version.failure.unwrap();
            let code = if gone == Gone::Away { FailureCode::ProviderUnavailable } else { FailureCode::ProviderRefused };
            assert_eq!(failure.code, code, "{gone:?} at {step:?}: {failure:?}");
            let may_be_left = match (before.fine_tuned_model_id, before.job_id) {
                (Some(model), _) => format!("its model {model} may still be there"),
                (None, Some(job)) => format!("its job {job} may still be there"),
                (None, None) if step == RunStep::FileUploaded => "its training file may still be there".to_owned(),
                (None, None) => String::new(),
            };
            assert!(failure.message.ends_with(&may_be_left), "{gone:?} at {step:?}: {}", failure.message);
            // What became of a job that nobody can be asked about is not known, so that it counts as it was estimated.
            let spent = spent_on(&world, begun).await;
            match step {
                RunStep::JobCreated => assert_eq!((spent, version.cost.actual), (reserved, Some(reserved))),
                RunStep::Requested | RunStep::FileUploaded => assert_eq!(spent, Usd::ZERO),
                _ => assert_eq!(Some(spent), version.cost.actual),
            }
        }
    }
}

#[tokio::test]
async fn who_takes_consent_back_or_is_erased_does_not_wait_for_ever_for_a_provider_that_is_gone() {
    let world = at(RunStep::JobCreated).await;
    world.machine().revoke(&world.user_id).await.unwrap();
    called_to_the_end(&world, Gone::NotSetUp).await;
    let version = world.run().await;
    assert_eq!((version.run.step, version.failure.unwrap().code), (RunStep::Cancelled, FailureCode::ConsentRevoked));
}

#[tokio::test]
async fn a_run_that_was_just_requested_is_ended_at_once_without_the_profile_of_its_provider() {
    let world = at(RunStep::Requested).await;
    world.machine().cancel(&world.user_id).await.unwrap();
    assert!(called_to_the_end(&world, Gone::NotSetUp).await < SignedDuration::from_secs(1));
    assert_eq!(world.run().await.run.step, RunStep::Cancelled);
}

#[tokio::test]
async fn who_has_uploaded_nothing_is_erased_without_the_provider_that_would_have_trained() {
    let world = World::with_messages(3, Purpose::ALL).await;
    world.request().await;
    assert_eq!(world.run_to_end().await.run.step, RunStep::InsufficientData);
    world.machine().request_erasure(&world.user_id, "receipt").await.unwrap().unwrap();
    let mut machine = world.machine();
    machine.hosts = Arc::new(BTreeMap::new());
    while machine.advance(&world.user_id).await.unwrap() != Next::Done {
        let trouble = world.store.erasure("receipt").await.unwrap().unwrap().trouble;
        assert_eq!(trouble, None);
    }
    assert_eq!(world.store.user(&world.user_id).await.unwrap(), None);
}
