//! A machine that does what a script says, over real records.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idiolect_pipeline::{Machine, Next, PipelineError};
use idiolect_provider::ProviderError;
use idiolect_registry::{Change, Failure, FailureCode, MetadataStore, ModelVersion, RunEvent, UserId, apply};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::now;

/// How a user's run goes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Script {
    /// Steps until the run is over.
    pub steps: u32,
    /// What each step takes.
    pub hold_ms: u64,
    /// What is waited for between two steps.
    pub wait_ms: u64,
    /// The first attempt at this step never ends.
    pub hang_in_step: u32,
    /// So many calls fail before the first one that does not.
    pub fails: u32,
    /// In a way that time does not mend.
    pub fails_for_good: bool,
}

/// The script stands in the run's record as its source. What is recorded of a step is `dispatch.attempt`, which counts those
/// made.
pub struct ScriptMachine {
    pub store: Arc<dyn MetadataStore>,
    pub dir: PathBuf,
    /// Whose machine it is, in every line of the log; no two workers' are the same, in whatever process.
    pub worker: String,
}

#[async_trait]
impl Machine for ScriptMachine {
    async fn advance(&self, user: &UserId) -> Result<Next, PipelineError> {
        let versions = self.store.versions(user).await?;
        let Some(version) = versions.into_iter().find(|version| version.run.step.is_under_way()) else {
            return Ok(Next::Done);
        };
        let record = self.store.user(user).await?.expect("the user is there");
        if !record.consent.stands() {
            return self.end(version, FailureCode::ConsentRevoked).await;
        }
        let script: Script = serde_json::from_str(&version.run.source).expect("the source is a script");
        let failed = self.count(user, "failed");
        if failed < script.fails as usize {
            self.log(user, 0, "failed");
            if script.fails_for_good {
                return Err(ProviderError::invalid(None, "scripted").into());
            }
            return Err(ProviderError::unavailable("scripted").into());
        }
        let step = version.run.dispatch.attempt + 1;
        let is_first_attempt = !self.lines().iter().any(|line| *line == format!("{user} {step} begun"));
        self.log(user, step, "begun");
        if is_first_attempt && step == script.hang_in_step {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(Duration::from_millis(script.hold_ms)).await;
        if step == script.steps {
            let ended = self.end(version, FailureCode::InsufficientData).await;
            self.log_end(user, step, ended.is_ok());
            return ended;
        }
        let mut next = version;
        let time = now() + SignedDuration::from_millis(script.wait_ms as i64);
        next.run.dispatch.attempt = step;
        next.run.dispatch.release(Some(time));
        let recorded = self.store.commit(vec![Change::UpdateVersion(next)]).await;
        self.log_end(user, step, recorded.is_ok());
        recorded.map(|()| Next::WaitUntil(time)).map_err(Into::into)
    }
}

impl ScriptMachine {
    /// Ends the run in one of the ways that need no job.
    async fn end(&self, version: ModelVersion, code: FailureCode) -> Result<Next, PipelineError> {
        let mut ended = apply(&version, RunEvent::Stopped(Failure::new(code, "scripted")), now())
            .expect("a run that was only asked for can be stopped");
        ended.run.dispatch.release(None);
        self.store.commit(vec![Change::UpdateVersion(ended)]).await?;
        Ok(Next::Done)
    }

    fn log_end(&self, user: &UserId, step: u32, is_recorded: bool) {
        self.log(user, step, if is_recorded { "made" } else { "lost" });
    }

    /// One write for each line, so that those of several processes do not mix.
    fn log(&self, user: &UserId, step: u32, what: &str) {
        let line = format!("{} {user} {step} {what}\n", self.worker);
        let mut file = OpenOptions::new().create(true).append(true).open(self.dir.join("log")).unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }

    /// The lines of all workers, without who wrote them.
    fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.dir.join("log")).unwrap_or_default();
        text.lines().filter_map(|line| line.split_once(' ')).map(|(_, rest)| rest.to_owned()).collect()
    }

    fn count(&self, user: &UserId, what: &str) -> usize {
        let (start, end) = (format!("{user} "), format!(" {what}"));
        self.lines().iter().filter(|line| line.starts_with(&start) && line.ends_with(&end)).count()
    }
}
