//! The layers put together: what one command wants of secondary address, HAProxy and DNS becomes one plan.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::change::{Change, Deferred, Holder};
use super::data_path::{DataPath, Recorded, Wish};
use super::dns::Target;
use super::node::{self, Front, HaproxyWanted, NetworkWanted, NodeChange, NodeState};
use super::observed::{AwsState, DnsState, ElasticIp};
use super::service::ServiceChange;
use super::service::preconditions::{self, Look};
use super::{Context, Note, Plan, dns, elastic_ip, firewall, secondary_ip, service};
use crate::failure::{Failure, Result};
use crate::node::files::NodeFile;
use crate::plan::network::Cidr;

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
        let scripts_ip = world.node.as_ref().and_then(NodeState::bash_secondary);
        let second = secondary_ip::plan(aws, context, scripts_ip, meanwhile)?;
        plan.changes.extend(second.changes);
        plan.notes.extend(second.notes);
        plan.notes.extend(firewall::still_open(aws, context, 30443));
        target.public_ip = second.public_ip;
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

/// What `auto` chooses it says.
fn path(world: &World, wanted: &Wanted, recorded: Recorded, plan: &mut Plan) -> DataPath {
    let wish = wanted.data_path.wish;
    if wish != Some(Wish::Auto) || !wanted.scope.haproxy {
        return recorded.path(wish, false);
    }
    let secondary = established(&world.aws, &wanted.context).ok().map(|(_, ip)| ip);
    let against = match look(world, wanted, secondary) {
        Some(look) => preconditions::against(&look),
        None => Some("the cluster was not looked at".to_owned()),
    };
    plan.notes.push(Note::info(match &against {
        None => "the data path is `service`: everything that it needs is seen to hold".to_owned(),
        Some(why) => format!("the data path is `haproxy`, since not everything is seen to hold that `service` needs. {why}"),
    }));
    recorded.path(wish, against.is_none())
}

fn look<'a>(world: &'a World, wanted: &Wanted, secondary: Option<Ipv4Addr>) -> Option<Look<'a>> {
    let observed = world.cluster.as_ref()?;
    Some(Look { observed, node: world.node.as_ref(), secondary, assume_class: wanted.data_path.assume_class })
}

/// What is recorded until all is done: the way to be on, unless something of the other one has to go first.
fn meanwhile(world: &World, recorded: Recorded, path: DataPath) -> Recorded {
    let alone = match (path, &world.node) {
        (DataPath::Haproxy, _) => world.cluster.as_ref().is_none_or(|observed| observed.ours.is_empty()),
        (DataPath::Service, Some(state)) => node::withdrawal(state, Ipv4Addr::UNSPECIFIED).is_empty(),
        (DataPath::Service, None) => true,
    };
    if alone || recorded == path.recorded() { path.recorded() } else { Recorded::Both }
}

fn by_haproxy(world: &World, wanted: &Wanted, private_ip: Ipv4Addr, target: &Target, plan: &mut Plan) -> Result<()> {
    let (aws, context) = (&world.aws, &wanted.context);
    if !wanted.data_path.source_ranges.is_empty() {
        return Err(source_ranges_with_haproxy());
    }
    let Some(state) = &world.node else { return Ok(()) };
    let network = NetworkWanted { secondary: private_ip, public: target.public_ip, mac: aws.instance.eni.mac.clone() };
    let network = node::network(state, &network)?;
    let proxy = wanted.scope.haproxy.then(|| haproxy(aws, wanted, Front::Secondary(private_ip))).transpose()?;
    let observed = world.cluster.as_ref();
    if !wanted.scope.secondary_ip {
        if let Some(missing) = network.first() {
            return Err(not_yet(context, "the node is not configured for its second address")
                .because(format!("missing on the node: {}", missing.summary().sentence())));
        }
    } else if observed.is_some_and(|observed| observed.serves(private_ip)) {
        // kube-proxy serves the address until HAProxy listens on it; the redirect, which has precedence, comes last. By the
        // settings a later run knows the address for ours.
        let (settings, network) = network.into_iter().partition(|change| match change {
            NodeChange::WriteFile { file, .. } => matches!(file, NodeFile::NetSettings(_)),
            other => matches!(other, NodeChange::KeepNetwork),
        });
        add_node(plan, settings, Vec::new());
        add_node(plan, node::address_first(state, private_ip), Vec::new());
        proxy.iter().try_for_each(|proxy| add_proxy(plan, state, proxy))?;
        add_node(plan, without_address(network, private_ip), node::network_notes(state));
        add_services(plan, observed.map(service::removal).unwrap_or_default());
        return Ok(());
    } else {
        add_node(plan, network, node::network_notes(state));
    }
    proxy.iter().try_for_each(|proxy| add_proxy(plan, state, proxy))?;
    if wanted.scope.haproxy {
        add_services(plan, observed.map(service::removal).unwrap_or_default());
    }
    Ok(())
}

