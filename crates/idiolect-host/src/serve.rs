//! Answering until told to stop, with an eye on jobs and expiries meanwhile.

use std::future::Future;
use std::io;

use idiolect_provider::ProviderError;
use tokio::net::TcpListener;

use crate::router::router;
use crate::state::Host;

/// Why serving ended early.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the jobs that an earlier process left unfinished cannot be gone on with")]
    Resume(#[source] ProviderError),
    #[error("the port cannot be answered on any more")]
    Io(#[from] io::Error),
}

/// Goes on with unfinished jobs, then answers on `listener` until `shutdown` completes. Answers under way then have
/// `shutdown_grace` to end; jobs are the provider's to stop.
pub async fn serve(
    listener: TcpListener,
    host: Host,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    host.provider.tend().await.map_err(ServeError::Resume)?;
    let grace = host.settings.shutdown_grace;
    let server = idiolect_http::serve(listener, router(host.clone()), shutdown, grace);
    tokio::select! {
        ended = server => Ok(ended?),
        () = tend(&host) => Ok(()),
    }
}

/// Never ends.
async fn tend(host: &Host) {
    loop {
        tokio::time::sleep(host.settings.tend_interval).await;
        if let Err(error) = host.provider.tend().await {
            tracing::warn!(%error, "jobs and expiries could not be looked after; trying again later");
        }
    }
}
