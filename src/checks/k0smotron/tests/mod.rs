//! A hosted cluster where all is well, and each check with what it is there for.

mod routes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustls::RootCertStore;

use super::*;
use crate::checks::{Missing, Severity};
use crate::cluster::{HostedNode, KubernetesService, SidecarPod};
use crate::failure::Failure;
use crate::plan::ingress::{Ingress, IngressClass};
use crate::plan::k0smotron::route::Routes;
use crate::plan::k0smotron::{
    AUTHORITY, AUTHORITY_IS, FOLDER_IS, FileState, HAPROXY, KEY, Listener, Material, Objects, Owned, SERVER, SERVER_IS, Service, Sidecar,
    Worker,
};
use crate::verify::tls::Certificate;

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 24 * 60 * 60;

fn certificate() -> Certificate {
    Certificate {
        subject: "CN=ingress-haproxy".to_owned(),
        issuer: "CN=kubernetes-ca".to_owned(),
        sans: vec!["kubernetes.default.svc".to_owned()],
        not_after: NOW + 300 * DAY,
        not_after_date: "2027-11-10".to_owned(),
        public_key: vec![1],
    }
}

fn worker() -> Worker {
    let file = |owned, sha256: &str| FileState { owned, sha256: sha256.to_owned(), modified: 100 };
    Worker {
        host: "worker-1".parse().expect("a host"),
        hostname: "worker-1".to_owned(),
        addresses: Vec::new(),
        folder: Some(FOLDER_IS),
        files: [(AUTHORITY, file(AUTHORITY_IS, "a")), (SERVER, file(SERVER_IS, "s"))].into(),
        in_the_way: None,
        certificate: Some(certificate()),
        account: None,
        listener: Some(Listener { pid: 7, command: "haproxy".to_owned(), uid: HAPROXY, started: 101 }),
        served: Some("leaf".to_owned()),
        resolved: vec!["192.0.2.7".parse().expect("an address")],
    }
}

fn reached(host: &str) -> Result<Reached, Missing> {
    Ok(Reached { host: host.to_owned(), addresses: vec!["192.0.2.7".parse().expect("an address")], answer: Ok("v1.34.1+k0s".to_owned()) })
}

fn to(host: &str, port: &str) -> (String, String, String) {
    (host.to_owned(), "kmc-my-cluster".to_owned(), port.to_owned())
}

fn facts() -> HostedFacts {
    let material = Material {
        authority: String::new(),
        authority_sha256: "a".to_owned(),
        server: String::new(),
        server_sha256: "s".to_owned(),
        leaf: certificate(),
        leaf_sha256: "leaf".to_owned(),
        roots: Arc::new(RootCertStore::empty()),
    };
    let ingress = Ingress {
        class: Some("haproxy".to_owned()),
        backends: vec![to("kube-api.example.com", "30443"), to("konnectivity.example.com", "30132")],
        annotations: BTreeMap::from([("haproxy.org/ssl-passthrough".to_owned(), "true".to_owned())]),
        ..Ingress::default()
    };
    let class =
        IngressClass { name: "haproxy".to_owned(), controller: "haproxy.org/ingress-controller/haproxy".to_owned(), default: false };
    let hosted = HostedState {
        server: "https://kube-api.example.com".to_owned(),
        service: KubernetesService { cluster_ip: None, local: true, endpoints: vec!["10.0.0.7:7443".to_owned()] },
        pods: vec![SidecarPod { name: "proxy".to_owned(), node: "worker-1".to_owned(), host_ip: None, ready: true, waits: None }],
        nodes: vec![HostedNode { name: "worker-1".to_owned(), addresses: Vec::new(), taints: Vec::new(), ready: true }],
        tolerations: Some(vec!["node.cloudprovider.kubernetes.io/uninitialized".to_owned()]),
    };
    let ports = [("api", "30443"), ("konnectivity", "30132")];
    HostedFacts {
        name: "team/my-cluster".to_owned(),
        prepare: "k8sport k0smotron prepare-workers".to_owned(),
        now: NOW,
        material: Ok(material),
        images: Ok(Some(vec!["quay.io/k0sproject/k0s:v1.34.1-k0s.0".to_owned()])),
        ingress: Ok(Some(ingress)),
        classes: Ok(vec![class]),
        routes: Routes::default(),
        objects: Objects::of(&"my-cluster".parse().expect("a name")),
        services: Ok(vec![Service {
            name: "kmc-my-cluster".to_owned(),
            ports: ports.map(|(name, port)| (name.to_owned(), port.to_owned())).into(),
        }]),
        konnectivity: Some("konnectivity.example.com".to_owned()),
        api: Some(("kube-api.example.com".parse().expect("a name"), 443)),
        to_api: reached("kube-api.example.com"),
        to_konnectivity: reached("konnectivity.example.com"),
        hosted: Ok(hosted),
        workers: vec![WorkerFacts {
            host: "worker-1".parse().expect("a host"),
            state: Ok(worker()),
            sidecar: Sidecar::Pod { name: "proxy".to_owned(), ready: true, waits: None },
            version: Ok("v1.34.1+k0s".to_owned()),
        }],
    }
}

fn with(status: Status, facts: &HostedFacts) -> Vec<&'static str> {
    run(facts).into_iter().filter(|finding| finding.status == status).map(|finding| finding.id).collect()
}

#[test]
fn all_is_well_and_everything_is_judged() {
    let findings = run(&facts());
    assert!(findings.iter().all(|finding| finding.status == Status::Ok), "{findings:#?}");
    assert_eq!(findings.len(), CATEGORIES.iter().map(|category| category.checks.len()).sum::<usize>());
}

type Break = fn(&mut HostedFacts);

