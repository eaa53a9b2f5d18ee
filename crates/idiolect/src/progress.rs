//! Progress of a run: bars with the time left where somebody watches, a line a step where nobody does.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use idiolect_pipeline::{Notice, Observer, Queue};
use idiolect_provider::JobProgress;
use idiolect_registry::RunStep;
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::{Output, progress_is_seen, thousands};

const BYTES: &str = "{msg:<22} {bar:30} {bytes:>10} of {total_bytes}  {bytes_per_sec}, {eta} left";
const STEPS: &str = "{msg:<22} {bar:30} {percent:>3} %  {elapsed} so far, {eta} left  {prefix}";
const SPINNER: &str = "{msg:<22} {spinner} {prefix}";

/// Where nobody watches a bar, training says how far it is this often.
const LINE_EVERY: Duration = Duration::from_secs(30);

/// Shows a training run.
pub struct RunProgress {
    output: Output,
    current: Mutex<Option<(&'static str, ProgressBar)>>,
    training: Mutex<Option<TrainingLines>>,
    /// What was last said about waiting.
    queued: Mutex<Option<Queue>>,
    /// Of which a line was printed last.
    step: Mutex<Option<RunStep>>,
}

/// The lines about one training.
struct TrainingLines {
    begun: Instant,
    /// Where it began: not at 0 when a job is gone on with.
    first_step: u64,
    printed: Instant,
}

impl RunProgress {
    pub fn new(output: Output) -> Self {
        Self {
            output,
            current: Mutex::default(),
            training: Mutex::default(),
            queued: Mutex::default(),
            step: Mutex::default(),
        }
    }

    /// A line now and then, for logs and pipes.
    fn training_line(&self, progress: &JobProgress) {
        let now = Instant::now();
        let mut training = self.training.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = training.get_or_insert(TrainingLines { begun: now, first_step: progress.step, printed: now });
        let done = progress.step.saturating_sub(lines.first_step);
        if now.duration_since(lines.printed) < LINE_EVERY || done == 0 || progress.step >= progress.total_steps {
            return;
        }
        lines.printed = now;
        let left = lines.begun.elapsed().as_secs_f64() / done as f64 * (progress.total_steps - progress.step) as f64;
        let percent = 100 * progress.step / progress.total_steps;
        self.output.note(format!("  training {percent} %, about {left:.0} s left"));
    }

    /// Takes the bar away, so that what is printed next stands alone.
    pub fn clear(&self) {
        if let Some((_, bar)) = self.lock().take() {
            bar.finish_and_clear();
        }
    }

    /// The bar of this phase, made when the phase begins.
    fn bar(&self, phase: &'static str, template: &str, length: Option<u64>) -> ProgressBar {
        let mut current = self.lock();
        match current.as_ref() {
            Some((name, bar)) if *name == phase => bar.clone(),
            _ => {
                if let Some((_, old)) = current.take() {
                    old.finish_and_clear();
                }
                let bar = bar(phase, template, length);
                *current = Some((phase, bar.clone()));
                bar
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<(&'static str, ProgressBar)>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a run waits for its turn.
pub fn queue_line(queue: Queue) -> String {
    let Queue { ahead, places } = queue;
    let (runs, jobs) = (if ahead == 1 { "run is" } else { "runs are" }, if places == 1 { "job" } else { "jobs" });
    format!("{ahead} {runs} ahead, and it takes {places} {jobs} at a time (max_concurrent_jobs)")
}

impl Observer for RunProgress {
    fn notice(&self, notice: Notice<'_>) {
        match notice {
            Notice::Extracting { kept, fraction } => {
                let bar = self.bar("reading messages", STEPS, Some(1000));
                bar.set_position((fraction.unwrap_or(0.0) * 1000.0) as u64);
                bar.set_prefix(format!("{} messages", thousands(kept)));
            }
            Notice::Training(progress) => {
                if !progress_is_seen() {
                    return self.training_line(progress);
                }
                let bar = self.bar("training", STEPS, Some(progress.total_steps));
                bar.set_position(progress.step);
                if let Some(loss) = progress.train_loss {
                    bar.set_prefix(format!("loss {loss:.3}"));
                }
            }
            Notice::Queued { queue, provider } => {
                self.clear();
                let before = self.queued.lock().unwrap_or_else(PoisonError::into_inner).replace(queue);
                if before != Some(queue) {
                    self.output.note(format!("  waiting for a place at {provider}: {}", queue_line(queue)));
                }
            }
            Notice::Trouble { failure, until } => {
                self.clear();
                self.output.note(format!("  {}; trying again at {until:.0}", failure.message));
            }
            Notice::Evaluating { model, examples } => {
                let bar = self.bar("scoring the holdout", SPINNER, None);
                bar.set_prefix(format!("{examples} messages with {model}"));
            }
            Notice::Step { step, version } => {
                // Some steps have several records, of which nobody who watches needs to know.
                if self.step.lock().unwrap_or_else(PoisonError::into_inner).replace(step) == Some(step) {
                    return;
                }
                self.clear();
                let hash = |h: &Option<String>| h.as_deref().map_or(String::new(), |h| h.chars().take(12).collect());
                let line = match step {
                    RunStep::Requested => format!("run {} requested", version.id),
                    RunStep::DatasetBuilt => format!(
                        "dataset built: {} training messages, {} tokens, sha256 {}…",
                        thousands(version.num_messages),
                        thousands(version.token_estimate),
                        hash(&version.artifacts.dataset_hash)
                    ),
                    RunStep::FileUploaded => format!("training file handed to the {} provider", version.provider),
                    RunStep::JobCreated => "fine-tuning job created".to_owned(),
                    RunStep::JobEnded if version.job_id.is_none() => "no fine-tuning job was created".to_owned(),
                    RunStep::JobEnded => format!("fine-tuning {}", version.status.as_str()),
                    RunStep::FileDeleted => "training file deleted".to_owned(),
                    RunStep::Probed => "the new model answers".to_owned(),
                    RunStep::Evaluated if version.eval.holdout_loss.is_none() => "holdout not scored".to_owned(),
                    RunStep::Evaluated => "holdout scored".to_owned(),
                    // The command says how the run ended.
                    RunStep::Activated
                    | RunStep::NotActivated
                    | RunStep::AwaitingReview
                    | RunStep::InsufficientData
                    | RunStep::Refused
                    | RunStep::Failed
                    | RunStep::Cancelled => return,
                };
                self.output.note(format!("  {line}"));
            }
        }
    }
}

/// A bar over bytes, for downloads.
pub fn byte_bar(message: &'static str, total: Option<u64>) -> ProgressBar {
    bar(message, BYTES, total)
}

/// A bar over thousandths, for readings whose end is known.
pub fn reading_bar() -> ProgressBar {
    bar("reading messages", STEPS, Some(1000))
}

fn bar(message: &'static str, template: &str, length: Option<u64>) -> ProgressBar {
    if !progress_is_seen() {
        return ProgressBar::hidden();
    }
    let bar = length.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
    }
    bar.set_message(message);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
