//! A host that trains and does not serve: its adapters are downloaded, kept and answered with here, and go when they should.

use std::collections::BTreeMap;

use idiolect_lora::gguf::GgufFile;
use idiolect_lora::{Config, Lora, LoraConfig, save_adapter};
use idiolect_testkit::{Endpoint, JobPlan, write_tiny_model};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::hosted_world::{HostedWorld, JOBS_AT_ONCE, StoreKind, in_parallel};
use crate::world::{files, text};

const FILES: [&str; 2] = ["adapter_config.json", "adapter_model.safetensors"];

fn world() -> HostedWorld {
    let hosted = HostedWorld::new(StoreKind::Sqlite, JOBS_AT_ONCE, "after_success = \"download_adapter\"");
    write_tiny_model(&hosted.world.path("tiny.gguf"), 7).unwrap();
    hosted
}

/// An adapter for the tiny model, or for one with more layers, as a host would leave it.
fn adapter(hosted: &HostedWorld, more_layers: usize) -> Vec<(String, Vec<u8>)> {
    let file = GgufFile::open(&hosted.world.path("tiny.gguf")).unwrap();
    let metadata = file.metadata();
    let base = Config::from_gguf("llama", |key| match metadata.f64(key) {
        None if key == "llama.vocab_size" => Some(1.0),
        Some(layers) if key == "llama.block_count" => Some(layers + more_layers as f64),
        number => number,
    });
    let lora = Lora::init(&base.unwrap(), LoraConfig { rank: 2, alpha: 4.0 }, 1);
    let dir = hosted.world.path("made-elsewhere");
    save_adapter(&dir, &lora, "tiny").unwrap();
    FILES.map(|name| (format!("out/{name}"), std::fs::read(dir.join(name)).unwrap())).into()
}

fn plan(hosted: &HostedWorld) {
    let plan = JobPlan { results: adapter(hosted, 0), ..JobPlan::default() };
    hosted.server.plan_job(plan);
}

/// The files of all adapters that are kept here, unfinished ones included.
fn kept(hosted: &HostedWorld) -> BTreeMap<String, Vec<u8>> {
    let dir = hosted.world.data().join("adapters");
    if !dir.exists() {
        return BTreeMap::new();
    }
    let read = |path: &std::path::PathBuf| (path.display().to_string(), std::fs::read(dir.join(path)).unwrap());
    files(&dir).iter().map(read).collect()
}

fn outcome(hosted: &HostedWorld) -> Value {
    let run = hosted.json(&["runs", "show", "me:1"]);
    let model = run["openaiFineTunedModelId"].as_str().unwrap_or_default().to_owned();
    json!({
        "step": run["run"]["step"],
        "model": model.strip_prefix("ft:tiny:fake:ftjob-").is_some(),
        "jobs": hosted.server.jobs().len(),
        "left at the host": hosted.server.file_names(),
        "kept": kept(hosted).len(),
    })
}

