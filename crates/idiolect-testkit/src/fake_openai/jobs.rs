//! `/v1/fine_tuning/jobs`: jobs that go on with the clock.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::files::{TRAINING, known_parameters, page};
use super::serve::{Answered, Asked, Refused};
use super::{Shared, State, schema};
use crate::check_training_file;

const VALIDATING: SignedDuration = SignedDuration::from_secs(40);
const QUEUED: SignedDuration = SignedDuration::from_mins(2);
const RUNNING: SignedDuration = SignedDuration::from_mins(15);
const USUAL_LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;
const ORGANIZATION: &str = "org-fake";

/// How a job goes, and how it is told.
#[derive(Clone, Debug, Default)]
pub struct JobPlan {
    /// The healthy job's `error`, which is otherwise `null`.
    pub healthy_error: Option<Value>,
    /// What is said instead of `running`, such as `paused` or a word that nobody knows.
    pub running_word: Option<String>,
    /// The code and sentence that it fails with after its whole time, as after the safety checks.
    pub fails: Option<(String, String)>,
    /// `succeeded`, and no model.
    pub without_model: bool,
    /// Fields beside `id` and `status` are left out of every answer, as they are in published examples.
    pub bare: bool,
    /// Files by name that the job leaves when it has succeeded, such as an adapter's.
    pub results: Vec<(String, Vec<u8>)>,
    /// Whether they hang on the last checkpoint instead of the job.
    pub results_on_checkpoint: bool,
    /// Whether the checkpoints are models too, beside the one that the job names. A job that is cancelled while it is running
    /// has one of them already.
    pub keeps_checkpoints: bool,
    /// What becomes of a model that is registered of it, if not `active`.
    pub registers_as: Option<String>,
}

/// A job as the server sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct FakeJob {
    pub id: String,
    pub status: String,
    pub training_file: String,
    pub metadata: Value,
    pub fine_tuned_model: Option<String>,
}

pub(super) struct Job {
    id: String,
    request: Value,
    created_at: Timestamp,
    cancelled_at: Option<Timestamp>,
    /// Found while validating: what the upload did not say.
    invalid: Option<(String, String)>,
    trained_tokens: u64,
    plan: JobPlan,
    /// Once it has succeeded.
    result_files: Option<Vec<String>>,
}

/// Steps from one checkpoint to the next.
const STEPS_BETWEEN: usize = 44;

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Validating,
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

