//! What a new cluster needs inside before it can serve applications. What is there already stays as it is, whoever made it.

mod change;
mod charts;
pub mod ingress;
pub mod issuer;
mod made;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

pub use change::AddonChange;
pub use charts::Chart;
pub use ingress::{IngressController, IngressState};
use issuer::{IssuerState, IssuerWanted};
pub use made::{Made, TAG};

use super::Plan;
use super::change::Change;

/// What is there, as far as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    pub nodes: Vec<NodeState>,
    pub ingress: IngressState,
    pub issuer: IssuerState,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Whether we have made the cluster. In another one, only what was asked for by name.
    pub ours: bool,
    pub ingress: IngressController,
    pub ingress_is_named: bool,
    pub issuer: Option<IssuerWanted>,
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

pub fn plan(observed: &Observed, wanted: &Wanted) -> Plan {
    let mut plan = Plan::default();
    if wanted.ours {
        plan.changes.extend(observed.nodes.iter().filter_map(without_taints).map(Change::Addon));
    }
    let (ingress, note) = ingress::plan(&observed.ingress, wanted.ingress, wanted.ingress_is_named);
    let class = if ingress.is_some() { wanted.ingress.class() } else { observed.ingress.default_class.as_deref() };
    let issuer = wanted.issuer.as_ref().map(|wanted| issuer::plan(&observed.issuer, wanted, class));
    let (issuer, issuer_note) = issuer.unwrap_or_default();
    plan.changes.extend([ingress, issuer].into_iter().flatten().map(Change::Addon));
    plan.notes.extend([note, issuer_note].into_iter().flatten());
    plan
}

fn without_taints(node: &NodeState) -> Option<AddonChange> {
    let taints: Vec<_> = node.taints.iter().filter(|taint| taint.keeps_applications_off()).cloned().collect();
    (!taints.is_empty()).then(|| AddonChange::RemoveTaints { node: node.name.clone(), taints })
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
