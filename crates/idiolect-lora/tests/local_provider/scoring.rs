//! Scores of given answers.

use idiolect_provider::{ChatMessage, ModelId, ProviderError, Score, Scorer};

use crate::bench::{BASE, Bench, create, succeeded};

fn conversation(answer: &str) -> Vec<ChatMessage> {
    vec![
        ChatMessage::new("system", "Write like them."),
        ChatMessage::new("user", "Say that you will be there at 45."),
        ChatMessage::new("assistant", answer),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn training_makes_the_persons_words_likelier() {
    let bench = Bench::new();
    let provider = bench.open();
    let job = create(&provider, 20).await.unwrap();
    let tuned = succeeded(&provider, &job.id).await.fine_tuned_model.unwrap();
    let bits = async |model: &ModelId| {
        let score = provider.score(model, vec![conversation("b there @ 45 k")]).await.unwrap();
        score.bits_per_char().unwrap()
    };
    let (base, tuned) = (bits(&ModelId::new(BASE)).await, bits(&tuned).await);
    assert!(tuned < 0.7 * base, "{tuned} is not well below {base}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_counts_the_last_answer_and_its_end_only() {
    let bench = Bench::new();
    let provider = bench.open();
    let model = ModelId::new(BASE);
    // The tiny model has a token for each of these characters, and the end mark is scored too.
    let one = provider.score(&model, vec![conversation("k 45")]).await.unwrap();
    assert_eq!((one.tokens, one.chars), (5, 4));
    let mut longer = conversation("k 45");
    longer.extend([ChatMessage::new("user", "ok?"), ChatMessage::new("assistant", "😀")]);
    let two = provider.score(&model, vec![longer.clone()]).await.unwrap();
    assert_eq!((two.tokens, two.chars), (5, 1));
    let both = provider.score(&model, vec![conversation("k 45"), longer]).await.unwrap();
    assert_eq!((both.tokens, both.chars), (10, 5));
    assert!((both.nats - one.nats - two.nats).abs() < 1e-3 * both.nats);
    assert_eq!(provider.score(&model, Vec::new()).await.unwrap(), Score::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_longer_than_the_context_keeps_no_other_from_being_scored() {
    let bench = Bench::new();
    let provider = bench.open();
    let model = ModelId::new(BASE);
    let long = conversation(&"k".repeat(3000));
    let alone = provider.score(&model, vec![conversation("k 45")]).await.unwrap();
    assert_eq!(provider.score(&model, vec![long.clone(), conversation("k 45")]).await.unwrap(), alone);
    assert_eq!(provider.score(&model, vec![long]).await.unwrap(), Score::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_scored_is_named() {
    let bench = Bench::new();
    let provider = bench.open();
    let open_ended = vec![conversation("k"), vec![ChatMessage::new("user", "hi")]];
    let error = provider.score(&ModelId::new(BASE), open_ended).await.unwrap_err().to_string();
    assert!(error.contains("conversation 1 must end with an assistant's answer"), "{error}");
    let error = provider.score(&ModelId::new("ft:tiny:me:0"), vec![conversation("k")]).await.unwrap_err();
    assert!(matches!(error, ProviderError::NotFound { what: "model", .. }));
}
