//! Each command alone: in order, out of order, and without a second address.

use crate::support::{CLUSTER, Lab, PRIMARY_PUBLIC, assert_same_node};

#[test]
fn in_order_each_says_what_comes_next() {
    let lab = Lab::default();
    let first = lab.k8sport(&["setup-secondary-ip", "--cluster", CLUSTER, "--yes"]).expect(0);
    assert!(first.stdout.contains("k8sport setup-haproxy --cluster c02.example.com"), "{first:?}");
    let second = lab.k8sport(&["setup-haproxy", "--cluster", CLUSTER, "--yes"]).expect(0);
    assert!(second.stdout.contains("k8sport update-dns --cluster c02.example.com"), "{second:?}");
    lab.k8sport(&["update-dns", "--cluster", CLUSTER, "--yes"]).expect(0);
    lab.forget_calls();
    for command in ["setup-secondary-ip", "setup-haproxy", "update-dns", "bootstrap"] {
        let again = lab.k8sport(&[command, "--cluster", CLUSTER, "--yes", "--output", "json"]).expect(0).json();
        assert_eq!(again["outcome"], "unchanged", "{command}: {again}");
    }
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
}

#[test]
fn out_of_order_they_say_what_is_missing_and_change_nothing() {
    let lab = Lab::default();
    let (account, node) = (lab.account(), lab.node_state());
    for command in ["setup-haproxy", "update-dns"] {
        let ended = lab.k8sport(&[command, "--cluster", CLUSTER, "--yes"]).expect(1);
        assert!(ended.stderr.contains("k8sport setup-secondary-ip --cluster c02.example.com"), "{ended:?}");
    }
    assert_eq!(lab.account(), account);
    assert_same_node(&node, &lab.node_state(), "nothing was to change");
    lab.k8sport(&["setup-secondary-ip", "--cluster", CLUSTER, "--yes"]).expect(0);
    // Nothing answers on the second address yet: names must not point there.
    let account = lab.account();
    let ended = lab.k8sport(&["update-dns", "--cluster", CLUSTER, "--yes"]).expect(1);
    assert!(ended.stderr.contains("k8sport setup-haproxy --cluster c02.example.com"), "{ended:?}");
    assert_eq!(lab.account(), account);
}

#[test]
fn without_a_second_address_http_is_on_the_primary() {
    let lab = Lab::default();
    let ended = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--no-secondary-ip", "--yes"]).expect(0);
    assert!(ended.stderr.contains("30443") && ended.stderr.contains("$3.65"), "{ended:?}");
    assert!(lab.operator(&["curl", "-sS", "--max-time", "10", "http://app.example.com/"]).expect(0).stdout.contains("app="));
    assert!(lab.operator(&["curl", "-sSk", "--max-time", "10", "https://app.example.com:30443/"]).expect(0).stdout.contains("app="));
    assert_eq!(lab.certificate(PRIMARY_PUBLIC, "api.c02.example.com"), "CN=kubernetes-master");
    let ours = |lab: &Lab| {
        lab.account()["addresses"].as_array().expect("addresses").iter().filter(|a| a["tags"]["k8sport:cluster"] == CLUSTER).count()
    };
    assert_eq!(ours(&lab), 0);
    lab.forget_calls();
    let again = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--without-secondary-ip", "--yes", "--output", "json"]).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
    // And from there to the second address.
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]).expect(0);
    assert_eq!(ours(&lab), 1);
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--no-secondary-ip", "--yes"]).expect(4);
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_changed() {
    let lab = Lab::default();
    let account = lab.account();
    let ended = lab.k8sport(&["bootstrap", "--cluster", CLUSTER]).expect(4);
    assert!(ended.stderr.contains("--yes"), "{ended:?}");
    assert_eq!(lab.account(), account);
}

#[test]
fn two_runs_at_once_end_with_one_address_and_a_consistent_node() {
    let lab = Lab::default();
    let run = || lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]);
    let ended = std::thread::scope(|scope| [scope.spawn(run), scope.spawn(run)].map(|thread| thread.join().expect("a run")));
    // The slower waits for the other and finds nothing to do.
    assert_eq!(ended.each_ref().map(|ended| ended.code), [0, 0], "{ended:?}");
    assert!(ended.iter().any(|ended| ended.stderr.contains("wait for `k8sport bootstrap` of ")), "{ended:?}");
    let last = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--output", "json"]).expect(0).json();
    let account = lab.account();
    let ours: Vec<_> =
        account["addresses"].as_array().expect("addresses").iter().filter(|a| a["tags"]["k8sport:cluster"] == CLUSTER).collect();
    assert_eq!(ours.len(), 1, "{ours:?}");
    assert_eq!(last["access"]["elastic_ip"], ours[0]["public"]);
    assert_eq!(lab.certificate(ours[0]["public"].as_str().expect("an address"), "app.example.com"), "CN=app.example.com");
}
