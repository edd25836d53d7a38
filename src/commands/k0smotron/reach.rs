//! Looks at the hosts of the ingress from here: names, connections, certificates.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use tokio::net::TcpStream;

use crate::checks::Missing;
use crate::checks::k0smotron::Reached;
use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::verify::{proxied, tls, trust};

/// One look at a host.
const LOOK: Duration = Duration::from_secs(8);

/// GET /version, as a client of the API server's.
pub async fn api(at: Option<&(DnsName, u16)>, roots: Option<&Arc<RootCertStore>>) -> Result<Reached, Missing> {
    let (host, port) = at.ok_or_else(|| Missing::untried("there is no ConfigMap of k0smotron's that names the API's host"))?;
    let (host, port) = (host.to_string(), *port);
    let addresses = resolve(&host, port).await;
    let answer = async {
        let stream = connect(&addresses, port).await?;
        let roots = roots.ok_or_else(|| Failure::failed("it wasn't asked"))?;
        Ok(proxied::version(stream, &host, &host, roots, LOOK).await?.git_version)
    };
    let answer = answer.await;
    Ok(Reached { host, addresses, answer })
}

/// A handshake, on the API's port.
pub async fn konnectivity(
    host: Option<&String>,
    api: Option<&(DnsName, u16)>,
    roots: Option<&Arc<RootCertStore>>,
) -> Result<Reached, Missing> {
    let unknown = || Missing::untried("its host is not known: neither k0smotron's ConfigMap nor its Ingress names it");
    let (host, port) = (host.ok_or_else(unknown)?.clone(), api.ok_or_else(unknown)?.1);
    let addresses = resolve(&host, port).await;
    let answer = async {
        let chain = tls::chain(connect(&addresses, port).await?, &host, &host, LOOK).await?;
        let roots = roots.ok_or_else(|| Failure::failed("it wasn't asked"))?;
        match trust::distrust_by(roots, &chain, &host, "the cluster's authority has not issued it") {
            None => Ok("a certificate of the cluster's authority".to_owned()),
            Some(why) => {
                let shown =
                    tls::Certificate::of(&chain[0]).map_or_else(|_| String::new(), |certificate| format!(": {}", certificate.subject));
                Err(Failure::failed("its certificate isn't trusted").because(format!("{why}{shown}")))
            }
        }
    };
    let answer = answer.await;
    Ok(Reached { host, addresses, answer })
}

async fn resolve(host: &str, port: u16) -> Vec<IpAddr> {
    let found = tokio::time::timeout(LOOK, tokio::net::lookup_host((host, port))).await;
    let mut addresses: Vec<_> = found.ok().and_then(std::result::Result::ok).into_iter().flatten().map(|address| address.ip()).collect();
    addresses.dedup();
    addresses
}

async fn connect(addresses: &[IpAddr], port: u16) -> Result<TcpStream> {
    let first = addresses.first().ok_or_else(|| Failure::failed("it has no address"))?;
    crate::verify::connect(SocketAddr::from((*first, port)), LOOK).await
}
