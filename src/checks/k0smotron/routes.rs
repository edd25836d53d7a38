//! What leads the hosts to the control plane: k0smotron's Ingress, or objects of a controller's own in its place.

use super::HostedFacts;
use super::ingress::{class_of, found};
use crate::checks::{Judged, Missing, bad, doubtful, fine, moot};
use crate::plan::ingress::Ingress;
use crate::plan::k0smotron::passthrough::{self, Passthrough};
use crate::plan::k0smotron::route::{Backend, Passes, Route, Way};

pub fn passthrough(facts: &HostedFacts) -> Judged {
    let routes = of_cluster(facts);
    let Some((ingress, class)) = found(facts)?.map(|ingress| Ok((ingress, class_of(facts, ingress)?))).transpose()? else {
        return by_objects(facts, &routes);
    };
    let Some(class) = class else {
        return if routes.is_empty() { moot("it depends on the Ingress' class (ingress.class)") } else { by_objects(facts, &routes) };
    };
    let controller = class.controller.as_str();
    match passthrough::passthrough(controller, ingress) {
        Passthrough::On("nginx.ingress.kubernetes.io/ssl-passthrough") => {
            fine("nginx.ingress.kubernetes.io/ssl-passthrough; the controller itself has to run with --enable-ssl-passthrough, too")
        }
        Passthrough::On(annotation) => fine(annotation),
        Passthrough::Off(annotation, value) => {
            let now = ingress.annotations.get(annotation).map_or_else(|| "is missing".to_owned(), |value| format!("is {value:?}"));
            bad(
                format!("{annotation} {now}, so {controller} ends TLS"),
                [format!("set spec.ingress.annotations: {{ {annotation}: \"{value}\" }}")],
            )
        }
        _ if !routes.is_empty() => by_objects(facts, &routes),
        Passthrough::NotByIngress(object) => bad(
            format!("{controller} passes TLS through by no Ingress"),
            [format!("set spec.ingress.deploy to false, and make {object} for both hosts to the Service of the control plane")],
        ),
        Passthrough::Unknown => doubtful(
            format!("it is not known how {controller} passes TLS through"),
            ["see its documentation; ingress.api says whether it does".to_owned()],
        ),
    }
}

/// Objects that name its hosts or lead to its Services.
fn of_cluster(facts: &HostedFacts) -> Vec<&Route> {
    let hosts: Vec<_> = hosts(facts).into_iter().map(|(host, _)| host).collect();
    let (namespace, _) = facts.name.split_once('/').unwrap_or_default();
    facts.routes.found.iter().filter(|route| route.concerns(&hosts, namespace, &facts.objects.services)).collect()
}

/// Those that are known, with the name of the port that each has to come to.
fn hosts(facts: &HostedFacts) -> Vec<(&str, &'static str)> {
    let api = facts.api.as_ref().map(|(host, _)| (host.as_str(), "api"));
    api.into_iter().chain(facts.konnectivity.as_ref().map(|host| (host.as_str(), "konnectivity"))).collect()
}

fn by_objects(facts: &HostedFacts, routes: &[&Route]) -> Judged {
    if routes.is_empty() {
        return nothing(facts);
    }
    for route in routes {
        if let Passes::No { because, remedy } = &route.passes {
            return bad(format!("{}: {because}", route.object), [format!("in {}: {remedy}", route.object)]);
        }
        if let Some(refused) = &route.refused {
            return bad(format!("{} isn't taken by its controller: {refused}", route.object), ["put that right".to_owned()]);
        }
    }
    for route in routes {
        if let Passes::Unknown(why) = &route.passes {
            return doubtful(format!("{}: {why}", route.object), ["ingress.api says whether it passes TLS through".to_owned()]);
        }
    }
    fine(routes.iter().map(|route| route.object.as_str()).collect::<Vec<_>>().join(", "))
}

/// There is neither Ingress nor object; or there may be one that we were not shown.
fn nothing(facts: &HostedFacts) -> Judged {
    match facts.routes.unread.first() {
        Some(failure) => Err(Missing { because: failure.to_string(), failure: Some(Box::new(failure.clone())) }),
        None => moot(format!(
            "nothing leads the hosts there that is known: no Ingress of k0smotron's, and no object in the namespace of {}",
            facts.name
        )),
    }
}

pub fn backend(facts: &HostedFacts) -> Judged {
    let (ingress, routes, hosts) = (found(facts)?, of_cluster(facts), hosts(facts));
    if (ingress.is_none() && routes.is_empty()) || hosts.is_empty() {
        return nothing(facts);
    }
    let (namespace, _) = facts.name.split_once('/').unwrap_or_default();
    let own: Vec<Way> = ingress.map(|ingress| ways(namespace, ingress)).unwrap_or_default();
    let services = facts.services.as_ref().map_err(Clone::clone)?;
    let Some(service) = services.first() else {
        let names = facts.objects.services.join(", ");
        return bad(format!("there is no Service of the control plane: {names}"), ["see whether k0smotron's operator runs".to_owned()]);
    };
    let (mut well, mut doubts) = (Vec::new(), Vec::new());
    for (host, port) in hosts {
        let ours = own.iter().filter(|way| way.hosts.iter().any(|name| name == host));
        let ways: Vec<_> = ours.chain(routes.iter().flat_map(|route| route.ways_of(host))).collect();
        let numbers: Vec<_> =
            services.iter().filter_map(|service| Some((service, service.ports.iter().find(|(name, _)| name == port)?))).collect();
        let is_right = |to: &Backend| {
            to.namespace == namespace
                && numbers.iter().any(|(service, (name, number))| service.name == to.service && (to.port == *number || to.port == *name))
        };
        let wanted = numbers.first().map_or_else(
            || format!("port {port} of {}", service.name),
            |(service, (_, number))| format!("{namespace}/{}:{number}", service.name),
        );
        let to: Vec<_> = ways.iter().flat_map(|way| &way.to).collect();
        let remedy = [format!("lead {host} to {wanted}")];
        if ways.is_empty() {
            if let Some(failure) = facts.routes.unread.first() {
                return Err(Missing { because: failure.to_string(), failure: Some(Box::new(failure.clone())) });
            }
            return bad(format!("nothing leads {host} anywhere"), remedy);
        }
        if let Some(other) = to.iter().find(|to| !is_right(to) && is_ours(facts, namespace, to)) {
            return bad(format!("{host} is led to {other}, and {port} is {wanted}"), remedy);
        }
        if let Some(other) = to.iter().find(|to| !is_right(to)) {
            doubts.push(format!("{host} is led to {other}, which isn't k0smotron's Service"));
        }
        doubts.extend(ways.iter().filter_map(|way| way.condition.as_ref()).map(|condition| format!("{host}: {condition}")));
        well.push(format!("{host} -> {wanted}"));
    }
    if doubts.is_empty() {
        return fine(well.join("; "));
    }
    doubtful(doubts.join("; "), ["ingress.api and ingress.konnectivity say whether it comes through".to_owned()])
}

/// A Service of this control plane's name, whether it is there or not.
fn is_ours(facts: &HostedFacts, namespace: &str, to: &Backend) -> bool {
    to.namespace == namespace && facts.objects.services.contains(&to.service)
}

fn ways(namespace: &str, ingress: &Ingress) -> Vec<Way> {
    let to = |(host, service, port): &(String, String, String)| Way {
        hosts: vec![host.clone()],
        to: vec![Backend { namespace: namespace.to_owned(), service: service.clone(), port: port.clone() }],
        condition: None,
    };
    ingress.backends.iter().map(to).collect()
}
