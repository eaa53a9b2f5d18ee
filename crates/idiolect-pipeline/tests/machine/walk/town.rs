//! One installation with its people, workers, provider and clock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use futures_util::FutureExt;
use idiolect_pipeline::{
    Cadence, EmbeddedEngine, EmbeddedSettings, Engine, Host, PipelineError, Successor, TrainingMachine, drive,
    training_file_name,
};
use idiolect_registry::{
    Activation, Clock, MetadataStore, ModelVersion, Purpose, Requirements, Route, RunStep, Usd, User, UserId, route,
};
use idiolect_testkit::{Call, CommitFault, FakeProvider, Fault, MemoryStore, Method};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};

use super::operation::{Cut, METHODS, Operation, Setup, Step, USERS, What};
use super::surroundings::{Shelf, TownClock, Watched, defect};
use crate::world::{BASE, World};

pub const SUCCESSOR: &str = "next-model";

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

pub struct Town {
    pub setup: Setup,
    world: Mutex<World>,
    hosts: Arc<BTreeMap<String, Arc<Host>>>,
    pub store: Arc<MemoryStore>,
    pub provider: Arc<FakeProvider>,
    pub clock: Arc<TownClock>,
    /// How many messages everybody has.
    messages: Arc<AtomicUsize>,
    provider_is_here: Mutex<bool>,
    cut: Mutex<Option<Cut>>,
    dies: Notify,
    lost_models: Mutex<Vec<String>>,
    /// The files of jobs that the provider may have lost. One of which it answered nothing is created again.
    pub trained_on_lost: Mutex<BTreeSet<String>>,
    /// Whether the provider may have failed so often in a row that a run left it a file, which then goes with its expiry.
    pub was_away: AtomicBool,
    /// What must never be, and was.
    pub broken: Mutex<Vec<String>>,
    erasures: AtomicUsize,
}

impl Town {
    pub async fn new(setup: Setup) -> Arc<Self> {
        let mut world = World::with_messages(0, Purpose::ALL).await;
        if setup.hosted {
            let places = setup.places.map_or(String::new(), |places| format!("max_concurrent_jobs = {places}\n"));
            world.make_hosted(&format!(
                "{places}[fake.models.{BASE}]\nprice = {{ training = 1000.0 }}\n[fake.models.{SUCCESSOR}]\nprice = {{ training = \
                 1000.0 }}\n"
            ));
        }
        world.provider.add_model(SUCCESSOR);
        world.can_score = setup.scores;
        world.limits.spend.installation_day = setup.day_cap.and_then(|dollars| Usd::from_dollars(dollars.into()));
        world.cadence =
            Cadence { every: setup.every_week.then_some(WEEK), on_opt_in: setup.on_opt_in, ..Cadence::default() };
        world.activation = if setup.after_review { Activation::AfterReview } else { Activation::Automatic };
        world.successor =
            setup.has_successor.then(|| Successor { provider: "fake".into(), base_model: SUCCESSOR.into() });
        world.provider.set_bits_per_char(BASE, 4.5);
        let (store, provider) = (world.store.clone(), world.provider.clone());
        let hosts = Arc::new(BTreeMap::from([("fake".to_owned(), Arc::new(world.host()))]));
        let clock = Arc::new(TownClock::at(world.clock.now()));
        let town = Arc::new(Self {
            setup,
            world: Mutex::new(world),
            hosts,
            store,
            provider,
            clock,
            messages: Arc::new(AtomicUsize::new(40)),
            provider_is_here: Mutex::new(true),
            cut: Mutex::default(),
            dies: Notify::new(),
            lost_models: Mutex::default(),
            trained_on_lost: Mutex::default(),
            was_away: AtomicBool::new(false),
            broken: Mutex::default(),
            erasures: AtomicUsize::new(0),
        });
        for user in USERS {
            town.machine().grant(&user.parse().unwrap(), &Purpose::ALL).await.unwrap();
        }
        let weak = Arc::downgrade(&town);
        town.provider.set_gate(Arc::new(move |call| pass(weak.clone(), Some(call)).boxed()));
        let weak = Arc::downgrade(&town);
        town.store.set_gate(Arc::new(move |_| pass(weak.clone(), None).boxed()));
        town
    }

