//! What becomes of versions after training: review, costs, rolling back, erasing; and a worker that goes on with runs.

use crate::world::{UNTIL, World, files, signal, text};

#[test]
fn a_version_that_is_to_be_reviewed_is_served_once_it_is_approved() {
    let world = World::ready();
    let trained = world
        .command(&["train", "--source", &world.source(), "--until", UNTIL])
        .env("IDIOLECT_ROLLOUT_ACTIVATION", "after_review")
        .output()
        .unwrap();
    assert!(trained.status.success(), "{}", text(&trained.stderr));
    let status = world.json(&["status"]);
    assert_eq!((&status["awaitingReview"], &status["fallbackReason"]), (&[1].into(), &"training".into()));
    assert_eq!(world.json(&["versions", "list"])[0]["standing"], "awaiting review");

    let shown = world.json(&["versions", "approve", "1"]);
    assert!(shown["samples"].as_array().unwrap().len() >= 3, "{shown}");
    assert_eq!(world.json(&["status"])["activeModelVersion"], 0, "looking changes nothing");
    assert_eq!(world.json(&["versions", "approve", "me:1", "--yes"])["activeModelVersion"], 1);
    assert_eq!(world.json(&["versions", "list"])[0]["standing"], "active");

    let nothing = world.run(&["versions", "rollback"]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(text(&nothing.stderr).contains("no earlier version"), "{}", text(&nothing.stderr));
    let missing = world.run(&["versions", "activate", "7"]);
    assert!(text(&missing.stderr).contains("there is no version me:7"), "{}", text(&missing.stderr));
}

#[test]
fn runs_costs_and_status_read_well_and_erase_leaves_a_receipt_and_nothing_else() {
    let world = World::ready();
    assert!(world.train().status.success());
    let run = world.run(&["runs", "show", "1"]);
    let shown = text(&run.stdout);
    for fact in
        ["run        me:1 (manual)", "step       activated", "provider   local", "cost       $0.00\n", "verdict    "]
    {
        assert!(shown.contains(fact), "{fact}: {shown}");
    }
    let costs = world.json(&["costs"]);
    assert_eq!((&costs["userMonthUsd"], &costs["caps"]["usdPerRun"]), (&0.0.into(), &5.0.into()));
    assert!(text(&world.run(&["costs"]).stdout).contains("$0.00 of $20.00"));

    let unasked = world.run(&["erase"]);
    assert!(text(&unasked.stderr).contains("say whom to erase"), "{}", text(&unasked.stderr));
    let unconfirmed = world.run(&["erase", "--user", "me"]);
    assert!(text(&unconfirmed.stderr).contains("add --yes"), "{}", text(&unconfirmed.stderr));
    // Settings that nobody can train with keep nobody from being erased, and no run from being ended.
    let of_training = ["redaction.region=Britain", "retirement.successor=elsewhere", "schedule.source=mbox:x"];
    let useless = of_training.map(|setting| ["--set", setting]).concat();
    assert!(!world.run(&[&["consent", "grant"], &useless[..]].concat()).status.success());
    let nothing_to_end = world.run(&[&["runs", "cancel"], &useless[..]].concat());
    assert!(nothing_to_end.status.success(), "{}", text(&nothing_to_end.stderr));
    let receipt = world.json(&[&["erase", "--user", "me", "--yes"], &useless[..]].concat());
    let kinds: Vec<_> = receipt["items"].as_array().unwrap().iter().map(|item| item["kind"].clone()).collect();
    assert_eq!(kinds, ["job", "training_file", "model", "version", "user"]);
    assert!(receipt["completedAt"].is_string() && !receipt.to_string().contains("\"me"), "{receipt}");
    let again = world.json(&["erase", "--receipt", receipt["receipt"].as_str().unwrap()]);
    assert_eq!(again, receipt);
    assert_eq!(world.json(&["runs"]).as_array().unwrap().len(), 0);
    let left: Vec<_> = files(&world.data().join("adapters"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "safetensors"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// In any letter case, for the name of a local model is in small letters.
#[test]
fn after_an_erasure_no_byte_of_the_data_directory_names_the_user() {
    let world = World::new();
    world.write_messages(160, None);
    let user = ["--user", "Quixotine"];
    let run = |arguments: &[&str]| {
        let output = world.run(&[arguments, &user].concat());
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    };
    run(&["consent", "grant"]);
    run(&["train", "--source", &world.source(), "--until", UNTIL]);
    assert!(!naming(&world.data(), "quixotine").is_empty(), "what is looked for is there before");
    run(&["erase", "--yes"]);
    assert_eq!(naming(&world.data(), "quixotine"), Vec::<std::path::PathBuf>::new());
}

#[test]
fn an_erasure_takes_the_api_key_at_once_and_is_gone_on_with_when_another_process_has_ended() {
    let world = World::new();
    assert!(world.run(&["consent", "grant"]).status.success());
    let key = world.data().join("api-key-me.sha256");
    std::fs::write(&key, "0").unwrap();
    let lock = world.data().join("run.lock");
    std::fs::create_dir(&lock).unwrap();
    let failed = world.run(&["erase", "--user", "me", "--yes"]);
    assert_eq!(failed.status.code(), Some(1), "nobody is to be waited for");
    for said in ["is begun, but not everything is gone yet", "run.lock: cannot be opened"] {
        assert!(text(&failed.stderr).contains(said), "{}", text(&failed.stderr));
    }
    std::fs::remove_dir(&lock).unwrap();
    std::fs::write(&key, "0").unwrap();
    let driven = std::fs::File::options().create(true).append(true).open(&lock).unwrap();
    driven.lock().unwrap();
    let mut command = world.command(&["erase", "--user", "me", "--yes"]);
    let piped = std::process::Stdio::piped;
    let mut erasing = command.stdout(piped()).stderr(piped()).spawn().unwrap();
    while key.exists() {
        assert!(erasing.try_wait().unwrap().is_none(), "it ended");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(erasing.try_wait().unwrap().is_none(), "nothing is erased yet");
    // As `idiolect train` does, which ends with the user's run.
    drop(driven);
    let erased = erasing.wait_with_output().unwrap();
    assert!(erased.status.success(), "{}", text(&erased.stderr));
    assert!(text(&erased.stderr).contains("another process drives runs here"), "{}", text(&erased.stderr));
    assert!(text(&erased.stdout).starts_with("erased at "), "{}", text(&erased.stdout));
}

/// The files that hold the name, or bear it.
fn naming(dir: &std::path::Path, name: &str) -> Vec<std::path::PathBuf> {
    let holds = |bytes: &[u8]| bytes.to_ascii_lowercase().windows(name.len()).any(|part| part == name.as_bytes());
    let names = |path: &std::path::PathBuf| {
        holds(path.as_os_str().as_encoded_bytes()) || holds(&std::fs::read(dir.join(path)).unwrap())
    };
    files(dir).into_iter().filter(names).collect()
}

#[test]
fn a_worker_goes_on_with_a_run_that_a_crash_interrupted() {
    let world = World::ready();
    world.write_messages(900, None);
    let mut child = world
        .command(&["train", "--source", &world.source(), "--until", UNTIL])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let step = || world.json(&["runs"])[0]["run"]["step"].as_str().unwrap_or_default().to_owned();
    let until = |wanted: &[&str]| {
        for _ in 0..1200 {
            if wanted.contains(&step().as_str()) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the run does not come to {wanted:?} but to {}", step());
    };
    until(&["job_created", "activated"]);
    signal(child.id(), "KILL");
    child.wait().unwrap();
    let mut worker = Ended(world.command(&["worker"]).stderr(std::process::Stdio::null()).spawn().unwrap());
    until(&["activated"]);
    signal(worker.0.id(), "INT");
    assert!(worker.0.wait().unwrap().success());
    assert_eq!(world.json(&["runs"]).as_array().unwrap().len(), 1);
}

/// A process that does not outlive its test.
struct Ended(std::process::Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
