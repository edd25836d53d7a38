//! The plan of one worker, and what a certificate is refused for.

use std::collections::BTreeMap;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::UnixTime;

use super::*;
use crate::failure::Kind;

const NAMES: [&str; 5] = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "127.0.0.1", "10.96.0.1"];
/// In the years that rcgen's certificates are valid for by default.
const NOW: UnixTime = UnixTime::since_unix_epoch(Duration::from_secs(1_800_000_000));

struct Pems {
    authority: String,
    certificate: String,
    key: String,
}

fn issue(names: &[&str]) -> Pems {
    let mut authority = CertificateParams::new(Vec::new()).expect("names");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().expect("a key");
    let root = authority.self_signed(&authority_key).expect("signed").pem();
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).expect("names");
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key)).expect("signed");
    Pems { authority: root, certificate: leaf.pem(), key: key.serialize_pem() }
}

fn checked(authority: &Pems, certificate: &Pems, key: &Pems, now: UnixTime) -> std::result::Result<Material, Vec<String>> {
    let service_ip = "10.96.0.1".parse().ok();
    let (authority, certificate, key) = (authority.authority.as_bytes(), certificate.certificate.as_bytes(), key.key.as_bytes());
    check(&Given { authority, certificate, key, service_ip }, now)
}

fn material() -> Material {
    let pems = issue(&NAMES);
    checked(&pems, &pems, &pems, NOW).expect("good")
}

#[test]
fn what_is_wrong_is_said_in_one_go() {
    let (good, other, few) = (issue(&NAMES), issue(&NAMES), issue(&NAMES[..3]));
    assert!(checked(&good, &good, &good, NOW).is_ok());
    let wrong = |authority, certificate, key, now| checked(authority, certificate, key, now).expect_err("no good").join("; ");
    let both = wrong(&other, &good, &other, NOW);
    assert!(both.contains("key is not that of its certificate") && both.contains("authority has not issued it"), "{both}");
    assert!(wrong(&few, &few, &few, NOW).ends_with("is not for 127.0.0.1, 10.96.0.1 (the Service kubernetes)"));
    let late = UnixTime::since_unix_epoch(Duration::from_secs(80_000_000_000));
    assert!(wrong(&good, &good, &good, late).contains("it has expired"));
    let none = Pems { authority: "x".to_owned(), certificate: String::new(), key: String::new() };
    assert_eq!(wrong(&none, &good, &good, NOW), "the authority's certificate is no certificate in PEM");
    assert_eq!(wrong(&good, &good, &none, NOW), "the sidecar's key is no private key in PEM");
}

#[test]
fn the_key_is_in_no_output() {
    let pems = issue(&NAMES);
    let material = checked(&pems, &pems, &pems, NOW).expect("good");
    let secret = pems.key.lines().nth(1).expect("a line");
    assert!(material.server.contains(secret));
    let plan = plan(&bare(), &Sidecar::Absent, &material).expect("a plan");
    let shown = format!("{material:?} {plan:?} {}", serde_json::to_string(&plan).expect("JSON"));
    assert!(!shown.contains(secret), "{shown}");
}

fn bare() -> Worker {
    Worker {
        host: "worker-1".parse().expect("a host"),
        hostname: "worker-1".to_owned(),
        addresses: Vec::new(),
        folder: None,
        files: BTreeMap::new(),
        in_the_way: None,
        certificate: None,
        account: None,
        listener: None,
        served: None,
        resolved: Vec::new(),
    }
}

fn done(material: &Material) -> Worker {
    let file = |owned, sha256: &String| FileState { owned, sha256: sha256.clone(), modified: 100 };
    let files = [(AUTHORITY, file(AUTHORITY_IS, &material.authority_sha256)), (SERVER, file(SERVER_IS, &material.server_sha256))].into();
    let listener = Some(Listener { pid: 7, command: "haproxy".to_owned(), uid: HAPROXY, started: 101 });
    Worker { folder: Some(FOLDER_IS), files, listener, served: Some(material.leaf_sha256.clone()), ..bare() }
}

fn pod(ready: bool) -> Sidecar {
    Sidecar::Pod { name: "proxy".to_owned(), ready, waits: None }
}

fn kinds(worker: &Worker, sidecar: &Sidecar, material: &Material) -> Vec<String> {
    let plan = plan(worker, sidecar, material).expect("a plan");
    let kind = |change: &Change| serde_json::to_value(change).expect("JSON")["k0smotron"].as_str().expect("a kind").to_owned();
    plan.changes.iter().map(kind).collect()
}

#[test]
fn only_what_differs_is_changed() {
    let material = material();
    let right = done(&material);
    assert_eq!(kinds(&right, &pod(true), &material), Vec::<String>::new());
    assert_eq!(kinds(&bare(), &Sidecar::Absent, &material), ["folder", "write", "write"]);
    assert_eq!(kinds(&bare(), &pod(false), &material), ["folder", "write", "write", "restart"]);

    let mut open = right.clone();
    open.files.entry(SERVER).and_modify(|file| file.owned.mode = 0o666);
    assert_eq!(kinds(&open, &pod(true), &material), ["protect"]);
    let mut older = right.clone();
    older.listener.as_mut().expect("it listens").started = 99;
    assert_eq!(kinds(&older, &pod(true), &material), ["restart"]);
    let another = Worker { served: Some("another".to_owned()), ..right.clone() };
    assert_eq!(kinds(&another, &pod(true), &material), ["restart"]);
    let unknown = plan(&another, &Sidecar::Unknown("no answer".to_owned()), &material).expect("a plan");
    assert!(unknown.changes.is_empty() && unknown.notes[0].text.contains("spec.nodeName=worker-1"), "{unknown:?}");
    let with_account = Worker { account: Some("user backup99".to_owned()), ..right };
    assert!(plan(&with_account, &pod(true), &material).expect("a plan").notes[0].text.contains("backup99"));
}

#[test]
fn a_port_of_somebody_else_is_not_taken() {
    let material = material();
    for (command, uid) in [("socat", 99), ("haproxy", 0)] {
        let listener = Some(Listener { pid: 7, command: command.to_owned(), uid, started: 0 });
        let failure = plan(&Worker { listener, ..done(&material) }, &pod(true), &material).expect_err("refused");
        assert!(failure.kind == Kind::Refused && failure.cause.is_some_and(|cause| cause.contains(command)));
    }
}
