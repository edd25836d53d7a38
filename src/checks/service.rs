//! The data path without a proxy: our Service and what it rests on.

use super::{Check, Facts, Judge, Judged, Missing, Need, Repair, Severity, bad, doubtful, fine, moot};
use crate::plan::change::Deferred;
use crate::plan::data_path::Recorded;
use crate::plan::network::Cidr;
use crate::plan::service::preconditions::{self, Holds, Look};
use crate::plan::service::{self, ServiceChange, Wanted};

pub const CHECKS: &[Check] = &[
    Check {
        id: "service.preconditions",
        title: "the cluster can serve the second address by itself",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::ElasticIps],
        after: &[],
        repair: None,
        explanation: "With the data path `service`, kube-proxy has to serve the address: Kubernetes 1.22, kube-proxy in the mode iptables \
            or nftables and not newer than the API server, a pod network that leaves the interface's addresses alone, and an ingress \
            controller in pods with addresses of their own.",
        judge: Judge::Once(requirements),
    },
    Check {
        id: "service.present",
        title: "our Service is there as it should be",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::ElasticIps],
        after: &["service.preconditions"],
        repair: Some(Repair::Service),
        explanation: "A Service of type LoadBalancer with the class k8sport.io/secondary-ip from its creation on: a Service without it, or \
            that gets it later, belongs to the cloud's service controller, which clears its status.",
        judge: Judge::Once(present),
    },
    Check {
        id: "service.status",
        title: "its status names both addresses",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::ElasticIps],
        after: &["service.present"],
        repair: Some(Repair::Service),
        explanation: "kube-proxy serves the addresses in the status, and with `ipMode: Proxy` not even those. A change of the Service's type \
            wipes it. Without it the connections to the second address get no answer.",
        judge: Judge::Once(status),
    },
    Check {
        id: "service.endpoints",
        title: "its pods are ready and on this node",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::ElasticIps],
        after: &["service.preconditions"],
        repair: None,
        explanation: "With `externalTrafficPolicy: Local` kube-proxy sends the address to pods of the same node alone, and drops what comes \
            when there are none.",
        judge: Judge::Once(endpoints),
    },
    Check {
        id: "service.address",
        title: "the second address is on no interface",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::ElasticIps, Need::Node],
        after: &[],
        repair: None,
        explanation: "kube-proxy takes the packets before the node asks whether the address is its own. On an interface, the API server \
            answers on it whenever kube-proxy has no rules: at boot, and when the status is wiped. cloud-init, amazon-ec2-net-utils \
            and nm-cloud-setup put secondary addresses on interfaces.",
        judge: Judge::Once(address),
    },
    Check {
        id: "service.agents",
        title: "nothing on the node puts it there",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::ElasticIps, Need::Node],
        after: &[],
        repair: None,
        explanation: "cloud-init where it sets the network up at each boot, amazon-ec2-net-utils, ec2-net-utils and nm-cloud-setup take \
            the interface's addresses from the instance's metadata; netplan, networkd and ifupdown have what somebody wrote there. None \
            of them may add this address: see service.address.",
        judge: Judge::Once(agents),
    },
];

/// What was seen of the cluster, where this data path is on.
fn look(facts: &Facts) -> Result<Option<Look<'_>>, Missing> {
    if facts.data_path() != Recorded::Service {
        return Ok(None);
    }
    let secondary = facts.front()?.private_ip;
    // A node with the address has a check of its own.
    Ok(Some(Look { observed: facts.service.get()?, node: None, secondary: Some(secondary), assume_class: facts.assume_class }))
}

const OTHER: &str = "the data path is HAProxy";

fn requirements(facts: &Facts) -> Judged {
    let Some(look) = look(facts)? else { return moot(OTHER) };
    let (mut against, mut unseen, mut seen) = (Vec::new(), Vec::new(), Vec::new());
    for (name, holds) in preconditions::judge(&look) {
        match holds {
            Holds::No(why) => against.push(format!("{name}: {why}")),
            Holds::Unseen(why) => unseen.push(format!("{name}: {why}")),
            Holds::Yes(what) => seen.push(what),
        }
    }
    if !against.is_empty() {
        return bad(against.join("; "), [format!("put it right, or: {} --data-path haproxy", facts.again.command("bootstrap"))]);
    }
    if !unseen.is_empty() {
        return doubtful(unseen.join("; "), [format!("live with it, or: {} --data-path haproxy", facts.again.command("bootstrap"))]);
    }
    fine(seen.join(", "))
}

