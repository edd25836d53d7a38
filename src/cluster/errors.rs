//! Why the API server gave no answer, or no client could be made, as the operator reads it.

use std::error::Error;
use std::io;

use kube::client::AuthError;

use crate::failure::Failure;

/// Why there was no answer of the API server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// Nothing was sent.
    Unreachable,
    /// The name doesn't resolve; nothing was sent.
    NoName,
    /// The server's certificate isn't trusted; nothing was sent.
    Certificate,
    /// No credentials could be had; nothing was sent.
    Credentials,
    /// Sent, and then silence, a broken connection or something that isn't Kubernetes.
    Unclear,
}

pub(super) fn no_answer(error: &kube::Error) -> NoAnswer {
    if matches!(error, kube::Error::Auth(_)) || find::<AuthError>(error).is_some() {
        return NoAnswer::Credentials;
    }
    let text = text(error);
    let kind = find::<io::Error>(error).map(io::Error::kind);
    if find::<rustls::Error>(error).is_some() || text.contains("invalid peer certificate") {
        NoAnswer::Certificate
    } else if text.contains("dns error") {
        NoAnswer::NoName
    } else if text.contains("client error (Connect)") || matches!(kind, Some(io::ErrorKind::ConnectionRefused)) {
        NoAnswer::Unreachable
    } else {
        NoAnswer::Unclear
    }
}

/// The client could not be made.
pub(super) fn no_client(error: &kube::Error) -> Failure {
    let auth = match error {
        kube::Error::Auth(auth) => Some(auth),
        other => find::<AuthError>(other),
    };
    let failure = match auth {
        Some(auth) => Failure::failed("there are no credentials for the API server").because(auth_cause(auth)),
        None => Failure::failed("the kubeconfig can't be used").because(text(error)),
    };
    failure.state("nothing was touched").next("see whether `kubectl get namespaces` works with the same kubeconfig and context")
}

pub(super) fn no_credentials_in_time() -> Failure {
    Failure::failed("there are no credentials for the API server")
        .because("the kubeconfig's credential plugin has not ended")
        .after(super::deadlines::CREDENTIALS)
        .state("nothing was touched; the plugin may still be running")
        .next("run the plugin by hand, or see whether `kubectl get namespaces` works")
}

/// Never what a plugin printed on stdout, nor its arguments: there may be a token in it.
fn auth_cause(error: &AuthError) -> String {
    match error {
        AuthError::AuthExecRun { out, .. } => {
            let said = String::from_utf8_lossy(&out.stderr);
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            format!("the kubeconfig's credential plugin ended with {}{}{said}", out.status, if said.is_empty() { "" } else { ": " })
        }
        AuthError::AuthExecStart(error) => format!("the kubeconfig's credential plugin can't be run: {error}"),
        AuthError::AuthExecParse(_) => "the kubeconfig's credential plugin printed no credentials".to_owned(),
        other => other.to_string(),
    }
}

pub(super) fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref::<T>())
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// The messages of an error and its sources, outermost first, without repetitions.
pub(super) fn text(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for error in chain(error) {
        let text = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
}
