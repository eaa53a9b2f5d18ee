//! Who trains next: one job at a time, the oldest first.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
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

/// The right to train. It ends when it is dropped.
pub(super) struct Turn<'a>(&'a TrainingQueue);

impl TrainingQueue {
    /// Waits for the job's turn; `None` once `is_wanted` says no.
    pub(super) fn turn(&self, job: &JobId, is_wanted: &dyn Fn() -> bool) -> Option<Turn<'_>> {
        let mut state = self.state();
        state.waiting.insert(job.clone());
        loop {
            let wanted = is_wanted();
            let is_next = !state.is_busy && state.waiting.first() == Some(job);
            if !wanted || is_next {
                state.waiting.remove(job);
                state.is_busy |= wanted;
                drop(state);
                self.changed.notify_all();
                // Not `then_some`: a turn that is made and dropped frees the place of the job that trains.
                return wanted.then(|| Turn(self));
            }
            let woken = self.changed.wait_timeout(state, LOOK_INTERVAL);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.state().is_busy = false;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn the_oldest_job_is_next_and_an_unwanted_one_leaves() {
        let queue = Arc::new(TrainingQueue::default());
        let first = queue.turn(&JobId::new("ftjob-0"), &|| true).unwrap();
        let (sender, receiver) = mpsc::channel();
        let unwanted = Arc::new(AtomicBool::new(false));
        let threads: Vec<_> = ["ftjob-3", "ftjob-1", "ftjob-2"]
            .map(|id| {
                let (queue, sender, unwanted) = (queue.clone(), sender.clone(), unwanted.clone());
                std::thread::spawn(move || {
                    let is_wanted = || id != "ftjob-1" || !unwanted.load(Ordering::Relaxed);
                    let turn = queue.turn(&JobId::new(id), &is_wanted);
                    sender.send((id, turn.is_some())).unwrap();
                })
            })
            .into();
        while queue.state().waiting.len() < 3 {
            std::thread::yield_now();
        }
        unwanted.store(true, Ordering::Relaxed);
        assert_eq!(receiver.recv().unwrap(), ("ftjob-1", false));
        drop(first);
        assert_eq!(receiver.recv().unwrap(), ("ftjob-2", true));
        assert_eq!(receiver.recv().unwrap(), ("ftjob-3", true));
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
