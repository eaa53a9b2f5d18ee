//! docs/OPERATIONS.md is true: each of its situations is brought about, its commands are run, and what the guide quotes is
//! what they print. With `--nocapture` the whole of what they print is shown, which is how the guide was written.

use jiff::ToSpan;
use serde_json::Value;

use idiolect_testkit::{Endpoint, FAKE_BASE_MODEL, Oddity};

use crate::hosted_world::{HostedWorld, JOBS_AT_ONCE, JOBS_GO_ON, StoreKind};
use crate::world::{UNTIL, World, signal, text, usual_words};

const GUIDE: &str = include_str!("../../../../docs/OPERATIONS.md");

/// Of the guide; a situation of its own.
fn chapter(title: &str) -> &'static str {
    let from = GUIDE.find(&format!("\n## {title}\n")).unwrap_or_else(|| panic!("the guide has no chapter {title}"));
    GUIDE[from + 1..].split("\n## ").next().unwrap()
}

/// The settings that a chapter shows.
fn settings_of(title: &str) -> &'static str {
    let block = chapter(title).split("```toml\n").nth(1).unwrap_or_else(|| panic!("{title} shows no settings"));
    block.split("```").next().unwrap()
}

/// Where the commands of the guide are run.
trait Place {
    fn output(&self, arguments: &[&str], variables: &[(&str, &str)]) -> std::process::Output;
}

impl Place for HostedWorld {
    fn output(&self, arguments: &[&str], variables: &[(&str, &str)]) -> std::process::Output {
        self.run(arguments, variables)
    }
}

impl Place for World {
    fn output(&self, arguments: &[&str], variables: &[(&str, &str)]) -> std::process::Output {
        self.command(arguments).envs(variables.iter().copied()).output().unwrap()
    }
}

/// Runs a command as the chapter has it. Every `quoted` piece must be in the chapter and in what the command prints.
#[allow(clippy::print_stdout, reason = "what the guide is written from")]
fn quoted(world: &dyn Place, title: &str, command: &str, variables: &[(&str, &str)], quoted: &[&str]) {
    let chapter = chapter(title);
    assert!(chapter.contains(&format!("idiolect {command}\n")), "{title} does not have `idiolect {command}`");
    let arguments: Vec<&str> = command.split(' ').collect();
    let output = world.output(&arguments, variables);
    let printed = format!("{}{}", text(&output.stdout), text(&output.stderr));
    println!("[{title}] $ idiolect {command}   ({})\n{printed}", output.status);
    for piece in quoted {
        assert!(chapter.contains(piece), "{title} does not quote {piece:?} of `{command}`");
        assert!(printed.contains(piece), "`{command}` does not print {piece:?} but {printed}");
    }
}

/// Where jobs are over when they are first looked at.
pub fn hosted(settings: &str) -> HostedWorld {
    HostedWorld::new(StoreKind::Sqlite, JOBS_AT_ONCE, settings)
}

pub fn trained(world: &HostedWorld, variables: &[(&str, &str)]) -> std::process::ExitStatus {
    world.train(variables).status
}

#[test]
fn many_users_are_trained_by_themselves_with_the_settings_of_the_guide() {
    let title = "Training many users by themselves";
    let world = hosted("");
    let profiles = std::fs::read_to_string(world.world.path("idiolect.toml")).unwrap();
    let here = format!("{}/", world.world.dir.path().display());
    let settings = settings_of(title).replace("/messages/", &here);
    std::fs::write(world.world.path("idiolect.toml"), settings + &profiles).unwrap();
    std::fs::copy(world.world.path("sent.ndjson"), world.world.path("ana.ndjson")).unwrap();

    let doctor: Value = serde_json::from_slice(&world.run(&["doctor", "--json"], &[]).stdout).unwrap();
    for (key, setting) in doctor["settings"].as_object().unwrap() {
        if ["schedule.", "rollout.", "caps."].iter().any(|section| key.starts_with(section)) {
            let origin = setting["origin"].as_str().unwrap();
            assert!(origin.contains("idiolect.toml"), "the guide does not set {key}: it is from {origin}");
        }
    }
    quoted(&world, title, "consent grant --user ana --purpose extract --purpose train_hosted", &[], &[]);
    let cleo = ["consent", "grant", "--user", "cleo", "--purpose", "extract", "--purpose", "train_hosted"];
    assert!(world.run(&cleo, &[]).status.success());
    assert!(chapter(title).contains("$ idiolect worker\n"));
    let mut worker = world
        .command(&["worker"])
        .env("IDIOLECT_DATASET_DAYS", "3650")
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    until(|| world.json(&["status", "--user", "ana"])["awaitingReview"] == serde_json::json!([1]));
    until(|| !world.json(&["status", "--user", "cleo"])["lastTrigger"].is_null());
    signal(worker.id(), "INT");
    assert!(worker.wait().unwrap().success());
    quoted(&world, title, "runs show ana:1", &[], &["run        ana:1 (opt_in)", "step       awaiting_review"]);
    let refused = "refused   not_allowed: cleo is not on the list rollout.allowed_users";
    quoted(&world, title, "status --user cleo", &[], &[refused]);
}

