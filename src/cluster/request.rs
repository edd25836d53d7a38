//! One request to the API server: its attempts, its deadline, and what the operator hears of it when it fails.

use std::time::{Duration, Instant};

use kube::core::Status;

use super::deadlines::{ATTEMPTS, PAUSE, REQUEST};
use super::errors::{self, NoAnswer};
use crate::failure::{Failure, Kind, Result};
use crate::proxies;

/// A request that is under way: which verb, on what, where, since when.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// As RBAC spells it: `patch`.
    verb: &'static str,
    /// As RBAC spells it: `ingresses.networking.k8s.io`.
    resource: &'static str,
    /// None for all namespaces, and for what is in none.
    namespace: Option<String>,
    name: Option<String>,
    server: String,
    started: Instant,
}

/// How a request failed.
pub(super) enum Refusal {
    /// Somebody else changed the object in between, or owns the field; nothing was written.
    Conflict(String),
    Other(Failure),
}

impl Request {
    pub(super) fn new(verb: &'static str, resource: &'static str, server: &str) -> Self {
        Self { verb, resource, namespace: None, name: None, server: server.to_owned(), started: Instant::now() }
    }

    pub(super) fn in_namespace(mut self, namespace: Option<&str>) -> Self {
        self.namespace = namespace.map(str::to_owned);
        self
    }

    pub(super) fn named(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Asks, again if the server was too busy for it (such a request wasn't performed), and not for ever.
    pub(super) async fn ask<T>(&self, attempt: impl AsyncFn() -> kube::Result<T>) -> Result<T> {
        match self.try_ask(attempt).await {
            Ok(answer) => Ok(answer),
            Err(Refusal::Other(failure)) => Err(failure),
            Err(Refusal::Conflict(message)) => Err(self.failure("met a change by somebody else").because(message).state(self.refused())),
        }
    }

    /// The same for writes that may meet those of others.
    pub(super) async fn try_ask<T>(&self, attempt: impl AsyncFn() -> kube::Result<T>) -> Result<T, Refusal> {
        let attempts = async {
            let mut pause = PAUSE;
            for _ in 1..ATTEMPTS {
                match attempt().await {
                    Err(kube::Error::Api(status)) if matches!(status.code, 429 | 503 | 504) => {
                        tokio::time::sleep(pause.mul_f64(0.5 + fastrand::f64())).await;
                        pause *= 2;
                    }
                    other => return other,
                }
            }
            attempt().await
        };
        match tokio::time::timeout(REQUEST, attempts).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(kube::Error::Api(status))) if status.is_conflict() => Err(Refusal::Conflict(status.message)),
            Ok(Err(error)) => Err(Refusal::Other(self.failed(&error))),
            Err(_) => Err(Refusal::Other(self.silent("there was no answer"))),
        }
    }

    pub(super) fn failed(&self, error: &kube::Error) -> Failure {
        if let kube::Error::Api(status) = error {
            return self.answered(status);
        }
        let cause = errors::text(error);
        match errors::no_answer(error) {
            NoAnswer::Credentials => errors::no_client(error),
            NoAnswer::NoName => self.unreached(cause).next("check the name in the kubeconfig, and DNS on this machine"),
            NoAnswer::Unreachable => {
                let advice = proxies::advice(&cause);
                let advice =
                    advice.unwrap_or_else(|| "check whether the node runs, and whether its API may be reached from here".to_owned());
                self.unreached(cause).next(advice)
            }
            NoAnswer::Certificate => self
                .unreached(cause)
                .next("check that the kubeconfig is this cluster's: `kops export kubeconfig --admin` writes a fresh one")
                .next("`k8sport diagnose` says who answers on port 443 of the node"),
            NoAnswer::Unclear => self.silent(cause),
        }
    }

    fn answered(&self, status: &Status) -> Failure {
        let failure = match status.code {
            401 => self
                .failure("failed: the API server doesn't know these credentials")
                .next("get fresh ones: `kops export kubeconfig --admin`, or sign on again"),
            403 => self.failure("is not allowed").missing(self.permission()).next(self.grant()),
            404 if self.name.is_some() => self.failure("failed: there is no such object"),
            404 => self.failure("failed: the API server doesn't have this kind of object"),
            _ => self.failure("failed"),
        };
        failure.because(&status.message).state(self.refused())
    }

    fn unreached(&self, cause: String) -> Failure {
        let what = format!("the API server {} can't be reached to {}", self.server, self.what());
        self.waited(Failure::failed(what)).because(cause).state("nothing was changed by this request")
    }

    pub(super) fn silent(&self, cause: impl std::fmt::Display) -> Failure {
        let state =
            if self.writes() { "it is not known whether this change was made" } else { "this request only reads; it changed nothing" };
        self.failure("got no answer that can be used")
            .because(format!("{}: {cause}", self.server))
            .state(state)
            .next("run the same command again: it reads what is there and goes on from that")
    }

    fn failure(&self, how: &str) -> Failure {
        self.waited(Failure::failed(format!("{} {how}", self.what())))
    }

    /// A no that came at once was not waited for.
    fn waited(&self, failure: Failure) -> Failure {
        debug_assert_eq!(failure.kind, Kind::Failed);
        let waited = self.started.elapsed();
        if waited < Duration::from_secs(1) { failure } else { failure.after(waited) }
    }

    fn writes(&self) -> bool {
        !matches!(self.verb, "get" | "list" | "watch")
    }

    fn refused(&self) -> &'static str {
        if self.writes() { "the API server refused this change; it was not made" } else { "this request only reads; it changed nothing" }
    }

    fn what(&self) -> String {
        let name = self.name.as_ref().map(|name| format!("/{name}")).unwrap_or_default();
        let place = self.namespace.as_ref().map(|namespace| format!(" in namespace {namespace}")).unwrap_or_default();
        format!("{} {}{name}{place}", self.verb, self.resource)
    }

    fn permission(&self) -> String {
        let place = self.namespace.as_ref().map(|namespace| format!(" in namespace {namespace}")).unwrap_or_default();
        format!("{} {}{place}", self.verb, self.resource)
    }

    /// The smallest role with what was denied.
    fn grant(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!(
                "grant it: `kubectl -n {namespace} create role k8sport-{0} --verb={0} --resource={1}`, then \
                 `kubectl -n {namespace} create rolebinding k8sport-{0} --role=k8sport-{0} --user=NAME`",
                self.verb, self.resource
            ),
            None => format!(
                "grant it: `kubectl create clusterrole k8sport-{0} --verb={0} --resource={1}`, then \
                 `kubectl create clusterrolebinding k8sport-{0} --clusterrole=k8sport-{0} --user=NAME`",
                self.verb, self.resource
            ),
        }
    }
}
