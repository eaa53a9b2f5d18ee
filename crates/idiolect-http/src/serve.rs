//! Listening on a loopback port, and answering on it until told to stop.

use std::future::Future;
use std::io;
use std::net::Ipv4Addr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

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

/// A connection over which no whole head of a request comes for so long is closed, also between two requests. Proxies and clients
/// keep theirs for a minute at most, so that none is closed just when it is used again.
const HEAD_PATIENCE: Duration = Duration::from_secs(75);

/// Answers on `listener` until `shutdown` completes. Answers under way then have `grace` to end.
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    // `axum::serve` would do, but that it waits for a head for ever.
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
    // Its routes are made ready once, rather than for each request.
    let router: Router = router.with_state(());
    let connections = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, _) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut shutdown => break,
        };
        // Chunks are small; without this each one would wait for the acknowledgement of the one before.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(grace, connections.shutdown()).await.is_err() {
        tracing::warn!(grace_s = grace.as_secs(), "answers still under way are cut off by the shutdown");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

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
    /// Time passes at once where everybody waits.
    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_whole_head_is_closed() {
        for sent in ["", "GET / HTTP/1.1\r\nhost: ", "GET / HTTP/1.1\r\nhost: a\r\n\r\nGET"] {
            let listener = bind_loopback(0, "--port").await.unwrap();
            let address = listener.local_addr().unwrap();
            let router = Router::new().route("/", axum::routing::get(|| async { "hello" }));
            tokio::spawn(serve(listener, router, std::future::pending(), Duration::ZERO));
            let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
            client.write_all(sent.as_bytes()).await.unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            assert_eq!(answer.contains("hello"), sent.ends_with("GET"), "{answer}");
        }
    }
}
