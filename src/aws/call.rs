//! One call to AWS as the operator hears of it when it fails.

use std::error::Error;
use std::fmt::Display;
use std::time::{Duration, Instant};

use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::cause::{Cause, CauseKind};
use crate::failure::Failure;
use crate::proxies;

/// A call that is under way: which action, on what, since when.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// As IAM spells it: `ec2:AllocateAddress`.
    action: &'static str,
    resource: String,
    writes: bool,
    started: Instant,
}

impl Call {
    pub(super) fn read(action: &'static str, resource: impl Into<String>) -> Self {
        Self { action, resource: resource.into(), writes: false, started: Instant::now() }
    }

    pub(super) fn write(action: &'static str, resource: impl Into<String>) -> Self {
        Self { action, resource: resource.into(), writes: true, started: Instant::now() }
    }

    /// The failure that an SDK error of this call amounts to.
    pub(super) fn failed<E>(&self, error: &SdkError<E, HttpResponse>) -> Failure
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        self.failure(&Cause::of(error))
    }

    pub(super) fn failure(&self, cause: &Cause) -> Failure {
        let what = match cause.kind {
            CauseKind::Unclear if cause.code.is_none() => format!("{} for {} got no answer that can be used", self.action, self.resource),
            CauseKind::Denied => format!("{} for {} is not allowed", self.action, self.resource),
            _ => format!("{} for {} failed", self.action, self.resource),
        };
        let failure = self.waited(Failure::failed(what).because(cause)).state(self.state(cause.kind));
        let failure = self.next(cause).into_iter().fold(failure, Failure::next);
        if cause.kind == CauseKind::Denied { failure.missing(self.missing(cause)) } else { failure }
    }

    /// An answer came, but not what the API promises.
    pub(super) fn malformed(&self, detail: impl Display) -> Failure {
        Failure::failed(format!("{} for {} was answered with something unexpected", self.action, self.resource)).because(detail)
    }

    /// A no that came at once was not waited for.
    fn waited(&self, failure: Failure) -> Failure {
        let waited = self.started.elapsed();
        if waited < Duration::from_secs(1) { failure } else { failure.after(waited) }
    }

    fn state(&self, kind: CauseKind) -> &'static str {
        match kind {
            _ if !self.writes => "this call only reads; it changed nothing",
            // Attempts before the last one may have got through.
            CauseKind::Unclear | CauseKind::Unreachable => "it is not known whether AWS made this change",
            _ => "AWS refused this change; it was not made",
        }
    }

    fn next(&self, cause: &Cause) -> Vec<String> {
        match cause.kind {
            CauseKind::Throttled => vec!["wait a minute, then run the same command again".into()],
            CauseKind::Denied => vec![format!("allow {} for this identity", self.missing(cause))],
            CauseKind::ExpiredCredentials => {
                vec![
                    "get fresh credentials (`aws sso login`, `aws login` or new keys), then run the same command again".into(),
                    "if they are fresh, check the clock of this machine".into(),
                ]
            }
            CauseKind::InvalidCredentials => {
                vec!["check the credentials with `aws sts get-caller-identity`, and the clock of this machine".into()]
            }
            CauseKind::Unreachable => vec![
                proxies::advice(&cause.message)
                    .unwrap_or_else(|| "check the network of this machine, its DNS and whether the region exists".to_owned()),
            ],
            CauseKind::Unclear | CauseKind::NotFound => {
                vec!["run the same command again: it reads what is there and goes on from that".into()]
            }
            CauseKind::Other => Vec::new(),
        }
    }
}

impl Call {
    fn missing<'a>(&self, cause: &'a Cause) -> &'a str {
        missing_action(&cause.message).unwrap_or(self.action)
    }
}

/// The action that AWS says is missing; not always the one called (tags at creation need `ec2:CreateTags`).
fn missing_action(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("not authorized to perform: ")?;
    rest.split_whitespace().next().filter(|action| action.contains(':'))
}
