//! Workers of a control plane that k0smotron would host: a real HAProxy with its configuration and its user, a real ingress that
//! passes through by SNI, secrets in a real API server.
//!
//! What isn't real: the operator itself and its custom resources; a program of the lab does for the DaemonSet's pod what controllers
//! and kubelet do.

mod diagnose;
mod killed;
mod long_names;
mod prepare;
mod refusals;
mod rotation;
mod routes;

use crate::ended::Ended;
use crate::support::{Lab, PRIMARY_PUBLIC};

const FOLDER: &str = "/etc/haproxy/certs";

#[test]
fn what_is_no_good_is_refused_and_what_is_good_is_served() {
    let lab = Lab::with_k0smotron();
    refusals::nothing_is_touched(&lab);
    prepare::a_fresh_worker_serves_pods_and_the_key_is_seen_nowhere(&lab);
}

#[test]
fn new_certificates_are_shown_and_a_run_that_was_cut_off_is_finished() {
    let lab = Lab::with_k0smotron();
    rotation::a_new_certificate_is_put_there_and_shown(&lab);
    killed::the_next_run_finishes(&lab);
}

#[test]
fn the_diagnosis_names_what_is_wrong_and_the_commands_of_the_documents_work() {
    let lab = Lab::with_k0smotron();
    diagnose::what_is_wrong_is_named(&lab);
    crate::readme::k0smotron(&lab);
}

#[test]
fn objects_of_ingress_controllers_are_judged_like_an_ingress() {
    let lab = Lab::with_k0smotron();
    routes::objects_of_controllers_stand_for_the_ingress(&lab);
    long_names::are_followed(&lab);
}

/// `k8sport k0smotron COMMAND` for the lab's cluster and its worker.
fn k0smotron(lab: &Lab, command: &str, more: &[&str]) -> Ended {
    of_cluster(lab, "my-cluster", command, more)
}

fn of_cluster(lab: &Lab, cluster: &str, command: &str, more: &[&str]) -> Ended {
    let named = ["k0smotron", command, "--cluster", cluster, "-n", "team", "--worker", PRIMARY_PUBLIC];
    let arguments: Vec<&str> = named.iter().chain(more).copied().collect();
    let environment = login(lab);
    lab.k8sport_with(&environment.iter().map(String::as_str).collect::<Vec<_>>(), &arguments)
}

/// How the lab's worker is logged in to.
pub fn login(lab: &Lab) -> [String; 3] {
    let key = lab.home().join(".ssh/kops-key");
    ["K8SPORT_SSH_USER=ubuntu".to_owned(), format!("K8SPORT_SSH_KEY={}", key.display()), "K8SPORT_ACCEPT_NEW_HOST_KEY=1".to_owned()]
}

fn prepare(lab: &Lab, more: &[&str]) -> Ended {
    k0smotron(lab, "prepare-workers", more)
}

/// What the management cluster has from now on.
fn certificate(lab: &Lab, kind: &str) {
    lab.node(&format!("/usr/local/lib/k0smotron-objects certificate {kind}"));
}

/// As the administrator of both clusters.
fn kubectl(lab: &Lab, arguments: &str) -> String {
    let access = "--server=https://127.0.0.1 --certificate-authority=ca.crt --client-certificate=admin.crt --client-key=admin.key";
    lab.node(&format!("cd /srv/kubernetes; /opt/kubernetes/kubectl {access} {arguments}"))
}

/// Name, access and content of all there is.
fn files(lab: &Lab) -> String {
    lab.node(&format!("cd {FOLDER} 2>/dev/null || exit 0; stat -c '%n %04a %u:%g' . *; find . -type f -exec sha256sum {{}} + | sort -k2"))
}

fn access(lab: &Lab) -> String {
    lab.node(&format!("cd {FOLDER}; stat -c '%n %04a %u:%g' . *"))
}

/// What a pod gets, which is told the Service's address: by a program that verifies and isn't ours.
fn through_the_sidecar(lab: &Lab) -> String {
    lab.node(
        "curl -sS --max-time 10 --cacert /srv/k0smotron/ca.crt --connect-to 100.64.0.1:443:127.0.0.1:7443 \
         https://100.64.0.1/version | tr -d ' \\n'",
    )
}

/// Whether the sidecar shows the certificate that the management cluster has.
fn serves_the_new_one(lab: &Lab) -> bool {
    lab.node(
        "fingerprint() { openssl x509 -noout -fingerprint -sha256; }
         served=$(openssl s_client -connect 127.0.0.1:7443 </dev/null 2>/dev/null | fingerprint)
         [ \"$served\" = \"$(fingerprint </srv/k0smotron/haproxy.crt)\" ] && echo yes || echo no",
    )
    .trim()
        == "yes"
}

/// A part of the key that no output may have.
fn secret_part(lab: &Lab) -> String {
    lab.node("sed -n 5p /srv/k0smotron/haproxy.key").trim().to_owned()
}

/// What a plan would change, as `kind path`.
fn changes(ended: &Ended) -> Vec<String> {
    let document = ended.json();
    let changes = document["changes"].as_array().expect("changes");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default().to_owned();
    changes.iter().map(|change| format!("{} {}", text(&change["k0smotron"]), text(&change["path"])).trim().to_owned()).collect()
}
