//! The messages of one reading, read by a thread of their own that stays a few batches ahead.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use idiolect_dataset::{ExtractionReport, Message, MessageStream, SourceError};

use super::errors;
use super::walk::Walk;

const BATCH: usize = 256;
const BATCHES_AHEAD: usize = 4;

/// Some messages with the report and the progress at the last of them; the last batch of all has an outcome.
struct Batch {
    messages: Vec<Message>,
    report: ExtractionReport,
    progress: f32,
    outcome: Option<Result<(), SourceError>>,
}

pub(super) struct ChatDbStream {
    path: PathBuf,
    /// `None` once the reading is over.
    batches: Option<Receiver<Batch>>,
    reader: Option<JoinHandle<()>>,
    messages: std::vec::IntoIter<Message>,
    outcome: Option<Result<(), SourceError>>,
    report: ExtractionReport,
    progress: f32,
}

impl ChatDbStream {
    pub(super) fn start(walk: Walk) -> Result<Self, SourceError> {
        let path = walk.path().to_owned();
        let report = walk.report.clone();
        let (sender, batches) = sync_channel(BATCHES_AHEAD);
        let reader = std::thread::Builder::new().name("chat-db".into()).spawn(move || read(walk, &sender));
        let reader = reader.map_err(|error: io::Error| errors::reader_stopped(&path, &error.to_string()))?;
        Ok(Self {
            path,
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

/// Reads to the end, or until nobody listens any more.
fn read(walk: Walk, sender: &SyncSender<Batch>) {
    let mut messages = Vec::with_capacity(BATCH);
    let (report, outcome) = walk.run(|message, report, progress| {
        messages.push(message);
        if messages.len() < BATCH {
            return true;
        }
        let messages = std::mem::replace(&mut messages, Vec::with_capacity(BATCH));
        sender.send(Batch { messages, report: report.clone(), progress, outcome: None }).is_ok()
    });
    // Nobody may be listening, which is no failure.
    let _ = sender.send(Batch { messages, report, progress: 1.0, outcome: Some(outcome) });
}

impl Iterator for ChatDbStream {
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
                Err(_) => self.outcome = Some(Err(errors::reader_stopped(&self.path, "the reader broke off"))),
            }
        }
    }
}

impl MessageStream for ChatDbStream {
    fn report(&self) -> ExtractionReport {
        self.report.clone()
    }

    fn progress(&self) -> Option<f32> {
        Some(self.progress)
    }
}

/// Waits for the reader, so that the database is closed when the stream is gone.
impl Drop for ChatDbStream {
    fn drop(&mut self) {
        self.batches = None;
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}
