//! A store with users and runs, and the log of what was done for them.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use idiolect_registry::{
    Change, DataRange, MetadataStore, ModelVersion, Purpose, RunRequest, Trigger, User, UserId, grant, prove_consent,
    start_run,
};
use idiolect_store::SqliteStore;
use idiolect_testkit::MemoryStore;
use tempfile::TempDir;

use super::machine::{Script, ScriptMachine};
use super::now;

/// How long anything may take before a test gives up on it; machines are slow at times.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct World {
    pub store: Arc<dyn MetadataStore>,
    dir: TempDir,
}

impl World {
    /// Over a store that other processes can open.
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        Self { store: Arc::new(SqliteStore::open(dir.path()).unwrap()), dir }
    }

    /// Over a store in this process.
    pub fn in_memory() -> Self {
        Self { store: Arc::new(MemoryStore::new()), dir: TempDir::new().unwrap() }
    }

    pub fn dir(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    /// The machine as a process finds it that is given the directory.
    pub fn machine_at(dir: PathBuf) -> ScriptMachine {
        ScriptMachine { store: Arc::new(SqliteStore::open(&dir).unwrap()), dir, worker: next_worker() }
    }

    pub fn machine(&self) -> ScriptMachine {
        ScriptMachine { store: self.store.clone(), dir: self.dir(), worker: next_worker() }
    }

    /// A user with consent and a run that goes by the script. Nobody has kicked yet.
    pub async fn user(&self, name: &str, script: &Script) -> UserId {
        let (id, now) = (name.parse::<UserId>().unwrap(), now());
        let user = grant(&User::new(id.clone(), now), [Purpose::Extract, Purpose::TrainLocal], now);
        let proof = prove_consent(&user, Purpose::Extract).unwrap();
        let request = RunRequest {
            provider: "local".into(),
            base_model: "tiny".into(),
            window: DataRange { start: now, end: now },
            source: serde_json::to_string(script).unwrap(),
            strategy: "scripted".into(),
            seed: 1,
            code_version_sha: "test".into(),
            hyperparams: Default::default(),
            trigger: Trigger::Manual,
        };
        let (user, version) = start_run(&user, &proof, request, now);
        self.store.commit(vec![Change::PutUser(user), Change::CreateVersion(version)]).await.unwrap();
        id
    }

    /// Waits until the user's run is over.
    pub async fn ended(&self, user: &UserId) -> ModelVersion {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let version = self.store.versions(user).await.unwrap().remove(0);
            if !version.run.step.is_under_way() {
                return version;
            }
            assert!(tokio::time::Instant::now() < deadline, "{user}: the run does not end\n{}", self.text());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the step is recorded.
    pub async fn made(&self, user: &UserId, step: u32) {
        self.logged(&format!(" {user} {step} made\n"), 1).await;
    }

    /// Waits until the step is under way.
    pub async fn begun(&self, user: &UserId, step: u32) {
        self.logged(&format!(" {user} {step} begun\n"), 1).await;
    }

    /// Waits until so many calls have failed.
    pub async fn failed(&self, user: &UserId, calls: usize) {
        self.logged(&format!(" {user} 0 failed\n"), calls).await;
    }

    async fn logged(&self, line: &str, times: usize) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.text().matches(line).count() < times {
            assert!(tokio::time::Instant::now() < deadline, "{line:?} does not come\n{}", self.text());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.dir().join("log")).unwrap_or_default()
    }

    pub fn log(&self) -> Log {
        let line = |line: &str| {
            let parts: Vec<_> = line.split(' ').collect();
            let [worker, user, step, what] = parts[..] else { panic!("a line of the log: {line}") };
            Line {
                worker: worker.to_owned(),
                user: user.parse().unwrap(),
                step: step.parse().unwrap(),
                what: what.to_owned(),
            }
        };
        Log(self.text().lines().map(line).collect())
    }
}

fn next_worker() -> String {
    static WORKERS: AtomicUsize = AtomicUsize::new(0);
    format!("{}-{}", std::process::id(), WORKERS.fetch_add(1, Ordering::Relaxed))
}

struct Line {
    worker: String,
    user: UserId,
    step: u32,
    what: String,
}

/// What was done, in order.
pub struct Log(Vec<Line>);

impl Log {
    fn of<'a>(&'a self, user: &'a UserId) -> impl Iterator<Item = &'a Line> {
        self.0.iter().filter(move |line| line.user == *user)
    }

    /// The steps that were recorded, in order.
    pub fn made(&self, user: &UserId) -> Vec<u32> {
        self.of(user).filter(|line| line.what == "made").map(|line| line.step).collect()
    }

    pub fn beginnings(&self, user: &UserId, step: u32) -> usize {
        self.of(user).filter(|line| line.step == step && line.what == "begun").count()
    }

    /// Workers that recorded a step of the user.
    pub fn makers_of(&self, user: &UserId) -> BTreeSet<String> {
        self.of(user).filter(|line| line.what == "made").map(|line| line.worker.clone()).collect()
    }

    /// Workers that recorded a step of anybody.
    pub fn makers(&self) -> BTreeSet<String> {
        self.0.iter().filter(|line| line.what == "made").map(|line| line.worker.clone()).collect()
    }

    /// Whether no step was begun while it was under way. That of a later one shows that the earlier one is on record, even where
    /// whoever recorded it comes to say so only afterwards.
    pub fn assert_one_at_a_time(&self, user: &UserId) {
        let mut under_way = None;
        for line in self.of(user) {
            let step = Some(line.step);
            if line.what == "begun" {
                assert_ne!(under_way, step, "{user}: the step was begun while it was under way");
                under_way = step;
            } else if under_way == step {
                under_way = None;
            }
        }
    }
}
