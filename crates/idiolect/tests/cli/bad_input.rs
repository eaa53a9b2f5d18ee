//! Wrong input: one clear sentence with the place and what to do, and nothing half-written.

use std::process::Output;

use crate::world::{UNTIL, World, files, text};

/// The one line that a failed command prints beside progress; its exit code is 1 unless told otherwise.
pub fn sentence(output: &Output) -> String {
    assert!(!output.status.success(), "it should have failed");
    let said = text(&output.stderr);
    let lines: Vec<_> = said.lines().filter(|line| line.starts_with("idiolect: ")).collect();
    assert_eq!(lines.len(), 1, "not one sentence: {said}");
    assert!(!said.contains("panicked"), "{said}");
    lines[0].to_owned()
}

pub fn extract(world: &World, source: &str) -> String {
    let output = world.run(&["extract", "--source", source]);
    assert!(output.stdout.is_empty(), "nothing is printed as data");
    sentence(&output)
}

pub fn assert_says(sentence: &str, parts: &[&str]) {
    for part in parts {
        assert!(sentence.contains(part), "{part:?} is not said: {sentence}");
    }
}

#[test]
fn a_source_that_is_not_there_or_of_no_known_kind() {
    let world = World::new();
    assert_says(&extract(&world, "chat-db:nowhere.db"), &["nowhere.db", "no such file"]);
    assert_says(&extract(&world, "mbox:x"), &["mbox", "chat-db", "ndjson"]);
    assert_says(&extract(&world, "justapath"), &["justapath", "no such file"]);
}

#[test]
fn a_database_that_is_none_or_empty_or_another_programs() {
    let world = World::new();
    std::fs::write(world.path("chat.db"), "these are no tables").unwrap();
    let source = format!("chat-db:{}", world.path("chat.db").display());
    assert_says(&extract(&world, &source), &["chat.db", "not"]);
    std::fs::write(world.path("chat.db"), "").unwrap();
    assert_says(&extract(&world, &source), &["chat.db", "empty"]);
    std::fs::remove_file(world.path("chat.db")).unwrap();
    let other = rusqlite::Connection::open(world.path("chat.db")).unwrap();
    other.execute_batch("CREATE TABLE notes (id INTEGER)").unwrap();
    drop(other);
    assert_says(&extract(&world, &source), &["chat.db", "message"]);
    assert_eq!(files(world.dir.path()).iter().filter(|f| f.to_string_lossy().contains("chat.db")).count(), 1);
}

