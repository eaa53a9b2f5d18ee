//! What surrounds the machine in a walk: the time, everybody's messages, and an ear for what an engine only logs.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures_util::FutureExt;
use idiolect_dataset::{MessageSource, MessageStream, SourceError, Window};
use idiolect_pipeline::{Machine, Next, OpenSource, PipelineError, TrainingMachine};
use idiolect_registry::{Clock, Purpose, StoreError, UserId, prove_consent};
use idiolect_testkit::MemoryStore;
use jiff::{SignedDuration, Timestamp};

use crate::world::{Stream, messages};

/// What no call may ever answer.
pub fn defect(error: &PipelineError) -> Option<String> {
    match error {
        PipelineError::Store(StoreError::Corrupt { .. })
        | PipelineError::Transition(_)
        | PipelineError::Ending { .. } => Some(error.to_string()),
        _ => None,
    }
}

/// A machine whose worst errors, and panics, are not lost in an engine's log.
pub struct Watched {
    pub machine: TrainingMachine,
    pub broken: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Machine for Watched {
    async fn advance(&self, user: &UserId) -> Result<Next, PipelineError> {
        let Ok(done) = AssertUnwindSafe(self.machine.advance(user)).catch_unwind().await else {
            self.broken.lock().unwrap().push(format!("advancing {user} panicked"));
            return Ok(Next::Done);
        };
        self.broken.lock().unwrap().extend(done.as_ref().err().and_then(defect));
        done
    }
}

/// Tokio's time, which stands still while something is done, moved by what walks say.
pub struct TownClock {
    start: Timestamp,
    begun: tokio::time::Instant,
    moved: AtomicI64,
}

impl TownClock {
    pub fn at(start: Timestamp) -> Self {
        Self { start, begun: tokio::time::Instant::now(), moved: AtomicI64::new(0) }
    }

    pub fn pass(&self, time: SignedDuration) {
        self.moved.fetch_add(i64::try_from(time.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TownClock {
    fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.begun.elapsed().as_micros()).unwrap();
        self.start + SignedDuration::from_micros(elapsed + self.moved.load(Ordering::SeqCst))
    }
}

/// Everybody's messages, which are read only while their consent stands. The source's spelling is the user's id.
pub struct Shelf {
    pub store: Arc<MemoryStore>,
    pub messages: Arc<AtomicUsize>,
}

impl OpenSource for Shelf {
    fn open(&self, user: &str) -> Result<Box<dyn MessageSource>, SourceError> {
        let user = self.store.users().into_iter().find(|held| held.user_id.as_str() == user);
        let proven = user.is_some_and(|user| prove_consent(&user, Purpose::Extract).is_ok());
        assert!(proven, "messages are read without consent");
        Ok(Box::new(Letters(self.messages.load(Ordering::SeqCst))))
    }
}

/// As many messages in any window, if it is long enough.
struct Letters(usize);

impl MessageSource for Letters {
    fn label(&self) -> String {
        "shelf".into()
    }

    fn read(&self, window: Window) -> Result<Box<dyn MessageStream + '_>, SourceError> {
        let mut inside = messages(self.0, window.end);
        inside.retain(|message| window.contains(message.timestamp));
        Ok(Box::new(Stream(inside.into_iter())))
    }
}
