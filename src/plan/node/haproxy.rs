//! Our HAProxy instance, and the distribution's where the scripts used it.

use std::net::{Ipv4Addr, SocketAddrV4};

use super::distribution_haproxy::{Owner, owner};
use super::network::refuse_unfit;
use super::state::{Listener, NodeState, RedirectState};
use super::{NodeChange, Package};
use crate::failure::{Failure, Result};
use crate::names::DnsName;
pub use crate::node::files::Front;
use crate::node::files::{HAPROXY_CONFIG, HAPROXY_UNIT, HaproxyConfig, HttpsRedirect, NodeFile};
use crate::plan::network::Cidr;

const DISTRIBUTION_UNIT: &str = "haproxy.service";

/// What the proxy on the node should be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HaproxyWanted {
    pub cluster: DnsName,
    pub front: Front,
    pub primary: Ipv4Addr,
    /// See [`HaproxyConfig::route_api`].
    pub route_api: bool,
    /// See [`HaproxyConfig::private_sources`].
    pub private_sources: Vec<Cidr>,
    /// Seconds.
    pub timeout_tunnel: u32,
    /// The changes of [`super::network`] are applied before these: address and redirect will be there.
    pub after_network: bool,
}

/// The changes that make the proxy as wanted; none when it is.
pub fn haproxy(state: &NodeState, wanted: &HaproxyWanted) -> Result<Vec<NodeChange>, Failure> {
    if let Front::Secondary(secondary) = wanted.front {
        refuse_unfit(state)?;
        refuse_address(state, wanted, secondary)?;
    }
    refuse_conflicts(state, wanted.front)?;
    refuse_old(state)?;

    let mut changes = Vec::new();
    changes.extend((state.watchdog_armed && !wanted.after_network).then_some(NodeChange::KeepNetwork));
    if state.tools.haproxy.is_none() {
        if !state.tools.apt {
            return Err(Failure::refused(format!("{} has no HAProxy", state.hostname))
                .because(format!("{} has no apt-get to install it with", state.os.name))
                .next("install HAProxy 2.4 or newer on the node, then run this again"));
        }
        changes.push(NodeChange::InstallPackage { package: Package::Haproxy });
    }
    changes.extend(state.write(NodeFile::HaproxyUnit));
    let config = config(state, wanted);
    let running = state.unit(HAPROXY_UNIT).active;
    match state.write(NodeFile::HaproxyConfig(config.clone())) {
        Some(NodeChange::WriteFile { old_sha256, .. }) => changes.push(NodeChange::ConfigureHaproxy { config, old_sha256 }),
        _ if !running || !state.haproxy_loaded => changes.push(NodeChange::StartHaproxy { running }),
        _ => {}
    }
    changes.extend(state.enable(&[HAPROXY_UNIT]).filter(|_| {
        let unit = state.unit(HAPROXY_UNIT);
        !unit.enabled || unit.stale
    }));
    changes.extend(stop_distribution(state, wanted));
    Ok(changes)
}

/// What was seen and matters, without being a reason to stop.
pub fn haproxy_notes(state: &NodeState, wanted: &HaproxyWanted) -> Vec<String> {
    let mut notes = Vec::new();
    let backends = &state.backends;
    let https = matches!(wanted.front, Front::Secondary(_)) && !backends.primary_https && !backends.loopback_https;
    if https {
        notes.push("nothing answers on NodePort 30443 yet: HTTPS works as soon as the ingress controller is there".to_owned());
    }
    if !backends.primary_http && !backends.loopback_http {
        notes.push("nothing answers on NodePort 30080 yet: HTTP works as soon as the ingress controller is there".to_owned());
    }
    let distribution = state.unit(DISTRIBUTION_UNIT);
    if distribution.active && distribution_owner(state) == Some(Owner::Scripts) && !old_path_is_replaced(state, wanted) {
        notes.push("haproxy.service of the old scripts stays until `k8sport setup-secondary-ip` has replaced their redirect".to_owned());
    }
    notes
}

fn refuse_address(state: &NodeState, wanted: &HaproxyWanted, secondary: Ipv4Addr) -> Result<()> {
    if secondary == wanted.primary {
        return Err(Failure::refused(format!("{secondary} is the node's primary address"))
            .because("its port 443 belongs to the API server")
            .next("name a secondary private address of the network interface"));
    }
    if !wanted.after_network && state.addresses.iter().all(|address| address.ip != secondary) {
        return Err(Failure::refused(format!("{secondary} isn't configured on {}", state.hostname))
            .because("HAProxy can't listen on an address that isn't there")
            .state("nothing was changed on the node")
            .next("run `k8sport setup-secondary-ip` first"));
    }
    Ok(())
}