#[test]
fn a_locked_database_is_said_to_be_locked_and_left_alone() {
    let world = World::new();
    let path = world.path("chat.db");
    idiolect_sample::write_chat_db(&path, &idiolect_sample::sample_messages()).unwrap();
    let holder = rusqlite::Connection::open(&path).unwrap();
    holder.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    let before = std::fs::read(&path).unwrap();
    let output = world.run(&["extract", "--source", &format!("chat-db:{}", path.display()), "--until", UNTIL]);
    // A lock of another process forbids reading through SQLite. A reader that works on a copy is not stopped by it.
    if !output.status.success() {
        assert_says(&sentence(&output), &["chat.db", "locked"]);
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn ndjson_names_line_and_field() {
    let world = World::new();
    let good = |n: usize| format!(r#"{{"messageId":"{n}","timestamp":"2026-06-01T10:00:00Z","text":"fine"}}"#);
    let mut lines: Vec<String> = (1..=9).map(good).collect();
    let mut broken_on_line_7 = |line: &str| {
        lines[6] = line.to_owned();
        std::fs::write(world.path("sent.ndjson"), lines.join("\n")).unwrap();
        let output = world.run(&["extract", "--source", &world.source(), "--until", UNTIL]);
        sentence(&output)
    };
    assert_says(&broken_on_line_7(r#"{"messageId":"7","#), &["sent.ndjson", "line 7"]);
    assert_says(
        &broken_on_line_7(r#"{"messageId":"7","timestamp":"2026-06-01T10:00:00","text":"x"}"#),
        &["line 7", "timestamp", "offset"],
    );
    assert_says(&broken_on_line_7(r#"{"messageId":"7","timestamp":"2026-06-01T10:00:00Z"}"#), &["line 7", "text"]);
    assert_says(&broken_on_line_7(r#"["not","an","object"]"#), &["line 7"]);
    let mut bytes = lines[..6].join("\n").into_bytes();
    bytes.extend_from_slice(b"\n{\"messageId\":\"7\",\"timestamp\":\"2026-06-01T10:00:00Z\",\"text\":\"\xff\xfe\"}\n");
    std::fs::write(world.path("sent.ndjson"), bytes).unwrap();
    let output = world.run(&["extract", "--source", &world.source(), "--until", UNTIL]);
    assert_says(&sentence(&output), &["line 7", "UTF-8"]);
}

#[test]
fn a_failed_extraction_starts_no_upload_and_keeps_its_reason() {
    let world = World::ready();
    let mut text_of_file = std::fs::read_to_string(world.path("sent.ndjson")).unwrap();
    text_of_file.push_str("{broken\n");
    std::fs::write(world.path("sent.ndjson"), text_of_file).unwrap();
    let output = world.train();
    assert_eq!(output.status.code(), Some(1));
    let run = &world.json(&["runs"])[0];
    assert_eq!(run["failure"]["code"], "dataset_failed");
    assert_says(run["failure"]["message"].as_str().unwrap(), &["line 161"]);
    assert!(!files(&world.data()).iter().any(|file| file.to_string_lossy().contains("jsonl")));
}

#[test]
fn times_days_and_zones_that_make_no_sense() {
    let world = World::ready();
    let source = world.source();
    for (flags, parts) in [
        (["--until", "yesterday"], &["--until yesterday", "2026-06-30T23:59:59Z"][..]),
        (["--until", "2026-06-30T23:59:59"], &["offset"]),
        (["--timezone", "Mars/Olympus"], &["Mars/Olympus", "Europe/Berlin"]),
        (["--csv", "separator=ab"], &["--csv separator=ab", "separator=tab"]),
        (["--strategy", "magic"], &["--strategy magic", "neutral_rewrite", "style_rewrite"]),
    ] {
        let output = world.run(&[&["dataset", "preview", "--source", &source], &flags[..]].concat());
        assert_says(&sentence(&output), parts);
        assert_eq!(output.status.code(), Some(2), "{flags:?} are wrong flags");
    }
    assert_eq!(world.run(&["extract", "--source", &source, "--days", "0"]).status.code(), Some(2));
    let region = world.run(&["redact", "--region", "XX"]);
    assert_says(&sentence(&region), &["--region XX", "no country's two letters"]);
    assert_eq!(region.status.code(), Some(2));
}

#[test]
fn a_setting_is_a_wrong_flag_where_a_flag_set_it() {
    let world = World::ready();
    for wrong in [
        &["--set", "serve.port"][..],
        &["--set", "serve.prot=1"],
        &["--set", "serve.port=x"],
        &["--set", "serve.port=70000"],
        &["--set", "dataset.days=0"],
        // The pair is wrong, and what makes it so is the flag.
        &["--set", "runs.lease_seconds=10", "--set", "runs.heartbeat_seconds=6"],
        &["--set", "runs.lease_seconds=2"],
        &["--set", "redaction.region=XX"],
        &["--set", "dataset.strategy=magic"],
        &["--set", "user=../me"],
        &["--user", "../me"],
        &["--log", "a=b=c"],
    ] {
        let output = world.run(&[&["dataset", "preview", "--source", &world.source()], wrong].concat());
        sentence(&output);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
    for wrong in [["--provider", "magic"], ["--set", "training.provider=magic"]] {
        let output = world.run(&[&["train", "--source", &world.source()], &wrong[..]].concat());
        assert_says(&sentence(&output), &["no provider profile \"magic\""]);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
    let region = world.run(&["redact", "--set", "redaction.region=XX"]);
    assert_says(&sentence(&region), &["redaction.region", "XX"]);
    assert_eq!(region.status.code(), Some(2));
    // What is wrong without the flags is no wrong flag.
    std::fs::write(world.path("idiolect.toml"), "[redaction]\nregion = \"XX\"\n").unwrap();
    let region = world.run(&["redact", "--set", "serve.port=9"]);
    assert_says(&sentence(&region), &["redaction.region", "XX"]);
    assert_eq!(region.status.code(), Some(1));
    std::fs::write(world.path("idiolect.toml"), "[dataset]\ndays = 0\n").unwrap();
    assert_eq!(world.run(&["redact", "--set", "serve.port=9"]).status.code(), Some(1));
}

#[test]
fn a_base_model_that_is_missing_or_cut_short() {
    let world = World::ready();
    let whole = std::fs::read(world.path("tiny.gguf")).unwrap();
    for cut in [3, 20, whole.len() / 2, whole.len() - 1] {
        std::fs::write(world.path("tiny.gguf"), &whole[..cut]).unwrap();
        assert_says(&sentence(&world.train()), &["tiny.gguf", "idiolect model pull"]);
    }
    std::fs::remove_file(world.path("tiny.gguf")).unwrap();
    assert_says(&sentence(&world.train()), &["tiny.gguf", "idiolect model pull"]);
    assert_eq!(
        world.json(&["runs"]).as_array().unwrap().len(),
        0,
        "no run is recorded for a machine that cannot train"
    );
}

#[test]
fn a_model_to_pull_with_the_wrong_checksum_leaves_nothing() {
    let world = World::new();
    let from = world.path("tiny.gguf").display().to_string();
    let output = world.run(&["model", "pull", "smollm2-135m-instruct", "--from", &from]);
    assert_says(&sentence(&output), &["tiny.gguf"]);
    let left = files(&world.data());
    assert!(!left.iter().any(|file| file.to_string_lossy().contains("gguf")), "{left:?}");
    let unknown = world.run(&["model", "pull", "gpt-17"]);
    assert_says(&sentence(&unknown), &["gpt-17", "idiolect model list"]);
}

#[test]
fn settings_that_do_not_exist_name_their_place() {
    let world = World::new();
    std::fs::write(world.path("idiolect.toml"), "[serve]\nprot = 1\n").unwrap();
    assert_says(&sentence(&world.run(&["status"])), &["idiolect.toml", "serve.prot"]);
    std::fs::write(world.path("idiolect.toml"), "user = \n").unwrap();
    assert_says(&sentence(&world.run(&["status"])), &["idiolect.toml", "TOML"]);
    std::fs::remove_file(world.path("idiolect.toml")).unwrap();
    assert_says(&sentence(&world.run(&["status", "--user", "../me"])), &["user id"]);
}

#[test]
fn a_training_file_with_problems_is_refused_with_every_line_named() {
    let world = World::new();
    let good = r#"{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yo"}]}"#;
    let lines = [good, "{\"messages\":[]}", good, "not json", good];
    std::fs::write(world.path("train.jsonl"), lines.join("\n")).unwrap();
    let output = world.run(&["dataset", "validate", "train.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    for part in [
        "train.jsonl: line 2: missing_messages_list",
        "train.jsonl: line 4: not_json",
        "train.jsonl: too_few_examples",
        "5 examples",
        "3 problems",
    ] {
        assert!(said.contains(part), "{part:?} is not said: {said}");
    }
    let output = world.run(&["dataset", "validate", "train.jsonl", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["valid"], false);
    assert_eq!(json["problems"][1]["line"], 4);
    assert_eq!(json["counts"]["not_json"], 1);

    std::fs::write(world.path("train.jsonl"), [good, "\n"].concat().repeat(10)).unwrap();
    assert!(world.run(&["dataset", "validate", "train.jsonl"]).status.success());
    // The profile that trains says how long an example of a base model may be.
    let short = "[profiles.local.models.\"small\"]\ntraining_context_tokens = 5\n";
    std::fs::write(world.path("idiolect.toml"), short).unwrap();
    let output = world.run(&["dataset", "validate", "train.jsonl", "--base-model", "small"]);
    assert!(text(&output.stdout).contains("train.jsonl: line 1: example_too_long"), "{}", text(&output.stdout));
    assert!(world.run(&["dataset", "validate", "train.jsonl"]).status.success());
    assert_says(&sentence(&world.run(&["dataset", "validate", "nowhere.jsonl"])), &["nowhere.jsonl", "cannot be read"]);
    assert_says(&sentence(&world.run(&["dataset", "validate", "."])), &["cannot be read"]);

    // One line that is too long: it is counted whole, held only in part.
    let long = [&[good, "\n"].concat().repeat(10), &"x".repeat(20 << 20), "\n", good, "\n"].concat();
    std::fs::write(world.path("train.jsonl"), &long).unwrap();
    let output = world.run(&["dataset", "validate", "train.jsonl", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["bytes"], &json["examples"]), (&long.len().into(), &12.into()));
    assert_eq!(json["counts"], serde_json::json!({ "line_too_long": 1 }));
}

#[test]
fn a_training_file_that_is_no_utf_8_is_named_as_what_it_is() {
    let world = World::without_model();
    let line = r#"{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yo"}]}"#;
    let little: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = line.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, is) in [
        ([b"\xff\xfe", &little[..]].concat(), "is UTF-16 text; save it as UTF-8"),
        ([b"\xfe\xff", &big[..]].concat(), "is UTF-16 text; save it as UTF-8"),
        (little, "is UTF-16 text"),
        (big, "is UTF-16 text"),
        ([b"\xef\xbb\xbf", line.as_bytes()].concat(), "is UTF-8 with a byte order mark; save it as UTF-8 without one"),
        (b"\x1f\x8b\x08\0".to_vec(), "is packed with gzip; unpack it"),
        (b"PK\x03\x04".to_vec(), "is a zip archive; unpack it"),
    ] {
        std::fs::write(world.path("train.jsonl"), bytes).unwrap();
        let output = world.run(&["dataset", "validate", "train.jsonl", "--json"]);
        assert_says(&text(&output.stderr), &["train.jsonl", is]);
        assert_eq!(output.status.code(), Some(1));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["counts"]["not_json"], 1, "{is}");
    }
}

#[test]
fn without_a_home_what_keeps_nothing_goes_on_and_the_rest_asks_for_a_place() {
    let world = World::without_model();
    world.write_messages(3, None);
    let source = world.source();
    let run = |arguments: &[&str], home: Option<&str>| {
        let mut command = world.command(arguments);
        command.env_remove("IDIOLECT_DATA_DIR").env_remove("HOME");
        home.map(|home| command.env("HOME", home));
        command.output().unwrap()
    };
    for home in [None, Some("")] {
        for arguments in [
            &["extract", "--source", &source, "--until", UNTIL][..],
            &["sources", "detect", "sent.ndjson"],
            &["sources", "list"],
            &["redact"],
            &["providers", "list"],
        ] {
            let output = run(arguments, home);
            assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        }
        for arguments in [&["consent", "show"][..], &["status"], &["dataset", "preview", "--source", &source]] {
            assert_says(&sentence(&run(arguments, home)), &["neither XDG_DATA_HOME nor HOME is set", "--data-dir"]);
        }
    }
    assert_eq!(files(world.dir.path()), [std::path::Path::new("sent.ndjson")], "nothing was made");
}

#[test]
fn flags_of_an_engine_that_was_not_asked_for_are_refused() {
    let world = World::without_model();
    for (flags, flag) in [
        (&["worker", "--address", "127.0.0.1:1"][..], "--address"),
        (&["worker", "--engine", "embedded", "--namespace", "x"], "--namespace"),
        (&["serve", "--port", "0", "--tls"], "--tls"),
        (&["serve", "--port", "0", "--engine", "embedded", "--api-key-env", "KEY"], "--api-key-env"),
    ] {
        let output = world.run(flags);
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert_eq!(sentence(&output), format!("idiolect: {flag}: is for --engine temporal; add that, or leave it out"));
    }
}

#[test]
fn flags_that_contradict_what_is_to_be_done_and_names_of_nothing_are_refused() {
    let world = World::without_model();
    for arguments in [
        &["train"][..],
        &["versions", "activate", "../me:1"],
        &["erase", "--user", "../me"],
        &["providers", "show", "magic"],
        &["providers", "check", "magic"],
        &["chat", "--temperature", "nan"],
        &["chat", "--max-tokens", "0"],
    ] {
        assert_eq!(world.run(arguments).status.code(), Some(2), "{arguments:?}");
    }
    for (flags, said) in [
        (
            &["versions", "--user", "ben", "activate", "ana:2"][..],
            "--user ben: ana:2 is another user's; leave one of them out",
        ),
        (&["runs", "--user", "ben", "show", "ana:2"], "--user ben: ana:2 is another user's; leave one of them out"),
        (&["runs", "--all", "cancel"], "--all: lists runs; leave it out to show or cancel one"),
        (&["runs", "show", "x"], "x: a version is its number, such as 3, or USER:NUMBER, such as ana:3"),
        (&["erase"], "say whom to erase, with --user ID"),
        (
            &["model", "pull", "gpt-17"],
            "\"gpt-17\": is no known base model; `idiolect model list` shows the known ones",
        ),
    ] {
        let output = world.run(flags);
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert_eq!(sentence(&output), format!("idiolect: {said}"));
    }
}
