"""The charts, as far as their values lead to a Service, an IngressClass and a Deployment."""

import cluster_api

from .release import Error

CLASSES = "/apis/networking.k8s.io/v1/ingressclasses"
DEFAULT = "ingressclass.kubernetes.io/is-default-class"
MANAGED = {"app.kubernetes.io/managed-by": "Helm"}


def take(values, path, default=None):
    """A value that a chart knows. What is left in the end, none does."""
    *parents, last = path.split(".")
    for parent in parents:
        values = values.get(parent, {})
    return values.pop(last, default)


def ingress_class(name, controller, default):
    metadata = {"name": name, "annotations": {DEFAULT: "true"} if default else {}}
    return {"kind": "IngressClass", "apiVersion": "networking.k8s.io/v1", "metadata": metadata, "spec": {"controller": controller}}


def traefik(values):
    service = (take(values, "service.spec.type"), take(values, "ports.web.nodePort"), take(values, "ports.websecure.nodePort"))
    take(values, "providers.kubernetesIngress.enabled")
    take(values, "providers.kubernetesIngressNGINX.enabled")
    classes = [ingress_class("traefik", "traefik.io/ingress-controller", True)] if take(values, "ingressClass.enabled", True) else []
    return service, classes + take(values, "extraObjects", []), "docker.io/traefik:v3.7.13"


def haproxy(values):
    of = "controller.service"
    service = (take(values, f"{of}.type"), take(values, f"{of}.nodePorts.http"), take(values, f"{of}.nodePorts.https"))
    for path in ["replicaCount", "ingressClass", "extraArgs", "service.enablePorts.quic"]:
        take(values, f"controller.{path}")
    name, default = take(values, "controller.ingressClassResource.name"), take(values, "controller.ingressClassResource.default")
    return service, [ingress_class(name, "haproxy.org/ingress-controller/haproxy", default)], "docker.io/haproxytech/kubernetes-ingress"


def nginx(values):
    of = "controller.service"
    ports = [take(values, f"{of}.{port}.nodePort") for port in ["httpPort", "httpsPort"]]
    service = (take(values, f"{of}.type"), *ports)
    take(values, f"{of}.externalTrafficPolicy")
    name, default = take(values, "controller.ingressClass.name"), take(values, "controller.ingressClass.setAsDefaultIngress")
    made = [ingress_class(name, "nginx.org/ingress-controller", default)] if take(values, "controller.ingressClass.create") else []
    return service, made, "nginx/nginx-ingress"


CHARTS = {
    ("traefik", "https://traefik.github.io/charts"): traefik,
    ("kubernetes-ingress", "https://haproxytech.github.io/helm-charts"): haproxy,
    ("oci://ghcr.io/nginx/charts/nginx-ingress", None): nginx,
}


def unknown(values):
    if isinstance(values, dict):
        return [f"{key}.{rest}".rstrip(".") for key, value in values.items() for rest in unknown(value)]
    return [""]


def objects(chart, repository, version, release, values):
    """[(path to create it at, object)]"""
    if (chart, repository) not in CHARTS or not version:
        raise Error(f'chart "{chart}" version "{version}" not found in {repository} repository')
    (kind, http, https), classes, image = CHARTS[chart, repository](values)
    if left := unknown(values):
        raise Error(f"values don't meet the specifications of the schema(s): additional properties {left} not allowed")
    labels = {"app.kubernetes.io/name": chart.rsplit("/", 1)[-1], "app.kubernetes.io/instance": release.name, **MANAGED}
    metadata = {"name": release.name, "namespace": release.namespace, "labels": labels}
    ports = [
        {"name": "http", "port": 80, "nodePort": http, "protocol": "TCP"},
        {"name": "https", "port": 443, "nodePort": https, "protocol": "TCP"},
    ]
    service = {"kind": "Service", "metadata": metadata, "spec": {"type": kind, "selector": labels, "ports": ports}}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "controller", "image": image}]}}
    deployment = {"kind": "Deployment", "metadata": metadata, "spec": {"selector": {"matchLabels": labels}, "template": template}}
    for thing in classes:
        thing["metadata"]["labels"] = labels
    services, deployments, _ = homes(release)
    return [(services, service), (deployments, deployment), *((CLASSES, thing) for thing in classes)]


def homes(release):
    return f"/api/v1/namespaces/{release.namespace}/services", f"/apis/apps/v1/namespaces/{release.namespace}/deployments", CLASSES


def paths(release):
    """Of everything that the release has."""
    for home in homes(release):
        found = cluster_api.find(f"{home}?labelSelector=app.kubernetes.io%2Finstance%3D{release.name}") or {"items": []}
        yield from (f"{home}/{thing['metadata']['name']}" for thing in found["items"])
