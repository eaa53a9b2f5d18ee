//! What is handed back and what is kept: records that can be written again as they are, and receipts.

use std::time::Duration;

use idiolect_pipeline::{Machine, Next};
use idiolect_provider::{CreateJob, FineTuningProvider, Hyperparameters, JobId, JobStatus, ModelId};
use idiolect_registry::{Activation, Change, Clock, ErasedKind, FailureCode, MetadataStore, Purpose, RunStep};
use idiolect_testkit::{Fault, JobScript, Method};
use jiff::SignedDuration;

use crate::world::World;

async fn unscored() -> World {
    let mut world = World::ready().await;
    world.can_score = false;
    world
}

#[tokio::test]
async fn records_that_are_handed_back_are_those_that_are_stored_and_can_be_written_again() {
    let mut world = unscored().await;
    let machine = world.machine();
    assert_eq!(machine.grant(&world.user_id, &Purpose::ALL).await.unwrap(), world.user().await);
    assert_eq!(world.request().await, world.run().await);
    assert_eq!(machine.cancel(&world.user_id).await.unwrap(), Some(world.run().await));
    world.run_to_end().await;
    for _ in 0..2 {
        world.request().await;
        world.run_to_end().await;
    }
    assert_eq!(machine.roll_back(&world.user_id).await.unwrap(), world.user().await);
    world.activation = Activation::AfterReview;
    world.request().await;
    let waiting = world.run_to_end().await.id;
    assert_eq!(world.machine().approve(&waiting).await.unwrap(), world.user().await);
    let erasure = machine.request_erasure(&world.user_id, "r1").await.unwrap();
    assert_eq!(erasure, world.store.erasure("r1").await.unwrap());
}

#[tokio::test]
async fn a_receipt_tells_what_was_deleted_from_what_was_gone_whatever_was_tried_again() {
    let world = unscored().await;
    for _ in 0..2 {
        world.request().await;
        world.run_to_end().await;
    }
    let first = world.store.versions(&world.user_id).await.unwrap().remove(1);
    world.provider.delete_model(&ModelId::new(first.fine_tuned_model_id.unwrap())).await.unwrap();
    // The second version's model is deleted, and then something else goes wrong.
    world.provider.fail_next(Method::ForgetJob, Fault::Unavailable);
    world.machine().request_erasure(&world.user_id, "r1").await.unwrap();
    while world.store.user(&world.user_id).await.unwrap().is_some() {
        world.step().await;
    }
    let receipt = world.store.erasure("r1").await.unwrap().unwrap();
    let models = receipt.items.iter().filter(|item| item.kind == ErasedKind::Model);
    let models: Vec<_> = models.map(|item| (item.version, item.answer.as_str())).collect();
    assert_eq!(models, [(Some(2), "deleted"), (Some(1), "was already gone")]);
}

#[tokio::test]
async fn a_receipt_lists_what_there_was_and_what_the_provider_answered() {
    let world = unscored().await;
    world.request().await;
    world.run_to_end().await;
    world.messages.lock().unwrap().truncate(3);
    world.request().await;
    assert_eq!(world.run_to_end().await.failure.unwrap().code, FailureCode::InsufficientData);
    world.machine().request_erasure(&world.user_id, "r1").await.unwrap();
    while world.store.user(&world.user_id).await.unwrap().is_some() {
        world.step().await;
    }
    let receipt = world.store.erasure("r1").await.unwrap().unwrap();
    let items: Vec<_> = receipt.items.iter().map(|item| (item.kind, item.version, item.answer.as_str())).collect();
    assert_eq!(
        items,
        [
            (ErasedKind::Version, Some(2), "deleted"),
            (ErasedKind::Job, Some(1), "ended"),
            (ErasedKind::TrainingFile, Some(1), "was already gone"),
            (ErasedKind::Model, Some(1), "deleted"),
            (ErasedKind::Version, Some(1), "deleted"),
            (ErasedKind::User, None, "deleted"),
        ]
    );
}

/// A run whose job has ended, with its training file still there.
async fn job_ended() -> World {
    let world = unscored().await;
    world.request().await;
    world.step_to(RunStep::JobEnded).await;
    world
}

/// Calls like an engine does, which comes back after errors, too; time passes.
async fn called_for(world: &World, time: SignedDuration) {
    let end = world.clock.now() + time;
    while world.clock.now() < end && world.run().await.run.step.is_under_way() {
        match world.machine().advance(&world.user_id).await {
            Ok(Next::WaitUntil(at)) => world.clock.set(at.max(world.clock.now() + SignedDuration::from_millis(1))),
            Ok(Next::Done) => return,
            Err(_) => drop(world.clock.advance(SignedDuration::from_mins(15))),
        }
    }
}

