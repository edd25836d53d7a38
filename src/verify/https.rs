//! What an application answers over HTTPS, asked as a browser would: with a certificate that has to be right.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;

use super::{connect, http, trust};
use crate::failure::{Failure, Result};
use crate::names::DnsName;

/// The head that `GET /` is answered with. `took` is the request's own time, without connection and handshake.
///
/// # Errors
/// No connection, a certificate that isn't trusted, no answer within `deadline`, or one that isn't HTTP.
pub async fn get(addr: SocketAddr, host: &DnsName, deadline: Duration) -> Result<http::Answer> {
    let started = Instant::now();
    let name =
        ServerName::try_from(host.to_string()).map_err(|error| Failure::usage(format!("{host} is no server name")).because(error))?;
    let stream = connect(addr, deadline).await?;
    let left = || deadline.saturating_sub(started.elapsed());
    let stream = match tokio::time::timeout(left(), TlsConnector::from(Arc::new(client()?)).connect(name, stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(Failure::failed(format!("{addr} made no TLS connection for {host}")).because(error)),
        Err(_) => return Err(Failure::failed(format!("{addr} did not answer the TLS handshake for {host}")).after(started.elapsed())),
    };
    http::exchange(stream, addr, host, left()).await
}

fn client() -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Failure::failed("TLS could not be set up").because(error))?;
    Ok(config.with_root_certificates(trust::roots()).with_no_client_auth())
}