/// The configuration has keywords that HAProxy has had since 2.4.
fn refuse_old(state: &NodeState) -> Result<()> {
    let number = |text: &str| -> Option<(u32, u32)> {
        let version = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
        let mut parts = version.split(['.', '-']);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    match state.tools.haproxy.as_deref().and_then(number) {
        Some(version) if version < (2, 4) => {
            Err(Failure::refused(format!("HAProxy {}.{} on {} is too old", version.0, version.1, state.hostname))
                .because("the configuration needs 2.4 or newer")
                .state("nothing was changed on the node")
                .next("upgrade HAProxy or the node's operating system"))
        }
        _ => Ok(()),
    }
}

/// `haproxy -c` doesn't try to bind, so what is taken has to be seen before.
fn refuse_conflicts(state: &NodeState, front: Front) -> Result<()> {
    let conflict = |bind: &SocketAddrV4| {
        state.listeners.iter().find(|listener| listener.port == bind.port() && listener.covers(*bind.ip()) && !is_expected(state, listener))
    };
    let Some((bind, listener)) = front.binds().into_iter().find_map(|bind| conflict(&bind).map(|listener| (bind, listener))) else {
        return Ok(());
    };
    Err(Failure::refused(format!("port {} of {} is taken on {}", bind.port(), bind.ip(), state.hostname))
        .because(format!("{} listens on it", listener.who()))
        .state("nothing was changed on the node")
        .next(format!(
            "see `ss -ltnp 'sport = :{}'` on the node; move that listener to another port or address, then run this again",
            bind.port()
        )))
}

/// Our own instance, or the scripts': both set SO_REUSEPORT, the kernel prefers the more specific address, which is
/// ours, and theirs is stopped afterwards.
fn is_expected(state: &NodeState, listener: &Listener) -> bool {
    match listener.unit.as_deref() {
        Some(HAPROXY_UNIT) => true,
        Some(DISTRIBUTION_UNIT) => distribution_owner(state) == Some(Owner::Scripts),
        _ => false,
    }
}

fn config(state: &NodeState, wanted: &HaproxyWanted) -> HaproxyConfig {
    let present = state.files.get(HAPROXY_CONFIG).map_or("", |file| &file.content);
    let seen = &state.backends;
    HaproxyConfig {
        cluster: wanted.cluster.clone(),
        front: wanted.front,
        https_backend: backend(wanted.primary, 30443, seen.primary_https, seen.loopback_https, present, "k8sport_ingress_https"),
        http_backend: backend(wanted.primary, 30080, seen.primary_http, seen.loopback_http, present, "k8sport_ingress_http"),
        route_api: wanted.route_api,
        private_sources: wanted.private_sources.clone(),
        timeout_tunnel: wanted.timeout_tunnel,
        https_redirect: match wanted.front {
            Front::Secondary(_) => HttpsRedirect::configured(present),
            Front::HttpOnly(_) => HttpsRedirect::Absent,
        },
    }
}

/// The node's own address works in every mode of kube-proxy, loopback doesn't. When neither answers, what was found
/// earlier stays, so that an ingress that is just restarting changes nothing.
fn backend(primary: Ipv4Addr, port: u16, on_primary: bool, on_loopback: bool, present: &str, name: &str) -> SocketAddrV4 {
    let own = SocketAddrV4::new(primary, port);
    let loopback = SocketAddrV4::new(Ipv4Addr::LOCALHOST, port);
    match (on_primary, on_loopback) {
        (true, _) => own,
        (false, true) => loopback,
        (false, false) => HaproxyConfig::configured_backend(present, name).filter(|found| *found == loopback).unwrap_or(own),
    }
}

fn distribution_owner(state: &NodeState) -> Option<Owner> {
    state.distribution_haproxy.config.as_ref().map(|config| owner(&config.content))
}

fn stop_distribution(state: &NodeState, wanted: &HaproxyWanted) -> Option<NodeChange> {
    let unit = state.unit(DISTRIBUTION_UNIT);
    let config = state.distribution_haproxy.config.as_ref()?;
    if !unit.active && !unit.enabled {
        return None;
    }
    let config_sha256 = config.sha256.clone();
    match owner(&config.content) {
        Owner::Scripts if old_path_is_replaced(state, wanted) => {
            Some(NodeChange::StopDistributionHaproxy { config_sha256, of_scripts: true })
        }
        Owner::Stock if state.installed_by_us.contains("haproxy") => {
            Some(NodeChange::StopDistributionHaproxy { config_sha256, of_scripts: false })
        }
        _ => None,
    }
}

/// Whether nothing needs the scripts' instance any more. Their redirect goes to the primary address, where only their
/// instance listens; without a second address their port 80 is taken over and nothing of 443 may be lost.
fn old_path_is_replaced(state: &NodeState, wanted: &HaproxyWanted) -> bool {
    wanted.after_network
        || state.leftovers.redirect_rules.is_empty()
            && (state.redirect == RedirectState::Present || matches!(wanted.front, Front::HttpOnly(_)))
}
