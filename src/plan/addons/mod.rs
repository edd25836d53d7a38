//! What a new cluster needs inside before it can serve applications. What is there already stays as it is, whoever made it.

mod change;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

pub use change::AddonChange;

use super::Plan;
use super::change::Change;

/// The tag that our specification gives the node: the cluster is one that we have made. Its value is one of the two below.
pub const TAG: &str = "k8sport:addons";
/// kOps brings cert-manager, and the node's role may write its challenges.
pub const WITH_CERT_MANAGER: &str = "cert-manager";
pub const WITHOUT: &str = "none";

/// What is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    pub nodes: Vec<NodeState>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeState {
    pub name: String,
    pub ready: bool,
    /// The kubelet's own words about it.
    pub why: String,
    pub taints: Vec<Taint>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Taint {
    pub key: String,
    /// `NoSchedule`, …
    pub effect: String,
}

/// kOps puts it on every control plane node, whatever the specification says, and again on each new one; up to 1.28 also
/// under its old name. Its own CoreDNS doesn't tolerate it, so `kops validate` never passes on a single node that has it.
const CONTROL_PLANE: [&str; 2] = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

pub fn plan(observed: &Observed) -> Plan {
    let changes = observed.nodes.iter().filter_map(|node| {
        let taints: Vec<_> = node.taints.iter().filter(|taint| taint.keeps_applications_off()).cloned().collect();
        (!taints.is_empty()).then(|| Change::Addon(AddonChange::RemoveTaints { node: node.name.clone(), taints }))
    });
    Plan { changes: changes.collect(), notes: Vec::new() }
}

impl Taint {
    fn keeps_applications_off(&self) -> bool {
        CONTROL_PLANE.contains(&self.key.as_str()) && self.effect == "NoSchedule"
    }
}

impl fmt::Display for Taint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.key, self.effect)
    }
}
