//! Why a call failed, in a few classes that decide what happens next. The `Display` of SDK errors says no more than
//! "service error" or "dispatch failure", so code, message and sources are read here.

use std::error::Error;
use std::fmt;
use std::io;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    pub kind: CauseKind,
    /// AWS' error code (`UnauthorizedOperation`); None when no answer was read.
    pub code: Option<String>,
    pub message: String,
    pub request_id: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CauseKind {
    /// Too many calls; this one wasn't performed.
    Throttled,
    /// The identity may not do this.
    Denied,
    ExpiredCredentials,
    /// AWS doesn't know these credentials, or the signature doesn't fit.
    InvalidCredentials,
    NotFound,
    /// No connection stood, so this attempt wasn't performed.
    Unreachable,
    /// Sent, but the outcome is unknown: no answer in time, a broken connection, a 5xx answer.
    Unclear,
    /// A clear no for another reason.
    Other,
}

const THROTTLED: [&str; 6] = [
    "RequestLimitExceeded",
    "EC2ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "PriorRequestNotComplete",
];
const DENIED: [&str; 3] = ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"];
const EXPIRED: [&str; 3] = ["RequestExpired", "ExpiredToken", "ExpiredTokenException"];
const INVALID: [&str; 6] = [
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "InvalidSignatureException",
    "RequestTimeTooSkewed",
];

impl Cause {
    /// Reads an error of any AWS service.
    pub fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let status = error.raw_response().map(|response| response.status().as_u16());
        match error {
            SdkError::ServiceError(context) => {
                let code = context.err().code().map(str::to_owned);
                let message = context.err().message().map_or_else(|| without_answer(status), str::to_owned);
                Self { kind: classify(code.as_deref(), &message, status), code, message, request_id: error.request_id().map(str::to_owned) }
            }
            // An answer that can't be read leaves the outcome open, whatever its status.
            SdkError::ResponseError(_) => Self {
                kind: CauseKind::Unclear,
                code: None,
                message: format!("{}: {}", without_answer(status), chain_text(error)),
                request_id: error.request_id().map(str::to_owned),
            },
            _ => Self { kind: classify_unanswered(error), code: None, message: chain_text(error), request_id: None },
        }
    }

    pub fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = &self.code {
            write!(f, "{code}: ")?;
        }
        // EC2 appends some hundred characters that only DecodeAuthorizationMessage can read.
        let readable = self.message.split(" Encoded authorization failure message:").next().unwrap_or_default();
        f.write_str(readable.trim())?;
        if let Some(id) = &self.request_id {
            write!(f, " (request id {id})")?;
        }
        Ok(())
    }
}

fn without_answer(status: Option<u16>) -> String {
    status.map_or_else(|| "an answer that can't be read".to_owned(), |status| format!("HTTP status {status} without a readable error"))
}

fn classify(code: Option<&str>, message: &str, status: Option<u16>) -> CauseKind {
    let code = code.unwrap_or_default();
    if THROTTLED.contains(&code) || status == Some(429) {
        CauseKind::Throttled
    } else if DENIED.contains(&code) {
        CauseKind::Denied
    } else if EXPIRED.contains(&code) {
        CauseKind::ExpiredCredentials
    } else if INVALID.contains(&code) || code == "AuthFailure" && message.contains("credentials") {
        // AuthFailure without that word is about a resource of another account.
        CauseKind::InvalidCredentials
    } else if code.ends_with(".NotFound") || code.starts_with("NoSuch") {
        CauseKind::NotFound
    } else if status.is_some_and(|status| status >= 500) {
        CauseKind::Unclear
    } else {
        CauseKind::Other
    }
}

fn classify_unanswered<E>(error: &SdkError<E, HttpResponse>) -> CauseKind
where
    E: Error + 'static,
{
    if find_source::<CredentialsError>(error).is_some() {
        return CauseKind::ExpiredCredentials;
    }
    let refused = find_source::<io::Error>(error).is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    match error {
        SdkError::ConstructionFailure(_) => CauseKind::Other,
        SdkError::DispatchFailure(_) if refused => CauseKind::Unreachable,
        SdkError::DispatchFailure(_) => {
            // The only trace of a name that doesn't resolve, or of a connection that never stood, is in the text.
            let text = chain_text(error);
            if text.contains("dns error") || text.contains("HTTP connect timeout") { CauseKind::Unreachable } else { CauseKind::Unclear }
        }
        _ => CauseKind::Unclear,
    }
}

/// An error and its sources, outermost first.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// The first error of type `T` among an error and its sources.
pub(super) fn find_source<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref::<T>())
}

/// The messages of an error and its sources, outermost first, without those that say nothing and without repetitions.
pub(super) fn chain_text(error: &(dyn Error + 'static)) -> String {
    const EMPTY: [&str; 11] = [
        "dispatch failure",
        "service error",
        "response error",
        "unhandled error",
        "error",
        "other",
        "io error",
        "timeout",
        "request has timed out",
        "client error (Connect)",
        "client error (SendRequest)",
    ];
    let mut parts: Vec<String> = Vec::new();
    for error in chain(error) {
        // Some messages span lines.
        let text = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let said = parts.last().is_some_and(|last| last.contains(&text));
        if !said && !EMPTY.contains(&text.as_str()) {
            parts.push(text);
        }
    }
    if parts.is_empty() { error.to_string() } else { parts.join(": ") }
}
