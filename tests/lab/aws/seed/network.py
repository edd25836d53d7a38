"""Networks: the cluster's VPC, and one that belongs to somebody else."""

from dataclasses import dataclass
from typing import Any

from ..account import CLUSTER, ec2


@dataclass
class Network:
    vpc: Any
    subnet_a: Any
    subnet_b: Any
    other_vpc: Any
    other_subnet: Any


def _owned(name, cluster):
    return {"Name": name, "KubernetesCluster": cluster, f"kubernetes.io/cluster/{cluster}": "owned"}


def _vpc(cidr, name, cluster):
    vpc = ec2().create_vpc(cidr)
    vpc.enable_dns_hostnames = True
    vpc.add_tags(_owned(name, cluster))
    gateway = ec2().create_internet_gateway()
    gateway.add_tags(_owned(name, cluster))
    ec2().attach_internet_gateway(gateway.id, vpc.id)
    table = ec2().create_route_table(vpc.id)
    table.add_tags(_owned(name, cluster))
    ec2().create_route(table.id, "0.0.0.0/0", gateway_id=gateway.id)
    return vpc, table


def _subnet(vpc, table, cidr, zone, name, cluster):
    subnet = ec2().create_subnet(vpc.id, cidr, availability_zone=zone)
    subnet.add_tags(_owned(name, cluster) | {"SubnetType": "Public", "kubernetes.io/role/elb": "1"})
    subnet.map_public_ip_on_launch = True
    ec2().associate_route_table(table.id, subnet_id=subnet.id)
    return subnet


def make(wanted):
    zone_a, zone_b = "eu-central-1a", "eu-central-1b"
    vpc = subnet_a = subnet_b = None
    if wanted.cluster:
        vpc, table = _vpc("172.20.0.0/16", CLUSTER, CLUSTER)
    other, other_table = _vpc("10.50.0.0/16", "other.example.org", "other.example.org")
    if wanted.cluster:
        subnet_a = _subnet(vpc, table, "172.20.32.0/19", zone_a, f"{zone_a}.{CLUSTER}", CLUSTER)
        subnet_b = _subnet(vpc, table, "172.20.64.0/19", zone_b, f"{zone_b}.{CLUSTER}", CLUSTER)
    return Network(
        vpc=vpc,
        subnet_a=subnet_a,
        subnet_b=subnet_b,
        other_vpc=other,
        other_subnet=_subnet(other, other_table, "10.50.0.0/20", zone_a, "other", "other.example.org"),
    )
