//! Ctrl-C during a pull: the pull ends at the next chunk, and what it began is removed. A second one ends the process at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;

/// The pull was stopped by Ctrl-C or SIGTERM.
#[derive(Debug)]
pub struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("stopped; nothing half-written was kept, run the same command again to start over")
    }
}

impl std::error::Error for Interrupted {}

/// Listens on its own thread, because the pull blocks the one that asked for it.
pub(super) struct InterruptWatch {
    interrupted: Arc<AtomicBool>,
    ended: Arc<Notify>,
}

impl InterruptWatch {
    pub(super) fn start() -> Result<Self> {
        let watch = Self { interrupted: Arc::default(), ended: Arc::default() };
        let (interrupted, ended) = (watch.interrupted.clone(), watch.ended.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (mut interrupt, mut terminate) = {
            let _guard = runtime.enter();
            let listen = |kind| signal(kind).context("Ctrl-C cannot be listened for");
            (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?)
        };
        thread::spawn(move || {
            runtime.block_on(async {
                loop {
                    tokio::select! {
                        _ = interrupt.recv() => {}
                        _ = terminate.recv() => {}
                        () = ended.notified() => return,
                    }
                    // The next chunk may never come. What is left then, the next pull clears away.
                    if interrupted.swap(true, Ordering::Relaxed) {
                        std::process::exit(130);
                    }
                }
            });
        });
        Ok(watch)
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}

impl Drop for InterruptWatch {
    fn drop(&mut self) {
        self.ended.notify_one();
    }
}
