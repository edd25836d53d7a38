//! The fragment of each change.

use std::net::Ipv4Addr;

use super::{Fragment, haproxy, leftovers, removal, watchdog};
use crate::failure::{Failure, Result};
use crate::names::InterfaceName;
use crate::node::files::{NET_SCRIPT, NodeFile};
use crate::plan::node::{NodeChange, Package};

/// Ends every file in a script. No file of ours contains such a line.
const END_OF_FILE: &str = "K8SPORT_END_OF_FILE";

impl Fragment {
    pub fn new(seconds: u64, apply: String) -> Self {
        Self { apply, undo: String::new(), seconds }
    }

    /// The fragment of `changes[index]`.
    pub(super) fn of(changes: &[NodeChange], index: usize, public: Option<Ipv4Addr>) -> Result<Self, Failure> {
        let reloads = |change: &NodeChange| {
            matches!(change, NodeChange::EnableUnits { .. } | NodeChange::ConfigureHaproxy { .. } | NodeChange::StartHaproxy { .. })
        };
        Ok(match &changes[index] {
            NodeChange::KeepNetwork => Self::new(70, watchdog::DISARM.to_owned()),
            NodeChange::InstallPackage { package } => install(*package),
            NodeChange::WriteFile { file, .. } => write(file, index, changes[index..].iter().any(reloads), public)?,
            NodeChange::BringUpNetwork { address, redirect, .. } => bring_up(*address, redirect.is_some()),
            NodeChange::EnableUnits { units } => enable(units, is_read_anew(&changes[..index])),
            NodeChange::NarrowAddress { interface, address, prefix } => leftovers::narrow(interface, *address, *prefix),
            NodeChange::RemoveAddress { interface, address, prefix } => leftovers::remove_address(interface, *address, *prefix),
            NodeChange::AddAddress { interface, address } => add_address(interface, *address),
            NodeChange::HandOver { secondary } => removal::hand_over(*secondary),
            NodeChange::RemoveRedirectRules { rule, .. } => leftovers::remove_rules(rule),
            NodeChange::RemoveNetplanFile { sha256, .. } => leftovers::remove_netplan(sha256),
            NodeChange::StripSavedRules { old_sha256, remaining, .. } => leftovers::strip_rules(old_sha256, remaining.as_deref()),
            NodeChange::DisableApiForward => leftovers::disable_api_forward(),
            NodeChange::ConfigureHaproxy { config, .. } => haproxy::configure(config),
            NodeChange::SwitchHttpsRedirect { config, old_sha256, .. } => haproxy::reconfigure(config, old_sha256),
            NodeChange::StartHaproxy { .. } => haproxy::start(),
            NodeChange::StopDistributionHaproxy { config_sha256, .. } => haproxy::stop_distribution(config_sha256),
            NodeChange::StopHaproxy => haproxy::stop(),
            NodeChange::StopUnits { units } => removal::stop_units(units),
            NodeChange::RemoveRedirect { secondary } => removal::redirect(*secondary),
            NodeChange::RemoveUnits { units } => removal::units(units),
            NodeChange::PurgePackages { packages } => removal::purge(packages),
            NodeChange::RemoveFiles { directory, files } => removal::files(directory, files),
            NodeChange::RemoveRuntimeDirectory { directory } => removal::runtime_directory(directory),
        })
    }
}

/// A here-document with `content` for the command in front of it.
pub fn here_document(command: &str, content: &str) -> String {
    let newline = if content.ends_with('\n') { "" } else { "\n" };
    // Content that comes from the node may have any line; what follows the end would be run.
    let mut end = END_OF_FILE.to_owned();
    while content.lines().any(|line| line == end) {
        end.push('_');
    }
    format!("{command} <<'{end}'\n{content}{newline}{end}\n")
}

fn install(package: Package) -> Fragment {
    let name = package.as_str();
    // The package enables and starts an instance of its own, which leaves sockets behind; masked, it isn't started.
    let apply = match package {
        Package::Nftables => format!("install {name}\n"),
        Package::Haproxy => format!(
            "had=$(command -v {name} || :)
[ -n \"$had\" ] || systemctl mask -q --runtime haproxy.service
rc=0
install {name} || rc=$?
systemctl unmask -q --runtime haproxy.service
[ $rc -eq 0 ]
[ -n \"$had\" ] || systemctl disable -q --now haproxy.service
"
        ),
    };
    Fragment::new(420, apply)
}

fn write(file: &NodeFile, index: usize, reloads_later: bool, public: Option<Ipv4Addr>) -> Result<Fragment> {
    let content = file.render(public).ok_or_else(|| {
        Failure::failed(format!("{} can't be written", file.path()))
            .because("the Elastic IP in it isn't known")
            .state("the node was not changed")
    })?;
    let path = file.path();
    let put = here_document(&format!("put {path} {}", file.mode()), &content);
    // systemd reads units again when they are enabled or started, which follows; reading takes it 0.1 s each time.
    let reload = if file.is_unit() && !reloads_later { "systemctl daemon-reload\n" } else { "" };
    if !matches!(file, NodeFile::Redirect(_) | NodeFile::NetSettings(_)) {
        return Ok(Fragment::new(20, format!("{put}{reload}")));
    }
    Ok(Fragment {
        apply: format!("[ ! -e {path} ] || cp -pf {path} \"$UNDO/file.{index}\"\n{put}{reload}"),
        undo: format!("if [ -e \"$UNDO/file.{index}\" ]; then cp -pf \"$UNDO/file.{index}\" {path}; else rm -f {path}; fi\n"),
        seconds: 20,
    })
}

/// The undo relies on the files having been put back before: with settings it restores what they say, without it
/// removes what this run added.
fn bring_up(address: Option<Ipv4Addr>, redirect: bool) -> Fragment {
    let address = address.map_or_else(String::new, watchdog::remove_secondary);
    let redirect = if redirect { watchdog::REMOVE_REDIRECT } else { "" };
    Fragment {
        apply: format!("{NET_SCRIPT} up\n"),
        undo: format!("if [ -e /etc/k8sport/net.conf ]; then\n{NET_SCRIPT} check\nelse\n{address}{redirect}fi\n"),
        seconds: 75,
    }
}

fn add_address(interface: &InterfaceName, address: Ipv4Addr) -> Fragment {
    let there = format!("ip -o -4 addr show dev {interface} | grep -qF ' {address}/'");
    Fragment {
        apply: format!("{there} || ip addr add {address}/32 dev {interface} noprefixroute\n"),
        undo: format!("if [ ! -e /etc/k8sport/net.conf ]; then\n{}fi\n", watchdog::remove_secondary(address)),
        seconds: 10,
    }
}

/// Whether systemd has read its units again since one was written: each time takes it 0.1 s.
fn is_read_anew(before: &[NodeChange]) -> bool {
    let last = before.iter().rev().find_map(|change| match change {
        NodeChange::WriteFile { file, .. } if file.is_unit() => Some(false),
        NodeChange::ConfigureHaproxy { .. } | NodeChange::StartHaproxy { .. } | NodeChange::EnableUnits { .. } => Some(true),
        _ => None,
    });
    last == Some(true)
}

fn enable(units: &[&str], read_anew: bool) -> Fragment {
    let (reload, units) = (if read_anew { "" } else { "systemctl daemon-reload\n" }, units.join(" "));
    Fragment::new(100, format!("{reload}systemctl enable -q --no-reload --now {units}\n"))
}
