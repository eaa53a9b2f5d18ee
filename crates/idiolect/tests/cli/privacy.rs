//! A sentence that nobody else says goes in, everything is logged at trace level, and it is looked for everywhere.

use std::io::{Read, Write};

use crate::world::{World, files, free_port, text};

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
    assert!(seen.iter().any(|(name, bytes)| name.contains("train") && text(bytes).contains(" INFO ")), "it was logged");
    for (name, bytes) in &seen {
        for word in CANARY.split(' ').filter(|word| word.len() > 6) {
            assert!(!text(bytes).contains(word), "{name} carries a message's words");
        }
        // A word may also be told letter by letter.
        assert!(!text(bytes).contains("'q'"), "{name} carries a message's letters");
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

#[test]
fn what_is_asked_unencrypted_on_this_machine_goes_through_no_proxy() {
    let world = World::without_model();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // Nobody is there: what is sent to it is refused.
    let proxy = format!("http://127.0.0.1:{}", free_port());
    let server = std::thread::spawn(move || {
        for body in [r#"{"object":"list","data":[]}"#, ""] {
            let (mut client, _) = listener.accept().unwrap();
            let mut asked = [0; 1024];
            let read = client.read(&mut asked).unwrap();
            assert!(text(&asked[..read]).to_lowercase().contains("bearer sk-made-up"));
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            client.write_all((head + body).as_bytes()).unwrap();
        }
    });
    let profile = format!("[profiles.mine]\nbase_url = \"http://{address}/v1\"\nkey_env = \"MINE\"\n");
    std::fs::write(world.path("idiolect.toml"), profile).unwrap();
    let behind_a_proxy = |arguments: &[&str]| {
        let mut command = world.command(arguments);
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
            command.env(name, &proxy);
        }
        command.env("MINE", "sk-made-up").env("IDIOLECT_BRIDGE_TOKEN", "sk-made-up").output().unwrap()
    };
    let checked = behind_a_proxy(&["providers", "check", "mine"]);
    assert!(text(&checked.stdout).contains("it answers and lists 0 models"), "{}", text(&checked.stdout));
    let read = behind_a_proxy(&["extract", "--source", &format!("bridge:http://{address}/messages")]);
    assert!(read.status.success(), "{}", text(&read.stderr));
    server.join().unwrap();
}
