//! A table of broken states: what somebody did to AWS, node or DNS, which checks that fails, which can't be judged then,
//! and what heals it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{CLUSTER, Ended, Lab};

const HOST: &str = "app.example.com";

/// One broken state on a cluster that was set up.
struct Row {
    /// On the node as root (`node:`), as the operator with an AWS client (`aws:`), or both.
    sabotage: &'static str,
    /// The checks that must fail or warn: all of them, and no others.
    wrong: &'static [&'static str],
    /// Checks that must be skipped.
    skipped: &'static [&'static str],
    heal: Heal,
}

enum Heal {
    /// `diagnose --fix --yes`.
    Fix,
    /// The opposite, on the node or with the AWS client.
    Undo(&'static str),
    /// Nothing short of a new lab.
    Reset,
}
use Heal::{Fix, Reset, Undo};

fn diagnose(lab: &Lab, more: &[&str]) -> Ended {
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    lab.k8sport_with(&[&authority], &[&["diagnose", "--cluster", CLUSTER, "--host", HOST], more].concat())
}

fn healthy() -> Lab {
    let lab = Lab::default();
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--quiet"]).expect(0);
    lab
}

fn ids(document: &Value, statuses: &[&str]) -> BTreeSet<String> {
    let checks = document["checks"].as_array().expect("checks").iter();
    let these = checks.filter(|check| statuses.iter().any(|status| check["status"] == *status));
    these.map(|check| check["id"].as_str().expect("an id").to_owned()).collect()
}

/// Steps, each with its place: `node: …` runs on the node, `aws: …` in Python (account.py), `lab: …` is a command of the lab,
/// `fault: …` a fault of the AWS stand-in.
fn act(lab: &Lab, what: &str) {
    for step in what.split(" ;; ") {
        let (place, script) = step.split_once(": ").expect("a place");
        match place {
            "node" => drop(lab.node(script)),
            "aws" => lab.aws(script),
            "lab" => lab.lab(script),
            "fault" => lab.fault(script),
            _ => panic!("{what}"),
        }
    }
}

fn run(rows: &[Row]) {
    let mut lab = None;
    let mut wrongs = Vec::new();
    for row in rows {
        let here = lab.take().unwrap_or_else(healthy);
        act(&here, row.sabotage);
        let document = diagnose(&here, &["--output", "json", "--quiet"]).json();
        let (wrong, skipped) = (ids(&document, &["failed", "warning"]), ids(&document, &["skipped"]));
        let expected: BTreeSet<String> = row.wrong.iter().map(|id| (*id).to_owned()).collect();
        if wrong != expected || !row.skipped.iter().all(|id| skipped.contains(*id)) {
            wrongs.push(format!("{}\n  wrong:   {wrong:?}\n  not:     {expected:?}\n  skipped: {skipped:?}", row.sabotage));
        }
        let after = match row.heal {
            // Its result is the diagnosis after the repair.
            Fix => diagnose(&here, &["--fix", "--yes", "--output", "json", "--quiet"]),
            Undo(script) => {
                act(&here, script);
                diagnose(&here, &["--output", "json", "--quiet"])
            }
            Reset => continue,
        };
        if after.code == 0 && after.json()["outcome"] == "healthy" {
            lab = Some(here);
        } else {
            let left = after.json()["checks"].is_array().then(|| ids(&after.json(), &["failed", "warning"]));
            wrongs.push(format!("{}\n  is not healed: {left:?} {}", row.sabotage, after.stderr));
        }
    }
    assert!(wrongs.is_empty(), "{} of {} rows:\n{}", wrongs.len(), rows.len(), wrongs.join("\n"));
}

const fn row(sabotage: &'static str, wrong: &'static [&'static str], skipped: &'static [&'static str], heal: Heal) -> Row {
    Row { sabotage, wrong, skipped, heal }
}

#[test]
fn a_healthy_cluster_has_no_failure_and_no_warning() {
    let lab = healthy();
    let ended = diagnose(&lab, &["--strict", "--output", "json"]).expect(0);
    assert_eq!(ended.json()["outcome"], "healthy", "{}", ended.stdout);
    assert_eq!(ids(&ended.json(), &["skipped"]), ["cluster.kube-proxy".to_owned()].into());
    lab.forget_calls();
    let text = diagnose(&lab, &[]).expect(0);
    assert!(text.stdout.contains("c02.example.com is healthy") && text.stdout.lines().count() < 20, "{text:?}");
    assert!(diagnose(&lab, &["-v"]).expect(0).stdout.contains("dns.caa"));
    assert_eq!(diagnose(&lab, &["--short"]).expect(0).stdout.lines().count(), 1);
    lab.k8sport(&["status", "--cluster", CLUSTER]).expect(0);
    // A dry run of a write is counted as one, though nothing happens.
    let account = lab.account();
    diagnose(&lab, &["--fix", "--yes"]).expect(0);
    assert_eq!(lab.account(), account);
}

#[test]
fn broken_in_the_account() {
    run(&[
        row(
            "aws: ec2.disassociate_address(AssociationId=ours['AssociationId'])",
            &["address.association", "host.http", "host.tls"],
            &["address.intended", "applications.https", "network.address", "network.redirect", "dns.wildcard", "host.certificate"],
            Fix,
        ),
        row(
            "aws: ec2.unassign_private_ip_addresses(NetworkInterfaceId=interface, PrivateIpAddresses=[second])",
            &["address.association", "host.http", "host.tls"],
            &["applications.https", "network.address"],
            Fix,
        ),
        row(
            "aws: untag(ours['AllocationId'], 'k8sport:cluster')",
            &["address.elastic-ip"],
            &["address.association", "network.redirect", "applications.https", "dns.wildcard"],
            Undo("aws: tag([a for a in addresses if has_tag('k8sport:op')(a)][0]['AllocationId'], 'k8sport:cluster', CLUSTER)"),
        ),
        row(
            "aws: allocate(**{'k8sport:cluster': CLUSTER, 'leaked': 'yes'})",
            &["address.single"],
            &[],
            Undo("aws: release(has_tag('leaked'))"),
        ),
        row("aws: allocate()", &["address.idle"], &[], Undo("aws: release(lambda a: not a.get('Tags'))")),
        row(
            "aws: tag(ours['AllocationId'], 'k8sport:private-ip', '172.20.63.1')",
            &["address.intended"],
            &[],
            Undo("aws: tag(ours['AllocationId'], 'k8sport:private-ip', second)"),
        ),
        row(
            "aws: untag(ours['AllocationId'], 'k8sport:cluster'); allocate(owner='x'); allocate(owner='x')",
            &["address.elastic-ip", "address.quota"],
            &["address.association"],
            Undo(
                "aws: tag([a for a in addresses if has_tag('k8sport:op')(a)][0]['AllocationId'], 'k8sport:cluster', CLUSTER); \
                 release(lambda a: {'Key': 'owner', 'Value': 'x'} in a.get('Tags', []))",
            ),
        ),
        row(
            "aws: ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[masters])",
            &["firewall.group", "firewall.http", "applications.http", "host.http"],
            &[],
            Fix,
        ),
        row("aws: revoke(group, 80)", &["firewall.http", "applications.http", "host.http"], &[], Fix),
        row(
            "aws: revoke(group, 443); revoke(masters, 443)",
            &["firewall.https", "applications.https", "cluster.api-outside", "host.tls"],
            &["firewall.api", "host.certificate", "host.https"],
            Undo("aws: allow(group, 443); allow(masters, 443)"),
        ),
        row("aws: revoke(masters, 443)", &["firewall.api"], &[], Undo("aws: allow(masters, 443)")),
        row("aws: allow(masters, 30443)", &["firewall.needless"], &[], Undo("aws: revoke(masters, 30443)")),
        row("aws: untag(group, 'k8sport:cluster')", &["firewall.group"], &[], Undo("aws: tag(group, 'k8sport:cluster', CLUSTER)")),
        row(
            "aws: [ec2.delete_route(RouteTableId=t['RouteTableId'], DestinationCidrBlock='0.0.0.0/0') for t in tables if any(r.get('GatewayId') == gateway for r in t['Routes'])]",
            &["instance.route"],
            &[],
            Reset,
        ),
        row(
            "aws: untag(instance, 'k8s.io/role/master')",
            &["instance.found"],
            &["instance.running", "node.ssh", "network.address", "applications.https"],
            Undo("aws: tag(instance, 'k8s.io/role/master', '1')"),
        ),
        row(
            "aws: ec2.stop_instances(InstanceIds=[instance])",
            &["instance.running"],
            &["node.ssh", "node.root", "network.address", "haproxy.unit"],
            Reset,
        ),
    ]);
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_judged() {
    const DENIED: &str = "lab: aws faults --clear";
    run(&[
        row(
            r#"fault: {"action":"DescribeAddresses","kind":"error","code":"UnauthorizedOperation","status":403,"times":0}"#,
            &["address.list"],
            &["address.elastic-ip", "address.quota", "network.address", "dns.wildcard"],
            Undo(DENIED),
        ),
        row(
            r#"fault: {"action":"DescribeSecurityGroups","kind":"error","code":"UnauthorizedOperation","status":403,"times":0}"#,
            &["firewall.list"],
            &["firewall.group", "firewall.https"],
            Undo(DENIED),
        ),
        row(
            r#"fault: {"action":"ListResourceRecordSets","kind":"error","code":"AccessDenied","status":403,"times":0}"#,
            &["dns.zone"],
            &["dns.wildcard", "dns.resolver", "dns.delegation"],
            Undo(DENIED),
        ),
        row(
            r#"fault: {"action":"DescribeInstances","kind":"error","code":"UnauthorizedOperation","status":403,"times":0}"#,
            &["instance.found"],
            &["instance.running", "firewall.list", "node.ssh", "applications.https"],
            Undo(DENIED),
        ),
        row(
            r#"fault: {"action":"GetCallerIdentity","kind":"error","code":"InvalidClientTokenId","status":403,"times":0}"#,
            &["account.identity"],
            &["instance.found", "address.list", "node.ssh", "dns.zone"],
            Undo(DENIED),
        ),
        row(
            r#"fault: {"action":"DescribeRouteTables","kind":"error","code":"UnauthorizedOperation","status":403,"times":0}"#,
            &["instance.route"],
            &[],
            Undo(DENIED),
        ),
        row(
            "node: systemctl stop ssh",
            &["node.ssh"],
            &["node.root", "network.address", "haproxy.unit", "cluster.ports"],
            Undo("node: systemctl start ssh"),
        ),
        row(
            "node: mv /etc/sudoers.d/90-cloud-init-users /root/",
            &["node.root"],
            &["network.address", "node.clock", "haproxy.backends"],
            Undo("node: mv /root/90-cloud-init-users /etc/sudoers.d/"),
        ),
        row(
            "node: mkdir -p /root/k; cp -a /etc/ssh/ssh_host_* /root/k/; rm /etc/ssh/ssh_host_*; ssh-keygen -A; systemctl restart ssh",
            &["node.ssh"],
            &["node.root"],
            Undo("node: cp -a /root/k/* /etc/ssh/; systemctl restart ssh"),
        ),
    ]);
}

#[test]
fn broken_in_dns() {
    run(&[
        row(
            "aws: drop('*.example.com', 'A', ours['PublicIp'])",
            &["dns.wildcard", "host.dns"],
            &["dns.resolver", "host.tls", "host.http"],
            Fix,
        ),
        row(
            "aws: put('*.example.com', 'A', '198.18.77.10')",
            &["dns.wildcard", "host.certificate", "host.dns", "host.http"],
            &["dns.resolver"],
            Fix,
        ),
        row(
            "aws: put('*.example.com', 'A', '192.0.2.66')",
            &["dns.wildcard", "host.dns", "host.http", "host.tls"],
            &["host.https"],
            Undo("aws: put('*.example.com', 'A', ours['PublicIp'])"),
        ),
        row(
            "aws: put('*.example.com', 'AAAA', '2001:db8::1')",
            &["dns.aaaa", "host.dns"],
            &[],
            Undo("aws: drop('*.example.com', 'AAAA', '2001:db8::1')"),
        ),
        row(
            "aws: put('app.example.com', 'TXT', '\"x\"')",
            &["dns.hosts", "host.dns"],
            &["host.tls", "host.certificate"],
            Undo("aws: drop('app.example.com', 'TXT', '\"x\"')"),
        ),
        row(
            "aws: put('_acme-challenge.app.example.com', 'TXT', '\"x\"')",
            &["dns.hosts", "host.dns"],
            &["host.tls"],
            Undo("aws: drop('_acme-challenge.app.example.com', 'TXT', '\"x\"')"),
        ),
        row(
            "aws: put('app.example.com', 'A', '198.18.77.10')",
            &["dns.hosts", "host.certificate", "host.dns", "host.http"],
            &["host.https"],
            Undo("aws: drop('app.example.com', 'A', '198.18.77.10')"),
        ),
        row(
            "aws: put('example.com', 'CAA', '0 issue \"ca.example.net\"')",
            &["dns.caa"],
            &[],
            Undo("aws: drop('example.com', 'CAA', '0 issue \"ca.example.net\"')"),
        ),
        row(
            "aws: put('api.c02.example.com', 'A', '203.0.113.123')",
            &["dns.api"],
            &[],
            Undo("aws: put('api.c02.example.com', 'A', '198.18.77.10')"),
        ),
        row(
            "aws: put('api.c02.example.com', 'A', ours['PublicIp'])",
            &["dns.api"],
            &[],
            Undo("aws: put('api.c02.example.com', 'A', '198.18.77.10')"),
        ),
        row(
            "aws: put('api.internal.c02.example.com', 'A', second)",
            &["dns.api-internal"],
            &[],
            Undo("aws: put('api.internal.c02.example.com', 'A', '172.20.32.10')"),
        ),
        // What Route 53 has and what its servers answer differ for an hour.
        row(
            "lab: aws settle 3600 0 ;; aws: put('example.com', 'NS', 'ns-1.example.net.', 'ns-2.example.net.')",
            &["dns.delegation"],
            &[],
            Reset,
        ),
    ]);
}

#[test]
fn broken_on_the_node() {
    run(&[
        row(
            "node: systemctl stop k8sport-net.timer; ip addr del 172.20.63.254/32 dev ens5",
            &["applications.http", "applications.https", "host.http", "host.tls", "network.address", "node.units"],
            &["network.prefix", "network.configuration", "node.timer"],
            Fix,
        ),
        row(
            "node: systemctl stop k8sport-net.timer; nft delete table ip k8sport",
            &["applications.https", "host.certificate", "network.redirect", "node.units"],
            &["network.used", "network.precedence", "host.https"],
            Fix,
        ),
        row("node: systemctl disable k8sport-net.timer", &["node.units"], &["node.timer", "network.configuration"], Fix),
        row("node: systemctl disable k8sport-net.service", &["node.units"], &["node.timer"], Fix),
        row(
            "node: ip addr del 172.20.63.254/32 dev ens5; ip addr add 172.20.63.254/16 dev ens5 noprefixroute",
            &["network.configuration", "network.prefix"],
            &[],
            Fix,
        ),
        row(
            "node: ip addr add 172.20.63.77/32 dev ens5 scope link",
            &["network.first"],
            &[],
            Undo("node: ip addr del 172.20.63.77/32 dev ens5"),
        ),
        row(
            "node: systemctl stop k8sport-net.timer; nft add rule ip k8sport output accept",
            &["network.redirect", "node.units"],
            &["network.configuration"],
            Fix,
        ),
        row("node: echo '# x' >> /usr/local/lib/k8sport/net", &["network.configuration"], &[], Fix),
        row(
            "node: nft 'add table ip early; add chain ip early c { type nat hook prerouting priority -150; }'",
            &["network.precedence"],
            &[],
            Undo("node: nft delete table ip early"),
        ),
        row(
            "node: nft 'add table ip early; add chain ip early c { type nat hook prerouting priority -150; }; add rule ip early c ip daddr 172.20.63.254 tcp dport 443 dnat to 172.20.63.254:8443'; rm /run/k8sport/table; systemctl start k8sport-net-check",
            &["network.precedence", "network.used"],
            &[],
            Undo("node: nft delete table ip early"),
        ),
        row(
            "node: iptables -t nat -A PREROUTING -d 10.9.9.9 -p tcp --dport 443 -j DNAT --to-destination 10.9.9.9:8443",
            &["network.foreign-rules"],
            &[],
            Undo("node: iptables -t nat -D PREROUTING -d 10.9.9.9 -p tcp --dport 443 -j DNAT --to-destination 10.9.9.9:8443"),
        ),
        row(
            "node: iptables -t nat -A PREROUTING -d 172.20.63.254/32 -p tcp --dport 443 -j REDIRECT --to-ports 8443",
            &["node.leftovers"],
            &[],
            Fix,
        ),
        row(
            "node: printf 'network:\\n  version: 2\\n  ethernets:\\n    ens5:\\n      addresses:\\n        - 172.20.63.20/16\\n' > /etc/netplan/99-secondary-ip.yaml",
            &["node.leftovers"],
            &[],
            Fix,
        ),
        row(
            "node: mkdir -p /etc/iptables; printf '*nat\\n:KUBE-SERVICES - [0:0]\\nCOMMIT\\n' > /etc/iptables/rules.v4",
            &["node.saved-rules"],
            &[],
            Undo("node: rm /etc/iptables/rules.v4"),
        ),
        row(
            "node: mkdir -p /etc/iptables; printf '*nat\\n-A PREROUTING -d 172.20.63.20/32 -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443\\n:KUBE-SERVICES - [0:0]\\nCOMMIT\\n' > /etc/iptables/rules.v4",
            &["node.saved-rules"],
            &[],
            Fix,
        ),
        row("node: systemctl enable nftables.service", &["node.nftables-service"], &[], Undo("node: systemctl disable nftables.service")),
        row("node: systemd-run --unit=k8sport-watchdog --on-active=600 /bin/true", &["node.watchdog"], &[], Fix),
        row(
            "node: mv /usr/local/lib/k8sport/net /root/net; systemctl start k8sport-net-check || true",
            &["network.configuration", "node.timer"],
            &[],
            Undo("node: mv /root/net /usr/local/lib/k8sport/net; systemctl start k8sport-net-check"),
        ),
        row(
            "node: cp /etc/cni/net.d/10-calico.conflist /root/; echo '{\"name\":\"aws-cni\",\"plugins\":[{\"type\":\"aws-cni\"}]}' > /etc/cni/net.d/00-aws.conflist",
            &["cluster.cni"],
            &["network.configuration"],
            Undo("node: rm /etc/cni/net.d/00-aws.conflist"),
        ),
    ]);
}

#[test]
fn broken_behind_the_addresses() {
    run(&[
        row(
            "node: systemctl stop k8sport-haproxy",
            &["applications.http", "applications.https", "haproxy.unit", "host.http", "host.tls"],
            &["haproxy.listens", "haproxy.configuration", "haproxy.backends"],
            Fix,
        ),
        row("node: systemctl disable k8sport-haproxy", &["haproxy.unit"], &["haproxy.listens"], Fix),
        row("node: echo '# x' >> /etc/k8sport/haproxy.cfg", &["haproxy.configuration", "haproxy.loaded"], &[], Fix),
        row(
            "node: sed -i 's/^defaults/defaults\\n    stats enable/' /etc/k8sport/haproxy.cfg; systemctl reload k8sport-haproxy",
            &["haproxy.configuration", "haproxy.loaded", "haproxy.stats", "haproxy.warnings"],
            &[],
            Fix,
        ),
        row(
            "node: sed -i 's/^    default_backend k8sport_ingress_https/    use_backend k8sport_api if { req.ssl_sni -i api.c02.example.com }\\n&/' /etc/k8sport/haproxy.cfg; systemctl reload k8sport-haproxy; sleep 1",
            &["applications.no-api", "haproxy.configuration", "haproxy.loaded"],
            &[],
            Fix,
        ),
        row(
            "node: sed -i 's/172.20.32.10:30443/127.0.0.1:443/' /etc/k8sport/haproxy.cfg; systemctl reload k8sport-haproxy; sleep 1",
            &["applications.https", "haproxy.certificate", "haproxy.configuration", "haproxy.loaded", "host.certificate"],
            &["host.https"],
            Fix,
        ),
        row(
            "node: for i in 1 2 3; do systemctl kill -s KILL k8sport-haproxy; sleep 3; done",
            &["haproxy.restarts"],
            &[],
            Undo("node: systemctl restart k8sport-haproxy; sleep 1"),
        ),
        row(
            "node: systemd-run --unit=squatter python3 -c 'import socket,time; s=socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1); s.bind((\"0.0.0.0\", 80)); s.listen(); time.sleep(900)'; sleep 1",
            &["haproxy.listens"],
            &["haproxy.configuration"],
            Undo("node: systemctl stop squatter"),
        ),
        row(
            "node: systemctl stop nginx; sleep 16",
            &["applications.http", "applications.https", "cluster.node-ports", "haproxy.backends", "host.http", "host.tls"],
            &["haproxy.certificate", "cluster.backend-address"],
            Undo("node: systemctl start nginx; sleep 11"),
        ),
        row(
            "node: systemctl stop kube-apiserver; sleep 16",
            &["cluster.api-health", "cluster.api-outside", "cluster.ports", "haproxy.backends"],
            &[],
            Undo("node: systemctl start kube-apiserver; sleep 11"),
        ),
    ]);
}

#[test]
fn who_asks_from_where_and_with_which_authorities() {
    let lab = healthy();
    let rows: &[(&str, &[&str], &[&str])] = &[
        ("AWS_ACCESS_KEY_ID=denied", &["account.permissions"], &[]),
        ("AWS_ACCESS_KEY_ID=expired", &["account.identity"], &["instance.found", "address.list", "node.ssh"]),
        ("AWS_ACCESS_KEY_ID=", &["account.credentials"], &["account.identity", "instance.found"]),
        ("AWS_REGION=", &["account.region"], &["account.credentials", "account.identity", "node.ssh"]),
        ("AWS_REGION=us-east-1", &["instance.found"], &["instance.running", "node.ssh", "address.elastic-ip"]),
        ("SSL_CERT_FILE=", &["host.certificate"], &["host.https"]),
    ];
    for (environment, wrong, skipped) in rows {
        let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
        let arguments = ["diagnose", "--cluster", CLUSTER, "--host", HOST, "--output", "json", "--strict"];
        // An authority, but not the one of the applications.
        let environment =
            &environment.replace("SSL_CERT_FILE=", &format!("SSL_CERT_FILE={}", lab.home().join("kubernetes-ca.pem").display()));
        let document = lab.k8sport_with(&[&authority, environment], &arguments).expect(3).json();
        let expected: BTreeSet<String> = wrong.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(ids(&document, &["failed", "warning"]), expected, "{environment}");
        let unjudged = ids(&document, &["skipped"]);
        assert!(skipped.iter().all(|id| unjudged.contains(*id)), "{environment}: {unjudged:?}");
        for check in document["checks"].as_array().expect("checks") {
            let text = |key: &str| check[key].as_str().is_some_and(|text| key == "evidence" || !text.is_empty());
            assert!(["id", "category", "title", "status", "severity", "evidence"].iter().all(|key| text(key)), "{check}");
            assert!(check["milliseconds"].is_u64() && check["remedy"].is_array(), "{check}");
            let wrong = check["status"] == "failed" || check["status"] == "warning";
            assert!(!wrong || check["remedy"].as_array().is_some_and(|remedy| !remedy.is_empty()), "no remedy: {check}");
        }
    }
    // Warnings count only with --strict.
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    lab.k8sport_with(&[&authority, "AWS_ACCESS_KEY_ID=denied"], &["diagnose", "--cluster", CLUSTER]).expect(0);
}

#[test]
fn a_cluster_that_was_never_set_up_is_set_up_by_its_repair() {
    let lab = Lab::default();
    let account = lab.account();
    let found = diagnose(&lab, &["--output", "json"]).expect(3).json();
    let wrong = ids(&found, &["failed", "warning"]);
    assert_eq!(wrong, ["address.elastic-ip", "firewall.group", "firewall.http", "haproxy.unit", "host.dns"].map(str::to_owned).into());
    // Shown, not confirmed, not applied.
    let shown = diagnose(&lab, &["--fix", "--dry-run"]).expect(0);
    assert!(shown.stdout.contains("Plan:"), "{shown:?}");
    diagnose(&lab, &["--fix"]).expect(4);
    assert_eq!(lab.account(), account);
    // The records come in a second round, when there is an address to point to.
    diagnose(&lab, &["--fix", "--yes"]).expect(0);
}

#[test]
fn status_shows_what_is_there_and_what_could_not_be_read() {
    let lab = healthy();
    let picture = lab.k8sport(&["status", "--cluster", CLUSTER, "--output", "json"]).expect(0).json();
    assert_eq!(picture["version"], 1);
    assert!(picture["urls"].as_array().is_some_and(|urls| urls.len() == 3 && urls.iter().all(|url| url["works"] == true)), "{picture}");
    assert!(picture["unknown"].as_array().is_some_and(Vec::is_empty), "{picture}");
    assert!(picture["backends"].as_array().is_some_and(|servers| servers.len() == 3 && servers.iter().all(|server| server["up"] == true)));
    lab.node("systemctl stop ssh");
    let ended = lab.k8sport(&["status", "--cluster", CLUSTER]).expect(0);
    assert!(ended.stdout.contains("Not known") && ended.stdout.contains("no SSH server listens"), "{ended:?}");
    lab.node("systemctl start ssh");
}

#[test]
fn a_cluster_without_a_second_address_can_be_healthy_too() {
    let lab = Lab::default();
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--no-secondary-ip", "--yes", "--quiet"]).expect(0);
    let ended = lab.k8sport(&["diagnose", "--cluster", CLUSTER, "--no-secondary-ip", "--output", "json"]).expect(0).json();
    assert_eq!(ended["outcome"], "healthy", "{ended}");
}
