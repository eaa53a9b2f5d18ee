//! The server as its clients meet it: the official OpenAI client for Python, and curl.

use std::process::Command;

use serde_json::Value;

use crate::world::{Server, World, brought, free_port, text};

fn curl(server: &Server, path: &str, body: &str) -> (String, String) {
    let output = Command::new("curl")
        .args(["-sS", "-N", "-D", "-", &server.url(path), "-d", body])
        .args(["-H", &format!("Authorization: Bearer {}", server.key), "-H", "Content-Type: application/json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let answer = text(&output.stdout);
    let (headers, body) = answer.split_once("\r\n\r\n").expect("headers and a body");
    (headers.to_lowercase(), body.to_owned())
}

#[test]
fn a_script_reads_address_and_key_as_json() {
    use std::io::Read;
    let world = World::new();
    for expected_new in [true, false] {
        let port = free_port();
        let mut child = world
            .command(&["serve", "--json", "--port", &port.to_string()])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(child.try_wait().unwrap().is_none(), "the server ended");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let mut first = [0; 1];
        child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
        crate::world::signal(child.id(), "INT");
        let rest = child.wait_with_output().unwrap();
        let said: Value = serde_json::from_slice(&[&first[..], &rest.stdout].concat()).unwrap();
        assert_eq!(said["baseUrl"], format!("http://127.0.0.1:{port}/v1"));
        assert_eq!((&said["userId"], said["apiKey"].is_string()), (&"me".into(), expected_new));
    }
}

#[test]
fn curl_is_answered_whole_and_streamed_by_the_active_model() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: there is no curl on this machine");
        return;
    }
    let world = World::ready();
    assert!(world.train().status.success());
    let server = world.serve(&world.path("serve.log"));
    let asked = r#"{"messages":[{"role":"user","content":"I will be late."}],"max_tokens":6,"seed":1"#;

    let (headers, body) = curl(&server, "/v1/chat/completions", &format!("{asked}}}"));
    assert!(headers.contains("x-idiolect-version: 1"), "{headers}");
    assert!(!headers.contains("x-idiolect-fallback-reason"), "{headers}");
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(answer["object"], "chat.completion");
    assert!(answer["usage"]["completion_tokens"].as_u64().unwrap() <= 6);
    let whole = answer["choices"][0]["message"]["content"].as_str().unwrap().to_owned();

    let (headers, body) = curl(&server, "/v1/chat/completions", &format!("{asked},\"stream\":true}}"));
    assert!(headers.contains("content-type: text/event-stream"), "{headers}");
    let events: Vec<_> = body.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
    assert_eq!(events.last(), Some(&"[DONE]"));
    let streamed: String = events[..events.len() - 1]
        .iter()
        .filter_map(|event| {
            serde_json::from_str::<Value>(event).unwrap()["choices"][0]["delta"]["content"].as_str().map(str::to_owned)
        })
        .collect();
    assert_eq!(streamed, whole, "the same seed gives the same answer, streamed or not");

    let base = format!("{},\"model\":\"base\"}}", asked);
    let (headers, _) = curl(&server, "/v1/chat/completions", &base);
    assert!(headers.contains("x-idiolect-fallback-reason: base_requested"), "{headers}");

    assert!(world.run(&["consent", "revoke"]).status.success());
    let (headers, _) = curl(&server, "/v1/chat/completions", &format!("{asked}}}"));
    assert!(headers.contains("x-idiolect-fallback-reason: disabled"), "revoking works at once: {headers}");
    assert!(server.stop().success(), "Ctrl-C ends the server cleanly");
}

#[test]
fn the_official_python_client_works_against_it() {
    let Some(python) = brought("IDIOLECT_TEST_PYTHON", "Python with the package openai") else { return };
    let world = World::ready();
    assert!(world.train().status.success());
    let server = world.serve(&world.path("serve.log"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/openai_client_check.py");
    let checked = Command::new(python).args([script, &server.url("/v1"), &server.key]).output().unwrap();
    assert!(checked.status.success(), "{}{}", text(&checked.stdout), text(&checked.stderr));
}

#[test]
fn a_taken_port_is_said_in_one_sentence() {
    let world = World::ready();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let output = world.run(&["serve", "--port", &port.to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains(&format!("port {port}")) && said.contains("taken") && said.contains("--port"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_ne!(free_port(), port);
}

#[test]
fn the_key_is_shown_once_and_only_its_hash_is_kept() {
    let world = World::ready();
    let server = world.serve(&world.path("serve.log"));
    let key = server.key.clone();
    drop(server);
    for file in crate::world::files(&world.data()) {
        let bytes = std::fs::read(world.data().join(&file)).unwrap();
        assert!(!text(&bytes).contains(&key), "{} holds the key", file.display());
    }
    assert!(!text(&std::fs::read(world.path("serve.log")).unwrap()).contains(&key));
}
