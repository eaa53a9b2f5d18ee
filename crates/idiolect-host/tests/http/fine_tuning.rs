//! `/v1/fine_tuning/jobs`.

use std::time::Duration;

use idiolect_provider::FineTuningHost;
use serde_json::{Value, json};

use crate::bench::{BASE, Bench, example};

async fn events(bench: &Bench, job: &Value) -> Vec<Value> {
    let path = format!("/v1/fine_tuning/jobs/{}/events?limit=1000", job["id"].as_str().unwrap());
    bench.get(&path).await.ok()["data"].as_array().unwrap().clone()
}

fn messages(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .rev()
        .filter(|event| event["type"] == "message")
        .map(|event| event["message"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_goes_through_its_statuses_and_makes_a_model_and_checkpoints() {
    let bench = Bench::new();
    let more = json!({"suffix": "ana_v1", "seed": 5, "metadata": {"run": "ana:1"}, "validation_file": null});
    let job = bench.create_job(4, more).await;
    assert_eq!((&job["object"], &job["status"]), (&json!("fine_tuning.job"), &json!("validating_files")));
    assert_eq!(job["hyperparameters"], json!({"n_epochs": 4, "batch_size": 4, "learning_rate_multiplier": "auto"}));
    assert_eq!(job["method"]["supervised"]["hyperparameters"], job["hyperparameters"]);
    assert_eq!((&job["seed"], &job["user_provided_suffix"]), (&json!(5), &json!("ana_v1")));
    assert_eq!((&job["metadata"], &job["model"]), (&json!({"run": "ana:1"}), &json!(BASE)));
    for absent in ["error", "fine_tuned_model", "finished_at", "trained_tokens", "validation_file"] {
        assert!(job[absent].is_null(), "{absent}");
    }

    let done = bench.wait(&job, "succeeded").await;
    let model = done["fine_tuned_model"].as_str().unwrap();
    assert!(model.starts_with("ft:tiny:ana_v1:"), "{model}");
    assert!(done["trained_tokens"].as_u64().unwrap() > 0);
    assert!(done["finished_at"].as_i64().unwrap() >= done["created_at"].as_i64().unwrap());

    let told = events(&bench, &job).await;
    assert_eq!(
        messages(&told),
        [
            &format!("Created fine-tuning job: {}", job["id"].as_str().unwrap()),
            "Validating the training file",
            "Files validated, moving job to queued state",
            "Fine-tuning job started",
            "The job has successfully completed",
        ]
    );
    let steps: Vec<_> = told.iter().rev().filter_map(|event| event["data"]["step"].as_u64()).collect();
    assert_eq!(steps, (1..=40).collect::<Vec<_>>());
    let first = bench.get(&format!("/v1/fine_tuning/jobs/{}/events?limit=2", job["id"].as_str().unwrap())).await.ok();
    assert_eq!((first["data"].as_array().unwrap().len(), &first["has_more"]), (2, &json!(true)));

    let checkpoints =
        bench.get(&format!("/v1/fine_tuning/jobs/{}/checkpoints", job["id"].as_str().unwrap())).await.ok();
    let shown = |checkpoint: &Value| {
        assert!(checkpoint["metrics"]["train_loss"].is_f64());
        (
            checkpoint["step_number"].as_u64().unwrap(),
            checkpoint["fine_tuned_model_checkpoint"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(
        checkpoints["data"].as_array().unwrap().iter().map(shown).collect::<Vec<_>>(),
        [(40, model.to_owned()), (30, format!("{model}:ckpt-step-30")), (20, format!("{model}:ckpt-step-20"))]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_training_file_fails_the_job_and_each_line_is_named() {
    let bench = Bench::new();
    let canary = "zyxwv";
    let mut lines: Vec<String> = (0..30).map(|n| example(n).to_string()).collect();
    lines[2] = format!("{{\"messages\": [{canary}");
    lines[7] = json!({"messages": [{"role": "user", "content": canary}]}).to_string();
    let file = bench.uploaded(lines.join("\n").as_bytes()).await;
    let job = bench.post("/v1/fine_tuning/jobs", &json!({"model": BASE, "training_file": file})).await.ok();
    let failed = bench.wait(&job, "failed").await;
    assert_eq!(failed["error"]["code"], "invalid_training_file");
    assert_eq!(failed["error"]["param"], "training_file");
    assert_eq!(
        failed["error"]["message"],
        "2 of 30 lines of the training file break a rule, line 3 the rule one_json_object_per_line first; the job's events name them"
    );
    let told = events(&bench, &job).await;
    let problems: Vec<_> = told
        .iter()
        .rev()
        .filter(|event| event["data"]["line"].is_u64())
        .map(|event| {
            assert_eq!(
                (&event["level"], &event["data"]["error_code"]),
                (&json!("error"), &json!("invalid_training_file"))
            );
            (event["data"]["line"].as_u64().unwrap(), event["data"]["rule"].as_str().unwrap())
        })
        .collect();
    assert_eq!(problems, [(3, "one_json_object_per_line"), (8, "last_message_is_the_assistants")]);
    assert!(!json!([told, failed]).to_string().contains(canary), "no word of the file is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_examples_fail_the_job_in_openais_words() {
    let bench = Bench::new();
    let file = bench.uploaded((0..5).map(|n| format!("{}\n", example(n))).collect::<String>().as_bytes()).await;
    let job = bench.post("/v1/fine_tuning/jobs", &json!({"model": BASE, "training_file": file})).await.ok();
    let failed = bench.wait(&job, "failed").await;
    assert_eq!(failed["error"]["code"], "invalid_n_examples");
    assert_eq!(failed["error"]["message"], "Training file has 5 example(s), but must have at least 10 examples");
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_listed_newest_first_by_metadata_and_in_pages() {
    let bench = Bench::new();
    let mut ids = Vec::new();
    for metadata in [json!({"run": "ana:1"}), json!({"run": "ana:2"}), json!({"run": "ana:1", "x": "y"}), json!({})] {
        ids.push(bench.create_job(1, json!({"metadata": metadata})).await["id"].as_str().unwrap().to_owned());
    }
    let list = async |query: &str| {
        let list = bench.get(&format!("/v1/fine_tuning/jobs?{query}")).await.ok();
        let found = list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|job| ids.iter().position(|id| job["id"] == id.as_str()).unwrap());
        (found.collect::<Vec<_>>(), list["has_more"] == true)
    };
    assert_eq!(list("").await, (vec![3, 2, 1, 0], false));
    assert_eq!(list("metadata%5Brun%5D=ana%3A1").await, (vec![2, 0], false));
    assert_eq!(list("metadata[run]=ana:1&metadata[x]=y").await, (vec![2], false));
    assert_eq!(list("metadata=null").await, (vec![3], false));
    assert_eq!(list("limit=2").await, (vec![3, 2], true));
    assert_eq!(list(&format!("limit=2&after={}", ids[2])).await, (vec![1, 0], false));
    assert_eq!(bench.get("/v1/fine_tuning/jobs?limit=101").await.error().0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_job_trains_at_a_time_and_waiting_and_training_ones_can_be_cancelled() {
    let bench = Bench::new();
    let first = bench.create_long_job().await;
    bench.wait(&first, "running").await;
    let second = bench.create_long_job().await;
    let third = bench.create_job(1, json!({})).await;
    bench.wait(&second, "queued").await;
    bench.wait(&third, "queued").await;
    let cancel = async |job: &Value| {
        let path = format!("/v1/fine_tuning/jobs/{}/cancel", job["id"].as_str().unwrap());
        bench.post(&path, &json!({})).await.ok();
        bench.wait(job, "cancelled").await
    };
    cancel(&second).await;
    assert_eq!(bench.job(first["id"].as_str().unwrap()).await["status"], "running");
    let cancelled = cancel(&first).await;
    assert!(cancelled["fine_tuned_model"].is_null());
    bench.wait(&third, "succeeded").await;
    assert_eq!(bench.names("adapters").len(), 1, "cancelled jobs leave no model, not even of an epoch");
    assert_eq!(cancel(&first).await["status"], "cancelled", "cancelling twice is harmless");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_job_keeps_its_place_over_a_restart_and_goes_on_when_told() {
    let mut bench = Bench::new();
    let job = bench.create_long_job().await;
    let act = |action: &str| format!("/v1/fine_tuning/jobs/{}/{action}", job["id"].as_str().unwrap());
    bench.wait(&job, "running").await;
    assert_eq!(bench.post(&act("resume"), &json!({})).await.error().2, "invalid_job_state");
    bench.post(&act("pause"), &json!({})).await.ok();
    bench.wait(&job, "paused").await;
    let waiting = bench.create_job(1, json!({})).await;
    bench.wait(&waiting, "succeeded").await;

    bench.reopen();
    bench.provider().tend().await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(bench.job(job["id"].as_str().unwrap()).await["status"], "paused", "a restart does not resume it");
    bench.post(&act("resume"), &json!({})).await.ok();
    let resumed = bench.wait(&job, "succeeded").await;
    for action in ["pause", "resume"] {
        assert_eq!(bench.post(&act(action), &json!({})).await.error().2, "invalid_job_state");
    }

    let unpaused = bench.create_long_job().await;
    let unpaused = bench.wait(&unpaused, "succeeded").await;
    let weights = |job: &Value| {
        let name = job["fine_tuned_model"].as_str().unwrap().replace(':', "~");
        std::fs::read(bench.data().join("adapters").join(name).join("adapter_model.safetensors")).unwrap()
    };
    assert!(weights(&resumed) == weights(&unpaused), "the pause changes nothing");
    let steps = events(&bench, &job).await.iter().filter(|event| event["type"] == "metrics").count();
    assert_eq!(steps, 500, "every second step of a thousand is told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn unfinished_jobs_go_on_after_a_restart_without_anybody_asking() {
    let mut bench = Bench::new();
    let training = bench.create_long_job().await;
    bench.wait(&training, "running").await;
    let waiting = bench.create_job(1, json!({})).await;
    bench.reopen();
    bench.provider().tend().await.unwrap();
    // Looking at the list starts nothing.
    for _ in 0..2000 {
        let list = bench.get("/v1/fine_tuning/jobs").await.ok();
        if list["data"].as_array().unwrap().iter().all(|job| job["status"] == "succeeded") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    bench.wait(&training, "succeeded").await;
    bench.wait(&waiting, "succeeded").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_cannot_be_gone_on_with_holds_up_no_other() {
    let mut bench = Bench::new();
    let stuck = bench.create_long_job().await;
    bench.wait(&stuck, "running").await;
    bench.create_job(1, json!({})).await;
    bench.reopen();
    let lock = bench.data().join("provider/jobs").join(stuck["id"].as_str().unwrap()).join("lock");
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    bench.provider().tend().await.unwrap();
    let mut status = Value::Null;
    for _ in 0..2000 {
        status = bench.get("/v1/fine_tuning/jobs").await.ok()["data"][0]["status"].clone();
        if status == "succeeded" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(status, "succeeded");
    std::fs::remove_dir(&lock).unwrap();
    bench.wait(&stuck, "succeeded").await;
}
