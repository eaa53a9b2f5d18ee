//! The binary at a hosted provider: what runs say of themselves, and of what was given to them.

use idiolect_testkit::{Endpoint, FAKE_BASE_MODEL, Oddity, sign_webhook};
use jiff::ToSpan;
use serde_json::{Value, json};

use crate::hosted_world::{HostedWorld, JOBS_GO_ON, StoreKind};
use crate::operations::{hosted, trained, until};
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
fn a_run_that_is_to_be_reviewed_is_not_called_activated() {
    let world = hosted("");
    let waits = world.train(&[("IDIOLECT_ROLLOUT_ACTIVATION", "after_review")]);
    assert!(waits.status.success());
    let said = format!("{}{}", text(&waits.stdout), text(&waits.stderr));
    for line in [
        "run me:1: awaiting_review: the model answers; ",
        "  holdout not scored",
        "next: `idiolect versions approve me:1`",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains("activated") && !said.contains("idiolect chat"), "{said}");
    assert!(world.run(&["versions", "approve", "me:1", "--yes"], &[]).status.success());
    let shown = text(&world.run(&["runs", "show", "me:1"], &[]).stdout);
    assert!(shown.contains("step       activated") && shown.contains("verdict    the model answers; "), "{shown}");
}

#[test]
fn an_account_that_is_cut_off_is_told_what_to_do_and_that_nothing_was_spent() {
    let world = hosted("alternatives = [\"local\"]");
    world.server.next(Endpoint::CreateJob, Oddity::closed(403));
    let refused = world.train(&[]);
    assert!(text(&refused.stderr).contains("  no fine-tuning job was created\n"), "{}", text(&refused.stderr));
    let shown = text(&world.run(&["runs", "show", "me:1"], &[]).stdout);
    let line = |name: &str| shown.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    let instead = "; train with local instead (`idiolect train --provider local`)";
    assert!(line("failure").starts_with("failure    provider_closed: fake takes no fine-tuning job"), "{shown}");
    assert!(line("failure").ends_with(instead), "{shown}");
    assert!(line("cost").ends_with(" estimated, nothing spent"), "{shown}");
}

#[test]
fn trouble_is_said_once_to_whoever_watches_and_logged_when_asked_for() {
    for (log, logged) in [(None, 0), (Some("warn"), 1)] {
        let world = hosted("");
        world.server.next(Endpoint::CreateJob, Oddity::rate_limited(Some(130)));
        let log = log.map(|log| ("IDIOLECT_LOG", log));
        let (stop, said) = world.interrupted_once_it_says("trying again at", &log.into_iter().collect::<Vec<_>>());
        assert!(!stop.success());
        assert_eq!(said.matches("trying again at").count(), 1, "{said}");
        assert_eq!(said.matches(" WARN ").count(), logged, "{said}");
    }
}

#[test]
fn a_run_that_somebody_has_to_see_to_says_so_and_does_not_promise_to_try_again() {
    let world = hosted("");
    assert!(!world.train(&[("IDIOLECT_FAULT_POINT", "after_create_job#1")]).status.success());
    let wrong = Oddity::refuse(401, "invalid_request_error", Some("invalid_api_key"), "Incorrect API key provided.");
    world.server.next(Endpoint::ListJobs, wrong);
    let stopped = world.train(&[]);
    assert_eq!(stopped.status.code(), Some(1));
    let said = text(&stopped.stderr);
    for line in
        ["fake does not accept the key in FAKE_API_KEY", "run me:1 is unfinished; `idiolect train --user me` goes on"]
    {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains("trying again"), "{said}");
    assert!(world.train(&[]).status.success());
    assert_eq!(world.server.jobs().len(), 1);
}

#[test]
fn a_base_model_that_is_not_there_is_a_failure_that_says_where_to_look() {
    let world = hosted("");
    let failed = world.train(&[
        ("IDIOLECT_TRAINING_BASE_MODEL", "gpt-mini"),
        ("IDIOLECT_CAPS_USD_PER_RUN", "0"),
        ("IDIOLECT_CAPS_USD_PER_USER_MONTH", "0"),
        ("IDIOLECT_CAPS_USD_PER_DAY", "0"),
    ]);
    assert_eq!(failed.status.code(), Some(1));
    let said = text(&failed.stdout);
    assert!(
        said.contains("there is no model gpt-mini (model_not_found: ")
            && said.contains("`idiolect providers check fake`"),
        "{said}"
    );
    assert!(world.server.file_names().is_empty());
    assert!(text(&world.run(&["costs"], &[]).stdout).contains("me:1"), "listed although its price is not known");
}

#[test]
fn a_model_that_is_not_there_at_once_is_waited_for() {
    let world = hosted("");
    let missing = Oddity::refuse(404, "invalid_request_error", Some("model_not_found"), "The model does not exist.");
    world.server.next(Endpoint::Chat, missing);
    let trained = world.train(&[]);
    assert!(trained.status.success(), "{}", text(&trained.stderr));
    assert!(text(&trained.stderr).contains(" yet; trying again at "), "{}", text(&trained.stderr));
}

