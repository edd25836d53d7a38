//! Address, redirect and the units that keep them, and what the scripts left of the same.

use std::net::Ipv4Addr;

use super::leftovers::{API_FORWARD_UNIT, NETPLAN_FILE, RULES_FILE};
use super::state::{Address, Cni, NodeState, RedirectState};
use super::{FrozenRules, NodeChange, Package, RedirectRepair, netplan};
use crate::failure::{Failure, Result};
use crate::names::InterfaceName;
use crate::node::files::{MacAddress, NET_TIMER, NET_UNIT, NetSettings, NodeFile, Redirect, RedirectBackend};
use crate::plan::change::Deferred;

/// What the network part of the node should be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkWanted {
    pub secondary: Ipv4Addr,
    /// The Elastic IP.
    pub public: Deferred<Ipv4Addr>,
    /// Of the ENI, as AWS writes it.
    pub mac: String,
}

/// The changes that make the node's network as wanted; none when it is. Ours comes up first and the scripts' leftovers
/// go away after it, so that there is no moment in which nobody serves the address.
pub fn network(state: &NodeState, wanted: &NetworkWanted) -> Result<Vec<NodeChange>, Failure> {
    refuse_unfit(state)?;
    let mac: MacAddress =
        wanted.mac.parse().map_err(|error| Failure::failed("the network interface's MAC address is unusable").because(error))?;
    let eni = state.eni.clone().ok_or_else(|| no_interface(state, &mac))?;
    if state.addresses.iter().any(|address| address.ip == wanted.secondary && address.dynamic) {
        return Err(Failure::refused(format!("{} is the node's own address", wanted.secondary))
            .because("the node got it from DHCP, so the API server's port 443 on it must stay as it is")
            .next("name a secondary private address of the network interface"));
    }
    let (backend, package) = backend(state)?;
    let redirect = NodeFile::Redirect(Redirect { backend, secondary: wanted.secondary, public: wanted.public });
    let settings = NodeFile::NetSettings(NetSettings { mac, secondary: wanted.secondary, backend });

    let mut changes = Vec::new();
    changes.extend(state.watchdog_armed.then_some(NodeChange::KeepNetwork));
    changes.extend(package.map(|package| NodeChange::InstallPackage { package }));
    let programs = [NodeFile::NetScript, NodeFile::NetUnit, NodeFile::NetCheckUnit, NodeFile::NetTimer];
    changes.extend(programs.into_iter().filter_map(|file| state.write(file)));
    let written = [settings, redirect].into_iter().filter_map(|file| state.write(file)).collect::<Vec<_>>();
    changes.extend(bring_up(state, wanted, &eni, !written.is_empty(), written));
    changes.extend(stray_addresses(state, wanted, &eni));
    changes
        .extend(state.leftovers.redirect_rules.iter().map(|(rule, count)| NodeChange::RemoveRedirectRules { rule: *rule, count: *count }));
    changes.extend(state.enable(&[NET_UNIT, NET_TIMER]));
    changes.extend(saved_leftovers(state));
    Ok(changes)
}

/// Our address on the ENI's interface and nothing else, while kube-proxy serves it.
pub fn address_first(state: &NodeState, secondary: Ipv4Addr) -> Vec<NodeChange> {
    let Some(interface) = state.eni.clone() else { return Vec::new() };
    let missing = state.addresses_of(&interface).all(|address| address.ip != secondary);
    missing.then_some(NodeChange::AddAddress { interface, address: secondary }).into_iter().collect()
}

/// What was seen and deliberately left alone.
pub fn network_notes(state: &NodeState) -> Vec<String> {
    let mut notes = Vec::new();
    let leftovers = &state.leftovers;
    if leftovers.netplan.as_ref().is_some_and(|file| netplan::scripts_address(&file.content).is_none()) {
        notes.push(format!("{NETPLAN_FILE} has been edited by hand, so it stays; a static address in it comes up before DHCP at boot"));
    }
    if let Some(rules) = leftovers.rules_file.as_ref().map(|file| FrozenRules::read(&file.content))
        && !rules.is_scripts()
        && rules.cluster_lines > 0
    {
        let lines = rules.cluster_lines;
        notes.push(format!("{RULES_FILE} isn't the old scripts', so it stays; its {lines} line(s) of the cluster's own chains come back stale at the next boot"));
    }
    notes.extend(leftovers.foreign_rules.iter().map(|rule| format!("an iptables rule for port 443 that isn't ours stays: {rule}")));
    if state.unit(API_FORWARD_UNIT).loaded && holds_api_port(state) {
        notes.push(format!("{API_FORWARD_UNIT} really serves port 443 of this node, so it stays"));
    }
    notes
}

/// Systems where a second address of the node does harm or can't be kept.
pub fn refuse_unfit(state: &NodeState) -> Result<()> {
    let pods = match &state.cni {
        Cni::AmazonVpc => Some("the Amazon VPC CNI"),
        Cni::CiliumEni => Some("Cilium with `ipam: eni`"),
        _ => None,
    };
    if let Some(cni) = pods {
        return Err(Failure::refused(format!("{cni} runs on {}", state.hostname))
            .because("it hands every address of the network interface to pods, this one too, and may unassign it")
            .next("use a cluster with Calico or with Cilium's cluster-pool address management")
            .next("or do without a second address: `--no-secondary-ip` serves HTTP on the primary one"));
    }
    if state.os.id == "flatcar" {
        return Err(Failure::refused(format!("{} runs Flatcar", state.hostname))
            .because("its /usr can't be written and it has no packages of HAProxy and nftables")
            .next("use an image of Ubuntu or Debian for the control plane"));
    }
    Ok(())
}

