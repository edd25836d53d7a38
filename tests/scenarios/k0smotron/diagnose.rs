//! Each thing that goes wrong is named, and its remedy mends it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::{FOLDER, access, certificate, changes, k0smotron, kubectl, prepare};
use crate::support::Lab;

/// Kubernetes 1.20 has no internalTrafficPolicy, so the lab's Service can't have it.
const ALWAYS: &str = "hosted.endpoints";
const NODE: &str = "ip-172-20-32-10.eu-central-1.compute.internal";

/// Checks that are not fine, without the one that can't be.
#[track_caller]
fn wrong(lab: &Lab) -> BTreeSet<String> {
    let ended = k0smotron(lab, "diagnose", &["--output", "json"]);
    let document = ended.json();
    assert!(document["error"].is_null(), "{ended:?}");
    let checks = document["checks"].as_array().expect("checks").iter();
    let bad = checks.filter(|check| check["status"] == "failed" || (check["status"] == "warning" && check["id"] != ALWAYS));
    let bad: BTreeSet<_> = bad.map(|check| check["id"].as_str().expect("an id").to_owned()).collect();
    let failures = document["totals"]["failed"].as_u64().expect("a number");
    assert_eq!(ended.code, if failures > 0 { 3 } else { 0 }, "{ended:?}");
    bad
}

/// What one check says.
pub fn finding(lab: &Lab, id: &str) -> serde_json::Value {
    let document = k0smotron(lab, "diagnose", &["--output", "json"]).json();
    document["checks"].as_array().expect("checks").iter().find(|check| check["id"] == id).expect("the check").clone()
}

/// What was just started or changed may need some seconds on a busy machine.
#[track_caller]
pub fn expect(lab: &Lab, what: &str, ids: &[&str]) {
    let expected: BTreeSet<_> = ids.iter().map(|id| (*id).to_owned()).collect();
    let since = Instant::now();
    let mut found = wrong(lab);
    while found != expected && since.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_secs(1));
        found = wrong(lab);
    }
    assert_eq!(found, expected, "{what}");
}

pub fn what_is_wrong_is_named(lab: &Lab) {
    let bare = ["hosted.endpoints", "worker.files", "worker.pod", "worker.port"];
    expect(lab, "nothing is there", &bare);
    prepare(lab, &["--yes"]).expect(0);
    expect(lab, "prepared", &[]);
    let text = k0smotron(lab, "diagnose", &[]).expect(0).stdout;
    assert!(text.contains("cluster team/my-cluster, hosted") && text.contains("✓ Workers"), "{text}");

    the_documents_way(lab);

    certificate(lab, "soon");
    expect(lab, "a new one that ends soon", &["certificates.expiry", "worker.files"]);
    lab.node(&format!("cat /srv/k0smotron/haproxy.crt /srv/k0smotron/haproxy.key >{FOLDER}/server.pem"));
    expect(lab, "put there by hand", &["certificates.expiry", "worker.expiry", "worker.current"]);
    certificate(lab, "good");
    prepare(lab, &["--yes"]).expect(0);
    certificate(lab, "other-key");
    assert!(wrong(lab).contains("certificates.secrets"));
    certificate(lab, "good");
    prepare(lab, &["--yes"]).expect(0);

    lab.node("useradd -M -u 99 -o somebody");
    expect(lab, "an account 99", &["worker.account"]);
    lab.node("userdel -f somebody; sed -i.kept /kube-api/d /etc/hosts");
    expect(lab, "no name there", &["worker.resolves"]);
    lab.node("cp /etc/hosts.kept /etc/hosts");

    let ingress = "-n team annotate --overwrite ingress kmc-my-cluster";
    kubectl(lab, &format!("{ingress} haproxy.org/ssl-passthrough- nginx.ingress.kubernetes.io/ssl-passthrough=true"));
    expect(lab, "another controller's annotation", &["ingress.passthrough"]);
    kubectl(lab, &format!("{ingress} haproxy.org/ssl-passthrough=true"));
    let class = |name: &str| {
        let patch = format!("{{\"spec\":{{\"ingressClassName\":\"{name}\"}}}}");
        kubectl(lab, &format!("-n team patch ingress kmc-my-cluster -p '{patch}'"));
    };
    class("nobodys");
    expect(lab, "no such class", &["ingress.class"]);
    class("traefik");
    expect(lab, "no Ingress does it", &["ingress.passthrough"]);
    class("haproxy");
    kubectl(lab, "-n team set image statefulset/kmc-my-cluster c=quay.io/k0sproject/k0s:v1.34.0-k0s.0");
    expect(lab, "the version of the document's example", &["certificates.version"]);
    kubectl(lab, "-n team set image statefulset/kmc-my-cluster c=quay.io/k0sproject/k0s:v1.34.1-k0s.0");

    lab.node("sed -i.kept '/konnectivity if/d' /etc/k0smotron/ingress.cfg; systemctl restart passthrough-ingress");
    expect(lab, "konnectivity isn't led there", &["ingress.konnectivity"]);
    lab.node("systemctl stop passthrough-ingress");
    expect(lab, "no ingress", &["hosted.api", "ingress.api", "ingress.konnectivity", "worker.version"]);
    lab.node("cp /etc/k0smotron/ingress.cfg.kept /etc/k0smotron/ingress.cfg; systemctl start passthrough-ingress; sleep 1");
    expect(lab, "mended", &[]);

    kubectl(lab, &format!("taint node {NODE} gpu=yes:NoSchedule"));
    lab.node("while systemctl -q is-active k0smotron-haproxy; do sleep 0.2; done; sleep 1");
    expect(lab, "a taint", &["hosted.nodes", "worker.pod", "worker.port"]);
    kubectl(lab, &format!("taint node {NODE} gpu- node.cloudprovider.kubernetes.io/uninitialized=true:NoSchedule"));
    lab.node(&format!("mv {FOLDER}/server.pem /run; sleep 3"));
    lab.node("systemctl restart k0smotron-haproxy; sleep 2");
    assert!(wrong(lab).contains("hosted.cloud-provider"));
    prepare(lab, &["--yes"]).expect(0);
    expect(lab, "prepared again", &[]);
}

/// It is found, and mended without a restart: HAProxy has read the same files before.
fn the_documents_way(lab: &Lab) {
    lab.node(&format!(
        "cd {FOLDER}; chmod 755 .; umask 022; cat /srv/k0smotron/haproxy.crt >server.crt; cat /srv/k0smotron/haproxy.key >server.key
         cat server.crt server.key >server.pem; chmod 666 server.pem; chown root:root server.pem; systemctl restart k0smotron-haproxy; sleep 1"
    ));
    expect(lab, "chmod 666", &["worker.access"]);
    let process = "systemctl show -p MainPID --value k0smotron-haproxy";
    let before = lab.node(process);
    let done = prepare(lab, &["--yes", "--output", "json"]).expect(0);
    assert_eq!(changes(&done), ["folder", "protect server.pem", "protect server.key"]);
    assert_eq!(access(lab), ". 0750 0:99\nca.crt 0444 0:0\nserver.crt 0644 0:0\nserver.key 0600 0:0\nserver.pem 0400 99:99\n");
    assert_eq!(lab.node(process), before, "it was restarted");
    // As it will have to read them.
    lab.node("systemctl restart k0smotron-haproxy; sleep 1");
    expect(lab, "closed", &[]);
}
