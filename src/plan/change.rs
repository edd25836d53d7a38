//! The typed changes that a plan is made of. The value that is shown is the value that is applied.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use serde::Serialize;

use super::addons::AddonChange;
use super::applications::ApplicationChange;
use super::creation::ClusterChange;
use super::data_path::Recorded;
use super::https_redirect::Edit;
use super::images::ImagesChange;
use super::k0smotron::K0smotronChange;
use super::node::NodeChange;
use super::observed::{HostedZone, Record};
use super::service::ServiceChange;
use super::teardown::TeardownChange;
use super::vip::VipChange;
use crate::names::{AllocationId, EniId, GroupId};

/// A value that may exist only once an earlier change has been applied. It is never invented before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deferred<T> {
    Known(T),
    AfterApply,
}

impl<T> Deferred<T> {
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::AfterApply => None,
        }
    }
}

impl<T: std::fmt::Display> std::fmt::Display for Deferred<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::AfterApply => f.write_str("(known after apply)"),
        }
    }
}

/// One change of the world. The order of a plan is the order of dependence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    AllocateElasticIp {
        tags: BTreeMap<String, String>,
    },
    /// Tags an address that exists: one that we take over, or ours when its tags no longer say where it goes.
    TagElasticIp {
        allocation_id: AllocationId,
        public_ip: Ipv4Addr,
        tags: BTreeMap<String, String>,
        adopted: bool,
    },
    AssignPrivateIp {
        eni: EniId,
        private_ip: Ipv4Addr,
    },
    AssociateElasticIp {
        allocation_id: Deferred<AllocationId>,
        public_ip: Deferred<Ipv4Addr>,
        eni: EniId,
        private_ip: Ipv4Addr,
    },
    CreateSecurityGroup {
        name: String,
        vpc_id: String,
        tags: BTreeMap<String, String>,
    },
    /// TCP from anywhere (0.0.0.0/0).
    AuthorizeIngress {
        group: Deferred<GroupId>,
        port: u16,
    },
    /// The ENI's full list of groups becomes `keep` plus `group`.
    AttachSecurityGroup {
        eni: EniId,
        keep: Vec<GroupId>,
        group: Deferred<GroupId>,
    },
    Node(NodeChange),
    /// Makes the cluster itself, before it has a node.
    Cluster(ClusterChange),
    /// Inside a cluster that we have made.
    Addon(AddonChange),
    /// Our Service for the ingress controller's pods.
    Service(ServiceChange),
    /// The tag that says which data path is on.
    RecordDataPath {
        allocation_id: Deferred<AllocationId>,
        path: Recorded,
        /// When all is done, and not while it is under way.
        settled: bool,
    },
    Images(ImagesChange),
    Teardown(TeardownChange),
    /// Writes into a tag that the record is ours and what was there before, so that it can be put back.
    RememberRecord {
        holder: Holder,
        tag: String,
        value: String,
    },
    UpsertRecord {
        zone: HostedZone,
        name: String,
        ttl: i64,
        value: Deferred<Ipv4Addr>,
        previous: Option<Record>,
    },
    /// Puts back what was there before ours; None removes ours.
    RestoreRecord {
        zone: HostedZone,
        current: Record,
        previous: Option<Record>,
    },
    DisassociateElasticIp {
        association_id: String,
        public_ip: Ipv4Addr,
        private_ip: Option<Ipv4Addr>,
    },
    UnassignPrivateIp {
        eni: EniId,
        private_ip: Ipv4Addr,
    },
    /// The ENI's full list of groups becomes `keep`.
    DetachSecurityGroup {
        eni: EniId,
        keep: Vec<GroupId>,
        group: GroupId,
    },
    DeleteSecurityGroup {
        group: GroupId,
        name: String,
    },
    /// One that we allocated, once no record of the account's public zones has it.
    ReleaseElasticIp {
        allocation_id: AllocationId,
        public_ip: Ipv4Addr,
    },
    /// One that was there before us: it loses our tags and nothing else.
    GiveBackElasticIp {
        allocation_id: AllocationId,
        public_ip: Ipv4Addr,
        tags: Vec<String>,
    },
    /// AWS decides, in minutes or days. In the plan of `quota` only.
    RequestQuotaIncrease {
        region: String,
        from: Option<u32>,
        to: u32,
    },
    /// Takes the node away from another run. In the plan of `unlock` only.
    Unlock {
        holder: String,
    },
    /// Annotations of an Ingress. In the plan of `toggle-https-redirect` only.
    EditIngress(Edit),
    Application(ApplicationChange),
    /// On a worker of a hosted control plane. In the plan of `k0smotron prepare-workers` only.
    K0smotron(K0smotronChange),
    /// On one of several control planes. In the plans of `vip` only.
    Vip(Box<VipChange>),
}

/// The thing of ours whose tags remember records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    ElasticIp(Deferred<AllocationId>),
    /// Without a second address.
    SecurityGroup(Deferred<GroupId>),
}

impl Change {
    /// What is handed to kOps, as YAML.
    pub fn specification(&self) -> Option<&str> {
        match self {
            Self::Cluster(change) => change.specification(),
            _ => None,
        }
    }

    /// The same change with what has become known since.
    pub fn with_public_ip(&self, known: Option<Ipv4Addr>) -> Self {
        let mut change = self.clone();
        if let (Self::AssociateElasticIp { public_ip: value, .. } | Self::UpsertRecord { value, .. }, Some(known)) = (&mut change, known) {
            *value = Deferred::Known(known);
        }
        if let (Self::Service(ServiceChange::SetStatus { public, .. }), Some(known)) = (&mut change, known) {
            *public = Deferred::Known(known);
        }
        change
    }
}

/// How a change is shown: `+ Elastic IP   allocate, tagged for c02.example.com`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub verb: Verb,
    /// The kind of thing in the operator's words, at most 18 characters.
    pub thing: &'static str,
    pub detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    Create,
    Change,
    Remove,
}

impl Verb {
    pub fn sign(self) -> char {
        match self {
            Self::Create => '+',
            Self::Change => '~',
            Self::Remove => '-',
        }
    }
}
