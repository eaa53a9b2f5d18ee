//! Places where a test can end the process as `kill -9` would: before and after every call by which the machine reaches out
//! of the process. The machine's ports are wrapped, so that no call can be forgotten; the machine itself knows nothing of it.
//! Only built with the feature `fault-points`, which no product build has.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use idiolect_provider::{
    ChatCompletion, ChatMessage, ChatProvider, ChatRequest, ChatStream, CreateJob, Deleted, FileId, FineTuningJob,
    FineTuningProvider, JobId, ModelId, ModelInfo, ProviderError, Score, Scorer, Servable, Upload, UploadedFile,
};
use idiolect_registry::{
    Change, Erasure, LeaseOn, Listed, MetadataStore, ModelVersion, Reservation, Reserved, SpendLimits, SpendingOf,
    StoreError, Usd, User, UserId, UserPage, VersionId,
};
use jiff::Timestamp;

use crate::host::{Host, Hosts};
use crate::machine::TrainingMachine;

/// Every wrapped call; `before_CALL` and `after_CALL` are the points. With `#N` behind it, a point is meant the N-th time that
/// the process passes it.
///
/// Reads of the store are not among them: they leave nothing behind, so ending there is the same as ending after the call
/// before. Nor is `renew`, which moves only the end of a lease, nor `model`, which only asks, nor `stream`, which the machine
/// never calls.
pub const FAULT_CALLS: [&str; 18] = [
    "commit",
    "reserve",
    "settle",
    "upload_file",
    "find_files",
    "delete_file",
    "create_job",
    "job",
    "find_jobs",
    "find_jobs_on_file",
    "cancel_job",
    "delete_model",
    "delete_results",
    "forget_job",
    "models",
    "make_servable",
    "complete",
    "score",
];

/// The same machine, with points around the calls of its store and its hosts.
pub fn with_fault_points(machine: TrainingMachine) -> TrainingMachine {
    TrainingMachine { store: Arc::new(Store(machine.store)), hosts: Arc::new(PointedHosts(machine.hosts)), ..machine }
}

/// `IDIOLECT_FAULT_POINT` names the place where the process ends; `IDIOLECT_FAULT_TRACE` a file that is told every point passed.
fn point(side: &str, call: &str) {
    static PASSED: Mutex<BTreeMap<String, u32>> = Mutex::new(BTreeMap::new());
    assert!(FAULT_CALLS.contains(&call), "{call} is not in the list of calls");
    let name = format!("{side}_{call}");
    let mut passed = PASSED.lock().unwrap_or_else(PoisonError::into_inner);
    let times = passed.entry(name.clone()).or_default();
    *times += 1;
    let name = format!("{name}#{times}");
    if let Some(path) = std::env::var_os("IDIOLECT_FAULT_TRACE") {
        let file = std::fs::File::options().create(true).append(true).open(path);
        let written = file.and_then(|mut file| writeln!(file, "{name}"));
        assert!(written.is_ok(), "the trace cannot be written");
    }
    if std::env::var("IDIOLECT_FAULT_POINT").is_ok_and(|wanted| wanted == name) {
        let _ = std::process::Command::new("sh").args(["-c", &format!("kill -9 {}", std::process::id())]).status();
        std::process::abort();
    }
}

async fn around<T>(call: &str, made: impl Future<Output = T>) -> T {
    point("before", call);
    let done = made.await;
    point("after", call);
    done
}

struct PointedHosts(Arc<dyn Hosts>);

impl Hosts for PointedHosts {
    fn host(&self, provider: &str) -> Result<Arc<Host>, ProviderError> {
        let Host { profile, training, chat, scorer, pace, repost_delay } = self.0.host(provider)?.as_ref().clone();
        let scorer = scorer.map(|scorer| Arc::new(Scoring(scorer)) as Arc<dyn Scorer>);
        let (training, chat) = (Arc::new(Training(training)), Arc::new(Chat(chat)));
        Ok(Arc::new(Host { profile, training, chat, scorer, pace, repost_delay }))
    }
}

struct Training(Arc<dyn FineTuningProvider>);

#[async_trait]
impl FineTuningProvider for Training {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn is_hosted(&self) -> bool {
        self.0.is_hosted()
    }

    fn keeps_metadata(&self) -> bool {
        self.0.keeps_metadata()
    }

    async fn upload_file(&self, upload: Upload) -> Result<FileId, ProviderError> {
        around("upload_file", self.0.upload_file(upload)).await
    }

    async fn find_files(&self, name: &str) -> Result<Vec<UploadedFile>, ProviderError> {
        around("find_files", self.0.find_files(name)).await
    }

    async fn delete_file(&self, file: &FileId) -> Result<Deleted, ProviderError> {
        around("delete_file", self.0.delete_file(file)).await
    }

    async fn create_job(&self, request: CreateJob) -> Result<FineTuningJob, ProviderError> {
        around("create_job", self.0.create_job(request)).await
    }

    async fn job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError> {
        around("job", self.0.job(job)).await
    }

    async fn find_jobs(
        &self,
        key: &str,
        value: &str,
        file: Option<&FileId>,
    ) -> Result<Vec<FineTuningJob>, ProviderError> {
        around("find_jobs", self.0.find_jobs(key, value, file)).await
    }

