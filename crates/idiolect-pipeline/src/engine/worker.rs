//! The loop: finds who is due, hands each to a task, waits for the next or for a kick.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use idiolect_registry::{UserId, spread};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tracing::{error, warn};

use super::EmbeddedEngine;
use crate::plan;
use crate::seam::{Machine, Next};

/// A wait that is shorter is waited out with the user held, which is cheaper than giving them back and taking them again.
const SHORT_WAIT: Duration = Duration::from_secs(2);

/// After an error that says nothing about when to come back, seconds.
const AFTER_ERROR_SECONDS: f64 = 30.0;

pub(super) async fn run(engine: &EmbeddedEngine, machine: Arc<dyn Machine>, mut stop: watch::Receiver<bool>) {
    let permits = Arc::new(Semaphore::new(engine.workers));
    let mut tasks = JoinSet::new();
    while !*stop.borrow() {
        let now = engine.driver.clock.now();
        let resting: BTreeSet<UserId> = {
            let mut resting = engine.resting();
            resting.retain(|_, until| *until > now);
            resting.keys().cloned().collect()
        };
        // Twice as many as there are hands, so that those held elsewhere do not leave ours idle.
        let at_most = 2 * engine.workers + engine.busy().len() + resting.len();
        let due = engine.driver.store.due(now, None, at_most).await;
        let due = due.unwrap_or_else(|error| {
            warn!(error = %error, "due users cannot be found; trying again");
            Vec::new()
        });
        let mut begun = false;
        for user in due.into_iter().filter(|user| !resting.contains(user)) {
            let Ok(permit) = permits.clone().try_acquire_owned() else { break };
            if !engine.busy().insert(user.clone()) {
                continue;
            }
            begun = true;
            let busy = Busy { engine: engine.clone(), user, permit: Some(permit) };
            let (machine, stop) = (machine.clone(), stop.clone());
            tasks.spawn(async move { drive_user(&busy.engine, machine.as_ref(), &busy.user, stop).await });
        }
        while tasks.try_join_next().is_some() {}
        if begun && permits.available_permits() > 0 {
            tokio::task::yield_now().await;
            continue;
        }
        tokio::select! {
            () = engine.kicked.notified() => {}
            () = tokio::time::sleep(engine.idle) => {}
            changed = stop.changed() => if changed.is_err() {
                // Nobody can ask any more; then only the end of the process stops the loop.
                tokio::time::sleep(engine.idle).await;
            },
        }
    }
    while tasks.join_next().await.is_some() {}
}

/// A user at whom this process is at work, and the hand that is; both are free again when it is dropped, also by a panic.
struct Busy {
    engine: EmbeddedEngine,
    user: UserId,
    permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        if std::thread::panicking() {
            error!(user_id = %self.user, "a step panicked, which is a defect in idiolect; it is tried again when the lease ends");
        }
        self.engine.busy().remove(&self.user);
        drop(self.permit.take());
        // A free hand looks for work at once.
        self.engine.kicked.notify_one();
    }
}

/// Advances the user until they have to wait, and gives them back.
async fn drive_user(engine: &EmbeddedEngine, machine: &dyn Machine, user: &UserId, mut stop: watch::Receiver<bool>) {
    let driver = &engine.driver;
    loop {
        if *stop.borrow() {
            return give_back(engine, user, Some(driver.clock.now())).await;
        }
        match driver.advance(machine, user).await {
            Ok(Next::Done) => return give_back(engine, user, None).await,
            Ok(next @ Next::WaitUntil(time)) => {
                let wait = driver.wait(next);
                if wait > SHORT_WAIT {
                    return give_back(engine, user, Some(time)).await;
                }
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    Ok(()) = stop.changed() => {}
                }
            }
            Err(failed) => {
                error!(user_id = %user, error = %failed, "a step failed; it is tried again");
                return give_back(engine, user, Some(after_error(engine, user))).await;
            }
        }
    }
}

fn after_error(engine: &EmbeddedEngine, user: &UserId) -> Timestamp {
    let seconds = AFTER_ERROR_SECONDS * (1.0 + spread(user.as_str(), "error"));
    engine.driver.clock.now() + SignedDuration::from_secs(seconds as i64)
}

/// The user is nobody's and due at `next`, unless the machine gave them back with its own record.
async fn give_back(engine: &EmbeddedEngine, user: &UserId, next: Option<Timestamp>) {
    let until = match engine.driver.release(user, next).await {
        Ok(true) => return,
        // Not ours to give back: somebody else may hold one who is due, as whoever is kicked then is.
        Ok(false) => plan::later(engine.driver.clock.now(), engine.idle.as_secs_f64()),
        Err(error) => {
            warn!(user_id = %user, error = %error, "the lease was not given back; it ends by itself");
            after_error(engine, user)
        }
    };
    // Still due, and nothing has changed that would make the next try go better.
    engine.resting().insert(user.clone(), until);
}
