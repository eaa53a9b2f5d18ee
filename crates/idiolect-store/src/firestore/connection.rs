//! The client, connected when first needed, and the two calls that go past its comfortable interface.
//!
//! A commit without a transaction is one atomic request: it holds no locks while somebody thinks, and a process that dies
//! leaves none behind. The crate offers it only inside of transactions, so it is sent from here.

use std::collections::HashMap;

use firestore::gcloud_sdk::RequestTimeouts;
use firestore::gcloud_sdk::google::firestore::v1::batch_get_documents_response::Result as Found;
use firestore::gcloud_sdk::google::firestore::v1::{BatchGetDocumentsRequest, CommitRequest, Write};
use firestore::gcloud_sdk::tonic::{Code, Request, Status};
use firestore::{FirestoreDb, FirestoreDbOptions, FirestoreDocument};
use idiolect_registry::StoreError;
use tokio::sync::OnceCell;

use super::error::Place;
use super::settings::FirestoreSettings;
use super::{REQUEST_TIMEOUT, TRIES, pause};

pub(super) struct Connection {
    pub(super) settings: FirestoreSettings,
    pub(super) place: Place,
    db: OnceCell<FirestoreDb>,
}

impl Connection {
    pub(super) fn new(settings: FirestoreSettings) -> Self {
        let place = Place(settings.to_string());
        Self { settings, place, db: OnceCell::new() }
    }

    pub(super) async fn db(&self) -> Result<&FirestoreDb, StoreError> {
        let connect = || async {
            self.settings.check().map_err(|reason| self.place.settings(reason))?;
            let options = FirestoreDbOptions::new(self.settings.project_id.clone())
                .with_database_id(self.settings.database_id.clone())
                .with_request_timeout(REQUEST_TIMEOUT);
            // Another crate of the program may bring a second implementation of TLS's cryptography, and then rustls does not
            // choose by itself. Whoever has chosen before is left their choice.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
            FirestoreDb::with_options(options).await.map_err(|error| self.place.not_connected(&error))
        };
        self.db.get_or_try_init(connect).await
    }

    /// A document's full name.
    pub(super) async fn name(&self, collection: &str, id: &str) -> Result<String, StoreError> {
        Ok(format!("{}/{collection}/{id}", self.db().await?.get_documents_path()))
    }

    /// The documents of these full names, those that exist.
    pub(super) async fn get(&self, names: &[String]) -> Result<HashMap<String, FirestoreDocument>, StoreError> {
        let mut tried = 0;
        loop {
            match self.try_get(names).await? {
                Ok(found) => return Ok(found),
                Err(status) if tried + 1 < TRIES && is_transient(&status) => {
                    pause(tried).await;
                    tried += 1;
                }
                Err(status) => return Err(self.place.refused(&status)),
            }
        }
    }

    async fn try_get(
        &self,
        names: &[String],
    ) -> Result<Result<HashMap<String, FirestoreDocument>, Status>, StoreError> {
        let db = self.db().await?;
        let request = BatchGetDocumentsRequest {
            database: db.get_database_path().clone(),
            documents: names.to_vec(),
            ..BatchGetDocumentsRequest::default()
        };
        let answers = async {
            let mut answers = db.client().get().batch_get_documents(with_timeout(request)).await?.into_inner();
            let mut documents = HashMap::new();
            while let Some(answer) = answers.message().await? {
                if let Some(Found::Found(document)) = answer.result {
                    documents.insert(document.name.clone(), document);
                }
            }
            Ok(documents)
        };
        Ok(answers.await)
    }

    /// Writes all or nothing, in one try.
    pub(super) async fn commit(&self, writes: Vec<Write>) -> Result<Result<(), Status>, StoreError> {
        let db = self.db().await?;
        let request = CommitRequest { database: db.get_database_path().clone(), writes, ..CommitRequest::default() };
        Ok(db.client().get().commit(with_timeout(request)).await.map(drop))
    }
}

/// Whether another try may do better. Reads may be tried again after any of these; a write only if it is known that nothing
/// was written.
pub(super) fn is_transient(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable
            | Code::DeadlineExceeded
            | Code::Cancelled
            | Code::Aborted
            | Code::ResourceExhausted
            | Code::Internal
            | Code::Unknown
    )
}

fn with_timeout<M>(message: M) -> Request<M> {
    let mut request = Request::new(message);
    request.extensions_mut().insert(RequestTimeouts::new().with_total(REQUEST_TIMEOUT));
    request
}
