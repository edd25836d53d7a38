//! Plan, first run, second run, reboot, third run.

use crate::support::{CLUSTER, Lab, PRIMARY_PUBLIC, assert_same_node};

const BOOTSTRAP: [&str; 4] = ["bootstrap", "--cluster", CLUSTER, "--yes"];

#[test]
fn a_dry_run_writes_nothing_anywhere_and_its_plan_is_what_is_then_applied() {
    let lab = Lab::default();
    let (account, node) = (lab.account(), lab.node_state());
    lab.forget_calls();
    let planned = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run", "--output", "json"]).expect(0).json();
    assert_eq!(planned["outcome"], "planned");
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run", "--exit-code"]).expect(5);
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
    assert_eq!(lab.account(), account);
    assert_same_node(&node, &lab.node_state(), "nothing was to change");

    let applied = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--output", "json"]).expect(0).json();
    let without_status = |document: &serde_json::Value| {
        let mut changes = document["changes"].clone();
        changes
            .as_array_mut()
            .expect("changes")
            .iter_mut()
            .for_each(|change| drop(change.as_object_mut().expect("a change").remove("status")));
        changes
    };
    assert_eq!(without_status(&planned), without_status(&applied));
    assert!(
        applied["changes"].as_array().is_some_and(|changes| !changes.is_empty() && changes.iter().all(|change| change["status"] == "done"))
    );
}

#[test]
fn the_main_job_and_then_nothing_to_do_and_a_reboot_survives() {
    let lab = Lab::default();
    lab.operator(&["curl", "-sS", "--max-time", "3", "https://app.example.com/"])
        .code
        .ne(&0)
        .then_some(())
        .expect("the application isn't there before");

    let first = lab.k8sport(&[&BOOTSTRAP[..], &["--output", "json"]].concat()).expect(0).json();
    assert_eq!(first["outcome"], "changed");
    assert!(
        first["checks"].as_array().is_some_and(|checks| checks.len() == 4 && checks.iter().all(|check| check["ok"] == true)),
        "{first}"
    );
    let public = first["access"]["elastic_ip"].as_str().expect("an Elastic IP").to_owned();
    works(&lab, &public);

    let (account, node) = (lab.account(), lab.node_state());
    unchanged(&lab);
    assert_eq!(lab.account(), account);
    assert_same_node(&node, &lab.node_state(), "nothing was to change");

    lab.reboot_node();
    let up = lab.operator(&curl(&lab, "https://app.example.com/")).expect(0);
    assert!(up.stdout.contains("app="), "{up:?}");
    works(&lab, &public);
    unchanged(&lab);
}

#[test]
fn what_somebody_flushed_comes_back_by_itself_and_by_the_next_run() {
    let lab = Lab::default();
    let first = lab.k8sport(&[&BOOTSTRAP[..], &["--output", "json"]].concat()).expect(0).json();
    let public = first["access"]["elastic_ip"].as_str().expect("an Elastic IP").to_owned();
    lab.node("systemctl stop k8sport-net.timer; nft flush ruleset; ip address del $(ip -o -4 address show dev ens5 | awk '/\\/32/ {print $4}') dev ens5");
    let drifted = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run", "--exit-code"]).expect(5);
    assert!(drifted.stdout.contains("Plan:"), "{drifted:?}");
    lab.forget_calls();
    lab.k8sport(&BOOTSTRAP).expect(0);
    assert_eq!(lab.mutating_calls(), Vec::<String>::new(), "only the node had drifted");
    works(&lab, &public);
    lab.node("nft delete table ip k8sport; systemctl start k8sport-net-check.service");
    works(&lab, &public);
}

fn unchanged(lab: &Lab) {
    lab.forget_calls();
    let again = lab.k8sport(&[&BOOTSTRAP[..], &["--output", "json"]].concat()).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
}

/// Each address shows its own certificate, HTTP works, the wildcard resolves, and 8443 stays closed on the primary.
fn works(lab: &Lab, public: &str) {
    assert_eq!(lab.certificate(public, "app.example.com"), "CN=app.example.com");
    assert_eq!(lab.certificate(public, "shop.example.com"), "CN=shop.example.com");
    assert_eq!(lab.certificate(PRIMARY_PUBLIC, "api.c02.example.com"), "CN=kubernetes-master");
    assert!(lab.operator(&["curl", "-sS", "--max-time", "10", "http://app.example.com/"]).expect(0).stdout.contains("app="));
    assert!(lab.operator(&["getent", "hosts", "anything.example.com"]).expect(0).stdout.contains(public));
    assert!(lab.operator(&["getent", "hosts", "www.example.com"]).expect(0).stdout.contains("192.0.2.80"));
    let listeners = lab.node("ss -Hltn");
    assert!(
        listeners.lines().filter(|line| line.contains(":8443")).all(|line| !line.contains("0.0.0.0:8443") && !line.contains("*:8443")),
        "{listeners}"
    );
    assert!(listeners.contains("127.0.0.1:8404"), "{listeners}");
}

fn curl<'a>(lab: &Lab, url: &'a str) -> Vec<&'a str> {
    let authority = lab.home().join("ca.pem").to_str().expect("UTF-8").to_owned();
    vec!["curl", "-sS", "--max-time", "10", "--retry", "15", "--retry-delay", "1", "--retry-all-errors", "--cacert", authority.leak(), url]
}
