//! What goes wrong on the node and on the way to it: each ends in success or in a message with cause, state and next step, and
//! once the fault is gone the next run leaves what an undisturbed one does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::figures;
use crate::support::{CLUSTER, Ended, Lab};
use crate::world::{World, ours};

const BOOTSTRAP: [&str; 4] = ["bootstrap", "--cluster", CLUSTER, "--yes"];
/// The longest that one of these may take: a step's own limit, and the watchdog's time.
const LIMIT: Duration = Duration::from_secs(300);

struct Case {
    what: &'static str,
    /// The change on the node before which the fault comes; None: it is there from the start.
    before: Option<&'static str>,
    /// Shell, on the node.
    fault: &'static str,
    /// Empty where the run succeeds all the same; else what the message says.
    says: &'static [&'static str],
    /// Shell, on the node: the fault is gone.
    healed: &'static str,
}

const CASES: &[Case] = &[
    Case {
        what: "no SSH server listens",
        before: None,
        fault: "systemctl stop ssh.service",
        says: &["connection refused", "nothing was changed on the node"],
        healed: "systemctl start ssh.service",
    },
    Case {
        what: "packets to SSH are lost",
        before: None,
        fault: "nft 'add table ip lost; add chain ip lost in { type filter hook input priority -200; }; add rule ip lost in tcp dport 22 drop'",
        says: &["no SSH connection", "security group", "nothing was changed on the node"],
        healed: "nft delete table ip lost",
    },
    Case {
        what: "the disk is full",
        before: None,
        fault: "mkdir -p /etc/k8sport; mount -t tmpfs -o size=4k tmpfs /etc/k8sport; head -c 4096 /dev/zero >/etc/k8sport/full 2>/dev/null; true",
        says: &["No space left on device", "taken back", "when the cause is gone"],
        healed: "umount /etc/k8sport",
    },
    Case {
        what: "HAProxy refuses the configuration",
        before: None,
        fault: "refuse",
        says: &["refuses the new configuration", "not today", "when the cause is gone"],
        healed: "umount /usr/sbin/haproxy",
    },
    Case {
        what: "another process has the port",
        before: None,
        fault: "systemd-run -q --unit=squatter python3 -m http.server 80 --bind 0.0.0.0; sleep 1",
        says: &["port 80", "python3", "squatter.service", "nothing was changed on the node"],
        healed: "systemctl stop squatter",
    },
    Case {
        what: "the session is ended in the middle",
        before: Some("configure-haproxy"),
        fault: "kill $(pgrep -o -f 'sshd: ubuntu@')",
        says: &["did not end", "all can be repeated", "run the command again"],
        healed: "true",
    },
    Case {
        what: "the connection freezes in the middle",
        before: Some("configure-haproxy"),
        fault:
            "nft 'add table ip lost; add chain ip lost in { type filter hook input priority -200; }; add rule ip lost in tcp dport 22 drop
            add chain ip lost out { type filter hook output priority -200; }; add rule ip lost out tcp sport 22 drop'",
        says: &["did not end", "all can be repeated", "run the command again"],
        healed: "nft delete table ip lost",
    },
    Case {
        what: "the node is rebooted in the middle",
        before: Some("configure-haproxy"),
        fault: "reboot",
        says: &["did not end", "all can be repeated", "run the command again"],
        healed: "true",
    },
    Case {
        what: "somebody flushes the tables in the middle",
        before: Some("configure-haproxy"),
        fault: "nft delete table ip k8sport",
        says: &[],
        healed: "true",
    },
    Case {
        what: "networkd is restarted in the middle",
        before: Some("configure-haproxy"),
        fault: "systemctl restart systemd-networkd",
        says: &[],
        healed: "true",
    },
];

#[test]
fn what_goes_wrong_on_the_node_ends_well_or_in_a_message() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let wanted = World::of(&lab);
    let mut failures = Vec::new();
    for case in CASES {
        if catch_unwind(AssertUnwindSafe(|| case.check(&lab, &wanted))).is_err() {
            failures.push(format!("{} (its panic is above)", case.what));
        }
    }
    figures::record_cases("faults on the node", &failures, CASES.len());
}

impl Case {
    fn check(&self, lab: &Lab, wanted: &World) {
        lab.renew("default", "fresh");
        let started = Instant::now();
        let ended = match self.before {
            None => {
                self.break_it(lab);
                lab.k8sport(&BOOTSTRAP)
            }
            Some(change) => at(lab, change, || self.break_it(lab)),
        };
        let took = started.elapsed();
        assert!(took < LIMIT, "{}: {took:?}", self.what);
        if self.says.is_empty() {
            assert!([0, 1].contains(&ended.code), "{}: {ended:?}", self.what);
        } else {
            assert!([1, 4].contains(&ended.code), "{}: {ended:?}", self.what);
            assert!(ended.stderr.contains("next:"), "{}: {ended:?}", self.what);
        }
        for word in self.says {
            assert!(ended.stderr.contains(word), "{}: {word:?} is not in {ended:?}", self.what);
        }
        lab.node(self.healed);
        lab.node("rm -f /usr/local/bin/sh /run/haproxy.real /run/haproxy.instead");
        lab.k8sport(&BOOTSTRAP).expect(0);
        assert_eq!(lab.account()["addresses"].as_array().map(Vec::len), wanted.account["addresses"].as_array().map(Vec::len));
        World::of(lab).assert_is(wanted);
    }

