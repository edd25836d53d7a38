//! The layers put together: what one command wants of secondary address, HAProxy and DNS becomes one plan.

mod way;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::change::{Change, Deferred, Holder};
use super::data_path::{DataPath, Recorded, Wish};
use super::dns::Target;
use super::node::{self, Front, HaproxyWanted, NodeChange, NodeState};
use super::observed::{AwsState, DnsState, ElasticIp};
use super::secondary_ip::Configured;
use super::service::ServiceChange;
use super::{Context, Note, Plan, dns, elastic_ip, firewall, secondary_ip, service};
use crate::failure::{Failure, Result};
use crate::plan::network::Cidr;
use way::{by_haproxy, by_service, meanwhile, path};

/// Seconds: idle WebSockets and watches live an hour, not the minute that HTTP needs.
pub const TIMEOUT_TUNNEL: u32 = 3600;

/// Which layers a command sets up. The others must be there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    pub secondary_ip: bool,
    pub haproxy: bool,
    pub dns: bool,
}

/// Everything that was observed, as far as the scope needs it.
#[derive(Debug, Clone)]
pub struct World {
    pub aws: AwsState,
    pub node: Option<NodeState>,
    pub dns: Option<DnsState>,
    /// Through the Kubernetes API, where the data path needs it.
    pub cluster: Option<service::Observed>,
}

