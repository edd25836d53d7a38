//! A cluster from nothing: what is there of it already, and what is wanted, become the changes that are left.

pub mod change;
pub mod estimate;
pub mod specification;

use std::path::PathBuf;

pub use change::ClusterChange;
pub use specification::Specification;

use super::change::Change;
use super::{Note, Plan};
use crate::cluster::kops::StateStore;
use crate::names::DnsName;

/// What is there of a cluster that has no instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    pub bucket: Bucket,
    pub ssh_key: bool,
    /// None while the state store doesn't know the cluster.
    pub registered: Option<Registered>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registered {
    pub instance_groups: bool,
    pub ssh_public_key: bool,
}

/// The bucket of the state store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    Missing,
    /// Without an object in it. `protected` when it is versioned and closed to the public.
    Empty {
        protected: bool,
    },
    InUse {
        protected: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub cluster: DnsName,
    pub region: String,
    pub state_store: StateStore,
    /// The private key; its public half is the same with `.pub`.
    pub ssh_key: PathBuf,
    pub specification: Specification,
}

/// Never empty: a cluster without an instance needs at least kOps' update.
pub fn plan(begun: &Begun, wanted: &Wanted) -> Plan {
    let Wanted { cluster, region, state_store, ssh_key, specification } = wanted;
    let registered = begun.registered.unwrap_or(Registered { instance_groups: false, ssh_public_key: false });
    let mut plan = Plan::default();
    let mut add = |needed: bool, change| plan.changes.extend(needed.then_some(Change::Cluster(change)));
    let (store, exists) = match begun.bucket {
        Bucket::Missing => (true, false),
        Bucket::Empty { protected } => (!protected, true),
        Bucket::InUse { .. } => (false, true),
    };
    add(store, ClusterChange::CreateStateStore { state_store: state_store.clone(), region: region.clone(), exists });
    add(!begun.ssh_key, ClusterChange::CreateSshKey { file: ssh_key.clone() });
    add(
        begun.registered.is_none(),
        ClusterChange::RegisterCluster {
            cluster: cluster.clone(),
            state_store: state_store.clone(),
            specification: specification.cluster.clone(),
        },
    );
    add(
        !registered.instance_groups,
        ClusterChange::RegisterInstanceGroups { cluster: cluster.clone(), specification: specification.instance_groups.clone() },
    );
    add(!registered.ssh_public_key, ClusterChange::RegisterSshKey { cluster: cluster.clone(), file: specification::public_half(ssh_key) });
    add(true, ClusterChange::UpdateCluster { cluster: cluster.clone() });
    if begun.bucket == (Bucket::InUse { protected: false }) {
        plan.notes.push(Note::warning(format!(
            "bucket {} is not versioned, or not closed to the public; it has other things in it, so it stays as it is",
            state_store.bucket()
        )));
    }
    plan
}

#[cfg(test)]
mod tests;
