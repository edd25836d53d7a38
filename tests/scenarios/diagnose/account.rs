//! Elastic IP, security groups, instance.

use super::table::{Fix, Remedy, Reset, Undo, row, run};

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
            Remedy,
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
            Remedy,
        ),
        row("aws: revoke(group, 80)", &["firewall.http", "applications.http", "host.http"], &[], Remedy),
        row(
            "aws: revoke(group, 443); revoke(masters, 443)",
            &["firewall.https", "applications.https", "cluster.api-outside", "host.tls"],
            &["firewall.api", "host.certificate", "host.https"],
            Undo("aws: allow(group, 443); allow(masters, 443)"),
        ),
        row("aws: revoke(group, 443)", &["firewall.kops-rules"], &[], Remedy),
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
        // Whoever gets it next has all names of the zone.
        row(
            "aws: ec2.disassociate_address(AssociationId=ours['AssociationId']); ec2.release_address(AllocationId=ours['AllocationId'])",
            &["address.elastic-ip", "dns.wildcard", "host.http", "host.tls"],
            &["dns.resolver", "applications.https"],
            Remedy,
        ),
    ]);
}
