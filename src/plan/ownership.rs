//! The tags by which we know our own things again. Nothing without [`CLUSTER`] is ever changed or deleted.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::Serialize;

use super::observed::{ElasticIp, Record, SecurityGroup};
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
/// On Elastic IPs: what was on the ENI before we came (`private-ip`, `association`), so that cleanup leaves it there.
pub const FOUND: &str = "k8sport:found";
/// On Elastic IPs: the address that the node was set up for before, and that the account has no more. It may be anybody's.
pub const FORMER: &str = "k8sport:former";
/// Followed by a record's name: that record is ours. The value is what was there before (see [`Before`]).
const RECORD: &str = "k8sport:record:";

/// What a tagged thing is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The Elastic IP of the applications.
    AppIngress,
    /// The security group that lets 80 and 443 in.
    AppFirewall,
    /// An image repository of an application. It belongs to no cluster.
    Images,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AppIngress => "app-ingress",
            Self::AppFirewall => "app-firewall",
            Self::Images => "app-images",
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

/// What stood at a record's name before ours, as a tag remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    Nothing,
    Record(Record),
    /// An alias, or more values than fit into a tag: it can't be put back.
    Lost,
}

/// The tag that says that the record is ours; None when the name is too long for a tag's key (128 characters).
pub fn record_tag(name: &str) -> Option<String> {
    // A tag's key may not contain an asterisk, and no host name starts with an underscore.
    let key = format!("{RECORD}{}", name.replacen('*', "_wildcard", 1));
    (key.len() <= 128).then_some(key)
}

/// The record's name that such a tag is for.
pub fn remembered_name(tag: &str) -> String {
    tag.strip_prefix(RECORD).unwrap_or(tag).replacen("_wildcard", "*", 1)
}

impl Before {
    pub fn of(record: Option<&Record>) -> Self {
        record.map_or(Self::Nothing, |record| Self::Record(record.clone()))
    }

    /// At most 256 characters.
    pub fn to_tag(&self) -> String {
        match self {
            Self::Nothing => "none".to_owned(),
            Self::Record(Record { kind, ttl: Some(ttl), values, alias: None, set_identifier: None, .. }) => {
                Some(format!("{kind} {ttl} {}", values.join(" "))).filter(|value| value.len() <= 256).unwrap_or_else(|| Self::Lost.to_tag())
            }
            Self::Record(_) | Self::Lost => "lost".to_owned(),
        }
    }

    pub fn from_tag(name: &str, value: &str) -> Self {
        let read = || {
            let mut words = value.split(' ');
            // Ours only ever takes the place of such a record; anybody can write tags.
            let kind = Some(words.next()?).filter(|kind| *kind == "A")?.to_owned();
            let ttl = words.next()?.parse().ok().filter(|ttl| (0..=i64::from(i32::MAX)).contains(ttl))?;
            let values: Vec<_> = words.map(|value| value.parse().map(|ip: Ipv4Addr| ip.to_string())).collect::<Result<_, _>>().ok()?;
            let record = Record { name: name.to_owned(), kind, ttl: Some(ttl), values, alias: None, set_identifier: None };
            (!record.values.is_empty()).then_some(Self::Record(record))
        };
        if value == "none" { Self::Nothing } else { read().unwrap_or(Self::Lost) }
    }
}

/// The address that [`FORMER`] tells of, unless somebody has got it for this account since.
pub fn former(tag: Option<&String>, addresses: &[ElasticIp]) -> Option<Ipv4Addr> {
    let former = tag?.parse().ok()?;
    addresses.iter().all(|address| address.public_ip != former).then_some(former)
}

/// Whether a tag key is one of ours.
pub fn is_ours(key: &str) -> bool {
    key.starts_with("k8sport:")
}

impl SecurityGroup {
    pub fn is_for(&self, cluster: &DnsName) -> bool {
        self.tags.get(CLUSTER).map(String::as_str) == Some(cluster.as_str())
    }
}

impl ElasticIp {
    /// The cluster that this address is tagged for, ours or another.
    pub fn cluster(&self) -> Option<&str> {
        self.tags.get(CLUSTER).map(String::as_str)
    }

    pub fn is_for(&self, cluster: &DnsName) -> bool {
        self.cluster() == Some(cluster.as_str())
    }

    pub fn is_owned(&self) -> bool {
        self.tags.get(OWNERSHIP).map(String::as_str) == Some(Ownership::Owned.as_str())
    }

    /// Whether `what` ([`FOUND`]) was on the ENI before we came.
    pub fn found(&self, what: &str) -> bool {
        self.tags.get(FOUND).is_some_and(|found| found.split(' ').any(|word| word == what))
    }

    /// Where a run meant it to go.
    pub fn intended_private_ip(&self) -> Option<Ipv4Addr> {
        self.tags.get(PRIVATE_IP)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tag_names_its_record() {
        for name in ["*.example.com", "app.example.com", "*"] {
            assert_eq!(record_tag(name).as_deref().map(remembered_name).as_deref(), Some(name));
        }
    }

    #[test]
    fn what_is_no_record_of_addresses_is_lost() {
        for value in [
            "",
            "none ",
            "A",
            "A 60",
            "A x 192.0.2.1",
            "A -1 192.0.2.1",
            "A 99999999999 192.0.2.1",
            "A 60 name.example.org",
            "NS 60 192.0.2.1",
        ] {
            assert_eq!(Before::from_tag("*.example.com", value), Before::Lost, "{value:?}");
        }
    }

    proptest! {
        /// Anybody can write a tag, and what it says is put into the zone.
        #[test]
        fn a_tag_is_a_record_of_addresses_or_nothing(value in "(A|AAAA|TXT|none|lost)?( [0-9]{1,12}| -?[0-9a-z]*)?( [0-9.]{0,15}| \\PC{0,12}){0,4}") {
            if let Before::Record(record) = Before::from_tag("*.example.com", &value) {
                prop_assert!(record.kind == "A" && record.values.iter().all(|value| value.parse::<Ipv4Addr>().is_ok()));
                prop_assert_eq!(Before::from_tag("*.example.com", &Before::Record(record.clone()).to_tag()), Before::Record(record));
            }
        }
    }
}