impl Job {
    fn phase(&self, now: Timestamp) -> Phase {
        if self.cancelled_at.is_some() {
            return Phase::Cancelled;
        }
        match now.duration_since(self.created_at) {
            age if age < VALIDATING => Phase::Validating,
            _ if self.invalid.is_some() => Phase::Failed,
            age if age < VALIDATING + QUEUED => Phase::Queued,
            age if age < VALIDATING + QUEUED + RUNNING => Phase::Running,
            _ if self.plan.fails.is_some() => Phase::Failed,
            _ => Phase::Succeeded,
        }
    }

    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        matches!(self.phase(now), Phase::Succeeded | Phase::Failed | Phase::Cancelled)
    }

    pub(super) fn trains_on(&self, file: &str) -> bool {
        self.request["training_file"] == file
    }

    pub(super) fn model(&self, now: Timestamp) -> Option<String> {
        if self.phase(now) == Phase::Succeeded { self.model_name() } else { None }
    }

    fn model_name(&self) -> Option<String> {
        let suffix = self.request["suffix"].as_str().unwrap_or_default();
        let base = self.request["model"].as_str().unwrap_or_default();
        let name = || format!("ft:{base}:{ORGANIZATION}:{suffix}:{}", self.id.trim_start_matches("ftjob-"));
        (!self.plan.without_model).then(name)
    }

    fn results(&self) -> &[String] {
        self.result_files.as_deref().unwrap_or_default()
    }

    /// The checkpoints' names, the last one first.
    pub(super) fn checkpoint_names(&self, now: Timestamp) -> &'static [&'static str] {
        let ran = |until: Timestamp| until.duration_since(self.created_at) >= VALIDATING + QUEUED;
        match self.phase(now) {
            Phase::Succeeded => &["ftckpt_b", "ftckpt_a"],
            Phase::Cancelled if self.plan.keeps_checkpoints && self.cancelled_at.is_some_and(ran) => &["ftckpt_a"],
            _ => &[],
        }
    }

    fn checkpoint_model(&self, step: usize) -> String {
        let model = self.model_name().map(|model| format!("{model}:")).unwrap_or_default();
        format!("{model}ckpt-step-{step}")
    }

    /// All models that are there because of the job.
    pub(super) fn models(&self, now: Timestamp) -> Vec<String> {
        let count = if self.plan.keeps_checkpoints { self.checkpoint_names(now).len() } else { 0 };
        let checkpoints = (1..=count).map(|nth| self.checkpoint_model(STEPS_BETWEEN * nth));
        self.model(now).into_iter().chain(checkpoints).collect()
    }

    pub(super) fn is(&self, id: &str) -> bool {
        self.id == id
    }

    pub(super) fn registers_as(&self) -> &str {
        self.plan.registers_as.as_deref().unwrap_or("active")
    }

    fn word(&self, now: Timestamp) -> String {
        match self.phase(now) {
            Phase::Validating => "validating_files",
            Phase::Queued => "queued",
            Phase::Running => self.plan.running_word.as_deref().unwrap_or("running"),
            Phase::Succeeded => "succeeded",
            Phase::Failed => "failed",
            Phase::Cancelled => "cancelled",
        }
        .to_owned()
    }

    pub(super) fn shown(&self, now: Timestamp) -> FakeJob {
        FakeJob {
            id: self.id.clone(),
            status: self.word(now),
            training_file: self.request["training_file"].as_str().unwrap_or_default().to_owned(),
            metadata: self.request["metadata"].clone(),
            fine_tuned_model: self.model(now),
        }
    }

    fn object(&self, now: Timestamp) -> Value {
        let phase = self.phase(now);
        if self.plan.bare {
            let mut bare = json!({"id": self.id, "status": self.word(now), "object": "fine_tuning.job"});
            if let Some(model) = self.model(now) {
                bare["fine_tuned_model"] = model.into();
            }
            return bare;
        }
        let error = match (phase, self.invalid.as_ref().or(self.plan.fails.as_ref())) {
            (Phase::Failed, Some((code, message))) => {
                json!({"code": code, "message": message, "param": "training_file"})
            }
            _ => self.plan.healthy_error.clone().unwrap_or_default(),
        };
        let end = self.created_at + VALIDATING + QUEUED + RUNNING;
        let finished_at = match phase {
            Phase::Succeeded => Some(end),
            Phase::Failed if self.invalid.is_some() => Some(self.created_at + VALIDATING),
            Phase::Failed => Some(end),
            Phase::Cancelled => self.cancelled_at,
            _ => None,
        };
        let estimate = (phase == Phase::Running).then(|| end.as_second());
        json!({
            "object": "fine_tuning.job", "id": self.id, "model": self.request["model"], "status": self.word(now),
            "created_at": self.created_at.as_second(), "finished_at": finished_at.map(Timestamp::as_second),
            "fine_tuned_model": self.model(now), "organization_id": ORGANIZATION,
            "result_files": if self.plan.results_on_checkpoint { &[] } else { self.results() },
            "training_file": self.request["training_file"], "validation_file": null,
            "trained_tokens": (phase == Phase::Succeeded).then_some(self.trained_tokens),
            "estimated_finish": estimate, "error": error, "seed": self.request["seed"],
            "hyperparameters": {"n_epochs": "auto", "batch_size": "auto", "learning_rate_multiplier": "auto"},
            "method": self.request["method"], "metadata": self.request["metadata"],
            // On the wire, though no schema has them.
            "user_provided_suffix": self.request["suffix"], "usage_metrics": null, "shared_with_openai": false,
        })
    }
}

pub(super) fn create(shared: &Shared, body: &Value) -> Answered {
    schema::check_job(body).map_err(|broken| Refused::invalid(None, broken).with_param("body"))?;
    let now = shared.now();
    let mut state = shared.state();
    let model = body["model"].as_str().unwrap_or_default();
    if !state.models.contains_key(model) || state.retired.contains(model) {
        let message = format!("The model `{model}` does not exist or you do not have access to it.");
        return Err(Refused::new(404, None, Some("model_not_found"), message));
    }
    state.expire(now);
    let refused = |message| Refused::new(400, Some("training_file"), Some("invalid_file"), message);
    let file = state.file(body["training_file"].as_str().unwrap_or_default());
    let file = file.map_err(|_| refused("No such training file"))?;
    if file.purpose != TRAINING || file.status(now) != "processed" {
        return Err(refused("The file is not for training, or was not processed"));
    }
    // Accepted whatever is in it: what is wrong is told later, by the job.
    let text = String::from_utf8_lossy(&file.bytes);
    let lines = text.lines().count();
    let invalid = match check_training_file(file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file.bytes)) {
        Ok(()) => None,
        Err(_) if lines < 10 => Some((
            "invalid_n_examples".to_owned(),
            format!("Training file has {lines} example(s), but must have at least 10 examples"),
        )),
        Err(error) => Some(("invalid_training_file".to_owned(), error.to_string())),
    };
    let epochs = body.pointer("/method/supervised/hyperparameters/n_epochs").and_then(Value::as_u64).unwrap_or(3);
    let trained_tokens = (file.bytes.len() as u64 / 4) * epochs;
    let id = state.id("ftjob");
    let plan = state.plans.pop_front().unwrap_or_default();
    let job = Job {
        id,
        request: body.clone(),
        created_at: now,
        cancelled_at: None,
        invalid,
        trained_tokens,
        plan,
        result_files: None,
    };
    let object = job.object(now);
    state.jobs.push(job);
    Ok(object)
}

