//! Google's status codes as sentences that say what to do.

use std::time::Duration;

use firestore::errors::FirestoreError;
use firestore::gcloud_sdk::tonic::{Code, Status};
use idiolect_registry::StoreError;

use super::REQUEST_TIMEOUT;

/// The database, as errors name it.
#[derive(Clone, Debug)]
pub(super) struct Place(pub(super) String);

const CREDENTIALS: &str = "set GOOGLE_APPLICATION_CREDENTIALS to the key file of a service account of the project";
const ROLE: &str = "give the service account the role Cloud Datastore User";
const PROJECT: &str = "check FIREBASE_PROJECT_ID, or create the database in the Firebase console";
const NETWORK: &str = "check the network, and FIRESTORE_EMULATOR_HOST if it is set, and try again";
const LATER: &str = "wait a while and try again";
const INDEXES: &str = "deploy firestore.indexes.json with `firebase deploy --only firestore:indexes`";
const SETTINGS: &str = "check the settings of the store";
const RECORD: &str = "look at what Firestore says about it";

impl Place {
    fn unavailable(&self, reason: impl Into<String>, advice: &'static str) -> StoreError {
        StoreError::Unavailable { place: self.0.clone(), reason: reason.into(), advice }
    }

    pub(super) fn settings(&self, reason: String) -> StoreError {
        self.unavailable(reason, SETTINGS)
    }

    pub(super) fn corrupt(&self, record: String, reason: String) -> StoreError {
        StoreError::Corrupt { place: self.0.clone(), record, reason }
    }

    /// The client could not be made.
    pub(super) fn not_connected(&self, error: &FirestoreError) -> StoreError {
        match error {
            FirestoreError::SystemError(e) if e.message.to_lowercase().contains("credential") => {
                self.unavailable(one_line(&e.message), CREDENTIALS)
            }
            other => self.failed(other),
        }
    }

    /// A read has failed, after some tries.
    pub(super) fn failed(&self, error: &FirestoreError) -> StoreError {
        let code = match error {
            FirestoreError::DatabaseError(e) => e.public.code.as_str(),
            FirestoreError::DataNotFoundError(_) => "NotFound",
            _ => "",
        };
        let code = CODES.into_iter().find(|known| format!("{known:?}") == code).unwrap_or(Code::Unknown);
        let message = match error {
            FirestoreError::DatabaseError(e) if code == Code::Unknown && e.public.code != "Unknown" => {
                // The crate's own words for broken connections.
                return self.unavailable(format!("the connection broke ({})", e.public.code), NETWORK);
            }
            FirestoreError::DatabaseError(e) => e.details.clone(),
            other => other.to_string(),
        };
        self.explain(code, &message)
    }

    /// A write was refused.
    pub(super) fn refused(&self, status: &Status) -> StoreError {
        self.explain(status.code(), status.message())
    }

    fn explain(&self, code: Code, message: &str) -> StoreError {
        match code {
            Code::Unavailable => self.unavailable("it does not answer", NETWORK),
            Code::DeadlineExceeded | Code::Cancelled => self
                .unavailable(format!("it has not answered within {} s", Duration::as_secs(&REQUEST_TIMEOUT)), NETWORK),
            Code::Unauthenticated => self.unavailable("the credentials were refused", CREDENTIALS),
            Code::PermissionDenied => self.unavailable("permission was denied", ROLE),
            Code::NotFound => self.unavailable("there is no such database", PROJECT),
            Code::ResourceExhausted => self.unavailable("its quota is used up", LATER),
            Code::Aborted => self.unavailable("too many write to the same records at once", LATER),
            Code::FailedPrecondition if message.contains("index") => self.unavailable("an index is missing", INDEXES),
            _ => self.unavailable(format!("{code:?}: {}", one_line(message)), RECORD),
        }
    }
}

const CODES: [Code; 12] = [
    Code::Unavailable,
    Code::DeadlineExceeded,
    Code::Cancelled,
    Code::Unauthenticated,
    Code::PermissionDenied,
    Code::NotFound,
    Code::ResourceExhausted,
    Code::Aborted,
    Code::FailedPrecondition,
    Code::InvalidArgument,
    Code::Internal,
    Code::Unknown,
];

/// At most 200 characters without line breaks.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_a_sentence_with_the_place_and_what_to_do() {
        let place = Place("Firestore project \"demo\"".into());
        for (code, message, said) in [
            (Code::Unavailable, "", "it does not answer; check the network"),
            (Code::PermissionDenied, "", "permission was denied; give the service account the role"),
            (Code::Unauthenticated, "", "the credentials were refused; set GOOGLE_APPLICATION_CREDENTIALS"),
            (Code::NotFound, "", "there is no such database; check FIREBASE_PROJECT_ID"),
            (Code::DeadlineExceeded, "", "it has not answered within 10 s; check"),
            (Code::ResourceExhausted, "", "its quota is used up; wait"),
            (Code::FailedPrecondition, "The query requires an index.", "an index is missing; deploy firestore.indexes"),
            (Code::InvalidArgument, "a value\n is too long", "InvalidArgument: a value is too long; look at"),
        ] {
            let from_a_write = place.refused(&Status::new(code, message)).to_string();
            let from_a_read = place.failed(&FirestoreError::from(Status::new(code, message))).to_string();
            for sentence in [from_a_write, from_a_read] {
                assert!(sentence.contains("project \"demo\" is not available"), "{sentence}");
                assert!(!sentence.contains('\n'), "one sentence: {sentence}");
                if code != Code::InvalidArgument {
                    assert!(sentence.contains(said), "{sentence}");
                }
            }
            let sentence = place.refused(&Status::new(code, message)).to_string();
            assert!(sentence.contains(said), "{sentence}");
        }
    }
}
