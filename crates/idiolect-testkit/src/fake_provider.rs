//! A provider without a model: strict about what it is given, scripted in what it answers, with a log of its calls.

mod chat;
mod checks;
mod jobs;
mod script;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use idiolect_provider::{
    ChatRequest, FileId, FineTuningJob, JobId, JobStatus, ModelId, ProviderError, Upload, UploadedFile,
};
use jiff::Timestamp;
use jiff::civil::Date;

pub use checks::check_training_file;
pub use script::{Call, Fault, JobOutcome, JobScript, Method};

use script::Chance;

/// Implements `FineTuningProvider`, `ChatProvider` and `Scorer`.
///
/// Stricter than a real provider: training files are checked when they are uploaded, a training file cannot be deleted
/// under an unfinished job, and limits that providers state are enforced. Share it in an `Arc`.
pub struct FakeProvider {
    name: &'static str,
    hosted: bool,
    open_streams: Arc<AtomicUsize>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Counts up for ids and for the times of files and jobs, which are therefore never equal.
    ticks: i64,
    files: Vec<(UploadedFile, Vec<u8>)>,
    jobs: Vec<Job>,
    /// The training file of every job, forgotten ones' too.
    jobs_created: Vec<FileId>,
    /// Jobs whose result files are there.
    results: Vec<JobId>,
    models: Vec<ModelId>,
    /// Listed, and answering no chat.
    listed_only: Vec<ModelId>,
    shutdown_dates: BTreeMap<ModelId, Date>,
    scripts: VecDeque<JobScript>,
    faults: Vec<(Method, Fault)>,
    bits_per_char: BTreeMap<ModelId, f64>,
    answers: BTreeMap<ModelId, Answer>,
    calls: Vec<Call>,
    last_chat: Option<ChatRequest>,
    chance: Option<Chance>,
    hooks: Vec<(usize, Hook)>,
    gate: Option<Gate>,
    job_cap: Option<usize>,
    most_jobs_at_once: usize,
    jobs_refused: usize,
    preparing: bool,
}

/// What a call waits for; one that never comes to its end is where a test can end the caller.
pub type Gate = Arc<dyn Fn(Call) -> BoxFuture<'static, ()> + Send + Sync>;

/// Something that happens within a call.
type Hook = Box<dyn FnOnce() + Send>;

struct Job {
    shown: FineTuningJob,
    suffix: Option<String>,
    script: JobScript,
    polls: u32,
}

#[derive(Clone)]
enum Answer {
    Text(String),
    Endless,
}

impl FakeProvider {
    /// A provider in this process, named `fake`, that has this base model.
    pub fn new(base_model: &str) -> Self {
        let state = State { models: vec![ModelId::new(base_model)], ..State::default() };
        Self { name: "fake", hosted: false, open_streams: Arc::default(), state: Mutex::new(state) }
    }

    /// Makes it one that training files leave this machine for.
    pub fn hosted(mut self) -> Self {
        self.hosted = true;
        self
    }

    /// Adds a model that can be chatted with, scored and trained on.
    pub fn add_model(&self, model: &str) {
        let mut state = self.state();
        let model = ModelId::new(model);
        state.listed_only.retain(|held| *held != model);
        state.models.push(model);
    }

    /// From now on the model is listed and answers no chat, as after its base was shut down.
    pub fn retire_model(&self, model: &str) {
        let mut state = self.state();
        let model = ModelId::new(model);
        state.models.retain(|held| *held != model);
        state.listed_only.push(model);
    }

    /// What [`retire_model`](Self::retire_model) did is undone, unless the model has been deleted.
    pub fn restore_model(&self, model: &str) {
        let mut state = self.state();
        let model = ModelId::new(model);
        if state.listed_only.contains(&model) {
            state.listed_only.retain(|held| *held != model);
            state.models.push(model);
        }
    }

    /// The day from which on a model does not answer, as `models` then tells.
    pub fn set_shutdown_date(&self, model: &str, date: Date) {
        self.state().shutdown_dates.insert(ModelId::new(model), date);
    }

    /// How the next job goes, and after as many calls the ones after it. Jobs without a script take the default one.
    pub fn script_job(&self, script: JobScript) {
        self.state().scripts.push_back(script);
    }

