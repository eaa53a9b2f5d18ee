//! A server that speaks OpenAI's protocol on loopback, stricter than the real one: requests are held against the published
//! schemas, and every oddity that has been seen of real hosts happens when a test asks for it. Time is a [`FakeClock`].

mod chat;
mod files;
mod jobs;
mod models;
mod oddity;
mod registry;
mod schema;
mod serve;
mod webhook;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use idiolect_provider::{Credentials, OpenAiProvider, Profile, ProfileBook, Surroundings};
use idiolect_registry::Clock;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::FakeClock;

pub use jobs::{FakeJob, JobPlan};
pub use oddity::{Endpoint, Oddity};
pub use schema::published_schemas;
pub use webhook::{SignedWebhook, sign_webhook};

/// The only key that is let in.
pub const FAKE_KEY: &str = "sk-fake-0123456789";
/// The base model that it has.
pub const FAKE_BASE_MODEL: &str = "gpt-4.1-mini-2025-04-14";
/// A reasoning model, which takes other chat parameters.
pub const FAKE_REASONING_MODEL: &str = "gpt-6-luna";

/// A running server. It stops when this is dropped.
pub struct FakeOpenAi {
    shared: Arc<Shared>,
    address: std::net::SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

pub(crate) struct Shared {
    clock: Arc<FakeClock>,
    state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    counter: u64,
    files: Vec<files::File>,
    jobs: Vec<jobs::Job>,
    models: BTreeMap<String, Option<String>>,
    retired: BTreeSet<String>,
    registered: Vec<registry::Registered>,
    plans: VecDeque<JobPlan>,
    oddities: Vec<(Endpoint, Oddity)>,
    requests: Vec<(Endpoint, Value)>,
    /// By which the clock goes on before each call.
    per_call: SignedDuration,
    outage: Option<Outage>,
    pauses: Vec<Duration>,
}

/// Calls whose connection is cut, counted from 1.
#[derive(Clone, Copy, Debug)]
struct Outage {
    from: usize,
    calls: usize,
    first_takes_effect: bool,
}

impl FakeOpenAi {
    /// Listens on a free loopback port, at the fake clock's usual time.
    pub async fn start() -> Self {
        Self::start_at(Arc::new(FakeClock::default())).await
    }

    pub async fn start_at(clock: Arc<FakeClock>) -> Self {
        let models = [FAKE_BASE_MODEL, FAKE_REASONING_MODEL].map(|model| (model.to_owned(), None)).into();
        let state = Mutex::new(State { models, ..State::default() });
        let shared = Arc::new(Shared { clock, state });
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port is free");
        let address = listener.local_addr().expect("a bound listener has an address");
        let task = tokio::spawn(serve::serve(listener, shared.clone()));
        Self { shared, address, task }
    }

    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub fn clock(&self) -> &Arc<FakeClock> {
        &self.shared.clock
    }

    /// A client whose waits move the clock instead of taking time, under the built-in profile with this name.
    pub fn client(&self, profile: &str) -> OpenAiProvider {
        let book = ProfileBook::default();
        self.client_with(Profile {
            base_url: Some(self.base_url()),
            ..book.get(profile).expect("a built-in profile").clone()
        })
    }

    /// The same for a profile of the test's own.
    pub fn client_with(&self, profile: Profile) -> OpenAiProvider {
        let credentials = Credentials { key: Some(FAKE_KEY.into()), ..Credentials::default() };
        OpenAiProvider::new(profile, &credentials, self.surroundings()).expect("the profile is complete")
    }

    /// Time and chance of a client under test: no jitter, waits that are noted and pass at once.
    pub fn surroundings(&self) -> Surroundings {
        let (clock, shared) = (self.shared.clone(), self.shared.clone());
        Surroundings {
            now: Arc::new(move || clock.now()),
            pause: Arc::new(move |time| {
                shared.pause(time);
                Box::pin(std::future::ready(()))
            }),
            random: Arc::new(|| 0.0),
            ..Surroundings::default()
        }
    }

    /// How long clients have waited before they sent a call again.
    pub fn pauses(&self) -> Vec<Duration> {
        self.shared.state().pauses.clone()
    }

    /// Lets time pass.
    pub fn advance(&self, time: SignedDuration) {
        self.shared.clock.advance(time);
    }

    /// Makes the next call of an endpoint odd; calling it twice makes two calls odd.
    pub fn next(&self, endpoint: Endpoint, oddity: Oddity) {
        self.shared.state().oddities.push((endpoint, oddity));
    }

