//! What `diagnose` checks: values, a file a category. A check says what it needs and judges what was observed; it reads
//! nothing itself and prints nothing.
//!
//! An observation that failed makes the checks that need it *skipped with the reason*; the check whose subject it is
//! fails. Nothing ends the run early.

mod account;
mod address;
mod applications;
mod cluster;
mod diagnosis;
mod dns;
pub mod facts;
mod firewall;
mod haproxy;
mod instance;
pub mod k0smotron;
mod network;
mod node;
mod observed;
pub mod redirects;
mod resolution;
mod run;
mod service;
#[cfg(test)]
mod tests;
mod verdict;
pub mod vip;

pub use diagnosis::{Conclusion, Detail, Diagnosis, Place, Subject};
pub use facts::{Facts, Hop, Host, HostLook};
pub use observed::{Missing, Observed};
pub use run::{Finding, Status, run};
pub use verdict::{Judged, Verdict, bad, doubtful, fine, moot};

use std::time::Duration;

use crate::plan::whole::Scope;

/// A group of checks, in the order in which they are shown. `J` is how they judge.
pub struct Category<J: 'static = Judge> {
    pub title: &'static str,
    pub checks: &'static [Check<J>],
}

pub struct Check<J = Judge> {
    /// `category.subject`, stable: scripts rely on it.
    pub id: &'static str,
    /// What is said when it holds.
    pub title: &'static str,
    pub severity: Severity,
    pub needs: &'static [Need],
    /// Checks earlier in the order without which this one would only repeat the bad news.
    pub after: &'static [&'static str],
    /// The part of the setup that puts it right.
    pub repair: Option<Repair>,
    /// What is looked at and why it matters; also the documentation.
    pub explanation: &'static str,
    pub judge: J,
}

/// What a finding counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Failure,
    Warning,
}

#[derive(Clone, Copy)]
pub enum Judge {
    Once(fn(&Facts) -> Judged),
    /// Once for each host, from one of the looks at it.
    Host(HostLook, fn(&Facts, &Host) -> Judged),
}

/// An observation that a check rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Credentials and region of the account.
    Account,
    Instance,
    ElasticIps,
    Quota,
    SecurityGroups,
    Records,
    /// The node over SSH.
    Node,
    /// The node's details over SSH.
    Details,
}

/// A command of ours that puts a layer right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repair {
    SecondaryIp,
    Haproxy,
    /// Instead of it, with that data path.
    Service,
    Dns,
}

pub const CATEGORIES: [Category; 11] = [
    Category { title: "AWS account", checks: account::CHECKS },
    Category { title: "Instance", checks: instance::CHECKS },
    Category { title: "Elastic IP", checks: address::CHECKS },
    Category { title: "Security groups", checks: firewall::CHECKS },
    Category { title: "Node", checks: node::CHECKS },
    Category { title: "Node network", checks: network::CHECKS },
    Category { title: "HAProxy", checks: haproxy::CHECKS },
    Category { title: "Cluster", checks: cluster::CHECKS },
    Category { title: "DNS", checks: dns::CHECKS },
    Category { title: "Applications", checks: applications::CHECKS },
    Category { title: "Service", checks: service::CHECKS },
];

/// All checks in order.
#[cfg(test)]
pub fn all() -> impl Iterator<Item = &'static Check> {
    CATEGORIES.iter().flat_map(|category| category.checks)
}

impl Repair {
    pub fn command(self, facts: &Facts) -> String {
        facts.again.command(match self {
            Self::SecondaryIp if facts.secondary_ip => "setup-secondary-ip",
            // Without a second address, what HAProxy needs has no command of its own.
            Self::SecondaryIp | Self::Haproxy => "setup-haproxy",
            Self::Service => "setup-service",
            Self::Dns => "update-dns",
        })
    }

    /// The scope of one run that does all of `repairs`; None for no repair.
    pub fn scope(repairs: impl IntoIterator<Item = Repair>) -> Option<Scope> {
        let mut scope = Scope { secondary_ip: false, haproxy: false, dns: false };
        let mut any = false;
        for repair in repairs {
            any = true;
            match repair {
                Self::SecondaryIp => scope.secondary_ip = true,
                Self::Haproxy | Self::Service => scope.haproxy = true,
                Self::Dns => scope.dns = true,
            }
        }
        any.then_some(scope)
    }
}

fn milliseconds<S: serde::Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
}
