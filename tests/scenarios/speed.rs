//! What a run costs, counted: answers that wait for each other, connections, commands on the node, bytes. Nothing here is timed;
//! tests/bench does that.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::{CLUSTER, Lab};

const BOOTSTRAP: [&str; 4] = ["bootstrap", "--cluster", CLUSTER, "--yes"];

/// Milliseconds that every call takes at least, so that what could be asked for at once and isn't shows as a gap.
const LATENCY: u32 = 400;

/// What one run has cost.
#[derive(Debug)]
struct Cost {
    calls: usize,
    mutating: usize,
    /// The longest chain of calls of which each began after the one before had been answered.
    rounds: usize,
    bytes: u64,
    ssh_connections: usize,
    commands: usize,
}

impl Cost {
    fn of(lab: &Lab, arguments: &[&str]) -> Self {
        lab.node("echo LogLevel VERBOSE >/etc/ssh/sshd_config.d/count.conf; systemctl reload ssh; journalctl -q --rotate --vacuum-time=1s");
        lab.lab(&format!("aws latency {LATENCY}"));
        lab.forget_calls();
        lab.k8sport(arguments).expect(0);
        lab.lab("aws latency 0");
        let calls = lab.calls_in_order();
        let number = |call: &serde_json::Value, name: &str| call[name].as_f64().expect("a number");
        let mut spans: Vec<(f64, f64)> =
            calls.iter().map(|call| (number(call, "began"), number(call, "began") + number(call, "ms") / 1000.0)).collect();
        spans.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (mut rounds, mut answered) = (0, 0.0);
        for (began, ended) in spans {
            if began >= answered {
                (rounds, answered) = (rounds + 1, ended);
            }
        }
        let log = lab.node("journalctl -q -o cat -t sshd");
        let count = |start: &str| log.lines().filter(|line| line.starts_with(start)).count();
        Self {
            calls: calls.len(),
            mutating: calls.iter().filter(|call| call["mutating"] == true).count(),
            rounds,
            bytes: calls.iter().map(|call| call["bytes"].as_u64().expect("a number")).sum(),
            ssh_connections: count("Accepted publickey for "),
            commands: count("Starting session: "),
        }
    }
}

#[test]
fn no_run_waits_longer_than_it_has_to() {
    let lab = Lab::default();
    // One poll tells that the records are everywhere.
    lab.lab("aws settle 0 1");
    let fresh = Cost::of(&lab, &BOOTSTRAP);
    // Twice to read; address, private IP and association; the memory of the record, the record, and its way to all servers.
    assert!(fresh.rounds <= 8, "{fresh:?}");
    // That sshd greets a new connection shows that the node can still be reached; a second login isn't needed.
    assert_eq!((fresh.ssh_connections, fresh.commands, fresh.mutating), (1, 4, 9), "{fresh:?}");
    assert!(fresh.calls <= 26, "{fresh:?}");

    let again = Cost::of(&lab, &BOOTSTRAP);
    assert_eq!((again.ssh_connections, again.commands, again.mutating), (1, 1, 0), "{again:?}");
    assert!(again.rounds <= 2 && again.calls <= 13 && again.bytes < 64_000, "{again:?}");

    let diagnosis = Cost::of(&lab, &["diagnose", "--cluster", CLUSTER]);
    assert_eq!((diagnosis.ssh_connections, diagnosis.commands), (1, 2), "{diagnosis:?}");
    assert!(diagnosis.rounds <= 2 && diagnosis.mutating == 0, "{diagnosis:?}");
}

#[test]
fn a_diagnosis_is_logged_in_before_it_has_all_lists() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    lab.node("journalctl -q --rotate --vacuum-time=1s");
    lab.forget_calls();
    lab.fault(&json!({"service": "route53", "action": "ListHostedZones*", "kind": "slow", "seconds": 5}).to_string());
    lab.k8sport(&["diagnose", "--cluster", CLUSTER]).expect(0);
    let zones = lab.calls_in_order().into_iter().find(|call| call["ms"].as_f64() > Some(5000.0)).expect("the slow call");
    let login = lab.node("journalctl -q -o short-unix -t sshd | sed -n '/Accepted publickey/s/ .*//p'");
    let login: f64 = login.trim().parse().expect("one login");
    assert!(login < zones["began"].as_f64().expect("a time") + 5.0, "{login} {zones}");
}

#[test]
fn a_large_account_costs_no_more_where_aws_can_filter() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let small = Cost::of(&lab, &BOOTSTRAP);
    lab.lab("aws grow 500 100 2000 50");
    let large = Cost::of(&lab, &BOOTSTRAP);
    // The zones come in pages; of a zone that has several, our own names are asked for.
    let pages: BTreeSet<_> = lab.calls().into_iter().filter(|call| call.starts_with("route53.")).collect();
    assert_eq!(pages.len(), 2, "{pages:?}");
    assert!(large.calls - small.calls <= 2 && large.mutating == 0, "{small:?} {large:?}");
}
