//! Chats of the binary with a model at a hosted provider: who answers, and in which version's words.

use std::process::Stdio;

use idiolect_testkit::{Endpoint, FAKE_BASE_MODEL, Oddity};

use crate::operations::{hosted, trained};
use crate::world::{UNTIL, text};

#[test]
fn whoever_has_a_model_of_their_own_chats_with_it_where_no_other_could_answer() {
    let world = hosted("");
    assert!(world.train(&[]).status.success());
    let answered = |variables: &[(&str, &str)], flags: &[&str]| {
        use std::io::Write;
        let mut command = world.command(&[&["chat"], flags].concat());
        let mut child = command
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // One that refuses does not read it.
        let _ = writeln!(child.stdin.take().unwrap(), "I will be late.");
        let output = child.wait_with_output().unwrap();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, with_fallback, _) = answered(&[], &[]);
    assert_eq!(code, Some(0));

    // The settings' provider has no key, or no model that would answer for everybody.
    let elsewhere = [("IDIOLECT_TRAINING_PROVIDER", "nebius")];
    assert_eq!(answered(&elsewhere, &[]), (Some(0), with_fallback.clone(), String::new()));
    let settings = std::fs::read_to_string(world.world.path("idiolect.toml")).unwrap();
    let without = settings.lines().filter(|line| !line.starts_with("default_base_model"));
    std::fs::write(world.world.path("idiolect.toml"), without.map(|line| format!("{line}\n")).collect::<String>())
        .unwrap();
    let named = [("IDIOLECT_TRAINING_BASE_MODEL", FAKE_BASE_MODEL)];
    assert_eq!(answered(&named, &[]), (Some(0), with_fallback, String::new()));

    let (code, shown, said) = answered(&named, &["--base"]);
    assert_eq!((code, shown.as_str()), (Some(1), ""));
    assert!(said.contains("base_requested") && said.contains("has no fallback_model; set it"), "{said}");
    assert!(world.run(&["consent", "revoke"], &[]).status.success());
    let (code, shown, said) = answered(&named, &[]);
    assert_eq!((code, shown.as_str()), (Some(1), ""));
    assert!(said.contains("disabled") && said.contains("has no fallback_model; set it"), "{said}");
}

/// A terminal is lent by util-linux.
#[cfg(target_os = "linux")]
#[test]
fn whoever_types_is_told_of_an_answer_that_fails_and_goes_on() {
    use std::io::Write;
    let world = hosted("");
    assert!(world.train(&[]).status.success());
    let chat = world.command(&["chat"]);
    let mut terminal = std::process::Command::new("script");
    terminal.args(["-qec", &format!("'{}' chat", env!("CARGO_BIN_EXE_idiolect")), "/dev/null"]);
    terminal.current_dir(chat.get_current_dir().unwrap());
    for (name, value) in chat.get_envs() {
        match value {
            Some(value) => terminal.env(name, value),
            None => terminal.env_remove(name),
        };
    }
    world.server.next(Endpoint::Chat, Oddity::rate_limited(Some(600)));
    let mut child = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"one\ntwo\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let shown = text(&output.stdout);
    let (_, after) = shown.split_once("the provider is busy; try again later").unwrap_or_else(|| panic!("{shown}"));
    assert!(after.contains("> ") && output.status.success(), "{shown}");
    assert_eq!(after.matches("busy").count(), 0, "{shown}");
}

#[test]
fn a_version_that_comes_while_a_server_runs_is_asked_where_and_how_it_was_trained() {
    use idiolect_dataset::Strategy;
    use idiolect_dataset::prompt::{serving_user_prompt, system_prompt};
    let world = hosted("");
    // The server's own settings train here, and nothing has been trained yet.
    idiolect_testkit::write_tiny_model(&world.world.path("tiny.gguf"), 7).unwrap();
    let server = world.serve(&[("IDIOLECT_TRAINING_PROVIDER", "local")]);
    const HI: &str = r#"{"messages":[{"role":"user","content":"hi"}],"max_tokens":2}"#;
    assert!(server.post("/v1/chat/completions", HI).0.contains("x-idiolect-fallback-reason: no_model"));
    for (version, strategy) in [(1, Strategy::StyleRewrite), (2, Strategy::Intent)] {
        let name = if version == 1 { "style_rewrite" } else { "intent" };
        let source = world.world.source();
        let flags = ["train", "--source", &source, "--until", UNTIL, "--strategy", name];
        let output = world.run(&flags, &[("IDIOLECT_SCHEDULE_COOLDOWN_HOURS", "0")]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let (headers, _) = server.post("/v1/chat/completions", HI);
        assert!(headers.contains(&format!("x-idiolect-version: {version}\r\n")), "{headers}");
        let asked = world.server.bodies(Endpoint::Chat).pop().unwrap();
        assert_eq!(asked["messages"][0]["content"], system_prompt(strategy));
        assert_eq!(asked["messages"][1]["content"], serving_user_prompt(strategy, "hi"));
        assert_eq!(asked["safety_identifier"].as_str().unwrap().len(), 64, "the host knows who asks");
    }
}

#[test]
fn consent_that_is_taken_back_while_somebody_chats_ends_the_personal_model_at_once() {
    use std::io::{BufRead, BufReader, Write};
    let world = hosted("");
    assert!(trained(&world, &[]).success());
    let mut child = world.command(&["chat"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut say, mut hear) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let mut answer = String::new();
    writeln!(say, "I will be late.").unwrap();
    hear.read_line(&mut answer).unwrap();
    assert!(world.run(&["consent", "revoke"], &[]).status.success());
    writeln!(say, "I will be late.").unwrap();
    hear.read_line(&mut answer).unwrap();
    drop(say);
    let said = text(&child.wait_with_output().unwrap().stderr);
    assert_eq!(said.matches("answers (disabled)").count(), 1, "{said}");
}

#[test]
fn an_answer_that_breaks_off_has_its_line_ended_before_the_error() {
    let world = hosted("");
    for (chunks, shown) in [(2, "I \n"), (0, "")] {
        world.server.next(Endpoint::Chat, Oddity::CutAfterChunks(chunks));
        let output = world.chat("hi");
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), shown));
    }
}
