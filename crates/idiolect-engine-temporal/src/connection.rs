//! Where the cluster is, and getting there.

use std::fmt;
use std::time::Duration;

use idiolect_pipeline::EngineError;
use temporalio_client::errors::ClientConnectError;
use temporalio_client::tonic::{Code, Status};
use temporalio_client::{Client, ClientOptions, ClientTlsOptions, Connection, ConnectionOptions, TlsOptions};
use url::{Host, Url};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How the cluster is reached and what is run there. Every worker and everybody who kicks must name the same namespace and
/// task queue.
#[derive(Clone)]
pub struct TemporalSettings {
    /// `host:port` of the frontend.
    pub address: String,
    pub namespace: String,
    pub task_queue: String,
    /// Without it nothing is encrypted, which suits loopback only. An API key asks for TLS by itself.
    pub tls: Option<TlsFiles>,
    pub api_key: Option<String>,
    /// A step whose worker has not been heard of for so long is given to another one.
    pub heartbeat_timeout: Duration,
    /// Users that one worker advances at the same time.
    pub concurrency: usize,
}

/// PEM files, as they were read.
#[derive(Clone, Default)]
pub struct TlsFiles {
    /// Who may vouch for the server, instead of those whom the system trusts.
    pub server_ca: Option<Vec<u8>>,
    /// Certificate and key of this client, for mutual TLS.
    pub client: Option<(Vec<u8>, Vec<u8>)>,
    /// The name that the server's certificate must have, instead of the address's.
    pub server_name: Option<String>,
}

impl TemporalSettings {
    /// An unencrypted server at this address, for namespace `default` and task queue `training`.
    pub fn at(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            namespace: "default".to_owned(),
            task_queue: "training".to_owned(),
            tls: None,
            api_key: None,
            heartbeat_timeout: Duration::from_secs(15),
            concurrency: 4,
        }
    }

    pub(crate) fn unavailable(&self, reason: impl ToString) -> EngineError {
        EngineError::Unavailable { address: self.address.clone(), reason: reason.to_string() }
    }

    /// Says the innermost cause: those around it print their insides.
    pub(crate) fn failed(&self, error: &dyn std::error::Error) -> EngineError {
        let mut innermost = error;
        while let Some(source) = innermost.source() {
            innermost = source;
        }
        self.unavailable(innermost)
    }

    /// A client of the namespace.
    pub(crate) async fn connect(&self) -> Result<Client, EngineError> {
        let is_encrypted = self.tls.is_some() || self.api_key.is_some();
        let scheme = if is_encrypted { "https" } else { "http" };
        let target = Url::parse(&format!("{scheme}://{}", self.address)).map_err(|error| self.unavailable(error))?;
        if !is_encrypted && !is_loopback(&target) {
            tracing::warn!(
                address = self.address,
                "the connection to the cluster is not encrypted: whoever listens reads user ids and can give orders; use --tls"
            );
        }
        let options = ConnectionOptions::new(target)
            .connect_timeout(CONNECT_TIMEOUT)
            .maybe_api_key(self.api_key.clone())
            .maybe_tls_options(is_encrypted.then(|| self.tls_options()))
            .build();
        let connecting = tokio::time::timeout(2 * CONNECT_TIMEOUT, Connection::connect(options)).await;
        let connection = connecting.map_err(|_| self.unavailable("it does not answer"))?;
        let connection = connection.map_err(|error| match error {
            ClientConnectError::SystemInfoCallError(status) => self.unavailable(refusal(&status, is_encrypted)),
            error => self.failed(&error),
        })?;
        Client::new(connection, ClientOptions::new(&self.namespace).build()).map_err(|error| self.failed(&error))
    }

    fn tls_options(&self) -> TlsOptions {
        let files = self.tls.clone().unwrap_or_default();
        let client = files.client.map(|(certificate, key)| {
            ClientTlsOptions::builder().client_cert(certificate).client_private_key(key).build()
        });
        TlsOptions::builder()
            .maybe_server_root_ca_cert(files.server_ca)
            .maybe_domain(files.server_name)
            .maybe_client_tls_options(client)
            .build()
    }
}

fn is_loopback(target: &Url) -> bool {
    match target.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// What a server said to the first call. One that does not like a client's certificate says so by hanging up.
fn refusal(status: &Status, is_encrypted: bool) -> String {
    match status.code() {
        Code::Cancelled | Code::Unknown | Code::Unavailable if is_encrypted => {
            "it hung up after the connection was encrypted, as a server does that asks for another client certificate"
                .into()
        }
        _ => format!("it refused the first call: {}", status.message()),
    }
}

/// Shows neither the key nor the certificates.
impl fmt::Debug for TemporalSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemporalSettings")
            .field("address", &self.address)
            .field("namespace", &self.namespace)
            .field("task_queue", &self.task_queue)
            .field("tls", &self.tls.is_some())
            .field("api_key", &self.api_key.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_without_listeners_between() {
        let is = |address: &str| is_loopback(&Url::parse(&format!("http://{address}")).unwrap());
        assert!(["localhost:7233", "127.0.0.1:7233", "127.8.8.8:1", "[::1]:7233"].map(is).into_iter().all(|is| is));
        let others = ["temporal.internal:7233", "10.0.0.1:7233", "[fe80::1]:7233", "localhost.example:7233"];
        assert!(!others.map(is).into_iter().any(|is| is));
    }
}
