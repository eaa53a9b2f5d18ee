//! The crash matrix. A whole run at a hosted provider is traced once; then the same is done again for every point that it
//! passed, with the process killed there and started again until it is done. And once more for every call, with the network
//! cut there instead. What comes out is always the same: one paid job, one version, no file left.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use idiolect_pipeline::FAULT_CALLS;
use serde_json::{Value, json};

use crate::crash_revoke::{REVOCATIONS, trace_of_a_revocation, trace_of_an_erasure};
#[cfg(feature = "firestore")]
use crate::hosted_world::emulator_is_there;
use crate::hosted_world::{HostedWorld, JOBS_AT_ONCE, StoreKind, in_parallel};
use crate::world::{UNTIL, World, signal, text};

/// For the processes that are to go the way that was traced: no call may time out on a busy machine.
pub const PATIENT: (&str, &str) = ("IDIOLECT_RUNS_CALL_TIMEOUT_SECONDS", "60");

/// More restarts than any case takes.
const RESTARTS: usize = 4;

#[test]
fn a_hosted_run_killed_around_any_call_pays_once_and_ends_the_same_on_sqlite() {
    killed_anywhere(StoreKind::Sqlite);
}

#[test]
fn a_hosted_run_cut_off_at_any_call_pays_once_and_ends_the_same_on_sqlite() {
    cut_off_anywhere(StoreKind::Sqlite);
}

#[cfg(feature = "firestore")]
#[test]
fn a_hosted_run_killed_around_any_call_pays_once_and_ends_the_same_on_firestore() {
    if emulator_is_there() {
        killed_anywhere(StoreKind::Firestore);
    }
}

#[cfg(feature = "firestore")]
#[test]
fn a_hosted_run_cut_off_at_any_call_pays_once_and_ends_the_same_on_firestore() {
    if emulator_is_there() {
        cut_off_anywhere(StoreKind::Firestore);
    }
}

/// Every point of the list is passed by one of the things that the matrix kills, and nothing passes a point beside it.
#[test]
fn every_crash_point_is_passed_and_killed_at() {
    let mut passed: BTreeSet<String> = BTreeSet::new();
    let mut pass = |points: Vec<String>| passed.extend(points.iter().map(|point| without_number(point).to_owned()));
    pass(trace_of_a_run(StoreKind::Sqlite));
    pass(trace_of_a_revocation(StoreKind::Sqlite, REVOCATIONS[0]));
    pass(trace_of_a_revocation(StoreKind::Sqlite, REVOCATIONS[1]));
    pass(trace_of_an_erasure(StoreKind::Sqlite));
    pass(["before_models#1", "after_models#1"].map(str::to_owned).to_vec());
    pass(trace_of_a_local_run());
    let listed: BTreeSet<String> =
        FAULT_CALLS.iter().flat_map(|call| [format!("before_{call}"), format!("after_{call}")]).collect();
    assert_eq!(passed, listed);
}

fn killed_anywhere(store: StoreKind) {
    let reference = HostedWorld::new(store, JOBS_AT_ONCE, "");
    assert_ended(&reference.train(&[PATIENT]));
    let expected = outcome(&reference);
    let points = trace_of_a_run(store);
    assert!(points.len() > 40, "{points:?}");
    in_parallel(&points, |point| {
        let world = HostedWorld::new(store, JOBS_AT_ONCE, "");
        assert_killed(&world.train(&[PATIENT, ("IDIOLECT_FAULT_POINT", point)]), point);
        run_until_over(&world, point);
        assert_eq!(outcome(&world), expected, "{store:?}, killed at {point}");
    });
}

/// A cut of three calls is longer than the client tries by itself, so that the run has to come back to the step.
fn cut_off_anywhere(store: StoreKind) {
    let reference = HostedWorld::new(store, JOBS_AT_ONCE, "");
    assert_ended(&reference.train(&[PATIENT]));
    let expected = outcome(&reference);
    let calls = reference.server.calls().len();
    let cases: Vec<_> = (1..=calls).flat_map(|call| [(call, false), (call, true)]).collect();
    in_parallel(&cases, |(call, takes_effect)| {
        let world = HostedWorld::new(store, JOBS_AT_ONCE, "");
        world.server.cut_calls(*call, 3, *takes_effect);
        assert_ended(&world.train(&[]));
        assert!(world.server.calls().len() >= calls + 2, "the network was not cut");
        let at = &reference.server.calls()[call - 1];
        assert_eq!(outcome(&world), expected, "{store:?}, cut at call {call}, {at:?}, took effect: {takes_effect}");
    });
}