    pub async fn take(&self, step: &Step) {
        *self.cut.lock().unwrap() = step.cut.clone();
        tokio::select! {
            biased;
            () = self.dies.notified() => {}
            () = self.apply(&step.operation, "") => {}
        }
        *self.cut.lock().unwrap() = None;
        // What a dead worker was at work on is dropped when its task is looked at.
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
    }

    /// Processes that are at work at the same time have names of their own.
    async fn apply(&self, operation: &Operation, where_else: &str) {
        let machine = self.machine();
        let user = |who: &usize| -> UserId { USERS[*who].parse().unwrap() };
        let done = match operation {
            Operation::Grant { who, all: true } => machine.grant(&user(who), &Purpose::ALL).await.map(drop),
            Operation::Grant { who, all: false } => machine.grant(&user(who), &[Purpose::Extract]).await.map(drop),
            Operation::Revoke(who) => machine.revoke(&user(who)).await.map(drop),
            Operation::Request(who) => self.request(&machine, &user(who)).await,
            Operation::Cancel(who) => machine.cancel(&user(who)).await.map(drop),
            Operation::Erase(who) => self.erase(&machine, &user(who)).await,
            Operation::Approve(who) => self.review(&machine, &user(who), true).await,
            Operation::Reject(who) => self.review(&machine, &user(who), false).await,
            Operation::Activate { who, back } => match self.versions(&user(who)).await.get(*back) {
                Some(version) => machine.activate_version(&version.id).await.map(drop),
                None => Ok(()),
            },
            Operation::RollBack(who) => machine.roll_back(&user(who)).await.map(drop),
            Operation::Chat(who) => self.chat(&machine, &user(who)).await,
            Operation::Train { who, minutes } => {
                self.train(&machine, &format!("terminal{where_else}"), &user(who), *minutes).await
            }
            Operation::Work { worker, minutes } => {
                let time = Duration::from_secs(60 * u64::from(*minutes));
                self.work(&format!("worker {worker}{where_else}"), time, Duration::from_secs(60)).await;
                Ok(())
            }
            Operation::LookAtEverybody => {
                self.look_at_everybody().await;
                Ok(())
            }
            other => {
                self.happen(other);
                Ok(())
            }
        };
        self.note(done);
    }

    /// What is nobody's call.
    fn happen(&self, operation: &Operation) {
        match operation {
            Operation::Wait { minutes } => self.clock.pass(SignedDuration::from_mins((*minutes).into())),
            Operation::NextJob(script) => self.provider.script_job(script.clone()),
            Operation::NextCallFails(method, fault) => self.provider.fail_next(*method, *fault),
            Operation::NextCommitFails(fault) => self.store.fail_next_commit(*fault),
            Operation::SomeCallsFail { percent, seed } => {
                self.was_away.store(true, Ordering::SeqCst);
                self.provider.fail_share(f64::from(*percent) / 100.0, *seed, &METHODS);
            }
            Operation::ProviderIsHere(here) => {
                self.was_away.fetch_or(!here, Ordering::SeqCst);
                *self.provider_is_here.lock().unwrap() = *here;
            }
            Operation::StoreIsUp(up) => self.store.set_down(!up),
            Operation::LoseJobs => {
                let mut lost = self.trained_on_lost.lock().unwrap();
                lost.extend(self.provider.jobs().into_iter().map(|job| job.training_file.to_string()));
                self.provider.lose_jobs();
            }
            Operation::LoseModel(who) => {
                let users = self.store.users();
                let user = users.iter().find(|user| user.user_id.as_str() == USERS[*who]);
                if let Some(model) = user.and_then(|user| user.active_model_id.clone()) {
                    self.provider.retire_model(&model);
                    self.lost_models.lock().unwrap().push(model);
                }
            }
            Operation::BringModelsBack => {
                for model in self.lost_models.lock().unwrap().drain(..) {
                    self.provider.restore_model(&model);
                }
            }
            Operation::BaseHas { tenths } => self.provider.set_bits_per_char(BASE, f64::from(*tenths) / 10.0),
            Operation::Messages(count) => self.messages.store(*count, Ordering::SeqCst),
            Operation::BaseEndsIn { days } => {
                let end = self.clock.now() + SignedDuration::from_hours(24 * i64::from(*days));
                self.provider.set_shutdown_date(BASE, end.to_zoned(jiff::tz::TimeZone::UTC).date());
            }
            _ => unreachable!("somebody's call"),
        }
    }

