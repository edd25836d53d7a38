//! Tests against sockets that behave well and badly.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_smithy_types::base64;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::{http, tls};
use crate::failure::Failure;
use crate::names::DnsName;

const DEADLINE: Duration = Duration::from_millis(500);

/// A certificate that a test made for itself; valid until 2126.
const CERTIFICATE: &str = "\
    MIIB9DCCAZugAwIBAgIUHriY95boRrHa5zuQKiRkxEL59skwCgYIKoZIzj0EAwIwKDENMAsGA1UECgwEVGVzdDEXMBUGA1UEAwwOa3ViZS1hcGlzZXJ2ZXIw\
    IBcNMjYxMTIxMDI1NTI3WhgPMjEyNjEwMjgwMjU1MjdaMCgxDTALBgNVBAoMBFRlc3QxFzAVBgNVBAMMDmt1YmUtYXBpc2VydmVyMFkwEwYHKoZIzj0CAQYI\
    KoZIzj0DAQcDQgAER4m02ZCwP119PAc9l0JVAHTm5EUmfbCWmh+Gbj6+2GCL+4+kZBV87CbVHCq1wfWfBNGhLguwRXV4AlKcFAoRqaOBoDCBnTAdBgNVHQ4E\
    FgQUX7caHVF//dFH6UyUl6aYZIeBBrUwHwYDVR0jBBgwFoAUX7caHVF//dFH6UyUl6aYZIeBBrUwDwYDVR0TAQH/BAUwAwEB/zBKBgNVHREEQzBBghJrdWJl\
    cm5ldGVzLmRlZmF1bHSCE2FwaS5jMDIuZXhhbXBsZS5jb22HBH8AAAGHEP0AAAAAAAAAAAAAAAAAAAEwCgYIKoZIzj0EAwIDRwAwRAIgIiEbLg1m7QmFUooz\
    tJ7GZMKBEJr/W5JNRbK8HPb2WHACICMycuawpbQ4qBzlDx85sc1BOC4cipcXk+gSPj/g8wvJ";

/// Its key (PKCS #8), which protects nothing.
const KEY: &str = "\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGUGU0yvvLRauCl9ieIN/6MNqD2wm2zCgsdGDKuX47UWhRANCAARHibTZkLA/XX08Bz2XQlUA\
    dObkRSZ9sJaaH4ZuPr7YYIv7j6RkFXzsJtUcKrXB9Z8E0aEuC7BFdXgCUpwUChGp";

async fn serve<F: Future<Output = ()> + Send + 'static>(handle: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(handle(stream));
        }
    });
    addr
}

async fn silent() -> SocketAddr {
    serve(|stream| async move {
        let _open = stream;
        std::future::pending::<()>().await;
    })
    .await
}

/// Reads what comes first, answers `text` and closes.
async fn saying(text: &'static str) -> SocketAddr {
    serve(move |mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(text.as_bytes()).await;
    })
    .await
}

async fn closed() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address")
}

async fn tls_server(version: &'static SupportedProtocolVersion) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let certificate = CertificateDer::from(base64::decode(CERTIFICATE).expect("base64"));
    let key = PrivatePkcs8KeyDer::from(base64::decode(KEY).expect("base64"));
    let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(&[version]).expect("a version");
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], key.into()).expect("a certificate");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    serve(move |stream| {
        let accept = acceptor.accept(stream);
        async move {
            let _ = accept.await;
        }
    })
    .await
}

async fn tls_failure(addr: SocketAddr) -> Failure {
    let started = Instant::now();
    let failure = tls::certificate(addr, "app.example.com", DEADLINE).await.expect_err("a failure");
    assert!(started.elapsed() < DEADLINE * 2);
    failure
}

async fn http_failure(addr: SocketAddr) -> Failure {
    let started = Instant::now();
    let failure = http::status(addr, &host(), DEADLINE).await.expect_err("a failure");
    assert!(started.elapsed() < DEADLINE * 2);
    failure
}

fn host() -> DnsName {
    "app.example.com".parse().expect("a name")
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_for_another_name_is_read() {
    for version in [&TLS12, &TLS13] {
        let addr = tls_server(version).await;
        let certificate = tls::certificate(addr, "app.example.com", DEADLINE).await.expect("a certificate");
        assert_eq!(certificate.subject, "O=Test, CN=kube-apiserver");
        assert_eq!(certificate.issuer, certificate.subject);
        assert_eq!(certificate.sans, ["kubernetes.default", "api.c02.example.com", "127.0.0.1", "fd00::1"]);
        assert_eq!((certificate.not_after, certificate.not_after_date.as_str()), (4_948_829_727, "2126-10-28"));
    }
}

#[tokio::test]
async fn why_there_is_no_certificate() {
    let failure = tls_failure(closed().await).await;
    assert!(failure.what.ends_with("refused the connection"), "{failure}");
    let failure = tls_failure(silent().await).await;
    assert!(failure.what.ends_with("did not answer the TLS handshake for app.example.com"), "{failure}");
    for text in ["", "HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.6\r\n"] {
        let failure = tls_failure(saying(text).await).await;
        assert!(failure.what.ends_with("closed the TLS connection for app.example.com without a certificate"), "{text}: {failure}");
        assert!(failure.cause.is_some());
    }
    let failure = tls::certificate(closed().await, "not a name", DEADLINE).await.expect_err("a failure");
    assert!(failure.what.contains("is not a server name"), "{failure}");
}

#[tokio::test]
async fn the_status_is_read_from_the_first_line() {
    for (text, status) in [
        ("HTTP/1.1 308 Permanent Redirect\r\nLocation: https://x/\r\n\r\n", 308),
        ("HTTP/1.0 404 Not Found\r\n\r\n", 404),
        ("HTTP/1.1 503\n", 503),
    ] {
        let addr = saying(text).await;
        assert_eq!(http::status(addr, &host(), DEADLINE).await.expect("a status"), status);
    }
}

#[tokio::test]
async fn why_there_is_no_status() {
    for (addr, end) in [
        (closed().await, "refused the connection"),
        (silent().await, "did not answer the request for app.example.com"),
        (saying("").await, "closed the connection without an answer for app.example.com"),
        (saying("SSH-2.0-OpenSSH_9.6\r\n").await, "answered with something that isn't HTTP"),
        (saying("HTTP/1.1 9999 No\r\n").await, "answered with something that isn't HTTP"),
        (saying("HTTP/1.1 OK\r\n").await, "answered with something that isn't HTTP"),
    ] {
        let failure = http_failure(addr).await;
        assert!(failure.what.ends_with(end), "{failure}");
    }
}
