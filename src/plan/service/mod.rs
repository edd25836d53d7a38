//! The data path without a proxy. kube-proxy serves `<secondary>:443` itself: a Service of type LoadBalancer with a class of
//! ours, for the pods of the ingress controller, whose status names the secondary private IP and the Elastic IP. The address
//! is on no interface of the node: AWS delivers by ENI, and kube-proxy's DNAT comes before routing. On an interface it would
//! show the API server whenever kube-proxy has no rules.
//!
//! The class is there from creation on: the service controller never touches such a Service, and adding it later makes the
//! controller clear the status.

mod change;
pub mod preconditions;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use serde::Serialize;
use serde_json::{Value, json};

pub use change::ServiceChange;

use super::change::Deferred;
use super::network::Cidr;

pub const CLASS: &str = "k8sport.io/secondary-ip";
pub const NAME: &str = "k8sport";
/// By this label the Service is ours.
pub const LABEL: (&str, &str) = ("app.kubernetes.io/managed-by", "k8sport");

/// What the Kubernetes API says, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    pub version: Version,
    /// None where no pod of it is there.
    pub kube_proxy: Option<KubeProxy>,
    pub network: PodNetwork,
    /// The ingress controller's pods, or why they can't be told.
    pub ingress: Result<Ingress, String>,
    /// Services with our label; more than one after the ingress has moved to another namespace.
    pub ours: Vec<Live>,
    /// Other Services by `namespace/name`, with the addresses that their status and `externalIPs` name.
    pub others: Vec<(String, BTreeSet<String>)>,
    /// Of dns-controller, which is kOps'.
    pub kops: Option<Version>,
}

/// Major and minor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Version(pub u32, pub u32);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeProxy {
    pub version: Option<Version>,
    /// None when nothing says it.
    pub mode: Option<String>,
}

/// What hands out the pods' addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PodNetwork {
    AmazonVpc,
    Cilium {
        ipam: Option<String>,
        replaces_kube_proxy: bool,
    },
    #[default]
    Other,
}

/// The pods behind the ingress' HTTP and HTTPS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingress {
    /// `namespace/name` of the Service that told.
    pub service: String,
    pub namespace: String,
    pub selector: BTreeMap<String, String>,
    pub http: Target,
    pub https: Target,
    pub pods: Vec<Pod>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pod {
    pub name: String,
    pub ready: bool,
    pub node: Option<String>,
    pub host_network: bool,
}

/// A port of a container, by number or name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Target {
    Number(u16),
    Name(String),
}

/// A Service of ours as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    pub namespace: String,
    pub name: String,
    pub class: Option<String>,
    pub spec: Spec,
    pub status: Vec<StatusAddress>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusAddress {
    pub ip: String,
    /// None stands for VIP.
    pub mode: Option<String>,
}

/// What matters of a Service's specification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spec {
    pub kind: String,
    pub policy: String,
    pub node_ports: bool,
    /// Name, port and target.
    pub ports: Vec<(String, u16, Target)>,
    pub selector: BTreeMap<String, String>,
    pub source_ranges: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub secondary: Ipv4Addr,
    pub public: Deferred<Ipv4Addr>,
    /// From where the applications may be reached; everywhere when empty.
    pub source_ranges: Vec<Cidr>,
    /// The API server doesn't know the class: neither write it nor miss it.
    pub assume_class: bool,
}

/// Creates, changes and removes so that exactly one Service of ours is there as wanted.
pub fn plan(observed: &Observed, ingress: &Ingress, wanted: &Wanted) -> Vec<ServiceChange> {
    let spec = Spec::wanted(ingress, &wanted.source_ranges);
    let class = (!wanted.assume_class).then_some(CLASS);
    let (mut changes, mut live) = (Vec::new(), None);
    for ours in &observed.ours {
        let here = ours.namespace == ingress.namespace && ours.name == NAME;
        let classed = class.is_none() || ours.class.as_deref() == class;
        if here && classed {
            live = Some(ours);
        } else {
            let why =
                if here { "its loadBalancerClass can't be changed" } else { "the ingress controller's pods are in another namespace" };
            changes.push(ServiceChange::Remove { namespace: ours.namespace.clone(), name: ours.name.clone(), why: Some(why) });
        }
    }
    let different: Vec<_> = live.map(|live| live.spec.differences(&spec)).unwrap_or_default();
    if live.is_none() || !different.is_empty() {
        changes.push(ServiceChange::Apply {
            namespace: ingress.namespace.clone(),
            pods_of: ingress.service.clone(),
            class,
            spec,
            different: live.map(|_| different),
        });
    }
    let status = live.map(|live| live.status.as_slice()).unwrap_or_default();
    if !names(status, wanted.secondary, wanted.public) {
        let was = status.iter().map(ToString::to_string).collect();
        let namespace = ingress.namespace.clone();
        changes.push(ServiceChange::SetStatus { namespace, secondary: wanted.secondary, public: wanted.public, was });
    }
    changes
}