#[derive(Debug, Clone)]
pub struct Wanted {
    pub context: Context,
    pub scope: Scope,
    /// False for the way without a second address.
    pub secondary_ip: bool,
    pub route_api: bool,
    pub private_sources: Vec<Cidr>,
    pub data_path: WantedPath,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantedPath {
    pub wish: Option<Wish>,
    /// With the Service alone: from where the applications may be reached.
    pub source_ranges: Vec<Cidr>,
    /// See [`service::Wanted::assume_class`].
    pub assume_class: bool,
}

/// A plan and the addresses it leads to.
#[derive(Debug, Clone)]
pub struct Planned {
    pub plan: Plan,
    /// Where the applications will be reached; the node's own public address without a second one.
    pub public_ip: Deferred<Ipv4Addr>,
    pub secondary: Option<Ipv4Addr>,
    pub choice: Option<elastic_ip::Choice>,
    /// None without a second address.
    pub data_path: Option<DataPath>,
}

/// # Errors
/// What the layers refuse, and a layer outside the scope that isn't there yet.
pub fn plan(world: &World, wanted: &Wanted) -> Result<Planned> {
    if wanted.secondary_ip { with_second_address(world, wanted) } else { without(world, wanted) }
}

fn with_second_address(world: &World, wanted: &Wanted) -> Result<Planned> {
    let (aws, context) = (&world.aws, &wanted.context);
    let mut plan = Plan::default();
    let mut choice = None;
    let mut target = Target { public_ip: Deferred::AfterApply, holder: None, tags: memory(aws, context) };
    let recorded = Recorded::of(elastic_ip::ours(aws, context));
    let path = path(world, wanted, recorded, &mut plan);
    let meanwhile = if wanted.scope.haproxy { meanwhile(world, recorded, path) } else { recorded };
    let private_ip;
    if wanted.scope.secondary_ip {
        let node = world.node.as_ref();
        let configured = Configured {
            by_scripts: node.and_then(NodeState::bash_secondary),
            by_us: node.and_then(NodeState::our_secondary),
            public: node.and_then(NodeState::our_public),
        };
        let second = secondary_ip::plan(aws, context, configured, meanwhile)?;
        plan.changes.extend(second.changes);
        plan.notes.extend(second.notes);
        plan.notes.extend(firewall::still_open(aws, context, 30443));
        target.public_ip = second.public_ip;
        target.tags.extend(second.former);
        target.holder = Some(match &second.choice {
            elastic_ip::Choice::Allocate => Holder::ElasticIp(Deferred::AfterApply),
            elastic_ip::Choice::Ours(address) | elastic_ip::Choice::Adopt(address, _) => held_by(address),
        });
        private_ip = second.private_ip;
        choice = Some(second.choice);
    } else {
        let (address, ip) = established(aws, context)?;
        target.public_ip = Deferred::Known(address.public_ip);
        target.holder = Some(held_by(address));
        private_ip = ip;
        if meanwhile != recorded {
            let allocation_id = Deferred::Known(address.allocation_id.clone());
            plan.changes.push(Change::RecordDataPath { allocation_id, path: meanwhile, settled: false });
        }
    }
    match path {
        DataPath::Haproxy => by_haproxy(world, wanted, private_ip, &target, &mut plan)?,
        DataPath::Service if wanted.scope.haproxy => by_service(world, wanted, private_ip, &target, &mut plan)?,
        DataPath::Service => {}
    }
    if let (true, Some(Holder::ElasticIp(allocation_id))) = (meanwhile != path.recorded() && wanted.scope.haproxy, &target.holder) {
        plan.changes.push(Change::RecordDataPath { allocation_id: allocation_id.clone(), path: path.recorded(), settled: true });
    }
    add_dns(&mut plan, world, wanted, &target)?;
    Ok(Planned { plan, public_ip: target.public_ip, secondary: Some(private_ip), choice, data_path: Some(path) })
}

fn add_services(plan: &mut Plan, changes: Vec<ServiceChange>) {
    plan.changes.extend(changes.into_iter().map(Change::Service));
}

fn without(world: &World, wanted: &Wanted) -> Result<Planned> {
    let (aws, context) = (&world.aws, &wanted.context);
    if let Some(address) = elastic_ip::ours(aws, context) {
        return Err(Failure::refused(format!("cluster {} has a second address already: {}", context.cluster, address.public_ip))
            .because("`--no-secondary-ip` would leave it unused and paid for")
            .state("nothing was changed")
            .next("leave `--no-secondary-ip` out, or take the second address down before: `k8sport cleanup`"));
    }
    let primary = aws.instance.eni.primary().and_then(|address| address.public_ip);
    let public_ip =
        primary.ok_or_else(|| Failure::refused(format!("node {} has no public address", aws.instance.id)).state("nothing was changed"))?;
    let mut plan = Plan::default();
    plan.notes.push(Note::info(format!(
        "without a second address: HTTP on port 80 of {public_ip}, HTTPS only on port 30443; it saves about $3.65 a month. \
         The address changes when the instance is stopped and started, unless it is an Elastic IP"
    )));
    if wanted.scope.haproxy {
        plan.changes.extend(firewall::plan(aws, context, &[80, 30443])?);
        if let Some(state) = &world.node {
            let primary = primary_private(aws)?;
            add_proxy(&mut plan, state, &haproxy(aws, wanted, Front::HttpOnly(primary))?)?;
        }
    }
    // Without an Elastic IP of ours the security group is the only thing that can remember.
    let holder = match firewall::ours(aws, context) {
        Some(group) => Some(Holder::SecurityGroup(Deferred::Known(group.id.clone()))),
        None => wanted.scope.haproxy.then_some(Holder::SecurityGroup(Deferred::AfterApply)),
    };
    add_dns(&mut plan, world, wanted, &Target { public_ip: Deferred::Known(public_ip), holder, tags: memory(aws, context) })?;
    Ok(Planned { plan, public_ip: Deferred::Known(public_ip), secondary: None, choice: None, data_path: None })
}

fn held_by(address: &ElasticIp) -> Holder {
    Holder::ElasticIp(Deferred::Known(address.allocation_id.clone()))
}

/// All tags in which records of before are remembered.
fn memory(aws: &AwsState, context: &Context) -> BTreeMap<String, String> {
    let addresses = aws.elastic_ips.iter().filter(|address| address.is_for(&context.cluster)).map(|address| &address.tags);
    addresses
        .chain(firewall::ours(aws, context).map(|group| &group.tags))
        .flatten()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn add_node(plan: &mut Plan, changes: Vec<NodeChange>, notes: Vec<String>) {
    plan.changes.extend(changes.into_iter().map(Change::Node));
    plan.notes.extend(notes.into_iter().map(Note::warning));
}

fn add_proxy(plan: &mut Plan, state: &NodeState, wanted: &HaproxyWanted) -> Result<()> {
    add_node(plan, node::haproxy(state, wanted)?, node::haproxy_notes(state, wanted));
    Ok(())
}

fn add_dns(plan: &mut Plan, world: &World, wanted: &Wanted, target: &Target) -> Result<()> {
    if let (true, Some(state)) = (wanted.scope.dns, &world.dns) {
        let dns = dns::plan(state, &world.aws, &wanted.context, target)?;
        plan.changes.extend(dns.changes);
        plan.notes.extend(dns.notes);
    }
    Ok(())
}

fn haproxy(aws: &AwsState, wanted: &Wanted, front: Front) -> Result<HaproxyWanted> {
    Ok(HaproxyWanted {
        cluster: wanted.context.cluster.clone(),
        front,
        primary: primary_private(aws)?,
        route_api: wanted.route_api,
        private_sources: wanted.private_sources.clone(),
        timeout_tunnel: TIMEOUT_TUNNEL,
        after_network: wanted.scope.secondary_ip,
    })
}

fn primary_private(aws: &AwsState) -> Result<Ipv4Addr> {
    let eni = &aws.instance.eni;
    eni.primary()
        .map(|address| address.ip)
        .ok_or_else(|| Failure::failed(format!("{} has no primary private IP", eni.id)).state("nothing was changed"))
}

/// The Elastic IP that `setup-secondary-ip` has set up, and its private IP on the node.
pub fn established<'a>(aws: &'a AwsState, context: &Context) -> Result<(&'a ElasticIp, Ipv4Addr)> {
    let eni = &aws.instance.eni;
    let address = elastic_ip::ours(aws, context).ok_or_else(|| not_yet(context, "the cluster has no Elastic IP of ours"))?;
    let association = address.association.as_ref().filter(|association| association.eni.as_ref() == Some(&eni.id));
    let private_ip =
        association.and_then(|association| association.private_ip).filter(|ip| eni.secondaries().any(|address| address.ip == *ip));
    match private_ip {
        Some(ip) => Ok((address, ip)),
        None => {
            Err(not_yet(context, &format!("Elastic IP {} is not associated with a secondary private IP of {}", address.public_ip, eni.id)))
        }
    }
}

fn not_yet(context: &Context, what: &str) -> Failure {
    Failure::failed(what).state("nothing was changed").next(context.again.command("setup-secondary-ip")).next("then run this command again")
}