fn no_interface(state: &NodeState, mac: &MacAddress) -> Failure {
    let seen: Vec<String> = state.interfaces.iter().map(|interface| format!("{} {}", interface.name, interface.mac)).collect();
    Failure::failed(format!("{} has no interface with the MAC address {mac}", state.hostname))
        .because(format!("it has {}", seen.join(", ")))
        .state("nothing was changed on the node")
        .next("check that the address answers from the instance that AWS describes, and not from another one")
}

/// nftables wherever it can be had. A node that already runs on iptables stays there, so that never both are loaded.
fn backend(state: &NodeState) -> Result<(RedirectBackend, Option<Package>)> {
    let tools = &state.tools;
    let iptables_already = state.files.contains_key("/etc/k8sport/k8sport.iptables") && tools.iptables.is_some();
    match (&tools.nft, tools.apt, &tools.iptables) {
        _ if iptables_already => Ok((RedirectBackend::Iptables, None)),
        (Some(_), _, _) => Ok((RedirectBackend::Nftables, None)),
        (None, true, _) => Ok((RedirectBackend::Nftables, Some(Package::Nftables))),
        (None, false, Some(_)) => Ok((RedirectBackend::Iptables, None)),
        (None, false, None) => Err(Failure::refused(format!("{} has neither nft nor iptables", state.hostname))
            .because(format!("{} has no apt-get to install nftables with", state.os.name))
            .next("install nftables on the node (don't enable nftables.service: it flushes kube-proxy's rules), then run this again")),
    }
}

fn bring_up(state: &NodeState, wanted: &NetworkWanted, eni: &InterfaceName, rewritten: bool, written: Vec<NodeChange>) -> Vec<NodeChange> {
    let address = state.addresses_of(eni).all(|address| address.ip != wanted.secondary).then_some(wanted.secondary);
    let redirect = match state.redirect {
        RedirectState::Missing => Some(RedirectRepair::Missing),
        RedirectState::Present if !rewritten => None,
        RedirectState::Present | RedirectState::Changed => Some(RedirectRepair::Differs),
    };
    let mut changes = written;
    if address.is_some() || redirect.is_some() {
        changes.push(NodeChange::BringUpNetwork { interface: eni.clone(), address, redirect });
    }
    changes
}

/// Addresses on the ENI's interface that the scripts, or we for another secondary address, put there.
fn stray_addresses(state: &NodeState, wanted: &NetworkWanted, eni: &InterfaceName) -> Vec<NodeChange> {
    let known = [state.bash_secondary(), state.our_secondary()];
    let stray = |address: &Address| {
        let Address { interface, ip, prefix, .. } = address.clone();
        if ip == wanted.secondary {
            (prefix < 32).then_some(NodeChange::NarrowAddress { interface, address: ip, prefix })
        } else {
            (known.contains(&Some(ip)) && !address.dynamic).then_some(NodeChange::RemoveAddress { interface, address: ip, prefix })
        }
    };
    state.addresses_of(eni).filter_map(stray).collect()
}

/// What would come back at the next boot.
fn saved_leftovers(state: &NodeState) -> Vec<NodeChange> {
    let mut changes = Vec::new();
    if let Some(file) = &state.leftovers.netplan
        && let Some((_, address, prefix)) = netplan::scripts_address(&file.content)
    {
        changes.push(NodeChange::RemoveNetplanFile { sha256: file.sha256.clone(), address, prefix });
    }
    if let Some(file) = &state.leftovers.rules_file {
        let rules = FrozenRules::read(&file.content);
        if rules.is_scripts() {
            changes.push(NodeChange::StripSavedRules {
                old_sha256: file.sha256.clone(),
                redirects: rules.redirects.len(),
                cluster_lines: rules.cluster_lines,
                remaining: rules.remaining,
            });
        }
    }
    let forward = state.unit(API_FORWARD_UNIT);
    if forward.loaded && (forward.enabled || forward.active || forward.sub_state == "auto-restart") && !holds_api_port(state) {
        changes.push(NodeChange::DisableApiForward);
    }
    changes
}

/// Whether the scripts' forward is what answers on 443: then the API server has been moved and depends on it.
fn holds_api_port(state: &NodeState) -> bool {
    state.listeners.iter().any(|listener| {
        listener.port == 443
            && (listener.unit.as_deref() == Some(API_FORWARD_UNIT) || (listener.unit.is_none() && listener.process == "socat"))
    })
}

impl NodeState {
    /// The change that makes `file` as wanted, None when it is.
    pub(super) fn write(&self, file: NodeFile) -> Option<NodeChange> {
        let old = self.files.get(file.path());
        // A content that isn't known yet differs from whatever is there: the address in it doesn't exist yet.
        let same =
            old.is_some_and(|old| file.render(None).as_ref() == Some(&old.content) && old.mode == format!("{} root:root", file.mode()));
        (!same).then(|| NodeChange::WriteFile { file, old_sha256: old.map(|old| old.sha256.clone()) })
    }

    pub(super) fn enable(&self, units: &[&'static str]) -> Option<NodeChange> {
        let unit = |name: &str| self.unit(name);
        let missing: Vec<_> = units.iter().copied().filter(|name| !unit(name).enabled || !unit(name).active || unit(name).stale).collect();
        (!missing.is_empty()).then_some(NodeChange::EnableUnits { units: missing })
    }
}
