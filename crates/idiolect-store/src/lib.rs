#![doc = include_str!("../README.md")]

#[cfg(feature = "firestore")]
mod firestore;
mod moving;
mod sqlite;

#[cfg(feature = "firestore")]
pub use firestore::{Collections, FirestoreSettings, FirestoreStore};
pub use moving::{Kind, Line, Movable, Put, Record, SpendDay, SpendRun, SpendUserMonth};
pub use sqlite::{FILE_NAME, SqliteStore};
