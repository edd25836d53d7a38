//! What has to hold before kube-proxy can serve the address: a table, each with its reason.

use std::net::Ipv4Addr;

use super::{Ingress, Observed, PodNetwork, Version};
use crate::failure::{Failure, Result};
use crate::plan::Note;
use crate::plan::node::{AddressAgent, NodeState};

/// What is judged.
pub struct Look<'a> {
    pub observed: &'a Observed,
    /// None where the node isn't logged in to.
    pub node: Option<&'a NodeState>,
    /// None before it is chosen.
    pub secondary: Option<Ipv4Addr>,
    pub assume_class: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    Yes(String),
    /// Why not.
    No(String),
    /// Why it can't be told.
    Unseen(String),
}

pub struct Precondition {
    pub name: &'static str,
    judge: fn(&Look) -> Holds,
}

use Holds::{No, Unseen, Yes};

pub const ALL: [Precondition; 8] = [
    Precondition { name: "loadBalancerClass", judge: class },
    Precondition { name: "kube-proxy", judge: kube_proxy },
    Precondition { name: "version skew", judge: skew },
    Precondition { name: "pod network", judge: pod_network },
    Precondition { name: "ingress pods", judge: ingress_pods },
    Precondition { name: "nobody else's", judge: unclaimed },
    Precondition { name: "node", judge: node },
    Precondition { name: "api.internal", judge: api_internal },
];

/// kube-proxy may be so much older than the API server (<https://kubernetes.io/releases/version-skew-policy/>).
const SKEW: u32 = 3;

/// Where kube-proxy's nftables mode is a beta (<https://kep.k8s.io/3866>).
const NFTABLES: Version = Version(1, 31);

pub fn judge(look: &Look) -> Vec<(&'static str, Holds)> {
    ALL.iter().map(|precondition| (precondition.name, (precondition.judge)(look))).collect()
}

/// The ingress' pods when nothing speaks against the path, with what can't be seen or has its price.
///
/// # Errors
/// Every reason against it.
pub fn require<'a>(look: &Look<'a>) -> Result<(&'a Ingress, Vec<Note>)> {
    let judged = judge(look);
    let against: Vec<_> =
        judged.iter().filter_map(|(name, holds)| if let No(why) = holds { Some(format!("{name}: {why}")) } else { None }).collect();
    let ingress = look.observed.ingress.as_ref().map_err(|why| format!("ingress pods: {why}"));
    match (ingress, against.is_empty()) {
        (Ok(ingress), true) => Ok((ingress, judged.into_iter().filter_map(|(name, holds)| note(name, holds)).collect())),
        (_, _) => {
            let refused = Failure::refused("this cluster can't have the data path `service`")
                .because(against.join("\n"))
                .state("nothing was changed")
                .next("use the other one: `--data-path haproxy`");
            Err(agent(look).into_iter().fold(refused, |refused, agent| refused.next(format!("or, {}", agent.remedy()))))
        }
    }
}

/// Why `auto` doesn't choose the path; None when everything is seen to hold.
pub fn against(look: &Look) -> Option<String> {
    judge(look).into_iter().find_map(|(name, holds)| match holds {
        Yes(_) => None,
        No(why) | Unseen(why) => Some(format!("{name}: {why}")),
    })
}

fn note(name: &str, holds: Holds) -> Option<Note> {
    match holds {
        Unseen(why) => Some(Note::warning(format!("{name}: {why}"))),
        Yes(_) | No(_) => None,
    }
}

fn class(look: &Look) -> Holds {
    let version = look.observed.version;
    if version >= Version(1, 22) {
        return Yes(format!("Kubernetes {version}"));
    }
    let without =
        format!("Kubernetes {version} has no loadBalancerClass (1.22 has), so the cloud's service controller would take the Service");
    if look.assume_class { Yes(format!("Kubernetes {version}, and the class is assumed")) } else { No(without) }
}

fn kube_proxy(look: &Look) -> Holds {
    match &look.observed.kube_proxy {
        None => No("no pod of it in kube-system: without it nothing here is known to serve the address".to_owned()),
        Some(proxy) => match proxy.mode.as_deref() {
            Some(mode @ "iptables") => Yes(mode.to_owned()),
            Some("nftables") if proxy.version.is_some_and(|version| version < NFTABLES) => {
                No(format!("its mode nftables is experimental before {NFTABLES}"))
            }
            Some("nftables") => Yes("nftables, which serves the address as iptables does (tried with 1.36)".to_owned()),
            Some("ipvs") => {
                No("in ipvs mode it puts the address on the interface kube-ipvs0, where the API server answers on it".to_owned())
            }
            Some(mode) => No(format!("its mode {mode} is unproven")),
            None => Unseen("its mode couldn't be read".to_owned()),
        },
    }
}