    pub fn machine(&self) -> TrainingMachine {
        let is_here = *self.provider_is_here.lock().unwrap();
        let hosts = if is_here { self.hosts.clone() } else { Arc::new(BTreeMap::new()) };
        let mut machine = self.world.lock().unwrap().machine_at(hosts);
        machine.clock = self.clock.clone();
        machine.settings.plan.source = Some("{user}".into());
        machine.settings.requirements = Requirements { min_messages: 20, min_tokens: 100 };
        machine.sources = Arc::new(Shelf { store: self.store.clone(), messages: self.messages.clone() });
        machine
    }

    async fn request(&self, machine: &TrainingMachine, user: &UserId) -> Result<(), PipelineError> {
        let request = self.world.lock().unwrap().run_request(self.clock.now());
        let request = idiolect_registry::RunRequest { source: user.to_string(), ..request };
        machine.request(user, request).await.map(drop)
    }

    async fn erase(&self, machine: &TrainingMachine, user: &UserId) -> Result<(), PipelineError> {
        let id = format!("r{}", self.erasures.fetch_add(1, Ordering::SeqCst));
        machine.request_erasure(user, &id).await.map(drop)
    }

    async fn review(&self, machine: &TrainingMachine, user: &UserId, approve: bool) -> Result<(), PipelineError> {
        let waiting = self.versions(user).await.into_iter().find(|version| version.run.step == RunStep::AwaitingReview);
        match waiting {
            Some(version) if approve => machine.approve(&version.id).await.map(drop),
            Some(version) => machine.reject(&version.id, None).await.map(drop),
            None => Ok(()),
        }
    }

