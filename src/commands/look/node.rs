//! The node over SSH: state and details at the same time, over one connection.

use std::net::Ipv4Addr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::oneshot::Receiver;

use super::account::AccountFacts;
use super::timed;
use crate::aws::Aws;
use crate::checks::Missing;
use crate::checks::Observed;
use crate::commands::reach::{SSH_CONNECT, log_in};
use crate::names::DnsName;
use crate::node::Node;
use crate::node::details::Details;
use crate::plan::node::NodeState;
use crate::plan::observed::Instance;
use crate::settings::Settings;

pub struct NodeFacts {
    pub ssh: Observed<()>,
    pub state: Observed<NodeState>,
    pub details: Observed<Details>,
    /// See [`crate::checks::Facts::clock`].
    pub clock: Option<(i64, i64)>,
}

/// The node ends its scripts after 45 s by itself.
const READ: Duration = Duration::from_secs(65);

pub async fn connect(aws: &Aws, settings: &Settings, instance: &Instance) -> Observed<Node> {
    timed("node.ssh", SSH_CONNECT + Duration::from_secs(25), log_in(aws, settings, instance)).await
}

pub async fn look(account: &AccountFacts, connection: Receiver<Observed<Node>>, application: &DnsName, looked: Receiver<()>) -> NodeFacts {
    let instance = match account.instance() {
        Ok((_, instance)) if instance.state == "running" => instance,
        Ok(_) => return without(Observed::untried("needs instance.running, which failed")),
        Err(missing) => return without(Observed::untried(missing.because)),
    };
    let Ok(connected) = connection.await else { return without(Observed::untried("needs instance.found, which failed")) };
    let node = match connected.outcome {
        Ok(node) => node,
        Err(missing) => return without(Observed { outcome: Err(missing), took: connected.took }),
    };
    let primary = instance.eni.primary().map_or(Ipv4Addr::UNSPECIFIED, |address| address.ip);
    let (state, (before, details, after)) = tokio::join!(timed("node.root", READ, node.probe(&instance.eni.mac, primary)), async {
        // Every look from outside has a deadline, so this ends.
        let _ = looked.await;
        (now(), timed("node.root", READ, node.details(primary, application)).await, now())
    });
    node.close().await;
    // The node said its time somewhere between the two.
    let clock = details.ok().and_then(|details| details.clock).and_then(|there| {
        let milliseconds = |nanoseconds: i128| i64::try_from(nanoseconds / 1_000_000).ok();
        Some((milliseconds(there - (before + after) / 2)?, milliseconds((after - before) / 2)?))
    });
    NodeFacts { ssh: Observed { outcome: Ok(()), took: connected.took }, state, details, clock }
}

fn without(ssh: Observed<()>) -> NodeFacts {
    let because = ssh.get().err().map_or_else(String::new, |Missing { because, .. }| because);
    NodeFacts { ssh, state: Observed::untried(because.as_str()), details: Observed::untried(because), clock: None }
}

fn now() -> i128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| i128::try_from(now.as_nanos()).unwrap_or(0))
}