#[test]
fn a_stuck_job_is_found_and_cancelled_as_the_guide_says() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "");
    assert!(!trained(&world, &[("IDIOLECT_FAULT_POINT", "after_job#1")]).success());
    let title = "A job is stuck";
    let all = ["run   step         requested             provider  next          in the way", "me:1  job_created  20"];
    quoted(&world, title, "runs --all", &[], &all);
    quoted(&world, title, "status --user me", &[], &["is unfinished, last step job_created"]);
    quoted(&world, title, "runs show me:1", &[], &["step       job_created", "job        ftjob-"]);
    quoted(&world, title, "runs cancel --user me", &[], &["run me:1 is over: cancelled"]);
    assert_eq!(world.server.jobs()[0].status, "cancelled");
    assert!(world.server.file_names().is_empty());
}

#[test]
fn an_exhausted_quota_reads_as_the_guide_says() {
    let world = hosted("");
    world.server.next(Endpoint::CreateJob, Oddity::insufficient_quota());
    assert!(!trained(&world, &[]).success());
    quoted(
        &world,
        "The provider's quota is used up",
        "runs show me:1",
        &[],
        &["quota_exhausted: the account at the provider has no quota left", "step       failed", "[request req-"],
    );
    assert!(world.server.jobs().is_empty());
    assert!(world.server.file_names().is_empty());
}

#[test]
fn a_closed_provider_is_refused_up_front_as_the_guide_says() {
    let world = hosted("training_open_until = \"2026-01-01\"");
    let title = "The provider has closed training";
    quoted(&world, title, "providers check fake", &[], &["has taken no new fine-tuning jobs since 2026-01-01"]);
    let refused = world.train(&[]);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("2026-01-01"), "{}", text(&refused.stderr));
    assert_eq!(world.server.count(Endpoint::UploadFile), 0);
    quoted(&world, title, "status --user me", &[], &["refused   provider_closed"]);
}

#[test]
fn a_version_is_rolled_back_as_the_guide_says() {
    let world = hosted("");
    let again = [("IDIOLECT_SCHEDULE_COOLDOWN_HOURS", "0")];
    assert!(trained(&world, &again).success());
    assert!(trained(&world, &again).success());
    let title = "A version is worse: roll back";
    quoted(&world, title, "versions list --user me", &[], &["previous", "active"]);
    quoted(&world, title, "versions rollback --user me", &[], &["me is served version 1 again"]);
    quoted(&world, title, "versions activate me:2", &[], &["me:2 is served"]);
}

#[test]
fn a_model_that_the_provider_has_no_more_reads_as_the_guide_says_and_is_asked_once() {
    const HI: &str = r#"{"messages":[{"role":"user","content":"hi"}]}"#;
    let world = hosted("");
    assert!(trained(&world, &[]).success());
    let model = world.server.fine_tuned_models().remove(0);
    let server = world.serve(&[]);
    let chat = || server.post("/v1/chat/completions", HI).0;
    assert!(chat().contains("x-idiolect-version: 1"));
    let asked = || world.server.bodies(Endpoint::Chat).iter().filter(|body| body["model"] == model.as_str()).count();

    world.server.retire_model(&model);
    assert!(chat().contains("x-idiolect-fallback-reason: model_unavailable"));
    let status = || world.json(&["status"])["modelStatus"].as_str().unwrap().to_owned();
    until(|| status() == "failed");
    let before = asked();
    for _ in 0..3 {
        assert!(chat().contains("x-idiolect-fallback-reason: model_unavailable"));
    }
    assert_eq!(asked(), before, "the model that is gone is not asked");
    let title = "The provider does not have a model any more";
    quoted(
        &world,
        title,
        "status --user me",
        &[],
        &["(model_unavailable)", "suspect   model_gone: fake does not have the model"],
    );
    quoted(&world, title, "versions list --user me", &[], &["gone"]);

    // Another process knows nothing of when it was last looked at.
    drop(server);
    world.server.bring_back_model(&model);
    assert!(world.run(&["versions", "activate", "me:1"], &[]).status.success());
    world.server.retire_model(&model);
    let chat = world.chat("I will be late.");
    let said = text(&chat.stderr);
    assert!(chat.status.success() && !text(&chat.stdout).trim().is_empty(), "{said}");
    assert!(said.contains("there is no model ft:") && said.contains("(model_unavailable)"), "{said}");
    assert_eq!(status(), "failed", "the terminal finds it as the server does");
    world.server.bring_back_model(&model);
    let server = world.serve(&[]);
    let chat = || server.post("/v1/chat/completions", HI).0;
    chat();
    until(|| status() == "ready");
    assert!(chat().contains("x-idiolect-version: 1"));
    assert_eq!(world.json(&["runs", "show", "me:1"])["failure"], Value::Null);
}

