//! What of a plan is done beside what, and in which order.

use serde::Serialize;

use super::change::Change;

/// Which changes belong together and follow each other. A set-up runs its lanes at the same time, but for [`Lane::Dns`],
/// which waits until the data path has been seen to work. A cleanup runs them one after the other, DNS first and
/// [`Lane::Release`] last, and asks about each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// Before all others, while there is no node.
    Cluster,
    /// After it, and before the node's second address.
    Addons,
    Address,
    Firewall,
    Node,
    /// Our Service. Before the node where it takes over from it, after the proof where it ends.
    Service,
    /// When the data path is proven.
    DataPath,
    /// What the records were, before they are changed.
    RecordsBefore,
    Dns,
    /// An Elastic IP leaves the account or loses our tags.
    Release,
    Quota,
    /// Image repositories.
    Images,
    /// What runs on the cluster.
    Applications,
    /// kOps deletes the cluster itself.
    ClusterDeletion,
    /// Where kOps kept it.
    StateStore,
    /// On the operator's machine.
    LocalConfig,
    Kubernetes,
}

impl Change {
    pub fn lane(&self) -> Lane {
        match self {
            Self::AllocateElasticIp { .. }
            | Self::TagElasticIp { .. }
            | Self::AssignPrivateIp { .. }
            | Self::AssociateElasticIp { .. }
            | Self::DisassociateElasticIp { .. }
            | Self::UnassignPrivateIp { .. } => Lane::Address,
            Self::CreateSecurityGroup { .. }
            | Self::AuthorizeIngress { .. }
            | Self::AttachSecurityGroup { .. }
            | Self::DetachSecurityGroup { .. }
            | Self::DeleteSecurityGroup { .. } => Lane::Firewall,
            Self::Node(_) | Self::Vip(_) | Self::Unlock { .. } => Lane::Node,
            Self::Cluster(_) => Lane::Cluster,
            Self::Addon(_) => Lane::Addons,
            Self::Service(_) => Lane::Service,
            Self::RecordDataPath { settled: true, .. } => Lane::DataPath,
            Self::RecordDataPath { settled: false, .. } => Lane::Address,
            Self::Images(change) => change.lane(),
            Self::Teardown(change) => change.lane(),
            Self::RememberRecord { .. } => Lane::RecordsBefore,
            Self::UpsertRecord { .. } | Self::RestoreRecord { .. } => Lane::Dns,
            Self::ReleaseElasticIp { .. } | Self::GiveBackElasticIp { .. } => Lane::Release,
            Self::RequestQuotaIncrease { .. } => Lane::Quota,
            Self::EditIngress(_) => Lane::Kubernetes,
            Self::Application(change) => change.lane(),
            Self::K0smotron(change) => change.lane(),
        }
    }

    /// Whether it can be made at the same time as the changes of its lane around it that say so, too. What is made earlier
    /// in the lane comes first in any case.
    pub fn is_independent(&self) -> bool {
        matches!(
            self,
            Self::AuthorizeIngress { .. }
                | Self::AttachSecurityGroup { .. }
                | Self::RememberRecord { .. }
                | Self::UpsertRecord { .. }
                | Self::RestoreRecord { .. }
        )
    }
}
