//! Consent: nothing is read, uploaded or trained without it, and taking it back works at every step.

use std::sync::Arc;

use crate::world::World;
use idiolect_pipeline::{Next, PipelineError};
use idiolect_registry::{Change, Clock, FailureCode, MetadataStore, ModelStatus, Purpose, RunStep, revoke};
use idiolect_testkit::{FakeProvider, Method};

/// Calls that read words or spend money.
const GUARDED: [Method; 3] = [Method::UploadFile, Method::CreateJob, Method::Score];

#[tokio::test]
async fn a_run_needs_consent_to_reading_and_to_training() {
    for purposes in [vec![], vec![Purpose::Extract], vec![Purpose::TrainLocal]] {
        let world = World::with_messages(200, purposes).await;
        let refused = world.try_request().await.unwrap_err();
        assert!(matches!(refused, PipelineError::Consent(_)), "{refused}");
        assert!(world.store.versions(&world.user_id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_hosted_provider_needs_the_hosted_purpose() {
    let mut world = World::with_messages(200, [Purpose::Extract, Purpose::TrainLocal]).await;
    world.provider = Arc::new(FakeProvider::new(crate::world::BASE).hosted());
    assert!(matches!(world.try_request().await.unwrap_err(), PipelineError::Consent(_)));
}

#[tokio::test]
async fn revoking_at_any_step_ends_the_run_and_nothing_guarded_happens_after_it() {
    let whole = World::ready().await;
    whole.request().await;
    let mut steps = 0;
    while whole.step().await != Next::Done {
        steps += 1;
    }
    assert!(steps >= 6, "{steps}");
    for after in 0..=steps {
        let world = World::ready().await;
        world.request().await;
        for _ in 0..after {
            world.step().await;
        }
        let user = revoke(&world.user().await, world.clock.now());
        world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
        let calls = world.provider.calls().len();
        let version = world.run_to_end().await;

        let later = &world.provider.calls()[calls..];
        assert!(later.iter().all(|call| !GUARDED.contains(&call.method)), "after {after} steps: {later:?}");
        let user = world.user().await;
        assert_eq!(user.model_status, ModelStatus::Disabled, "after {after} steps");
        assert_eq!(user.active_model_id, None, "after {after} steps");
        assert!(world.provider.files().is_empty(), "after {after} steps: a training file is left");
        assert!(world.provider.jobs().iter().all(|job| job.status.is_terminal()), "after {after} steps");
        match version.run.step {
            RunStep::Cancelled => assert_eq!(version.failure.unwrap().code, FailureCode::ConsentRevoked),
            RunStep::NotActivated => {}
            other => panic!("after {after} steps the run ended as {other:?}"),
        }
    }
}
