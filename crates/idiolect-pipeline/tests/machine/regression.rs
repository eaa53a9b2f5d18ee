//! A version that has become worse than the base model is not served any longer.

use idiolect_registry::{
    Activation, Change, Clock, Failure, FailureCode, FallbackReason, MetadataStore, ModelStatus, Route, RunStep,
    VersionId, route,
};

use crate::world::{BASE, World};

/// Trains another version, which scores `bits` where the base has two.
async fn trained(world: &World, bits: f64) -> VersionId {
    world.provider.set_bits_per_char(BASE, 2.0);
    world.request().await;
    // The model's name is known once the job has ended.
    world.step_to(RunStep::JobEnded).await;
    let version = world.run().await;
    world.provider.set_bits_per_char(version.fine_tuned_model_id.as_deref().unwrap(), bits);
    world.run_to_end().await.id
}

/// The words change, so that the version with this number scores otherwise.
async fn changes_to(world: &World, id: &VersionId, bits: f64) {
    let version = world.store.version(id).await.unwrap().unwrap();
    world.provider.set_bits_per_char(version.fine_tuned_model_id.as_deref().unwrap(), bits);
}

async fn failure(world: &World, id: &VersionId) -> Option<FailureCode> {
    world.store.version(id).await.unwrap().unwrap().failure.map(|failure| failure.code)
}

#[tokio::test]
async fn a_regression_rolls_back_by_itself() {
    let world = World::ready().await;
    let first = trained(&world, 1.5).await;
    let second = trained(&world, 1.2).await;
    assert_eq!(world.user().await.active_model_version, 2);

    changes_to(&world, &second, 2.5).await;
    let third = trained(&world, 2.2).await;
    let user = world.user().await;
    assert_eq!((user.active_model_version, user.model_status), (1, ModelStatus::Ready));
    assert_eq!((failure(&world, &second).await, failure(&world, &first).await), (Some(FailureCode::Regression), None));
    assert_eq!(world.store.version(&third).await.unwrap().unwrap().run.step, RunStep::NotActivated);

    changes_to(&world, &first, 2.5).await;
    trained(&world, 2.2).await;
    let user = world.user().await;
    assert_eq!((user.active_model_version, user.previous_model_version), (0, None));
    assert_eq!(route(Some(&user), world.clock.now()), Route::Base { reason: FallbackReason::NoModel });
}

#[tokio::test]
async fn a_regression_is_no_place_to_roll_back_to() {
    let world = World::ready().await;
    let first = trained(&world, 1.5).await;
    changes_to(&world, &first, 2.5).await;
    trained(&world, 1.2).await;
    assert_eq!(world.user().await.active_model_version, 2);
    assert_eq!(failure(&world, &first).await, Some(FailureCode::Regression));

    // The one before it is known to be no better.
    let second = world.run().await.id;
    changes_to(&world, &second, 2.5).await;
    trained(&world, 2.2).await;
    assert_eq!(world.user().await.active_model_version, 0);
}

#[tokio::test]
async fn a_model_that_is_gone_is_no_place_to_roll_back_to() {
    let world = World::ready().await;
    let first = trained(&world, 1.5).await;
    let model = world.user().await.active_model_id.unwrap();
    world.provider.retire_model(&model);
    world.machine().suspect_model(&first, None).await.unwrap();
    let second = trained(&world, 1.2).await;
    assert_eq!(failure(&world, &first).await, Some(FailureCode::ModelGone));

    changes_to(&world, &second, 2.5).await;
    trained(&world, 2.2).await;
    assert_eq!(
        (world.user().await.active_model_id, failure(&world, &second).await),
        (None, Some(FailureCode::Regression))
    );
}

#[tokio::test]
async fn a_regression_does_not_wait_for_the_review_of_the_new_version() {
    let mut world = World::ready().await;
    let first = trained(&world, 1.5).await;
    changes_to(&world, &first, 2.5).await;
    world.activation = Activation::AfterReview;
    let second = trained(&world, 1.2).await;
    assert_eq!(world.user().await.active_model_id, None);
    assert_eq!(world.machine().approve(&second).await.unwrap().active_model_version, 2);
}

#[tokio::test]
async fn a_version_that_somebody_chose_since_the_evaluation_stays() {
    let world = World::ready().await;
    let first = trained(&world, 1.5).await;
    let second = trained(&world, 1.2).await;
    changes_to(&world, &second, 2.5).await;
    world.provider.set_bits_per_char(BASE, 2.0);
    world.request().await;
    world.step_to(RunStep::JobEnded).await;
    let third = world.run().await;
    world.provider.set_bits_per_char(third.fine_tuned_model_id.as_deref().unwrap(), 2.2);
    world.step_to(RunStep::Evaluated).await;
    world.machine().activate_version(&first).await.unwrap();
    world.run_to_end().await;
    assert_eq!(world.user().await.active_model_version, 1);
}

#[tokio::test]
async fn a_regression_does_not_hide_what_else_is_known_of_the_version() {
    let world = World::ready().await;
    let first = trained(&world, 1.5).await;
    let mut version = world.store.version(&first).await.unwrap().unwrap();
    version.failure = Some(Failure::new(FailureCode::ModelSuspect, "it was not found"));
    world.store.commit(vec![Change::UpdateVersion(version)]).await.unwrap();
    changes_to(&world, &first, 2.5).await;
    trained(&world, 2.2).await;
    assert_eq!(failure(&world, &first).await, Some(FailureCode::ModelSuspect));
}

#[tokio::test]
async fn a_version_that_somebody_chose_before_it_was_measured_is_not_measured_against_itself() {
    let world = World::ready().await;
    world.request().await;
    world.step_to(RunStep::Probed).await;
    let version = world.run().await;
    world.machine().activate_version(&version.id).await.unwrap();
    world.provider.set_bits_per_char(&version.fine_tuned_model_id.unwrap(), 9.0);
    let version = world.run_to_end().await;
    assert_eq!((version.run.step, version.eval.active_holdout_loss), (RunStep::NotActivated, None));
    assert_eq!(world.user().await.active_model_version, 1, "it is what somebody chose");
}
