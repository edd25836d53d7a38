//! The charts of the ingress controllers, pinned, and the values that we give them: both NodePorts, one pod, since there is
//! one node, and an IngressClass that is the default one.

use serde::Serialize;
use serde_json::{Value, json};

use super::IngressController;
use super::ingress::NODE_PORTS;

const HTTP: u16 = NODE_PORTS[0];
const HTTPS: u16 = NODE_PORTS[1];

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// Its name in the repository, or all of it where it is in an OCI registry.
    pub name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<&'static str>,
    pub version: &'static str,
    pub values: Value,
}

impl Chart {
    pub fn of(controller: IngressController) -> Option<Self> {
        match controller {
            IngressController::Traefik => Some(traefik()),
            IngressController::Haproxy => Some(haproxy()),
            IngressController::Nginx => Some(nginx()),
            IngressController::Nothing => None,
        }
    }
}

/// <https://github.com/traefik/traefik-helm-chart>. Only the provider that reads the annotations of ingress-nginx looks at
/// Ingresses: two would make every route twice. It serves the classes of ingress-nginx' own controller name, which the
/// chart doesn't make.
fn traefik() -> Chart {
    let class = json!({
        "apiVersion": "networking.k8s.io/v1",
        "kind": "IngressClass",
        "metadata": { "name": "nginx", "annotations": { "ingressclass.kubernetes.io/is-default-class": "true" } },
        "spec": { "controller": "k8s.io/ingress-nginx" },
    });
    Chart {
        name: "traefik",
        repository: Some("https://traefik.github.io/charts"),
        version: "41.5.0",
        values: json!({
            "service": { "spec": { "type": "NodePort" } },
            "ports": { "web": { "nodePort": HTTP }, "websecure": { "nodePort": HTTPS } },
            "providers": {
                "kubernetesIngress": { "enabled": false },
                "kubernetesIngressNGINX": { "enabled": true },
            },
            "ingressClass": { "enabled": false },
            "extraObjects": [class],
        }),
    }
}

/// <https://github.com/haproxytech/helm-charts/tree/main/kubernetes-ingress>. Without HTTP/3, which it would announce on a port that
/// nobody serves.
fn haproxy() -> Chart {
    Chart {
        name: "kubernetes-ingress",
        repository: Some("https://haproxytech.github.io/helm-charts"),
        version: "1.49.0",
        values: json!({
            "controller": {
                "replicaCount": 1,
                "ingressClass": "haproxy",
                "ingressClassResource": { "name": "haproxy", "default": true },
                "service": { "type": "NodePort", "nodePorts": { "http": HTTP, "https": HTTPS }, "enablePorts": { "quic": false } },
                "extraArgs": ["--disable-quic"],
            },
        }),
    }
}

/// <https://github.com/nginx/kubernetes-ingress/tree/main/charts/nginx-ingress>.
fn nginx() -> Chart {
    Chart {
        name: "oci://ghcr.io/nginx/charts/nginx-ingress",
        repository: None,
        version: "2.7.3",
        values: json!({
            "controller": {
                "ingressClass": { "name": "nginx", "create": true, "setAsDefaultIngress": true },
                "service": { "type": "NodePort", "externalTrafficPolicy": "Cluster", "httpPort": { "nodePort": HTTP }, "httpsPort": { "nodePort": HTTPS } },
            },
        }),
    }
}
