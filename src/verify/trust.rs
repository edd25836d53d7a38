//! Whether this machine would trust a chain of certificates for a name.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};

/// Why the chain (the server's own certificate first) isn't trusted for `name`; None when it is.
pub fn distrust(chain: &[CertificateDer<'_>], name: &ServerName<'_>) -> Option<String> {
    let (own, intermediates) = chain.split_first()?;
    let verifier = match verifier(roots()) {
        Ok(verifier) => verifier,
        Err(error) => return Some(format!("this machine has no certificate authorities to check it with ({error})")),
    };
    let error = verifier.verify_server_cert(own, intermediates, name, &[], UnixTime::now()).err()?;
    Some(why(error, "no certificate authority of this machine has issued it"))
}

/// The same by other authorities.
pub fn distrust_by(roots: &Arc<RootCertStore>, chain: &[CertificateDer<'_>], name: &str, unknown_issuer: &str) -> Option<String> {
    let (own, intermediates) = chain.split_first()?;
    let Ok(server) = ServerName::try_from(name) else { return Some(format!("{name:?} is no server name")) };
    let verifier = match verifier(Arc::clone(roots)) {
        Ok(verifier) => verifier,
        Err(error) => return Some(error),
    };
    let error = verifier.verify_server_cert(own, intermediates, &server, &[], UnixTime::now()).err()?;
    Some(why(error, unknown_issuer))
}

/// `unknown_issuer` says it for the authorities that were asked.
pub fn why(error: Error, unknown_issuer: &str) -> String {
    match error {
        // A bad signature is that of another authority of the same name.
        Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => unknown_issuer.to_owned(),
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => "it has expired".to_owned(),
        Error::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            "it is not valid yet".to_owned()
        }
        Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) => {
            "it is for other names".to_owned()
        }
        // As `openssl req -x509` makes them.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "it is an authority's own, as most that are self-signed, which no server may show".to_owned()
        }
        other => other.to_string(),
    }
}

pub fn is_about_names(error: &Error) -> bool {
    matches!(error, Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }))
}

/// The system's authorities, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, read once.
pub fn roots() -> Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    ROOTS
        .get_or_init(|| {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            Arc::new(roots)
        })
        .clone()
}

pub fn verifier(roots: Arc<RootCertStore>) -> Result<Arc<WebPkiServerVerifier>, String> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    WebPkiServerVerifier::builder_with_provider(roots, provider).build().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};

    use super::*;

    #[test]
    fn a_self_signed_certificate_is_told_in_words() {
        let key = KeyPair::generate().expect("a key");
        let name = "app.example.com";
        let reason = |is_ca| {
            let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
            params.is_ca = is_ca;
            let own = params.self_signed(&key).expect("a certificate");
            let mut roots = RootCertStore::empty();
            let other =
                CertificateParams::new([]).expect("no name").self_signed(&KeyPair::generate().expect("a key")).expect("a certificate");
            roots.add(other.der().clone()).expect("an authority");
            distrust_by(&Arc::new(roots), &[own.der().clone()], name, "nobody knows its issuer").expect("a reason")
        };
        assert_eq!(reason(IsCa::NoCa), "nobody knows its issuer");
        assert!(reason(IsCa::Ca(BasicConstraints::Unconstrained)).contains("self-signed"));
    }
}