    fn break_it(&self, lab: &Lab) {
        if self.fault == "reboot" {
            lab.reboot_node();
        } else if self.fault == "refuse" {
            in_place_of_haproxy(lab, "case \"$*\" in *-c*) echo 'not today' >&2; exit 1 ;; esac");
        } else {
            lab.node(self.fault);
        }
    }
}

/// `/usr/sbin/haproxy` does this first, and then what it always does.
fn in_place_of_haproxy(lab: &Lab, first: &str) {
    lab.node(&format!(
        "cp /usr/sbin/haproxy /run/haproxy.real
cat >/run/haproxy.instead <<'END'
#!/bin/sh
{first}
exec /run/haproxy.real \"$@\"
END
chmod 755 /run/haproxy.instead
mount --bind /run/haproxy.instead /usr/sbin/haproxy"
    ));
}

/// `bootstrap`, held up on the node before this change until `disturb` is done.
fn at(lab: &Lab, change: &str, disturb: impl FnOnce()) -> Ended {
    let planned = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run", "--output", "json"]).expect(0).json();
    let changes = planned["changes"].as_array().expect("changes").iter().filter(|planned| planned["change"] == "node");
    let index = changes.into_iter().position(|planned| planned["node"] == change).expect("the change");
    lab.report_steps();
    lab.fault(&json!({"service": "node", "action": format!("{index} begin"), "kind": "slow", "seconds": 5}).to_string());
    let child = lab.start(&[&[env!("CARGO_BIN_EXE_k8sport")], &BOOTSTRAP[..]].concat());
    lab.until_a_fault_hits().expect("the step");
    disturb();
    Ended::of(child.wait_with_output().expect("an end"))
}

#[test]
fn an_haproxy_that_ends_after_its_reload_gets_its_previous_configuration_back() {
    let lab = Lab::default();
    lab.k8sport(&BOOTSTRAP).expect(0);
    let public = ours(&lab.account())["public"].as_str().expect("an address").to_owned();
    lab.node("cp /etc/k8sport/haproxy.cfg /run/good.cfg");
    in_place_of_haproxy(&lab, "case \"$*\" in *-c*|-v) ;; *) cmp -s /etc/k8sport/haproxy.cfg /run/good.cfg || exit 1 ;; esac");
    let with_api = [&BOOTSTRAP[..], &["--route-api"]].concat();
    let ended = lab.k8sport(&with_api).expect(1);
    assert!(ended.stderr.contains("the previous configuration runs again"), "{ended:?}");
    assert_eq!(lab.certificate(&public, "app.example.com"), "CN=app.example.com");
    lab.node("umount /usr/sbin/haproxy");
    lab.k8sport(&with_api).expect(0);
    assert_eq!(lab.certificate(&public, "app.example.com"), "CN=app.example.com");
    figures::record("an HAProxy that ends after its reload: the previous configuration is back", 1, 1);
}

#[test]
fn packages_that_cannot_be_had_are_named_and_a_lock_of_apt_is_waited_for() {
    let lab = Lab::reset("default", "bare");
    lab.node(
        "echo 'Acquire::http::Proxy \"http://127.0.0.1:9\"; Acquire::https::Proxy \"http://127.0.0.1:9\";' >/etc/apt/apt.conf.d/99lost",
    );
    let ended = lab.k8sport(&BOOTSTRAP).expect(1);
    for word in ["a change on the node failed: package", "127.0.0.1:9", "state:", "when the cause is gone"] {
        assert!(ended.stderr.contains(word), "{word}: {ended:?}");
    }
    lab.node(
        "rm /etc/apt/apt.conf.d/99lost
systemd-run -q --unit=upgrade python3 -c 'import fcntl, time
f = open(\"/var/lib/dpkg/lock-frontend\", \"w\"); fcntl.lockf(f, fcntl.LOCK_EX); time.sleep(15)'",
    );
    lab.k8sport(&BOOTSTRAP).expect(0);
    let public = ours(&lab.account())["public"].as_str().expect("an address").to_owned();
    assert_eq!(lab.certificate(&public, "app.example.com"), "CN=app.example.com");
    figures::record("packages that can't be had at first, and apt's lock held by another", 2, 2);
}