/// The daily look at end dates, killed around its one call and started again.
#[test]
fn a_worker_killed_around_its_look_at_end_dates_looks_again() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_AT_ONCE, "");
    assert_ended(&world.train(&[]));
    for (point, looks) in [("before_models#1", 0), ("after_models#1", 1)] {
        assert_killed(&world.run(&["worker"], &[("IDIOLECT_FAULT_POINT", point)]), point);
        assert_eq!(world.server.count(idiolect_testkit::Endpoint::ListModels), looks, "{point}");
    }
    let mut worker = world.command(&["worker"]).stderr(std::process::Stdio::null()).spawn().unwrap();
    for _ in 0..400 {
        if world.server.count(idiolect_testkit::Endpoint::ListModels) == 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    signal(worker.id(), "INT");
    assert!(worker.wait().unwrap().success());
    assert_eq!(world.server.count(idiolect_testkit::Endpoint::ListModels), 2);
}

pub fn trace_of_a_run(store: StoreKind) -> Vec<String> {
    let world = HostedWorld::new(store, JOBS_AT_ONCE, "");
    traced(&world.world.path("trace"), |variable| assert_ended(&world.train(&[PATIENT, variable])))
}

/// How often a local job is looked at depends on the machine, so each point counts once.
pub fn trace_of_a_local_run() -> Vec<String> {
    let world = World::ready();
    let points = traced(&world.path("trace"), |(name, path)| {
        let source = world.source();
        let trained = world.command(&["train", "--source", &source, "--until", UNTIL]).env(name, path).output();
        assert_ended(&trained.unwrap());
    });
    points.into_iter().filter(|point| point.ends_with("#1")).collect()
}

pub fn traced(path: &Path, work: impl FnOnce((&str, &str))) -> Vec<String> {
    work(("IDIOLECT_FAULT_TRACE", path.to_str().unwrap()));
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

fn without_number(point: &str) -> &str {
    point.split('#').next().unwrap_or_default()
}

/// Starts it again, as a supervisor would, until no run is left to go on with.
fn run_until_over(world: &HostedWorld, point: &str) {
    for _ in 0..RESTARTS {
        let resumed = world.run(&["train"], &[]);
        if resumed.status.success() {
            return;
        }
        if text(&resumed.stderr).contains("no unfinished run") {
            // It ended with the kill, or had not been asked for yet.
            if world.json(&["runs"]) == json!([]) {
                assert_ended(&world.train(&[]));
            }
            return;
        }
        assert!(resumed.status.signal().is_none(), "{point}: {}", text(&resumed.stderr));
    }
    panic!("the run killed at {point} does not end");
}

pub fn assert_ended(output: &std::process::Output) {
    assert!(output.status.success(), "{}", text(&output.stderr));
}

pub fn assert_killed(output: &std::process::Output, point: &str) {
    assert_eq!(output.status.signal(), Some(9), "{point}: {}", text(&output.stderr));
}

/// What must come out the same, however a run was interrupted, after what must hold in any case.
fn outcome(world: &HostedWorld) -> Value {
    let runs = world.json(&["runs"]);
    assert_eq!(runs.as_array().unwrap().len(), 1, "one version: {runs}");
    let run = &runs[0];
    let jobs = world.server.jobs();
    assert_eq!(jobs.len(), 1, "one paid job");
    assert_eq!(jobs[0].status, "succeeded");
    assert_eq!(run["openaiJobId"], jobs[0].id.as_str());
    assert_eq!(run["openaiFineTunedModelId"].as_str(), jobs[0].fine_tuned_model.as_deref());
    assert!(world.server.file_names().is_empty(), "a training file is left");
    assert_eq!(world.server.fine_tuned_models().len(), 1);
    let status = world.json(&["status"]);
    assert_eq!(status["serves"], run["openaiFineTunedModelId"]);
    let costs = world.json(&["costs"]);
    assert_eq!((&run["run"]["step"], &run["status"]), (&json!("activated"), &json!("succeeded")));
    assert!(costs["userMonthUsd"].as_f64().unwrap() > 0.0);
    json!({
        "datasetHash": run["artifacts"]["datasetHash"],
        "numMessages": run["numMessages"],
        "tokenEstimate": run["tokenEstimate"],
        "cost": run["cost"],
        "verdict": run["eval"]["verdict"],
        "failure": run["failure"],
        "activeModelVersion": status["activeModelVersion"],
        "userMonthUsd": costs["userMonthUsd"],
        "installationDayUsd": costs["installationDayUsd"],
    })
}
