//! TLS in front of the development server, which has none: certificates of the test's own, and what clients showed.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{Either, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response, Uri};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// Somebody who vouches for servers and clients.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub pem: String,
}

/// A certificate and its key, as PEM.
pub struct Identity {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name.push(DnType::CommonName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = parameters.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(parameters, key), pem }
    }

    /// Vouches for a name or an address.
    pub fn identity(&self, name: &str) -> Identity {
        let key = KeyPair::generate().unwrap();
        let parameters = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = parameters.signed_by(&key, &self.issuer).unwrap().pem();
        Identity { certificate, key: key.serialize_pem() }
    }
}

/// What a client showed.
#[derive(Default)]
pub struct Shown {
    /// The `authorization` of each call.
    pub authorizations: Vec<Option<String>>,
    /// Certificates, one list for each connection.
    pub certificates: Vec<Vec<CertificateDer<'static>>>,
}

/// What calls come to.
#[derive(Clone)]
enum Behind {
    Server(String),
    /// A refusal for want of permission, in these words.
    Refusal(String),
}

/// Takes TLS off and passes calls on; it ends when dropped.
pub struct TlsProxy {
    address: SocketAddr,
    shown: Arc<Mutex<Shown>>,
    task: tokio::task::JoinHandle<()>,
}

impl TlsProxy {
    /// In front of a server. With `clients`, it takes only clients for whom that authority vouches.
    pub async fn start(server: String, identity: &Identity, clients: Option<&Authority>) -> Self {
        Self::listen(Behind::Server(server), identity, clients).await
    }

    /// In front of nothing: every call is refused.
    pub async fn refusing(identity: &Identity, message: &str) -> Self {
        Self::listen(Behind::Refusal(message.to_owned()), identity, None).await
    }

    async fn listen(behind: Behind, identity: &Identity, clients: Option<&Authority>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config(identity, clients)));
        let shown = Arc::<Mutex<Shown>>::default();
        let task = tokio::spawn(accept(listener, acceptor, behind, shown.clone()));
        Self { address, shown, task }
    }

    pub fn address(&self) -> String {
        self.address.to_string()
    }

    pub fn shown(&self) -> std::sync::MutexGuard<'_, Shown> {
        self.shown.lock().unwrap()
    }
}

impl Drop for TlsProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn config(identity: &Identity, clients: Option<&Authority>) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
    let mut config = builder.with_single_cert(vec![certificate], key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor, behind: Behind, shown: Arc<Mutex<Shown>>) {
    // Dropped with this task, so that no connection outlives the proxy.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, behind, shown) = (acceptor.clone(), behind.clone(), shown.clone());
        connections.spawn(async move {
            // A client that is not taken, or does not take this server, has no calls.
            let Ok(stream) = acceptor.accept(stream).await else { return };
            let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
            shown.lock().unwrap().certificates.push(certificates.iter().map(|one| one.clone().into_owned()).collect());
            let sender = match &behind {
                Behind::Refusal(_) => None,
                Behind::Server(server) => {
                    let Ok(server) = TcpStream::connect(server).await else { return };
                    let (sender, connection) =
                        http2::handshake(TokioExecutor::new(), TokioIo::new(server)).await.unwrap();
                    tokio::spawn(connection);
                    Some(sender)
                }
            };
            let answer = service_fn(move |request| answer(request, behind.clone(), sender.clone(), shown.clone()));
            let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            // Clients go as they like.
            let _ = server.serve_connection(TokioIo::new(stream), answer).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

type Answer = Response<Either<Incoming, Empty<Bytes>>>;

async fn answer(
    mut request: Request<Incoming>,
    behind: Behind,
    sender: Option<http2::SendRequest<Incoming>>,
    shown: Arc<Mutex<Shown>>,
) -> Result<Answer, hyper::Error> {
    let authorization = request.headers().get("authorization").map(|value| value.to_str().unwrap().to_owned());
    shown.lock().unwrap().authorizations.push(authorization);
    match (behind, sender) {
        (Behind::Server(server), Some(mut sender)) => {
            let path = request.uri().path_and_query().unwrap().clone();
            *request.uri_mut() = Uri::builder().scheme("http").authority(server).path_and_query(path).build().unwrap();
            Ok(sender.send_request(request).await?.map(Either::Left))
        }
        (Behind::Refusal(message) | Behind::Server(message), _) => {
            let refusal = Response::builder()
                .header("content-type", "application/grpc")
                // 16 is "unauthenticated".
                .header("grpc-status", "16")
                .header("grpc-message", message);
            Ok(refusal.body(Either::Right(Empty::new())).unwrap())
        }
    }
}
