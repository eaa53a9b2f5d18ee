#![doc = include_str!("../README.md")]

mod clock;
mod consent;
mod dispatch;
mod eligibility;
mod erasure;
mod failure;
mod lifecycle;
mod review;
mod route;
mod run;
mod schedule;
mod spend;
mod store;
mod suspicion;
mod user;
mod version;

pub use clock::{Clock, SystemClock};
pub use consent::{
    CONSENT_TEXT_VERSION, Consent, ConsentMissing, ConsentProof, Purpose, UnknownPurpose, grant, prove_consent, revoke,
};
pub use dispatch::{Dispatch, SHARDS, opaque_name, shard_of, spread};
pub use eligibility::{InsufficientData, Requirements};
pub use erasure::{ErasedItem, ErasedKind, Erasure};
pub use failure::{Failure, FailureCode, Outcome};
pub use lifecycle::{ActivationRefused, activate, keep_previous, roll_back, start_run};
pub use review::{Activation, Review, ReviewDecision};
pub use route::{FallbackReason, Route, route};
pub use run::{DatasetFacts, IllegalTransition, Run, RunEvent, RunStep, apply, postpone};
pub use schedule::{Schedule, Trigger, TriggerOutcome};
pub use spend::{Cost, Reservation, Reserved, SpendLimit, SpendLimits, SpendingOf, Usd, month_of};
pub use store::{Change, LeaseOn, Listed, MetadataStore, StoreError, UserPage};
pub use suspicion::{put_back_in_service, suspect, take_out_of_service};
pub use user::{InvalidUserId, ModelStatus, User, UserId};
pub use version::{
    Artifacts, Config, DataRange, Evaluation, ModelVersion, RunRequest, Safety, VersionId, VersionStatus,
};
