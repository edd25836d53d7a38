"""state.json: what the network edge has to know of the account."""

import json
import os

from .account import CLUSTER, SETTINGS, ec2, instances, tags_of
from .patches.interfaces import public_of


def node():
    """The instance that stands for the lab's node: the cluster's first one that isn't gone."""
    for instance in instances():
        if tags_of(instance.id).get("KubernetesCluster") == CLUSTER and instance.state != "terminated":
            return instance
    return None


def _interface(eni):
    return {
        "id": eni.id,
        "mac": eni.mac_address,
        "instance": eni.instance.id if eni.instance else None,
        "subnet_cidr": eni.subnet.cidr_block,
        "addresses": [
            {
                "private": entry["PrivateIpAddress"],
                "primary": entry["PrivateIpAddress"] == eni.private_ip_address,
                "public": public_of(eni, entry["PrivateIpAddress"]),
            }
            for entry in eni.private_ip_addresses
        ],
        "groups": sorted(group.id for group in eni.group_set),
    }


def _elastic_ip(eip):
    return {
        "public": eip.public_ip,
        "allocation": eip.allocation_id,
        "private": eip.private_ip_address,
        "eni": eip.eni.id if eip.eni else None,
    }


def rules_of(group):
    """One entry a protocol and range of ports, the sources in order."""
    merged = {}
    for rule in group.ingress_rules:
        key = (rule.ip_protocol, -1 if rule.from_port is None else rule.from_port, rule.to_port or rule.from_port or -1)
        cidrs, groups = merged.setdefault(key, (set(), set()))
        if rule.cidr_ipv4:
            cidrs.add(rule.cidr_ipv4)
        if rule.source_group.get("GroupId"):
            groups.add(rule.source_group["GroupId"])
    return [
        {"protocol": protocol, "from": first, "to": last, "cidrs": sorted(cidrs), "groups": sorted(groups)}
        for (protocol, first, last), (cidrs, groups) in sorted(merged.items())
    ]


def export():
    attached = [eni for eni in ec2().enis.values() if eni.instance]
    groups = [group for by_id in ec2().groups.values() for group in by_id.values()]
    its_node = node()
    return {
        "interfaces": [_interface(eni) for eni in attached],
        "elastic_ips": [_elastic_ip(eip) for eip in ec2().addresses],
        "groups": [{"id": group.id, "ingress": rules_of(group)} for group in groups],
        "reserved_mac": SETTINGS.node_mac or None,
        "node": {"instance": its_node.id, "eni": its_node.nics[0].id, "mac": its_node.nics[0].mac_address} if its_node else None,
    }


def write(path, content):
    """At once or not at all: the edge may read at any time."""
    temporary = f"{path}.new"
    with open(temporary, "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
    os.replace(temporary, path)