    /// As the gateway: the model is suspected when the provider says that it is not there.
    async fn chat(&self, machine: &TrainingMachine, user: &UserId) -> Result<(), PipelineError> {
        let Some(user) = self.store.users().into_iter().find(|held| held.user_id == *user) else { return Ok(()) };
        match route(Some(&user), self.clock.now()) {
            Route::FineTuned { model_id, .. } if !self.answers(&model_id) => {
                machine.suspect_model(&user.active_version(), None).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    pub fn answers(&self, model: &str) -> bool {
        self.provider.models().iter().any(|held| held.as_str() == model)
    }

    async fn train(
        &self,
        machine: &TrainingMachine,
        owner: &str,
        user: &UserId,
        minutes: u16,
    ) -> Result<(), PipelineError> {
        let (stop, stopped) = watch::channel(false);
        let driving = drive(machine, EmbeddedSettings::new(owner), user, stopped);
        tokio::select! {
            done = driving => done.map(drop),
            () = stops(stop, Duration::from_secs(60 * u64::from(minutes))) => unreachable!("it never ends"),
        }
    }

    async fn work(&self, owner: &str, time: Duration, idle: Duration) {
        let settings = EmbeddedSettings { workers: 1, idle, ..EmbeddedSettings::new(owner) };
        let engine = EmbeddedEngine::new(self.store.clone(), self.clock.clone(), settings);
        let broken = Arc::default();
        let machine = Watched { machine: self.machine(), broken: Arc::clone(&broken) };
        let (stop, stopped) = watch::channel(false);
        tokio::select! {
            done = engine.run_worker(Arc::new(machine), stopped) => drop(done),
            () = stops(stop, time) => unreachable!("it never ends"),
        }
        self.broken.lock().unwrap().append(&mut broken.lock().unwrap());
    }

    pub async fn look_at_everybody(&self) {
        match self.machine().look_at_everybody().await {
            Ok(report) if report.passed_over > 0 => self.broke("the daily look passed somebody over"),
            done => self.note(done.map(drop)),
        }
    }

    /// Everything is as it should be from now on, and those who have something to do get the time for it.
    pub async fn come_to_rest(&self) -> Result<(), String> {
        const ROUNDS: usize = 500;
        self.store.heal();
        self.provider.heal();
        *self.provider_is_here.lock().unwrap() = true;
        for _ in 0..ROUNDS {
            self.work("z", Duration::from_secs(5), Duration::from_secs(1)).await;
            self.check().await?;
            let now = self.clock.now();
            let Some(next) = self.next_due().await? else { return Ok(()) };
            let wait = next.duration_since(now);
            if wait > SignedDuration::from_hours(48) {
                self.look_at_everybody().await;
            } else if wait > SignedDuration::ZERO {
                // Nobody looks as often as they might.
                self.clock.pass(wait.max(SignedDuration::from_hours(1)));
            }
        }
        Err("some run or erasure never comes to its end".into())
    }

    /// When somebody has to look at a run or an erasure again; `None` when there is none.
    async fn next_due(&self) -> Result<Option<Timestamp>, String> {
        let mut times = Vec::new();
        for user in USERS {
            let user: UserId = user.parse().unwrap();
            let run = self.versions(&user).await.into_iter().find(|version| version.run.step.is_under_way());
            if let Some(run) = run {
                times.push(run.run.dispatch.next_at.ok_or_else(|| format!("run {} waits for nobody", run.id))?);
            } else if let Some(user) = self.user(&user).filter(|user| user.erasure_id.is_some()) {
                times.push(user.dispatch.next_at.ok_or_else(|| format!("nobody erases {}", user.user_id))?);
            }
        }
        Ok(times.into_iter().min())
    }

    pub async fn erase_everybody(&self) {
        for user in self.store.users() {
            let done = self.erase(&self.machine(), &user.user_id).await;
            self.note(done);
        }
    }

    pub async fn versions(&self, user: &UserId) -> Vec<ModelVersion> {
        self.store.versions(user).await.unwrap_or_default()
    }

    pub fn user(&self, user: &UserId) -> Option<User> {
        self.store.users().into_iter().find(|held| held.user_id == *user)
    }

    pub fn broke(&self, what: impl Into<String>) {
        self.broken.lock().unwrap().push(what.into());
    }

    fn note(&self, done: Result<(), PipelineError>) {
        self.broken.lock().unwrap().extend(done.err().and_then(|error| defect(&error)));
    }

    /// Words go out and money is spent only while their user's consent stands.
    async fn check_consent(&self, call: &Call) {
        if !matches!(call.method, Method::UploadFile | Method::CreateJob) {
            return;
        }
        for user in self.store.users() {
            let its = |version: &ModelVersion| {
                training_file_name(version) == call.subject
                    || version.training_file_id.as_deref() == Some(call.subject.as_str())
            };
            if self.versions(&user.user_id).await.iter().any(its) {
                let wanted = if self.setup.hosted { Purpose::TrainHosted } else { Purpose::TrainLocal };
                if idiolect_registry::prove_consent(&user, wanted).is_err() {
                    self.broke(format!("{call} without the consent of {}", user.user_id));
                }
                return;
            }
        }
        self.broke(format!("{call} for a run that is on no record"));
    }
}

/// What happens just before a call of the store or the provider.
async fn pass(town: Weak<Town>, call: Option<Call>) {
    let Some(town) = town.upgrade() else { return };
    if let Some(call) = &call {
        town.check_consent(call).await;
    }
    let what = {
        let mut cut = town.cut.lock().unwrap();
        match &mut *cut {
            Some(Cut { at, .. }) if *at > 0 => {
                *at -= 1;
                None
            }
            _ => cut.take(),
        }
    };
    match what.map(|cut| cut.what) {
        None => {}
        Some(What::Dies) => {
            town.dies.notify_one();
            std::future::pending().await
        }
        Some(What::Fails { after }) => match call {
            Some(call) => {
                town.provider.fail_next(call.method, if after { Fault::CutAfter } else { Fault::Unavailable });
            }
            None => {
                town.store.fail_next_commit(if after { CommitFault::CutAfter } else { CommitFault::Unavailable });
            }
        },
        Some(What::Meanwhile(operation)) => town.apply(&operation, " elsewhere").await,
    }
}

/// Asks for the end after so long, and never ends.
async fn stops(stop: watch::Sender<bool>, time: Duration) {
    tokio::time::sleep(time).await;
    stop.send_replace(true);
    std::future::pending().await
}
