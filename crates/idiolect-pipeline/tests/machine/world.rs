//! A machine over fakes, and a source whose messages a test can change.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use idiolect_dataset::{
    DatasetSettings, ExtractionReport, Message, MessageSource, MessageStream, SourceError, Strategy, Window,
};
use idiolect_pipeline::{
    Cadence, Host, Hosts, Limits, Machine, Next, OpenSource, Pace, PipelineError, Plan, RunSettings, Silent, Successor,
    TrainingMachine,
};
use idiolect_provider::{Hyperparameters, ProfileBook};
use idiolect_registry::{
    Activation, Change, DataRange, MetadataStore, ModelVersion, Purpose, Requirements, RunRequest, RunStep, Trigger,
    User, UserId, grant,
};
use idiolect_testkit::{FakeClock, FakeProvider, MemoryStore};
use jiff::{SignedDuration, Timestamp};

pub const BASE: &str = "base-model";

/// Everything a test looks at. The machine is made anew for each call, as after a crash.
pub struct World {
    pub store: Arc<MemoryStore>,
    pub provider: Arc<FakeProvider>,
    pub clock: Arc<FakeClock>,
    pub messages: Arc<Mutex<Vec<Message>>>,
    pub user_id: UserId,
    pub can_score: bool,
    /// What is known of the fake provider, in the words of a settings file; without it, it is one in this process.
    pub profile: Option<String>,
    pub limits: Limits,
    pub cadence: Cadence,
    pub activation: Activation,
    pub successor: Option<Successor>,
    pub pace: Pace,
    /// How often messages were asked for.
    pub reads: Arc<AtomicUsize>,
}

impl World {
    /// A user with enough messages who allows everything.
    pub async fn ready() -> Self {
        Self::with_messages(200, Purpose::ALL).await
    }

    pub async fn with_messages(count: usize, purposes: impl IntoIterator<Item = Purpose>) -> Self {
        let clock = Arc::new(FakeClock::default());
        let user_id: UserId = "ana".parse().unwrap();
        let store = Arc::new(MemoryStore::new());
        let now = idiolect_registry::Clock::now(clock.as_ref());
        let user = grant(&User::new(user_id.clone(), now), purposes, now);
        store.commit(vec![Change::PutUser(user)]).await.unwrap();
        let messages = Arc::new(Mutex::new(messages(count, now)));
        let provider = Arc::new(FakeProvider::new(BASE));
        Self {
            store,
            provider,
            clock,
            messages,
            user_id,
            can_score: true,
            profile: None,
            limits: Limits::default(),
            cadence: Cadence::default(),
            activation: Activation::default(),
            successor: None,
            pace: Pace::default(),
            reads: Arc::default(),
        }
    }

    pub fn host(&self) -> Host {
        let (name, text) = match &self.profile {
            Some(text) => ("fake", format!("[fake]\nbase_url = \"https://fake.example/v1\"\n{text}")),
            None => ("local", String::new()),
        };
        let mut profile = ProfileBook::new(&text.parse().unwrap()).unwrap().get(name).unwrap().clone();
        profile.name = "fake".into();
        Host {
            profile,
            training: self.provider.clone(),
            chat: self.provider.clone(),
            scorer: self.can_score.then(|| self.provider.clone() as _),
            pace: self.pace,
            repost_delay: Duration::from_secs(60),
        }
    }

    pub fn machine(&self) -> TrainingMachine {
        self.machine_at(Arc::new(BTreeMap::from([("fake".to_owned(), Arc::new(self.host()))])))
    }

    pub fn machine_at(&self, hosts: Arc<dyn Hosts>) -> TrainingMachine {
        let now = idiolect_registry::Clock::now(self.clock.as_ref());
        TrainingMachine {
            store: self.store.clone(),
            hosts,
            sources: Arc::new(Shelf(self.messages.clone(), self.reads.clone())),
            clock: self.clock.clone(),
            observer: Arc::new(Silent),
            settings: RunSettings {
                dataset: DatasetSettings::new(Window::ending_at(now, 90)),
                requirements: Requirements { min_messages: 100, min_tokens: 500 },
                hyperparameters: Hyperparameters::default(),
                plan: Plan {
                    provider: "fake".into(),
                    base_model: BASE.into(),
                    days: 90,
                    strategy: Strategy::default().version().into(),
                    seed: 1,
                    code_version_sha: "test".into(),
                    source: Some("shelf".into()),
                    successor: self.successor.clone(),
                    ..Plan::default()
                },
                limits: self.limits.clone(),
                cadence: self.cadence.clone(),
                activation: self.activation,
            },
        }
    }

    pub async fn request(&self) -> ModelVersion {
        self.try_request().await.unwrap()
    }

