//! Takes away everything of ours, from a node in any condition, and nothing else.
//!
//! HAProxy stops first: from then on the redirect leads to a port where nobody listens, and clients are refused at
//! once. The address goes before the redirect, since an address without it answers with the API server on port 443.
//! Units and settings go last, so that a change of the network that is taken back finds what it needs.

use std::net::Ipv4Addr;

use super::own_paths::{self, ETC, LIB, RUN, RUNTIME, TAKEN_OVER};
use super::state::{Address, NodeState, RedirectState};
use super::{FrozenRules, NodeChange, netplan};
use crate::node::files::{HAPROXY_UNIT, NET_CHECK_UNIT, NET_TIMER, NET_UNIT, RedirectBackend};

/// How far a removal goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removal {
    /// Also the packages that we installed, and what came with them.
    pub purge_packages: bool,
}

/// The changes that leave nothing of ours on the node but what [`removal_notes`] names; none when it is so.
pub fn removal(state: &NodeState, wanted: &Removal) -> Vec<NodeChange> {
    let mut changes = Vec::new();
    changes.extend(state.watchdog_armed.then_some(NodeChange::KeepNetwork));
    changes.extend((!state.unit(HAPROXY_UNIT).is_idle()).then_some(NodeChange::StopHaproxy));
    changes.extend(stop_units(state));
    changes.extend(remove_addresses(state));
    if is_redirected(state) {
        changes.push(NodeChange::RemoveRedirect { secondary: state.our_secondary() });
    }
    remove_files(state, wanted, changes)
}

/// The same when kube-proxy takes over. Our redirect has precedence, so it goes while HAProxy still serves what came
/// through it, and the address last.
pub fn withdrawal(state: &NodeState, secondary: Ipv4Addr) -> Vec<NodeChange> {
    let mut changes = Vec::new();
    changes.extend(state.watchdog_armed.then_some(NodeChange::KeepNetwork));
    let proxy = !state.unit(HAPROXY_UNIT).is_idle();
    // Until then the timer would bring the redirect back.
    changes.extend(stop_units(state));
    changes.extend((proxy || is_redirected(state)).then_some(NodeChange::HandOver { secondary }));
    changes.extend(proxy.then_some(NodeChange::StopHaproxy));
    changes.extend(remove_addresses(state));
    remove_files(state, &Removal { purge_packages: false }, changes)
}

fn is_redirected(state: &NodeState) -> bool {
    !state.loaded_redirects.is_empty() || state.redirect != RedirectState::Missing
}

fn remove_addresses(state: &NodeState) -> impl Iterator<Item = NodeChange> {
    addresses(state).map(|address| {
        let Address { interface, ip, prefix, .. } = address.clone();
        NodeChange::RemoveAddress { interface, address: ip, prefix }
    })
}

fn remove_files(state: &NodeState, wanted: &Removal, mut changes: Vec<NodeChange>) -> Vec<NodeChange> {
    let units = own_paths::units(&state.paths);
    changes.extend((!units.is_empty()).then_some(NodeChange::RemoveUnits { units }));
    let packages = purged(state, wanted);
    if !packages.is_empty() {
        changes.push(NodeChange::PurgePackages { packages });
    }
    let stays = keeps_record(state, wanted);
    changes.extend([LIB, ETC].into_iter().filter_map(|directory| {
        let files = own_paths::files(&state.paths, directory, stays)?;
        Some(NodeChange::RemoveFiles { directory, files })
    }));
    // Last of all: the lock and the log of the removal itself are in it, also when it wasn't there before.
    let working = !changes.is_empty();
    let runtime = RUNTIME.into_iter().filter(|directory| state.paths.contains(*directory) || working && *directory == RUN);
    changes.extend(runtime.map(|directory| NodeChange::RemoveRuntimeDirectory { directory }));
    changes
}

