//! Objects in place of k0smotron's Ingress.

use super::*;
use crate::plan::k0smotron::route::{Backend, Passes, Route, Way};

const API: (&str, &str) = ("kube-api.example.com", "30443");
const KONNECTIVITY: (&str, &str) = ("konnectivity.example.com", "konnectivity");

fn way((host, port): (&str, &str)) -> Way {
    let to = Backend { namespace: "team".to_owned(), service: "kmc-my-cluster".to_owned(), port: port.to_owned() };
    Way { hosts: vec![host.to_owned()], to: vec![to], condition: None }
}

fn route(ways: Vec<Way>) -> Route {
    Route { object: "IngressRouteTCP team/x".to_owned(), ways, passes: Passes::Yes, refused: None }
}

/// `spec.ingress.deploy: false`, and these.
fn instead(routes: Vec<Route>) -> HostedFacts {
    let mut facts = facts();
    facts.ingress = Ok(None);
    facts.routes.found = routes;
    facts
}

/// Status and evidence of both checks.
fn judged(facts: &HostedFacts) -> [(Status, String); 2] {
    let findings = run(facts);
    ["ingress.passthrough", "ingress.backend"].map(|id| {
        let found = findings.iter().find(|finding| finding.id == id).expect("a finding");
        (found.status, found.evidence.clone())
    })
}

#[track_caller]
fn expect(facts: &HostedFacts, passthrough: (Status, &str), backend: (Status, &str)) {
    for ((status, evidence), (expected, part)) in judged(facts).into_iter().zip([passthrough, backend]) {
        assert!(status == expected && evidence.contains(part), "{status:?} {evidence}, expected {expected:?} {part}");
    }
}

#[test]
fn they_stand_for_it() {
    let both = || vec![way(API), way(KONNECTIVITY)];
    expect(&instead(vec![route(both())]), (Status::Ok, "team/x"), (Status::Ok, "konnectivity.example.com -> team/kmc-my-cluster:30132"));
    expect(&instead(vec![route(vec![way(API)]), route(vec![way(KONNECTIVITY)])]), (Status::Ok, "x"), (Status::Ok, ""));
    expect(&instead(Vec::new()), (Status::Skipped, "nothing leads"), (Status::Skipped, "nothing leads"));

    // An Ingress of a controller that takes such objects.
    let mut beside = facts();
    beside.classes.as_mut().expect("classes")[0].controller = "traefik.io/ingress-controller".to_owned();
    beside.routes.found = vec![route(both())];
    expect(&beside, (Status::Ok, "IngressRouteTCP"), (Status::Ok, ""));
    beside.routes.found[0].passes = Passes::No { because: "it ends TLS".to_owned(), remedy: "don't".to_owned() };
    expect(&beside, (Status::Failed, "it ends TLS"), (Status::Ok, ""));
}

#[test]
fn each_thing_that_is_wrong_is_said() {
    let with = |change: fn(&mut Route)| {
        let mut changed = route(vec![way(API), way(KONNECTIVITY)]);
        change(&mut changed);
        instead(vec![changed])
    };
    let fine = (Status::Ok, "");
    expect(&with(|route| route.passes = Passes::Unknown("who knows".to_owned())), (Status::Warning, "who knows"), fine);
    expect(&with(|route| route.refused = Some("no such Service".to_owned())), (Status::Failed, "no such Service"), fine);
    let to = |route: &mut Route, service: &str| route.ways[0].to[0].service = service.to_owned();
    expect(&with(|route| drop(route.ways.pop())), fine, (Status::Failed, "nothing leads konnectivity.example.com"));
    expect(&with(|route| route.ways[0].to[0].port = "30132".to_owned()), fine, (Status::Failed, "and api is team/kmc-my-cluster:30443"));
    let mut other_type = with(|_| ());
    to(&mut other_type.routes.found[0], "kmc-my-cluster-lb");
    expect(&other_type, fine, (Status::Failed, "led to team/kmc-my-cluster-lb:30443"));
    to(&mut other_type.routes.found[0], "of-my-own");
    expect(&other_type, fine, (Status::Warning, "isn't k0smotron's Service"));
    expect(&with(|route| route.ways[0].condition = Some("ClientIP(`::/0`)".to_owned())), fine, (Status::Warning, "ClientIP"));
}

#[test]
fn what_may_not_be_read_is_said_where_it_could_matter() {
    let mut facts = instead(Vec::new());
    facts.routes.unread = vec![Failure::failed("list tlsroutes is not allowed")];
    expect(&facts, (Status::Skipped, "not allowed"), (Status::Skipped, "not allowed"));
    facts.routes.found = vec![route(vec![way(API)])];
    expect(&facts, (Status::Ok, ""), (Status::Skipped, "not allowed"));
    facts.routes.found[0].ways.push(way(KONNECTIVITY));
    expect(&facts, (Status::Ok, ""), (Status::Ok, ""));
}
