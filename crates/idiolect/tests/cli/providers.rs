//! Provider profiles as a user meets them, and a hosted provider that is a fake on loopback.

use std::process::{Output, Stdio};

use idiolect_testkit::{Endpoint, FAKE_BASE_MODEL, FAKE_KEY, FAKE_REASONING_MODEL, FakeOpenAi};
use serde_json::Value;

use crate::world::{Server, World, free_port, text};

/// A world whose settings name the fake server as the profile `mine`.
fn with_profile(server: &FakeOpenAi) -> World {
    let world = World::new();
    let profile = format!(
        "[training]\nprovider = \"mine\"\n[profiles.mine]\nextends = \"openai\"\nbase_url = \"{}\"\nkey_env = \"MY_KEY\"\n\
         [profiles.closed]\ntraining_open_until = \"2020-01-31\"\nauth = \"none\"\n",
        server.base_url()
    );
    std::fs::write(world.path("idiolect.toml"), profile).unwrap();
    world
}

fn run(world: &World, key: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = world.command(arguments);
    if let Some(key) = key {
        command.env("MY_KEY", key);
    }
    command.output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn providers_are_listed_and_shown_with_their_end_and_without_their_key() {
    let server = FakeOpenAi::start().await;
    let world = with_profile(&server);
    let listed = run(&world, Some(FAKE_KEY), &["providers", "list", "--json"]);
    assert!(listed.status.success() && !text(&listed.stdout).contains(FAKE_KEY));
    let listed: Vec<Value> = serde_json::from_slice(&listed.stdout).unwrap();
    let names: Vec<_> = listed.iter().map(|profile| profile["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["azure", "closed", "local", "mine", "nebius", "openai", "openai-compatible"]);
    let of = |name: &str| listed.iter().find(|profile| profile["name"] == name).unwrap();
    assert_eq!((&of("mine")["selected"], &of("mine")["key"]["set"]), (&true.into(), &true.into()));
    assert_eq!(of("openai")["key"], serde_json::json!({"variable": "OPENAI_API_KEY", "set": false}));
    assert_eq!(of("openai")["training"]["openUntil"], "2027-01-06");
    assert_eq!(of("closed")["training"]["open"], false);
    let reason = of("closed")["training"]["closedReason"].as_str().unwrap();
    assert!(reason.contains("since 2020-01-31; train with nebius or local instead"), "{reason}");
    for arguments in [&["providers", "list"][..], &["providers", "show", "mine"]] {
        let shown = run(&world, Some(FAKE_KEY), arguments);
        assert!(shown.status.success() && text(&shown.stdout).contains("MY_KEY is set"), "{}", text(&shown.stdout));
        assert!(!text(&shown.stdout).contains(FAKE_KEY));
    }
    let unknown = run(&world, None, &["providers", "show", "opnai"]);
    assert!(!unknown.status.success() && text(&unknown.stderr).contains("there is no provider profile \"opnai\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn providers_check_says_what_stands_in_the_way() {
    let server = FakeOpenAi::start().await;
    server.set_shutdown_date(FAKE_BASE_MODEL, "2199-01-01");
    let world = with_profile(&server);
    let checks = |output: &Output| {
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["checks"].as_array().unwrap().iter().map(|c| c["found"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let good = run(&world, Some(FAKE_KEY), &["providers", "check", "--json"]);
    let found = checks(&good);
    assert!(found.contains(&"it answers and lists 2 models".to_owned()), "{found:?}");
    assert!(found.contains(&format!("{FAKE_BASE_MODEL} is listed")), "{found:?}");
    assert_eq!(server.count(Endpoint::ListModels), 1);
    let mistyped = ["providers", "check", "--json", "--set", "training.base_model=gpt-mini"];
    let found = checks(&run(&world, Some(FAKE_KEY), &mistyped)).join("\n");
    let such_as = format!(
        "gpt-mini is not listed for this key; choose another one with training.base_model, such as {FAKE_BASE_MODEL}"
    );
    assert!(found.contains(&such_as), "{found}");

    let missing = run(&world, None, &["providers", "check", "mine", "--json"]);
    assert!(missing.status.code() == Some(1) && checks(&missing).contains(&"MY_KEY is not set".to_owned()));
    let wrong = run(&world, Some("sk-wrong-key"), &["providers", "check", "--json"]);
    let found = checks(&wrong).join("\n");
    assert!(wrong.status.code() == Some(1) && found.contains("does not accept the key in MY_KEY"), "{found}");
    assert!(!text(&wrong.stdout).contains("sk-wrong-key") && !text(&wrong.stderr).contains("sk-wrong-key"));
    assert_eq!(server.count(Endpoint::Chat) + server.count(Endpoint::CreateJob), 0, "nothing is spent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hosted_provider_answers_through_the_gateway_without_any_model_here() {
    let server = FakeOpenAi::start().await;
    let world = with_profile(&server);
    std::fs::remove_file(world.path("tiny.gguf")).unwrap();
    let port = free_port();
    let child = world
        .command(&["serve", "--port", &port.to_string(), "--new-key", "--log", "trace"])
        .env("MY_KEY", FAKE_KEY)
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(world.path("serve.log")).unwrap())
        .spawn()
        .unwrap();
    let gateway = Server::started(child, port);
    let asked = r#"{"messages":[{"role":"user","content":"I will be late."}],"max_tokens":6,"user":"me@example.org"}"#;
    let (headers, body) = gateway.post("/v1/chat/completions", asked);
    assert!(headers.contains(&format!("x-idiolect-model: {FAKE_REASONING_MODEL}")), "{headers} {body}");
    assert!(headers.contains("x-idiolect-fallback-reason: no_model"), "{headers}");
    let sent = server.bodies(Endpoint::Chat).pop().unwrap();
    assert_eq!((&sent["max_completion_tokens"], sent.get("user")), (&6.into(), None));
    assert_eq!(sent["safety_identifier"].as_str().map(str::len), Some(64));
    assert!(gateway.stop().success());
    let log = std::fs::read_to_string(world.path("serve.log")).unwrap();
    assert!(!log.contains(FAKE_KEY) && !log.contains("I will be late"), "neither keys nor words are logged");
}
