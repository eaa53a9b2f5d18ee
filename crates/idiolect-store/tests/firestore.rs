//! Firestore keeps the contract of every metadata store. Needs an emulator: `scripts/firestore-emulator cargo test …`.
#![cfg(feature = "firestore")]
#![allow(clippy::unwrap_used, clippy::print_stderr)] // the lints' exceptions for tests do not reach their helper functions

mod emulator;

use std::sync::Arc;

use idiolect_registry::{Change, MetadataStore, ModelStatus, RunStep, StoreError, User};
use idiolect_store::{FirestoreSettings, FirestoreStore};
use idiolect_testkit::{
    full_user, full_version, race_for_due_work, race_for_the_last_dollars, race_for_the_next_version, store_contract,
};
use serde_json::json;

fn fresh() -> FirestoreSettings {
    FirestoreSettings::new(emulator::fresh_project())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn firestore_store_keeps_the_contract() {
    if emulator::is_here() {
        store_contract(|| FirestoreStore::new(fresh())).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn firestore_gives_out_no_number_twice_to_two_processes() {
    if emulator::is_here() {
        let settings = fresh();
        let open = || Arc::new(FirestoreStore::new(settings.clone()));
        race_for_the_next_version(vec![open(), open(), open(), open()]).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn firestore_gives_out_the_last_dollars_once() {
    if emulator::is_here() {
        let settings = fresh();
        let open = || Arc::new(FirestoreStore::new(settings.clone()));
        race_for_the_last_dollars(vec![open(), open()]).await;
    }
}

/// The same database seen with the client that other code would use.
async fn other_code(settings: &FirestoreSettings) -> firestore::FirestoreDb {
    firestore::FirestoreDb::new(&settings.project_id).await.unwrap()
}

async fn set_field(db: &firestore::FirestoreDb, user: &str, field: &str, value: serde_json::Value) {
    let document = json!({ field: value });
    let update = db.fluent().update().fields([field]).in_col("users").document_id(user).object(&document);
    update.execute::<serde_json::Value>().await.unwrap();
}

async fn fields(db: &firestore::FirestoreDb, user: &str) -> Vec<String> {
    let document = db.fluent().select().by_id_in("users").one(user).await.unwrap();
    let mut names: Vec<_> = document.map(|document| document.fields.into_keys().collect()).unwrap_or_default();
    names.sort_unstable();
    names
}

/// Spec §9.4: a backend disables a user by writing `modelStatus`. It knows nothing of revisions, and wins all the same.
#[tokio::test]
async fn firestore_lets_a_backend_that_disables_a_user_win() {
    if !emulator::is_here() {
        return;
    }
    let settings = fresh();
    let store = FirestoreStore::new(settings.clone());
    let ready = User { model_status: ModelStatus::Ready, ..full_user("ana") };
    store.commit(vec![Change::PutUser(ready.clone())]).await.unwrap();
    let about_to_activate = store.user(&ready.user_id).await.unwrap().unwrap();
    let db = other_code(&settings).await;
    set_field(&db, "ana", "modelStatus", "disabled".into()).await;

    let late = store.commit(vec![Change::PutUser(about_to_activate.clone())]).await;
    assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
    let disabled = store.user(&ready.user_id).await.unwrap().unwrap();
    assert_eq!((disabled.model_status, disabled.revision), (ModelStatus::Disabled, 2));
    let later = store.commit(vec![Change::PutUser(about_to_activate)]).await;
    assert!(matches!(later, Err(StoreError::Conflict { .. })), "{later:?}");
    store.commit(vec![Change::PutUser(disabled)]).await.unwrap();
}

#[tokio::test]
async fn firestore_leaves_the_apps_own_fields_alone() {
    if !emulator::is_here() {
        return;
    }
    let settings = fresh();
    let (store, db) = (FirestoreStore::new(settings.clone()), other_code(&settings).await);
    // The app made the document at sign-up.
    let document = json!({ "displayName": "Ana" });
    let insert = db.fluent().insert().into("users").document_id("ana").object(&document);
    insert.execute::<serde_json::Value>().await.unwrap();
    let ana = full_user("ana");
    assert_eq!(store.user(&ana.user_id).await.unwrap(), None);
    assert_eq!(store.users(None, 10).await.unwrap().listed.records, []);
    store.commit(vec![Change::PutUser(ana.clone())]).await.unwrap();
    let read = store.user(&ana.user_id).await.unwrap().unwrap();
    // The app goes on using its document; that is no conflict.
    set_field(&db, "ana", "lastSeen", 5.into()).await;
    store.commit(vec![Change::PutUser(read)]).await.unwrap();
    let names = fields(&db, "ana").await;
    assert!(names.contains(&"displayName".into()) && names.contains(&"lastSeen".into()), "{names:?}");
    store.commit(vec![Change::DeleteUser { user: ana.user_id.clone(), revision: 2 }]).await.unwrap();
    assert_eq!(fields(&db, "ana").await, ["displayName", "lastSeen"]);
    assert_eq!(store.user(&ana.user_id).await.unwrap(), None);
}

#[tokio::test]
async fn firestore_names_a_document_that_cannot_be_understood() {
    if !emulator::is_here() {
        return;
    }
    let settings = fresh();
    let (store, db) = (FirestoreStore::new(settings.clone()), other_code(&settings).await);
    store.commit(vec![Change::PutUser(full_user("ana"))]).await.unwrap();
    set_field(&db, "ana", "modelStatus", "glowing".into()).await;
    let error = store.user(&full_user("ana").user_id).await.unwrap_err().to_string();
    assert!(error.contains("user ana in the metadata store Firestore project"), "{error}");
    assert!(error.contains("modelStatus is \"glowing\""), "{error}");
}

/// Workers of several processes go for the same due users; each is taken once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn firestore_lets_one_worker_claim_each_due_user() {
    if emulator::is_here() {
        let settings = fresh();
        let open = || Arc::new(FirestoreStore::new(settings.clone()));
        race_for_due_work(vec![open(), open(), open()]).await;
    }
}

#[tokio::test]
async fn firestore_collections_are_called_what_the_settings_say() {
    if !emulator::is_here() {
        return;
    }
    let mut settings = fresh();
    settings.collections.users = "people".into();
    settings.collections.llm_models = "models".into();
    let (store, db) = (FirestoreStore::new(settings.clone()), other_code(&settings).await);
    store.commit(vec![Change::PutUser(full_user("ana")), Change::CreateVersion(full_version("ana", 3))]).await.unwrap();
    for (collection, id) in [("people", "ana"), ("models", "ana:3")] {
        assert!(db.fluent().select().by_id_in(collection).one(id).await.unwrap().is_some(), "{collection}/{id}");
    }
    assert_eq!(store.versions(&full_user("ana").user_id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn firestore_names_records_that_cannot_be_read_beside_the_others() {
    if !emulator::is_here() {
        return;
    }
    let settings = fresh();
    let store = FirestoreStore::new(settings.clone());
    for name in ["ana", "ben", "cem"] {
        let mut run = full_version(name, 1);
        run.run.step = RunStep::JobCreated;
        let user = User { latest_model_version: 1, ..full_user(name) };
        store.commit(vec![Change::PutUser(user), Change::CreateVersion(run)]).await.unwrap();
    }
    let db = other_code(&settings).await;
    set_field(&db, "ana", "modelStatus", "glowing".into()).await;
    let odd = json!({ "status": "odd" });
    let update = db.fluent().update().fields(["status"]).in_col("llmModels").document_id("ben:1").object(&odd);
    update.execute::<serde_json::Value>().await.unwrap();

    let page = store.users(None, 2).await.unwrap();
    assert_eq!(page.listed.records.iter().map(|user| user.user_id.as_str()).collect::<Vec<_>>(), ["ben"]);
    assert!(page.listed.unreadable[0].to_string().contains("user ana"), "{:?}", page.listed.unreadable);
    let rest = store.users(page.next.as_deref(), 2).await.unwrap();
    assert_eq!((rest.listed.records.len(), rest.listed.unreadable.len(), rest.next), (1, 0, None));
    let runs = store.unfinished().await.unwrap();
    assert_eq!((runs.records.len(), runs.unreadable.len()), (2, 1));
}
