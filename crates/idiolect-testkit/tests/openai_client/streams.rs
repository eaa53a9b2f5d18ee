use futures_util::StreamExt;
use idiolect_provider::{ChatMessage, ChatProvider, ChatRequest, ModelId, ProviderError};
use idiolect_testkit::{Endpoint, FAKE_BASE_MODEL, Oddity};
use serde_json::json;

use crate::support::World;

fn ask() -> ChatRequest {
    ChatRequest::new(ModelId::new(FAKE_BASE_MODEL), &[ChatMessage::new("user", "Say hello.")])
}

/// Chunks that came, and how it ended.
async fn streamed(world: &World) -> (usize, Option<ProviderError>) {
    let mut stream = match world.client.stream(ask()).await {
        Ok(stream) => stream,
        Err(error) => return (0, Some(error)),
    };
    let mut chunks = 0;
    while let Some(chunk) = stream.next().await {
        match chunk {
            Ok(_) => chunks += 1,
            Err(error) => return (chunks, Some(error)),
        }
    }
    (chunks, None)
}

#[tokio::test]
async fn unknown_fields_pass_through_untouched() {
    let world = World::start().await;
    let first = world.client.stream(ask()).await.unwrap().next().await.unwrap().unwrap();
    assert_eq!(first.0["obfuscation"], "x7Gq");
    let whole = world.client.complete(ask()).await.unwrap();
    assert_eq!(
        (&whole.0["service_tier"], &whole.0["choices"][0]["message"]["annotations"]),
        (&json!("default"), &json!([]))
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer() {
    let world = World::start().await;
    for odd in [Oddity::CutAfterChunks(2), Oddity::ErrorAfterChunks(2), Oddity::Truncated] {
        world.server.next(Endpoint::Chat, odd.clone());
        let (chunks, error) = streamed(&world).await;
        assert_eq!(chunks, 2, "{odd:?}");
        assert!(matches!(error, Some(ProviderError::Unavailable { .. })), "{odd:?}: {error:?}");
    }
    assert_eq!(streamed(&world).await.0, 5, "role, three words, the end");
}

#[tokio::test]
async fn a_failure_before_the_first_chunk_leaves_the_caller_its_choice() {
    let world = World::start().await;
    world.server.next(Endpoint::Chat, Oddity::CutAfterChunks(0));
    assert!(matches!(streamed(&world).await, (0, Some(ProviderError::Unavailable { .. }))));
    world.server.next(Endpoint::Chat, Oddity::Answer(b"<html>busy</html>".to_vec()));
    assert!(matches!(streamed(&world).await, (0, Some(ProviderError::Unavailable { .. }))));
    for _ in 0..2 {
        world.server.next(Endpoint::Chat, Oddity::server_error(503));
    }
    assert!(matches!(streamed(&world).await, (0, Some(ProviderError::Unavailable { .. }))));
    world.server.next(Endpoint::Chat, Oddity::rate_limited(Some(30)));
    assert!(matches!(streamed(&world).await, (0, Some(ProviderError::RateLimited { retry_after_secs: Some(30), .. }))));
    world.server.next(Endpoint::Chat, Oddity::server_error(503));
    assert_eq!(streamed(&world).await.0, 5, "one failure is passed over");
}

#[tokio::test]
async fn a_failure_is_no_chunk_however_a_host_writes_it() {
    let world = World::start().await;
    for said in [
        json!({"error": "see you at nine"}),
        json!({"object": "error", "message": "see you at nine", "type": "BadRequestError", "param": null, "code": 400}),
        json!({"message": "see you at nine"}),
        json!({"choices": [], "error": {"message": "see you at nine", "code": 502}}),
    ] {
        world.server.next(Endpoint::Chat, Oddity::Answer(format!("data: {said}\n\ndata: [DONE]\n\n").into_bytes()));
        let (chunks, error) = streamed(&world).await;
        assert!(chunks == 0 && matches!(error, Some(ProviderError::Unavailable { .. })), "{said}: {error:?}");
        assert!(!format!("{error:?}").contains("nine"), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_says_that_it_is_whole_needs_no_done() {
    let world = World::start().await;
    let word = |finish: &str| format!("data: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":{finish}}}]}}\n\n");
    let usage = "data: {\"choices\":[],\"usage\":null}\n\n";
    for (whole, events) in [
        (true, word("null") + &word("\"stop\"")),
        (true, word("\"length\"") + usage),
        (false, word("null")),
        (false, word("null") + usage),
        (false, word("\"stop\"") + "data: {\"choices\":"),
    ] {
        world.server.next(Endpoint::Chat, Oddity::Answer(events.clone().into_bytes()));
        assert_eq!(streamed(&world).await.1.is_none(), whole, "{events}");
    }
}