#[tokio::test]
async fn a_training_file_whose_deletion_is_refused_is_tried_again_before_it_is_left_to_its_expiry() {
    let world = job_ended().await;
    world.provider.fail_next(Method::DeleteFile, Fault::Refused);
    called_for(&world, SignedDuration::from_hours(1)).await;
    assert_eq!(world.run().await.run.step, RunStep::Activated);
    assert!(world.provider.files().is_empty());

    let world = job_ended().await;
    for _ in 0..1000 {
        world.provider.fail_next(Method::DeleteFile, Fault::Refused);
    }
    called_for(&world, SignedDuration::from_hours(71)).await;
    assert_eq!(world.run().await.run.step, RunStep::JobEnded, "it is still tried");
    called_for(&world, SignedDuration::from_hours(24)).await;
    assert_eq!(world.run().await.run.step, RunStep::Activated, "a good model is served all the same");
}

#[tokio::test]
async fn a_provider_that_is_away_keeps_no_training_file_however_long_it_is_away() {
    let world = job_ended().await;
    world.provider.fail_share(1.0, 1, &[Method::DeleteFile]);
    called_for(&world, SignedDuration::from_hours(100)).await;
    assert_eq!(world.run().await.run.step, RunStep::JobEnded);
    world.provider.fail_share(0.0, 1, &[]);
    called_for(&world, SignedDuration::from_hours(1)).await;
    assert!(world.provider.files().is_empty());
}

/// A run whose model is to be probed next.
async fn before_the_probe() -> World {
    let world = job_ended().await;
    world.step_to(RunStep::FileDeleted).await;
    world
}

