//! What AWS or the node refuses to tell.

use super::table::{Undo, row, run};
use crate::support::{CLUSTER, Lab};

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
fn what_the_node_says_in_place_of_an_answer_is_told() {
    let lab = Lab::default();
    lab.node("chage -d 0 ubuntu");
    let ended = lab.k8sport(&["diagnose", "--cluster", CLUSTER]).expect(3);
    assert!(ended.stdout.contains("Your password has expired"), "{ended:?}");
}