#[test]
fn a_downloaded_adapter_is_kept_with_its_digests_served_here_and_erased() {
    let hosted = world();
    plan(&hosted);
    let trained = hosted.train(&[]);
    assert!(trained.status.success(), "{}", text(&trained.stderr));
    let expected = json!({"step": "activated", "model": true, "jobs": 1, "left at the host": [], "kept": 3});
    assert_eq!(outcome(&hosted), expected);
    let kept_files = kept(&hosted);
    let of = |name: &str| kept_files.iter().find(|(path, _)| path.ends_with(name)).unwrap().1;
    let sums = text(of("SHA256SUMS"));
    for (name, (_, sent)) in FILES.iter().zip(adapter(&hosted, 0)) {
        assert_eq!(*of(name), sent);
        let digest: String = Sha256::digest(&sent).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(sums.contains(&format!("{digest}  {name}\n")), "{sums}");
    }
    let server = hosted.serve(&[]);
    let (headers, body) =
        server.post("/v1/chat/completions", r#"{"messages":[{"role":"user","content":"hi"}],"max_tokens":2}"#);
    assert!(
        headers.contains("x-idiolect-version: 1") && headers.contains("x-idiolect-model: ft:tiny:fake:"),
        "{headers}{body}"
    );
    assert_eq!(hosted.server.count(Endpoint::Chat), 0, "nothing is said to the host");
    drop(server);

    let erased = hosted.run(&["erase", "--user", "me", "--yes"], &[]);
    assert!(erased.status.success(), "{}", text(&erased.stderr));
    assert!(kept(&hosted).is_empty(), "{:?}", kept(&hosted).keys());
    assert!(hosted.server.fine_tuned_models().is_empty() && hosted.server.file_names().is_empty());
}

#[test]
fn an_adapter_for_another_base_model_ends_the_run_with_its_reason_and_leaves_nothing() {
    let hosted = world();
    hosted.server.plan_job(JobPlan { results: adapter(&hosted, 1), ..JobPlan::default() });
    assert!(!hosted.train(&[]).status.success());
    let run = hosted.json(&["runs", "show", "me:1"]);
    assert_eq!(run["run"]["step"], "failed");
    assert!(run["failure"]["message"].as_str().unwrap().contains("another base model"), "{}", run["failure"]);
    assert!(kept(&hosted).is_empty() && hosted.server.file_names().is_empty());

    let incomplete = world();
    incomplete.server.plan_job(JobPlan { results: vec![("adapter.tar.zst".into(), vec![1, 2])], ..JobPlan::default() });
    assert!(!incomplete.train(&[]).status.success());
    let failure = incomplete.json(&["runs", "show", "me:1"])["failure"]["message"].as_str().unwrap().to_owned();
    assert!(failure.contains("adapter_model.safetensors are needed"), "{failure}");
}

/// Killed around the step, and the network cut at each of its calls: the same adapter once, and nothing left at the host.
#[test]
fn a_crash_or_a_cut_while_an_adapter_is_downloaded_ends_the_same() {
    let reference = world();
    plan(&reference);
    assert!(reference.train(&[]).status.success());
    let (expected, bytes) = (outcome(&reference), kept(&reference).into_values().collect::<Vec<_>>());
    let calls = reference.server.calls();
    let first = calls.iter().position(|call| *call == Endpoint::ListCheckpoints).unwrap();
    assert!(calls[first..].contains(&Endpoint::FileContent) && calls[first..].contains(&Endpoint::DeleteFile));
    let points = ["before_make_servable", "after_make_servable", "before_delete_results", "after_delete_results"];
    enum Case {
        Killed(&'static str),
        Cut(usize, bool),
    }
    let cuts = (first + 1..=calls.len()).flat_map(|call| [Case::Cut(call, false), Case::Cut(call, true)]);
    let cases: Vec<Case> = points.into_iter().map(Case::Killed).chain(cuts).collect();
    in_parallel(&cases, |case| {
        let hosted = world();
        plan(&hosted);
        let name = match case {
            Case::Killed(point) => {
                let patient = ("IDIOLECT_RUNS_CALL_TIMEOUT_SECONDS", "60");
                assert!(!hosted.train(&[patient, ("IDIOLECT_FAULT_POINT", &format!("{point}#1"))]).status.success());
                point.to_string()
            }
            Case::Cut(call, takes_effect) => {
                hosted.server.cut_calls(*call, 3, *takes_effect);
                format!("call {call}, {:?}, took effect: {takes_effect}", calls[*call - 1])
            }
        };
        let trained = hosted.train(&[]);
        assert!(trained.status.success(), "{name}: {}", text(&trained.stderr));
        assert_eq!(outcome(&hosted), expected, "{name}");
        assert_eq!(kept(&hosted).into_values().collect::<Vec<_>>(), bytes, "{name}");
    });
}

/// Revoked when the adapter is here and no record names it yet.
#[test]
fn a_revocation_after_the_download_leaves_no_adapter() {
    let hosted = world();
    plan(&hosted);
    assert!(!hosted.train(&[("IDIOLECT_FAULT_POINT", "after_make_servable#1")]).status.success());
    assert_eq!(kept(&hosted).len(), 3);
    let revoked = hosted.run(&["consent", "revoke"], &[]);
    assert!(revoked.status.success(), "{}", text(&revoked.stderr));
    assert!(kept(&hosted).is_empty() && hosted.server.fine_tuned_models().is_empty());
    assert!(hosted.server.file_names().is_empty(), "{:?}", hosted.server.file_names());
}

#[test]
fn a_model_that_the_host_wants_registered_is_registered_once_and_served_there() {
    let hosted = HostedWorld::new(StoreKind::Sqlite, JOBS_AT_ONCE, "after_success = \"register\"");
    hosted.server.plan_job(JobPlan { without_model: true, ..JobPlan::default() });
    let at = |server: &idiolect_testkit::FakeOpenAi| {
        server.next(Endpoint::RegisterModel, idiolect_testkit::Oddity::CutAfter)
    };
    at(&hosted.server);
    let trained = hosted.train(&[]);
    assert!(trained.status.success(), "{}", text(&trained.stderr));
    let registered = hosted.server.registered_models();
    assert_eq!(registered.len(), 1, "{registered:?}");
    let run = hosted.json(&["runs", "show", "me:1"]);
    assert_eq!(
        (&run["run"]["step"], run["openaiFineTunedModelId"].as_str()),
        (&json!("activated"), Some(registered[0].as_str()))
    );
    let server = hosted.serve(&[]);
    let (headers, _) = server.post("/v1/chat/completions", r#"{"messages":[{"role":"user","content":"hi"}]}"#);
    assert!(headers.contains("x-idiolect-version: 1"), "{headers}");
    drop(server);
    assert!(hosted.run(&["erase", "--user", "me", "--yes"], &[]).status.success());
    assert!(hosted.server.registered_models().is_empty());
}
