//! What `teardown` does besides what `cleanup` does.

use std::path::PathBuf;

use serde::Serialize;

use crate::cluster::kops::StateStore;
use crate::names::DnsName;
use crate::plan::change::{Summary, Verb};
use crate::plan::images::{counted, size};
use crate::plan::lane::Lane;

/// What goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "teardown", rename_all = "kebab-case")]
pub enum TeardownChange {
    /// Waits until it is gone, and with it its load balancers and volumes.
    Namespace { namespace: String, load_balancers: usize, volume_claims: usize },
    /// `kops delete cluster`.
    Cluster { cluster: DnsName, state_store: StateStore, with: Vec<String> },
    /// All versions of what begins with `prefix`.
    State { store: StateStore, prefix: String, versions: usize, bytes: u64 },
    /// Nothing else is in it.
    Bucket { store: StateStore },
    /// On the operator's machine.
    File(LocalFile),
    /// Entries that have the cluster's name; the file stays.
    Kubeconfig { path: PathBuf, cluster: DnsName, entries: Vec<Entry> },
}

/// A file that we made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LocalFile {
    pub path: PathBuf,
    pub kind: LocalKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum LocalKind {
    SshKey,
    /// Pinned, of the node.
    HostKey,
}

/// What a kubeconfig has of a cluster, as kOps writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    Cluster,
    Context,
    User,
    CurrentContext,
}

impl Entry {
    pub const ALL: [Self; 4] = [Self::Cluster, Self::Context, Self::User, Self::CurrentContext];

    fn name(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Context => "context",
            Self::User => "user",
            Self::CurrentContext => "current-context",
        }
    }
}

impl TeardownChange {
    pub fn lane(&self) -> Lane {
        match self {
            Self::Namespace { .. } => Lane::Applications,
            Self::Cluster { .. } => Lane::ClusterDeletion,
            Self::State { .. } | Self::Bucket { .. } => Lane::StateStore,
            Self::File(_) | Self::Kubeconfig { .. } => Lane::LocalConfig,
        }
    }

    pub fn summary(&self) -> Summary {
        let remove = |thing, detail| Summary { verb: Verb::Remove, thing, detail };
        match self {
            Self::Namespace { namespace, load_balancers, volume_claims } => {
                let with: Vec<_> = [(*load_balancers, "load balancer"), (*volume_claims, "volume claim")]
                    .into_iter()
                    .filter(|(count, _)| *count > 0)
                    .map(|(count, what)| counted(count, what))
                    .collect();
                let with = if with.is_empty() { String::new() } else { format!(" with {}", with.join(", ")) };
                remove("namespace", format!("{namespace}{with}"))
            }
            Self::Cluster { cluster, state_store, with } => {
                let with = if with.is_empty() { String::new() } else { format!("\n{}", with.join(", ")) };
                remove("cluster", format!("kops delete cluster {cluster} --state {state_store}{with}"))
            }
            Self::State { store, prefix, versions, bytes } => {
                remove("state", format!("s3://{}/{prefix}, {}, {}", store.bucket(), counted(*versions, "version"), size(*bytes)))
            }
            Self::File(file) => {
                let what = match file.kind {
                    LocalKind::SshKey => "the SSH key that bootstrap made; other clusters may use it",
                    LocalKind::HostKey => "the node's pinned host key",
                };
                remove("file", format!("{}, {what}", file.path.display()))
            }
            Self::Kubeconfig { path, cluster, entries } => {
                let entries: Vec<_> = entries.iter().map(|entry| entry.name()).collect();
                remove("kubeconfig", format!("{cluster} in {}: {}", path.display(), entries.join(", ")))
            }
            Self::Bucket { store } => remove("bucket", format!("{}, nothing else is in it", store.bucket())),
        }
    }
}
