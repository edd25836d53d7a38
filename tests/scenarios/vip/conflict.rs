//! The conflict as it is met in the field, and what else can be wrong with a VIP.

use serde_json::json;

use super::lab::{NODES, VIP, VipLab, wrong};

/// HAProxy has given up, as with Debian's unit it does after five restarts.
fn until_haproxy_gave_up(lab: &VipLab, name: &str) {
    lab.until("HAProxy to give up", |lab| lab.node(name, "systemctl show -p SubState --value haproxy").trim() == "failed");
}

#[test]
fn the_conflict_is_reproduced_and_explained() {
    let lab = VipLab::up("document");
    lab.until_cp1_holds();
    NODES.iter().for_each(|name| until_haproxy_gave_up(&lab, name));
    // The holder has the VIP by now, so HAProxy meets the other listener, and not the missing address.
    lab.node("cp1", "systemctl reset-failed haproxy; systemctl start --no-block haproxy");
    until_haproxy_gave_up(&lab, "cp1");
    let journal = lab.node("cp1", "journalctl -b -o cat -u haproxy | grep 'Address already in use' | tail -1");
    assert!(journal.contains("cannot bind socket (Address already in use) for [10.255.254.100:6443]"), "{journal}");
    assert_eq!(lab.operator(&format!("curl -sk https://{VIP}:6443/livez")).stdout, "ok");

    let text = lab.vip("diagnose", &[]).expect(3).stdout;
    for words in [
        "kube-apiserver is already listening on *:6443 (all network interfaces)",
        "The Kubernetes API is already accessible via the VIP without HAProxy.",
        "decision: 3 control planes, VIP on node (k8s-cp1): HAProxy no, conflict with kube-apiserver",
        "decision: 3 control planes, VIP NOT on node (k8s-cp2, k8s-cp3): HAProxy no",
        "--take-over",
    ] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    let found = lab.vip("diagnose", &["--output", "json"]).expect(3).json();
    assert_eq!(wrong(&found), ["keepalived.tracks", "keepalived.failover", "haproxy.bind", "haproxy.restarts"]);
    // cp1's own address is the beginning of the VIP's. Only the holder has the VIP.
    let holds: Vec<_> = found["target"]["nodes"].as_array().expect("nodes").iter().map(|node| &node["holds_vip"]).collect();
    assert_eq!(holds, [&json!(true), &json!(false), &json!(false)]);
    let scenarios: Vec<_> = found["conclusion"]["decision"].as_array().expect("rows").iter().map(|row| &row["scenario"]).collect();
    assert_eq!(scenarios, ["vip-on-node", "vip-elsewhere"]);
    let restarts = found["checks"].as_array().expect("checks").iter().find(|check| check["id"] == "haproxy.restarts").expect("a check");
    assert!(restarts["evidence"].as_str().expect("text").contains("Address already in use"), "{restarts}");
}

#[test]
fn split_brain_nobody_and_a_dead_node_are_told() {
    let lab = VipLab::up("keepalived");
    lab.until_cp1_holds();
    // VRRP alone is cut off, as by a firewall that doesn't know it.
    for rule in ["INPUT", "OUTPUT"] {
        lab.node("cp3", &format!("iptables -A {rule} -p 112 -j DROP"));
    }
    lab.until("two holders", |lab| lab.holders(&NODES).len() == 2);
    let two = lab.vip("diagnose", &["--short"]).expect(3).stdout;
    assert!(two.contains("vip.holder: split brain: k8s-cp1 (10.255.254.10) and k8s-cp3 (10.255.254.12) have 10.255.254.100"), "{two}");
    for name in NODES {
        lab.node(name, "systemctl stop keepalived");
    }
    let nobody = lab.vip("diagnose", &["--output", "json"]).expect(3).json();
    assert!(
        wrong(&nobody).starts_with(&["vip.holder".to_owned()]) && wrong(&nobody).contains(&"keepalived.running".to_owned()),
        "{nobody}"
    );
    // One that is gone is named, and the others are looked at all the same.
    lab.lab(&["power-off", "cp2"]);
    let gone = lab.vip("diagnose", &["--output", "json"]).expect(3).json();
    assert!(wrong(&gone).starts_with(&["vip.reached".to_owned()]), "{gone}");
    let reached: Vec<_> = gone["target"]["nodes"].as_array().expect("nodes").iter().map(|node| node["reached"] == true).collect();
    assert_eq!(reached, [true, false, true]);
    let refused = lab.vip("setup", &["--take-over", "--yes"]).expect(1);
    assert!(refused.stderr.contains("10.255.254.11") && refused.stderr.contains("--skip-unreachable"), "{}", refused.stderr);
}
