//! One request from its head to the end of its answer: counted, and a line of the access log. Headers and queries never get
//! there, and with them no token.

use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use hyper::header::USER_AGENT;
use hyper::{Request, StatusCode, Version};
use serde::Serialize;

use super::metrics::Metrics;
use super::request_info::RequestInfo;
use crate::failure::{Failure, Result};
use crate::output;

/// Where lines go.
pub enum AccessLog {
    None,
    Stdout,
    File(Mutex<File>),
}

impl AccessLog {
    /// `-` is standard output.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self::None) };
        if path == Path::new("-") {
            return Ok(Self::Stdout);
        }
        let file = File::options().create(true).append(true).open(path).map_err(|error| {
            Failure::usage(format!("the access log {} can't be written", path.display())).because(error).state("nothing was begun")
        })?;
        Ok(Self::File(Mutex::new(file)))
    }

    fn write(&self, line: &str) {
        match self {
            Self::None => {}
            Self::Stdout => output::stdout(line),
            // A full disk must not end requests.
            Self::File(file) => drop(file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes())),
        }
    }
}

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Complete,
    /// The client went away.
    Cancelled,
    /// The API server, or the way to it, broke off.
    UpstreamError,
    /// The proxy ends.
    Drained,
    /// The connection went over to another protocol; the line comes at its end.
    Upgraded,
}

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    client: SocketAddr,
    protocol: &'static str,
    method: &'a str,
    path: &'a str,
    verb: &'static str,
    resource: &'a str,
    user_agent: &'a str,
    status: Option<u16>,
    outcome: Outcome,
    bytes: u64,
    milliseconds: u64,
}

/// What is watched of one request. Dropped without an end, its client has gone away.
pub struct Record {
    metrics: Arc<Metrics>,
    log: Arc<AccessLog>,
    pub info: RequestInfo,
    client: SocketAddr,
    protocol: &'static str,
    method: String,
    path: String,
    user_agent: String,
    begun: (Instant, SystemTime),
    status: Option<StatusCode>,
    pub bytes: u64,
    ended: bool,
}

impl Record {
    pub fn begin<B>(metrics: Arc<Metrics>, log: Arc<AccessLog>, client: SocketAddr, request: &Request<B>) -> Self {
        let info = RequestInfo::of(request.method(), request.uri());
        metrics.begun(&info);
        let agent = request.headers().get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Self {
            metrics,
            log,
            info,
            client,
            protocol: if request.version() == Version::HTTP_2 { "HTTP/2" } else { "HTTP/1.1" },
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            user_agent: agent.chars().take(200).collect(),
            begun: (Instant::now(), SystemTime::now()),
            status: None,
            bytes: 0,
            ended: false,
        }
    }

    pub fn answered(&mut self, status: StatusCode) {
        self.status = Some(status);
        self.metrics.answered(status.as_u16());
    }

    pub fn upstream_error(&self, reason: &str) {
        self.metrics.upstream_error(reason);
    }

    pub fn end(&mut self, outcome: Outcome) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let took = self.begun.0.elapsed();
        self.metrics.ended(&self.info, took);
        if matches!(*self.log, AccessLog::None) {
            return;
        }
        let line = Line {
            time: humantime::format_rfc3339_millis(self.begun.1).to_string(),
            client: self.client,
            protocol: self.protocol,
            method: &self.method,
            path: &self.path,
            verb: self.info.verb,
            resource: &self.info.resource,
            user_agent: &self.user_agent,
            status: self.status.map(|status| status.as_u16()),
            outcome,
            bytes: self.bytes,
            milliseconds: took.as_millis().try_into().unwrap_or(u64::MAX),
        };
        // Strings and numbers always serialize.
        self.log.write(&serde_json::to_string(&line).map(|line| line + "\n").unwrap_or_default());
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        self.end(Outcome::Cancelled);
    }
}
