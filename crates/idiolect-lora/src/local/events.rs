//! What happened to a job: `jobs/<id>/events.jsonl`, appended to by whoever holds the job's lock. Counts, codes and line
//! numbers, never the training file's words.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use idiolect_provider::{EventKind, EventLevel, JobEvent, JobId, JobProgress, JobStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::directory::{Directory, cannot_read, cannot_write};
use super::jobs::{JobRecord, place};
use super::training_file::Findings;
use crate::error::Result;

/// Of longer trainings not every step is told.
const TOLD_STEPS: u64 = 500;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Event {
    created_at: Timestamp,
    level: EventLevel,
    kind: EventKind,
    message: String,
    data: Value,
}

impl Event {
    pub(super) fn info(message: impl Into<String>) -> Self {
        Self::message(EventLevel::Info, message.into(), json!({}))
    }

    fn message(level: EventLevel, message: String, data: Value) -> Self {
        Self { created_at: Timestamp::now(), level, kind: EventKind::Message, message, data }
    }

    pub(super) fn text(&self) -> &str {
        &self.message
    }

    /// A step of training, if it is one of those that are told.
    pub(super) fn step(progress: &JobProgress) -> Option<Self> {
        let every = progress.total_steps.div_ceil(TOLD_STEPS).max(1);
        let is_told = progress.step.is_multiple_of(every) || progress.step == progress.total_steps;
        let loss = progress.train_loss?;
        is_told.then(|| Self {
            created_at: Timestamp::now(),
            level: EventLevel::Info,
            kind: EventKind::Metrics,
            message: format!("Step {}/{}: training loss={loss:.2}", progress.step, progress.total_steps),
            data: json!({"step": progress.step, "total_steps": progress.total_steps, "train_loss": loss}),
        })
    }

    /// That of some examples not all is learned.
    pub(super) fn cut(too_long: usize, examples: usize, longest: usize) -> Self {
        let message = format!(
            "{too_long} of {examples} examples are longer than {longest} tokens; what lies behind these is not learned"
        );
        let data = json!({"too_long": too_long, "examples": examples, "longest": longest});
        Self::message(EventLevel::Warn, message, data)
    }

    /// One event for each line that is wrong, as far as they are named.
    pub(super) fn of_findings(findings: &Findings) -> Vec<Self> {
        let name = |problem: &super::training_file::Problem| {
            let message = format!("line {} of the training file breaks the rule {}", problem.line, problem.rule);
            let data = json!({
                "line": problem.line, "rule": problem.rule,
                "error_code": "invalid_training_file", "error_param": "training_file",
            });
            Self::message(EventLevel::Error, message, data)
        };
        let mut events: Vec<_> = findings.problems.iter().map(name).collect();
        let unnamed = findings.all_problems - findings.problems.len();
        if unnamed > 0 {
            let data = json!({"error_code": "invalid_training_file", "error_param": "training_file"});
            events.push(Self::message(EventLevel::Error, format!("{unnamed} further lines break a rule"), data));
        }
        events
    }

    /// How the job ended.
    pub(super) fn end(record: &JobRecord) -> Self {
        match (&record.status, &record.failure) {
            (JobStatus::Succeeded, _) => Self::info("The job has successfully completed"),
            (JobStatus::Cancelled, _) => Self::info("The job was cancelled"),
            (_, Some(failure)) => {
                let data = json!({"error_code": failure.code, "error_param": "training_file"});
                Self::message(EventLevel::Error, format!("The job failed: {}", failure.message), data)
            }
            (_, None) => Self::message(EventLevel::Error, "The job failed".to_owned(), json!({})),
        }
    }
}

/// Appends the events. What a killed process left half-written before them becomes a line of its own, which reading skips.
pub(super) fn append(directory: &Directory, id: &JobId, events: &[Event]) -> Result<()> {
    let path = place(directory, id)?.join("events.jsonl");
    write_lines(&path, events).map_err(|source| cannot_write(&path, source))
}

fn write_lines(path: &Path, events: &[Event]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).read(true).mode(0o600).open(path)?;
    let mut lines = Vec::new();
    if file.seek(SeekFrom::End(0))? > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            lines.push(b'\n');
        }
    }
    for event in events {
        serde_json::to_writer(&mut lines, event)?;
        lines.push(b'\n');
    }
    file.write_all(&lines)
}

/// All events of the job, newest first.
pub(super) fn read(directory: &Directory, id: &JobId) -> Result<Vec<JobEvent>> {
    let path = place(directory, id)?.join("events.jsonl");
    let text = match fs::read(&path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(cannot_read(&path, error)),
    };
    let short = id.as_str().rsplit('-').next().unwrap_or_default();
    let named = |(index, line): (usize, &str)| {
        let event: Event = serde_json::from_str(line).ok()?;
        Some(JobEvent {
            id: format!("ftevent-{short}{index:06}"),
            created_at: event.created_at,
            level: event.level,
            message: event.message,
            kind: event.kind,
            data: event.data,
        })
    };
    let mut events: Vec<_> = text.lines().enumerate().filter_map(named).collect();
    events.reverse();
    Ok(events)
}

/// The last step that was told, so that steps which a resumed job makes again are told once.
pub(super) fn last_step(directory: &Directory, id: &JobId) -> Result<u64> {
    let steps = read(directory, id)?.into_iter().filter_map(|event| event.data["step"].as_u64());
    Ok(steps.max().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_newest_first_past_a_line_that_was_cut_off() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::open(dir.path()).unwrap();
        let id = JobId::new("ftjob-1a");
        super::super::directory::create_private(&directory.job(&id).unwrap()).unwrap();
        append(&directory, &id, &[Event::info("one")]).unwrap();
        let path = directory.job(&id).unwrap().join("events.jsonl");
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"created_at\":\"20").unwrap();
        let progress = JobProgress { step: 7, total_steps: 9, train_loss: Some(1.5), rows: 1 };
        append(&directory, &id, &[Event::info("two"), Event::step(&progress).unwrap()]).unwrap();
        let shown: Vec<_> = read(&directory, &id).unwrap().into_iter().map(|event| (event.id, event.message)).collect();
        assert_eq!(
            shown,
            [
                ("ftevent-1a000003", "Step 7/9: training loss=1.50"),
                ("ftevent-1a000002", "two"),
                ("ftevent-1a000000", "one")
            ]
            .map(|(id, message)| (id.to_owned(), message.to_owned()))
        );
        assert_eq!(last_step(&directory, &id).unwrap(), 7);
    }

    #[test]
    fn of_a_long_training_some_steps_are_told_and_the_last() {
        let told =
            |step| Event::step(&JobProgress { step, total_steps: 1501, train_loss: Some(0.1), rows: 0 }).is_some();
        let steps: Vec<u64> = (1..=1501).filter(|&step| told(step)).collect();
        assert_eq!((steps[0], steps.len(), steps[steps.len() - 1]), (4, 376, 1501));
    }
}
