//! The result of `diagnose`: where, what was found, and what that means.

use std::net::Ipv4Addr;
use std::time::Duration;

use serde::Serialize;

use super::{Facts, Finding, Repair, Status, k0smotron, vip};
use crate::failure::Failure;
use crate::names::{DnsName, InstanceId};
use crate::plan::observed::Account;
use crate::plan::vip::decision::Decision;

/// What was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Subject {
    Cluster(Place),
    K0smotron(k0smotron::Place),
    Vip(vip::Place),
}

/// What all findings together come to, where that is more than each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conclusion {
    /// Sentences.
    pub explanation: Vec<String>,
    pub decision: Vec<Decision>,
}

/// Where was looked, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    pub cluster: DnsName,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<DnsName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<InstanceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_ip: Option<Ipv4Addr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_ip: Option<Ipv4Addr>,
}

/// How much of it is shown as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// A line a finding, for chat.
    Short,
    /// What is wrong, and a line for each category that is fine.
    Findings,
    /// Every check.
    All,
}

impl Detail {
    /// By `--short` and the number of `-v`.
    pub fn of(short: bool, verbose: u8) -> Self {
        match (short, verbose) {
            (true, _) => Self::Short,
            (false, 0) => Self::Findings,
            _ => Self::All,
        }
    }
}

#[derive(Debug)]
pub struct Diagnosis {
    /// The one that was run: `diagnose`, `vip diagnose`, `k0smotron diagnose`.
    pub command: &'static str,
    pub subject: Subject,
    pub findings: Vec<Finding>,
    pub conclusion: Option<Conclusion>,
    /// The command that repairs what can be repaired.
    pub repair: Option<String>,
    pub took: Duration,
    /// Warnings count as failures.
    pub strict: bool,
    pub detail: Detail,
    /// `diagnose` itself couldn't do its work.
    pub error: Option<Failure>,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cluster(place) => place.cluster.fmt(f),
            Self::K0smotron(place) => write!(f, "{}/{}", place.namespace, place.cluster),
            Self::Vip(place) => place.vip.fmt(f),
        }
    }
}

impl Place {
    /// Before anything is known.
    pub fn unknown(cluster: DnsName) -> Self {
        Self { cluster, zone: None, account: None, instance: None, public_ip: None, private_ip: None }
    }

    pub fn of(facts: &Facts) -> Self {
        let instance = facts.instance().ok();
        let primary = instance.and_then(|instance| instance.eni.primary());
        Self {
            cluster: facts.cluster.clone(),
            zone: facts.zone.ok().map(|zone| zone.name.clone()),
            account: facts.account.ok().cloned(),
            instance: instance.map(|instance| instance.id.clone()),
            public_ip: primary.and_then(|address| address.public_ip),
            private_ip: primary.map(|address| address.ip),
        }
    }
}

impl Diagnosis {
    pub fn count(&self, status: Status) -> usize {
        self.with(status).count()
    }

    pub fn with(&self, status: Status) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.status == status)
    }

    /// What `--fix` would run.
    pub fn repairs(&self) -> impl Iterator<Item = Repair> {
        self.findings.iter().filter_map(|finding| finding.repair)
    }

    pub fn exit_code(&self) -> u8 {
        match &self.error {
            Some(error) => error.kind.exit_code(),
            None if self.count(Status::Failed) > 0 || (self.strict && self.count(Status::Warning) > 0) => 3,
            None => 0,
        }
    }
}
