"""kOps' add-on of cert-manager, as far as its API shows it; the node's cert-manager-api answers for it."""

import time

import cluster_api
import node_command

GROUP = "cert-manager.io"
SERVICES = "/api/v1/namespaces/kube-system/services"
API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"


def come(after):
    """Its kinds are served after these seconds, and its webhook answers after as many more."""
    time.sleep(after)
    node_command.run("systemd-run", "-q", "--unit=cert-manager", "/usr/local/lib/cert-manager-api", str(after))
    service = {"type": "ExternalName", "externalName": "localhost", "ports": [{"port": 6444}]}
    cluster_api.create(SERVICES, {"metadata": {"name": "cert-manager"}, "spec": service})
    where = {"namespace": "kube-system", "name": "cert-manager", "port": 6444}
    spec = {"group": GROUP, "version": "v1", "service": where, "insecureSkipTLSVerify": True, "groupPriorityMinimum": 1000, "versionPriority": 15}
    cluster_api.create(API_SERVICES, {"metadata": {"name": f"v1.{GROUP}"}, "spec": spec})