/// Waits for what another process does.
pub fn until(done: impl Fn() -> bool) {
    for _ in 0..200 {
        if done() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("it does not come about");
}

/// Two versions of one way of writing; then somebody writes otherwise, of which a third training sees only the old part.
#[test]
fn a_regression_rolls_back_by_itself_as_the_guide_says() {
    let world = World::ready();
    let source = world.source();
    let train = ["train", "--source", &source, "--until", UNTIL];
    let trained = |epochs: &str| {
        let well = [("IDIOLECT_TRAINING_EPOCHS", epochs), ("IDIOLECT_TRAINING_LEARNING_RATE_MULTIPLIER", "3")];
        world.output(&train, &well)
    };
    assert!(trained("4").status.success());
    assert!(trained("8").status.success());
    assert_eq!(world.json(&["status"])["activeModelVersion"], 2, "it measures better");

    // The newest have not a letter in common with the others.
    let syllables = ["κα", "λη", "μέ", "ρα", "φί", "λε", "μου", "σή", "χω", "δρό"];
    let other = |n: usize| (0..24).map(|i| syllables[(n * i * i + n / 3 + i) % syllables.len()]).collect::<String>();
    world.write_texts(160, |n| if n < 144 { usual_words(n) } else { other(n) });
    let third = trained("8");
    assert!(text(&third.stdout).contains("not activated: no better than the base model"), "{}", text(&third.stdout));
    let title = "A version is worse: roll back";
    let status = [
        "serves    ft:tiny:me-v1:",
        "regressed me:2 is not served any more: it has ",
        "last run  me:3 ended as not_activated",
    ];
    quoted(&world, title, "status --user me", &[], &status);
    quoted(&world, title, "versions list --user me", &[], &["not activated", "regressed", "active"]);
    quoted(&world, title, "runs show me:2", &[], &["failure    regression: it has ", "on the holdout of run me:3"]);
    let status = world.json(&["status"]);
    assert_eq!((&status["activeModelVersion"], &status["regressed"]), (&1.into(), &[2].into()));
    assert_eq!((&status["lastRun"]["step"], &status["fallbackReason"]), (&"not_activated".into(), &Value::Null));
    let standings: Vec<_> =
        world.json(&["versions", "list"]).as_array().unwrap().iter().map(|v| v["standing"].clone()).collect();
    assert_eq!(standings, ["not activated", "regressed", "active"]);
}

/// Ana's process is killed when she has the only place; Ben's, beside it, waits, and goes on once she has given it up.
#[test]
fn a_run_that_waits_for_its_turn_reads_as_the_guide_says_and_goes_on_when_it_comes() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "max_concurrent_jobs = 1");
    let short = [("IDIOLECT_RUNS_LEASE_SECONDS", "2"), ("IDIOLECT_RUNS_HEARTBEAT_SECONDS", "1")];
    let ben =
        world.run(&["consent", "grant", "--user", "ben", "--purpose", "extract", "--purpose", "train_hosted"], &[]);
    assert!(ben.status.success(), "{}", text(&ben.stderr));
    assert!(!trained(&world, &[short[0], short[1], ("IDIOLECT_FAULT_POINT", "after_job#1")]).success());
    let source = world.world.source();
    let mut waiting = world
        .command(&["train", "--user", "ben", "--source", &source, "--until", UNTIL])
        .envs(short)
        .stderr(std::fs::File::create(world.world.path("ben.log")).unwrap())
        .spawn()
        .unwrap();
    let said = || std::fs::read_to_string(world.world.path("ben.log")).unwrap();
    until(|| said().contains("waiting for a place at fake: 1 run is ahead"));
    let title = "Runs wait for their turn";
    let line = "waits      for a place at fake: 1 run is ahead, and it takes 1 job at a time (max_concurrent_jobs)";
    quoted(&world, title, "runs show ben:1", &[], &["step       requested", line]);
    quoted(&world, title, "runs --all", &[], &["ben:1  requested    20", "  1 ahead\n"]);
    assert_eq!(world.server.jobs().len(), 1);
    // Another process, beside the one that trains for Ben.
    // Settings that no run can be begun with are good enough to end one.
    let cancel = ["runs", "cancel", "--set", "retirement.successor=elsewhere"];
    until(|| world.run(&cancel, &short).status.success() && world.server.jobs()[0].status == "cancelled");
    world.server.advance_with_each_call(JOBS_AT_ONCE);
    assert!(waiting.wait().unwrap().success(), "{}", said());
    assert_eq!(world.json(&["runs", "show", "ben:1"])["run"]["step"], "activated");
    assert_eq!(world.server.jobs().len(), 2);
}

