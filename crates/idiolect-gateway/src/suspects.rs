//! Models that a provider said are not there. While one is doubted, its user's chats go to the base model without asking it
//! each time; off the request's path it is looked at, and then again every now and then for as long as its user chats.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use idiolect_provider::ProviderError;
use idiolect_registry::{UserId, VersionId};
use jiff::{SignedDuration, Timestamp};

use crate::error::ApiError;

/// Between two looks at a model that is out of service, or whose provider could not be asked.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(10);
/// A look that has not ended by then has got lost.
const LOOK_LASTS: SignedDuration = SignedDuration::from_mins(2);
/// More are forgotten, which costs one needless question each.
const MOST: usize = 10_000;

/// What a look at a doubted model found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It answers, or is not what the user is served any more.
    Serve,
    /// It is gone, and the user's record says so.
    Gone,
    /// The provider could not be asked.
    NotKnown,
}

/// Asks the provider about a served model, and puts on record what it says.
#[async_trait]
pub trait LookAtModel: Send + Sync {
    /// With `suspected`, a chat has just been told that the model is not there. Without, the record says that it is out of
    /// service, or its provider could not be asked the last time; that may have changed.
    async fn look(&self, version: &VersionId, suspected: Option<Suspected>) -> Looked;
}

/// The chat that brought up a suspicion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suspected {
    pub provider_request_id: Option<String>,
}

/// The models that this process doubts. Clones share what they know.
#[derive(Clone)]
pub struct Suspects {
    look: Arc<dyn LookAtModel>,
    doubts: Arc<Mutex<HashMap<VersionId, Doubt>>>,
}

#[derive(Clone, Copy)]
enum Doubt {
    /// Somebody is asking, since then.
    Looking { since: Timestamp },
    /// Nobody could be asked; the next look is due then.
    NotKnown { look_at: Timestamp },
    /// It is on record; the next look is due then.
    Gone { look_at: Timestamp },
}

impl Suspects {
    pub fn new(look: Arc<dyn LookAtModel>) -> Self {
        Self { look, doubts: Arc::default() }
    }

    /// Whether a model that is in service on record is not to be asked now.
    pub(crate) fn doubts(&self, version: &VersionId, now: Timestamp) -> bool {
        let doubt = self.known().get(version).copied();
        match doubt {
            None => false,
            // The record is newer than what is known here: it was put back, or activated by somebody.
            Some(Doubt::Gone { .. }) => false,
            Some(doubt) => {
                self.look_if_due(version, Some(doubt), None, now);
                true
            }
        }
    }

    /// The record says that the model is out of service, which is looked at when its time has come.
    pub(crate) fn out_of_service(&self, version: &VersionId, now: Timestamp) {
        let doubt = self.known().get(version).copied();
        self.look_if_due(version, doubt, None, now);
    }

    /// A chat failed like this. Whether it says that the model is not there.
    pub(crate) fn suspect(&self, version: &VersionId, error: &ApiError, now: Timestamp) {
        let ApiError::Provider(error @ ProviderError::NotFound { what: "model", .. }) = error else { return };
        let suspected = Suspected { provider_request_id: error.request_id().map(str::to_owned) };
        // Another chat may have been told the same a moment ago; whatever else is known is out of date.
        let looking = self.known().get(version).copied().filter(|doubt| matches!(doubt, Doubt::Looking { .. }));
        self.look_if_due(version, looking, Some(suspected), now);
    }

    fn look_if_due(&self, version: &VersionId, doubt: Option<Doubt>, suspected: Option<Suspected>, now: Timestamp) {
        let waits = match doubt {
            None => false,
            // A clock that was set back has waited long enough as well.
            Some(Doubt::Looking { since }) => (since..since + LOOK_LASTS).contains(&now),
            Some(Doubt::NotKnown { look_at } | Doubt::Gone { look_at }) => {
                (look_at - LOOK_AGAIN..look_at).contains(&now)
            }
        };
        if waits {
            return;
        }
        let mut known = self.known();
        if known.len() >= MOST && !known.contains_key(version) {
            known.clear();
        }
        known.insert(version.clone(), Doubt::Looking { since: now });
        drop(known);
        let (suspects, version) = (self.clone(), version.clone());
        tokio::spawn(async move {
            let looked = suspects.look.look(&version, suspected).await;
            let look_at = now + LOOK_AGAIN;
            let mut known = suspects.known();
            match looked {
                Looked::Serve => drop(known.remove(&version)),
                Looked::Gone => drop(known.insert(version, Doubt::Gone { look_at })),
                Looked::NotKnown => drop(known.insert(version, Doubt::NotKnown { look_at })),
            }
        });
    }

    fn known(&self) -> MutexGuard<'_, HashMap<VersionId, Doubt>> {
        self.doubts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The version that a user is served, or would be.
pub(crate) fn version_of(user_id: &UserId, version: u32) -> VersionId {
    VersionId { user_id: user_id.clone(), version }
}

impl fmt::Debug for Suspects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suspects").finish_non_exhaustive()
    }
}
