//! Messages read by a thread of their own that stays a few batches ahead.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use idiolect_dataset::{ExtractionReport, Message, MessageStream, SourceError};

const BATCH: usize = 256;
const BATCHES_AHEAD: usize = 4;

/// Some messages with the report and the progress at the last of them; the last batch of all has an outcome.
struct Batch {
    messages: Vec<Message>,
    report: ExtractionReport,
    progress: f32,
    outcome: Option<Result<(), SourceError>>,
}

/// Where the reading thread puts messages.
pub(crate) struct Outbox {
    messages: Vec<Message>,
    sender: SyncSender<Batch>,
}

impl Outbox {
    /// Whether somebody still listens.
    pub(crate) fn give(&mut self, message: Message, report: &ExtractionReport, progress: f32) -> bool {
        self.messages.push(message);
        if self.messages.len() < BATCH {
            return true;
        }
        let messages = std::mem::replace(&mut self.messages, Vec::with_capacity(BATCH));
        self.sender.send(Batch { messages, report: report.clone(), progress, outcome: None }).is_ok()
    }
}

pub(crate) struct ReadAhead {
    path: PathBuf,
    /// `None` once the reading is over.
    batches: Option<Receiver<Batch>>,
    reader: Option<JoinHandle<()>>,
    messages: std::vec::IntoIter<Message>,
    outcome: Option<Result<(), SourceError>>,
    report: ExtractionReport,
    progress: f32,
}

impl ReadAhead {
    /// Starts `read`, which returns the final report and how the reading ended. `report` is what is known before.
    pub(crate) fn start(
        path: &Path,
        report: ExtractionReport,
        read: impl FnOnce(&mut Outbox) -> (ExtractionReport, Result<(), SourceError>) + Send + 'static,
    ) -> Result<Self, SourceError> {
        let (sender, batches) = sync_channel(BATCHES_AHEAD);
        let job = move || {
            let mut outbox = Outbox { messages: Vec::with_capacity(BATCH), sender };
            let (report, outcome) = read(&mut outbox);
            let Outbox { messages, sender } = outbox;
            // Nobody may be listening, which is no failure.
            let _ = sender.send(Batch { messages, report, progress: 1.0, outcome: Some(outcome) });
        };
        let reader = std::thread::Builder::new().name("source".into()).spawn(job);
        let reader = reader.map_err(|error: io::Error| reader_stopped(path, &error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            batches: Some(batches),
            reader: Some(reader),
            messages: Vec::new().into_iter(),
            outcome: None,
            report,
            progress: 0.0,
        })
    }

    fn take(&mut self, batch: Batch) {
        self.messages = batch.messages.into_iter();
        self.report = batch.report;
        self.progress = batch.progress;
        self.outcome = batch.outcome;
    }
}

fn reader_stopped(path: &Path, reason: &str) -> SourceError {
    SourceError::Read {
        path: path.to_owned(),
        place: "an unknown row".into(),
        reason: reason.into(),
        advice: "try again, and report it if it happens again",
    }
}

impl Iterator for ReadAhead {
    type Item = Result<Message, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(message) = self.messages.next() {
                return Some(Ok(message));
            }
            if let Some(outcome) = self.outcome.take() {
                self.batches = None;
                return outcome.err().map(Err);
            }
            match self.batches.as_ref()?.recv() {
                Ok(batch) => self.take(batch),
                Err(_) => self.outcome = Some(Err(reader_stopped(&self.path, "the reader broke off"))),
            }
        }
    }
}

impl MessageStream for ReadAhead {
    fn report(&self) -> ExtractionReport {
        self.report.clone()
    }

    fn progress(&self) -> Option<f32> {
        Some(self.progress)
    }
}

/// Waits for the reader, so that what it reads is closed when the stream is gone.
impl Drop for ReadAhead {
    fn drop(&mut self) {
        self.batches = None;
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}
