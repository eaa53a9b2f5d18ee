//! The binary at a hosted provider: what runs say of themselves, and of what was given to them.

use idiolect_testkit::{Endpoint, FAKE_BASE_MODEL, Oddity};
use jiff::ToSpan;
use serde_json::Value;

use crate::hosted_world::{HostedWorld, JOBS_GO_ON, StoreKind};
use crate::operations::{hosted, trained};
use crate::world::{UNTIL, text};

#[test]
fn a_run_says_each_step_once() {
    let said = text(&hosted("").train(&[]).stderr);
    for line in ["training file handed to the fake provider", "fine-tuning job created", "fine-tuning succeeded"] {
        assert_eq!(said.matches(line).count(), 1, "{line}: {said}");
    }
}

#[test]
fn a_failure_says_each_thing_once() {
    let invalid = Oddity::refuse(400, "invalid_request_error", Some("invalid_file"), "The training file is damaged.");
    for (oddity, line) in [
        (
            invalid,
            "invalid_training_file: the request is not valid: fake refused it with HTTP 400, invalid_file: The training file is \
             damaged. (request REQUEST)",
        ),
        (
            Oddity::insufficient_quota(),
            "quota_exhausted: the account at the provider has no quota left (insufficient_quota); add credit or raise the limit \
             there (You exceeded your current quota, please check your plan and billing details.) [request REQUEST]",
        ),
    ] {
        let world = hosted("");
        world.server.next(Endpoint::CreateJob, oddity);
        assert!(!trained(&world, &[]).success());
        let request = world.json(&["runs", "show", "me:1"])["failure"]["requestId"].as_str().unwrap().to_owned();
        let shown = text(&world.run(&["runs", "show", "me:1"], &[]).stdout);
        let failure = shown.lines().find_map(|line| line.strip_prefix("failure    ")).unwrap();
        assert_eq!(failure.replace(&request, "REQUEST"), line);
    }
}

#[test]
fn a_base_model_that_ends_too_soon_to_train_on_is_called_open_nowhere() {
    let date = (jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date() + 12.days()).to_string();
    let dated = format!("[profiles.fake.models.\"{FAKE_BASE_MODEL}\"]\nshutdown_date = \"{date}\"");
    let world = hosted(&dated);
    let fake = |life: &[(&str, &str)]| {
        let listed: Value = serde_json::from_slice(&world.run(&["providers", "list", "--json"], life).stdout).unwrap();
        listed.as_array().unwrap().iter().find(|profile| profile["name"] == "fake").unwrap()["training"].clone()
    };
    let checked = |life: &[(&str, &str)]| world.run(&["providers", "check", "fake"], life);

    let reason = format!("on {date}, in 12 days, and a model trained now should be of use for 30");
    let refused = world.train(&[]);
    assert!(text(&refused.stderr).contains(&reason), "{}", text(&refused.stderr));
    assert_eq!(fake(&[])["open"], false);
    assert!(fake(&[])["closedReason"].as_str().unwrap().contains(&reason), "{}", fake(&[]));
    assert_eq!(checked(&[]).status.code(), Some(1));
    assert!(text(&checked(&[]).stdout).contains(&reason), "{}", text(&checked(&[]).stdout));
    let table = world.run(&["providers", "list"], &[]);
    assert!(text(&table.stdout).contains(&format!("too late: base model shuts down {date}")));

    let short = [("IDIOLECT_RETIREMENT_MIN_USEFUL_LIFE_DAYS", "12")];
    assert_eq!(fake(&short)["open"], true);
    assert!(checked(&short).status.success(), "{}", text(&checked(&short).stdout));
    assert!(world.train(&short).status.success());
}

#[test]
fn a_revocation_stands_even_if_the_cluster_that_it_is_told_to_cannot_be_told() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "");
    assert!(!trained(&world, &[("IDIOLECT_FAULT_POINT", "after_job#1")]).success());
    let revoked = world.run(&["consent", "revoke"], &[("IDIOLECT_TEMPORAL_ADDRESS", "127.0.0.1:9")]);
    assert!(revoked.status.success(), "{}", text(&revoked.stderr));
    assert!(text(&revoked.stderr).contains("within two minutes"), "{}", text(&revoked.stderr));
    assert_eq!(world.json(&["status"])["modelStatus"], "disabled");
}

#[test]
fn a_run_that_another_flag_was_given_to_goes_on_or_says_why_not() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "");
    assert!(!trained(&world, &[("IDIOLECT_FAULT_POINT", "after_job#1")]).success());
    let source = world.world.source();
    let other = world.run(&["train", "--source", &source, "--until", UNTIL, "--days", "3"], &[]);
    assert!(text(&other.stderr).contains("runs cancel --user me"), "{}", text(&other.stderr));
}

#[test]
fn a_run_names_the_commit_that_it_was_made_by() {
    let world = hosted("");
    assert!(trained(&world, &[]).success());
    let runs = world.json(&["runs"]);
    let version = runs[0]["artifacts"]["codeVersionSha"].as_str().unwrap();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    if std::path::Path::new(root).join(".git").exists() {
        let commit = format!("{version}^{{commit}}");
        let known =
            std::process::Command::new("git").args(["-C", root, "rev-parse", "--verify", &commit]).output().unwrap();
        assert_eq!(text(&known.stdout).trim(), version);
    } else {
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
    }
}
