//! `vip cleanup`: everything is as it was.

use super::lab::{Client, NODES, VipLab};
use crate::support::assert_same_node;

#[test]
fn what_was_taken_over_comes_back_and_nothing_of_ours_stays() {
    let lab = VipLab::up("document");
    lab.until_cp1_holds();
    let failed = |lab: &VipLab| NODES.iter().all(|name| lab.node(name, "systemctl is-failed haproxy || :").trim() == "failed");
    lab.until("HAProxy to give up", failed);
    let before = lab.states();
    lab.vip("setup", &["--take-over", "--load-balance", "--yes"]).expect(0);
    assert_eq!(lab.vip("cleanup", &["--dry-run", "--exit-code", "--output", "json"]).expect(5).json()["outcome"], "planned");
    let client = Client::start(&lab, 6443);
    lab.vip("cleanup", &["--yes"]).expect(0);
    // Theirs needs up to four seconds to take the VIP, as it did before.
    lab.until_cp1_holds();
    client.longest_gap("cleanup");
    lab.until("HAProxy to give up again", failed);
    for (name, (before, after)) in NODES.iter().zip(before.iter().zip(&lab.states())) {
        assert_same_node(before, after, name);
    }
    assert_eq!(lab.vip("cleanup", &["--yes", "--output", "json"]).expect(0).json()["outcome"], "unchanged");
}
