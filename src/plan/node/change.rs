//! The changes on the node, each with the thing, its old and its new value.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::leftovers::{API_FORWARD_UNIT, NETPLAN_FILE, RULES_FILE, RedirectRule};
use crate::names::InterfaceName;
use crate::node::files::{Front, HaproxyConfig, NodeFile};
use crate::plan::change::{Summary, Verb};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Package {
    Nftables,
    Haproxy,
}

impl Package {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nftables => "nftables",
            Self::Haproxy => "haproxy",
        }
    }
}

/// Why the redirect has to be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedirectRepair {
    Missing,
    /// The kernel holds something else, or our file changes.
    Differs,
}

/// One change on the node. Applying one twice is the same as applying it once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "node", rename_all = "kebab-case")]
pub enum NodeChange {
    /// An interrupted run left its watchdog armed. That we reached the node shows that its changes may stay.
    KeepNetwork,
    InstallPackage {
        package: Package,
    },
    WriteFile {
        #[serde(flatten)]
        file: NodeFile,
        /// None for a new file.
        old_sha256: Option<String>,
    },
    BringUpNetwork {
        interface: InterfaceName,
        /// The address that is missing.
        address: Option<Ipv4Addr>,
        redirect: Option<RedirectRepair>,
    },
    /// Enables units and starts those that don't run.
    EnableUnits {
        units: Vec<&'static str>,
    },
    /// The address gets the prefix /32 instead of one that makes half the network look directly connected.
    NarrowAddress {
        interface: InterfaceName,
        address: Ipv4Addr,
        prefix: u8,
    },
    /// An address that the scripts or an earlier run of ours configured and that isn't wanted any more.
    RemoveAddress {
        interface: InterfaceName,
        address: Ipv4Addr,
        prefix: u8,
    },
    RemoveRedirectRules {
        rule: RedirectRule,
        count: u32,
    },
    /// Only the file: the running network isn't touched.
    RemoveNetplanFile {
        sha256: String,
        address: Ipv4Addr,
        prefix: u8,
    },
    /// The saved ruleset loses the scripts' redirects and the chains of the cluster that were frozen with them.
    StripSavedRules {
        old_sha256: String,
        redirects: usize,
        cluster_lines: usize,
        /// None when nothing is left and the file goes.
        remaining: Option<String>,
    },
    DisableApiForward,
    /// Written, checked, started or reloaded, seen to listen; else the previous one is put back.
    ConfigureHaproxy {
        config: HaproxyConfig,
        old_sha256: Option<String>,
    },
    /// The configuration is right, but what runs wasn't started with it.
    StartHaproxy {
        running: bool,
    },
    /// The distribution's instance: the scripts', or one that came with a package that we installed.
    StopDistributionHaproxy {
        config_sha256: String,
        of_scripts: bool,
    },
}

impl NodeChange {
    /// Whether a mistake in it could cut the node off, so that it is taken back unless a fresh connection confirms.
    pub fn is_watched(&self) -> bool {
        match self {
            Self::WriteFile { file, .. } => matches!(file, NodeFile::Redirect(_) | NodeFile::NetSettings(_)),
            Self::BringUpNetwork { .. } | Self::NarrowAddress { .. } | Self::RemoveAddress { .. } | Self::RemoveRedirectRules { .. } => {
                true
            }
            _ => false,
        }
    }

    /// Whether it only removes what the old scripts or an interrupted run left.
    pub fn is_leftover(&self) -> bool {
        matches!(
            self,
            Self::KeepNetwork
                | Self::RemoveRedirectRules { .. }
                | Self::RemoveNetplanFile { .. }
                | Self::StripSavedRules { .. }
                | Self::DisableApiForward
                | Self::StopDistributionHaproxy { .. }
        )
    }

    pub fn summary(&self) -> Summary {
        let (verb, thing, detail) = self.parts();
        Summary { verb, thing, detail }
    }

