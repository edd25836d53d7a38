//! The way from the second address to the ingress: which one, and what has to be there or gone for it.

use std::net::Ipv4Addr;

use super::{Wanted, World, add_node, add_proxy, add_services, established, haproxy, not_yet};
use crate::failure::{Failure, Result};
use crate::node::files::NodeFile;
use crate::plan::change::Deferred;
use crate::plan::data_path::{DataPath, Recorded, Wish};
use crate::plan::dns::Target;
use crate::plan::network::Cidr;
use crate::plan::node::{self, Front, NetworkWanted, NodeChange};
use crate::plan::observed::AwsState;
use crate::plan::service::preconditions::{self, Look};
use crate::plan::{Note, Plan, service};

/// What `auto` chooses it says.
pub(super) fn path(world: &World, wanted: &Wanted, recorded: Recorded, plan: &mut Plan) -> DataPath {
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
pub(super) fn meanwhile(world: &World, recorded: Recorded, path: DataPath) -> Recorded {
    let alone = match (path, &world.node) {
        (DataPath::Haproxy, _) => world.cluster.as_ref().is_none_or(|observed| observed.ours.is_empty()),
        (DataPath::Service, Some(state)) => node::withdrawal(state, Ipv4Addr::UNSPECIFIED).is_empty(),
        (DataPath::Service, None) => true,
    };
    if alone || recorded == path.recorded() { path.recorded() } else { Recorded::Both }
}

pub(super) fn by_haproxy(world: &World, wanted: &Wanted, private_ip: Ipv4Addr, target: &Target, plan: &mut Plan) -> Result<()> {
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

pub(super) fn by_service(world: &World, wanted: &Wanted, private_ip: Ipv4Addr, target: &Target, plan: &mut Plan) -> Result<()> {
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
