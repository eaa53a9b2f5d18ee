#![doc = include_str!("../README.md")]

#[cfg(feature = "firestore")]
mod firestore;
mod sqlite;

#[cfg(feature = "firestore")]
pub use firestore::{Collections, FirestoreSettings, FirestoreStore};
pub use sqlite::{FILE_NAME, SqliteStore};
