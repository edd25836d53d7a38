"""`lab-register`: a cluster of the seeded account comes into a state store, as if kOps had made it."""

import boto3

from . import create, node, scaling
from .lab import Error


def run(store, cluster):
    ec2 = boto3.client("ec2")
    instance = next(iter(node.running(ec2, cluster)), None)
    if not instance:
        raise Error(f"the account has no instance of {cluster}")
    try:
        store.s3.head_bucket(Bucket=store.bucket)
    except store.s3.exceptions.ClientError:
        region = {"LocationConstraint": ec2.meta.region_name}
        store.s3.create_bucket(Bucket=store.bucket, CreateBucketConfiguration=region)
    subnet = ec2.describe_subnets(SubnetIds=[instance["SubnetId"]])["Subnets"][0]
    zone = subnet["AvailabilityZone"]
    subnets = [{"name": zone, "zone": zone, "type": "Public", "cidr": subnet["CidrBlock"]}]
    anywhere = {"kubernetesApiAccess": ["0.0.0.0/0"], "sshAccess": ["0.0.0.0/0"]}
    spec = {"api": {"dns": {}}, "networkCIDR": "172.20.0.0/16", "subnets": subnets, **anywhere}
    create.register(store, {"kind": "Cluster", "metadata": {"name": cluster}, "spec": spec})
    group = next(tag["Value"] for tag in instance["Tags"] if tag["Key"] == "kops.k8s.io/instancegroup")
    labels = {"name": group, "labels": {"kops.k8s.io/cluster": cluster}}
    shape = {"role": "ControlPlane", "machineType": instance["InstanceType"], "minSize": 1, "maxSize": 1, "subnets": [zone]}
    instance_group = {"kind": "InstanceGroup", "metadata": labels, "spec": shape}
    create.register(store, instance_group)
    scaling.roles(cluster)
    scaling.groups(cluster, [instance_group], subnet["SubnetId"])
