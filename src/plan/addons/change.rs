//! Changes inside the cluster.

use serde::Serialize;
use serde_json::Value;

use super::charts::Chart;
use super::ingress::NODE_PORTS;
use super::{IngressController, Taint};
use crate::names::EmailAddress;
use crate::plan::change::{Summary, Verb};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "addon", rename_all = "kebab-case")]
pub enum AddonChange {
    /// Lets applications run on a control plane node.
    RemoveTaints { node: String, taints: Vec<Taint> },
    /// With helm, into a namespace of the release's name.
    InstallIngressController {
        controller: IngressController,
        chart: Chart,
        release: &'static str,
        /// What an installation that was cut off has left goes first.
        unfinished: bool,
    },
    /// As soon as cert-manager takes it.
    CreateClusterIssuer { name: &'static str, how: String, spec: Value },
    /// Another address for its account.
    ChangeClusterIssuer { name: &'static str, was: Option<String>, email: EmailAddress, spec: Value },
}

impl AddonChange {
    pub fn summary(&self) -> Summary {
        match self {
            Self::RemoveTaints { node, taints } => {
                let taints = taints.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                Summary { verb: Verb::Change, thing: "node", detail: format!("{node} runs applications: without {taints}") }
            }
            Self::InstallIngressController { controller, chart, unfinished, .. } => {
                let [http, https] = NODE_PORTS;
                let (verb, again) =
                    if *unfinished { (Verb::Change, ", in the place of an installation that was cut off") } else { (Verb::Create, "") };
                let detail = format!("{} on the NodePorts {http} and {https} (chart {}){again}", controller.name(), chart.version);
                Summary { verb, thing: "ingress", detail }
            }
            Self::CreateClusterIssuer { name, how, .. } => {
                Summary { verb: Verb::Create, thing: "ClusterIssuer", detail: format!("{name}: {how}") }
            }
            Self::ChangeClusterIssuer { name, was, email, .. } => {
                let was = was.as_deref().unwrap_or("no address");
                Summary { verb: Verb::Change, thing: "ClusterIssuer", detail: format!("{name}: the account's {was} -> {email}") }
            }
        }
    }
}
