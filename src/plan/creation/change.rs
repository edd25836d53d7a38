//! The changes that make a cluster, up to an instance that comes up.

use std::path::PathBuf;

use serde::Serialize;

use crate::cluster::kops::StateStore;
use crate::names::DnsName;
use crate::plan::change::{Summary, Verb};

/// In the order of their dependence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum ClusterChange {
    /// The bucket: versioned, encrypted, closed to the public. `exists` when an earlier run did not get further than that.
    CreateStateStore { state_store: StateStore, region: String, exists: bool },
    /// An ed25519 key without a passphrase, for its owner alone. Never in the place of one that is there.
    CreateSshKey { file: PathBuf },
    /// `kops create -f` of the cluster.
    RegisterCluster { cluster: DnsName, state_store: StateStore, specification: String },
    /// `kops create -f` of its instance groups.
    RegisterInstanceGroups { cluster: DnsName, specification: String },
    /// `kops create sshpublickey`.
    RegisterSshKey { cluster: DnsName, file: PathBuf },
    /// `kops update cluster --yes --admin`.
    UpdateCluster { cluster: DnsName },
}

impl ClusterChange {
    pub fn summary(&self) -> Summary {
        let line = |verb, thing, detail| Summary { verb, thing, detail };
        match self {
            Self::CreateStateStore { state_store, region, exists: false } => {
                line(Verb::Create, "state store", format!("bucket {} in {region}: versioned, encrypted, not public", state_store.bucket()))
            }
            Self::CreateStateStore { state_store, .. } => line(
                Verb::Change,
                "state store",
                format!("bucket {}, which is empty: version it, encrypt it, close it", state_store.bucket()),
            ),
            Self::CreateSshKey { file } => line(Verb::Create, "SSH key", format!("{} (ed25519)", file.display())),
            Self::RegisterCluster { cluster, state_store, .. } => {
                line(Verb::Create, "specification", format!("of cluster {cluster} in {state_store}"))
            }
            Self::RegisterInstanceGroups { cluster, .. } => {
                line(Verb::Create, "specification", format!("of the instance groups of {cluster}"))
            }
            Self::RegisterSshKey { file, .. } => line(Verb::Create, "SSH key", format!("{} may log in", file.display())),
            Self::UpdateCluster { cluster } => {
                line(Verb::Create, "cluster", format!("{cluster}: VPC, roles, volumes and instance, by `kops update cluster`"))
            }
        }
    }

    /// What is handed to kOps.
    pub fn specification(&self) -> Option<&str> {
        match self {
            Self::RegisterCluster { specification, .. } | Self::RegisterInstanceGroups { specification, .. } => Some(specification),
            _ => None,
        }
    }
}
