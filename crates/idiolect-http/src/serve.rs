//! Listening on a loopback port, and answering on it until told to stop.

use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// Why the port cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error("port {port} on 127.0.0.1 is taken by another program; stop that one or choose another with {chosen_by}")]
    PortTaken { port: u16, chosen_by: &'static str },
    #[error("port {port} on 127.0.0.1 is not allowed to this user; choose one above 1023 with {chosen_by}")]
    NotAllowed { port: u16, chosen_by: &'static str },
    #[error("cannot listen on port {port} of 127.0.0.1; choose another with {chosen_by}")]
    Other {
        port: u16,
        chosen_by: &'static str,
        #[source]
        source: io::Error,
    },
}

/// Listens on 127.0.0.1 only, so that no other machine can connect. Port 0 takes any free one. `chosen_by` is the flag or setting
/// that an error names.
pub async fn bind_loopback(port: u16, chosen_by: &'static str) -> Result<TcpListener, BindError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::PortTaken { port, chosen_by },
        io::ErrorKind::PermissionDenied => BindError::NotAllowed { port, chosen_by },
        _ => BindError::Other { port, chosen_by, source },
    })
}

/// Answers on `listener` until `shutdown` completes. Answers under way then have `grace` to end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    let stopping = Arc::new(Notify::new());
    let told = Arc::clone(&stopping);
    // Chunks are small; without this each one would wait for the acknowledgement of the one before.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        shutdown.await;
        told.notify_one();
    });
    let out_of_patience = async {
        stopping.notified().await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        ended = server => ended,
        () = out_of_patience => {
            tracing::warn!(grace_s = grace.as_secs(), "answers still under way are cut off by the shutdown");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_with_what_to_do() {
        let taken = bind_loopback(0, "--port").await.unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(taken.local_addr().unwrap().ip().is_loopback());
        let error = bind_loopback(port, "runs.metrics_port").await.unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "port {port} on 127.0.0.1 is taken by another program; stop that one or choose another with runs.metrics_port"
            )
        );
    }
}