#[test]
fn a_job_is_created_with_the_hyperparameters_that_stand_on_the_runs_record() {
    let world = hosted("");
    let begun = [
        ("IDIOLECT_TRAINING_EPOCHS", "2"),
        ("IDIOLECT_TRAINING_BATCH_SIZE", "4"),
        ("IDIOLECT_TRAINING_LEARNING_RATE_MULTIPLIER", "0.5"),
        ("IDIOLECT_FAULT_POINT", "after_commit#1"),
    ];
    assert!(!world.train(&begun).status.success());
    let recorded = || world.json(&["runs"])[0]["config"]["hyperparams"].clone();
    assert_eq!(recorded(), json!({"n_epochs": "2", "batch_size": "4", "learning_rate_multiplier": "0.5"}));
    assert!(world.train(&[("IDIOLECT_TRAINING_EPOCHS", "5")]).status.success(), "settings of later change nothing");
    let sent = &world.server.bodies(Endpoint::CreateJob)[0]["method"]["supervised"]["hyperparameters"];
    assert_eq!(*sent, json!({"n_epochs": 2, "batch_size": 4, "learning_rate_multiplier": 0.5}));

    assert!(world.train(&[("IDIOLECT_SCHEDULE_COOLDOWN_HOURS", "0")]).status.success());
    assert_eq!(recorded(), json!({"n_epochs": "3"}), "a number is known before, so that the price is");
}

/// What the server answers to a delivery, signed with this secret.
fn deliver(port: u16, secret: &str, job: &str) -> String {
    use std::io::{Read, Write};
    let webhook = sign_webhook(secret, "fine_tuning.job.succeeded", job, jiff::Timestamp::now());
    let headers: String = webhook.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(
        stream,
        "POST /v1/webhooks/fine_tuning HTTP/1.0\r\nHost: 127.0.0.1\r\n{headers}Content-Length: {}\r\n\r\n{}",
        webhook.body.len(),
        webhook.body
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split("\r\n").next().unwrap().to_owned()
}

#[test]
fn a_signed_webhook_makes_a_server_look_long_before_the_next_poll_and_a_forged_one_does_not() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "");
    let secret = "whsec_bm90IGEgc2VjcmV0IGF0IGFsbA==";
    let slowly = [("IDIOLECT_RUNS_POLL_SECONDS", "120"), ("IDIOLECT_SERVE_WEBHOOK_SECRET", secret)];
    assert!(!world.train(&[("IDIOLECT_FAULT_POINT", "after_commit#1")]).status.success());
    let server = world.serve_with(&["--engine", "embedded"], &slowly);
    let step = || world.json(&["runs", "show", "me:1"])["run"]["step"].clone();
    until(|| step() == "job_created" && world.server.count(Endpoint::GetJob) > 0);
    world.server.advance(jiff::SignedDuration::from_mins(20));
    let (job, looks) = (world.server.jobs()[0].id.clone(), world.server.count(Endpoint::GetJob));

    let forged = deliver(server.port, "whsec_YW5vdGhlciBzZWNyZXQgYWx0b2dldGhlcg==", &job);
    assert!(forged.contains(" 401 ") || forged.contains(" 400 "), "{forged}");
    assert_eq!(deliver(server.port, secret, "ftjob-of-somebody-else"), "HTTP/1.0 204 No Content");
    assert_eq!((step(), world.server.count(Endpoint::GetJob)), ("job_created".into(), looks));
    for _ in 0..3 {
        assert_eq!(deliver(server.port, secret, &job), "HTTP/1.0 204 No Content");
    }
    until(|| step() == "activated");
    assert!(server.stop().success());
}

#[test]
fn runs_under_way_are_listed_of_all_users() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "");
    let none = world.run(&["runs", "--all"], &[]);
    assert_eq!((text(&none.stdout).as_str(), text(&none.stderr).as_str()), ("", "no run is under way\n"));
    let source = world.world.source();
    for (user, point) in [("ana", "after_upload_file#1"), ("ben", "after_job#1")] {
        let grant = ["consent", "grant", "--user", user, "--purpose", "extract", "--purpose", "train_hosted"];
        assert!(world.run(&grant, &[]).status.success());
        let train = ["train", "--user", user, "--source", &source, "--until", UNTIL];
        assert!(!world.run(&train, &[("IDIOLECT_FAULT_POINT", point)]).status.success());
    }
    let steps = |run: &Value| format!("{} {}", run["userId"].as_str().unwrap(), run["run"]["step"].as_str().unwrap());
    let listed = world.json(&["runs", "--all"]);
    assert_eq!(
        listed.as_array().unwrap().iter().map(steps).collect::<Vec<_>>(),
        ["ana dataset_built", "ben job_created"]
    );
    let table = text(&world.run(&["runs", "--all"], &[]).stdout);
    assert!(table.lines().any(|line| line.starts_with("ben:1  job_created")), "{table}");
    let both = world.run(&["runs", "--all", "--user", "ana"], &[]);
    assert_eq!(both.status.code(), Some(2));
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

