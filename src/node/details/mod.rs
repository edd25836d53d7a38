//! What `diagnose` and `status` read of the node beyond what the planner needs.

mod parse;

use std::net::Ipv4Addr;
use std::time::Duration;

pub use parse::parse;

use crate::names::DnsName;

const SCRIPT: &str = include_str!("details.sh");

/// The script for `sh -s`, after the probe's functions.
pub fn script(probe: &str, primary: Ipv4Addr, name: &DnsName) -> String {
    format!("{probe}\n{SCRIPT}\ndetails {primary} {name} </dev/null\n")
}

/// The node as `diagnose` sees it. What couldn't be read is empty or None.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// The node's clock, nanoseconds since 1970.
    pub clock: Option<i128>,
    pub timer: Timer,
    /// Lines of `haproxy -c` with warnings or alerts.
    pub haproxy_complaints: Vec<String>,
    pub backends: Vec<BackendServer>,
    /// Who answers on the NodePort that our HAProxy forwards HTTPS to.
    pub ingress_certificate: Option<NodeCertificate>,
    pub api_certificate: Option<NodeCertificate>,
    /// The status of `/livez` on the primary address; None when nothing answers.
    pub api_health: Option<u16>,
    /// Packets that our rules for 443 have redirected; None when there are no such rules in nftables.
    pub redirected: Option<u64>,
    pub nat_chains: Vec<NatHook>,
    /// `nftables.service`, which flushes every rule when it starts, is enabled.
    pub flushes_at_boot: bool,
    pub proxy_mode: Option<String>,
    /// Hosts of all Ingress objects, or why they aren't known.
    pub ingress_hosts: Result<Vec<DnsName>, String>,
}

/// When the check that runs every minute last ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timer {
    /// How long the timer has been active.
    pub active_for: Option<Duration>,
    /// None when it has never run.
    pub last_run: Option<Duration>,
    /// How the last run ended: `success`, `exit-code`, `timeout`.
    pub result: String,
}

/// A server of one of our HAProxy backends (the statistics page's `svname` in `pxname`).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BackendServer {
    pub backend: String,
    pub server: String,
    pub up: bool,
    /// What the last health check said, such as `L4CON`.
    pub check: String,
    /// Sessions at this moment.
    pub sessions: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeCertificate {
    pub fingerprint: String,
    pub subject: String,
}

/// A NAT chain on the way into the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatHook {
    pub family: String,
    pub table: String,
    pub chain: String,
    pub priority: i64,
}
