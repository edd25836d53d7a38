//! A node that another run has.

use std::process::{Child, Command};

use serde_json::json;
use tempfile::TempDir;

use crate::support::{CLUSTER, Ended, Lab};

#[test]
fn who_holds_the_node_and_since_when_is_told_and_a_killed_run_holds_nothing() {
    let lab = Lab::default();
    lab.node(
        "mkdir -p /run/k8sport; systemd-run -q --unit=other-run --property=Type=exec sh -c \
         'exec 8>>/run/k8sport/apply.lock; flock 8; echo ann@laptop 4711 cleanup 2026-11-24T12:00:00Z >/run/k8sport/apply.lock; exec sleep 600'",
    );
    let arguments = ["bootstrap", "--cluster", CLUSTER, "--yes", "--output", "json"];
    let error = lab.k8sport(&arguments).expect(1).json()["error"].clone();
    let cause = error["cause"].as_str().unwrap_or_default();
    for word in ["ann@laptop", "4711", "k8sport cleanup", "2026-11-24T12:00:00Z"] {
        assert!(cause.contains(word), "{word}: {error}");
    }
    assert!(error["state"].is_string() && error["next"].is_array(), "{error}");
    lab.node("systemctl kill -s KILL other-run");
    lab.k8sport(&arguments).expect(0);
}

/// Two runs, the first of which stands still in the middle of its work.
struct Standing<'a> {
    lab: &'a Lab,
    child: Child,
    process: String,
    _note: TempDir,
}

impl<'a> Standing<'a> {
    /// `service` and `action` as the lab counts them; it stands there for so many seconds.
    fn at(lab: &'a Lab, command: &str, service: &str, action: &str, seconds: u32) -> Self {
        lab.fault(&json!({"service": service, "action": action, "kind": "slow", "seconds": seconds}).to_string());
        let folder = tempfile::tempdir().expect("a folder");
        let note = folder.path().join("pid");
        // The note gets the process id.
        let noting = ["sh", "-c", r#"echo $$ >"$0"; exec "$@""#, note.to_str().expect("UTF-8"), env!("CARGO_BIN_EXE_k8sport")];
        let child = lab.start(&[&noting[..], &[command, "--cluster", CLUSTER, "--yes"]].concat());
        lab.until_a_fault_hits().expect("the fault");
        let process = std::fs::read_to_string(&note).expect("a process id").trim().to_owned();
        Self { lab, child, process, _note: folder }
    }

    fn signal(&self, signal: &str) {
        Command::new("kill").args([&format!("-{signal}"), self.process.as_str()]).status().expect("kill runs");
    }

    fn end(self) -> Ended {
        let ended = Ended::of(self.child.wait_with_output().expect("an end"));
        self.lab.clear_faults();
        ended
    }
}

#[test]
fn a_run_during_a_cleanup_is_told_whose_it_is_or_waits_for_its_end() {
    let lab = Lab::default();
    let bootstrap = ["bootstrap", "--cluster", CLUSTER, "--yes", "--output", "json"];
    lab.k8sport(&bootstrap).expect(0);
    let cleanup = Standing::at(&lab, "cleanup", "ec2", "ReleaseAddress", 12);
    // The node is clean by now, and the address isn't.
    let error = lab.k8sport(&[&bootstrap[..], &["--lock-timeout", "1s"]].concat()).expect(1).json()["error"].clone();
    let cause = error["cause"].as_str().unwrap_or_default();
    for word in ["k8sport cleanup", "since 20", cleanup.process.as_str()] {
        assert!(cause.contains(word), "{word}: {error}");
    }
    assert!(error["next"].to_string().contains("k8sport unlock") && error["state"] == "nothing was changed", "{error}");
    let patient = lab.k8sport(&[&bootstrap[..], &["--lock-timeout", "2m"]].concat()).expect(0);
    assert!(patient.stderr.contains("wait for `k8sport cleanup` of "), "{patient:?}");
    // It has seen the world of after the cleanup: a new address, and all of the node anew.
    assert!(patient.json()["changes"].as_array().is_some_and(|changes| changes.len() > 10), "{patient:?}");
    let cleaned = cleanup.end();
    assert_eq!(cleaned.code, 0, "{cleaned:?}");
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run", "--exit-code"]).expect(0);
    assert_eq!(lab.node("ls /run/k8sport.lock 2>&1 || true"), "ls: cannot access '/run/k8sport.lock': No such file or directory\n");
}

#[test]
fn a_run_that_stands_still_is_unlocked_and_stops_when_it_goes_on() {
    let lab = Lab::default();
    let standing = Standing::at(&lab, "bootstrap", "ec2", "AssociateAddress", 3);
    standing.signal("STOP");
    let unlock = ["unlock", "--cluster", CLUSTER];
    let shown = lab.k8sport(&[&unlock[..], &["--dry-run", "--exit-code"]].concat()).expect(5);
    assert!(shown.stdout.contains("k8sport bootstrap") && shown.stdout.contains(&standing.process), "{shown:?}");
    lab.k8sport(&unlock).expect(4);
    let error = lab.k8sport(&["setup-haproxy", "--cluster", CLUSTER, "--yes", "--lock-timeout", "1s"]).expect(1);
    assert!(error.stderr.contains("k8sport bootstrap"), "{error:?}");
    let freed = lab.k8sport(&[&unlock[..], &["--yes", "--output", "json"]].concat()).expect(0).json();
    assert_eq!(freed["outcome"], "changed", "{freed}");
    lab.k8sport(&[&unlock[..], &["--yes"]].concat()).expect(0);
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]).expect(0);
    standing.signal("CONT");
    let ended = standing.end();
    assert!(
        ended.code == 1 && ended.stderr.contains("has lost the lock of the node") && ended.stderr.contains("k8sport unlock"),
        "{ended:?}"
    );
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run", "--exit-code"]).expect(0);
}

#[test]
fn a_killed_run_holds_nothing() {
    let lab = Lab::default();
    let standing = Standing::at(&lab, "bootstrap", "ec2", "AssociateAddress", 3);
    standing.signal("KILL");
    assert_eq!(standing.end().code, -1);
    let shown = lab.k8sport(&["unlock", "--cluster", CLUSTER, "--dry-run", "--output", "json"]).expect(0).json();
    assert_eq!(shown["outcome"], "unchanged", "{shown}");
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--lock-timeout", "0s"]).expect(0);
}
