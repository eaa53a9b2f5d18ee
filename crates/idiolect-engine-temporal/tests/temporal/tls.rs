//! The ways of a real cluster: TLS, client certificates, API keys.

use std::sync::Arc;
use std::time::Duration;

use crate::engine_contract::{Bench, Script, World};
use async_trait::async_trait;
use idiolect_engine_temporal::{TemporalEngine, TemporalSettings, TlsFiles};
use idiolect_pipeline::Engine;
use tokio::io::AsyncReadExt;

use crate::engine_contract::Worker;
use crate::server::Server;
use crate::tls_proxy::{Authority, Identity, TlsProxy};

const KEY: &str = "key-0123456789";

/// Engines that go through the proxy.
struct Encrypted(TemporalSettings);

#[async_trait]
impl Bench for Encrypted {
    async fn engine(&self, _world: &World) -> Arc<dyn Engine> {
        Arc::new(TemporalEngine::connect(self.0.clone()).await.unwrap())
    }
}

fn settings(proxy: &TlsProxy, ca: &Authority) -> TemporalSettings {
    let tls = TlsFiles { server_ca: Some(ca.pem.clone().into_bytes()), ..TlsFiles::default() };
    TemporalSettings { tls: Some(tls), ..crate::settings(&proxy.address()) }
}

fn with_identity(settings: TemporalSettings, identity: &Identity) -> TemporalSettings {
    let client = (identity.certificate.clone().into_bytes(), identity.key.clone().into_bytes());
    let tls = TlsFiles { client: Some(client), ..settings.tls.unwrap() };
    TemporalSettings { tls: Some(tls), ..settings }
}

/// A user is driven to their end by a worker.
async fn drives_a_user(settings: TemporalSettings) {
    let bench = Encrypted(settings);
    let world = World::in_memory();
    let user = world.user("ana", &Script { steps: 3, ..Script::default() }).await;
    let worker = Worker::start(&bench, &world).await;
    bench.engine(&world).await.kick(&user).await.unwrap();
    world.ended(&user).await;
    worker.stop().await;
    assert_eq!(world.log().made(&user), [1, 2, 3]);
}

async fn refused(settings: TemporalSettings) -> String {
    TemporalEngine::connect(settings).await.err().expect("it is refused").to_string()
}

