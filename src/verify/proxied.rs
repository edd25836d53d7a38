//! What comes back through a proxy that ends TLS and goes on to an API server: asked as a pod would, with verification.

use std::fmt::Display;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

use super::trust;
use crate::failure::{Failure, Result};

/// Bytes of an answer of `/version`, which has some 400.
const LIMIT: usize = 64 << 10;

/// An answer, and who gave it.
#[derive(Debug)]
pub struct Version {
    /// `v1.34.1+k0s`, as the API server calls itself.
    pub git_version: String,
    /// The certificate that was shown.
    pub leaf: CertificateDer<'static>,
}

/// `GET /version` over `stream`, from a server that shows a certificate of `roots` for `name`. `whom` is for messages.
///
/// # Errors
/// A certificate that isn't trusted, no answer within `deadline`, an answer that isn't an API server's.
pub async fn version(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    whom: &impl Display,
    name: &str,
    roots: &Arc<RootCertStore>,
    deadline: Duration,
) -> Result<Version> {
    let started = Instant::now();
    let asked = tokio::time::timeout(deadline, ask(stream, whom, name, roots)).await;
    let silent = |_| Failure::failed(format!("{whom} did not answer GET /version"));
    asked.map_err(silent).and_then(|answer| answer).map_err(|failure| failure.after(started.elapsed()))
}

async fn ask(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    whom: &impl Display,
    name: &str,
    roots: &Arc<RootCertStore>,
) -> Result<Version> {
    let broken = |error: hyper::Error| {
        Failure::failed(format!("{whom} broke off GET /version"))
            .because(std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string))
    };
    let server =
        ServerName::try_from(name.to_owned()).map_err(|error| Failure::usage(format!("{name:?} is not a server name")).because(error))?;
    let stream =
        TlsConnector::from(Arc::new(client(roots)?)).connect(server, stream).await.map_err(|error| distrusted(whom, name, error))?;
    let leaf = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first()).map(|leaf| leaf.clone().into_owned());
    let leaf = leaf.ok_or_else(|| Failure::failed(format!("{whom} showed no certificate")))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    tokio::spawn(connection);
    let request = hyper::Request::get("/version")
        .header("Host", name)
        .header("User-Agent", concat!("k8sport/", env!("CARGO_PKG_VERSION")))
        .body(Empty::<Bytes>::new())
        .map_err(|error| Failure::failed("a request could not be made").because(error))?;
    let answer = sender.send_request(request).await.map_err(broken)?;
    let status = answer.status();
    if !status.is_success() {
        return Err(Failure::failed(format!("{whom} answered GET /version with {status}")));
    }
    let strange = |error: &dyn Display| Failure::failed(format!("{whom} answered GET /version with something else")).because(error);
    let body = Limited::new(answer.into_body(), LIMIT).collect().await.map_err(|error| strange(&error))?.to_bytes();
    let body: serde_json::Value = serde_json::from_slice(&body).map_err(|error| strange(&error))?;
    let git_version = body["gitVersion"].as_str().ok_or_else(|| strange(&"it has no gitVersion"))?.to_owned();
    Ok(Version { git_version, leaf })
}

fn distrusted(whom: &impl Display, name: &str, error: std::io::Error) -> Failure {
    let failure = Failure::failed(format!("{whom} made no TLS connection for {name}"));
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(error) => failure.because(trust::why(error.clone(), "the cluster's authority has not issued its certificate")),
        None => failure.because(error),
    }
}

fn client(roots: &Arc<RootCertStore>) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Failure::failed("TLS could not be set up").because(error))?;
    Ok(config.with_root_certificates(Arc::clone(roots)).with_no_client_auth())
}
