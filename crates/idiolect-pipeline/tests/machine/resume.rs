//! Crashes, lost answers and conflicts: every call here is made by a machine that remembers nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::world::World;
use futures_util::FutureExt;
use idiolect_pipeline::{Machine, Next, PipelineError};
use idiolect_registry::{MetadataStore, RunStep, StoreError};
use idiolect_testkit::{CommitFault, Fault, Method};

#[tokio::test]
async fn a_lost_answer_never_makes_a_second_job() {
    let world = World::ready().await;
    world.request().await;
    world.provider.fail_next(Method::CreateJob, Fault::CutAfter);
    world.run_to_end().await;
    assert_eq!(world.provider.jobs_created(), 1);
    assert!(world.provider.files().is_empty());
}

#[tokio::test]
async fn a_lost_record_never_makes_a_second_job_file_or_version() {
    // Every commit of the run is lost once, before it took effect, as if the process had been killed there.
    let whole = World::ready().await;
    whole.request().await;
    let before = whole.store.commits();
    let reference = whole.run_to_end().await;
    let commits = whole.store.commits() - before;
    assert!(commits >= 6, "{commits}");
    for lost in 0..commits {
        let world = World::ready().await;
        world.request().await;
        let start = world.store.commits();
        let mut failed = false;
        let version = loop {
            if !failed && world.store.commits() - start == lost {
                world.store.fail_next_commit(CommitFault::Unavailable);
                failed = true;
            }
            match world.machine().advance(&world.user_id).await {
                Ok(Next::Done) => break world.store.versions(&world.user_id).await.unwrap().remove(0),
                Ok(Next::WaitUntil(_)) | Err(PipelineError::Store(_)) => {}
                Err(other) => panic!("{other}"),
            }
        };
        assert_eq!(version.artifacts.dataset_hash, reference.artifacts.dataset_hash, "commit {lost} lost");
        assert_eq!(version.run.step, reference.run.step, "commit {lost} lost");
        assert_eq!(world.provider.jobs_created(), 1, "commit {lost} lost");
        assert!(world.provider.files().is_empty(), "commit {lost} lost");
        assert_eq!(world.store.versions(&world.user_id).await.unwrap().len(), 1, "commit {lost} lost");
    }
}

#[tokio::test]
async fn retryable_failures_are_waited_out() {
    for method in [Method::UploadFile, Method::CreateJob, Method::Job, Method::DeleteFile, Method::Score] {
        let world = World::ready().await;
        world.request().await;
        world.provider.fail_next(method, Fault::Unavailable);
        let version = world.run_to_end().await;
        assert_eq!(version.run.step, RunStep::NotActivated, "{method:?}: {:?}", version.failure);
        assert_eq!(world.provider.jobs_created(), 1, "{method:?}");
    }
}

#[tokio::test]
async fn a_second_run_is_refused_while_one_is_unfinished() {
    let world = World::ready().await;
    world.request().await;
    let refused = world.try_request().await.unwrap_err();
    assert!(matches!(refused, PipelineError::Unfinished { .. }), "{refused}");
}

#[tokio::test]
async fn a_source_that_grew_before_the_upload_gives_a_new_dataset_and_one_file() {
    let world = World::ready().await;
    world.request().await;
    world.provider.fail_next(Method::UploadFile, Fault::Unavailable);
    world.step().await;
    let built = world.store.versions(&world.user_id).await.unwrap().remove(0);
    assert_eq!(built.run.step, RunStep::DatasetBuilt);
    world.messages.lock().unwrap().remove(0);
    let version = world.run_to_end().await;
    assert_ne!(version.artifacts.dataset_hash, built.artifacts.dataset_hash);
    assert_eq!(world.provider.count(Method::UploadFile), 2);
    assert_eq!(world.provider.jobs_created(), 1);
}

#[tokio::test]
async fn a_store_that_is_down_is_an_error_that_loses_nothing() {
    let world = World::ready().await;
    world.request().await;
    world.store.set_down(true);
    let error = world.machine().advance(&world.user_id).await.unwrap_err();
    assert!(matches!(error, PipelineError::Store(StoreError::Unavailable { .. })), "{error}");
    world.store.set_down(false);
    world.run_to_end().await;
}

/// Its process stood still for longer than its lease, as on a laptop that slept, and somebody else took the run to its end.
#[tokio::test]
async fn who_comes_late_with_the_upload_leaves_no_file_behind() {
    let world = World::ready().await;
    world.request().await;
    let elsewhere = Arc::new(world.machine());
    let user_id = world.user_id.clone();
    let has_gone_on = Arc::new(AtomicBool::new(false));
    world.provider.set_gate(Arc::new(move |call| {
        let (elsewhere, user_id) = (elsewhere.clone(), user_id.clone());
        let goes_on = call.method == Method::UploadFile && !has_gone_on.swap(true, Ordering::SeqCst);
        async move {
            while goes_on && elsewhere.unfinished(&user_id).await.unwrap().is_some() {
                elsewhere.advance(&user_id).await.unwrap();
            }
        }
        .boxed()
    }));
    let late = world.machine().advance(&world.user_id).await.unwrap_err();
    assert!(late.is_conflict(), "{late}");
    assert!(world.run().await.run.step.is_terminal());
    assert_eq!((world.provider.files(), world.provider.jobs_created()), (vec![], 1));
}
