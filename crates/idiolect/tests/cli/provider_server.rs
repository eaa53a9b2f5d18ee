//! `idiolect provider` as its clients meet it: the official OpenAI clients for Python and Node, and one that outlives a crash.

use std::process::Command;

use serde_json::{Value, json};

use crate::world::{Server, World, brought, files, signal, text};

fn script(name: &str) -> String {
    format!("{}/../../scripts/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_official_python_client_fine_tunes_on_it_end_to_end() {
    let Some(python) = brought("IDIOLECT_TEST_PYTHON", "Python with the package openai") else { return };
    let world = World::new();
    let server = world.provider(&world.path("provider.log"));
    let mut client = Command::new(python);
    client.args([&script("openai_fine_tuning_check.py"), &server.url("/v1"), &server.key, "tiny"]);
    let checked = client.output().unwrap();
    assert!(checked.status.success(), "{}{}", text(&checked.stdout), text(&checked.stderr));
    assert!(server.stop().success(), "Ctrl-C ends the server cleanly");
    assert_nothing_is_left(&world);
}

#[test]
fn the_official_node_client_fine_tunes_on_it_end_to_end() {
    let Some(modules) = brought("IDIOLECT_TEST_NODE", "directory with the Node package openai") else { return };
    let world = World::new();
    let server = world.provider(&world.path("provider.log"));
    let mut client = Command::new("node");
    client.env("IDIOLECT_TEST_NODE", modules);
    client.args([&script("openai_fine_tuning_check.mjs"), &server.url("/v1"), &server.key, "tiny"]);
    let checked = client.output().unwrap();
    assert!(checked.status.success(), "{}{}", text(&checked.stdout), text(&checked.stderr));
    assert_nothing_is_left(&world);
}

/// The clients have deleted what they uploaded and trained.
fn assert_nothing_is_left(world: &World) {
    let left = files(&world.data().join("host"));
    let holds_words = |path: &std::path::PathBuf| {
        let name = path.to_string_lossy();
        name.contains("provider/files") || name.contains("adapters") || name.contains("checkpoint.safetensors")
    };
    assert_eq!(left.into_iter().filter(holds_words).collect::<Vec<_>>(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_job_goes_on_after_the_provider_was_killed_and_no_log_holds_its_words() {
    const CANARY: &str = "quetzalmarmalade";
    let world = World::new();
    let log = world.path("provider.log");
    let server = world.provider(&log);
    let file = upload(&server, CANARY);
    let job = json!({
        "model": "tiny", "training_file": file, "seed": 3,
        "hyperparameters": {"n_epochs": 25, "batch_size": 1},
    });
    let (_, body) = server.post("/v1/fine_tuning/jobs", &job.to_string());
    let id = json(&body)["id"].as_str().expect("a job").to_owned();
    let job = |server: &Server| json(&server.get(&format!("/v1/fine_tuning/jobs/{id}")).1);
    wait(|| job(&server)["status"] == "running");
    server.kill();
    let first_log = std::fs::read_to_string(&log).unwrap();

    let server = world.provider(&log);
    wait(|| job(&server)["status"] == "succeeded");
    let model = job(&server)["fine_tuned_model"].as_str().unwrap().to_owned();
    let asked = json!({"model": model, "messages": [{"role": "user", "content": CANARY}], "max_tokens": 4});
    let (headers, _) = server.post("/v1/chat/completions", &asked.to_string());
    assert!(headers.starts_with("http/1.0 200"), "{headers}");
    let (_, events) = server.get(&format!("/v1/fine_tuning/jobs/{id}/events?limit=1000"));
    assert_eq!(events.matches("\"metrics\"").count(), 500, "every second step of a thousand is told once");
    assert!(server.stop().success());

    let logs = [first_log, std::fs::read_to_string(&log).unwrap()].concat();
    assert!(logs.contains("training file validated"), "the log is written");
    assert!(!logs.contains(CANARY) && !events.contains(CANARY), "no word of the training file or of the chat is told");
    for name in files(&world.data().join("host")).into_iter().filter(|path| !path.starts_with("provider/files")) {
        let bytes = std::fs::read(world.data().join("host").join(&name)).unwrap();
        assert!(!text(&bytes).contains(CANARY), "{} holds words", name.display());
    }
}

#[test]
fn the_provider_says_where_it_is_as_json_and_its_key_once() {
    let world = World::new();
    let start = |more: &[&str]| {
        let arguments = [&["provider", "--port", "0", "--json"], more].concat();
        let mut child = world.command(&arguments).stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut shown = serde_json::Deserializer::from_reader(child.stdout.take().unwrap()).into_iter::<Value>();
        let shown = shown.next().unwrap().unwrap();
        signal(child.id(), "TERM");
        assert!(child.wait().unwrap().success());
        shown
    };
    let first = start(&[]);
    assert!(first["baseUrl"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{first}");
    assert!(first["apiKey"].as_str().unwrap().starts_with("sk-idiolect-"), "{first}");
    assert_eq!(first["baseModel"], "tiny");
    assert!(start(&[])["apiKey"].is_null(), "the key is shown once");
    assert_ne!(start(&["--new-key"])["apiKey"], first["apiKey"]);
}

fn json(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

fn wait(is_so: impl Fn() -> bool) {
    for _ in 0..2000 {
        if is_so() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("it does not come to what is waited for");
}

/// The id of a training file of forty examples with this word in them.
fn upload(server: &Server, word: &str) -> String {
    let line = |n: usize| {
        json!({"messages": [
            {"role": "user", "content": format!("Say {n} about {word}.")},
            {"role": "assistant", "content": format!("{word} {n} k")},
        ]})
    };
    let lines: String = (0..40).map(|n| format!("{}\n", line(n))).collect();
    let form = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"chats.jsonl\"\r\n\r\n{lines}\r\n\
         --edge\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--edge--\r\n"
    );
    let (_, body) = server.send("POST", "/v1/files", "multipart/form-data; boundary=edge", &form);
    json(&body)["id"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}
