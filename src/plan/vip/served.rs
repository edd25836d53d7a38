//! What a unit that is in the way serves. Only what is on the way to the API servers may be taken over.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::frontends::{Frontend, frontends};
use super::observed::{HAPROXY, HAPROXY_CONFIG, KEEPALIVED, KEEPALIVED_CONFIG};
use super::setup::Wanted;
use super::{Member, config};
use crate::failure::{Failure, Result};
use crate::plan::node::ListenAddress;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Served {
    /// The API's path, and HAProxy's own statistics.
    pub api: Vec<String>,
    pub others: Vec<String>,
    /// Ports by which HAProxy balances over the API servers.
    pub ports: BTreeSet<u16>,
}

/// Addresses at which the API servers are.
pub fn known(members: &[Member], wanted: &Wanted) -> BTreeSet<Ipv4Addr> {
    let seen = members.iter().flat_map(|member| member.state.addresses.iter().map(|address| address.ip));
    seen.chain(wanted.all.iter().copied()).chain([wanted.vip.address, Ipv4Addr::LOCALHOST]).collect()
}

pub fn by(unit: &str, member: &Member, wanted: &Wanted, known: &BTreeSet<Ipv4Addr>) -> Served {
    if unit == KEEPALIVED { by_keepalived(member, wanted.vip.address) } else { by_haproxy(member, wanted.vip.port, known) }
}

fn by_haproxy(member: &Member, port: u16, known: &BTreeSet<Ipv4Addr>) -> Served {
    let mut served = Served::default();
    let text = member.state.file(HAPROXY_CONFIG).unwrap_or_default();
    for frontend in frontends(text) {
        let said = format!("{} ({})", frontend.name, frontend.places.join(", "));
        if frontend.statistics {
            served.api.push(said);
        } else if leads_to_the_api(&frontend, port, known) {
            served.api.push(said);
            served.ports.extend(frontend.binds.iter().map(|bind| bind.port).filter(|other| *other != port));
        } else {
            served.others.push(said);
        }
    }
    // From files that weren't read.
    let written = |port: u16| text.split(|c: char| !c.is_ascii_digit()).any(|number| number.parse() == Ok(port));
    for listener in member.state.listeners.iter().filter(|listener| listener.unit.as_deref() == Some(HAPROXY) && !written(listener.port)) {
        let at = match listener.address {
            ListenAddress::Ip(ip) => ip.to_string(),
            ListenAddress::Wildcard | ListenAddress::Ip6 => "*".to_owned(),
        };
        served.others.push(format!("{at}:{}, which isn't in {HAPROXY_CONFIG}", listener.port));
    }
    served
}

/// It is in the way on the API's port itself, or all its servers are API servers.
fn leads_to_the_api(frontend: &Frontend, port: u16, known: &BTreeSet<Ipv4Addr>) -> bool {
    let is_api = |server: &String| {
        let at = server.rsplit_once(':').and_then(|(ip, port)| Some((ip.parse::<Ipv4Addr>().ok()?, port.parse::<u16>().ok()?)));
        at.is_some_and(|(ip, there)| there == port && known.contains(&ip))
    };
    let in_the_way = |place: &String| {
        let binds = config::binds(&format!("bind {place}"));
        !binds.is_empty() && binds.iter().all(|bind| bind.port == port && bind.address.is_none_or(|ip| known.contains(&ip)))
    };
    frontend.places.iter().all(in_the_way) || (!frontend.servers.is_empty() && frontend.servers.iter().all(is_api))
}

fn by_keepalived(member: &Member, vip: Ipv4Addr) -> Served {
    let mut served = Served::default();
    let text = member.state.file(KEEPALIVED_CONFIG).unwrap_or_default();
    for instance in config::instances(text) {
        let all: Vec<String> = instance.addresses.iter().map(ToString::to_string).chain(instance.others.iter().cloned()).collect();
        let said = format!("{} ({})", instance.name, all.join(", "));
        if all == [vip.to_string()] { served.api.push(said) } else { served.others.push(said) }
    }
    let further =
        |line: &&str| ["virtual_server", "virtual_server_group", "include"].iter().any(|word| line.split_whitespace().next() == Some(word));
    served.others.extend(text.lines().filter(further).map(|line| line.trim().trim_end_matches('{').trim_end().to_owned()));
    served
}

/// # Errors
/// A unit that `--take-over` would stop serves others.
pub fn refuse_others(member: &Member, wanted: &Wanted, known: &BTreeSet<Ipv4Addr>) -> Result<()> {
    let (vip, port) = (wanted.vip.address, wanted.vip.port);
    let in_the_way = [
        (KEEPALIVED, KEEPALIVED_CONFIG, member.state.has_foreign_keepalived(vip), vip.to_string()),
        (HAPROXY, HAPROXY_CONFIG, member.state.has_foreign_haproxy(port), format!("what binds port {port}")),
    ];
    for (unit, path, _, what) in in_the_way.into_iter().filter(|(_, _, there, _)| *there) {
        let served = by(unit, member, wanted, known);
        if !served.others.is_empty() {
            return Err(Failure::refused(format!("{unit} on {} serves others, too: {}", member.name(), served.others.join("; ")))
                .because("`--take-over` stops the whole unit, and takes only what is on the way to the API servers")
                .state("nothing was changed")
                .next(format!("take {what} out of {path} on {} and reload {unit}: the rest of it isn't in the way", member.short_name()))
                .next("or move the others to another host first"));
        }
    }
    Ok(())
}
