//! A disk that fails, which a library loaded before the system's own stands for.

use std::path::PathBuf;
use std::process::Command;

use crate::crash::{assert_no_training_file, wait_for_step};
use crate::world::{UNTIL, World, signal, text};

/// Reading a directory called `files`, and looking at anything in one called `adapters`, fails with "Input/output error".
const FAILING: &str = r#"
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct dirent64 *readdir64(DIR *directory) {
    char link[64], path[4096] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd(directory));
    if (readlink(link, path, sizeof path - 1) > 0 && strstr(path, "/provider/files")) {
        errno = EIO;
        return NULL;
    }
    struct dirent64 *(*real)(DIR *) = dlsym(RTLD_NEXT, "readdir64");
    return real(directory);
}

int statx(int directory, const char *volatile path, int flags, unsigned mask, struct statx *found) {
    if (path && strstr(path, "/adapters/")) {
        errno = EIO;
        return -1;
    }
    int (*real)(int, const char *, int, unsigned, struct statx *) = dlsym(RTLD_NEXT, "statx");
    return real(directory, path, flags, mask, found);
}
"#;

/// The command on such a disk.
fn failing(world: &World, arguments: &[&str]) -> Command {
    let [source, library]: [PathBuf; 2] = ["failing.c", "failing.so"].map(|name| world.path(name));
    std::fs::write(&source, FAILING).unwrap();
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]).arg("-ldl").status();
    assert!(compiled.unwrap().success());
    let mut command = world.command(arguments);
    command.env("LD_PRELOAD", library);
    command
}

#[test]
fn a_training_file_that_cannot_be_found_is_not_said_to_be_gone() {
    let world = World::ready();
    world.write_messages(900, None);
    let mut child = world
        .command(&["train", "--source", &world.source(), "--until", UNTIL])
        .env("IDIOLECT_TRAINING_EPOCHS", "6")
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    wait_for_step(&world, "job_created");
    signal(child.id(), "KILL");
    child.wait().unwrap();
    let failed = failing(&world, &["consent", "revoke"]).output().unwrap();
    assert_eq!(failed.status.code(), Some(1), "{}", text(&failed.stderr));
    assert!(text(&failed.stderr).contains("could not be ended here"), "{}", text(&failed.stderr));
    let ended = world.run(&["consent", "revoke"]);
    assert!(ended.status.success(), "{}", text(&ended.stderr));
    assert_no_training_file(&world, "a failing disk");
}

#[test]
fn a_model_that_cannot_be_looked_at_is_not_recorded_as_gone() {
    let world = World::ready();
    assert!(world.train().status.success());
    std::fs::write(world.path("said"), "see you at five\n").unwrap();
    let said = std::fs::File::open(world.path("said")).unwrap();
    let failed = failing(&world, &["chat"]).stdin(said).output().unwrap();
    assert_eq!(failed.status.code(), Some(1), "{}", text(&failed.stderr));
    assert!(text(&failed.stderr).contains("Input/output error"), "{}", text(&failed.stderr));
    assert_eq!(world.json(&["versions", "list"])[0]["standing"], "active");
}

#[test]
fn a_base_model_that_cannot_be_looked_at_is_not_said_to_be_missing() {
    let world = World::ready();
    let model = world.path("adapters/tiny.gguf");
    std::fs::create_dir(world.path("adapters")).unwrap();
    std::fs::rename(world.path("tiny.gguf"), &model).unwrap();
    let failed = failing(&world, &["chat"]).env("IDIOLECT_MODEL_BASE", &model).output().unwrap();
    let said = text(&failed.stderr);
    assert!(said.contains("cannot be looked at: Input/output error") && !said.contains("no such file"), "{said}");
}

#[test]
fn a_worker_says_that_a_turn_waits_for_a_provider() {
    let world = World::new();
    world.write_messages(160, None);
    let scheduled = |arguments: &[&str]| {
        let mut command = world.command(arguments);
        command.env("IDIOLECT_SCHEDULE_EVERY_DAYS", "7").env("IDIOLECT_SCHEDULE_ON_OPT_IN", "true");
        command.env("IDIOLECT_SCHEDULE_SOURCE", world.source());
        command
    };
    assert!(scheduled(&["consent", "grant"]).status().unwrap().success());
    std::fs::create_dir(world.data().join("provider")).unwrap();
    std::fs::write(world.data().join("provider/files"), "").unwrap();
    let (log, said) = (world.path("worker.log"), "a provider cannot be used; it is tried again");
    let mut worker = scheduled(&["worker"]).stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
    for _ in 0..200 {
        if std::fs::read_to_string(&log).unwrap().contains(said) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    signal(worker.id(), "INT");
    assert!(worker.wait().unwrap().success());
    let log = std::fs::read_to_string(&log).unwrap();
    // The path, and the reason once.
    assert!(log.contains(said) && log.matches("File exists").count() == 1, "{log}");
}
