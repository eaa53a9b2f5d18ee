//! The product's own client against the product's own server, over real HTTP: the contract of all providers.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idiolect_host::{Host, serve};
use idiolect_provider::{
    ChatProvider, Credentials, FineTuningProvider, ModelId, OpenAiProvider, ProfileBook, Surroundings,
};
use idiolect_testkit::{ProviderWorld, chat_contract, fine_tuning_contract};
use sha2::{Digest, Sha256};

use crate::bench::{BASE, Bench, KEY};

struct Client(Arc<OpenAiProvider>);

#[async_trait]
impl ProviderWorld for Client {
    fn training(&self) -> Arc<dyn FineTuningProvider> {
        self.0.clone()
    }

    fn chat(&self) -> Arc<dyn ChatProvider> {
        self.0.clone()
    }

    fn base_model(&self) -> ModelId {
        ModelId::new(BASE)
    }

    async fn pass_time(&self) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_products_own_client_keeps_the_contract_over_http() {
    let bench = Bench::new();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let mut profile = ProfileBook::default().get("openai-compatible").unwrap().clone();
    profile.base_url = Some(format!("http://{}/v1", listener.local_addr().unwrap()));
    let host = Host {
        provider: bench.provider(),
        key_sha256: Sha256::digest(KEY).into(),
        settings: bench.settings.clone(),
        uploading: bench.uploading.clone(),
    };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(serve(listener, host, async move {
        let _ = stopped.await;
    }));
    let credentials = Credentials { key: Some(KEY.into()), ..Credentials::default() };
    let world = Client(Arc::new(OpenAiProvider::new(profile, &credentials, Surroundings::default()).unwrap()));
    fine_tuning_contract(&world).await;
    chat_contract(&world).await;
    drop(world);
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    assert_eq!(bench.names("provider/files"), [""; 0], "no training file is left");
    assert_eq!(bench.names("adapters"), [""; 0], "no model is left");
}
