//! The control planes: which they are, and a connection to each.

use std::net::Ipv4Addr;

use futures_util::future::join_all;

use crate::cluster::Cluster;
use crate::commands::reach::SSH_CONNECT;
use crate::failure::{Failure, Result};
use crate::node::{HostKeyTrust, Node, Target};
use crate::output::Console;
use crate::plan::Note;
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

/// A control plane that couldn't be reached, and why.
pub type Skipped = (Ipv4Addr, Failure);

/// All of them, locked if `lock`, at the same time.
///
/// # Errors
/// One can't be reached, unless such are skipped; none can; one says no.
pub async fn all(settings: &VipSettings, addresses: &[Ipv4Addr], lock: bool, console: &Console) -> Result<(Vec<Connected>, Vec<Skipped>)> {
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
            Err(failure) => failures.push((*address, failure)),
        }
    }
    match skip(failures, settings.skip_unreachable, !connected.is_empty()) {
        Ok(skipped) => {
            step.done();
            Ok((connected, skipped))
        }
        Err(failure) => {
            step.failed();
            join_all(connected.into_iter().map(|connected| connected.node.close())).await;
            Err(failure)
        }
    }
}

/// Whoever isn't there may be left out. Whoever says no, by another host key or a lock, may hold the VIP.
fn skip(mut failures: Vec<Skipped>, asked: bool, others: bool) -> Result<Vec<Skipped>> {
    let Some(index) = failures.iter().position(|(_, failure)| !(asked && others && failure.unreachable)) else { return Ok(failures) };
    let (address, failure) = failures.swap_remove(index);
    let failure = failure.state("nothing was changed");
    Err(if failure.unreachable && !asked {
        failure.next(format!("if {address} is gone for now: `--skip-unreachable` goes on with the others"))
    } else {
        failure
    })
}

/// What the others should know.
pub fn left_out(skipped: &[Skipped]) -> impl Iterator<Item = Note> {
    skipped
        .iter()
        .map(|(address, failure)| Note::warning(format!("{address} stays as it is: {failure}; run the command again when it is back")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_there_is_skipped_and_who_says_no_is_not() {
        let gone = || (Ipv4Addr::new(10, 0, 0, 11), Failure::failed("no SSH connection").unreachable().because("no answer"));
        let other_key = (Ipv4Addr::new(10, 0, 0, 12), Failure::refused("another host key"));
        let skipped = skip(vec![gone()], true, true).expect("one is skipped");
        let notes: Vec<_> = left_out(&skipped).map(|note| note.text).collect();
        assert!(notes.len() == 1 && notes[0].starts_with("10.0.0.11 stays as it is: no SSH connection: no answer"), "{notes:?}");
        let refused = skip(vec![gone(), other_key.clone()], true, true).expect_err("a refusal");
        assert_eq!((refused.what.as_str(), refused.next.len()), ("another host key", 0));
        let next = |failures, asked, others| skip(failures, asked, others).expect_err("a failure").next.join(" ");
        assert!(next(vec![gone()], false, true).contains("--skip-unreachable"));
        assert_eq!(next(vec![other_key], false, true), "");
        // Nobody is left.
        assert_eq!(next(vec![gone()], true, false), "");
    }
}