const BROKEN: &[(&str, Break)] = &[
    ("certificates.secrets", |facts| facts.material = Err(Failure::failed("no").next("make one"))),
    ("certificates.expiry", |facts| facts.material.as_mut().expect("good").leaf.not_after = NOW + 29 * DAY),
    ("certificates.version", |facts| facts.images = Ok(Some(vec!["k0s:v1.34.0-k0s.0".to_owned()]))),
    ("ingress.class", |facts| facts.classes = Ok(Vec::new())),
    ("ingress.passthrough", |facts| ingress(facts).annotations.clear()),
    ("ingress.passthrough", |facts| facts.classes.as_mut().expect("classes")[0].controller = "traefik.io/ingress-controller".to_owned()),
    ("ingress.backend", |facts| facts.services.as_mut().expect("read")[0].ports[0].1 = "6443".to_owned()),
    ("ingress.backend", |facts| ingress(facts).backends[1].2 = "30443".to_owned()),
    ("ingress.backend", |facts| ingress(facts).backends.truncate(1)),
    ("ingress.backend", |facts| facts.services = Ok(Vec::new())),
    ("ingress.resolves", |facts| facts.to_konnectivity.as_mut().expect("a look").addresses.clear()),
    ("ingress.api", |facts| facts.to_api.as_mut().expect("a look").answer = Err(Failure::failed("no"))),
    ("ingress.konnectivity", |facts| facts.to_konnectivity.as_mut().expect("a look").answer = Err(Failure::failed("no"))),
    ("hosted.api", |facts| facts.hosted = Err(Missing::untried("forbidden"))),
    ("hosted.endpoints", |facts| hosted(facts).service.endpoints = vec!["1.2.3.4:7443".to_owned()]),
    ("hosted.endpoints", |facts| hosted(facts).service.endpoints.clear()),
    ("hosted.nodes", |facts| {
        hosted(facts).nodes.push(HostedNode {
            name: "gpu".to_owned(),
            addresses: Vec::new(),
            taints: vec!["gpu:NoSchedule".to_owned()],
            ready: true,
        })
    }),
    ("hosted.cloud-provider", |facts| {
        hosted(facts).pods[0].ready = false;
        hosted(facts).nodes[0].taints = vec!["node.cloudprovider.kubernetes.io/uninitialized:NoSchedule".to_owned()];
    }),
    ("worker.reached", |facts| facts.workers[0].state = Err(Failure::failed("no SSH"))),
    ("worker.files", |facts| drop(state(facts).files.remove(SERVER))),
    ("worker.access", |facts| state(facts).files.get_mut(SERVER).expect("a file").owned.mode = 0o666),
    ("worker.access", |facts| state(facts).folder = Some(Owned { mode: 0o755, uid: 0, gid: 0 })),
    ("worker.access", |facts| {
        let open = FileState { owned: Owned { mode: 0o644, uid: 0, gid: 0 }, sha256: "k".to_owned(), modified: 1 };
        state(facts).files.insert(KEY, open);
    }),
    ("worker.account", |facts| state(facts).account = Some("user backup".to_owned())),
    ("worker.expiry", |facts| state(facts).certificate.as_mut().expect("one").not_after = NOW - DAY),
    ("worker.resolves", |facts| state(facts).resolved.clear()),
    ("worker.pod", |facts| facts.workers[0].sidecar = Sidecar::Absent),
    ("worker.port", |facts| state(facts).listener = None),
    ("worker.port", |facts| state(facts).listener.as_mut().expect("one").uid = 0),
    ("worker.current", |facts| state(facts).served = Some("another".to_owned())),
    ("worker.version", |facts| facts.workers[0].version = Err(Failure::failed("no answer"))),
];

fn ingress(facts: &mut HostedFacts) -> &mut Ingress {
    facts.ingress.as_mut().expect("read").as_mut().expect("an Ingress")
}

fn hosted(facts: &mut HostedFacts) -> &mut HostedState {
    facts.hosted.as_mut().expect("reached")
}

fn state(facts: &mut HostedFacts) -> &mut Worker {
    facts.workers[0].state.as_mut().expect("read")
}

#[test]
fn each_check_sees_what_it_is_there_for_and_no_other_does() {
    let all: BTreeSet<_> = CATEGORIES.iter().flat_map(|category| category.checks).map(|check| check.id).collect();
    assert_eq!(BROKEN.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>(), all);
    for (id, damage) in BROKEN {
        let mut facts = facts();
        damage(&mut facts);
        let findings = run(&facts);
        let wrong: Vec<_> = findings.iter().filter(|finding| matches!(finding.status, Status::Failed | Status::Warning)).collect();
        assert_eq!(wrong.iter().map(|finding| finding.id).collect::<Vec<_>>(), [*id], "{wrong:#?}");
        let expected = if wrong[0].severity == Severity::Failure { Status::Failed } else { Status::Warning };
        assert!(
            wrong[0].status == expected && wrong[0].remedy.iter().all(|step| !step.is_empty()) || *id == "worker.reached",
            "{wrong:#?}"
        );
    }
}

#[test]
fn one_broken_worker_says_nothing_of_another() {
    let mut two = facts();
    let broken = WorkerFacts {
        host: "worker-2".parse().expect("a host"),
        state: Err(Failure::failed("no SSH")),
        sidecar: Sidecar::Absent,
        version: Err(Failure::failed("it wasn't asked")),
    };
    two.workers.insert(0, broken);
    assert_eq!(with(Status::Failed, &two), ["worker.reached"]);
    let fine =
        run(&two).into_iter().filter(|finding| finding.subject.as_deref() == Some("worker-1")).all(|finding| finding.status == Status::Ok);
    assert!(fine);
}
