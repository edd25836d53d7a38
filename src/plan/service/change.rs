//! Changes of our Service.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::{NAME, Spec, Target};
use crate::plan::change::{Deferred, Summary, Verb};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "service", rename_all = "kebab-case")]
pub enum ServiceChange {
    /// By server-side apply.
    Apply {
        namespace: String,
        /// The Service that told which pods are the ingress controller's.
        pods_of: String,
        class: Option<&'static str>,
        spec: Spec,
        /// None for a new one; else what differs.
        different: Option<Vec<&'static str>>,
    },
    /// Only then kube-proxy serves the addresses.
    SetStatus { namespace: String, secondary: Ipv4Addr, public: Deferred<Ipv4Addr>, was: Vec<String> },
    Remove {
        namespace: String,
        name: String,
        /// None when it isn't wanted any more.
        why: Option<&'static str>,
    },
}

impl ServiceChange {
    pub fn summary(&self) -> Summary {
        match self {
            Self::Apply { namespace, pods_of, spec, different, .. } => {
                let targets: Vec<_> = spec.ports.iter().map(|(_, port, target)| format!("{port} to {target}")).collect();
                let from =
                    if spec.source_ranges.is_empty() { String::new() } else { format!(", from {} only", spec.source_ranges.join(", ")) };
                let what = format!("{namespace}/{NAME} for the pods of {pods_of}: {}{from}", targets.join(", "));
                match different {
                    None => Summary { verb: Verb::Create, thing: "Service", detail: what },
                    Some(fields) => {
                        Summary { verb: Verb::Change, thing: "Service", detail: format!("{what} (differs in {})", fields.join(", ")) }
                    }
                }
            }
            Self::SetStatus { namespace, secondary, public, was } => {
                let was = if was.is_empty() { String::new() } else { format!(", was {}", was.join(", ")) };
                let detail = format!("{namespace}/{NAME} serves {secondary} and {public}{was}");
                Summary { verb: Verb::Change, thing: "Service status", detail }
            }
            Self::Remove { namespace, name, why } => {
                let why = why.map(|why| format!(": {why}")).unwrap_or_default();
                Summary { verb: Verb::Remove, thing: "Service", detail: format!("{namespace}/{name}{why}") }
            }
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}