fn skew(look: &Look) -> Holds {
    let server = look.observed.version;
    match look.observed.kube_proxy.as_ref().and_then(|proxy| proxy.version) {
        Some(proxy) if proxy > server => No(format!("kube-proxy {proxy} is newer than the API server {server}")),
        Some(proxy) if server.1.saturating_sub(proxy.1) > SKEW => No(format!("kube-proxy {proxy} is too old for the API server {server}")),
        Some(proxy) => Yes(format!("kube-proxy {proxy}, API server {server}")),
        None => Unseen("kube-proxy's version couldn't be read".to_owned()),
    }
}

fn pod_network(look: &Look) -> Holds {
    match &look.observed.network {
        PodNetwork::AmazonVpc => No("the Amazon VPC CNI hands every address of the interface to pods".to_owned()),
        PodNetwork::Cilium { ipam: Some(ipam), .. } if ipam == "eni" => {
            No("Cilium with `ipam: eni` hands every address of the interface to pods".to_owned())
        }
        PodNetwork::Cilium { replaces_kube_proxy: true, .. } => No("Cilium in the place of kube-proxy is unproven here".to_owned()),
        PodNetwork::Cilium { .. } => Unseen("Cilium beside kube-proxy is untried here".to_owned()),
        PodNetwork::Other => Yes("leaves the interface's addresses alone".to_owned()),
    }
}

fn ingress_pods(look: &Look) -> Holds {
    let ingress = match &look.observed.ingress {
        Ok(ingress) => ingress,
        Err(why) => return No(why.clone()),
    };
    if let Some(pod) = ingress.pods.iter().find(|pod| pod.host_network) {
        return No(format!("{} is in the node's network, where it has no address of its own", pod.name));
    }
    match ingress.pods.iter().filter(|pod| pod.ready).count() {
        0 => No(format!("no pod of {} is ready", ingress.service)),
        ready => Yes(format!("{ready} of {} ready", ingress.service)),
    }
}

fn unclaimed(look: &Look) -> Holds {
    let secondary = look.secondary.map(|ip| ip.to_string()).unwrap_or_default();
    match look.observed.others.iter().find(|(_, addresses)| addresses.contains(&secondary)) {
        Some((service, _)) => No(format!("the Service {service} has {secondary} already")),
        None => Yes("no other Service has the address".to_owned()),
    }
}

/// An address that isn't ours to take off would stay there, and with it the API server would answer.
fn node(look: &Look) -> Holds {
    let Some(state) = look.node else { return Yes("nothing of ours is on it".to_owned()) };
    if !state.leftovers.redirect_rules.is_empty() || state.leftovers.netplan.is_some() {
        return No("the old scripts' set-up is on it: take it over first, with `--data-path haproxy`".to_owned());
    }
    if let Some(agent) = agent(look) {
        return No(format!("{}, and on an interface the API server answers on it", agent.sentence()));
    }
    let foreign = state.addresses.iter().find(|address| Some(address.ip) == look.secondary && state.our_secondary() != look.secondary);
    match foreign {
        Some(address) => No(format!(
            "something has put {}/{} on {}, where the API server answers on it: take it off there",
            address.ip, address.prefix, address.interface
        )),
        None => Yes("the address is on no interface but by us".to_owned()),
    }
}

/// What would bring the address back.
fn agent<'a>(look: &Look<'a>) -> Option<&'a AddressAgent> {
    look.node?.address_agents.iter().find(|agent| agent.adds(look.secondary))
}

/// Up to kOps 1.34 dns-controller publishes every internal address of the node, also ours.
fn api_internal(look: &Look) -> Holds {
    match look.observed.kops {
        Some(kops) if kops < Version(1, 35) => Unseen(format!(
            "kOps {kops} also publishes the second address as api.internal of the cluster: who takes that one reaches the ingress. \
             HAProxy would send it to the API server; kOps 1.35 doesn't publish it"
        )),
        Some(kops) => Yes(format!("kOps {kops} publishes the primary address alone")),
        None => Unseen("no dns-controller was found, so it isn't known what api.internal leads to".to_owned()),
    }
}

/// Why `--keep-api-internal` isn't possible.
pub fn keep_api_internal() -> Failure {
    Failure::refused("api.internal of the cluster can't be kept on the second address with this data path")
        .because(
            "NAT sees addresses and not names: a connection for api.internal and one for an application look the same until TLS has \
             begun, and by their source they can't be told apart either",
        )
        .state("nothing was changed")
        .next("use `--data-path haproxy`, which reads the name and sends it to the API server")
        .next("or kOps 1.35, which doesn't publish the second address")
}
