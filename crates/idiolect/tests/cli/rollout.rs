//! The settings of spec §12 and of retirement, through the binary: who is trained, what waits for a reviewer, what follows a base
//! model that ends.

use idiolect_testkit::{Endpoint, FAKE_BASE_MODEL, FAKE_REASONING_MODEL};
use jiff::ToSpan;
use serde_json::{Value, json};

use crate::hosted_world::{HostedWorld, JOBS_AT_ONCE, StoreKind};
use crate::world::{signal, text};

fn hosted() -> HostedWorld {
    HostedWorld::new(StoreKind::Sqlite, JOBS_AT_ONCE, "")
}

#[test]
fn who_is_not_on_the_list_is_refused_on_record_and_who_is_on_it_is_trained() {
    let hosted = hosted();
    let refused = hosted.train(&[("IDIOLECT_ROLLOUT_ALLOWED_USERS", "ana,ben")]);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("rollout.allowed_users"), "{}", text(&refused.stderr));
    assert_eq!(hosted.json(&["status"])["lastTrigger"]["refusal"]["code"], "not_allowed");
    assert_eq!((hosted.server.count(Endpoint::UploadFile), hosted.json(&["runs"])), (0, json!([])));
    assert!(hosted.train(&[("IDIOLECT_ROLLOUT_ALLOWED_USERS", "ana,me")]).status.success());
    let wrong = hosted.train(&[("IDIOLECT_ROLLOUT_ACTIVATION", "sometimes")]);
    assert!(text(&wrong.stderr).contains("automatic or after_review"), "{}", text(&wrong.stderr));
}

#[test]
fn a_version_waits_for_its_reviewer_who_reads_samples_and_approves_or_rejects_it() {
    let hosted = hosted();
    let review = [("IDIOLECT_ROLLOUT_ACTIVATION", "after_review"), ("IDIOLECT_SCHEDULE_COOLDOWN_HOURS", "0")];
    hosted.train(&review);
    let status = hosted.json(&["status"]);
    assert_eq!((&status["awaitingReview"], &status["activeModelId"]), (&json!([1]), &Value::Null));
    let asked = hosted.json(&["versions", "approve", "me:1"]);
    assert_eq!(asked["approved"], false);
    assert!(asked["samples"].as_array().unwrap().len() >= 3, "{asked}");
    assert_eq!(hosted.json(&["status"])["activeModelVersion"], 0, "looking approves nothing");
    assert!(hosted.run(&["versions", "approve", "me:1", "--yes"], &[]).status.success());
    assert_eq!(hosted.json(&["status"])["activeModelVersion"], 1);

    hosted.train(&review);
    let rejected = hosted.run(&["versions", "reject", "me:2", "--reason", "too formal"], &[]);
    assert!(rejected.status.success(), "{}", text(&rejected.stderr));
    assert_eq!(hosted.json(&["status"])["activeModelVersion"], 1);
    assert_eq!(hosted.json(&["runs", "show", "me:2"])["failure"]["code"], "rejected");
}

#[test]
fn a_version_whose_base_ends_is_trained_again_on_the_successor_by_a_worker() {
    let hosted = hosted();
    assert!(hosted.train(&[]).status.success());
    let end = (jiff::Zoned::now() + 20.days()).date().to_string();
    hosted.server.set_shutdown_date(FAKE_BASE_MODEL, &end);
    let settings = hosted.world.path("idiolect.toml");
    let mut profiles = std::fs::read_to_string(&settings).unwrap();
    profiles += &format!(
        "[profiles.next]\nextends = \"openai-compatible\"\nbase_url = \"{}\"\nkey_env = \"FAKE_API_KEY\"\n\
         default_base_model = \"{FAKE_REASONING_MODEL}\"\n\
         [profiles.next.models.\"{FAKE_REASONING_MODEL}\".price]\ntraining = 1.0\n",
        hosted.server.base_url()
    );
    std::fs::write(&settings, profiles).unwrap();
    let unknown = hosted.run(&["worker"], &[("IDIOLECT_RETIREMENT_SUCCESSOR", "nobody")]);
    assert!(text(&unknown.stderr).contains("retirement.successor"), "{}", text(&unknown.stderr));

    let mut worker = hosted
        .command(&["worker"])
        .env("IDIOLECT_RETIREMENT_SUCCESSOR", "next")
        .env("IDIOLECT_SCHEDULE_COOLDOWN_HOURS", "0")
        .env("IDIOLECT_DATASET_DAYS", "3650")
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut status = Value::Null;
    for _ in 0..400 {
        status = hosted.json(&["status"]);
        if status["activeModelVersion"] == 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    signal(worker.id(), "INT");
    assert!(worker.wait().unwrap().success());
    let runs = hosted.json(&["runs"]);
    assert_eq!(status["activeModelVersion"], 2, "{runs}");
    assert_eq!((&runs[0]["provider"], &runs[0]["baseModel"]), (&json!("next"), &json!(FAKE_REASONING_MODEL)));
    assert_eq!(runs[0]["run"]["trigger"], "retirement");
    assert_eq!(runs[1]["retiresAt"].as_str().map(|at| at[..10].to_owned()), Some(end));
}