pub(super) fn list(shared: &Shared, asked: &Asked) -> Answered {
    known_parameters(asked, &["limit", "after"])?;
    let now = shared.now();
    let state = shared.state();
    let filters: Vec<_> = asked
        .query
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("metadata[")?.strip_suffix(']')?, value.as_str())))
        .collect();
    let wanted = |job: &&Job| filters.iter().all(|(key, value)| job.request["metadata"][*key] == *value);
    let objects = state.jobs.iter().rev().filter(wanted).map(|job| job.object(now)).collect();
    page(objects, asked, USUAL_LIMIT, MAX_LIMIT)
}

pub(super) fn get(shared: &Shared, asked: &Asked) -> Answered {
    let now = shared.now();
    let mut state = shared.state();
    state.bring_in_results(now);
    Ok(state.job(&asked.id)?.object(now))
}

pub(super) fn cancel(shared: &Shared, asked: &Asked) -> Answered {
    let now = shared.now();
    let mut state = shared.state();
    let job = state.job(&asked.id)?;
    if job.is_over(now) {
        let message = format!("Job has already completed: {}", job.word(now));
        return Err(Refused::invalid(None, message));
    }
    job.cancelled_at = Some(now);
    Ok(job.object(now))
}

pub(super) fn checkpoints(shared: &Shared, asked: &Asked) -> Answered {
    let now = shared.now();
    let mut state = shared.state();
    state.bring_in_results(now);
    let job = state.job(&asked.id)?;
    let names = job.checkpoint_names(now);
    let checkpoint = |(at, name): (usize, &&str)| {
        let step = STEPS_BETWEEN * (names.len() - at);
        let mut object = json!({
            "object": "fine_tuning.job.checkpoint", "id": name, "step_number": step,
            "fine_tuning_job_id": job.id, "fine_tuned_model_checkpoint": job.checkpoint_model(step),
            "metrics": {"step": step, "train_loss": 1.5}, "created_at": job.created_at.as_second(),
        });
        if at == 0 && job.plan.results_on_checkpoint {
            object["result_files"] = json!(job.results());
        }
        object
    };
    let data: Vec<_> = names.iter().enumerate().map(checkpoint).collect();
    Ok(json!({"object": "list", "data": data, "has_more": false}))
}

impl State {
    /// The files of jobs that have succeeded, each once: deleted ones do not come back.
    pub(super) fn bring_in_results(&mut self, now: Timestamp) {
        for at in 0..self.jobs.len() {
            let job = &self.jobs[at];
            if job.result_files.is_some() || job.phase(now) != Phase::Succeeded {
                continue;
            }
            let made: Vec<_> = job.plan.results.clone();
            let ids = made.into_iter().map(|(name, bytes)| {
                let id = self.id("file");
                let purpose = super::files::RESULTS;
                let file =
                    super::files::File { id: id.clone(), name, bytes, created_at: now, expires_after: None, purpose };
                self.files.push(file);
                id
            });
            let ids = ids.collect();
            self.jobs[at].result_files = Some(ids);
        }
    }

    fn job(&mut self, id: &str) -> Result<&mut Job, Refused> {
        let missing = || {
            Refused::new(
                404,
                Some("fine_tuning_job_id"),
                Some("fine_tune_not_found"),
                format!("Could not find fine tune: {id}"),
            )
        };
        self.jobs.iter_mut().find(|job| job.id == id).ok_or_else(missing)
    }
}

impl Refused {
    fn with_param(mut self, param: &str) -> Self {
        self.1["param"] = param.into();
        self
    }
}
