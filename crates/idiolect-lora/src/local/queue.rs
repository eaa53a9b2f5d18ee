//! Who trains next: one job at a time, the oldest first.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use idiolect_provider::JobId;

/// How often a waiting job looks whether it is still wanted.
const LOOK_INTERVAL: Duration = Duration::from_millis(100);

#[derive(Default)]
pub(super) struct TrainingQueue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Ids are made of the time, so the first is the oldest.
    waiting: BTreeSet<JobId>,
    is_busy: bool,
}

/// A place in the queue, from before the job is looked at, so that a younger one cannot overtake it meanwhile.
pub(super) struct Place {
    queue: Arc<TrainingQueue>,
    job: JobId,
}

/// The right to train. It ends when it is dropped.
pub(super) struct Turn(Arc<TrainingQueue>);

impl TrainingQueue {
    pub(super) fn join(self: &Arc<Self>, job: &JobId) -> Place {
        self.state().waiting.insert(job.clone());
        Place { queue: self.clone(), job: job.clone() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Waits for the job's turn; `None` once `is_wanted` says no.
    pub(super) fn turn(self, is_wanted: &dyn Fn() -> bool) -> Option<Turn> {
        let mut state = self.queue.state();
        while is_wanted() {
            if !state.is_busy && state.waiting.first() == Some(&self.job) {
                state.is_busy = true;
                drop(state);
                return Some(Turn(self.queue.clone()));
            }
            let woken = self.queue.changed.wait_timeout(state, LOOK_INTERVAL);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        None
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.state().waiting.remove(&self.job);
        self.queue.changed.notify_all();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.state().is_busy = false;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn the_oldest_job_is_next_and_an_unwanted_one_leaves() {
        let queue = Arc::new(TrainingQueue::default());
        let first = queue.join(&JobId::new("ftjob-0")).turn(&|| true).unwrap();
        let (sender, receiver) = mpsc::channel();
        let unwanted = Arc::new(AtomicBool::new(false));
        // The oldest takes its place and is looked at; the others are ready before it.
        let oldest = queue.join(&JobId::new("ftjob-1"));
        let threads: Vec<_> = ["ftjob-4", "ftjob-2", "ftjob-3"]
            .map(|id| {
                let (place, sender, unwanted) = (queue.join(&JobId::new(id)), sender.clone(), unwanted.clone());
                std::thread::spawn(move || {
                    let is_wanted = || id != "ftjob-2" || !unwanted.load(Ordering::Relaxed);
                    let turn = place.turn(&is_wanted);
                    sender.send((id, turn.is_some())).unwrap();
                })
            })
            .into();
        unwanted.store(true, Ordering::Relaxed);
        assert_eq!(receiver.recv().unwrap(), ("ftjob-2", false));
        drop(first);
        let turn = oldest.turn(&|| true).unwrap();
        assert!(receiver.try_recv().is_err(), "no younger one was let in");
        drop(turn);
        assert_eq!(receiver.recv().unwrap(), ("ftjob-3", true));
        assert_eq!(receiver.recv().unwrap(), ("ftjob-4", true));
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
