//! The tags by which we know our own things again. Nothing without [`CLUSTER`] is ever changed or deleted.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::Serialize;

use super::observed::{ElasticIp, Record};
use crate::names::{DnsName, EniId};

pub const CLUSTER: &str = "k8sport:cluster";
pub const ROLE: &str = "k8sport:role";
pub const VERSION: &str = "k8sport:version";
/// A random id of the run that made the thing: finds it again after a lost answer.
pub const OPERATION: &str = "k8sport:op";
pub const ENI: &str = "k8sport:eni";
pub const PRIVATE_IP: &str = "k8sport:private-ip";
/// `owned` or `adopted`, on Elastic IPs.
pub const OWNERSHIP: &str = "k8sport:ownership";
/// Followed by the record's name: the record that was there before ours, as `<type> <ttl> <value> …`.
pub const PREVIOUS_RECORD: &str = "k8sport:previous-record:";

/// What a tagged thing is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The Elastic IP of the applications.
    AppIngress,
    /// The security group that lets 80 and 443 in.
    AppFirewall,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AppIngress => "app-ingress",
            Self::AppFirewall => "app-firewall",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ownership {
    /// We allocated it, so `cleanup` releases it.
    Owned,
    /// It existed before, so it is given back, never released.
    Adopted,
}

impl Ownership {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Adopted => "adopted",
        }
    }
}

/// A random id for [`OPERATION`], one a run.
pub fn operation_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// The tags that every thing of ours carries. The operation id is added when the change is applied.
pub fn tags(cluster: &DnsName, role: Role) -> BTreeMap<String, String> {
    BTreeMap::from([
        (CLUSTER.to_owned(), cluster.to_string()),
        (ROLE.to_owned(), role.as_str().to_owned()),
        (VERSION.to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
    ])
}

/// The tags of an Elastic IP: also where it is meant to go, so that a half-done run can be read from it.
pub fn elastic_ip_tags(cluster: &DnsName, ownership: Ownership, eni: &EniId, private_ip: Ipv4Addr) -> BTreeMap<String, String> {
    let mut tags = tags(cluster, Role::AppIngress);
    tags.insert(OWNERSHIP.to_owned(), ownership.as_str().to_owned());
    tags.insert(ENI.to_owned(), eni.to_string());
    tags.insert(PRIVATE_IP.to_owned(), private_ip.to_string());
    tags
}

/// The key and value that remember a plain record; None when it can't be put back from a tag (256 characters at most).
pub fn previous_record(record: &Record) -> Option<(String, String)> {
    let ttl = record.ttl.filter(|_| record.alias.is_none() && record.set_identifier.is_none())?;
    // A tag's key may not contain an asterisk.
    let key = format!("{PREVIOUS_RECORD}{}", record.name.replacen('*', "wildcard", 1));
    let value = format!("{} {ttl} {}", record.kind, record.values.join(" "));
    (key.len() <= 128 && value.len() <= 256).then_some((key, value))
}

impl ElasticIp {
    /// The cluster that this address is tagged for, ours or another.
    pub fn cluster(&self) -> Option<&str> {
        self.tags.get(CLUSTER).map(String::as_str)
    }

    pub fn is_for(&self, cluster: &DnsName) -> bool {
        self.cluster() == Some(cluster.as_str())
    }

    /// Where a run meant it to go.
    pub fn intended_private_ip(&self) -> Option<Ipv4Addr> {
        self.tags.get(PRIVATE_IP)?.parse().ok()
    }
}