/// Takes every Service of ours away.
pub fn removal(observed: &Observed) -> Vec<ServiceChange> {
    let remove = |live: &Live| ServiceChange::Remove { namespace: live.namespace.clone(), name: live.name.clone(), why: None };
    observed.ours.iter().map(remove).collect()
}

/// Whether kube-proxy serves exactly these two addresses.
pub fn names(status: &[StatusAddress], secondary: Ipv4Addr, public: Deferred<Ipv4Addr>) -> bool {
    let wanted: Option<Vec<_>> = public.known().map(|public| vec![secondary.to_string(), public.to_string()]);
    let served = status.iter().all(|address| address.mode.as_deref().is_none_or(|mode| mode == "VIP"));
    served && wanted.is_some_and(|wanted| status.iter().map(|address| &address.ip).eq(&wanted))
}

impl Observed {
    /// A Service of ours serves the address now.
    pub fn serves(&self, secondary: Ipv4Addr) -> bool {
        self.ours
            .iter()
            .any(|live| live.spec.kind == LOAD_BALANCER && live.status.iter().any(|address| address.ip == secondary.to_string()))
    }
}

const LOAD_BALANCER: &str = "LoadBalancer";

impl Spec {
    /// With `Local` the pods see who asks; on a single node nothing else would change.
    pub fn wanted(ingress: &Ingress, source_ranges: &[Cidr]) -> Self {
        Self {
            kind: LOAD_BALANCER.to_owned(),
            policy: "Local".to_owned(),
            node_ports: false,
            ports: vec![("http".to_owned(), 80, ingress.http.clone()), ("https".to_owned(), 443, ingress.https.clone())],
            selector: ingress.selector.clone(),
            source_ranges: source_ranges.iter().map(ToString::to_string).collect(),
        }
    }

    /// The names of the fields.
    pub fn differences(&self, wanted: &Self) -> Vec<&'static str> {
        [
            ("type", self.kind != wanted.kind),
            ("externalTrafficPolicy", self.policy != wanted.policy),
            ("allocateLoadBalancerNodePorts", self.node_ports != wanted.node_ports),
            ("ports", self.ports != wanted.ports),
            ("selector", self.selector != wanted.selector),
            ("loadBalancerSourceRanges", self.source_ranges != wanted.source_ranges),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }

    /// For a server-side apply. Who publishes addresses of Services leaves this one out: the private address is of no use
    /// outside, and the names are ours to write.
    pub fn manifest(&self, namespace: &str, class: Option<&str>) -> Value {
        let ports: Vec<_> = self
            .ports
            .iter()
            .map(|(name, port, target)| json!({ "name": name, "port": port, "targetPort": target, "protocol": "TCP" }))
            .collect();
        let mut spec = json!({
            "type": self.kind,
            "externalTrafficPolicy": self.policy,
            "allocateLoadBalancerNodePorts": self.node_ports,
            "ports": ports,
            "selector": self.selector,
        });
        if let Some(class) = class {
            spec["loadBalancerClass"] = class.into();
        }
        if !self.source_ranges.is_empty() {
            spec["loadBalancerSourceRanges"] = json!(self.source_ranges);
        }
        json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {
                "name": NAME,
                "namespace": namespace,
                "labels": { LABEL.0: LABEL.1 },
                "annotations": { "external-dns.alpha.kubernetes.io/controller": "k8sport" },
            },
            "spec": spec,
        })
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl Version {
    /// From `v1.31.4`, `1.31+` or an image `registry/kube-proxy:v1.31.4`.
    pub fn parse(text: &str) -> Option<Self> {
        let tag = text.rsplit(['/', ':']).next()?.trim_start_matches('v');
        let mut parts = tag.split(['.', '-', '+', '@']);
        Some(Self(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    }
}

impl std::fmt::Display for StatusAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.mode {
            Some(mode) => write!(f, "{} ({mode})", self.ip),
            None => f.write_str(&self.ip),
        }
    }
}
