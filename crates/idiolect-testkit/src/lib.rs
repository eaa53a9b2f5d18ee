#![doc = include_str!("../README.md")]

mod clock;
mod fake_openai;
mod fake_provider;
mod memory_store;
mod provider_contract;
mod store_contract;
mod tiny_model;

pub use clock::FakeClock;
pub use fake_openai::{
    Endpoint, FAKE_BASE_MODEL, FAKE_KEY, FAKE_REASONING_MODEL, FakeJob, FakeOpenAi, JobPlan, Oddity, SignedWebhook,
    published_schemas, sign_webhook,
};
pub use fake_provider::{Call, FakeProvider, Fault, Gate, JobOutcome, JobScript, Method, check_training_file};
pub use memory_store::{CommitFault, MemoryStore, StoreGate, Usage};
pub use provider_contract::{ProviderWorld, chat_contract, fine_tuning_contract, training_lines};
pub use store_contract::{
    full_user, full_version, race_for_due_work, race_for_the_last_dollars, race_for_the_next_version, store_contract,
};
pub use tiny_model::{tiny_model, write_tiny_model};
