//! The stream's order and end, what breaks it, and who stops it.

#![allow(clippy::unwrap_used, reason = "helpers of tests, though not marked as such")]

mod common;

use std::time::Duration;

use common::{KEY, TUNED, World, hi};
use idiolect_gateway::serve;
use idiolect_http::bind_loopback;
use idiolect_registry::{Change, MetadataStore, ModelStatus};
use idiolect_testkit::{Fault, Method};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

fn chunks(answer: &common::Answer) -> Vec<Value> {
    let mut events = answer.events();
    assert_eq!(events.pop().as_deref(), Some("[DONE]"));
    events.iter().map(|event| serde_json::from_str(event).unwrap()).collect()
}

fn text(chunks: &[Value]) -> String {
    chunks.iter().filter_map(|chunk| chunk.pointer("/choices/0/delta/content")?.as_str()).collect()
}

#[tokio::test]
async fn chunks_come_in_order_and_end_with_done() {
    let world = World::ready().await;
    world.provider.set_answer(TUNED, "one two three");
    let answer = world.chat(&hi(json!({"stream": true}))).await;
    assert_eq!(answer.header("x-idiolect-model"), Some(TUNED));
    assert_eq!(answer.header("x-idiolect-version"), Some("3"));
    assert!(answer.header("x-request-id").is_some());
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    let chunks = chunks(&answer);
    assert_eq!(text(&chunks), "one two three");
    assert_eq!(chunks.len(), 5, "the role, three words, the end");
    for chunk in &chunks {
        assert_eq!((&chunk["model"], &chunk["unknown_to_us"]), (&json!(TUNED), &json!(true)));
        assert!(chunk.get("usage").is_none(), "it was not asked for");
    }
    assert_eq!(chunks[4]["choices"][0]["finish_reason"], "stop");
    assert_eq!(world.provider.open_streams(), 0);
}

#[tokio::test]
async fn usage_comes_last_in_a_chunk_of_its_own_when_asked_for() {
    let world = World::ready().await;
    world.provider.set_answer(TUNED, "one two three");
    let answer = world.chat(&hi(json!({"stream": true, "stream_options": {"include_usage": true}}))).await;
    let chunks = chunks(&answer);
    let (last, before) = chunks.split_last().unwrap();
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"], json!({"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}));
    assert_eq!(last["model"], TUNED);
    assert_eq!(before.len(), 5);
    assert!(before.iter().all(|chunk| chunk["usage"].is_null()));
}

#[tokio::test]
async fn an_answer_that_breaks_ends_with_an_error_and_without_done() {
    let world = World::ready().await;
    world.provider.fail_next(Method::Stream, Fault::CutAfter);
    let answer = world.chat(&hi(json!({"stream": true}))).await;
    assert_eq!(answer.status, 200, "it had begun");
    let events = answer.events();
    assert_eq!(events.len(), 3);
    let error: Value = serde_json::from_str(&events[2]).unwrap();
    assert_eq!(error["error"]["type"], "server_error");
    assert_eq!(error["error"]["code"], "service_unavailable");
    assert_eq!(world.provider.count(Method::Stream), 1, "no other model goes on with it");
}

#[tokio::test]
async fn a_model_that_never_answers_times_out() {
    let world = World::ready().await.with_timeout(Duration::from_millis(50));
    world.provider.set_endless_answer(TUNED);
    let answer = world.chat(&hi(json!({}))).await;
    assert_eq!(answer.error(), (504, "server_error".into(), Value::Null, "timeout".into()));
}

/// Opens a connection, asks for a stream and reads until the first words have come.
async fn streaming_client(port: u16) -> TcpStream {
    let mut client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let body = hi(json!({"stream": true})).to_string();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost:{port}\r\nauthorization: Bearer {KEY}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    client.write_all(head.as_bytes()).await.unwrap();
    client.write_all(body.as_bytes()).await.unwrap();
    let (mut read, mut buffer) = (Vec::new(), [0; 1024]);
    while !String::from_utf8_lossy(&read).contains("on and ") {
        let n = client.read(&mut buffer).await.unwrap();
        assert!(n > 0, "the stream goes on");
        read.extend_from_slice(&buffer[..n]);
    }
    client
}

/// Waits for the provider to have so many streams open; far longer than it takes.
async fn until_open_streams(world: &World, count: usize) {
    let reached = async {
        while world.provider.open_streams() != count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reached).await.expect("the stream is dropped");
}

#[tokio::test]
async fn a_client_that_goes_away_stops_the_generation() {
    let world = World::ready().await;
    world.provider.set_endless_answer(TUNED);
    let listener = bind_loopback(0, "--port").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, world.gateway(), async { drop(stopped.await) }));

    let client = streaming_client(port).await;
    assert_eq!(world.provider.open_streams(), 1);
    drop(client);
    until_open_streams(&world, 0).await;

    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn consent_that_is_taken_back_ends_the_answer_under_way() {
    let world = World::ready().await;
    world.provider.set_endless_answer(TUNED);
    let listener = bind_loopback(0, "--port").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(serve(listener, world.gateway(), std::future::pending()));

    let mut client = streaming_client(port).await;
    let mut user = world.store.user(&"ana".parse().unwrap()).await.unwrap().unwrap();
    user.model_status = ModelStatus::Disabled;
    world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
    let (mut rest, mut buffer) = (String::new(), [0; 1024]);
    let read = async {
        // The last chunk of the body.
        while !rest.ends_with("\r\n0\r\n\r\n") {
            let n = client.read(&mut buffer).await.unwrap();
            rest.push_str(str::from_utf8(&buffer[..n]).unwrap());
        }
    };
    tokio::time::timeout(Duration::from_secs(30), read).await.expect("the answer ends");
    assert!(rest.contains("consent_revoked") && !rest.contains("[DONE]"), "the end is not said");
    assert_eq!(world.provider.open_streams(), 0);
    server.abort();
}

#[tokio::test]
async fn shutdown_waits_for_answers_no_longer_than_the_grace_period() {
    let mut world = World::ready().await;
    world.settings.shutdown_grace = Duration::from_millis(50);
    world.provider.set_endless_answer(TUNED);
    let listener = bind_loopback(0, "--port").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, world.gateway(), async { drop(stopped.await) }));

    let _client = streaming_client(port).await;
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(30), server).await.expect("it ends").unwrap().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "nobody listens any more");
}