/// What stays on the node, and why.
pub fn removal_notes(state: &NodeState, wanted: &Removal) -> Vec<String> {
    let mut notes = Vec::new();
    let copies = own_paths::taken_over(&state.paths);
    if !copies.is_empty() {
        notes.push(format!(
            "{TAKEN_OVER} stays: it has the only copies of files of the old scripts ({}), whose services stay off",
            copies.join(", ")
        ));
    }
    notes.extend(state.packages.note(wanted.purge_packages, |unit| state.unit(unit), &IN_USE));
    notes.extend(own_paths::foreign(&state.paths).map(|path| format!("{path} isn't k8sport's, so it stays")));
    notes.extend(scripts_notes(state));
    let foreign = state.leftovers.foreign_rules.iter();
    notes.extend(foreign.map(|rule| format!("an iptables rule for port 443 that isn't ours stays: {rule}")));
    notes
}

fn stop_units(state: &NodeState) -> Option<NodeChange> {
    // The timer first: until then it may start the check at any time.
    let all = [NET_TIMER, NET_CHECK_UNIT, NET_UNIT, "k8sport-watchdog.service", "k8sport-watchdog-confirm.service"];
    let may_start = |unit| unit == NET_CHECK_UNIT && !state.unit(NET_TIMER).is_idle();
    let units: Vec<_> = all.into_iter().filter(|unit| !state.unit(unit).is_idle() || may_start(*unit)).collect();
    (!units.is_empty()).then_some(NodeChange::StopUnits { units })
}

/// The address of our settings. With another prefix than ours it may still be the scripts', from before a takeover
/// that didn't come to its end: then their redirect goes with it.
fn addresses(state: &NodeState) -> impl Iterator<Item = &Address> {
    let ours = state.our_secondary();
    let of_scripts = state.bash_secondary();
    state
        .addresses
        .iter()
        .filter(move |address| Some(address.ip) == ours && !address.dynamic && (address.prefix == 32 || of_scripts != Some(address.ip)))
}

/// Whose packages others have come to need. HAProxy's unit is the scripts', and they go.
const IN_USE: [&str; 1] = ["nftables.service"];

fn purged(state: &NodeState, wanted: &Removal) -> Vec<String> {
    state.packages.purged(wanted.purge_packages, |unit| state.unit(unit), &IN_USE)
}

/// Without the record a later `--purge-packages` couldn't tell which packages came with us.
fn keeps_record(state: &NodeState, wanted: &Removal) -> bool {
    !state.packages.present.is_empty() && purged(state, wanted).is_empty()
}

fn scripts_notes(state: &NodeState) -> Vec<String> {
    let mut notes = Vec::new();
    let leftovers = &state.leftovers;
    let mut rest: Vec<String> =
        leftovers.redirect_rules.iter().map(|(rule, _)| format!("the redirect of {}:443", rule.destination)).collect();
    let kept = |address: &&Address| Some(address.ip) == state.our_secondary() && !addresses(state).any(|ours| ours == *address);
    let kept = state.addresses.iter().filter(kept).filter(|address| !address.dynamic);
    rest.extend(kept.map(|Address { ip, prefix, .. }: &Address| format!("{ip}/{prefix}")));
    let file = leftovers.netplan.as_ref().filter(|file| netplan::scripts_address(&file.content).is_some());
    rest.extend(file.map(|_| super::leftovers::NETPLAN_FILE.to_owned()));
    let file = leftovers.rules_file.as_ref().filter(|file| FrozenRules::read(&file.content).is_scripts());
    rest.extend(file.map(|_| super::leftovers::RULES_FILE.to_owned()));
    if !rest.is_empty() {
        notes.push(format!("what the old scripts left was not taken over yet and stays: {}", rest.join(", ")));
    }
    notes
}

impl NodeState {
    /// The secondary address of our own settings on the node.
    pub fn our_secondary(&self) -> Option<Ipv4Addr> {
        let settings = self.files.get("/etc/k8sport/net.conf")?;
        settings.content.lines().find_map(|line| line.strip_prefix("SECONDARY="))?.parse().ok()
    }

    /// The Elastic IP of our own rules on the node.
    pub fn our_public(&self) -> Option<Ipv4Addr> {
        let secondary = self.our_secondary()?;
        let rules = [RedirectBackend::Nftables, RedirectBackend::Iptables].iter().find_map(|backend| self.files.get(backend.path()))?;
        let words = rules.content.split(|char: char| !char.is_ascii_digit() && char != '.');
        words.filter_map(|word| word.parse().ok()).find(|ip| *ip != secondary)
    }
}
