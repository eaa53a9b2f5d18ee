use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use idiolect_provider::{
    ChatProvider, CreateJob, FileId, FineTuningJob, FineTuningProvider, Hyperparameters, JobId, ModelId,
    OpenAiProvider, ProviderError, Upload,
};
use idiolect_testkit::{FAKE_BASE_MODEL, FakeOpenAi, ProviderWorld, training_lines};
use jiff::SignedDuration;

/// A client and the fake server that it talks to.
pub struct World {
    pub server: FakeOpenAi,
    pub client: Arc<OpenAiProvider>,
}

impl World {
    pub async fn start() -> Self {
        Self::with_profile("openai").await
    }

    pub async fn with_profile(profile: &str) -> Self {
        let server = FakeOpenAi::start().await;
        let client = Arc::new(server.client(profile));
        Self { server, client }
    }

    pub async fn upload(&self, name: &str) -> FileId {
        let file = self.client.upload_file(Upload::new(name, training_lines(12))).await.unwrap();
        self.server.advance(SignedDuration::from_secs(30));
        file
    }

    pub fn request(file: &FileId) -> CreateJob {
        CreateJob {
            training_file: file.clone(),
            base_model: ModelId::new(FAKE_BASE_MODEL),
            suffix: Some("ana-v1".into()),
            seed: Some(1),
            hyperparameters: Hyperparameters { n_epochs: Some(2), ..Hyperparameters::default() },
            metadata: [("run_id".to_owned(), "ana:1@1".to_owned())].into(),
        }
    }

    pub async fn created(&self) -> FineTuningJob {
        let file = self.upload("run.jsonl").await;
        self.client.create_job(Self::request(&file)).await.unwrap()
    }

    /// The job after all the time that it could take.
    pub async fn ended(&self, job: &JobId) -> FineTuningJob {
        self.server.advance(SignedDuration::from_hours(1));
        self.client.job(job).await.unwrap()
    }
}

#[async_trait]
impl ProviderWorld for World {
    fn training(&self) -> Arc<dyn FineTuningProvider> {
        self.client.clone()
    }

    fn chat(&self) -> Arc<dyn ChatProvider> {
        self.client.clone()
    }

    fn base_model(&self) -> ModelId {
        ModelId::new(FAKE_BASE_MODEL)
    }

    async fn pass_time(&self) {
        self.server.advance(SignedDuration::from_secs(30));
    }
}

/// Where the shared data is, or a sentence that says what is passed over.
pub fn shared_data(what: &str) -> Option<PathBuf> {
    let dir = std::env::var_os("IDIOLECT_SHARED_DATA").map(PathBuf::from);
    if dir.is_none() {
        eprintln!("SKIPPED: IDIOLECT_SHARED_DATA is not set, so {what} is not checked");
    }
    dir
}

pub fn code_of<T>(result: Result<T, ProviderError>) -> String {
    result.map(drop).unwrap_err().code().to_owned()
}
