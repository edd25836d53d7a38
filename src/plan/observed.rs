//! What was read from AWS, as plain values. The planner sees nothing else of the account.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use serde::Serialize;

use super::network::Cidr;
use crate::names::{AllocationId, DnsName, EniId, GroupId, InstanceId};

/// Who we are and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    pub id: String,
    pub region: String,
}

/// A control-plane instance of the cluster with its primary network interface (device index 0, network card 0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    pub id: InstanceId,
    pub name: String,
    pub state: String,
    pub instance_type: String,
    pub image_id: String,
    /// The value of [`super::addons::TAG`]; None on a cluster that we haven't made.
    pub addons: Option<String>,
    pub eni: Eni,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eni {
    pub id: EniId,
    pub mac: String,
    pub vpc_id: String,
    pub subnet_id: String,
    pub groups: Vec<GroupId>,
    pub addresses: Vec<PrivateAddress>,
}

/// A private IPv4 address of an ENI and the public one that AWS maps to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateAddress {
    pub ip: Ipv4Addr,
    pub primary: bool,
    pub public_ip: Option<Ipv4Addr>,
}

impl Eni {
    pub fn primary(&self) -> Option<&PrivateAddress> {
        self.addresses.iter().find(|address| address.primary)
    }

    pub fn address(&self, ip: Ipv4Addr) -> Option<&PrivateAddress> {
        self.addresses.iter().find(|address| address.ip == ip)
    }

    pub fn secondaries(&self) -> impl Iterator<Item = &PrivateAddress> {
        self.addresses.iter().filter(|address| !address.primary)
    }
}

/// The subnet of the primary ENI and which of its addresses are taken, by any ENI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subnet {
    pub id: String,
    pub cidr: Cidr,
    pub in_use: BTreeSet<Ipv4Addr>,
}

/// An Elastic IP of the region, ours or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElasticIp {
    pub allocation_id: AllocationId,
    pub public_ip: Ipv4Addr,
    pub association: Option<Association>,
    pub tags: BTreeMap<String, String>,
}

/// What an Elastic IP is attached to. A NAT gateway or a load balancer has an ENI, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    pub id: String,
    pub eni: Option<EniId>,
    pub instance: Option<InstanceId>,
    pub private_ip: Option<Ipv4Addr>,
}

/// The Elastic IP quota (L-0263D0A3) of the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Quota {
    pub limit: u32,
    pub source: QuotaSource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuotaSource {
    /// The value in force for this account.
    Applied,
    /// AWS' default, since the applied value can't be read; increases aren't in it.
    Default,
}

/// An increase of the quota that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuotaRequest {
    pub id: String,
    /// Of AWS Support; not every request becomes a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_id: Option<String>,
    /// As AWS spells it: `PENDING`, `CASE_OPENED`, `APPROVED`, …
    pub status: String,
    pub desired: u32,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityGroup {
    pub id: GroupId,
    pub name: String,
    pub tags: BTreeMap<String, String>,
    pub ingress: Vec<IngressRule>,
}

/// One permission of a group: one protocol and port range from one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngressRule {
    /// `tcp`, `udp`, `icmp` or `-1` for everything.
    pub protocol: String,
    pub from_port: u16,
    pub to_port: u16,
    /// A CIDR block, or the id of a group or prefix list.
    pub source: String,
}

/// Everything read from EC2 and Service Quotas for one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsState {
    pub account: Account,
    pub instance: Instance,
    pub subnet: Subnet,
    /// All Elastic IPs of the region, since all count against the quota.
    pub elastic_ips: Vec<ElasticIp>,
    /// None when neither the applied nor the default value may be read.
    pub quota: Option<Quota>,
    /// How many IPv4 addresses the instance type allows on one interface; None when unknown.
    pub addresses_per_interface: Option<u32>,
    /// The groups on the primary ENI and the group named `k8sport.<cluster>` of the VPC, if it exists.
    pub security_groups: Vec<SecurityGroup>,
}

/// A public hosted zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostedZone {
    /// Without the `/hostedzone/` prefix.
    pub id: String,
    pub name: DnsName,
}

/// A record set as Route 53 stores it, its name unescaped (`*.example.com`) and without the trailing dot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    pub name: String,
    pub kind: String,
    /// Seconds; None for an alias.
    pub ttl: Option<i64>,
    pub values: Vec<String>,
    /// The target of an alias.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Set for weighted, latency, geolocation and other routing policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_identifier: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsState {
    pub zone: HostedZone,
    pub records: Vec<Record>,
    /// Whether these are all that the zone has.
    pub complete: bool,
}
