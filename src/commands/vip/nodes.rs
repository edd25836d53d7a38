//! The control planes: which they are, and a connection to each.

use std::net::Ipv4Addr;

use futures_util::future::join_all;

use crate::cluster::Cluster;
use crate::commands::reach::SSH_CONNECT;
use crate::failure::{Failure, Result};
use crate::node::{HostKeyTrust, Node, Target};
use crate::output::Console;
use crate::plan::vip::Member;
use crate::settings::VipSettings;

/// A control plane that we are connected to.
pub struct Connected {
    pub node: Node,
    pub member: Member,
}

/// Those that were named, or those of the cluster.
///
/// # Errors
/// Neither, or the cluster can't be asked.
pub async fn named(settings: &VipSettings, console: &Console) -> Result<Vec<Ipv4Addr>> {
    if !settings.nodes.is_empty() {
        return Ok(settings.nodes.clone());
    }
    let step = console.step("ask the cluster for its control planes");
    let asked = async { Cluster::connect(&settings.kubernetes).await?.control_planes().await };
    let by_hand = |failure: Failure| failure.next("or name each of them: `--node 10.255.254.10 --node 10.255.254.11`");
    let mut found = asked.await.map_err(by_hand)?;
    found.sort();
    found.dedup();
    if found.is_empty() {
        return Err(by_hand(Failure::failed("the cluster has no node with the role control-plane").state("nothing was changed")));
    }
    step.done();
    Ok(found)
}

/// Connects without a word to the others.
///
/// # Errors
/// It can't be reached, or its host key isn't known.
pub async fn connect(settings: &VipSettings, address: Ipv4Addr) -> Result<Node> {
    let trust = if settings.accept_new_host_key { HostKeyTrust::AcceptNew } else { HostKeyTrust::Console };
    let (port, user, key) = (Some(settings.port), Some(settings.user.clone()), settings.key.clone());
    let target = Target { host: address.into(), port, user, key, instance: None, trust };
    Node::connect(&target, async || Ok(Vec::new()), SSH_CONNECT).await
}

/// All of them, locked if `lock`, at the same time.
///
/// # Errors
/// One can't be reached, unless such are skipped; none can.
pub async fn all(settings: &VipSettings, addresses: &[Ipv4Addr], lock: bool, console: &Console) -> Result<Vec<Connected>> {
    let step = console.step(format!("look at {} control planes over SSH", addresses.len()));
    // The first one's lock before the others': two runs that begin at once don't wait for each other.
    let (first, rest) = addresses.split_at(addresses.len().min(1));
    let of = |addresses: &[Ipv4Addr]| join_all(addresses.iter().map(|address| one(settings, *address, lock, console)).collect::<Vec<_>>());
    let mut read = of(first).await;
    read.extend(of(rest).await);
    let (mut connected, mut failures) = (Vec::new(), Vec::new());
    for (address, read) in addresses.iter().zip(read) {
        match read {
            Ok(read) => connected.push(read),
            Err(failure) => failures.push((address, failure)),
        }
    }
    let Some((address, failure)) = failures.into_iter().next() else {
        step.done();
        return Ok(connected);
    };
    if settings.skip_unreachable && !connected.is_empty() {
        step.done();
        return Ok(connected);
    }
    step.failed();
    join_all(connected.into_iter().map(|connected| connected.node.close())).await;
    let failure = failure.state("nothing was changed");
    Err(if settings.skip_unreachable {
        failure
    } else {
        failure.next(format!("if {address} is gone for now: `--skip-unreachable` goes on with the others"))
    })
}

async fn one(settings: &VipSettings, address: Ipv4Addr, lock: bool, console: &Console) -> Result<Connected> {
    let mut node = connect(settings, address).await?;
    let state = if lock {
        let mut waiting = None;
        let on_wait = |run: &str| waiting = Some(console.step(format!("wait for {run} on {address}")));
        let state = node.lock_control_plane(settings.lock_timeout, address, settings.vip, on_wait).await?;
        if let Some(waiting) = waiting {
            waiting.done();
        }
        state
    } else {
        node.control_plane(address, settings.vip).await?
    };
    Ok(Connected { node, member: Member { address, state } })
}