    pub async fn try_request(&self) -> Result<ModelVersion, PipelineError> {
        let request = self.run_request(idiolect_registry::Clock::now(self.clock.as_ref()));
        self.machine().request(&self.user_id, request).await
    }

    pub fn run_request(&self, end: Timestamp) -> RunRequest {
        let start = end - SignedDuration::from_hours(24 * 90);
        RunRequest {
            provider: "fake".into(),
            base_model: BASE.into(),
            window: DataRange { start, end },
            source: "shelf".into(),
            strategy: Strategy::default().version().into(),
            seed: 1,
            code_version_sha: "test".into(),
            hyperparams: Default::default(),
            trigger: Trigger::Manual,
        }
    }

    /// Makes the provider one that training files leave this machine for; `profile` is what else is known of it.
    pub fn make_hosted(&mut self, profile: &str) {
        self.provider = Arc::new(FakeProvider::new(BASE).hosted());
        self.profile = Some(profile.to_owned());
    }

    /// The user's newest version.
    pub async fn run(&self) -> ModelVersion {
        self.store.versions(&self.user_id).await.unwrap().remove(0)
    }

    /// More messages, the last of them sent just now.
    pub fn add_messages(&self, count: usize) {
        let now = idiolect_registry::Clock::now(self.clock.as_ref());
        let mut held = self.messages.lock().unwrap();
        let first = held.len();
        held.extend(messages(count, now).into_iter().enumerate().map(|(n, message)| Message {
            message_id: format!("m{:05}", first + n),
            timestamp: now - SignedDuration::from_mins((count - n) as i64),
            text: format!("{} and {n} more", message.text),
            ..message
        }));
    }

    /// Steps until no run is under way; users with a schedule are never done.
    pub async fn until_run_ends(&self) {
        for _ in 0..200 {
            self.step().await;
            let versions = self.store.versions(&self.user_id).await.unwrap();
            if versions.first().is_some_and(|version| !version.run.step.is_under_way()) {
                return;
            }
        }
        panic!("the run does not end");
    }

    /// One call, by a machine that remembers nothing; time passes as asked.
    pub async fn step(&self) -> Next {
        let next = self.machine().advance(&self.user_id).await.unwrap();
        if let Next::WaitUntil(time) = next {
            let wait = time.duration_since(idiolect_registry::Clock::now(self.clock.as_ref()));
            self.clock.advance(wait.max(SignedDuration::from_millis(1)));
        }
        next
    }

    /// Calls until the run's recorded step is `step`, or one behind it.
    pub async fn step_to(&self, step: RunStep) {
        while self.run().await.run.step < step {
            self.step().await;
        }
    }

    pub async fn run_to_end(&self) -> ModelVersion {
        for _ in 0..200 {
            if self.step().await == Next::Done {
                return self.store.versions(&self.user_id).await.unwrap().remove(0);
            }
        }
        panic!("the run does not end");
    }

    pub async fn user(&self) -> User {
        self.store.user(&self.user_id).await.unwrap().unwrap()
    }
}

/// Made-up messages, one every three hours up to now.
pub fn messages(count: usize, now: Timestamp) -> Vec<Message> {
    let words =
        ["tram", "soup", "ladder", "violin", "harbour", "pencil", "melon", "castle", "window", "garden", "puzzle"];
    let word = |n: usize| words[n % words.len()];
    (0..count)
        .map(|n| Message {
            message_id: format!("m{n:05}"),
            timestamp: now - SignedDuration::from_hours(3 * (count - n) as i64),
            text: format!("ok so the {} {} is at stop {n} w/ a {} haha", word(n), word(n * 7 + 3), word(n / 11)),
            conversation_id: Some("c".into()),
            recipient_count: Some(1),
        })
        .collect()
}

struct Shelf(Arc<Mutex<Vec<Message>>>, Arc<AtomicUsize>);

impl OpenSource for Shelf {
    fn open(&self, _: &str) -> Result<Box<dyn MessageSource>, SourceError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(Held(self.0.lock().unwrap().clone())))
    }
}

struct Held(Vec<Message>);

impl MessageSource for Held {
    fn label(&self) -> String {
        "shelf".into()
    }

    fn read(&self, window: Window) -> Result<Box<dyn MessageStream + '_>, SourceError> {
        let mut inside = self.0.clone();
        inside.retain(|message| window.contains(message.timestamp));
        Ok(Box::new(Stream(inside.into_iter())))
    }
}

pub struct Stream(pub std::vec::IntoIter<Message>);

impl Iterator for Stream {
    type Item = Result<Message, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(Ok)
    }
}

impl MessageStream for Stream {
    fn report(&self) -> ExtractionReport {
        ExtractionReport::default()
    }
}
