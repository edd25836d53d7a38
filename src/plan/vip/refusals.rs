//! What is in the way of a VIP, told before anything is changed.

use std::net::Ipv4Addr;

use super::observed::{ANONYMOUS, HAPROXY, KEEPALIVED_CONFIG};
use super::places::Places;
use super::setup::Wanted;
use super::{Member, Vip, config, files, served};
use crate::failure::{Failure, Result};
use crate::plan::node::{ListenAddress, Listener};

/// # Errors
/// The first thing that is in the way, on whichever node.
pub fn all(members: &[Member], wanted: &Wanted) -> Result<()> {
    let known = served::known(members, wanted);
    for member in members {
        one(member, wanted)?;
        served::refuse_others(member, wanted, &known)?;
    }
    nobody_answers(members, wanted)
}

fn one(member: &Member, wanted: &Wanted) -> Result<()> {
    let Member { address, state } = member;
    let Vip { address: vip, port } = wanted.vip;
    let refused = |what: String| Err(Failure::refused(what).state("nothing was changed"));
    other_vip(
        member,
        vip,
        &format!("take it away first: k8sport vip cleanup --vip {{}} --node {}{}", listed(&wanted.all), wanted.said.to("vip cleanup")),
    )?;
    if *address == vip {
        return Err(Failure::usage(format!("{vip} is the VIP and can't be a node's own address, too")).state("nothing was touched"));
    }
    if !wanted.take_over && state.has_foreign_keepalived(vip) {
        return refused(format!("{} has a keepalived for {vip} that isn't ours ({KEEPALIVED_CONFIG})", member.name()))
            .map_err(|failure| failure.next(TAKE_OVER).next("or leave it: `k8sport vip diagnose` says what is wrong with it"));
    }
    if !wanted.take_over && state.has_foreign_haproxy(port) {
        let binds: Vec<_> = state.binds().into_iter().filter(|bind| bind.port == port).map(|bind| bind.text).collect();
        return refused(format!("HAProxy on {} wants {}, and kube-apiserver has port {port}", member.name(), binds.join(", ")))
            .map_err(|failure| failure.next(TAKE_OVER).next("or give it another port in /etc/haproxy/haproxy.cfg"));
    }
    if state.has(vip) && !state.has_foreign_keepalived(vip) && !state.unit(files::UNIT).active {
        return refused(format!("{} has {vip}, and no keepalived on it knows of that", member.name()))
            .map_err(|failure| failure.next("find out who put it there (by hand, kube-vip, a cloud's agent) and take it away"));
    }
    if let Some(balancer) = wanted.balancer
        && let Some(other) = in_the_way(member, balancer, port)
    {
        return refused(format!("port {balancer} of {} is taken by {}", member.name(), other.who()))
            .map_err(|failure| failure.next("name another port with `--balancer-port`, or stop what listens there"));
    }
    let answer = member.own_api(port);
    if answer.wants_credentials() {
        return refused(format!("the API server of {} answers nobody without credentials: /livez gives {answer}", member.name()))
            .map_err(|failure| failure.because("keepalived has none, so the VIP could be nowhere").next(ANONYMOUS));
    }
    if wanted.balancer.is_none() && state.listening(port).next().is_some() && !state.listening(port).any(|listener| listener.covers(vip)) {
        return refused(format!("the API server of {} doesn't listen on the VIP's address, only on its own", member.name()))
            .map_err(|failure| failure.next("let it listen on every address (`--bind-address=0.0.0.0`), or use `--load-balance`"));
    }
    Ok(())
}

/// Who has the port that HAProxy is to have on every address. Ours moves there, and what is taken over is gone by then.
fn in_the_way(member: &Member, balancer: u16, port: u16) -> Option<&Listener> {
    let goes = |listener: &&Listener| match listener.unit.as_deref() {
        Some(files::BALANCER_UNIT) => true,
        Some(HAPROXY) => member.state.has_foreign_haproxy(port),
        _ => listener.address == ListenAddress::Ip6,
    };
    member.state.listening(balancer).find(|listener| !goes(listener))
}

const TAKE_OVER: &str = "with `--take-over` it is stopped and disabled; its files stay, and `k8sport vip cleanup` gives it back";

/// Of this VIP's keepalived, hosts that weren't named now. They would know nothing of a new one, and hold the VIP beside it.
///
/// # Errors
/// There are such.
pub fn strangers(members: &[Member], wanted: &Wanted, places: &Places) -> Result<()> {
    for member in members {
        let peers = member.state.file(files::KEEPALIVED).map(config::instances).unwrap_or_default().into_iter().flat_map(|one| one.peers);
        let strangers: Vec<_> = peers.filter(|peer| !places.all().contains(peer) && !wanted.all.contains(peer)).collect();
        if !strangers.is_empty() {
            let mut all = [places.all(), &strangers].concat();
            all.sort();
            return Err(Failure::refused(format!("{} shares {} with {}, too", member.name(), wanted.vip.address, listed(&strangers)))
                .because("set up without each other, two of them would hold it at once")
                .state("nothing was changed")
                .next(format!("name all of them: --node {}", listed(&all)))
                .next("where one is gone for good, `k8sport vip cleanup` on the others, and set them up again"));
        }
    }
    Ok(())
}

/// `next` says what to do with the one that is there, `{}`.
///
/// # Errors
/// Our keepalived on it keeps another VIP.
pub fn other_vip(member: &Member, vip: Ipv4Addr, next: &str) -> Result<()> {
    let ours = member.state.file(files::KEEPALIVED).map(config::instances).unwrap_or_default();
    let mut others = ours.iter().flat_map(|instance| &instance.addresses);
    match others.find(|address| **address != vip) {
        None => Ok(()),
        Some(other) => Err(Failure::refused(format!("k8sport keeps another VIP on {}: {other}, and not {vip}", member.name()))
            .state("nothing was changed")
            .next(next.replace("{}", &other.to_string()))),
    }
}

/// API servers are there, and all of them are dead: no node could have the VIP.
fn nobody_answers(members: &[Member], wanted: &Wanted) -> Result<()> {
    let port = wanted.vip.port;
    if !wanted.api_runs || members.iter().any(|member| !member.own_api(port).is_dead()) {
        return Ok(());
    }
    let said: Vec<_> = members.iter().map(|member| format!("{}: {}", member.name(), member.own_api(port))).collect();
    Err(Failure::refused("no API server is healthy, so none of the nodes could have the VIP")
        .because(format!("https://NODE:{port}/livez, {}", said.join("; ")))
        .state("nothing was changed")
        .next("see why on a node: crictl ps -a --name kube-apiserver, its logs, and etcd's"))
}

fn listed(addresses: &[Ipv4Addr]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
