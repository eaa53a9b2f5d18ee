//! The real base model through the ports, where there is one.

use std::path::PathBuf;

use idiolect_lora::{LocalProvider, LocalSettings, Precision};
use idiolect_provider::{ChatMessage, ChatProvider, ChatRequest, ModelId, Scorer};

#[tokio::test(flavor = "multi_thread")]
async fn smollm2_knows_the_capital_of_france() {
    let Some(path) = std::env::var_os("IDIOLECT_TEST_MODEL") else {
        println!("skipped: IDIOLECT_TEST_MODEL is not set to a SmolLM2-135M-Instruct GGUF");
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let settings = LocalSettings {
        data_dir: data.path().to_owned(),
        base_model: "smollm2-135m-instruct".to_owned(),
        base_model_path: PathBuf::from(path),
        precision: Precision::Auto,
        threads: 1,
    };
    let provider = LocalProvider::open(settings).unwrap();
    let model = ModelId::new("smollm2-135m-instruct");
    let question = ChatMessage::new("user", "What is the capital of France?");
    let request = ChatRequest::new(model.clone(), std::slice::from_ref(&question));
    let completion = provider.complete(request.with("temperature", 0).with("max_tokens", 30)).await.unwrap();
    assert!(completion.content().unwrap().contains("Paris"), "{}", completion.content().unwrap());
    assert_eq!(completion.0["choices"][0]["finish_reason"], "stop");

    let answers = ["The capital of France is Paris.", "The capital of France is spoon."];
    let mut bits = Vec::new();
    for answer in answers {
        let conversation = vec![question.clone(), ChatMessage::new("assistant", answer)];
        bits.push(provider.score(&model, vec![conversation]).await.unwrap().bits_per_char().unwrap());
    }
    assert!(bits[0] < 0.3 && bits[1] > bits[0] + 0.2, "{bits:?}");
}
