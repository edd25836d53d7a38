//! The certificate authority of one proxy, and the certificate that it serves with.

use std::fmt;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, NameConstraints, SanType,
};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::BoxError;
use crate::failure::{Failure, Result};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Clients hold on to the authority for as long as they run.
const AUTHORITY_LIFE: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);
const CERTIFICATE_LIFE: Duration = Duration::from_secs(90 * 24 * 60 * 60);
/// Then the next one is made.
const RENEW_AFTER: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What clients in a pod call the API server, besides its address.
const NAMES: [&str; 5] =
    ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];

pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// PEM, for those who shall trust it.
    pub certificate: String,
}

impl Authority {
    /// A new one that lives as long as this process.
    pub fn new() -> Result<Self> {
        Self::make().map(|(authority, _)| authority).map_err(|error| unmade(&error))
    }

    /// The one that is kept in this folder; made there if there is none. Clients read their authorities once, so it has to
    /// outlive a restart of the proxy beside them.
    pub fn kept_in(folder: &Path) -> Result<Self> {
        let file = folder.join("authority.pem");
        let wrong = |error: &dyn fmt::Display| {
            Failure::failed(format!("the proxy's certificate authority can't be kept in {}", file.display()))
                .because(error)
                .next("name a folder that only the proxy can read with `--state-dir`, or leave the option out")
        };
        match fs::read_to_string(&file) {
            Ok(text) => return Self::read(&text).map_err(|error| wrong(&error)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(wrong(&error)),
        }
        let (authority, key) = Self::make().map_err(|error| unmade(&error))?;
        let written = fs::create_dir_all(folder)
            .and_then(|()| fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file))
            .and_then(|mut file| std::io::Write::write_all(&mut file, format!("{key}{}", authority.certificate).as_bytes()));
        written.map_err(|error| wrong(&error))?;
        Ok(authority)
    }

    fn read(text: &str) -> Result<Self, BoxError> {
        let from = text.find("-----BEGIN CERTIFICATE-----").ok_or("there is no certificate in it")?;
        let certificate = text[from..].to_owned();
        Ok(Self { issuer: Issuer::new(Self::params(), KeyPair::from_pem(&text[..from])?), certificate })
    }

    fn make() -> Result<(Self, String), rcgen::Error> {
        let (key, params) = (KeyPair::generate()?, Self::params());
        let certificate = params.self_signed(&key)?.pem();
        let kept = key.serialize_pem();
        Ok((Self { issuer: Issuer::new(params, key), certificate }, kept))
    }

    fn params() -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "k8sport api-proxy");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let ip = [CidrSubnet::V4(Ipv4Addr::LOCALHOST.octets(), [255; 4]), CidrSubnet::V6(Ipv6Addr::LOCALHOST.octets(), [255; 16])];
        let names = NAMES.map(|name| GeneralSubtree::DnsName(name.to_owned()));
        // Whoever trusts it, trusts it for this machine alone.
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: ip.map(GeneralSubtree::IpAddress).into_iter().chain(names).collect(),
            excluded_subtrees: Vec::new(),
        });
        let now = SystemTime::now();
        (params.not_before, params.not_after) = ((now - DAY).into(), (now + AUTHORITY_LIFE).into());
        params
    }

    fn certify(&self) -> Result<CertifiedKey, BoxError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(NAMES.map(str::to_owned).to_vec())?;
        params.subject_alt_names.push(SanType::IpAddress(Ipv4Addr::LOCALHOST.into()));
        params.subject_alt_names.push(SanType::IpAddress(Ipv6Addr::LOCALHOST.into()));
        params.distinguished_name.push(DnType::CommonName, "k8sport api-proxy on this machine");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let now = SystemTime::now();
        (params.not_before, params.not_after) = ((now - DAY).into(), (now + CERTIFICATE_LIFE).into());
        let certificate = params.signed_by(&key, &self.issuer)?;
        let key = rustls::crypto::aws_lc_rs::sign::any_supported_type(&PrivatePkcs8KeyDer::from(key.serialize_der()).into())?;
        Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
    }

    /// TLS for a server that clients reach on this machine.
    pub fn server(self) -> Result<ServerConfig> {
        let current = self.certify().map_err(|error| unmade(&error))?;
        let certificates = Certificates { authority: self, current: Mutex::new((SystemTime::now(), Arc::new(current))) };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| unmade(&error))?.with_no_client_auth();
        let mut config = config.with_cert_resolver(Arc::new(certificates));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn unmade(error: &dyn fmt::Display) -> Failure {
    Failure::failed("the proxy's certificate can't be made").because(error)
}

/// The certificate that is served, made anew when it has been in use for long.
struct Certificates {
    authority: Authority,
    current: Mutex<(SystemTime, Arc<CertifiedKey>)>,
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificates")
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0.elapsed().is_ok_and(|age| age > RENEW_AFTER)
            && let Ok(next) = self.authority.certify()
        {
            *current = (SystemTime::now(), Arc::new(next));
        }
        Some(Arc::clone(&current.1))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier as _;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

    use super::*;

    fn trusts(authority: &Authority, served: &CertifiedKey, name: &str) -> bool {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(authority.certificate.as_bytes()).expect("PEM")).expect("a root");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().expect("a verifier");
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        verifier.verify_server_cert(&served.cert[0], &[], &name, &[], UnixTime::now()).is_ok()
    }

    #[test]
    fn what_it_serves_with_is_trusted_for_this_machine_and_for_nothing_else() {
        let authority = Authority::new().expect("an authority");
        let served = authority.certify().expect("a certificate");
        for name in ["127.0.0.1", "::1", "localhost", "kubernetes.default.svc"] {
            assert!(trusts(&authority, &served, name), "{name}");
        }
        for name in ["127.0.0.2", "api.example.com"] {
            assert!(!trusts(&authority, &served, name), "{name}");
        }
        assert!(!trusts(&Authority::new().expect("another"), &served, "localhost"));
    }

    #[test]
    fn one_that_is_kept_is_the_same_after_a_restart_and_nobody_else_can_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Authority::kept_in(folder.path()).expect("an authority");
        let second = Authority::kept_in(folder.path()).expect("an authority");
        assert_eq!(first.certificate, second.certificate);
        assert!(trusts(&first, &second.certify().expect("a certificate"), "127.0.0.1"));
        let file = folder.path().join("authority.pem");
        assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
        fs::write(&file, "nothing").expect("written");
        assert!(Authority::kept_in(folder.path()).is_err());
    }
}