    /// From now on this much time passes before each call, so that a client with a clock of its own need not wait for jobs.
    pub fn advance_with_each_call(&self, time: SignedDuration) {
        self.shared.state().per_call = time;
    }

    /// Cuts the connections of `calls` calls, from the `from`-th ever on, counted from 1. The first of them may take effect
    /// before its connection is cut.
    pub fn cut_calls(&self, from: usize, calls: usize, first_takes_effect: bool) {
        self.shared.state().outage = Some(Outage { from, calls, first_takes_effect });
    }

    /// The calls up to now, oldest first, odd ones included.
    pub fn calls(&self) -> Vec<Endpoint> {
        self.shared.state().requests.iter().map(|(endpoint, _)| *endpoint).collect()
    }

    /// Ids of the fine-tuned models that are there now.
    pub fn fine_tuned_models(&self) -> Vec<String> {
        let now = self.shared.now();
        let mut state = self.shared.state();
        state.bring_in_models(now);
        state.models.keys().filter(|id| id.starts_with("ft:")).cloned().collect()
    }

    /// How the next job goes, and after as many calls the ones after it.
    pub fn plan_job(&self, plan: JobPlan) {
        self.shared.state().plans.push_back(plan);
    }

    /// From now on the model is listed and answers 404, as after its base was shut down.
    pub fn retire_model(&self, model: &str) {
        self.shared.state().retired.insert(model.to_owned());
    }

    /// A retired model answers again.
    pub fn bring_back_model(&self, model: &str) {
        let mut state = self.shared.state();
        state.retired.remove(model);
        state.models.entry(model.to_owned()).or_default();
    }

    /// Sets a model's `shutdown_date`, which is otherwise `null`.
    pub fn set_shutdown_date(&self, model: &str, date: &str) {
        self.shared.state().models.insert(model.to_owned(), Some(date.to_owned()));
    }

    /// Jobs ever created: what would have been paid for.
    pub fn jobs(&self) -> Vec<FakeJob> {
        let now = self.shared.clock.now();
        self.shared.state().jobs.iter().map(|job| job.shown(now)).collect()
    }

    /// Names of the files that are there now, oldest first.
    pub fn file_names(&self) -> Vec<String> {
        self.shared.state().files.iter().map(|file| file.name.clone()).collect()
    }

    /// Names of the models that were registered and not deleted, oldest first.
    pub fn registered_models(&self) -> Vec<String> {
        let state = self.shared.state();
        let there = state.registered.iter().filter(|model| !state.retired.contains(model.name()));
        there.map(|model| model.name().to_owned()).collect()
    }

    /// What was uploaded under a name.
    pub fn file_bytes(&self, name: &str) -> Option<Vec<u8>> {
        self.shared.state().files.iter().find(|file| file.name == name).map(|file| file.bytes.clone())
    }

    /// The file's expiry in seconds after its creation.
    pub fn file_expiry(&self, name: &str) -> Option<u64> {
        self.shared.state().files.iter().find(|file| file.name == name)?.expires_after
    }

    /// How often an endpoint was called, odd calls included.
    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.shared.state().requests.iter().filter(|(called, _)| *called == endpoint).count()
    }

    /// The JSON bodies that an endpoint was sent, oldest first.
    pub fn bodies(&self, endpoint: Endpoint) -> Vec<Value> {
        let state = self.shared.state();
        state.requests.iter().filter(|(called, _)| *called == endpoint).map(|(_, body)| body.clone()).collect()
    }
}

impl Drop for FakeOpenAi {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A test that panicked in another thread has failed already; its state is still readable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn pause(&self, time: Duration) {
        self.state().pauses.push(time);
        self.clock.advance(SignedDuration::try_from(time).expect("tests wait for no ages"));
    }
}

impl State {
    fn id(&mut self, prefix: &str) -> String {
        self.counter += 1;
        format!("{prefix}-{:04}", self.counter)
    }

    /// Of the call that was noted last.
    fn oddity(&mut self, endpoint: Endpoint) -> Option<Oddity> {
        if let Some(Outage { from, calls, first_takes_effect }) = self.outage {
            let call = self.requests.len();
            if (from..from + calls).contains(&call) {
                return Some(if first_takes_effect && call == from { Oddity::CutAfter } else { Oddity::CutBefore });
            }
        }
        let at = self.oddities.iter().position(|(of, _)| *of == endpoint)?;
        Some(self.oddities.remove(at).1)
    }
}
