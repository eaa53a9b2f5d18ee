//! Killed with SIGKILL at every step of a run and started again: one adapter, one version, the same dataset.

use std::os::unix::process::ExitStatusExt;

use crate::world::{UNTIL, World, files, text};

#[cfg(feature = "fault-points")]
#[test]
fn a_local_run_killed_around_what_it_leaves_on_disk_goes_on_to_the_same_end() {
    let whole = World::ready();
    assert!(whole.train().status.success());
    let reference = whole.json(&["runs"])[0].clone();
    let adapter = adapter_bytes(&whole);

    // Calls that leave something in this trainer's own directory, or in the middle of which it is. The hosted runs are killed
    // before and after every call there is.
    let own: Vec<_> = ["upload_file", "create_job", "job", "score", "delete_file"]
        .into_iter()
        .flat_map(|call| ["before", "after"].map(|side| format!("{side}_{call}#1")))
        .collect();
    let passed = crate::crash_hosted::trace_of_a_local_run();
    assert!(own.iter().all(|point| passed.contains(point)), "{passed:?}");
    crate::hosted_world::in_parallel(&own, |point| {
        let world = World::ready();
        let killed = world
            .command(&["train", "--source", &world.source(), "--until", UNTIL])
            .env("IDIOLECT_FAULT_POINT", point)
            .output()
            .unwrap();
        assert_eq!(killed.status.signal(), Some(9), "{point}: {}", text(&killed.stderr));

        let mut resumed = world.run(&["train"]);
        if text(&resumed.stderr).contains("no unfinished run") {
            // It ended with the kill, or had not been asked for yet.
            let over = world.json(&["runs"]) != serde_json::json!([]);
            resumed = if over { world.run(&["status"]) } else { world.train() };
        }
        assert!(resumed.status.success(), "{point}: {}", text(&resumed.stderr));
        let runs = world.json(&["runs"]);
        assert_eq!(runs.as_array().unwrap().len(), 1, "{point}: one version");
        assert_eq!(runs[0]["run"]["step"], "activated", "{point}");
        assert_eq!(runs[0]["artifacts"]["datasetHash"], reference["artifacts"]["datasetHash"], "{point}");
        assert_eq!(runs[0]["eval"]["holdoutLoss"], reference["eval"]["holdoutLoss"], "{point}");
        assert_eq!(adapter_bytes(&world), adapter, "{point}: one adapter, the same bytes");
        assert_no_training_file(&world, point);
    });
}

/// Killed in the middle of training by a signal from outside, at no particular place.
#[test]
fn a_run_killed_from_outside_while_training_goes_on() {
    let world = World::ready();
    world.write_messages(900, None);
    let mut child = world
        .command(&["train", "--source", &world.source(), "--until", UNTIL])
        .env("IDIOLECT_TRAINING_EPOCHS", "6")
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    wait_for_step(&world, "job_created");
    crate::world::signal(child.id(), "KILL");
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    let resumed = world.command(&["train"]).env("IDIOLECT_TRAINING_EPOCHS", "6").output().unwrap();
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
    assert!(text(&resumed.stderr).contains("going on with run me:1"), "{}", text(&resumed.stderr));
    assert_eq!(world.json(&["runs"]).as_array().unwrap().len(), 1);
    assert_no_training_file(&world, "kill");
}

#[test]
fn ctrl_c_stops_cleanly_and_says_how_to_go_on() {
    let world = World::ready();
    world.write_messages(900, None);
    let child = world
        .command(&["train", "--source", &world.source(), "--until", UNTIL])
        .env("IDIOLECT_TRAINING_EPOCHS", "6")
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    wait_for_step(&world, "job_created");
    crate::world::signal(child.id(), "INT");
    let stopped = child.wait_with_output().unwrap();
    assert_eq!(stopped.status.code(), Some(130), "{}", text(&stopped.stderr));
    assert!(text(&stopped.stderr).contains("nothing is lost. `idiolect train --user me`"), "{}", text(&stopped.stderr));
    let resumed = world.command(&["train"]).env("IDIOLECT_TRAINING_EPOCHS", "6").output().unwrap();
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
}

/// As `| head` may do: the run was left as it was, its training file with it, and the exit code said that all was well.
#[test]
fn a_command_whose_lines_nobody_reads_does_all_that_it_does_and_says_how_it_ended() {
    let world = World::ready();
    world.write_messages(900, None);
    let unread = |arguments: &[&str]| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        world.command(arguments).stdout(writer).output().unwrap()
    };
    let few = unread(&["train", "--source", &world.source(), "--until", UNTIL, "--days", "1"]);
    assert_eq!(few.status.code(), Some(3), "{}", text(&few.stderr));
    let mut child = world
        .command(&["train", "--source", &world.source(), "--until", UNTIL])
        .env("IDIOLECT_TRAINING_EPOCHS", "6")
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    wait_for_step(&world, "job_created");
    crate::world::signal(child.id(), "KILL");
    child.wait().unwrap();
    // Nobody else has the run: that it cannot be ended is a failure.
    let lock = world.data().join("run.lock");
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    let cancelled = world.run(&["runs", "cancel"]);
    assert_eq!(cancelled.status.code(), Some(1), "{}", text(&cancelled.stderr));
    assert!(text(&cancelled.stderr).contains("run.lock: cannot be opened"), "{}", text(&cancelled.stderr));
    std::fs::remove_dir(&lock).unwrap();
    let revoked = unread(&["consent", "revoke"]);
    assert!(revoked.status.success(), "{}", text(&revoked.stderr));
    assert_eq!(world.json(&["runs"])[0]["run"]["step"], "cancelled");
    assert_no_training_file(&world, "revoke");
    assert_eq!(unread(&["serve", "--port", "0"]).status.code(), Some(0), "nobody could know its key");
}

pub fn wait_for_step(world: &World, step: &str) {
    for _ in 0..400 {
        let output = world.run(&["runs", "--json"]);
        if text(&output.stdout).contains(&format!("\"step\": \"{step}\"")) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    panic!("the run does not come to the step {step}");
}

#[cfg(feature = "fault-points")]
fn adapter_bytes(world: &World) -> Vec<u8> {
    let adapters: Vec<_> = files(&world.data().join("adapters"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "safetensors"))
        .collect();
    assert_eq!(adapters.len(), 1, "{adapters:?}");
    std::fs::read(world.data().join("adapters").join(&adapters[0])).unwrap()
}

pub fn assert_no_training_file(world: &World, point: &str) {
    // A job's events are numbers about it and stay.
    let of_words =
        |path: &std::path::PathBuf| path.to_string_lossy().contains("jsonl") && !path.ends_with("events.jsonl");
    let left: Vec<_> = files(&world.data()).into_iter().filter(of_words).collect();
    assert!(left.is_empty(), "{point}: a training file is left: {left:?}");
}
