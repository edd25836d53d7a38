"""`update cluster --yes --admin`: the account becomes what the state store says."""

import boto3

from . import dns, kubeconfig, node, scaling
from .lab import Error, behaviour, say
from .network import Network

NO_KEY = (
    "SSH public key must be specified when running with AWS (create with `kops create secret --name {} sshpublickey admin "
    "-i ~/.ssh/id_rsa.pub`)"
)


def run(store, cluster, yes, admin):
    spec = store.known(cluster)["spec"]
    groups = store.groups(cluster)
    control_plane = [g for g in groups if g["spec"]["role"] in ("ControlPlane", "Master")]
    if not control_plane:
        raise Error("must configure at least one ControlPlane InstanceGroup")
    keys = store.ssh_keys(cluster)
    if not keys:
        raise Error(NO_KEY.format(cluster))
    if len(keys) > 1:
        raise Error("Exactly one 'admin' SSH public key can be specified when running with AWS; please delete a key using `kops delete secret`")
    if not dns.zones(cluster):
        raise Error(f'error finding DNS Hosted Zone: DNS zone for "{cluster}" not found')
    if not yes:
        print("Must specify --yes to apply changes")
        return
    ec2 = boto3.client("ec2")
    network = Network(ec2, cluster, spec)
    subnet, group = network.make()
    say("I1120 10:00:00.000000       1 executor.go:113] Tasks: 0 done / 90 total; 47 can run")
    if text := behaviour().get("fail", {}).get("update"):
        raise Error(text)
    network.volumes(spec["subnets"][0]["zone"])
    scaling.roles(cluster)
    scaling.groups(cluster, groups, subnet)
    dns.placeholders(cluster)
    additional = network.groups_of(control_plane[0])
    say("I1120 10:00:09.000000       1 executor.go:113] Tasks: 90 done / 90 total; 0 can run")
    if not node.running(ec2, cluster):
        node.desire(store, cluster, subnet, [group, *additional])
    if admin:
        kubeconfig.export(cluster, kubeconfig.path())
    print("\nCluster is starting.  It should be ready in a few minutes.\n")
