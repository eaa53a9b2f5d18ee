//! The metadata store that the settings name.

use std::sync::Arc;

use anyhow::{Result, bail};
use idiolect_registry::MetadataStore;
use idiolect_store::{Movable, SqliteStore};

use crate::files::create_private_dir;
use crate::settings::Settings;

/// One of the stores, opened. Firestore is connected to when it is first asked for something.
pub enum Store {
    Sqlite(SqliteStore),
    #[cfg(feature = "firestore")]
    Firestore(idiolect_store::FirestoreStore),
}

impl Store {
    pub fn open(settings: &Settings) -> Result<Self> {
        if settings.store == "firestore" {
            return firestore(settings);
        }
        create_private_dir(&settings.data_dir)?;
        Ok(Self::Sqlite(SqliteStore::open(&settings.data_dir)?))
    }

    pub fn shared(self) -> Arc<dyn MetadataStore> {
        match self {
            Self::Sqlite(store) => Arc::new(store),
            #[cfg(feature = "firestore")]
            Self::Firestore(store) => Arc::new(store),
        }
    }

    pub fn movable(self) -> Arc<dyn Movable> {
        match self {
            Self::Sqlite(store) => Arc::new(store),
            #[cfg(feature = "firestore")]
            Self::Firestore(store) => Arc::new(store),
        }
    }
}

/// Refuses to make a store only to find nothing in it: an export of that would take the place of one that has records.
pub fn refuse_none(settings: &Settings) -> Result<()> {
    let place = settings.data_dir.join(idiolect_store::FILE_NAME);
    // Why it cannot be looked at is said where it is opened.
    let is_there = settings.store == "firestore" || place.try_exists().unwrap_or(true);
    if is_there { Ok(()) } else { bail!("{}: there are no records; name their place with --data-dir", name(settings)) }
}

/// What the settings name, for people.
pub fn name(settings: &Settings) -> String {
    match settings.store.as_str() {
        "firestore" => format!("Firestore project {}", settings.firestore.project_id),
        _ => settings.data_dir.join(idiolect_store::FILE_NAME).display().to_string(),
    }
}

#[cfg(feature = "firestore")]
fn firestore(settings: &Settings) -> Result<Store> {
    use idiolect_store::{Collections, FirestoreSettings, FirestoreStore};
    let from = &settings.firestore;
    if from.project_id.is_empty() {
        bail!("the setting store is firestore and no project is named; set FIREBASE_PROJECT_ID");
    }
    Ok(Store::Firestore(FirestoreStore::new(FirestoreSettings {
        project_id: from.project_id.clone(),
        database_id: from.database_id.clone(),
        collections: Collections {
            users: from.users.clone(),
            llm_models: from.llm_models.clone(),
            erasures: from.erasures.clone(),
            spend_runs: from.spend_runs.clone(),
            spend_user_months: from.spend_user_months.clone(),
            spend_days: from.spend_days.clone(),
        },
    })))
}

#[cfg(not(feature = "firestore"))]
fn firestore(_: &Settings) -> Result<Store> {
    bail!(
        "the setting store is firestore and this idiolect was built without it; build it with \
         `cargo install --path crates/idiolect --locked --features firestore`"
    )
}
