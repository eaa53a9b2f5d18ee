//! The binary with the distributed engine: workers of one task queue, over one store, at one hosted provider.

use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::Duration;

use idiolect_testkit::Endpoint;
use serde_json::json;

use crate::crash_hosted::{PATIENT, assert_killed};
use crate::hosted_world::{HostedWorld, JOBS_AT_ONCE, JOBS_GO_ON, Process, StoreKind, runtime};
use crate::temporal_server::Server;
use crate::world::{free_port, text};

fn start(world: &HostedWorld, arguments: &[&str], variables: &[(&str, &str)]) -> Process {
    let mut command = world.command(arguments);
    let log = std::fs::File::options().create(true).append(true).open(world.world.path("log")).unwrap();
    Process(command.envs(variables.iter().copied()).stdout(Stdio::null()).stderr(log).spawn().unwrap())
}

fn start_worker(world: &HostedWorld, server: &Server, variables: &[(&str, &str)]) -> Process {
    let address = server.address();
    start(world, &["worker", "--engine", "temporal", "--address", &address, "--log", "info"], variables)
}

/// A run that was asked for and that nobody drives.
fn with_a_run_requested(per_call: jiff::SignedDuration) -> HostedWorld {
    let world = HostedWorld::new(StoreKind::Sqlite, per_call, "");
    assert_killed(&world.train(&[PATIENT, ("IDIOLECT_FAULT_POINT", "after_commit#1")]), "after_commit#1");
    assert_eq!(world.json(&["runs"])[0]["run"]["step"], "requested");
    world
}

fn until(world: &HostedWorld, what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..1200 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("it does not come to: {what}; {}", std::fs::read_to_string(world.world.path("log")).unwrap_or_default());
}

fn step(world: &HostedWorld) -> String {
    world.json(&["runs"])[0]["run"]["step"].as_str().unwrap_or_default().to_owned()
}

fn is_there() -> Option<Server> {
    runtime().block_on(Server::start())
}

#[test]
fn temporal_a_worker_killed_around_the_paid_call_is_taken_over_by_another_one() {
    let Some(server) = is_there() else { return };
    let world = with_a_run_requested(JOBS_AT_ONCE);
    let mut first = start_worker(&world, &server, &[PATIENT, ("IDIOLECT_FAULT_POINT", "after_create_job#1")]);
    assert_eq!(
        first.0.wait().unwrap().signal(),
        Some(9),
        "{}",
        std::fs::read_to_string(world.world.path("log")).unwrap()
    );
    assert_eq!((world.server.jobs().len(), step(&world)), (1, "file_uploaded".to_owned()));

    let second = start_worker(&world, &server, &[]);
    until(&world, "activated", || step(&world) == "activated");
    second.stop();
    let runs = world.json(&["runs"]);
    assert_eq!(runs.as_array().unwrap().len(), 1, "one version");
    assert_eq!(world.server.count(Endpoint::CreateJob), 1, "one paid job");
    assert_eq!(runs[0]["openaiJobId"], world.server.jobs()[0].id.as_str());
    assert!(world.server.file_names().is_empty(), "a training file is left");
    assert_eq!(world.json(&["status"])["activeModelVersion"], 1);
}

#[test]
fn temporal_serve_drives_a_run_and_sees_a_revoke() {
    let Some(server) = is_there() else { return };
    let world = with_a_run_requested(JOBS_GO_ON);
    let (address, port) = (server.address(), free_port().to_string());
    let arguments = ["serve", "--port", &port, "--engine", "temporal", "--address", &address, "--log", "info"];
    let serve = start(&world, &arguments, &[]);
    until(&world, "a job under way", || step(&world) == "job_created");

    // The flag alone: this process is not there to end the run any more.
    let revoked = world.run(&["consent", "revoke"], &[("IDIOLECT_FAULT_POINT", "after_commit#1")]);
    assert_killed(&revoked, "after_commit#1");
    until(&world, "cancelled", || step(&world) == "cancelled");
    serve.stop();
    assert_eq!(world.server.jobs().iter().map(|job| job.status.as_str()).collect::<Vec<_>>(), ["cancelled"]);
    assert!(world.server.file_names().is_empty(), "a training file is left");
    assert_eq!(world.json(&["runs"])[0]["failure"]["code"], "consent_revoked");
    assert_eq!(world.json(&["status"])["modelStatus"], json!("disabled"));
}

#[test]
fn temporal_a_revoke_tells_the_cluster_which_looks_long_before_the_next_poll() {
    let Some(server) = is_there() else { return };
    let world = with_a_run_requested(JOBS_GO_ON);
    let worker = start_worker(&world, &server, &[("IDIOLECT_RUNS_POLL_SECONDS", "120")]);
    until(&world, "a wait for the next poll", || {
        world.json(&["runs"])[0]["run"]["step"] == "job_created" && world.server.count(Endpoint::GetJob) > 0
    });
    assert_eq!(step(&world), "job_created");

    let address = server.address();
    let revoked = world.run(&["consent", "revoke"], &[("IDIOLECT_TEMPORAL_ADDRESS", address.as_str())]);
    assert!(revoked.status.success(), "{}", text(&revoked.stderr));
    let told = format!("the workers of the cluster at {address} were told");
    assert!(text(&revoked.stderr).contains(&told), "{}", text(&revoked.stderr));
    until(&world, "cancelled", || step(&world) == "cancelled");
    worker.stop();
    assert_eq!(world.server.jobs().iter().map(|job| job.status.as_str()).collect::<Vec<_>>(), ["cancelled"]);
    assert!(world.server.file_names().is_empty(), "a training file is left");
}

#[test]
fn temporal_consent_tells_the_cluster_that_the_first_run_may_begin() {
    let Some(server) = is_there() else { return };
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_AT_ONCE, "");
    let (address, source) = (server.address(), world.world.source());
    let settings = [
        ("IDIOLECT_SCHEDULE_ON_OPT_IN", "true"),
        ("IDIOLECT_SCHEDULE_SOURCE", source.as_str()),
        ("IDIOLECT_DATASET_DAYS", "3650"),
        ("IDIOLECT_TEMPORAL_ADDRESS", address.as_str()),
    ];
    let worker = start_worker(&world, &server, &settings);
    let granted = world.run(&["consent", "grant", "--purpose", "extract", "--purpose", "train_hosted"], &settings);
    let told = format!("the workers of the cluster at {address} were told");
    assert!(text(&granted.stderr).contains(&told), "{}", text(&granted.stderr));
    until(&world, "activated", || step(&world) == "activated");
    worker.stop();
    assert_eq!(world.json(&["runs"])[0]["run"]["trigger"], "opt_in");
}

#[test]
fn temporal_worker_says_in_one_sentence_what_is_wrong_with_its_flags() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_AT_ONCE, "");
    let worker = |flags: &[&str]| {
        let ended = world.run(&[&["worker", "--engine", "temporal"], flags].concat(), &[]);
        assert_eq!(ended.status.code(), Some(1));
        text(&ended.stderr)
    };
    let unset = worker(&["--api-key-env", "NO_SUCH_KEY"]);
    assert!(unset.contains("--api-key-env NO_SUCH_KEY: the variable is not set"), "{unset}");
    let missing = worker(&["--tls-ca", "missing.pem"]);
    assert!(missing.contains("missing.pem: the PEM file cannot be read"), "{missing}");
    let address = format!("127.0.0.1:{}", free_port());
    let nobody = worker(&["--address", &address]);
    assert!(nobody.contains(&format!("the engine at {address} is not available: Connection refused")), "{nobody}");
}