fn is_one_sentence(error: &str, address: &str, cause: &str) {
    let expected = format!("the engine at {address} is not available: {cause}; start it or check its address and key");
    assert_eq!(error, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_tls_with_a_certificate_that_the_given_authority_vouches_for() {
    let Some(server) = Server::start().await else { return };
    let ca = Authority::new("ours");
    let proxy = TlsProxy::start(server.address(), &ca.identity("127.0.0.1"), None).await;
    drives_a_user(settings(&proxy, &ca)).await;
    let shown = proxy.shown();
    assert!(shown.certificates.iter().all(Vec::is_empty), "nobody asked for a client's certificate");
    assert!(shown.authorizations.iter().all(Option::is_none), "there is no key");
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_tls_by_another_name_than_the_address() {
    let Some(server) = Server::start().await else { return };
    let ca = Authority::new("ours");
    let proxy = TlsProxy::start(server.address(), &ca.identity("temporal.example"), None).await;
    let by_address = settings(&proxy, &ca);
    let error = refused(by_address.clone()).await;
    assert!(error.contains("certificate not valid for name"), "{error}");
    let tls = TlsFiles { server_name: Some("temporal.example".into()), ..by_address.tls.unwrap() };
    TemporalEngine::connect(TemporalSettings { tls: Some(tls), ..by_address }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_tls_with_a_certificate_that_nobody_vouches_for_is_refused_in_one_sentence() {
    let ca = Authority::new("ours");
    // Nobody gets as far as the server behind it.
    let proxy = TlsProxy::start("127.0.0.1:1".into(), &ca.identity("127.0.0.1"), None).await;
    let error = refused(settings(&proxy, &Authority::new("another"))).await;
    is_one_sentence(&error, &proxy.address(), "invalid peer certificate: UnknownIssuer");
    // Nor do those whom the system trusts know it.
    let system = TemporalSettings { tls: Some(TlsFiles::default()), ..crate::settings(&proxy.address()) };
    is_one_sentence(&refused(system).await, &proxy.address(), "invalid peer certificate: UnknownIssuer");
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_mutual_tls_shows_the_clients_certificate() {
    let Some(server) = Server::start().await else { return };
    let ca = Authority::new("ours");
    let proxy = TlsProxy::start(server.address(), &ca.identity("127.0.0.1"), Some(&ca)).await;
    let worker = ca.identity("worker.example");
    drives_a_user(with_identity(settings(&proxy, &ca), &worker)).await;
    let shown = proxy.shown();
    assert!(!shown.certificates.is_empty());
    let own = pem_bytes(&worker.certificate);
    assert!(shown.certificates.iter().all(|certificates| certificates.len() == 1 && certificates[0].as_ref() == own));
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_mutual_tls_without_the_right_certificate_is_refused_in_one_sentence() {
    let ca = Authority::new("ours");
    let proxy = TlsProxy::start("127.0.0.1:1".into(), &ca.identity("127.0.0.1"), Some(&ca)).await;
    // Either the server's alert is heard, or only that it has hung up.
    let causes = ["received fatal alert: ", "it hung up after the connection was encrypted"];
    let strangers = Authority::new("another").identity("worker.example");
    for settings in [settings(&proxy, &ca), with_identity(settings(&proxy, &ca), &strangers)] {
        let error = refused(settings).await;
        let start = format!("the engine at {} is not available: ", proxy.address());
        let cause = error.strip_prefix(&start).unwrap_or_else(|| panic!("{error}"));
        assert!(causes.iter().any(|expected| cause.starts_with(expected)), "{error}");
        assert!(!error.contains(['{', '\n']), "{error}");
    }
}

/// A server that takes the connection and not the key, here one that refuses every call.
#[tokio::test(flavor = "multi_thread")]
async fn temporal_an_api_key_that_is_not_taken_is_said_in_one_sentence() {
    let ca = Authority::new("ours");
    let proxy = TlsProxy::refusing(&ca.identity("127.0.0.1"), "Request unauthorized.").await;
    let error = refused(TemporalSettings { api_key: Some(KEY.into()), ..settings(&proxy, &ca) }).await;
    is_one_sentence(&error, &proxy.address(), "it refused the first call: Request unauthorized.");
    assert_eq!(proxy.shown().authorizations, [Some(format!("Bearer {KEY}"))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn temporal_an_api_key_goes_with_every_call_as_a_bearer_token() {
    let Some(server) = Server::start().await else { return };
    let ca = Authority::new("ours");
    let proxy = TlsProxy::start(server.address(), &ca.identity("127.0.0.1"), None).await;
    drives_a_user(TemporalSettings { api_key: Some(KEY.into()), ..settings(&proxy, &ca) }).await;
    let shown = proxy.shown();
    assert!(shown.authorizations.len() > 5);
    let bearer = format!("Bearer {KEY}");
    assert!(shown.authorizations.iter().all(|shown| shown.as_deref() == Some(&bearer)));
}

/// Whatever is at the other end: with a key, nothing is said before the other end has shown a certificate.
#[tokio::test]
async fn temporal_an_api_key_is_never_sent_in_plain_text() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = vec![0; 16 * 1024];
        let count = stream.read(&mut heard).await.unwrap();
        heard.truncate(count);
        heard
    });
    let error = refused(TemporalSettings { api_key: Some(KEY.into()), ..crate::settings(&address) }).await;
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(!error.contains(KEY));
    let heard = tokio::time::timeout(Duration::from_secs(10), heard).await.unwrap().unwrap();
    assert_eq!(heard.first(), Some(&0x16), "a TLS handshake");
    assert!(!heard.windows(KEY.len()).any(|window| window == KEY.as_bytes()));
}

fn pem_bytes(certificate: &str) -> Vec<u8> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap().to_vec()
}
