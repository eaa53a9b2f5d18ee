//! The crash matrix of what takes back: a revocation and an erasure, killed around every call that they make; and a run that is
//! killed around every call that it makes, and revoked there.

use idiolect_testkit::{Endpoint, JobPlan};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::crash_hosted::{PATIENT, assert_ended, assert_killed, trace_of_a_run, traced};
#[cfg(feature = "firestore")]
use crate::hosted_world::emulator_is_there;
use crate::hosted_world::{HostedWorld, JOBS_AT_ONCE, JOBS_GO_ON, StoreKind, in_parallel};
use crate::world::text;

#[test]
fn a_revoke_killed_around_any_call_cancels_the_job_and_deletes_what_there_is_on_sqlite() {
    revocation_killed_anywhere(StoreKind::Sqlite);
}

#[test]
fn an_erasure_killed_around_any_call_leaves_nothing_at_the_provider_on_sqlite() {
    erasure_killed_anywhere(StoreKind::Sqlite);
}

#[test]
fn a_revoke_at_every_step_of_a_run_ends_reading_and_spending_the_job_and_the_file_on_sqlite() {
    revoked_anywhere(StoreKind::Sqlite);
}

#[cfg(feature = "firestore")]
#[test]
fn a_revoke_killed_around_any_call_cancels_the_job_and_deletes_what_there_is_on_firestore() {
    if emulator_is_there() {
        revocation_killed_anywhere(StoreKind::Firestore);
    }
}

#[cfg(feature = "firestore")]
#[test]
fn an_erasure_killed_around_any_call_leaves_nothing_at_the_provider_on_firestore() {
    if emulator_is_there() {
        erasure_killed_anywhere(StoreKind::Firestore);
    }
}

#[cfg(feature = "firestore")]
#[test]
fn a_revoke_at_every_step_of_a_run_ends_reading_and_spending_the_job_and_the_file_on_firestore() {
    if emulator_is_there() {
        revoked_anywhere(StoreKind::Firestore);
    }
}

/// A revocation while the job is under way, and one after it ended unseen; at a host that keeps no metadata, and at one that does.
pub const REVOCATIONS: [(bool, &str); 2] = [(false, "labels = \"none\""), (true, "")];

fn revocation_killed_anywhere(store: StoreKind) {
    for case in REVOCATIONS {
        let points = trace_of_a_revocation(store, case);
        in_parallel(&points, |point| {
            let world = with_a_job_under_way(store, case);
            assert_killed(&world.run(&["consent", "revoke"], &[PATIENT, ("IDIOLECT_FAULT_POINT", point)]), point);
            assert_ended(&world.run(&["consent", "revoke"], &[]));
            assert_revoked(&world, point);
        });
    }
}

fn erasure_killed_anywhere(store: StoreKind) {
    let points = trace_of_an_erasure(store);
    in_parallel(&points, |point| {
        let world = HostedWorld::new(store, JOBS_AT_ONCE, "");
        assert_ended(&world.train(&[]));
        assert_eq!(world.server.fine_tuned_models().len(), 1);
        let erase = ["erase", "--user", "me", "--yes"];
        assert_killed(&world.run(&erase, &[PATIENT, ("IDIOLECT_FAULT_POINT", point)]), point);
        let again = world.run(&erase, &[]);
        // Killed after the last commit, it was complete.
        let complete = text(&again.stderr).contains("nothing is known about me");
        assert!(again.status.success() || complete, "{point}: {}", text(&again.stderr));
        assert!(world.server.fine_tuned_models().is_empty(), "{point}");
        assert!(world.server.file_names().is_empty(), "{point}");
        assert_eq!(world.json(&["runs"]), json!([]), "{point}");
    });
}

/// Until the fake's jobs have made their first checkpoint.
const JOBS_RUN: SignedDuration = SignedDuration::from_mins(5);

/// What the server's log must not show after a revocation: words that leave, and money that is spent.
const GUARDED: [Endpoint; 3] = [Endpoint::UploadFile, Endpoint::CreateJob, Endpoint::Chat];

