//! A model that its provider does not have: asked once, looked at off the request's path, asked again once it is back.

#![allow(clippy::unwrap_used, reason = "tests, though not marked as such")]

mod common;

use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use common::{Answer, BASE, TUNED, World, hi};
use http_body_util::BodyExt;
use idiolect_gateway::{LookAtModel, Looked, Suspected, Suspects, router};
use idiolect_registry::{Change, MetadataStore, ModelStatus, VersionId};
use idiolect_testkit::{FakeClock, Fault, Method};
use jiff::SignedDuration;
use serde_json::json;
use tower::ServiceExt;

/// Answers each look with the next of its script, and with `NotKnown` once that is over.
#[derive(Default)]
struct Scripted {
    answers: Mutex<Vec<Looked>>,
    asked: Mutex<Vec<(VersionId, Option<Suspected>)>>,
    /// As many looks never end.
    lost: Mutex<u32>,
}

#[async_trait]
impl LookAtModel for Scripted {
    async fn look(&self, version: &VersionId, suspected: Option<Suspected>) -> Looked {
        self.asked.lock().unwrap().push((version.clone(), suspected));
        let left = self.lost.lock().unwrap().checked_sub(1);
        if let Some(left) = left {
            *self.lost.lock().unwrap() = left;
            std::future::pending::<()>().await;
        }
        let mut answers = self.answers.lock().unwrap();
        if answers.is_empty() { Looked::NotKnown } else { answers.remove(0) }
    }
}

struct Doubting {
    world: World,
    look: Arc<Scripted>,
    clock: Arc<FakeClock>,
    router: Router,
}

impl Doubting {
    async fn new(answers: &[Looked]) -> Self {
        let world = World::ready().await;
        let look = Arc::new(Scripted { answers: Mutex::new(answers.to_vec()), ..Scripted::default() });
        let clock = Arc::new(FakeClock::default());
        let mut gateway = world.gateway();
        gateway.clock = clock.clone();
        gateway.settings.suspects = Some(Suspects::new(look.clone()));
        Self { world, look, clock, router: router(gateway) }
    }

    /// The answer, and how often the fine-tuned model has been asked up to now.
    async fn chat(&self) -> (Answer, usize) {
        let request = common::request("POST", "/v1/chat/completions", Body::from(hi(json!({})).to_string()));
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let answer =
            Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(body.into()).unwrap() };
        // What a look found is known once its task has run.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let asked = self.world.provider.calls().iter().filter(|call| call.subject == TUNED).count();
        (answer, asked)
    }

    async fn set_status(&self, status: ModelStatus) {
        let mut user = self.world.store.user(&"ana".parse().unwrap()).await.unwrap().unwrap();
        user.model_status = status;
        self.world.store.commit(vec![Change::PutUser(user)]).await.unwrap();
    }

    fn looks(&self) -> usize {
        self.look.asked.lock().unwrap().len()
    }

    fn ten_minutes_pass(&self) {
        self.clock.advance(SignedDuration::from_mins(10));
    }
}

fn fell_back(answer: &Answer) -> bool {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let reason = answer.header("x-idiolect-fallback-reason");
    assert_eq!(answer.header("x-idiolect-model"), Some(if reason.is_some() { BASE } else { TUNED }));
    reason == Some("model_unavailable")
}

#[tokio::test]
async fn a_look_that_got_lost_is_taken_again() {
    let doubting = Doubting::new(&[]).await;
    *doubting.look.lost.lock().unwrap() = 1;
    doubting.world.provider.retire_model(TUNED);
    for _ in 0..2 {
        assert!(fell_back(&doubting.chat().await.0));
        assert_eq!(doubting.looks(), 1, "somebody is asking");
    }
    doubting.clock.advance(SignedDuration::from_mins(2));
    assert!(fell_back(&doubting.chat().await.0));
    assert_eq!(doubting.looks(), 2);
}

