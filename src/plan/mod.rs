//! The pure core: what was observed and what is wanted become a [`Plan`]. Nothing here reads or writes the world.

pub mod addons;
pub mod applications;
pub mod change;
pub mod cleanup;
pub mod creation;
pub mod data_path;
pub mod dns;
pub mod elastic_ip;
pub mod firewall;
pub mod haproxy_unit;
pub mod https_redirect;
pub mod images;
pub mod ingress;
pub mod k0smotron;
pub mod lane;
pub mod network;
pub mod node;
pub mod observed;
pub mod ownership;
pub mod policy;
pub mod private_ip;
pub mod residue;
pub mod secondary_ip;
pub mod service;
mod summary;
pub mod teardown;
#[cfg(test)]
pub mod tests;
pub mod usage;
pub mod vip;
pub mod whole;

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::Serialize;

use crate::names::{Again, AllocationId, DnsName};
use change::Change;

/// What the user wants, as far as the planner has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    pub cluster: DnsName,
    /// For commands that messages name.
    pub again: Again,
    pub zone: Option<DnsName>,
    pub hosts: Vec<DnsName>,
    pub elastic_ip: Option<Selector>,
    pub reuse: elastic_ip::Reuse,
    pub skip_allocate: bool,
    pub force: bool,
}

/// How the user names an Elastic IP.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub enum Selector {
    PublicIp(Ipv4Addr),
    Allocation(AllocationId),
}

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(ip) => Ok(Self::PublicIp(ip)),
            Err(_) => text
                .parse()
                .map(Self::Allocation)
                .map_err(|_| format!("expected a public IPv4 address or an allocation id (eipalloc-…), got {text:?}")),
        }
    }
}

impl TryFrom<String> for Selector {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PublicIp(ip) => ip.fmt(f),
            Self::Allocation(id) => id.fmt(f),
        }
    }
}

/// Typed changes in the order of their dependence, and what the operator should know about them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Plan {
    pub changes: Vec<Change>,
    pub notes: Vec<Note>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    pub level: Level,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Info,
    Warning,
}

impl Note {
    pub fn info(text: impl Into<String>) -> Self {
        Self { level: Level::Info, text: text.into() }
    }

    pub fn warning(text: impl Into<String>) -> Self {
        Self { level: Level::Warning, text: text.into() }
    }
}