    async fn find_jobs_on_file(&self, file: &FileId) -> Result<Vec<FineTuningJob>, ProviderError> {
        around("find_jobs_on_file", self.0.find_jobs_on_file(file)).await
    }

    async fn cancel_job(&self, job: &JobId) -> Result<FineTuningJob, ProviderError> {
        around("cancel_job", self.0.cancel_job(job)).await
    }

    async fn delete_model(&self, model: &ModelId) -> Result<Deleted, ProviderError> {
        around("delete_model", self.0.delete_model(model)).await
    }

    async fn delete_results(&self, job: &JobId) -> Result<(), ProviderError> {
        around("delete_results", self.0.delete_results(job)).await
    }

    async fn forget_job(&self, job: &JobId) -> Result<(), ProviderError> {
        around("forget_job", self.0.forget_job(job)).await
    }

    async fn models(&self) -> Result<Vec<ModelInfo>, ProviderError> {
        around("models", self.0.models()).await
    }

    async fn model(&self, model: &ModelId) -> Result<ModelInfo, ProviderError> {
        self.0.model(model).await
    }

    async fn make_servable(&self, job: &FineTuningJob) -> Result<Servable, ProviderError> {
        around("make_servable", self.0.make_servable(job)).await
    }
}

struct Chat(Arc<dyn ChatProvider>);

#[async_trait]
impl ChatProvider for Chat {
    async fn complete(&self, request: ChatRequest) -> Result<ChatCompletion, ProviderError> {
        around("complete", self.0.complete(request)).await
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChatStream, ProviderError> {
        self.0.stream(request).await
    }
}

struct Scoring(Arc<dyn Scorer>);

#[async_trait]
impl Scorer for Scoring {
    async fn score(&self, model: &ModelId, conversations: Vec<Vec<ChatMessage>>) -> Result<Score, ProviderError> {
        around("score", self.0.score(model, conversations)).await
    }
}

struct Store(Arc<dyn MetadataStore>);

#[async_trait]
impl MetadataStore for Store {
    async fn user(&self, user: &UserId) -> Result<Option<User>, StoreError> {
        self.0.user(user).await
    }

    async fn users(&self, after: Option<&str>, limit: usize) -> Result<UserPage, StoreError> {
        self.0.users(after, limit).await
    }

    async fn version(&self, version: &VersionId) -> Result<Option<ModelVersion>, StoreError> {
        self.0.version(version).await
    }

    async fn versions(&self, user: &UserId) -> Result<Vec<ModelVersion>, StoreError> {
        self.0.versions(user).await
    }

    async fn unfinished(&self) -> Result<Listed<ModelVersion>, StoreError> {
        self.0.unfinished().await
    }

    async fn due(&self, now: Timestamp, shard: Option<u32>, limit: usize) -> Result<Vec<UserId>, StoreError> {
        self.0.due(now, shard, limit).await
    }

    async fn renew(&self, lease: &LeaseOn, owner: &str, until: Timestamp) -> Result<bool, StoreError> {
        self.0.renew(lease, owner, until).await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        around("commit", self.0.commit(changes)).await
    }

    async fn reserve(&self, reservation: &Reservation, limits: &SpendLimits) -> Result<Reserved, StoreError> {
        around("reserve", self.0.reserve(reservation, limits)).await
    }

    async fn settle(&self, run: &VersionId, actual: Usd) -> Result<(), StoreError> {
        around("settle", self.0.settle(run, actual)).await
    }

    async fn spending(&self, of: &SpendingOf) -> Result<Usd, StoreError> {
        self.0.spending(of).await
    }

    async fn erasure(&self, id: &str) -> Result<Option<Erasure>, StoreError> {
        self.0.erasure(id).await
    }

    async fn erasures(&self, limit: usize) -> Result<Vec<Erasure>, StoreError> {
        self.0.erasures(limit).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.0.ping().await
    }
}

#[cfg(test)]
mod tests {
    use super::FAULT_CALLS;

    /// What the list leaves out on purpose, with the reason there.
    const LEFT_OUT: [&str; 12] = [
        "model",
        "user",
        "users",
        "version",
        "versions",
        "unfinished",
        "due",
        "renew",
        "spending",
        "erasure",
        "erasures",
        "ping",
    ];

    #[test]
    fn every_call_of_every_port_has_crash_points_or_a_reason_to_have_none() {
        let ports = [
            include_str!("../../idiolect-provider/src/fine_tuning.rs"),
            include_str!("../../idiolect-provider/src/chat.rs"),
            include_str!("../../idiolect-provider/src/score.rs"),
            include_str!("../../idiolect-registry/src/store.rs"),
        ];
        let methods: Vec<&str> = ports
            .iter()
            .flat_map(|text| text.lines())
            .filter_map(|line| line.strip_prefix("    async fn ")?.split('(').next())
            .collect();
        let listed = |name: &&str| FAULT_CALLS.contains(name) || LEFT_OUT.contains(name) || *name == "stream";
        let missing: Vec<_> = methods.iter().filter(|name| !listed(name)).collect();
        assert!(missing.is_empty(), "without points around them: {missing:?}");
        assert_eq!(methods.len(), FAULT_CALLS.len() + LEFT_OUT.len() + 1, "the lists name what is no call any more");
    }
}
