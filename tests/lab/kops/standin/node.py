"""The instance: what the Auto Scaling group starts, and what happens on it at its first boot."""

import os
import subprocess
import sys
import time
from pathlib import Path

import boto3

import cluster_api

from . import cert_manager, dns, inside, lab
from .network import owned, specification, tags_of
from .store import Store

IMAGE = "ami-0k8sport"
# The lab's node has this address and no other.
ADDRESS = "172.20.32.10"


def running(ec2, cluster):
    states = {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}
    role = {"Name": "tag:k8s.io/role/master", "Values": ["1"]}
    found = ec2.describe_instances(Filters=[*owned(cluster), states, role])["Reservations"]
    return [instance for reservation in found for instance in reservation["Instances"]]


def desire(store, cluster, subnet, groups):
    """The Auto Scaling group notices by itself that an instance is missing: this process doesn't wait for it."""
    command = [sys.executable, "-B", "-m", "standin", "lab-start", cluster, store.location, subnet, ",".join(groups)]
    subprocess.Popen(
        command, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=(lab.STATE / "log" / "kops-node.log").open("a"),
    )


def start(cluster, location, subnet, groups):
    turn = lab.behaviour()
    if turn.get("never"):
        return
    time.sleep(turn.get("late", 1))
    ec2, store = boto3.client("ec2"), Store(location)
    if running(ec2, cluster):
        return
    group = next(g for g in store.groups(cluster) if g["spec"]["role"] in ("ControlPlane", "Master"))
    name = group["metadata"]["name"]
    install_keys(store, cluster)
    tags = tags_of(
        cluster,
        f"{name}.masters.{cluster}",
        **{"kops.k8s.io/instancegroup": name, "k8s.io/role/master": "1", "k8s.io/role/control-plane": "1"},
        **store.cluster(cluster)["spec"].get("cloudLabels", {}),
    )
    interface = {
        "DeviceIndex": 0, "SubnetId": subnet, "PrivateIpAddress": ADDRESS, "Groups": groups.split(","),
        "AssociatePublicIpAddress": True, "DeleteOnTermination": True,
    }
    try:
        ec2.run_instances(
            ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType=group["spec"]["machineType"],
            NetworkInterfaces=[interface], TagSpecifications=specification("instance", tags),
        )
    except Exception:  # The answer was lost, whatever became of another try: an Auto Scaling group sees what there is.
        if not running(ec2, cluster):
            raise
    public = next(i["PublicIpAddress"] for i in running(ec2, cluster))
    if cluster_api.is_real():
        cluster_api.address = public
        inside.join()
    time.sleep(turn.get("dns", 1))
    dns.insist(cluster, f"api.{cluster}", public)
    dns.insist(cluster, f"api.internal.{cluster}", ADDRESS)
    if cluster_api.is_real():
        inside.be_ready(turn.get("ready", 1))
        if store.cluster(cluster)["spec"].get("certManager", {}).get("enabled"):
            cert_manager.come(turn.get("cert-manager", 1))


def install_keys(store, cluster):
    """As cloud-init does with the instance's key pair."""
    root = Path(os.environ["LAB_NODE_ROOT"])
    keys = root / "home/ubuntu/.ssh/authorized_keys"
    keys.write_text("".join(f"{text.strip()}\n" for _, text in store.ssh_keys(cluster)))
