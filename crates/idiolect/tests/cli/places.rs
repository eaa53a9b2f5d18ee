//! Where data comes from and goes to: files, pipes, standard input and output, and a full disk.

use crate::bad_input::{assert_says, extract, sentence};
use crate::world::{UNTIL, World, files, text};

/// Opening a pipe waits until somebody writes into it.
#[test]
fn what_is_no_file_is_refused_and_a_dash_is_standard_input_and_output() {
    let world = World::ready();
    assert!(std::process::Command::new("mkfifo").arg(world.path("pipe")).status().unwrap().success());
    for arguments in [
        &["dataset", "validate", "pipe"][..],
        &["dataset", "validate", "/dev/zero"],
        &["store", "import", "pipe"],
        &["model", "pull", "smollm2-135m-instruct", "--from", "pipe"],
    ] {
        assert_says(
            &sentence(&world.run(arguments)),
            &[arguments.last().unwrap(), "it is a pipe, a socket or a device"],
        );
    }
    for arguments in [&["dataset", "validate", "pipe"][..], &["store", "import", "pipe"]] {
        assert_says(&sentence(&world.run(arguments)), &["name a file, or - for standard input"]);
    }
    for source in ["pipe", "ndjson:pipe", "chat-db:pipe"] {
        assert_says(&extract(&world, source), &["pipe", "neither a file nor a folder"]);
    }
    let source = world.source();
    let dataset = |more: &[&str]| world.run(&[&["dataset"], more, &["--source", &source, "--until", UNTIL]].concat());
    let page = dataset(&["report", "-o", "-"]);
    assert!(page.status.success(), "{}", text(&page.stderr));
    assert!(text(&page.stdout).starts_with("<!DOCTYPE html>") && text(&page.stdout).trim_end().ends_with("</html>"));
    for wrong in [&["build", "-o", "-"][..], &["report", "-o", "-", "--json"]] {
        let output = dataset(wrong);
        assert_says(&sentence(&output), &["-o -"]);
        assert_eq!(output.status.code(), Some(2));
    }
    for refused in [world.run(&["store", "export", "-o", "pipe"]), dataset(&["report", "-o", "pipe"])] {
        assert_says(&sentence(&refused), &["pipe: cannot be written: it is a pipe"]);
    }
    assert!(!std::fs::metadata(world.path("pipe")).unwrap().is_file(), "nothing is put in its place");
    let records = world.run(&["store", "export", "-o", "-"]);
    assert!(records.status.success() && text(&records.stdout).lines().count() > 1, "{}", text(&records.stdout));
    assert!(dataset(&["build", "-o", "built"]).status.success());
    let lines = std::fs::File::open(world.path("built/training.jsonl")).unwrap();
    let validated = world.command(&["dataset", "validate", "-"]).stdin(lines).output().unwrap();
    assert!(validated.status.success() && text(&validated.stdout).ends_with(": valid\n"));
    assert!(!files(world.dir.path()).iter().any(|file| file.ends_with("-")), "nothing is called -");
}

/// A file system of one page stands for a full disk.
#[test]
fn a_full_disk_gives_a_sentence_and_leaves_nothing_half_written() {
    let world = World::ready();
    let full = world.path("full");
    std::fs::create_dir(&full).unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
        .arg(&full)
        .stderr(std::process::Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("skipped: only root can mount the small file system that stands for a full disk");
        return;
    }
    let built = world.run(&["dataset", "build", "--source", &world.source(), "--until", UNTIL, "-o", "full/a"]);
    assert!(built.status.success(), "{}", text(&built.stderr));
    std::fs::write(full.join("ballast"), vec![0; 180_000]).unwrap();
    let output = world.run(&["dataset", "build", "--source", &world.source(), "--until", UNTIL, "-o", "full/b"]);
    let left = files(&full);
    let trained =
        world.command(&["train", "--source", &world.source(), "--until", UNTIL, "--data-dir", "full/data"]).output();
    let unmounted = std::process::Command::new("umount").arg("-l").arg(&full).status().unwrap();
    assert!(unmounted.success());
    assert_says(&sentence(&output), &["full/b", "the disk is full"]);
    assert!(!left.iter().any(|file| file.to_string_lossy().ends_with("tmp")), "{left:?}");
    assert!(!trained.unwrap().status.success());
}

/// A device whose disk is always full.
#[cfg(target_os = "linux")]
#[test]
fn data_that_cannot_be_written_is_a_failure() {
    let world = World::without_model();
    for arguments in [&["sources", "list"][..], &["sources", "list", "--json"], &["consent", "show"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = world.command(arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_says(&sentence(&output), &["standard output cannot be written", "No space left"]);
    }
}

#[test]
fn whoever_does_not_read_the_notes_gets_the_data_all_the_same() {
    let world = World::without_model();
    world.write_messages(3, None);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output =
        world.command(&["extract", "--source", &world.source(), "--until", UNTIL]).stderr(writer).output().unwrap();
    assert!(output.status.success());
    assert_eq!(text(&output.stdout).lines().count(), 3);
}

#[test]
fn the_file_that_model_base_names_is_looked_into_and_not_to_be_pulled() {
    let world = World::ready();
    std::fs::write(world.path("cut.gguf"), "GGUF").unwrap();
    let doctor = |file: &str| {
        let output = world.run(&["doctor", "--set", &format!("model.base={}", world.path(file).display())]);
        let said = text(&output.stdout);
        let line = said.lines().find(|line| line.starts_with("base model")).unwrap_or_default().to_owned();
        (output.status.code(), line)
    };
    for (file, why) in [("none.gguf", "there is no such file; check model.base"), ("cut.gguf", "is cut short")] {
        let (code, line) = doctor(file);
        assert!(code == Some(1) && line.contains("!!") && line.contains(why), "{line}");
        assert!(!line.contains("pull` brings it"), "{line}");
    }
}
