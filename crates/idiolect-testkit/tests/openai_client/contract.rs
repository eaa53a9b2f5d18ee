use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idiolect_provider::{
    ChatProvider, Credentials, FineTuningProvider, ModelId, OpenAiProvider, ProfileBook, Surroundings,
};
use idiolect_testkit::{FakeProvider, ProviderWorld, chat_contract, fine_tuning_contract};

use crate::support::World;

struct Fake(Arc<FakeProvider>);

#[async_trait]
impl ProviderWorld for Fake {
    fn training(&self) -> Arc<dyn FineTuningProvider> {
        self.0.clone()
    }

    fn chat(&self) -> Arc<dyn ChatProvider> {
        self.0.clone()
    }

    fn base_model(&self) -> ModelId {
        ModelId::new("tiny")
    }

    async fn pass_time(&self) {}
}

#[tokio::test]
async fn the_fake_provider_keeps_the_contract() {
    let world = Fake(Arc::new(FakeProvider::new("tiny")));
    fine_tuning_contract(&world).await;
    chat_contract(&world).await;
}

#[tokio::test]
async fn the_client_keeps_the_contract_against_the_fake_server() {
    let world = World::start().await;
    fine_tuning_contract(&world).await;
    chat_contract(&world).await;
    assert_eq!(world.server.file_names(), [""; 0], "no training file is left");
}

/// Live, when `IDIOLECT_LIVE_PROVIDER` names a profile, `IDIOLECT_LIVE_BASE_MODEL` a model and the profile's own variable the
/// key. It spends money there: two small jobs.
struct Live {
    client: Arc<OpenAiProvider>,
    base_model: String,
}

#[async_trait]
impl ProviderWorld for Live {
    fn training(&self) -> Arc<dyn FineTuningProvider> {
        self.client.clone()
    }

    fn chat(&self) -> Arc<dyn ChatProvider> {
        self.client.clone()
    }

    fn base_model(&self) -> ModelId {
        ModelId::new(&self.base_model)
    }

    async fn pass_time(&self) {
        tokio::time::sleep(Duration::from_secs(15)).await;
    }
}

#[tokio::test]
async fn a_live_service_keeps_the_contract() {
    let Ok(name) = std::env::var("IDIOLECT_LIVE_PROVIDER") else {
        eprintln!("SKIPPED: IDIOLECT_LIVE_PROVIDER is not set, so no live service is checked");
        return;
    };
    let mut profile = ProfileBook::default().get(&name).unwrap().clone();
    if let Ok(base_url) = std::env::var("IDIOLECT_LIVE_BASE_URL") {
        profile.base_url = Some(base_url);
    }
    let base_model = std::env::var("IDIOLECT_LIVE_BASE_MODEL").ok().or(profile.default_base_model.clone());
    let key = profile.key_env.as_ref().and_then(|env| std::env::var(env).ok()).map(Into::into);
    let credentials = Credentials { key, ..Credentials::default() };
    let client = Arc::new(OpenAiProvider::new(profile, &credentials, Surroundings::default()).unwrap());
    let world = Live { client, base_model: base_model.expect("set IDIOLECT_LIVE_BASE_MODEL") };
    fine_tuning_contract(&world).await;
    chat_contract(&world).await;
}
