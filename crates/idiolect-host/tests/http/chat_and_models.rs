//! `/v1/chat/completions` and `/v1/models`.

use serde_json::{Value, json};

use crate::bench::{BASE, Bench};

fn hi(model: &str, more: Value) -> Value {
    let mut body = json!({"model": model, "messages": [{"role": "user", "content": "hi"}], "max_tokens": 4, "seed": 1, "temperature": 1});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// The chunks of a streamed answer, having checked the framing.
fn chunks(text: &str) -> Vec<Value> {
    let events: Vec<_> = text.strip_suffix("\n\n").unwrap().split("\n\n").collect();
    let (last, chunks) = events.split_last().unwrap();
    assert_eq!(*last, "data: [DONE]");
    chunks.iter().map(|event| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap()).collect()
}

fn content(chunks: &[Value]) -> String {
    chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fine_tuned_models_and_checkpoints_are_listed_answer_and_are_deleted_together() {
    let bench = Bench::new();
    let job = bench.create_job(2, json!({})).await;
    let done = bench.wait(&job, "succeeded").await;
    let model = done["fine_tuned_model"].as_str().unwrap();
    let checkpoint = format!("{model}:ckpt-step-10");

    let list = bench.get("/v1/models").await.ok();
    let mut ids: Vec<_> = list["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, [model, checkpoint.as_str(), BASE]);
    let shown = bench.get(&format!("/v1/models/{}", model.replace(':', "%3A"))).await.ok();
    assert_eq!((&shown["id"], &shown["object"]), (&json!(model), &json!("model")));

    for answering in [BASE, model, &checkpoint] {
        let answer = bench.post("/v1/chat/completions", &hi(answering, json!({}))).await.ok();
        assert_eq!((&answer["object"], &answer["model"]), (&json!("chat.completion"), &json!(answering)));
    }
    assert_eq!(bench.delete(&format!("/v1/models/{BASE}")).await.error().0, 400);
    let deleted = bench.delete(&format!("/v1/models/{model}")).await.ok();
    assert_eq!(deleted, json!({"id": model, "object": "model", "deleted": true}));
    for gone in [model, &checkpoint] {
        assert_eq!(
            bench.get(&format!("/v1/models/{gone}")).await.error(),
            (404, json!("model"), "model_not_found".into())
        );
        let answer = bench.post("/v1/chat/completions", &hi(gone, json!({}))).await;
        assert_eq!(answer.error(), (404, json!("model"), "model_not_found".into()));
        let stream = bench.post("/v1/chat/completions", &hi(gone, json!({"stream": true}))).await;
        assert_eq!(stream.error().0, 404, "before the stream begins");
    }
    assert_eq!(bench.names("adapters"), [""; 0]);
    let job = bench.job(job["id"].as_str().unwrap()).await;
    assert_eq!(
        (&job["status"], &job["fine_tuned_model"]),
        (&json!("succeeded"), &json!(model)),
        "the job stays as it was"
    );
    let checkpoints =
        bench.get(&format!("/v1/fine_tuning/jobs/{}/checkpoints", job["id"].as_str().unwrap())).await.ok();
    assert_eq!(checkpoints["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_streamed_answer_says_the_same_and_its_usage_only_when_asked() {
    let bench = Bench::new();
    let whole = bench.post("/v1/chat/completions", &hi(BASE, json!({}))).await.ok();
    let plain = bench.post("/v1/chat/completions", &hi(BASE, json!({"stream": true}))).await;
    assert_eq!(plain.header("content-type"), "text/event-stream; charset=utf-8");
    let plain = chunks(&plain.text);
    assert_eq!(whole["choices"][0]["message"]["content"], content(&plain));
    assert!(plain.iter().all(|chunk| chunk.get("usage").is_none() && chunk["choices"][0].is_object()));

    let options = json!({"stream": true, "stream_options": {"include_usage": true}});
    let counted = chunks(&bench.post("/v1/chat/completions", &hi(BASE, options)).await.text);
    let (last, before) = counted.split_last().unwrap();
    assert_eq!((&last["choices"], content(before)), (&json!([]), content(&plain)));
    assert_eq!(last["usage"]["total_tokens"], whole["usage"]["total_tokens"]);
}