/// A run whose job is under way, and whoever drove it is gone.
fn left_alone() -> HostedWorld {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "");
    assert!(!world.train(&[("IDIOLECT_FAULT_POINT", "after_job#1")]).status.success());
    world
}

#[test]
fn a_revocation_and_an_erasure_that_the_provider_refuses_are_on_record_and_say_how_they_go_on() {
    let world = left_alone();
    let wrong = [("FAKE_API_KEY", "sk-another")];
    let revoked = world.run(&["consent", "revoke"], &wrong);
    let said = text(&revoked.stderr);
    assert_eq!(revoked.status.code(), Some(1));
    assert!(text(&revoked.stdout).starts_with("me: consent revoked at "));
    assert!(said.contains("could not be ended here") && said.contains("consent revoke --user me"), "{said}");
    assert_eq!(world.json(&["status"])["modelStatus"], "disabled");

    let erased = world.run(&["erase", "--user", "me", "--yes"], &wrong);
    let said = text(&erased.stderr);
    assert_eq!(erased.status.code(), Some(1));
    let receipt = said.split("receipt ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    assert!(said.contains("`idiolect erase --user me --yes` goes on"), "{said}");
    assert_eq!(world.json(&["erase", "--receipt", receipt])["completedAt"], Value::Null);

    assert!(world.run(&["erase", "--user", "me", "--yes"], &[]).status.success());
    assert!(world.json(&["erase", "--receipt", receipt])["completedAt"].is_string());
    assert_eq!(world.server.jobs()[0].status, "cancelled");
    assert!(world.server.file_names().is_empty());
}

#[test]
fn a_script_reads_how_a_cancelled_run_stands_and_that_there_is_none() {
    let world = left_alone();
    assert_eq!(world.json(&["runs", "cancel"])["run"]["step"], "cancelled");
    assert_eq!(world.json(&["runs", "cancel"]), Value::Null);
}

#[test]
fn a_lease_that_a_wrong_clock_wrote_keeps_nobody_from_ending_the_run() {
    let world = left_alone();
    let db = rusqlite::Connection::open(world.world.data().join("registry.sqlite3")).unwrap();
    let late =
        "UPDATE llm_models SET run_lease_owner = 'elsewhere', run_lease_until = '2999-01-01T00:00:00.000000000Z',
        run_next_at = '2999-01-01T00:00:00.000000000Z'";
    assert_eq!(db.execute(late, []).unwrap(), 1);
    let shown = text(&world.run(&["runs", "--all"], &[]).stdout);
    assert!(!shown.contains("being driven") && shown.contains("2999-01-01"), "{shown}");
    let revoked = world.run(&["consent", "revoke"], &[]);
    assert!(text(&revoked.stderr).contains("run me:1 was ended"), "{}", text(&revoked.stderr));
    assert_eq!(world.server.jobs()[0].status, "cancelled");
}

#[test]
fn settings_that_no_run_can_be_driven_with_are_found_by_doctor_and_keep_nobody_from_revoking() {
    let world = hosted("");
    let gone = [("IDIOLECT_TRAINING_PROVIDER", "elsewhere")];
    let doctor = world.run(&["doctor"], &gone);
    let check = text(&doctor.stdout).lines().find(|line| line.starts_with("runs ")).unwrap_or_default().to_owned();
    assert!(check.contains("!!") && check.contains("there is no provider profile \"elsewhere\""), "{check}");
    assert_eq!(doctor.status.code(), Some(1));
    let revoked = world.run(&["consent", "revoke"], &gone);
    assert!(revoked.status.success(), "{}", text(&revoked.stderr));
    assert!(text(&revoked.stdout).starts_with("me: consent revoked at "));
}

#[test]
fn an_instance_whose_name_was_lost_gives_itself_another_one() {
    let world = hosted("");
    let file = world.world.data().join("instance-id");
    std::fs::write(&file, "").unwrap();
    assert!(world.train(&[]).status.success());
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim().len(), 16);
}

#[test]
fn what_cannot_be_ended_for_want_of_a_key_is_not_said_to_be_gone() {
    for command in [&["consent", "revoke"][..], &["runs", "cancel"]] {
        let world = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "");
        world.interrupted_once_it_says("fine-tuning job created", &[]);
        let output = world.run(command, &[("FAKE_API_KEY", "")]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {said}");
        assert!(said.contains("may still be at the provider") && !said.contains("is deleted"), "{command:?}: {said}");
        assert!(world.run(command, &[]).status.success(), "with the key it goes on");
        assert!(world.server.file_names().is_empty(), "{command:?}");
    }
}