#[test]
fn an_erasure_and_its_receipt_read_as_the_guide_says() {
    let world = hosted("");
    assert!(trained(&world, &[]).success());
    let title = "Somebody asks to be erased";
    quoted(&world, title, "erase --user me --yes", &[], &["which names nobody", "training_file", "was already gone"]);
    quoted(&world, title, "status --user me", &[], &["consent   none"]);
    assert!(world.server.fine_tuned_models().is_empty());
}

#[test]
fn a_revocation_reads_as_the_guide_says() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "");
    assert!(!trained(&world, &[("IDIOLECT_FAULT_POINT", "after_job#1")]).success());
    let title = "Consent is revoked";
    quoted(&world, title, "consent revoke --user me", &[], &["run me:1 was ended", "me: consent revoked at "]);
    quoted(&world, title, "status --user me", &[], &["status    disabled"]);
    assert_eq!(world.server.jobs()[0].status, "cancelled");
}

#[test]
fn an_installation_is_moved_as_the_guide_says() {
    let world = hosted("");
    assert!(trained(&world, &[]).success());
    let title = "Moving to another store";
    quoted(&world, title, "store export -o records.ndjson", &[], &["records exported from"]);
    let other = world.world.path("other");
    let there = [("IDIOLECT_DATA_DIR", other.to_str().unwrap())];
    quoted(&world, title, "store import records.ndjson", &there, &[]);
    let moved = world.run(&["runs", "--json"], &there);
    let moved: Value = serde_json::from_slice(&moved.stdout).unwrap();
    assert_eq!(moved, world.json(&["runs"]));
}

#[test]
fn caps_and_costs_read_as_the_guide_says() {
    let world = hosted("");
    let low = [("IDIOLECT_CAPS_USD_PER_RUN", "0.01")];
    assert!(!trained(&world, &low).success());
    let title = "A cap is reached";
    quoted(&world, title, "runs show me:1", &low, &["run_spend_cap", "caps.usd_per_run"]);
    quoted(&world, title, "costs --user me", &low, &["all users today", "of $20.00"]);
    assert_eq!(world.server.count(Endpoint::UploadFile), 0);
}

#[test]
fn a_base_model_that_ends_soon_is_seen_as_the_guide_says() {
    let date = (jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date() + 45.days()).to_string();
    let world = hosted(&format!("[profiles.fake.models.\"{FAKE_BASE_MODEL}\"]\nshutdown_date = \"{date}\""));
    assert!(trained(&world, &[]).success());
    quoted(&world, "A base model is shut down", "status --user me", &[], &["days left); set retirement.successor"]);
}

#[test]
fn a_record_that_cannot_be_read_is_seen_as_the_guide_says() {
    let world = HostedWorld::new(StoreKind::Sqlite, JOBS_GO_ON, "");
    assert!(!trained(&world, &[("IDIOLECT_FAULT_POINT", "after_job#1")]).success());
    let db = rusqlite::Connection::open(world.world.data().join("registry.sqlite3")).unwrap();
    db.execute("UPDATE users SET model_status = 'glowing'", []).unwrap();
    db.execute("UPDATE llm_models SET status = 'odd'", []).unwrap();
    let title = "A record cannot be read";
    let why = "a row of users for user me in the metadata store ";
    quoted(&world, title, "doctor", &[], &["records", "!!", why, "cannot be read: model_status is \"glowing\""]);
    let run = "left out: a row of llm_models for user me in the metadata store ";
    quoted(&world, title, "runs --all", &[], &[run, "no run whose record can be read is under way"]);
    assert_eq!(world.run(&["doctor"], &[]).status.code(), Some(1));
}
