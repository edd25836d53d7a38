//! Changes inside the cluster.

use serde::Serialize;

use super::Taint;
use crate::plan::change::{Summary, Verb};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "addon", rename_all = "kebab-case")]
pub enum AddonChange {
    /// Lets applications run on a control plane node.
    RemoveTaints { node: String, taints: Vec<Taint> },
}

impl AddonChange {
    pub fn summary(&self) -> Summary {
        match self {
            Self::RemoveTaints { node, taints } => {
                let taints = taints.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                Summary { verb: Verb::Change, thing: "node", detail: format!("{node} runs applications: without {taints}") }
            }
        }
    }
}
