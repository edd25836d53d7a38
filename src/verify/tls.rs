//! Which certificate answers on an address.

use std::fmt::Display;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use super::{connect, trust};
use crate::failure::{Failure, Result};

/// A server's leaf certificate, as far as it tells who the server is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Certificate {
    pub subject: String,
    pub issuer: String,
    /// DNS names and IP addresses.
    pub sans: Vec<String>,
    /// Seconds since 1970, UTC.
    pub not_after: i64,
    /// The day of `not_after` as `2027-02-01`.
    pub not_after_date: String,
    /// The public key (DER), to tell whether two certificates belong to the same server.
    #[serde(skip)]
    pub public_key: Vec<u8>,
}

/// Asks the server for its certificate with a real handshake (TLS 1.2 or 1.3). `sni` is the name to ask for.
///
/// # Errors
/// Refused, no answer within `deadline` (for connection and handshake together), or a server that gave no certificate.
pub async fn certificate(addr: SocketAddr, sni: &str, deadline: Duration) -> Result<Certificate> {
    handshake(addr, sni, deadline).await.map(|shown| shown.certificate)
}

/// A handshake: who answered, how long it took, and whether this machine would trust the certificate for that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    pub certificate: Certificate,
    /// Until the connection stood.
    pub connected: Duration,
    /// From then until the certificate was there.
    pub shaken: Duration,
    /// Why the chain or the name isn't trusted, by the system's certificate authorities (or `SSL_CERT_FILE`).
    pub distrust: Option<String>,
}

/// [`certificate`] with all that the handshake tells.
///
/// # Errors
/// As [`certificate`].
pub async fn handshake(addr: SocketAddr, sni: &str, deadline: Duration) -> Result<Handshake> {
    let started = Instant::now();
    let name = server_name(sni)?;
    let stream = connect(addr, deadline).await?;
    let connected = started.elapsed();
    let chain = chain(stream, &addr, sni, deadline.saturating_sub(connected)).await.map_err(|failure| failure.after(started.elapsed()))?;
    let shaken = started.elapsed().saturating_sub(connected);
    let certificate = Certificate::of(&chain[0]).map_err(|error| {
        Failure::failed(format!("{addr} answered for {sni} with a certificate that can't be read")).because(error).after(started.elapsed())
    })?;
    Ok(Handshake { certificate, connected, shaken, distrust: trust::distrust(&chain, &name) })
}

/// The chain that is shown over a connection, the server's own certificate first. `whom` is for messages.
///
/// # Errors
/// No answer within `deadline`, or no certificate.
pub async fn chain(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    whom: &impl Display,
    sni: &str,
    deadline: Duration,
) -> Result<Vec<CertificateDer<'static>>> {
    let started = Instant::now();
    let seen = Arc::new(Witness::new());
    let connector = TlsConnector::from(Arc::new(client(seen.clone())?));
    let outcome = tokio::time::timeout(deadline, connector.connect(server_name(sni)?, stream)).await;
    // A handshake that breaks off later, because the server wants a certificate from us, has told us what we asked.
    if let Some(chain) = seen.chain() {
        return Ok(chain);
    }
    let failure = match outcome {
        Ok(Ok(_)) => Failure::failed(format!("{whom} showed no certificate for {sni}")),
        Ok(Err(error)) => Failure::failed(format!("{whom} closed the TLS connection for {sni} without a certificate")).because(error),
        Err(_) => Failure::failed(format!("{whom} accepted the connection, but did not answer the TLS handshake for {sni}")),
    };
    Err(failure.after(started.elapsed()))
}

fn server_name(sni: &str) -> Result<ServerName<'static>> {
    ServerName::try_from(sni.to_owned()).map_err(|error| Failure::usage(format!("{sni:?} is not a server name")).because(error))
}

fn client(seen: Arc<Witness>) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Failure::failed("TLS could not be set up").because(error))?;
    Ok(config.dangerous().with_custom_certificate_verifier(seen).with_no_client_auth())
}

/// Accepts every certificate and remembers the last chain. That is right here and only here: the question is *who*
/// answers, a wrong certificate is an answer to it, and not a byte is sent over the connection.
#[derive(Debug)]
struct Witness {
    schemes: Vec<SignatureScheme>,
    /// The server's own certificate first.
    seen: Mutex<Option<Vec<CertificateDer<'static>>>>,
}

impl Witness {
    fn new() -> Self {
        let schemes = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.supported_schemes();
        Self { schemes, seen: Mutex::new(None) }
    }

    fn chain(&self) -> Option<Vec<CertificateDer<'static>>> {
        self.seen.lock().ok()?.take()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Ok(mut seen) = self.seen.lock() {
            *seen = Some(std::iter::once(end_entity).chain(intermediates).map(|der| der.clone().into_owned()).collect());
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

impl Certificate {
    /// # Errors
    /// It isn't one.
    pub fn of(der: &[u8]) -> Result<Self, String> {
        let (_, certificate) = X509Certificate::from_der(der).map_err(|error| error.to_string())?;
        let names = certificate.subject_alternative_name().ok().flatten().map(|extension| extension.value.general_names.as_slice());
        let not_after = certificate.validity().not_after;
        Ok(Self {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            sans: names.unwrap_or_default().iter().filter_map(san).collect(),
            not_after: not_after.timestamp(),
            not_after_date: not_after.to_datetime().date().to_string(),
            public_key: certificate.public_key().raw.to_vec(),
        })
    }
}

fn san(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => <[u8; 4]>::try_from(*bytes)
            .map(|bytes| std::net::IpAddr::from(bytes).to_string())
            .or_else(|_| <[u8; 16]>::try_from(*bytes).map(|bytes| std::net::IpAddr::from(bytes).to_string()))
            .ok(),
        _ => None,
    }
}
