//! Whether there is a Firestore emulator, and projects in it that nobody else uses.
#![allow(clippy::unwrap_used, clippy::print_stderr)] // the lints' exceptions for tests do not reach their helper functions

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// In CI there must be one; elsewhere the test says that it is passed over.
pub fn is_here() -> bool {
    let here = std::env::var("FIRESTORE_EMULATOR_HOST").is_ok_and(|host| !host.is_empty());
    assert!(
        here || std::env::var("CI").as_deref() != Ok("true"),
        "FIRESTORE_EMULATOR_HOST is not set and CI=true; scripts/firestore-emulator sets it"
    );
    if !here {
        eprintln!("passed over: FIRESTORE_EMULATOR_HOST is not set; scripts/firestore-emulator sets it");
    }
    here
}

/// Nothing is shared and nothing has to be deleted.
pub fn fresh_project() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
    format!("test-{}-{now}-{n}", std::process::id())
}
