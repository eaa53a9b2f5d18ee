//! A sentence that nobody else says goes in, everything is logged at trace level, and it is looked for everywhere.

use crate::world::{World, files, text};

/// Words that stand nowhere in the product, so that each of them alone would give the sentence away.
const CANARY: &str = "qwyjibo vexlunar zibberfrotz at the brumblewick";

#[test]
fn no_message_text_leaves_the_dataset_and_the_training_input() {
    let world = World::new();
    world.write_messages(160, Some(CANARY));
    let mut seen = Vec::new();
    let mut run = |arguments: &[&str]| {
        let output = world.run(&[arguments, &["--log", "trace"]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        seen.push((format!("{arguments:?}, standard output"), output.stdout));
        seen.push((format!("{arguments:?}, standard error"), output.stderr));
    };
    let source = world.source();
    let reading = ["--source", &source, "--until", crate::world::UNTIL];
    run(&["consent", "grant"]);
    run(&[&["dataset", "preview"][..], &reading].concat());
    run(&[&["train"][..], &reading].concat());
    run(&["runs", "--json"]);
    run(&["status", "--json"]);
    run(&["doctor", "--json"]);

    let log = world.path("serve.log");
    let server = world.serve(&log);
    let body = format!(r#"{{"messages":[{{"role":"user","content":"{CANARY}"}}],"max_tokens":8}}"#);
    let (headers, _) = server.post("/v1/chat/completions", &body);
    assert!(headers.starts_with("http/1.0 200") || headers.starts_with("http/1.1 200"), "{headers}");
    assert!(server.stop().success());
    seen.push(("the server's log".into(), std::fs::read(&log).unwrap()));

    for file in files(&world.data()) {
        seen.push((file.display().to_string(), std::fs::read(world.data().join(&file)).unwrap()));
    }
    assert!(seen.iter().any(|(name, _)| name.contains("registry.sqlite3")), "the data directory was looked at");
    assert!(seen.iter().any(|(name, bytes)| name.contains("train") && text(bytes).contains("TRACE")), "trace was on");
    for (name, bytes) in &seen {
        for word in CANARY.split(' ').filter(|word| word.len() > 6) {
            assert!(!text(bytes).contains(word), "{name} carries a message's words");
        }
    }
}

/// What goes wrong is said without the words it went wrong on.
#[test]
fn errors_do_not_quote_messages() {
    let world = World::new();
    for broken in [
        format!(r#"{{"messageId":"a","timestamp":"2026-06-01T10:00:00Z","text":"{CANARY}"#),
        format!(r#"{{"messageId":"a","timestamp":"{CANARY}","text":"x"}}"#),
        format!(r#"{{"messageId":"a","timestamp":"2026-06-01T10:00:00Z","text":{{"{CANARY}":1}}}}"#),
        format!(r#""{CANARY}""#),
    ] {
        std::fs::write(world.path("sent.ndjson"), broken).unwrap();
        let output = world.run(&["extract", "--source", &world.source(), "--log", "trace"]);
        assert!(!output.status.success());
        let printed = text(&output.stdout) + &text(&output.stderr);
        assert!(!printed.contains("qwyjibo") && !printed.contains("brumblewick"), "an error quotes a message");
        assert!(printed.contains("line 1"), "{printed}");
    }
}
