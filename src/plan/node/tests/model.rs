//! A node as a value: what applying a change makes of a state, without any script.

use std::net::Ipv4Addr;

use crate::node::files::{HAPROXY_UNIT, NodeFile};
use crate::plan::node::{Address, FileState, NodeChange, NodeState, Package, RedirectState, UnitState};

pub fn apply(state: &mut NodeState, changes: &[NodeChange], public: Option<Ipv4Addr>) {
    for change in changes {
        one(state, change, public);
    }
}

fn running() -> UnitState {
    UnitState { loaded: true, enabled: true, active: true, ..UnitState::default() }
}

fn write(state: &mut NodeState, file: &NodeFile, public: Option<Ipv4Addr>) {
    let content = file.render(public).expect("the public address is known when it is applied");
    let written = FileState { content, sha256: "new".to_owned(), mode: format!("{} root:root", file.mode()) };
    state.files.insert(file.path().to_owned(), written);
    if matches!(file, NodeFile::Redirect(_)) && state.redirect == RedirectState::Present {
        state.redirect = RedirectState::Changed;
    }
}

fn one(state: &mut NodeState, change: &NodeChange, public: Option<Ipv4Addr>) {
    let eni = state.eni.clone();
    let slash_32 = |ip| Address {
        interface: eni.expect("an interface"),
        ip,
        prefix: 32,
        scope: "global".to_owned(),
        secondary: false,
        dynamic: false,
    };
    match change {
        NodeChange::KeepNetwork => state.watchdog_armed = false,
        NodeChange::InstallPackage { package } => {
            match package {
                Package::Nftables => state.tools.nft = Some("nftables v1.0.6".to_owned()),
                Package::Haproxy => {
                    state.tools.haproxy = Some("HAProxy version 2.6.12".to_owned());
                    state.units.insert("haproxy.service".to_owned(), UnitState { loaded: true, ..UnitState::default() });
                }
            }
            state.installed_by_us.insert(package.as_str().to_owned());
        }
        NodeChange::WriteFile { file, .. } => write(state, file, public),
        NodeChange::BringUpNetwork { address, redirect, .. } => {
            state.addresses.extend(address.map(slash_32));
            if redirect.is_some() {
                state.redirect = RedirectState::Present;
            }
        }
        NodeChange::EnableUnits { units } => state.units.extend(units.iter().map(|&unit| (unit.to_owned(), running()))),
        NodeChange::NarrowAddress { address, prefix, .. } => {
            state.addresses.retain(|known| known.ip != *address || known.prefix != *prefix);
            if !state.addresses.iter().any(|known| known.ip == *address) {
                state.addresses.push(slash_32(*address));
            }
        }
        NodeChange::RemoveAddress { address, prefix, .. } => {
            state.addresses.retain(|known| known.ip != *address || known.prefix != *prefix)
        }
        NodeChange::RemoveRedirectRules { rule, .. } => state.leftovers.redirect_rules.retain(|(known, _)| known != rule),
        NodeChange::RemoveNetplanFile { .. } => state.leftovers.netplan = None,
        NodeChange::StripSavedRules { remaining, .. } => {
            let file = state.leftovers.rules_file.take();
            state.leftovers.rules_file = remaining.clone().zip(file).map(|(content, file)| FileState { content, ..file });
        }
        NodeChange::DisableApiForward => {
            state.units.insert("kube-api-forward.service".to_owned(), UnitState { loaded: true, ..UnitState::default() });
        }
        NodeChange::ConfigureHaproxy { config, .. } => {
            write(state, &NodeFile::HaproxyConfig(config.clone()), public);
            start_haproxy(state);
        }
        NodeChange::StartHaproxy { .. } => start_haproxy(state),
        NodeChange::StopDistributionHaproxy { .. } => {
            state.units.insert("haproxy.service".to_owned(), UnitState { loaded: true, ..UnitState::default() });
            state.listeners.retain(|listener| listener.unit.as_deref() != Some("haproxy.service"));
        }
    }
}

fn start_haproxy(state: &mut NodeState) {
    let unit = state.units.entry(HAPROXY_UNIT.to_owned()).or_default();
    (unit.loaded, unit.active, unit.stale) = (true, true, false);
    state.haproxy_loaded = true;
}
