//! The certificates as the management cluster has them: whether they are any good, and the files made of them. All that is wrong is
//! said at once.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use rustls::RootCertStore;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::aws_lc_rs::sign;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;

use crate::verify::tls::Certificate;
use crate::verify::trust;

/// What an expiring certificate is told ahead.
pub const SOON: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What pods call the API server, whatever the cluster's domain.
const NAMES: [&str; 4] = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "127.0.0.1"];

/// What the secrets hold.
pub struct Given<'a> {
    pub authority: &'a [u8],
    pub certificate: &'a [u8],
    pub key: &'a [u8],
    /// Of the Service `kubernetes` in the hosted cluster, where it is known: pods are told this address.
    pub service_ip: Option<IpAddr>,
}

/// Certificates that go together. No output shows the key.
#[derive(Clone)]
pub struct Material {
    pub authority: String,
    pub authority_sha256: String,
    /// Certificates and key, as HAProxy reads them.
    pub server: String,
    pub server_sha256: String,
    pub leaf: Certificate,
    pub leaf_sha256: String,
    pub roots: Arc<RootCertStore>,
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Material").field("leaf", &self.leaf).field("server_sha256", &self.server_sha256).finish_non_exhaustive()
    }
}

/// # Errors
/// All that is wrong, a sentence each.
pub fn check(given: &Given<'_>, now: UnixTime) -> Result<Material, Vec<String>> {
    let authorities = certificates(given.authority, "the authority's certificate")?;
    let chain = certificates(given.certificate, "the sidecar's certificate")?;
    let key = PrivateKeyDer::from_pem_slice(given.key).map_err(|_| vec!["the sidecar's key is no private key in PEM".to_owned()])?;
    let leaf = Certificate::of(&chain[0]).map_err(|error| vec![format!("the sidecar's certificate can't be read: {error}")])?;
    let mut roots = RootCertStore::empty();
    let mut wrong = Vec::new();
    for authority in &authorities {
        if let Err(error) = roots.add(authority.clone()) {
            wrong.push(format!("the authority's certificate can't be used: {error}"));
        }
    }
    let fits = sign::any_supported_type(&key).map(|key| CertifiedKey::new(chain.clone(), key).keys_match());
    match fits {
        Ok(Ok(())) => {}
        Ok(Err(_)) => wrong.push("the sidecar's key is not that of its certificate".to_owned()),
        Err(error) => wrong.push(format!("the sidecar's key is of a kind that can't be used: {error}")),
    }
    let roots = Arc::new(roots);
    wrong.extend(distrust(&roots, &chain, given.service_ip, now));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let authority = lines(given.authority);
    let server = lines(given.certificate) + &lines(given.key);
    Ok(Material {
        authority_sha256: sha256(authority.as_bytes()),
        server_sha256: sha256(server.as_bytes()),
        leaf_sha256: sha256(&chain[0]),
        authority,
        server,
        leaf,
        roots,
    })
}

/// Each reason once, with the names that it is for.
fn distrust(roots: &Arc<RootCertStore>, chain: &[CertificateDer<'static>], service_ip: Option<IpAddr>, now: UnixTime) -> Vec<String> {
    let verifier = match trust::verifier(Arc::clone(roots)) {
        Ok(verifier) => verifier,
        Err(error) => return vec![format!("the authority's certificate is no use: {error}")],
    };
    let names = NAMES.into_iter().map(str::to_owned).chain(service_ip.map(|ip| ip.to_string()));
    let mut missing = Vec::new();
    for name in names {
        let Ok(server) = ServerName::try_from(name.clone()) else { continue };
        let Err(error) = verifier.verify_server_cert(&chain[0], &chain[1..], &server, &[], now) else { continue };
        if !trust::is_about_names(&error) {
            return vec![format!(
                "the sidecar's certificate isn't trusted by pods: {}",
                trust::why(error, "the cluster's authority has not issued it")
            )];
        }
        let what = if service_ip.is_some_and(|ip| ip.to_string() == name) { format!("{name} (the Service kubernetes)") } else { name };
        missing.push(what);
    }
    if missing.is_empty() { Vec::new() } else { vec![format!("the sidecar's certificate is not for {}", missing.join(", "))] }
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, Vec<String>> {
    match CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>() {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(vec![format!("{what} is no certificate in PEM")]),
    }
}

/// Two files follow each other in one, so each ends with its line.
fn lines(pem: &[u8]) -> String {
    String::from_utf8_lossy(pem).trim_end().to_owned() + "\n"
}

/// In hexadecimal, as sha256sum says it.
pub fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
