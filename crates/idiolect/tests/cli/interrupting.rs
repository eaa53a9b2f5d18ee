//! Ctrl-C: what is half-written goes, the next step is named, and the exit code is 130.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Stdio;

use crate::bad_input::{assert_says, sentence};
use crate::world::{World, files, signal, text};

#[test]
fn a_dataset_that_is_being_read_is_stopped_at_once() {
    let world = World::ready();
    // A bridge that never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let source = format!("bridge:http://{}/messages", listener.local_addr().unwrap());
    let left = || files(world.dir.path()).into_iter().filter(|file| !file.starts_with("data")).collect::<Vec<_>>();
    let before = left();
    for verb in ["build", "report"] {
        let mut command = world.command(&["dataset", verb, "--source", &source, "-o", "out"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _asked = listener.accept().unwrap();
        signal(child.id(), "INT");
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{verb}");
        assert_says(&text(&output.stderr), &["stopped; nothing was left half-written, run the same command again"]);
        assert_eq!(left(), before, "{verb}");
    }
}

#[test]
fn a_demo_is_stopped_while_it_shows_answers() {
    let world = World::new();
    let model = world.path("tiny.gguf").display().to_string();
    let mut child =
        world.command(&["demo", "--base-model", &model]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("6. ")));
    // Halted, so that it cannot be done before it is told to stop.
    for name in ["STOP", "INT", "CONT"] {
        signal(child.id(), name);
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert_says(&text(&output.stderr), &["stopped; `idiolect demo` begins anew"]);
}

#[test]
fn a_demo_says_what_the_next_command_needs_and_is_not_emptied_under_way() {
    let world = World::new();
    let model = world.path("tiny.gguf").display().to_string();
    let missing = world.run(&["demo", "--base-model", "none.gguf"]);
    assert_says(&sentence(&missing), &["--base-model", "none.gguf: there is no such file"]);
    assert!(!world.path("idiolect-demo").exists());
    // Made by somebody, or by a demo that was killed just then.
    std::fs::create_dir(world.path("idiolect-demo")).unwrap();
    // What this machine's people need says nothing of the demo's.
    let demo = world.run(&["demo", "--base-model", &model, "--set", "eligibility.min_messages=5000"]);
    assert!(demo.status.success(), "{}", text(&demo.stderr));
    let place = world.path("idiolect-demo");
    let next = format!("chat --user wren --data-dir {} --set model.base={model}", place.display());
    assert_says(&text(&demo.stdout), &[&next]);
    let chat = world.command(&next.split(' ').collect::<Vec<_>>()).env_remove("IDIOLECT_MODEL_BASE").output().unwrap();
    assert!(chat.status.success(), "{}", text(&chat.stderr));

    let lock = std::fs::File::options().append(true).open(place.join("run.lock")).unwrap();
    lock.lock().unwrap();
    let second = world.run(&["demo", "--base-model", &model]);
    assert_says(&sentence(&second), &["another idiolect is training in", "idiolect-demo"]);
    assert!(place.join("chat.db").exists() && place.join("registry.sqlite3").exists());
}

#[test]
fn a_demo_gives_a_script_one_piece_of_json() {
    let world = World::new();
    let model = world.path("tiny.gguf").display().to_string();
    let demo = world.run(&["demo", "--base-model", &model, "--json"]);
    assert!(demo.status.success(), "{}", text(&demo.stderr));
    let said: serde_json::Value = serde_json::from_slice(&demo.stdout).unwrap();
    assert!(said["bitsPerChar"]["base"].is_f64() && said["answers"][0]["tuned"].is_string(), "{said}");
    assert_says(&text(&demo.stderr), &["3. consent", "run wren:1: ", "done in "]);
}
