//! The local provider keeps the contract that hosted ones keep.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idiolect_lora::LocalProvider;
use idiolect_provider::{ChatProvider, FineTuningProvider, ModelId};
use idiolect_testkit::{ProviderWorld, chat_contract, fine_tuning_contract};

use crate::bench::{BASE, Bench};

struct Local(Arc<LocalProvider>);

#[async_trait]
impl ProviderWorld for Local {
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
async fn the_local_provider_keeps_the_contract() {
    let bench = Bench::new();
    let world = Local(Arc::new(bench.open()));
    fine_tuning_contract(&world).await;
    chat_contract(&world).await;
    assert_eq!(bench.names("provider/files"), [""; 0], "no training file is left");
}
