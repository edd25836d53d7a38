//! The node as a machine: can we get in, is its clock right, do our units run, what is left of others.

use super::account::broken;
use super::{Check, Facts, Judge, Judged, Need, Repair, Severity, bad, fine, moot};
use crate::node::files::{NET_TIMER, NET_UNIT};
use crate::plan::node::FrozenRules;

pub const CHECKS: &[Check] = &[
    Check {
        id: "node.ssh",
        title: "the node answers over SSH with the host key that is known",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &["instance.running"],
        repair: None,
        explanation: "The connection uses the system's ssh, your agent and your configuration. The host key is always verified: \
            pinned by instance id, from the EC2 console output, or given. A key that has changed is never accepted by itself.",
        judge: Judge::Once(ssh),
    },
    Check {
        id: "node.root",
        title: "the login user may become root, and the node can be read",
        severity: Severity::Failure,
        needs: &[Need::Instance],
        after: &["node.ssh"],
        repair: None,
        explanation: "Scripts run as root through `sudo -n`. Without it neither the NAT table nor the processes behind the ports can \
            be seen. A node that doesn't answer in 45 s is overloaded or its disk hangs.",
        judge: Judge::Once(root),
    },
    Check {
        id: "node.clock",
        title: "the node's clock is right",
        severity: Severity::Warning,
        needs: &[Need::Details],
        after: &[],
        repair: None,
        explanation: "Compared with this machine's, give or take the time that the answer took. A wrong clock makes certificates not \
            valid yet or expired, AWS refuse signed calls (5 minutes) and tokens of the cluster invalid.",
        judge: Judge::Once(clock),
    },
    Check {
        id: "node.interface",
        title: "the node has the interface that AWS describes",
        severity: Severity::Failure,
        needs: &[Need::Instance, Need::Node],
        after: &[],
        repair: None,
        explanation: "The interface is found by the MAC address of the ENI, since its name changes with kernel and image. When no \
            interface has it, the address that we connected to belongs to another machine.",
        judge: Judge::Once(interface),
    },
    Check {
        id: "node.units",
        title: "the units that keep address and redirect are enabled and active",
        severity: Severity::Failure,
        needs: &[Need::Node],
        after: &["address.association"],
        repair: Some(Repair::SecondaryIp),
        explanation: "k8sport-net.service brings address and redirect up at boot, k8sport-net.timer looks after them every minute. \
            Without them all works until the next reboot, or until systemd-networkd restarts and drops the address.",
        judge: Judge::Once(units),
    },
    Check {
        id: "node.timer",
        title: "the check that runs every minute runs, and succeeds",
        severity: Severity::Failure,
        needs: &[Need::Node, Need::Details],
        after: &["node.units"],
        repair: None,
        explanation: "systemd-networkd removes addresses that it doesn't know when it restarts, and anyone may flush a table: the \
            timer puts both back within a minute. It should have run in the last three, and its last run should have succeeded.",
        judge: Judge::Once(timer),
    },
    Check {
        id: "node.leftovers",
        title: "nothing of the old scripts is left",
        severity: Severity::Warning,
        needs: &[Need::Node],
        after: &[],
        repair: Some(Repair::SecondaryIp),
        explanation: "The shell scripts that people used before left REDIRECT rules (which take applications' traffic to the primary \
            address), a netplan file with a static /16 (which comes up before DHCP and makes half the network look local), and \
            kube-api-forward.service, which restarts for ever since it never gets its port.",
        judge: Judge::Once(leftovers),
    },
    Check {
        id: "node.saved-rules",
        title: "no chains of the cluster are frozen in rules.v4",
        severity: Severity::Warning,
        needs: &[Need::Node],
        after: &[],
        repair: Some(Repair::SecondaryIp),
        explanation: "`netfilter-persistent save` on a cluster node writes the chains of kube-proxy and the CNI of that moment to \
            /etc/iptables/rules.v4. At the next boot they come back with addresses of pods that are long gone.",
        judge: Judge::Once(saved_rules),
    },
    Check {
        id: "node.nftables-service",
        title: "nftables.service doesn't flush the rules at boot",
        severity: Severity::Warning,
        needs: &[Need::Details],
        after: &[],
        repair: None,
        explanation: "The packaged /etc/nftables.conf begins with `flush ruleset`: when the unit is enabled, each start of it removes \
            the rules of kube-proxy, of the CNI and ours.",
        judge: Judge::Once(nftables_service),
    },
    Check {
        id: "node.watchdog",
        title: "no interrupted run waits to be taken back",
        severity: Severity::Warning,
        needs: &[Need::Node],
        after: &[],
        repair: Some(Repair::SecondaryIp),
        explanation: "Changes that could cut the node off run under a watchdog on the node, which takes them back after a minute unless a \
            fresh connection confirms them. One that is still armed belongs to a run that is under way or was killed.",
        judge: Judge::Once(watchdog),
    },
];

fn ssh(facts: &Facts) -> Judged {
    match facts.ssh.failed()? {
        Some(failure) => broken(facts, failure),
        None => fine(format!("{:.0} ms", facts.ssh.took.as_secs_f64() * 1000.0)),
    }
}