    /// Makes the next call of this method go wrong; calling it twice makes two calls go wrong.
    pub fn fail_next(&self, method: Method, fault: Fault) {
        self.state().faults.push((method, fault));
    }

    /// Makes this share of the calls of these methods go wrong, half of them after they took effect. The same seed and the same
    /// calls fail in the same way.
    pub fn fail_share(&self, share: f64, seed: u64, methods: &[Method]) {
        self.state().chance = Some(Chance::new(share, seed, methods));
    }

    /// From now on no call goes wrong that was to.
    pub fn heal(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.chance = None;
    }

    /// Calls that [`fail_share`](Self::fail_share) made go wrong.
    pub fn failed_at_random(&self) -> usize {
        self.state().chance.as_ref().map_or(0, |chance| chance.failed)
    }

    /// Does something within the n-th call from now on, counted from 0, before it takes effect.
    pub fn at_call(&self, n: usize, hook: impl FnOnce() + Send + 'static) {
        let mut state = self.state();
        let at = state.calls.len() + n;
        state.hooks.push((at, Box::new(hook)));
    }

    /// Has every call wait at this gate before it takes effect.
    pub fn set_gate(&self, gate: Gate) {
        self.state().gate = Some(gate);
    }

    /// Loses all jobs that have not ended, as a provider does that is restored from a backup.
    pub fn lose_jobs(&self) {
        self.state().jobs.retain(Job::is_over);
    }

    /// Refuses a job as long as so many have not ended, with the 429 of a busy provider.
    pub fn cap_jobs(&self, cap: usize) {
        self.state().job_cap = Some(cap);
    }

    /// Most jobs that had not ended at a time.
    pub fn most_jobs_at_once(&self) -> usize {
        self.state().most_jobs_at_once
    }

    /// Jobs that [`cap_jobs`](Self::cap_jobs) refused.
    pub fn jobs_refused(&self) -> usize {
        self.state().jobs_refused
    }

    /// From now on no model of a job that has succeeded is ever made ready to answer.
    pub fn prepare_for_ever(&self) {
        self.state().preparing = true;
    }

    /// Lets all jobs lose their metadata, as hosts do that do not keep any.
    pub fn forget_metadata(&self) {
        self.state().jobs.iter_mut().for_each(|job| job.shown.metadata.clear());
    }

    /// What [`Scorer::score`](idiolect_provider::Scorer::score) finds for a model; 4 bits per character by default.
    pub fn set_bits_per_char(&self, model: &str, bits: f64) {
        self.state().bits_per_char.insert(ModelId::new(model), bits);
    }

    /// What a model answers to every chat; `I am {model}` by default.
    pub fn set_answer(&self, model: &str, text: &str) {
        self.state().answers.insert(ModelId::new(model), Answer::Text(text.into()));
    }

    /// Makes a model's streams go on until they are dropped, and its whole answers never come.
    pub fn set_endless_answer(&self, model: &str) {
        self.state().answers.insert(ModelId::new(model), Answer::Endless);
    }

    /// All calls up to now, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// The calls' methods, in order, without those in `but`.
    pub fn methods(&self, but: &[Method]) -> Vec<Method> {
        self.state().calls.iter().map(|call| call.method).filter(|m| !but.contains(m)).collect()
    }

    /// How often a method was called.
    pub fn count(&self, method: Method) -> usize {
        self.state().calls.iter().filter(|call| call.method == method).count()
    }

    /// Jobs ever created, forgotten ones included: what would have been paid for.
    pub fn jobs_created(&self) -> usize {
        self.state().jobs_created.len()
    }

    /// The training files of those jobs, oldest first.
    pub fn trained_on(&self) -> Vec<FileId> {
        self.state().jobs_created.clone()
    }

    /// All jobs as the last poll saw them, oldest first.
    pub fn jobs(&self) -> Vec<FineTuningJob> {
        self.state().jobs.iter().map(|job| job.shown.clone()).collect()
    }

    /// The files that are there now, oldest first.
    pub fn files(&self) -> Vec<UploadedFile> {
        self.state().files.iter().map(|(file, _)| file.clone()).collect()
    }

    /// The jobs that have left files beside their models, which nobody has deleted yet.
    pub fn results(&self) -> Vec<JobId> {
        self.state().results.clone()
    }