/// It is there already.
fn without_address(changes: Vec<NodeChange>, private_ip: Ipv4Addr) -> Vec<NodeChange> {
    let rest = |change| match change {
        NodeChange::BringUpNetwork { interface, address, redirect } if address == Some(private_ip) => {
            redirect.map(|redirect| NodeChange::BringUpNetwork { interface, address: None, redirect: Some(redirect) })
        }
        other => Some(other),
    };
    changes.into_iter().filter_map(rest).collect()
}

fn by_service(world: &World, wanted: &Wanted, private_ip: Ipv4Addr, target: &Target, plan: &mut Plan) -> Result<()> {
    let look = look(world, wanted, Some(private_ip)).ok_or_else(|| Failure::failed("the cluster was not looked at"))?;
    let (ingress, notes) = preconditions::require(&look)?;
    plan.notes.extend(notes);
    if wanted.data_path.assume_class {
        plan.notes
            .push(Note::warning("the loadBalancerClass is assumed, not written: a service controller of the cloud would take the Service"));
    }
    // Nobody opens it by leaving an option out.
    let live = look.observed.ours.iter().flat_map(|live| &live.spec.source_ranges).filter_map(|range| range.parse().ok());
    let said = &wanted.data_path.source_ranges;
    let source_ranges = if said.is_empty() { live.collect() } else { said.clone() };
    if !source_ranges.is_empty() {
        plan.notes.extend(source_notes(&source_ranges, &world.aws, target.public_ip));
    }
    let service =
        service::Wanted { secondary: private_ip, public: target.public_ip, source_ranges, assume_class: wanted.data_path.assume_class };
    add_services(plan, service::plan(look.observed, ingress, &service));
    if let Some(state) = &world.node {
        add_node(plan, node::withdrawal(state, private_ip), Vec::new());
    }
    Ok(())
}

fn source_ranges_with_haproxy() -> Failure {
    Failure::usage("`--source-range` works with the data path `service` alone")
        .because("HAProxy and the API server share one interface, and a security group can't tell its addresses apart")
        .state("nothing was changed")
        .next("leave it out, or take the other data path: `--data-path service`")
}

/// The list is for everybody who comes to this address, also from inside.
fn source_notes(ranges: &[Cidr], aws: &AwsState, public: Deferred<Ipv4Addr>) -> Option<Note> {
    let primary = aws.instance.eni.primary();
    let node = [primary.map(|address| address.ip), primary.and_then(|address| address.public_ip), public.known()];
    let missing: Vec<_> =
        node.into_iter().flatten().filter(|ip| !ranges.iter().any(|range| range.contains(*ip))).map(|ip| format!("{ip}/32")).collect();
    let text = format!(
        "`--source-range` also shuts out the node itself, who comes back through the Elastic IP, and the pods: add {} and the pods' range \
         if they use the applications, and this machine, or the look from outside fails",
        missing.join(", ")
    );
    (!missing.is_empty()).then(|| Note::info(text))
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
            .next("leave `--no-secondary-ip` out"));
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
    Failure::failed(what)
        .state("nothing was changed")
        .next(format!("k8sport setup-secondary-ip --cluster {}", context.cluster))
        .next("then run this command again")
}
