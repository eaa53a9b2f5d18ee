//! Whether a user's model may go on answering. An answer takes a while, and consent may be taken back meanwhile.

use std::time::{Duration, Instant};

use idiolect_registry::{FallbackReason, Route, UserId, route};

use crate::error::ApiError;
use crate::state::Gateway;

/// Between two looks at the user's record, which Firestore bills; most answers are over before the first.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// As of the last look at the user's record.
pub(crate) struct Permission {
    gateway: Gateway,
    user_id: UserId,
    looked_at: Instant,
}

impl Permission {
    /// The record is about to be read.
    pub(crate) fn new(gateway: &Gateway, user_id: &UserId) -> Self {
        Self { gateway: gateway.clone(), user_id: user_id.clone(), looked_at: Instant::now() }
    }

    /// Looks at the record when it is time to, and ends the answer of a user who is served no model of their own any more.
    pub(crate) async fn look_again(&mut self) -> Result<(), ApiError> {
        if self.looked_at.elapsed() < LOOK_EVERY {
            return Ok(());
        }
        self.looked_at = Instant::now();
        // A store that is away takes nothing back.
        let Ok(user) = self.gateway.store.user(&self.user_id).await else { return Ok(()) };
        match route(user.as_ref(), self.gateway.clock.now()) {
            Route::Base { reason: FallbackReason::Disabled | FallbackReason::NoModel } => Err(ApiError::ConsentRevoked),
            _ => Ok(()),
        }
    }
}
