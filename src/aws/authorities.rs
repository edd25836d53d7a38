//! The certificate authorities of this machine, without which the SDK can't make a connection, and panics.

use crate::failure::{Failure, Result};

/// # Errors
/// When there is none, as in a container image without the package `ca-certificates`.
pub(super) fn check() -> Result<()> {
    let found = rustls_native_certs::load_native_certs();
    if !found.certs.is_empty() {
        return Ok(());
    }
    let problems: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
    let cause = if problems.is_empty() { "the system has none".to_owned() } else { problems.join("; ") };
    Err(Failure::failed("no certificate authorities are known here, so AWS can't be trusted")
        .because(cause)
        .state("nothing was changed")
        .next("install the package `ca-certificates`, or point SSL_CERT_FILE to a file with authorities"))
}
