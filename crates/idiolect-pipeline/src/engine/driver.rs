//! One user, taken and advanced: the lease before the step, the heartbeat during it.

use std::sync::Arc;
use std::time::Duration;

use idiolect_registry::{Change, Clock, Dispatch, LeaseOn, MetadataStore, ModelVersion, StoreError, User, UserId};
use jiff::{SignedDuration, Timestamp};
use tracing::warn;

use super::EmbeddedSettings;
use crate::error::PipelineError;
use crate::machine::user_and_run;
use crate::seam::{Machine, Next};

/// Takes leases and keeps them.
#[derive(Clone)]
pub(crate) struct Driver {
    pub(super) store: Arc<dyn MetadataStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) owner: String,
    pub(super) lease: Duration,
    pub(super) heartbeat: Duration,
}

/// The record that says when the user is due.
enum Record {
    Run(Box<ModelVersion>),
    User(Box<User>),
}

/// What became of taking it.
enum Taken {
    Yes(LeaseOn),
    /// Not due before then: somebody else is at work, or it is simply not time.
    NotBefore(Timestamp),
    /// There is nothing to do for the user.
    Nothing,
}

impl Driver {
    pub(super) fn new(store: Arc<dyn MetadataStore>, clock: Arc<dyn Clock>, settings: EmbeddedSettings) -> Self {
        let EmbeddedSettings { owner, lease, heartbeat, .. } = settings;
        Self { store, clock, owner, lease, heartbeat }
    }

    /// Takes the user and advances them once. A lost race is no error but a reason to come back at once.
    pub(crate) async fn advance(&self, machine: &dyn Machine, user: &UserId) -> Result<Next, PipelineError> {
        let lease = match self.take(user).await {
            Ok(Taken::Yes(lease)) => lease,
            Ok(Taken::NotBefore(time)) => return Ok(Next::WaitUntil(time)),
            Ok(Taken::Nothing) => return Ok(Next::Done),
            Err(StoreError::Conflict { .. }) => return Ok(Next::WaitUntil(self.clock.now())),
            Err(error) => return Err(error.into()),
        };
        match self.with_heartbeat(&lease, machine.advance(user)).await {
            Err(error) if error.is_conflict() => Ok(Next::WaitUntil(self.clock.now())),
            done => done,
        }
    }

    async fn take(&self, user: &UserId) -> Result<Taken, StoreError> {
        let now = self.clock.now();
        let Some(record) = self.record(user, now).await? else { return Ok(Taken::Nothing) };
        let dispatch = record.dispatch();
        if dispatch.is_held_from(&self.owner, now) {
            return Ok(Taken::NotBefore(dispatch.lease_until.unwrap_or(now)));
        }
        let until = now + signed(self.lease);
        let ours = dispatch.lease_owner.as_deref() == Some(self.owner.as_str());
        let fresh = dispatch.lease_until.is_some_and(|end| end > now + signed(self.lease / 2));
        match dispatch.next_at {
            _ if ours && fresh => return Ok(Taken::Yes(record.lease())),
            Some(at) if at > now && !ours => return Ok(Taken::NotBefore(at)),
            None => return Ok(Taken::Nothing),
            Some(_) => {}
        }
        let lease = record.lease();
        self.store.commit(vec![record.changed(|dispatch| dispatch.claim(&self.owner, until))]).await?;
        Ok(Taken::Yes(lease))
    }

    /// The run under way, or else the user. A user's own time that comes during a run waits for the run.
    async fn record(&self, user: &UserId, now: Timestamp) -> Result<Option<Record>, StoreError> {
        let (user, run) = user_and_run(self.store.as_ref(), user).await?;
        let Some(run) = run else { return Ok(user.map(|user| Record::User(Box::new(user)))) };
        let due = |dispatch: &Dispatch| dispatch.next_at.is_some_and(|at| at <= now);
        if let Some(mut user) = user.filter(|user| due(&user.dispatch))
            && !due(&run.run.dispatch)
        {
            user.dispatch.release(run.run.dispatch.next_at);
            self.store.commit(vec![Change::PutUser(user)]).await?;
        }
        Ok(Some(Record::Run(Box::new(run))))
    }

    async fn with_heartbeat<T>(&self, lease: &LeaseOn, step: impl Future<Output = T>) -> T {
        tokio::pin!(step);
        loop {
            tokio::select! {
                done = &mut step => return done,
                () = tokio::time::sleep(self.heartbeat) => {
                    let until = self.clock.now() + signed(self.lease);
                    match self.store.renew(lease, &self.owner, until).await {
                        Ok(true) => {}
                        // The step goes on: what it records is refused if somebody else took over.
                        Ok(false) => warn!(owner = self.owner, "a lease was lost during a step"),
                        Err(error) => warn!(owner = self.owner, error = %error, "a lease could not be renewed"),
                    }
                }
            }
        }
    }

    /// Gives the user back, due at `next`, if they are held by this owner, and says whether they were. Whoever was kicked meanwhile
    /// is due at once.
    pub(super) async fn release(&self, user: &UserId, next: Option<Timestamp>) -> Result<bool, StoreError> {
        loop {
            let now = self.clock.now();
            let Some(record) = self.record(user, now).await? else { return Ok(false) };
            if record.dispatch().lease_owner.as_deref() != Some(self.owner.as_str()) {
                return Ok(false);
            }
            let kicked = record.dispatch().next_at.filter(|at| *at <= now);
            match self.store.commit(vec![record.changed(|dispatch| dispatch.release(kicked.or(next)))]).await {
                Err(StoreError::Conflict { .. }) => {}
                done => return done.map(|()| true),
            }
        }
    }

    pub(super) fn wait(&self, next: Next) -> Duration {
        match next {
            Next::Done => Duration::ZERO,
            Next::WaitUntil(time) => time.duration_since(self.clock.now()).try_into().unwrap_or(Duration::ZERO),
        }
    }
}

impl Record {
    fn dispatch(&self) -> &Dispatch {
        match self {
            Self::Run(version) => &version.run.dispatch,
            Self::User(user) => &user.dispatch,
        }
    }

    fn lease(&self) -> LeaseOn {
        match self {
            Self::Run(version) => LeaseOn::Run(version.id.clone()),
            Self::User(user) => LeaseOn::User(user.user_id.clone()),
        }
    }

    fn changed(self, change: impl FnOnce(&mut Dispatch)) -> Change {
        match self {
            Self::Run(mut version) => {
                change(&mut version.run.dispatch);
                Change::UpdateVersion(*version)
            }
            Self::User(mut user) => {
                change(&mut user.dispatch);
                Change::PutUser(*user)
            }
        }
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