    /// What was uploaded under a file's id, to be compared with what should have been.
    pub fn file_bytes(&self, file: &FileId) -> Option<Vec<u8>> {
        self.state().files.iter().find(|(held, _)| held.id == *file).map(|(_, bytes)| bytes.clone())
    }

    /// The models that are there now, base model first.
    pub fn models(&self) -> Vec<ModelId> {
        self.state().models.clone()
    }

    /// The last chat request, whole.
    pub fn last_chat(&self) -> Option<ChatRequest> {
        self.state().last_chat.clone()
    }

    /// Streams that were handed out and not yet dropped.
    pub fn open_streams(&self) -> usize {
        self.open_streams.load(std::sync::atomic::Ordering::SeqCst)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A test that panicked in another thread has failed already; its state is still readable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the call; `Err` if it is to go wrong before it has an effect, else the fault to raise after it.
    async fn begin(&self, method: Method, subject: impl fmt::Display) -> Result<Option<Fault>, ProviderError> {
        let subject = subject.to_string();
        let gate = self.state().gate.clone();
        if let Some(gate) = gate {
            gate(Call { method, subject: subject.clone() }).await;
        }
        self.begin_now(method, subject)
    }

    fn begin_now(&self, method: Method, subject: String) -> Result<Option<Fault>, ProviderError> {
        let mut state = self.state();
        let number = state.calls.len();
        state.calls.push(Call { method, subject });
        if let Some(at) = state.hooks.iter().position(|(call, _)| *call == number) {
            let (_, hook) = state.hooks.remove(at);
            // The hook may look at this provider.
            drop(state);
            hook();
            state = self.state();
        }
        match state.chance.as_mut().and_then(|chance| chance.strike(method)) {
            Some(Fault::Unavailable) => return Err(cut("the connection failed")),
            Some(fault) => return Ok(Some(fault)),
            None => {}
        }
        let Some(at) = state.faults.iter().position(|(m, _)| *m == method) else { return Ok(None) };
        match state.faults.remove(at).1 {
            Fault::Unavailable => Err(cut("scripted outage")),
            Fault::RateLimited => Err(ProviderError::RateLimited { retry_after_secs: Some(1), answer: None }),
            Fault::Refused => Err(invalid(None, "scripted refusal")),
            Fault::Broken => Err(ProviderError::Internal { message: "scripted damage".to_owned() }),
            fault @ (Fault::CutAfter | Fault::CutBeforeFirstChunk) => Ok(Some(fault)),
        }
    }
}

impl fmt::Debug for FakeProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeProvider").field("name", &self.name).field("calls", &self.calls()).finish_non_exhaustive()
    }
}

impl State {
    fn tick(&mut self) -> (i64, Timestamp) {
        self.ticks += 1;
        let at = Timestamp::from_second(1_700_000_000 + self.ticks).expect("a small number of seconds is in range");
        (self.ticks, at)
    }

    fn has_model(&self, model: &ModelId) -> Result<(), ProviderError> {
        if self.models.contains(model) { Ok(()) } else { Err(not_found("model", model)) }
    }

    fn store_file(&mut self, upload: Upload) -> FileId {
        let (n, created_at) = self.tick();
        let id = FileId::new(format!("file-{n}"));
        let size_bytes = upload.bytes.len() as u64;
        self.files.push((UploadedFile { id: id.clone(), name: upload.name, size_bytes, created_at }, upload.bytes));
        id
    }

    fn job(&mut self, job: &JobId) -> Result<&mut Job, ProviderError> {
        self.jobs.iter_mut().find(|j| j.shown.id == *job).ok_or_else(|| not_found("fine-tuning job", job))
    }
}

impl Job {
    fn is_over(&self) -> bool {
        self.shown.status.is_terminal()
    }

    fn end(&mut self, status: JobStatus, at: Timestamp) {
        self.shown.status = status;
        self.shown.finished_at = Some(at);
    }
}

fn cut(message: &str) -> ProviderError {
    ProviderError::unavailable(message)
}

fn not_found(what: &'static str, id: impl fmt::Display) -> ProviderError {
    ProviderError::not_found(what, id)
}

fn invalid(param: Option<&str>, message: &str) -> ProviderError {
    ProviderError::invalid(param, message)
}
