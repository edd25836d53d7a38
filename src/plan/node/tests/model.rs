//! A node as a value: what applying a change makes of a state, without any script.

use std::net::Ipv4Addr;

use crate::node::files::{HAPROXY_UNIT, NodeFile, RedirectBackend};
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
    add_path(state, file.path());
    if matches!(file, NodeFile::Redirect(_)) && state.redirect == RedirectState::Present {
        state.redirect = RedirectState::Changed;
    }
}

/// With the directories of ours that lead to it.
fn add_path(state: &mut NodeState, path: &str) {
    let ours = ["/etc/k8sport", "/usr/local/lib/k8sport"];
    state.paths.extend(ours.into_iter().filter(|directory| path.starts_with(&format!("{directory}/"))).map(str::to_owned));
    state.paths.insert(path.to_owned());
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
    // Every script begins with it, and notes what it does there.
    state.paths.insert("/run/k8sport".to_owned());
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
            state.packages.present.insert(package.as_str().to_owned());
            add_path(state, "/etc/k8sport/packages");
        }
        NodeChange::WriteFile { file, .. } => write(state, file, public),
        NodeChange::BringUpNetwork { address, redirect, .. } => {
            state.addresses.extend(address.map(slash_32));
            if redirect.is_some() {
                state.redirect = RedirectState::Present;
                state.loaded_redirects = vec![RedirectBackend::Nftables];
            }
        }
        NodeChange::EnableUnits { units } => {
            state.units.extend(units.iter().map(|&unit| (unit.to_owned(), running())));
            state.paths.extend(units.iter().map(|unit| format!("/etc/systemd/system/multi-user.target.wants/{unit}")));
        }
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
        NodeChange::RemoveNetplanFile { .. } => {
            add_path(state, "/etc/k8sport/taken-over");
            add_path(state, "/etc/k8sport/taken-over/99-secondary-ip.yaml.0123456789ab");
            state.leftovers.netplan = None;
        }
        NodeChange::StripSavedRules { remaining, .. } => {
            add_path(state, "/etc/k8sport/taken-over");
            add_path(state, "/etc/k8sport/taken-over/rules.v4.0123456789ab");
            let file = state.leftovers.rules_file.take();
            state.leftovers.rules_file = remaining.clone().zip(file).map(|(content, file)| FileState { content, ..file });
        }
        NodeChange::DisableApiForward => {
            state.units.insert("kube-api-forward.service".to_owned(), UnitState { loaded: true, ..UnitState::default() });
        }
        NodeChange::ConfigureHaproxy { config, .. } | NodeChange::SwitchHttpsRedirect { config, .. } => {
            write(state, &NodeFile::HaproxyConfig(config.clone()), public);
            start_haproxy(state);
        }
        NodeChange::StartHaproxy { .. } => start_haproxy(state),
        NodeChange::StopDistributionHaproxy { .. } => {
            state.units.insert("haproxy.service".to_owned(), UnitState { loaded: true, ..UnitState::default() });
            state.listeners.retain(|listener| listener.unit.as_deref() != Some("haproxy.service"));
        }
        NodeChange::StopHaproxy => {
            stop(state, HAPROXY_UNIT);
            state.haproxy_loaded = false;
        }
        NodeChange::StopUnits { units } => units.iter().for_each(|unit| stop(state, unit)),
        NodeChange::AddAddress { address, .. } => {
            if !state.addresses.iter().any(|known| known.ip == *address) {
                state.addresses.push(slash_32(*address));
            }
        }
        NodeChange::RemoveRedirect { .. } | NodeChange::HandOver { .. } => {
            state.redirect = RedirectState::Missing;
            state.loaded_redirects.clear();
        }
        NodeChange::RemoveUnits { units } => {
            state.units.retain(|unit, _| !units.contains(unit));
            state.paths.retain(|path| !path.starts_with("/etc/systemd/") || !units.iter().any(|unit| path.ends_with(&format!("/{unit}"))));
            state.files.retain(|path, _| state.paths.contains(path));
        }
        NodeChange::PurgePackages { packages } => purge(state, packages),
        NodeChange::RemoveFiles { directory, files } => {
            state.paths.retain(|path| !files.iter().any(|file| *path == format!("{directory}/{file}")));
            for emptied in [format!("{directory}/taken-over"), (*directory).to_owned()] {
                if !state.paths.iter().any(|path| path.starts_with(&format!("{emptied}/"))) {
                    state.paths.remove(&emptied);
                }
            }
            state.files.retain(|path, _| state.paths.contains(path));
        }
        NodeChange::RemoveRuntimeDirectory { directory } => state.paths.retain(|path| !path.starts_with(directory)),
    }
}

/// Without its file, systemd forgets a unit that is stopped.
fn stop(state: &mut NodeState, unit: &str) {
    let known = state.units.get(unit).is_some_and(|unit| unit.loaded);
    match state.units.get_mut(unit) {
        Some(unit) if known => (unit.active, unit.sub_state) = (false, "dead".to_owned()),
        _ => drop(state.units.remove(unit)),
    }
}

fn purge(state: &mut NodeState, packages: &[String]) {
    for package in packages {
        state.packages.present.remove(package);
        state.installed_by_us.remove(package);
        match package.as_str() {
            "nftables" => state.tools.nft = None,
            "haproxy" => {
                state.tools.haproxy = None;
                state.units.remove("haproxy.service");
            }
            _ => {}
        }
    }
    state.paths.remove("/etc/k8sport/packages");
}

fn start_haproxy(state: &mut NodeState) {
    let unit = state.units.entry(HAPROXY_UNIT.to_owned()).or_default();
    (unit.loaded, unit.active, unit.stale) = (true, true, false);
    state.haproxy_loaded = true;
}
