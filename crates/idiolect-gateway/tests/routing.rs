//! Which model answers in every state of the user, what it is asked, and what the headers say.

mod common;

use common::{BASE, TUNED, World, hi, user};
use idiolect_registry::{Change, MetadataStore, ModelStatus};
use idiolect_testkit::{Fault, Method};
use serde_json::{Value, json};

/// Model, version and fallback reason as the headers say them.
fn served(answer: &common::Answer) -> (Option<&str>, Option<&str>, Option<&str>) {
    let header = |name| answer.header(name);
    (header("x-idiolect-model"), header("x-idiolect-version"), header("x-idiolect-fallback-reason"))
}

#[tokio::test]
async fn the_fine_tuned_model_answers_when_ready_with_the_training_prompt() {
    let world = World::ready().await;
    for more in [json!({}), json!({"model": null}), json!({"model": "personal"}), json!({"model": TUNED})] {
        let answer = world.chat(&hi(more)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(served(&answer), (Some(TUNED), Some("3"), None));
        assert_eq!(answer.json()["model"], TUNED);
        assert_eq!(answer.json()["choices"][0]["message"]["content"], format!("I am {TUNED}"));
        assert_eq!(world.asked(), ["system: STYLE", "user: SAY: hi"]);
        assert!(answer.header("x-request-id").unwrap().starts_with("req_"));
    }
}

#[tokio::test]
async fn every_other_state_falls_back_and_says_why_streams_too() {
    let base_states = [
        (None, "no_model"),
        (Some(user(ModelStatus::None, None)), "no_model"),
        (Some(user(ModelStatus::Ready, None)), "no_model"),
        (Some(user(ModelStatus::Training, None)), "training"),
        (Some(user(ModelStatus::Failed, None)), "failed"),
        (Some(user(ModelStatus::Disabled, Some(TUNED))), "disabled"),
    ];
    for (user, reason) in base_states {
        let world = World::with_user(user).await;
        for stream in [false, true] {
            let answer = world.chat(&hi(json!({"stream": stream}))).await;
            assert_eq!(answer.status, 200);
            assert_eq!(served(&answer), (Some(BASE), None, Some(reason)));
            assert_eq!(world.asked(), ["system: LIGHT", "user: hi"]);
        }
    }
}

#[tokio::test]
async fn a_version_that_is_activated_while_the_gateway_runs_is_asked_in_its_own_words() {
    let world = World::ready().await;
    world.chat(&hi(json!({}))).await;
    assert_eq!(world.asked(), ["system: STYLE", "user: SAY: hi"]);
    let mut ana = world.store.user(&"ana".parse().unwrap()).await.unwrap().unwrap();
    (ana.active_model_version, ana.latest_model_version) = (4, 4);
    world.store.commit(vec![Change::PutUser(ana)]).await.unwrap();
    let answer = world.chat(&hi(json!({}))).await;
    assert_eq!(answer.header("x-idiolect-version"), Some("4"));
    assert_eq!(world.asked(), ["system: STYLE 4", "user: SAY: hi"]);
}

#[tokio::test]
async fn the_base_model_can_be_asked_for() {
    let world = World::ready().await;
    for name in ["base", BASE] {
        let answer = world.chat(&hi(json!({"model": name}))).await;
        assert_eq!(served(&answer), (Some(BASE), None, Some("base_requested")));
        assert_eq!(answer.json()["model"], BASE);
    }
    let own = json!({"model": "base", "messages": [
        {"role": "system", "content": "mine"},
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
    ]});
    world.chat(&own).await;
    assert_eq!(world.asked(), ["system: mine", "user: a\nb"]);
}

#[tokio::test]
async fn other_models_do_not_exist_somebody_elses_and_ones_own_disabled_one_included() {
    let disabled = World::with_user(Some(user(ModelStatus::Disabled, Some(TUNED)))).await;
    for (world, name) in [(World::ready().await, "ft:smol:bob-1"), (World::ready().await, ""), (disabled, TUNED)] {
        let answer = world.chat(&hi(json!({"model": name}))).await;
        assert_eq!(answer.error(), (404, "invalid_request_error".into(), "model".into(), "model_not_found".into()));
        assert!(answer.message().contains("use \"personal\" (the default), \"base\""), "{}", answer.message());
        assert!(world.provider.calls().is_empty());
    }
}

#[tokio::test]
async fn a_model_that_is_not_available_before_the_first_byte_is_replaced_by_the_base_model() {
    let missing = World::with_user(Some(user(ModelStatus::Ready, Some("ft:deleted")))).await;
    let answer = missing.chat(&hi(json!({}))).await;
    assert_eq!(served(&answer), (Some(BASE), None, Some("model_unavailable")));
    assert_eq!(missing.asked(), ["system: LIGHT", "user: hi"]);

    for (stream, method, fault) in [
        (false, Method::Complete, Fault::Unavailable),
        (true, Method::Stream, Fault::Unavailable),
        (false, Method::Complete, Fault::Broken),
        (true, Method::Stream, Fault::Broken),
        (true, Method::Stream, Fault::CutBeforeFirstChunk),
    ] {
        let world = World::ready().await;
        world.provider.fail_next(method, fault);
        let answer = world.chat(&hi(json!({"stream": stream}))).await;
        assert_eq!(answer.status, 200);
        assert_eq!(served(&answer), (Some(BASE), None, Some("model_unavailable")), "{fault:?}");
        assert_eq!(world.asked(), ["system: LIGHT", "user: hi"]);
    }
}

#[tokio::test]
async fn a_bad_request_and_a_busy_provider_do_not_fall_back() {
    for (fault, status) in [(Fault::Refused, 400), (Fault::RateLimited, 429)] {
        let world = World::ready().await;
        world.provider.fail_next(Method::Complete, fault);
        let answer = world.chat(&hi(json!({}))).await;
        assert_eq!(answer.status, status);
        assert_eq!(served(&answer), (Some(TUNED), Some("3"), None), "errors say who was asked, too");
        assert_eq!(world.provider.count(Method::Complete), 1);
    }
}

#[tokio::test]
async fn unknown_fields_pass_both_ways() {
    let world = World::ready().await;
    let answer = world.chat(&hi(json!({"temperature": 0.2, "brand_new": {"a": [1, null]}, "seed": u64::MAX}))).await;
    let fields = Value::from(world.provider.last_chat().unwrap().fields);
    assert_eq!(fields["brand_new"], json!({"a": [1, null]}));
    assert_eq!((&fields["temperature"], &fields["seed"]), (&json!(0.2), &json!(u64::MAX)));
    assert_eq!(fields.as_object().unwrap().len(), 4, "nothing is added");
    assert_eq!(answer.json()["unknown_to_us"], json!({"passes": "through"}));
    assert_eq!(answer.json()["usage"]["prompt_tokens"], 7);
}

#[tokio::test]
async fn models_lists_what_may_be_asked_for() {
    let ids = |answer: &common::Answer| -> Vec<String> {
        assert_eq!(answer.json()["object"], "list");
        answer.json()["data"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&World::ready().await.get("/v1/models").await), ["personal", TUNED, "base", BASE]);
    let disabled = World::with_user(Some(user(ModelStatus::Disabled, Some(TUNED)))).await;
    assert_eq!(ids(&disabled.get("/v1/models").await), ["base", BASE]);
    assert_eq!(ids(&World::with_user(None).await.get("/v1/models").await), ["base", BASE]);

    let expected = json!({"id": "personal", "object": "model", "created": 1_767_225_600, "owned_by": "idiolect"});
    assert_eq!(World::ready().await.get("/v1/models/personal").await.json(), expected);
    for path in ["/v1/models/smol/base-135m", "/v1/models/smol%2Fbase-135m"] {
        assert_eq!(World::ready().await.get(path).await.json()["id"], BASE);
    }
    assert_eq!(disabled.get("/v1/models/personal").await.error().3, "model_not_found");
    assert_eq!(disabled.get("/v1/models/%FF").await.error().3, "model_not_found");
}