    fn parts(&self) -> (Verb, &'static str, String) {
        match self {
            Self::KeepNetwork => (Verb::Change, "watchdog", "keep the network changes of an interrupted run".to_owned()),
            Self::InstallPackage { package } => {
                (Verb::Create, "package", format!("install {} with apt-get; its own service stays off", package.as_str()))
            }
            Self::WriteFile { file, old_sha256: None } => (Verb::Create, "file", file.path().to_owned()),
            Self::WriteFile { file, old_sha256: Some(old) } => {
                (Verb::Change, "file", format!("{} (was sha256 {})", file.path(), short(old)))
            }
            Self::BringUpNetwork { interface, address, redirect } => bring_up(interface, *address, *redirect),
            Self::EnableUnits { units } => (Verb::Change, "units", format!("enable and start {}", units.join(", "))),
            Self::NarrowAddress { interface, address, prefix } => {
                (Verb::Change, "address", format!("{address}/{prefix} on {interface} becomes {address}/32"))
            }
            Self::RemoveAddress { interface, address, prefix } => (Verb::Remove, "address", format!("{address}/{prefix} from {interface}")),
            Self::RemoveRedirectRules { rule, count } => (
                Verb::Remove,
                "iptables rule",
                format!("{} 443 of {} to 8443 of the old scripts, {count} time(s)", rule.chain.as_str(), rule.destination),
            ),
            Self::RemoveNetplanFile { address, prefix, .. } => {
                (Verb::Remove, "netplan file", format!("{NETPLAN_FILE} of the old scripts ({address}/{prefix}); a copy is kept"))
            }
            Self::StripSavedRules { redirects, cluster_lines, remaining, .. } => (
                if remaining.is_some() { Verb::Change } else { Verb::Remove },
                "saved rules",
                format!(
                    "{RULES_FILE}: {redirects} redirect(s) of the old scripts and {cluster_lines} frozen line(s) of the cluster; a copy is kept"
                ),
            ),
            Self::DisableApiForward => {
                (Verb::Remove, "unit", format!("stop and disable {API_FORWARD_UNIT} of the old scripts, which never gets its port"))
            }
            Self::ConfigureHaproxy { config, old_sha256 } => {
                let verb = if old_sha256.is_some() { Verb::Change } else { Verb::Create };
                (verb, "HAProxy", configuration(config))
            }
            Self::StartHaproxy { running: false } => (Verb::Change, "HAProxy", "start k8sport-haproxy.service".to_owned()),
            Self::StartHaproxy { running: true } => {
                (Verb::Change, "HAProxy", "reload k8sport-haproxy.service, which runs with an older configuration".to_owned())
            }
            Self::StopDistributionHaproxy { of_scripts: true, .. } => {
                (Verb::Remove, "HAProxy", "stop and disable haproxy.service as the old scripts configured it".to_owned())
            }
            Self::StopDistributionHaproxy { of_scripts: false, .. } => {
                (Verb::Remove, "HAProxy", "stop and disable haproxy.service, which came with the package".to_owned())
            }
        }
    }
}

fn bring_up(interface: &InterfaceName, address: Option<Ipv4Addr>, redirect: Option<RedirectRepair>) -> (Verb, &'static str, String) {
    let redirect_text = match redirect {
        Some(RedirectRepair::Missing) => Some("load the redirect of port 443".to_owned()),
        Some(RedirectRepair::Differs) => Some("load the redirect of port 443 anew".to_owned()),
        None => None,
    };
    let address_text = address.map(|ip| format!("{ip}/32 on {interface}"));
    let verb = if address.is_some() || redirect == Some(RedirectRepair::Missing) { Verb::Create } else { Verb::Change };
    (verb, "network", [redirect_text, address_text].into_iter().flatten().collect::<Vec<_>>().join(", then "))
}

fn configuration(config: &HaproxyConfig) -> String {
    match config.front {
        Front::Secondary(ip) => format!("{ip}:8443 -> {}, {ip}:80 -> {}", config.https_backend, config.http_backend),
        Front::HttpOnly(ip) => format!("{ip}:80 -> {} (HTTP only)", config.http_backend),
    }
}

fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}
