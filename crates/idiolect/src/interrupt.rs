//! Ctrl-C and SIGTERM: where there is something to go on with, the first asks for a clean stop and the second ends the process at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::files::remove_unfinished;
use crate::output::Output;

/// Turns true when the user asks to stop.
pub fn watch_for_interrupt() -> anyhow::Result<watch::Receiver<bool>> {
    let (sender, receiver) = watch::channel(false);
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if sender.send_replace(true) {
                remove_unfinished();
                std::process::exit(130);
            }
        }
    });
    Ok(receiver)
}

/// While held, Ctrl-C and SIGTERM end the process at once.
pub struct EndAtInterrupt(JoinHandle<()>);

impl Drop for EndAtInterrupt {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// For work that nobody could go on with: what is half-written goes, and `sentence` says what to do.
pub fn end_at_interrupt(output: Output, sentence: &'static str) -> anyhow::Result<EndAtInterrupt> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(EndAtInterrupt(tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        remove_unfinished();
        output.note(sentence);
        std::process::exit(130);
    })))
}
