//! `GET /metrics` of the real binary: off unless asked for, there after a run and a chat, and by nobody's name or words.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::process::Stdio;

use crate::hosted_world::{HostedWorld, JOBS_AT_ONCE, StoreKind};
use crate::world::{World, free_port, text};

const GUIDE: &str = include_str!("../../../../docs/OPERATIONS.md");
const NAMES: [&str; 2] = [
    include_str!("../../../idiolect-pipeline/src/metrics.rs"),
    include_str!("../../../idiolect-gateway/src/metrics.rs"),
];
const HI: &str = r#"{"messages":[{"role":"user","content":"zanzibar"}]}"#;

/// The run is the engine's own, begun by consent, over messages that lie some months back.
const ENGINE: [(&str, &str); 4] = [
    ("IDIOLECT_SERVE_METRICS", "true"),
    ("IDIOLECT_SCHEDULE_ON_OPT_IN", "true"),
    ("IDIOLECT_DATASET_DAYS", "3650"),
    ("IDIOLECT_RUNS_METRICS_PORT", "0"),
];

fn hosted() -> HostedWorld {
    HostedWorld::new(StoreKind::Sqlite, JOBS_AT_ONCE, "")
}

fn wait_for_a_served_version(hosted: &HostedWorld) {
    for _ in 0..400 {
        if hosted.json(&["status"])["modelStatus"] == "ready" {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("no version is served: {}", hosted.json(&["runs"]));
}

#[test]
fn a_run_and_a_chat_are_on_the_page_and_nobodys_name_or_words() {
    let hosted = hosted();
    let source = hosted.world.source();
    let mut variables = ENGINE.to_vec();
    variables.push(("IDIOLECT_SCHEDULE_SOURCE", &source));
    let server = hosted.serve_with(&["--engine", "embedded"], &variables);
    let granted = hosted.run(&["consent", "grant", "--purpose", "extract", "--purpose", "train_hosted"], &variables);
    assert!(granted.status.success(), "{}", text(&granted.stderr));
    wait_for_a_served_version(&hosted);
    let (headers, _) = server.post("/v1/chat/completions", HI);
    assert!(headers.contains("x-idiolect-version: 1"), "{headers}");
    let (headers, page) = server.get("/metrics");
    assert!(headers.contains("200 ok") && headers.contains("text/plain; version=0.0.4"), "{headers}");
    for line in [
        "idiolect_runs_ended_total{outcome=\"activated\",code=\"none\"} 1",
        "idiolect_chats_total{served=\"personal\",reason=\"none\",outcome=\"ok\"} 1",
        "idiolect_chat_seconds_count{served=\"personal\"} 1",
        "idiolect_chat_completion_tokens_count{served=\"personal\"} 1",
        "idiolect_dataset_messages_count 1",
        "idiolect_training_usd_count 1",
        "# TYPE idiolect_chat_seconds histogram",
    ] {
        assert!(page.lines().any(|found| found == line), "{line} is not on the page:\n{page}");
    }
    // No label of any line has a value that the guide does not know.
    for private in ["zanzibar", "\"me\"", "me:1", "ft:", "ftjob-", "req"] {
        assert!(!page.contains(private), "{private} is on the page");
    }
}

#[test]
fn there_is_no_page_unless_it_is_asked_for_and_none_under_another_name() {
    let hosted = hosted();
    let server = hosted.serve(&[]);
    assert!(server.get("/metrics").0.contains("404 not found"));
    drop(server);
    let server = hosted.serve(&[("IDIOLECT_SERVE_METRICS", "true")]);
    assert!(server.get("/metrics").0.contains("200 ok"));
    let other = get(server.port, "evil.example", "/metrics").expect("the server answers");
    assert!(other.contains("403"), "by another name");
}

#[test]
fn a_worker_has_a_page_of_its_own() {
    let world = World::new();
    let port = free_port();
    let mut worker = world
        .command(&["worker"])
        .env("IDIOLECT_RUNS_METRICS_PORT", port.to_string())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let answer = (0..200).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        get(port, "127.0.0.1", "/metrics")
    });
    let other = get(port, "127.0.0.1", "/v1/models").unwrap_or_default();
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert!(answer.unwrap_or_default().contains("200 OK") && other.contains("404 Not Found"), "{other}");
}

/// The whole answer of whoever listens there, if somebody does.
fn get(port: u16, host: &str, path: &str) -> Option<String> {
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// The guide's table has every metric of the code and no other.
#[test]
fn the_guide_lists_every_metric() {
    let quoted = |line: &str| Some(line.split_once("\"idiolect_")?.1.split('"').next()?.to_owned());
    let code: BTreeSet<String> = NAMES
        .iter()
        .flat_map(|text| text.lines())
        .filter(|line| line.starts_with("pub const"))
        .filter_map(quoted)
        .collect();
    let listed = |line: &str| Some(line.strip_prefix("| `idiolect_")?.split('`').next()?.to_owned());
    let guide: BTreeSet<String> = GUIDE.lines().filter_map(listed).collect();
    assert!(code.len() > 12, "{code:?}");
    assert_eq!(guide, code);
}
