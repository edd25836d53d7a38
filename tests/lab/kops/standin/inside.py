"""What comes up inside the cluster: the node's kubelet, and the add-ons of the specification. On a real API server only."""

import time

import cluster_api
import node_command

TAINT = {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}
NODES = "/api/v1/nodes"


# Of the applications that the lab seeds for a cluster that exists.
SEEDED = ["/apis/networking.k8s.io/v1/namespaces/apps/ingresses", "/apis/networking.k8s.io/v1/ingressclasses"]


def empty():
    """A new cluster has no applications and no ingress controller."""
    for place in SEEDED:
        for thing in cluster_api.call("GET", place)["items"]:
            cluster_api.remove(f"{place}/{thing['metadata']['name']}")
    node_command.close_node_ports()


def nodes():
    return cluster_api.call("GET", NODES)["items"]


def join():
    """Registered, tainted as kOps has it, and not Ready until its network is there."""
    empty()
    for node in nodes():
        path = f"{NODES}/{node['metadata']['name']}"
        cluster_api.merge(path, {"spec": {"taints": [TAINT]}})
        report(path, node, "False", "container runtime network not ready: cni plugin not initialized")


def be_ready(after):
    time.sleep(after)
    for node in nodes():
        report(f"{NODES}/{node['metadata']['name']}", node, "True", "kubelet is posting ready status")


def report(path, node, status, message):
    conditions = [c | {"status": status, "message": message} if c["type"] == "Ready" else c for c in node["status"]["conditions"]]
    cluster_api.merge(f"{path}/status", {"status": {"conditions": conditions}})


def failures():
    """Of the nodes, and of CoreDNS, which kOps runs without a toleration for its own taint."""
    found = []
    for node in nodes():
        name = node["metadata"]["name"]
        ready = next(c for c in node["status"]["conditions"] if c["type"] == "Ready")
        if ready["status"] != "True":
            found.append(("Node", name, f'node "{name}" of role "control-plane" is not ready'))
        if TAINT["key"] in [taint["key"] for taint in node["spec"].get("taints", [])]:
            found.append(("Pod", "kube-system/coredns-6b9d4f8c7d-x2x7q", 'system-cluster-critical pod "coredns-6b9d4f8c7d-x2x7q" is pending'))
    return found
