//! Answers: whole and streamed, from the base model and from an adapter.

use futures_util::StreamExt;
use idiolect_lora::LocalProvider;
use idiolect_provider::{
    ChatChunk, ChatMessage, ChatProvider, ChatRequest, FineTuningProvider, ModelId, ProviderError,
};
use serde_json::json;

use crate::bench::{BASE, Bench, create, succeeded};

fn ask(model: &str) -> ChatRequest {
    let messages =
        [ChatMessage::new("system", "Write like them."), ChatMessage::new("user", "Say that you will be there at 7.")];
    ChatRequest::new(ModelId::new(model), &messages).with("seed", 11).with("max_tokens", 24)
}

async fn chunks(provider: &LocalProvider, request: ChatRequest) -> Vec<ChatChunk> {
    provider.stream(request).await.unwrap().map(Result::unwrap).collect().await
}

fn text(chunks: &[ChatChunk]) -> String {
    chunks.iter().filter_map(ChatChunk::content).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fine_tuned_model_answers_in_the_trained_style() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 50).await.unwrap();
    let model = succeeded(&provider, &job.id).await.fine_tuned_model.unwrap();
    let answer = async |model: &str| {
        let completion = provider.complete(ask(model).with("temperature", 0)).await.unwrap();
        completion.content().unwrap().to_owned()
    };
    let (tuned, base) = (answer(model.as_str()).await, answer(BASE).await);
    assert!(tuned.starts_with("b there @ "), "{tuned:?}");
    assert!(!base.starts_with("b there @ "), "{base:?}");
    // A provider that did not train it finds it as well.
    let other = bench.open();
    let completion = other.complete(ask(model.as_str()).with("temperature", 0)).await.unwrap();
    assert_eq!(completion.content(), Some(tuned.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_completion_has_openais_shape() {
    let bench = Bench::new();
    let provider = bench.open();
    let object = provider.complete(ask(BASE)).await.unwrap().0;
    assert_eq!(object["object"], "chat.completion");
    assert_eq!(object["model"], BASE);
    assert!(object["id"].as_str().unwrap().starts_with("chatcmpl-") && object["created"].as_i64().unwrap() > 0);
    assert_eq!(object["choices"][0]["message"]["role"], "assistant");
    let usage = &object["usage"];
    let (prompt, completion) = (usage["prompt_tokens"].as_u64().unwrap(), usage["completion_tokens"].as_u64().unwrap());
    assert!(prompt > 30 && completion <= 24, "{usage}");
    assert_eq!(usage["total_tokens"], prompt + completion);
    let expected = if completion == 24 { "length" } else { "stop" };
    assert_eq!(object["choices"][0]["finish_reason"], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_says_the_same_as_a_completion_and_keeps_the_prompt() {
    let bench = Bench::new();
    let provider = bench.open();
    let asked_by = |person: &str| ChatRequest { person: Some(person.to_owned()), ..ask(BASE) };
    let whole = provider.complete(asked_by("ana")).await.unwrap();
    let of_another = provider.complete(asked_by("bo")).await.unwrap();
    assert_eq!(of_another.0["usage"]["prompt_tokens_details"]["cached_tokens"], 0, "it would tell what ana asked");
    let chunks = chunks(&provider, asked_by("ana")).await;
    assert_eq!(text(&chunks), whole.content().unwrap());
    assert_eq!(chunks[0].0["choices"][0]["delta"], json!({"role": "assistant", "content": ""}));
    let last = chunks.last().unwrap();
    assert_eq!(last.usage(), whole.usage());
    assert_eq!(last.0["choices"][0]["finish_reason"], whole.0["choices"][0]["finish_reason"]);
    assert!(
        chunks.iter().all(|chunk| chunk.0["id"] == chunks[0].0["id"] && chunk.0["object"] == "chat.completion.chunk")
    );
    assert_eq!(last.0["usage"]["prompt_tokens_details"]["cached_tokens"], whole.usage().unwrap().prompt_tokens - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_has_a_chunk_of_its_own_when_it_is_asked_for() {
    let bench = Bench::new();
    let provider = bench.open();
    let request = ask(BASE).with("stream_options", json!({"include_usage": true}));
    let chunks = chunks(&provider, request).await;
    let (last, before) = chunks.split_last().unwrap();
    assert_eq!(last.0["choices"], json!([]));
    assert!(last.usage().is_some() && before.iter().all(|chunk| chunk.usage().is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_sequence_ends_the_answer_before_it() {
    let bench = Bench::new();
    let provider = bench.open();
    let whole = provider.complete(ask(BASE)).await.unwrap().content().unwrap().to_owned();
    let stop: String = whole.chars().skip(4).take(2).collect();
    let expected = whole.split_once(&stop).unwrap().0;
    let cut = provider.complete(ask(BASE).with("stop", stop.as_str())).await.unwrap();
    assert_eq!(cut.content(), Some(expected));
    assert_eq!(cut.0["choices"][0]["finish_reason"], "stop");
    assert_eq!(text(&chunks(&provider, ask(BASE).with("stop", json!([stop]))).await), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn seeds_repeat_answers_and_their_absence_does_not() {
    let bench = Bench::new();
    let provider = bench.open();
    let answer = async |request: ChatRequest| provider.complete(request).await.unwrap().content().unwrap().to_owned();
    assert_eq!(answer(ask(BASE)).await, answer(ask(BASE)).await);
    assert_ne!(answer(ask(BASE)).await, answer(ask(BASE).with("seed", 12)).await);
    let unseeded = || ask(BASE).with("seed", serde_json::Value::Null);
    assert_ne!(answer(unseeded()).await, answer(unseeded()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_is_refused_before_the_first_chunk() {
    let bench = Bench::new();
    let provider = bench.open();
    let refusal = async |request: ChatRequest| provider.stream(request).await.err().unwrap();
    for model in ["other", "ft:tiny:me:0", "ft:../../x"] {
        assert!(matches!(refusal(ask(model)).await, ProviderError::NotFound { what: "model", .. }), "{model}");
    }
    match refusal(ask(BASE).with("temperature", 9)).await {
        ProviderError::InvalidRequest { param, .. } => assert_eq!(param.as_deref(), Some("temperature")),
        other => panic!("{other}"),
    }
    let long = ChatRequest::new(ModelId::new(BASE), &[ChatMessage::new("user", "q ".repeat(2000))]);
    match refusal(long).await {
        ProviderError::InvalidRequest { message, param, code, .. } => {
            assert_eq!((param.as_deref(), code.as_deref()), (Some("messages"), Some("context_length_exceeded")));
            assert!(message.contains("takes at most 2047; send fewer or shorter messages"), "{message}");
        }
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_stream_gives_its_core_back() {
    let bench = Bench::new();
    let provider = bench.open();
    for _ in 0..5 {
        let mut stream = provider.stream(ask(BASE).with("max_tokens", 1500).with("temperature", 2)).await.unwrap();
        stream.next().await.unwrap().unwrap();
    }
    provider.complete(ask(BASE)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_model_answers_no_more() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 1).await.unwrap();
    let model = succeeded(&provider, &job.id).await.fine_tuned_model.unwrap();
    provider.complete(ask(model.as_str())).await.unwrap();
    // Another process deletes it.
    bench.open().delete_model(&model).await.unwrap();
    assert!(matches!(provider.complete(ask(model.as_str())).await, Err(ProviderError::NotFound { .. })));
    assert!(bench.names("adapters").is_empty());
}