#[tokio::test]
async fn a_model_that_is_found_a_while_after_its_job_is_served_and_one_that_never_is_not() {
    for found_after in [2, 9] {
        let world = before_the_probe().await;
        let model = world.run().await.fine_tuned_model_id.unwrap();
        world.provider.delete_model(&ModelId::new(&model)).await.unwrap();
        // It is no error for whoever drives the run.
        assert!(matches!(Machine::advance(&world.machine(), &world.user_id).await, Ok(Next::WaitUntil(_))));
        let trouble = world.run().await.run.trouble.unwrap();
        assert_eq!(trouble.code, FailureCode::ProviderUnavailable);
        assert!(trouble.message.ends_with(&format!("there is no model {model} yet")), "{}", trouble.message);
        for call in 0..20 {
            if call == found_after {
                world.provider.add_model(&model);
            }
            called_for(&world, SignedDuration::from_millis(1)).await;
        }
        let version = world.run().await;
        match found_after {
            2 => assert_eq!(version.run.step, RunStep::Activated),
            _ => {
                assert_eq!(version.run.step, RunStep::NotActivated);
                assert_eq!(world.provider.count(Method::Complete), 4, "and is asked again three times");
            }
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_away_when_the_model_is_probed_is_waited_for() {
    let world = before_the_probe().await;
    for _ in 0..5 {
        world.provider.fail_next(Method::Complete, Fault::Unavailable);
    }
    assert_eq!(world.run_to_end().await.run.step, RunStep::Activated);
}

#[tokio::test]
async fn a_job_reported_as_succeeded_is_asked_for_its_model_three_times_more() {
    let world = World::ready().await;
    world.provider.script_job(JobScript::succeeds_without_model());
    world.request().await;
    assert_eq!(world.run_to_end().await.failure.unwrap().code, FailureCode::NoModel);
    assert_eq!(world.provider.count(Method::Job), 4);
}

#[tokio::test]
async fn a_job_that_its_provider_refuses_to_show_is_ended_and_its_file_deleted() {
    let world = unscored().await;
    world.request().await;
    world.step_to(RunStep::JobCreated).await;
    world.provider.fail_next(Method::Job, Fault::Refused);
    let version = world.run_to_end().await;
    assert_eq!(version.failure.unwrap().code, FailureCode::ProviderRefused);
    assert!(world.provider.jobs().iter().all(|job| job.status.is_terminal()) && world.provider.files().is_empty());
}

#[tokio::test]
async fn a_run_that_is_ended_while_a_create_call_may_be_on_its_way_waits_for_what_it_makes() {
    let world = unscored().await;
    world.request().await;
    world.step_to(RunStep::FileUploaded).await;
    world.provider.fail_next(Method::CreateJob, Fault::Unavailable);
    world.step().await;
    let intended = world.run().await.run.job_intended_at.unwrap();
    world.machine().cancel(&world.user_id).await.unwrap();
    let next = world.machine().advance(&world.user_id).await.unwrap();
    assert_eq!(next, Next::WaitUntil(intended + SignedDuration::try_from(Duration::from_secs(60)).unwrap()));
    assert_eq!(world.run().await.run.step, RunStep::FileUploaded);
    let version = world.run_to_end().await;
    assert_eq!((version.run.step, world.provider.jobs_created()), (RunStep::Cancelled, 0));
}

#[tokio::test]
async fn a_run_that_is_ended_before_any_create_call_waits_for_nothing() {
    let world = unscored().await;
    world.request().await;
    world.step_to(RunStep::FileUploaded).await;
    let asked = world.clock.now();
    world.machine().cancel(&world.user_id).await.unwrap();
    assert_eq!(world.run_to_end().await.run.step, RunStep::Cancelled);
    assert!(world.clock.now().duration_since(asked) < SignedDuration::from_secs(1));
}

#[tokio::test]
async fn a_scorer_that_is_away_is_waited_for_and_one_that_refuses_leaves_the_model_unserved() {
    for (fault, step) in [(Fault::Unavailable, RunStep::Activated), (Fault::Refused, RunStep::NotActivated)] {
        let mut world = before_the_probe().await;
        world.can_score = true;
        let model = world.run().await.fine_tuned_model_id.unwrap();
        world.provider.set_bits_per_char(&model, 1.0);
        world.provider.fail_next(Method::Score, fault);
        let version = world.run_to_end().await;
        assert_eq!(version.run.step, step, "{:?}", version.eval.verdict);
    }
}

#[tokio::test]
async fn a_job_has_as_long_as_the_settings_say_and_the_refusal_names_them() {
    let mut world = unscored().await;
    world.pace.max_job = Duration::from_secs(3 * 3600);
    world.provider.script_job(JobScript::succeeds_at_poll(1_000_000));
    world.request().await;
    let version = world.run_to_end().await;
    let failure = version.failure.unwrap();
    assert_eq!(failure.code, FailureCode::JobTimeout);
    assert!(failure.message.contains("longer than 3 hours"), "{}", failure.message);
    let took = world.clock.now().duration_since(version.run.job_intended_at.unwrap());
    assert!(took > SignedDuration::from_hours(3) && took < SignedDuration::from_mins(190), "{took:?}");
}

#[tokio::test]
async fn a_job_counts_as_running_from_when_it_was_first_seen_so_and_not_while_it_is_queued() {
    let world = unscored().await;
    world.request().await;
    let (mut queued, mut running) = (0, false);
    while world.run().await.run.step < RunStep::JobEnded {
        world.step().await;
        if world.run().await.run.step != RunStep::JobCreated || world.provider.count(Method::Job) == 0 {
            continue;
        }
        running |= world.provider.jobs()[0].status == JobStatus::Running;
        queued += usize::from(!running);
        assert_eq!(world.run().await.run.job_running_at.is_some(), running);
    }
    assert!(queued > 0 && running);
}

/// The clock was a year ahead when the call was written down, and has been put right since.
#[tokio::test]
async fn a_create_call_that_a_wrong_clock_dated_is_waited_for_no_longer_than_any_other() {
    for ended in [false, true] {
        let world = unscored().await;
        world.request().await;
        world.step_to(RunStep::FileUploaded).await;
        world.provider.fail_next(Method::CreateJob, Fault::Unavailable);
        world.step().await;
        let now = world.clock.now();
        let mut run = world.run().await;
        run.run.job_intended_at = Some(now + SignedDuration::from_hours(365 * 24));
        run.run.dispatch.release(Some(now));
        world.store.commit(vec![Change::UpdateVersion(run)]).await.unwrap();
        if ended {
            world.machine().cancel(&world.user_id).await.unwrap();
        }
        called_for(&world, SignedDuration::from_hours(1)).await;
        let step = if ended { RunStep::Cancelled } else { RunStep::Activated };
        assert_eq!(world.run().await.run.step, step);
    }
}

/// A second job on the run's file and with its mark, as where a create call arrived that was taken for lost.
async fn second_job(world: &World) -> JobId {
    let job = world.provider.jobs()[0].clone();
    let again = CreateJob {
        training_file: job.training_file,
        base_model: job.base_model,
        suffix: None,
        seed: None,
        hyperparameters: Hyperparameters::default(),
        metadata: job.metadata,
    };
    world.provider.create_job(again).await.unwrap().id
}

#[tokio::test]
async fn a_second_job_that_was_faster_than_its_cancellation_leaves_no_model_behind() {
    let world = unscored().await;
    world.request().await;
    world.step_to(RunStep::FileUploaded).await;
    world.provider.fail_next(Method::CreateJob, Fault::CutAfter);
    world.step().await;
    let second = second_job(&world).await;
    while !world.provider.job(&second).await.unwrap().status.is_terminal() {}
    let version = world.run_to_end().await;
    assert_eq!(version.run.step, RunStep::Activated);
    let tuned: Vec<_> = world.provider.models().into_iter().skip(1).map(|model| model.to_string()).collect();
    assert_eq!(tuned, [version.fine_tuned_model_id.unwrap()]);
}

#[tokio::test]
async fn tokens_of_all_jobs_that_a_run_had_are_counted() {
    let mut world = unscored().await;
    world.make_hosted("[fake.models.base-model]\nprice = { training = 1000.0 }\n");
    world.request().await;
    world.step_to(RunStep::JobCreated).await;
    let (run, job) = (world.run().await, world.provider.jobs()[0].id.clone());
    let second = second_job(&world).await;
    for job in [&job, &second] {
        while !world.provider.job(job).await.unwrap().status.is_terminal() {}
    }
    let one = world.provider.jobs()[0].trained_tokens.unwrap();
    world.machine().cancel(&world.user_id).await.unwrap();
    let version = world.run_to_end().await;
    assert_eq!((version.run.step, version.id), (RunStep::Cancelled, run.id));
    assert_eq!(version.cost.trained_tokens, Some(2 * one));
}