#[tokio::test]
async fn a_model_that_is_not_there_is_asked_once_and_again_when_it_is_back() {
    let doubting = Doubting::new(&[Looked::Gone, Looked::Gone, Looked::Serve]).await;
    doubting.world.provider.retire_model(TUNED);
    let (answer, asked) = doubting.chat().await;
    assert!(fell_back(&answer));
    assert_eq!((asked, doubting.looks()), (1, 1));
    let (version, suspected) = doubting.look.asked.lock().unwrap()[0].clone();
    assert_eq!((version.to_string().as_str(), suspected), ("ana:3", Some(Suspected::default())));

    // As the look has put on record.
    doubting.set_status(ModelStatus::Failed).await;
    for _ in 0..3 {
        let (answer, asked) = doubting.chat().await;
        assert!(fell_back(&answer));
        assert_eq!((asked, doubting.looks()), (1, 1), "nobody asks it meanwhile");
    }
    doubting.ten_minutes_pass();
    let (answer, asked) = doubting.chat().await;
    assert!(fell_back(&answer));
    assert_eq!((asked, doubting.looks()), (1, 2), "for as long as its user chats, it is looked at now and then");
    assert_eq!(doubting.look.asked.lock().unwrap()[1].1, None);
    doubting.ten_minutes_pass();
    doubting.chat().await;
    doubting.world.provider.add_model(TUNED);
    doubting.set_status(ModelStatus::Ready).await;
    assert!(!fell_back(&doubting.chat().await.0));
}

#[tokio::test]
async fn while_nobody_could_be_asked_the_base_model_answers_and_the_next_look_comes_later() {
    let doubting = Doubting::new(&[Looked::NotKnown, Looked::Serve]).await;
    let provider = doubting.world.provider.clone();
    provider.retire_model(TUNED);
    doubting.chat().await;
    provider.add_model(TUNED);
    for _ in 0..3 {
        let (answer, asked) = doubting.chat().await;
        assert!(fell_back(&answer), "on record it is in service, and it is not asked");
        assert_eq!((asked, doubting.looks()), (1, 1));
    }
    doubting.ten_minutes_pass();
    assert!(fell_back(&doubting.chat().await.0), "the look is under way");
    assert_eq!(doubting.looks(), 2);
    assert!(!fell_back(&doubting.chat().await.0));
}

#[tokio::test]
async fn a_clock_that_was_a_year_ahead_keeps_no_model_out_for_a_year() {
    let doubting = Doubting::new(&[Looked::NotKnown, Looked::Serve]).await;
    doubting.world.provider.retire_model(TUNED);
    doubting.clock.advance(SignedDuration::from_hours(365 * 24));
    doubting.chat().await;
    doubting.world.provider.add_model(TUNED);
    doubting.clock.advance(SignedDuration::from_hours(-365 * 24));
    assert!(fell_back(&doubting.chat().await.0), "the look is under way");
    assert!(!fell_back(&doubting.chat().await.0));
}

#[tokio::test]
async fn a_model_that_somebody_activates_again_is_asked_at_once_and_doubted_anew() {
    let doubting = Doubting::new(&[Looked::Gone, Looked::Gone]).await;
    doubting.world.provider.retire_model(TUNED);
    doubting.chat().await;
    // The record still says ready: somebody activated it, whatever was found.
    let (answer, asked) = doubting.chat().await;
    assert!(fell_back(&answer));
    assert_eq!((asked, doubting.looks()), (2, 2));
}

#[tokio::test]
async fn an_outage_is_no_suspicion() {
    let doubting = Doubting::new(&[]).await;
    for fault in [Fault::Unavailable, Fault::Broken] {
        doubting.world.provider.fail_next(Method::Complete, fault);
        assert!(fell_back(&doubting.chat().await.0));
        assert_eq!(doubting.looks(), 0);
    }
    assert!(!fell_back(&doubting.chat().await.0));
}

#[tokio::test]
async fn many_chats_at_once_make_one_look() {
    let doubting = Doubting::new(&[Looked::Gone]).await;
    doubting.world.provider.retire_model(TUNED);
    let answers = futures_util::future::join_all((0..8).map(|_| doubting.chat())).await;
    assert!(answers.iter().all(|(answer, _)| fell_back(answer)));
    assert_eq!(doubting.looks(), 1);
}
