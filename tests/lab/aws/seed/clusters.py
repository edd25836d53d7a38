"""Instances: c02.example.com, other clusters of the account, and one that isn't Kubernetes."""

from dataclasses import dataclass
from typing import Any

from ..account import CLUSTER, ec2


@dataclass
class Clusters:
    node: Any
    foreign: Any
    nat: Any


def rule(group, port, cidr, protocol="tcp", last=None):
    ec2().authorize_security_group_ingress(
        group.id, protocol, port, last or port, [{"CidrIp": cidr}], source_groups=[], vpc_id=group.vpc_id
    )


def _masters_group(vpc, cluster, api_access):
    owned = {"KubernetesCluster": cluster, f"kubernetes.io/cluster/{cluster}": "owned"}
    name = f"masters.{cluster}"
    group = ec2().create_security_group(name, f"Security group for {name}", vpc.id, tags={"Name": name} | owned)
    rule(group, 22, "0.0.0.0/0")
    rule(group, 443, api_access)
    return group


def _run(subnet, group, private, tags, kind="t4g.medium"):
    instance = ec2().run_instances(
        "ami-0k8sport",
        1,
        None,
        [],
        instance_type=kind,
        is_instance_type_default=False,
        region_name=ec2().region_name,
        subnet_id=subnet.id,
        security_group_ids=[group.id],
        key_name=f"kubernetes.{CLUSTER}",
        nics=[
            {
                "DeviceIndex": 0,
                "SubnetId": subnet.id,
                "PrivateIpAddress": private,
                "AssociatePublicIpAddress": True,
                "DeleteOnTermination": True,
            }
        ],
        tags={"instance": tags},
    ).instances[0]
    # moto takes it from the image, and knows no image here.
    instance.architecture = "arm64" if kind.startswith("t4g") else "x86_64"
    instance.virtualization_type = "hvm"
    return instance


def control_plane_tags(cluster, zone, old=False):
    group = f"master-{zone}" if old else f"control-plane-{zone}"
    tags = {
        "Name": f"{group}.masters.{cluster}",
        "KubernetesCluster": cluster,
        f"kubernetes.io/cluster/{cluster}": "owned",
        "kops.k8s.io/instancegroup": group,
        "k8s.io/role/master": "1",
    }
    if not old:
        tags["k8s.io/role/control-plane"] = "1"
    return tags


def _other_clusters(net):
    ha = _masters_group(net.vpc, "ha.example.com", "0.0.0.0/0")
    for number, (subnet, zone) in enumerate([(net.subnet_a, "eu-central-1a"), (net.subnet_b, "eu-central-1b")]):
        address = f"172.20.{(32, 64)[number]}.40"
        _run(subnet, ha, address, control_plane_tags("ha.example.com", zone))
    gone = _masters_group(net.vpc, "gone.example.com", "0.0.0.0/0")
    ended = _run(net.subnet_a, gone, "172.20.32.50", control_plane_tags("gone.example.com", "eu-central-1a"))
    ended.terminate()


def make(net, wanted):
    node = _cluster(net, wanted) if wanted.cluster else None
    theirs = _masters_group(net.other_vpc, "other.example.org", "0.0.0.0/0")
    foreign = _run(net.other_subnet, theirs, "10.50.0.10", control_plane_tags("other.example.org", "eu-central-1a"))
    if wanted.cluster:
        _other_clusters(net)
    plain = ec2().create_security_group("nat", "somebody's NAT instance", net.other_vpc.id)
    nat = _run(net.other_subnet, plain, "10.50.0.20", {"Name": "other-team-nat", "owner": "other-team"}, "t3.nano")
    return Clusters(node=node, foreign=foreign, nat=nat)


def _cluster(net, wanted):
    group = _masters_group(net.vpc, CLUSTER, wanted.api_access)
    tags = control_plane_tags(CLUSTER, "eu-central-1a", wanted.old_kops)
    # First of all instances: it gets 198.18.77.10.
    node = _run(net.subnet_a, group, "172.20.32.10", tags)
    if wanted.tagged_interface:
        node.nics[0].add_tags(tags)
    if wanted.control_planes > 1:
        _run(net.subnet_b, group, "172.20.64.10", control_plane_tags(CLUSTER, "eu-central-1b", wanted.old_kops))
    if wanted.stopped:
        node.stop()
    return node
