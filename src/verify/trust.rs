//! Whether this machine would trust a chain of certificates for a name.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};

/// Why the chain (the server's own certificate first) isn't trusted for `name`; None when it is.
pub(super) fn distrust(chain: &[CertificateDer<'_>], name: &ServerName<'_>) -> Option<String> {
    let (own, intermediates) = chain.split_first()?;
    let verifier = match verifier() {
        Ok(verifier) => verifier,
        Err(why) => return Some(why),
    };
    let error = verifier.verify_server_cert(own, intermediates, name, &[], UnixTime::now()).err()?;
    Some(match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => "no certificate authority of this machine has issued it".to_owned(),
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => "it has expired".to_owned(),
        Error::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            "it is not valid yet".to_owned()
        }
        Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }) => {
            "it is for other names".to_owned()
        }
        other => other.to_string(),
    })
}

/// The system's authorities, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, read once.
pub(super) fn roots() -> Arc<RootCertStore> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    ROOTS
        .get_or_init(|| {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            Arc::new(roots)
        })
        .clone()
}

fn verifier() -> Result<Arc<WebPkiServerVerifier>, String> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let none = |error| format!("this machine has no certificate authorities to check it with ({error})");
    WebPkiServerVerifier::builder_with_provider(roots(), provider).build().map_err(none)
}
