//! Nodes and accounts that differ from the usual one, and still work.

use crate::support::{CLUSTER, Ended, Lab};

fn bootstrap(aws: &str, node: &str, more: &[&str]) -> (Lab, Ended) {
    let lab = Lab::reset(aws, node);
    let ended = lab.k8sport(&[&["bootstrap", "--cluster", CLUSTER, "--yes", "--output", "json"], more].concat()).expect(0);
    let public = ended.json()["access"]["elastic_ip"].as_str().expect("an Elastic IP").to_owned();
    assert_eq!(lab.certificate(&public, "app.example.com"), "CN=app.example.com");
    (lab, ended)
}

#[test]
fn old_tags_and_group_names() {
    bootstrap("old", "fresh", &[]);
}

#[test]
fn tagged_interface() {
    bootstrap("tagged-eni", "fresh", &[]);
}

#[test]
fn a_node_without_haproxy_and_nftables_gets_them() {
    let (lab, _) = bootstrap("default", "bare", &[]);
    assert!(lab.node("dpkg-query -W haproxy nftables").contains("haproxy"));
    // Its default configuration starts with `flush ruleset`, which would take kube-proxy's rules away.
    assert_ne!(lab.node("systemctl is-enabled nftables.service || true").trim(), "enabled");
    assert_ne!(lab.node("systemctl is-active haproxy.service || true").trim(), "active");
}

#[test]
fn node_ports_on_the_primary_address_alone() {
    bootstrap("default", "local-nodeport", &[]);
}

#[test]
fn only_the_default_quota_can_be_read() {
    bootstrap("no-quota", "fresh", &[]);
}

#[test]
fn a_half_done_run_is_finished_with_its_own_address() {
    let (lab, ended) = bootstrap("own-tag", "fresh", &[]);
    let account = lab.account();
    let ours: Vec<_> =
        account["addresses"].as_array().expect("addresses").iter().filter(|a| a["tags"]["k8sport:cluster"] == CLUSTER).collect();
    assert_eq!(ours.len(), 1);
    assert_eq!(ended.json()["access"]["elastic_ip"], ours[0]["public"]);
}

#[test]
fn a_restricted_api_is_pointed_out() {
    let lab = Lab::reset("narrow-api", "fresh");
    let ended = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run"]).expect(0);
    assert!(ended.stdout.contains("masters.c02.example.com keeps the API server's 443 from the world"), "{ended:?}");
}

#[test]
fn without_console_output_the_host_key_comes_from_the_user() {
    let lab = Lab::reset("no-console", "fresh");
    let refused = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run"]).expect(4);
    assert!(refused.stderr.contains("--host-key-fingerprint") && refused.stderr.contains("--accept-new-host-key"), "{refused:?}");
    let key = lab.node("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
    let fingerprint = key.split_whitespace().nth(1).expect("a fingerprint");
    let wrong = format!("SHA256:{}", "A".repeat(43));
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run", "--host-key-fingerprint", &wrong]).expect(4);
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run", "--host-key-fingerprint", fingerprint]).expect(0);
    // Pinned now.
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run"]).expect(0);
}

#[test]
fn a_changed_host_key_is_never_accepted() {
    let lab = Lab::reset("no-console", "fresh");
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run", "--accept-new-host-key"]).expect(0);
    lab.node("rm /etc/ssh/ssh_host_*; ssh-keygen -A; systemctl restart ssh");
    let ended = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run", "--accept-new-host-key"]).expect(4);
    assert!(ended.stderr.contains("host key"), "{ended:?}");
}

#[test]
fn an_address_that_the_user_names_is_adopted() {
    let lab = Lab::reset("free", "fresh");
    let account = lab.account();
    let free =
        account["addresses"].as_array().expect("addresses").iter().find(|a| a["tags"] == serde_json::json!({})).expect("a free address");
    let address = free["public"].as_str().expect("an address");
    let ended =
        lab.k8sport(&["setup-secondary-ip", "--cluster", CLUSTER, "--yes", "--elastic-ip", address, "--output", "json"]).expect(0).json();
    assert_eq!(ended["access"]["elastic_ip"], address);
    assert_eq!(lab.account()["addresses"].as_array().map(Vec::len), account["addresses"].as_array().map(Vec::len));
}