fn root(facts: &Facts) -> Judged {
    if let Some(failure) = facts.node.failed()? {
        return broken(facts, failure);
    }
    if let Some(failure) = facts.details.failed()? {
        return broken(facts, failure);
    }
    let node = facts.node.get()?;
    fine(format!("{}, {}", node.hostname, node.os.name))
}

const CLOCK_OFF_MS: i64 = 2000;

fn clock(facts: &Facts) -> Judged {
    let Some((ahead, uncertain)) = facts.clock else { return moot("the node didn't say its time") };
    let off = ahead.abs() - uncertain;
    if off <= CLOCK_OFF_MS {
        return fine(format!("within {} ms of this machine's", uncertain.max(ahead.abs())));
    }
    let direction = if ahead > 0 { "ahead of" } else { "behind" };
    bad(
        format!("about {} s {direction} this machine's", ahead.abs() / 1000),
        ["see which of the two is wrong: timedatectl status; chronyc tracking".to_owned()],
    )
}

fn interface(facts: &Facts) -> Judged {
    let (node, mac) = (facts.node.get()?, &facts.instance()?.eni.mac);
    match &node.eni {
        Some(name) => fine(format!("{name} ({mac})")),
        None => bad(format!("no interface has the MAC address {mac}"), ["check --ssh-host: is it this instance?".to_owned()]),
    }
}

fn units(facts: &Facts) -> Judged {
    facts.front()?;
    let node = facts.node.get()?;
    let wrong: Vec<String> = [NET_UNIT, NET_TIMER]
        .iter()
        .filter_map(|name| {
            let unit = node.unit(name);
            let state = match (unit.loaded, unit.enabled, unit.active) {
                (false, ..) => "is missing",
                (_, false, _) => "is not enabled",
                (_, _, false) => "is not active",
                _ => return None,
            };
            Some(format!("{name} {state}"))
        })
        .collect();
    if wrong.is_empty() { fine(format!("{NET_UNIT}, {NET_TIMER}")) } else { bad(wrong.join(", "), []) }
}

fn timer(facts: &Facts) -> Judged {
    let timer = &facts.details.get()?.timer;
    let journal = || {
        [
            "on the node: journalctl -u k8sport-net-check.service -n 20".to_owned(),
            "then: sudo systemctl restart k8sport-net.timer".to_owned(),
        ]
    };
    match (timer.active_for, timer.last_run) {
        _ if !timer.result.is_empty() && timer.result != "success" => {
            bad(format!("the last run of k8sport-net-check ended with {}", timer.result), journal())
        }
        (_, Some(ago)) if ago.as_secs() <= 180 => fine(format!("{} s ago", ago.as_secs())),
        (Some(active), _) if active.as_secs() <= 180 => fine(format!("started {} s ago", active.as_secs())),
        (_, Some(ago)) => bad(format!("k8sport-net-check last ran {} min ago", ago.as_secs() / 60), journal()),
        (_, None) => bad("the check that runs every minute has never run", journal()),
    }
}

fn leftovers(facts: &Facts) -> Judged {
    let node = facts.node.get()?;
    let left = &node.leftovers;
    let mut found = Vec::new();
    if let Some((rule, _)) = left.redirect_rules.first() {
        found.push(format!("iptables REDIRECT rules for {}", rule.destination));
    }
    if left.netplan.is_some() {
        found.push("/etc/netplan/99-secondary-ip.yaml".to_owned());
    }
    let forward = node.unit("kube-api-forward.service");
    if forward.enabled || forward.active {
        found.push("kube-api-forward.service".to_owned());
    }
    if found.is_empty() { fine("") } else { bad(found.join(", "), []) }
}

fn saved_rules(facts: &Facts) -> Judged {
    let Some(file) = &facts.node.get()?.leftovers.rules_file else { return fine("there is no saved ruleset") };
    let rules = FrozenRules::read(&file.content);
    if rules.cluster_lines == 0 && !rules.is_scripts() {
        return fine("none");
    }
    let evidence =
        format!("{} lines of kube-proxy's and the CNI's, {} redirects of the old scripts", rules.cluster_lines, rules.redirects.len());
    if rules.is_scripts() {
        return bad(evidence, []);
    }
    bad(evidence, ["on the node: remove the lines with KUBE-, cali-, CILIUM_, CNI- or FLANNEL- from /etc/iptables/rules.v4".to_owned()])
}

fn nftables_service(facts: &Facts) -> Judged {
    if facts.details.get()?.flushes_at_boot {
        return bad(
            "nftables.service is enabled: its start flushes all rules",
            ["on the node: sudo systemctl disable nftables.service".to_owned()],
        );
    }
    fine("it is not enabled")
}

fn watchdog(facts: &Facts) -> Judged {
    if facts.node.get()?.watchdog_armed {
        return bad("a change of the network waits for its confirmation; without one it is taken back within two minutes", []);
    }
    fine("none is armed")
}
