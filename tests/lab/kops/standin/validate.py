"""`validate cluster`: what is true of account, DNS and API server."""

import json
import socket
import ssl

import boto3

import cluster_api

from . import dns, inside, node
from .lab import Error

PLACEHOLDER = (
    "Validation Failed\n\nThe external-dns/dns-controller Kubernetes deployment has not updated the Kubernetes cluster's API DNS "
    f"entry to the correct IP address.  The API DNS IP address is the placeholder address that kops creates: {dns.PLACEHOLDER}.  "
    "Please wait about 5-10 minutes for a control plane node to start, external-dns to launch, and DNS to propagate."
)


def failure(kind, name, message):
    return {"type": kind, "name": name, "message": message}


def look(store, cluster):
    groups = store.groups(cluster)
    host = f"api.{cluster}"
    try:
        address = socket.gethostbyname(host)
    except OSError as error:
        raise Error(f"validation failed: unable to resolve Kubernetes cluster API URL dns: lookup {host}: no such host") from error
    if address == dns.PLACEHOLDER:
        return {"failures": [failure("dns", "apiserver", PLACEHOLDER)], "nodes": None}
    reach(host, address)
    instances = node.running(boto3.client("ec2"), cluster)
    nodes = [described(instance) for instance in instances if instance["State"]["Name"] == "running"]
    failures = [
        failure("InstanceGroup", g["metadata"]["name"], f'InstanceGroup "{g["metadata"]["name"]}" did not have enough nodes 0 vs 1')
        for g in groups
        if g["spec"].get("minSize", 1) > len(nodes)
    ]
    if cluster_api.is_real():
        failures += [failure(*found) for found in inside.failures()]
    return {"failures": failures or None, "nodes": nodes or None}


def reach(host, address):
    """kOps lists the nodes; here it is enough that an API server speaks."""
    try:
        context = ssl._create_unverified_context()
        with socket.create_connection((address, 443), 10) as connection, context.wrap_socket(connection, server_hostname=host):
            pass
    except OSError as error:
        message = f'error listing nodes: Get "https://{host}/api/v1/nodes": dial tcp {address}:443: {error}'
        raise Error(f"validation failed: {message}") from error


def described(instance):
    zone = instance["Placement"]["AvailabilityZone"]
    return {
        "name": instance["InstanceId"], "zone": zone, "role": "control-plane", "hostname": instance["InstanceId"], "status": "True",
    }


def run(store, cluster, output):
    result = look(store, cluster)
    if output == "json":
        print(json.dumps(result), end="")
    if result["failures"]:
        raise Error("Validation failed: cluster not yet healthy")
