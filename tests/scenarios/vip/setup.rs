//! `vip setup`: refuses, shows, does, does nothing again, goes on where it was stopped.

use std::time::Duration;

use super::lab::{Client, NODES, VipLab, wrong};

#[test]
fn what_is_not_ours_is_taken_over_only_when_asked_and_a_second_run_changes_nothing() {
    let lab = VipLab::up("document");
    lab.until_cp1_holds();
    lab.until("HAProxy to give up", |lab| NODES.iter().all(|name| lab.node(name, "systemctl is-failed haproxy || :").trim() == "failed"));
    let before = lab.states();
    let refused = lab.vip("setup", &["--yes"]).expect(4);
    assert!(refused.stderr.contains("--take-over"), "{}", refused.stderr);
    lab.vip("setup", &["--take-over", "--dry-run"]).expect(0);
    let planned = lab.vip("setup", &["--take-over", "--dry-run", "--exit-code", "--output", "json"]).expect(5).json();
    assert_eq!(planned["outcome"], "planned");
    assert!(planned["changes"].as_array().expect("changes").iter().all(|change| change["node"].is_string() && change["vip"].is_string()));
    assert_eq!(lab.states(), before);

    let client = Client::start(&lab, 6443);
    let done = lab.vip("setup", &["--take-over", "--yes", "--output", "json"]).expect(0).json();
    client.finish("from one keepalived to the other");
    assert_eq!((&done["outcome"], &done["checks"][0]["ok"]), (&"changed".into(), &true.into()));
    assert_eq!(lab.holder(&NODES), "cp1");
    // The files of others are as they were.
    for name in NODES {
        let changed = lab.node(name, "cd /; dpkg --verify keepalived haproxy; systemctl is-active haproxy keepalived || :");
        assert_eq!(changed.matches("inactive").count(), 2, "{changed}");
    }
    let after = lab.states();
    let again = lab.vip("setup", &["--take-over", "--yes", "--output", "json"]).expect(0).json();
    assert_eq!(again["outcome"], "unchanged");
    lab.vip("setup", &["--dry-run", "--exit-code"]).expect(0);
    assert_eq!(lab.states(), after);
    assert_eq!(wrong(&lab.vip("diagnose", &["--strict", "--output", "json"]).expect(0).json()), [] as [&str; 0]);

    // What somebody changes is put right, on that node alone, and nobody loses the VIP.
    lab.node("cp2", "sed -i 's/priority .*/priority 1/' /etc/k8sport/vip/keepalived.conf; systemctl reload k8sport-vip");
    let repaired = lab.vip("setup", &["--yes", "--output", "json"]).expect(0).json();
    let nodes: Vec<_> = repaired["changes"].as_array().expect("changes").iter().map(|change| &change["node"]).collect();
    assert_eq!(nodes, ["10.255.254.11", "10.255.254.11"]);
    assert_eq!(lab.states(), after);
}

/// Killed while it is at work, once early and once late.
#[test]
fn a_run_that_was_killed_is_gone_on_with() {
    let lab = VipLab::up("document");
    lab.until_cp1_holds();
    let set_up = ["--take-over", "--yes"];
    let begun = |lab: &VipLab, name: &str, path: &str| !lab.node(name, &format!("ls {path} 2>/dev/null || :")).is_empty();
    for (name, path) in [("cp2", "/etc/k8sport/vip/keepalived.conf"), ("cp1", "/run/k8sport-vip")] {
        let mut run = lab.start("setup", &set_up);
        lab.until("the run to come so far", |lab| begun(lab, name, path));
        run.kill().expect("a process");
        run.wait().expect("its end");
        // The node notices that nobody listens any more.
        std::thread::sleep(Duration::from_secs(1));
    }
    lab.vip("setup", &set_up).expect(0);
    assert_eq!(lab.vip("setup", &["--yes", "--output", "json"]).expect(0).json()["outcome"], "unchanged");
    assert_eq!(lab.holders(&NODES).len(), 1);
    assert_eq!(wrong(&lab.vip("diagnose", &["--strict", "--output", "json"]).expect(0).json()), [] as [&str; 0]);
}