fn revoked_anywhere(store: StoreKind) {
    in_parallel(&trace_of_a_run(store), |point| {
        let world = HostedWorld::new(store, JOBS_AT_ONCE, "");
        assert_killed(&world.train(&[PATIENT, ("IDIOLECT_FAULT_POINT", point)]), point);
        let begun = world.json(&["runs"])[0]["run"]["step"].clone();
        // A job that was under way stays so, and whoever read messages from here on would fail of it.
        world.server.advance_with_each_call(JOBS_GO_ON);
        std::fs::remove_file(world.world.path("sent.ndjson")).unwrap();
        let before: Vec<_> = world.server.jobs();
        let calls = world.server.calls().len();

        assert_ended(&world.run(&["consent", "revoke"], &[]));
        let later = &world.server.calls()[calls..];
        assert!(!later.iter().any(|call| GUARDED.contains(call)), "{point}: {later:?}");
        assert!(world.server.file_names().is_empty(), "{point}: a training file is left");
        for (job, before) in world.server.jobs().iter().zip(before) {
            let expected = if before.status == "succeeded" { "succeeded" } else { "cancelled" };
            assert_eq!(job.status, expected, "{point}: it was {}", before.status);
        }
        assert_eq!(world.json(&["status"])["fallbackReason"], "disabled", "{point}");
        let runs = world.json(&["runs"]);
        let ends = [json!("cancelled"), json!("not_activated")];
        match &begun {
            // The kill was before the run was on record, or after its end was.
            Value::Null => assert_eq!(runs, json!([]), "{point}"),
            step if *step == "activated" => assert_eq!(runs[0]["run"]["step"], "activated", "{point}"),
            step => {
                let run = &runs[0];
                assert!(ends.contains(&run["run"]["step"]), "{point}, from {step}: {}", run["run"]["step"]);
                assert_eq!(run["failure"]["code"], "consent_revoked", "{point}, from {step}");
            }
        }
    });
}

fn with_a_job_under_way(store: StoreKind, (is_over, settings): (bool, &str)) -> HostedWorld {
    let world = HostedWorld::new(store, JOBS_GO_ON, settings);
    world.server.plan_job(JobPlan { keeps_checkpoints: true, ..JobPlan::default() });
    assert_killed(&world.train(&[PATIENT, ("IDIOLECT_FAULT_POINT", "after_job#1")]), "after_job#1");
    assert_eq!(world.server.jobs().len(), 1);
    // In the middle of the training, or past its end.
    world.server.advance(if is_over { JOBS_AT_ONCE } else { JOBS_RUN });
    world
}

fn assert_revoked(world: &HostedWorld, point: &str) {
    let jobs = world.server.jobs();
    assert_eq!(jobs.len(), 1, "{point}");
    assert!(["cancelled", "succeeded"].contains(&jobs[0].status.as_str()), "{point}: {}", jobs[0].status);
    assert!(world.server.fine_tuned_models().is_empty(), "{point}: a model is left");
    assert!(world.server.file_names().is_empty(), "{point}: a training file is left");
    let runs = world.json(&["runs"]);
    assert_eq!(runs.as_array().unwrap().len(), 1, "{point}");
    assert_eq!(runs[0]["run"]["step"], "cancelled", "{point}");
    assert_eq!(runs[0]["failure"]["code"], "consent_revoked", "{point}");
}

pub fn trace_of_a_revocation(store: StoreKind, case: (bool, &str)) -> Vec<String> {
    let world = with_a_job_under_way(store, case);
    let points = traced(&world.world.path("trace"), |variable| {
        assert_ended(&world.run(&["consent", "revoke"], &[PATIENT, variable]));
    });
    assert_revoked(&world, "nowhere");
    points
}

pub fn trace_of_an_erasure(store: StoreKind) -> Vec<String> {
    let world = HostedWorld::new(store, JOBS_AT_ONCE, "");
    assert_ended(&world.train(&[]));
    traced(&world.world.path("trace"), |variable| {
        assert_ended(&world.run(&["erase", "--user", "me", "--yes"], &[PATIENT, variable]));
    })
}
