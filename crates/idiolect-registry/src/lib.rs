#![doc = include_str!("../README.md")]

mod clock;
mod consent;
mod eligibility;
mod lifecycle;
mod route;
mod run;
mod store;
mod user;
mod version;

pub use clock::{Clock, SystemClock};
pub use consent::{
    CONSENT_TEXT_VERSION, Consent, ConsentMissing, ConsentProof, Purpose, UnknownPurpose, grant, prove_consent, revoke,
};
pub use eligibility::{InsufficientData, Requirements};
pub use lifecycle::{ActivationRefused, activate, keep_previous, start_run};
pub use route::{FallbackReason, Route, route};
pub use run::{DatasetFacts, IllegalTransition, Run, RunEvent, RunStep, apply};
pub use store::{Change, MetadataStore, StoreError};
pub use user::{InvalidUserId, ModelStatus, User, UserId};
pub use version::{
    Artifacts, Config, DataRange, Evaluation, Failure, FailureCode, ModelVersion, RunRequest, Safety, VersionId,
    VersionStatus,
};