/// The changes that a run would make of it. Its source ranges are the user's.
fn changes(facts: &Facts) -> Result<Option<Vec<ServiceChange>>, Missing> {
    let Some(look) = look(facts)? else { return Ok(None) };
    let Ok(ingress) = &look.observed.ingress else {
        return Err(Missing::untried("the ingress' pods aren't known (service.preconditions)"));
    };
    let front = facts.front()?;
    let live = look.observed.ours.iter().flat_map(|live| &live.spec.source_ranges);
    let source_ranges: Vec<Cidr> = live.filter_map(|range| range.parse().ok()).collect();
    let public = Deferred::Known(front.address.public_ip);
    let wanted = Wanted { secondary: front.private_ip, public, source_ranges, assume_class: facts.assume_class };
    Ok(Some(service::plan(look.observed, ingress, &wanted)))
}

fn present(facts: &Facts) -> Judged {
    let Some(changes) = changes(facts)? else { return moot(OTHER) };
    match changes.iter().find(|change| !matches!(change, ServiceChange::SetStatus { .. })) {
        Some(change) => bad(format!("to do: {}", change.summary().sentence()), []),
        None => fine(format!("{}, nothing to change", service::NAME)),
    }
}

fn status(facts: &Facts) -> Judged {
    let Some(changes) = changes(facts)? else { return moot(OTHER) };
    match changes.iter().find(|change| matches!(change, ServiceChange::SetStatus { .. })) {
        Some(ServiceChange::SetStatus { was, .. }) if was.is_empty() => bad("it is empty", []),
        Some(change) => bad(format!("to do: {}", change.summary().sentence()), []),
        None => fine("both"),
    }
}

fn endpoints(facts: &Facts) -> Judged {
    let Some(look) = look(facts)? else { return moot(OTHER) };
    let Ok(ingress) = &look.observed.ingress else { return moot("the ingress' pods aren't known") };
    let ready: Vec<_> = ingress.pods.iter().filter(|pod| pod.ready && pod.node.is_some()).map(|pod| pod.name.as_str()).collect();
    if ready.is_empty() {
        return bad("no pod is ready", [format!("kubectl -n {} get pods -o wide", ingress.namespace)]);
    }
    fine(ready.join(", "))
}

fn address(facts: &Facts) -> Judged {
    if facts.data_path() != Recorded::Service {
        return moot(OTHER);
    }
    let secondary = facts.front()?.private_ip;
    match facts.node.get()?.addresses.iter().find(|address| address.ip == secondary) {
        Some(address) => bad(
            format!("{secondary}/{} is on {}", address.prefix, address.interface),
            [format!(
                "on the node: sudo ip addr del {secondary}/{} dev {}; then find what has put it there",
                address.prefix, address.interface
            )],
        ),
        None => fine(format!("{secondary} isn't")),
    }
}

fn agents(facts: &Facts) -> Judged {
    if facts.data_path() != Recorded::Service {
        return moot(OTHER);
    }
    let secondary = facts.front()?.private_ip;
    match facts.node.get()?.address_agents.iter().find(|agent| agent.adds(Some(secondary))) {
        Some(agent) => bad(agent.sentence(), [agent.remedy()]),
        None => fine("none"),
    }
}

/// What the other data path alone has.
pub fn of_haproxy(id: &str) -> bool {
    const ALSO: [&str; 12] = [
        "node.units",
        "node.timer",
        "node.leftovers",
        "network.address",
        "network.prefix",
        "network.redirect",
        "network.configuration",
        "network.used",
        "network.precedence",
        "network.agents",
        "cluster.node-ports",
        "cluster.backend-address",
    ];
    id.starts_with("haproxy.") || ALSO.contains(&id)
}
