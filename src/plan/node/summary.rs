//! The changes as an operator reads them.

use std::net::Ipv4Addr;

use super::change::{HAPROXY_GRACE, NodeChange, RedirectRepair};
use super::leftovers::{API_FORWARD_UNIT, NETPLAN_FILE, RULES_FILE};
use crate::names::InterfaceName;
use crate::node::files::{Front, HaproxyConfig, HttpsRedirect};
use crate::plan::change::{Summary, Verb};

impl NodeChange {
    pub fn summary(&self) -> Summary {
        let (verb, thing, detail) = self.parts();
        Summary { verb, thing, detail }
    }

    fn parts(&self) -> (Verb, &'static str, String) {
        match self {
            Self::KeepNetwork => {
                (Verb::Change, "watchdog", "stop it, or it takes the network changes of an interrupted run back".to_owned())
            }
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
            Self::AddAddress { interface, address } => (Verb::Create, "address", format!("{address}/32 on {interface}")),
            Self::HandOver { secondary } => {
                (Verb::Remove, "redirect", format!("port 443 of {secondary} to its port 8443, once kube-proxy serves the address"))
            }
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
            Self::SwitchHttpsRedirect { config, before, .. } => (
                Verb::Change,
                "HAProxy",
                format!("redirect from HTTP to HTTPS: {}, was {}", redirect(&config.https_redirect), redirect(before)),
            ),
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
            Self::StopHaproxy => {
                let detail = format!("stop k8sport-haproxy.service; connections that are open after {HAPROXY_GRACE} s are cut");
                (Verb::Remove, "HAProxy", detail)
            }
            Self::StopUnits { units } => (Verb::Remove, "units", format!("stop {}", units.join(", "))),
            Self::RemoveRedirect { secondary: Some(ip) } => (Verb::Remove, "redirect", format!("port 443 of {ip} to its port 8443")),
            Self::RemoveRedirect { secondary: None } => (Verb::Remove, "redirect", "of port 443, left without its settings".to_owned()),
            Self::RemoveUnits { units } => (Verb::Remove, "units", units.join(", ")),
            Self::PurgePackages { packages } => {
                (Verb::Remove, "packages", format!("purge {}, which k8sport installed", packages.join(", ")))
            }
            Self::RemoveFiles { directory, files } if files.is_empty() => {
                (Verb::Remove, "directory", format!("{directory}, which is empty"))
            }
            Self::RemoveFiles { directory, files } => (Verb::Remove, "files", format!("{directory}: {}", files.join(", "))),
            Self::RemoveRuntimeDirectory { directory } => (Verb::Remove, "directory", format!("{directory} with everything in it")),
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

fn redirect(state: &HttpsRedirect) -> String {
    match state {
        HttpsRedirect::Absent => "none".to_owned(),
        HttpsRedirect::On => "on".to_owned(),
        HttpsRedirect::Off { until: None } => "off".to_owned(),
        HttpsRedirect::Off { until: Some(until) } => format!("off until {until}"),
    }
}

fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}
