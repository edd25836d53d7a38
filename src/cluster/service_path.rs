//! What the data path without a proxy rests on, and our Service itself.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use k8s_openapi::api::core::v1 as api;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use kube::Api;
use kube::api::{DeleteParams, Patch, PatchParams};
use serde_json::{Value, json};

use super::kube_proxy::image_version;
use super::request::Request;
use super::{Cluster, ClusterWriter, FIELD_MANAGER};
use crate::failure::Result;
use crate::plan::addons::ingress::NODE_PORTS;
use crate::plan::ingress::IngressClass;
use crate::plan::service::{Ingress, LABEL, Live, NAME, Observed, Pod, PodNetwork, Spec, StatusAddress, Target, Version};

const SERVICES: &str = "services";
const SYSTEM: &str = "kube-system";
/// Before 1.22 one manager's apply of the status would take the specification for given up.
const STATUS_MANAGER: &str = "k8sport-status";

/// The label `app.kubernetes.io/name` of the pods behind an IngressClass, by its controller.
const CONTROLLERS: [(&str, &str); 5] = [
    ("traefik.io/", "traefik"),
    ("k8s.io/ingress-nginx", "ingress-nginx"),
    ("nginx.org/", "nginx-ingress"),
    ("haproxy.org/", "kubernetes-ingress"),
    ("haproxy-ingress.github.io/", "haproxy-ingress"),
];

impl Cluster {
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn service_path(&self) -> Result<Observed> {
        let (version, services, pods, classes) =
            tokio::try_join!(self.version(), self.list::<api::Service>(SERVICES), self.list::<api::Pod>("pods"), self.ingress_classes())?;
        let (ours, others): (Vec<_>, Vec<_>) = services.into_iter().partition(is_ours);
        let system: Vec<_> = pods.iter().filter(|pod| pod.metadata.namespace.as_deref() == Some(SYSTEM)).collect();
        Ok(Observed {
            version,
            kube_proxy: self.kube_proxy(&system).await?,
            network: self.pod_network(&system).await?,
            ingress: ingress(&others, &pods, &classes),
            ours: ours.into_iter().map(live).collect(),
            others: others.iter().map(|service| (full_name(service), addresses(service))).collect(),
            kops: labelled(&system, &["dns-controller"]).and_then(image_version),
        })
    }

    async fn version(&self) -> Result<Version> {
        let said = Request::new("get", "/version", &self.server).ask(async || self.client.apiserver_version().await).await?;
        Ok(Version::parse(&said.git_version).unwrap_or_default())
    }

    async fn pod_network(&self, system: &[&api::Pod]) -> Result<PodNetwork> {
        if labelled(system, &["aws-node"]).is_some() {
            return Ok(PodNetwork::AmazonVpc);
        }
        if labelled(system, &["cilium"]).is_none() {
            return Ok(PodNetwork::Other);
        }
        let replaces = self.setting("cilium-config", "kube-proxy-replacement").await?;
        let replaces_kube_proxy = replaces.is_some_and(|text| !matches!(text.as_str(), "false" | "disabled" | "probe" | "partial"));
        Ok(PodNetwork::Cilium { ipam: self.setting("cilium-config", "ipam").await?, replaces_kube_proxy })
    }

    /// One value of a ConfigMap in kube-system. None where it isn't there.
    pub(super) async fn setting(&self, name: &str, key: &str) -> Result<Option<String>> {
        Ok(self.config_map(SYSTEM, name).await?.and_then(|mut map| map.remove(key)))
    }
}

impl ClusterWriter {
    /// Ours, so a field that somebody else has written is taken.
    ///
    /// # Errors
    /// Not allowed, not valid, not reachable, no answer in time.
    pub async fn apply_service(&self, namespace: &str, manifest: &Value) -> Result<()> {
        let services = self.services(namespace);
        let how = PatchParams::apply(FIELD_MANAGER).force();
        let request = Request::new("patch", SERVICES, &self.server).in_namespace(Some(namespace)).named(NAME);
        request.ask(async || services.patch(NAME, &how, &Patch::Apply(manifest)).await.map(drop)).await
    }

    /// # Errors
    /// As [`Self::apply_service`].
    pub async fn set_service_status(&self, namespace: &str, addresses: [Ipv4Addr; 2]) -> Result<()> {
        let services = self.services(namespace);
        let how = PatchParams::apply(STATUS_MANAGER).force();
        let status = json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": { "name": NAME, "namespace": namespace },
            "status": { "loadBalancer": { "ingress": addresses.map(|ip| json!({ "ip": ip })) } },
        });
        let request = Request::new("patch", "services/status", &self.server).in_namespace(Some(namespace)).named(NAME);
        request.ask(async || services.patch_status(NAME, &how, &Patch::Apply(&status)).await.map(drop)).await
    }

    /// Content when it is gone.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn delete_service(&self, namespace: &str, name: &str) -> Result<()> {
        let services = self.services(namespace);
        let request = Request::new("delete", SERVICES, &self.server).in_namespace(Some(namespace)).named(name);
        let gone = |error| match error {
            kube::Error::Api(status) if status.code == 404 => Ok(()),
            other => Err(other),
        };
        request.ask(async || services.delete(name, &DeleteParams::default()).await.map(drop).or_else(gone)).await
    }

    fn services(&self, namespace: &str) -> Api<api::Service> {
        Api::namespaced(self.client.clone(), namespace)
    }
}

pub(super) fn is_ours(service: &api::Service) -> bool {
    service.metadata.labels.iter().flatten().any(|(key, value)| (key.as_str(), value.as_str()) == LABEL)
}

fn full_name(service: &api::Service) -> String {
    let metadata = &service.metadata;
    format!("{}/{}", metadata.namespace.as_deref().unwrap_or_default(), metadata.name.as_deref().unwrap_or_default())
}

fn addresses(service: &api::Service) -> std::collections::BTreeSet<String> {
    let external = service.spec.iter().flat_map(|spec| spec.external_ips.iter().flatten().cloned());
    external.chain(status(service).into_iter().map(|address| address.ip)).collect()
}

fn status(service: &api::Service) -> Vec<StatusAddress> {
    let balancer = service.status.as_ref().and_then(|status| status.load_balancer.as_ref());
    let ingress = balancer.into_iter().flat_map(|balancer| balancer.ingress.iter().flatten());
    ingress.filter_map(|ingress| Some(StatusAddress { ip: ingress.ip.clone()?, mode: ingress.ip_mode.clone() })).collect()
}

fn live(service: api::Service) -> Live {
    let status = status(&service);
    let spec = service.spec.unwrap_or_default();
    let ports = spec.ports.unwrap_or_default();
    Live {
        namespace: service.metadata.namespace.unwrap_or_default(),
        name: service.metadata.name.unwrap_or_default(),
        class: spec.load_balancer_class,
        status,
        spec: Spec {
            kind: spec.type_.unwrap_or_default(),
            policy: spec.external_traffic_policy.unwrap_or_default(),
            node_ports: spec.allocate_load_balancer_node_ports.unwrap_or(true),
            ports: ports.iter().map(|port| (port.name.clone().unwrap_or_default(), number(port.port), target(port))).collect(),
            selector: spec.selector.unwrap_or_default(),
            source_ranges: spec.load_balancer_source_ranges.unwrap_or_default(),
        },
    }
}

fn number(port: i32) -> u16 {
    u16::try_from(port).unwrap_or_default()
}

fn target(port: &api::ServicePort) -> Target {
    match &port.target_port {
        Some(IntOrString::String(name)) => Target::Name(name.clone()),
        Some(IntOrString::Int(target)) => Target::Number(number(*target)),
        None => Target::Number(number(port.port)),
    }
}

/// The Service with the NodePorts that HAProxy would use tells which pods are meant; else that of an IngressClass' controller.
fn ingress(services: &[api::Service], pods: &[api::Pod], classes: &[IngressClass]) -> Result<Ingress, String> {
    let by_node_port =
        services.iter().filter_map(|service| of_ports(service, |port, wanted| port.node_port == Some(i32::from(NODE_PORTS[wanted]))));
    let named = |service: &api::Service| {
        let name = service.spec.as_ref()?.selector.as_ref()?.get("app.kubernetes.io/name")?;
        let class = classes
            .iter()
            .any(|class| CONTROLLERS.iter().any(|(controller, known)| known == name && class.controller.starts_with(controller)));
        class.then(|| of_ports(service, |port, wanted| port.port == [80, 443][wanted])).flatten()
    };
    let mut found: Vec<_> = by_node_port.collect();
    if found.is_empty() {
        found = services.iter().filter_map(named).collect();
    }
    found.dedup_by(|one, other| (&one.namespace, &one.selector) == (&other.namespace, &other.selector));
    match found.len() {
        1 => Ok(with_pods(found.remove(0), pods)),
        0 => Err("no Service has the NodePorts 30080 and 30443, and none is that of an IngressClass' controller".to_owned()),
        _ => Err(format!("several could be it: {}", found.iter().map(|ingress| ingress.service.as_str()).collect::<Vec<_>>().join(", "))),
    }
}

/// `is` tells the port for HTTP (0) and the one for HTTPS (1).
fn of_ports(service: &api::Service, is: impl Fn(&api::ServicePort, usize) -> bool) -> Option<Ingress> {
    let spec = service.spec.as_ref()?;
    let find = |wanted| spec.ports.iter().flatten().find(|port| is(port, wanted)).map(target);
    Some(Ingress {
        service: full_name(service),
        namespace: service.metadata.namespace.clone()?,
        selector: spec.selector.clone().filter(|selector| !selector.is_empty())?,
        http: find(0)?,
        https: find(1)?,
        pods: Vec::new(),
    })
}

fn with_pods(ingress: Ingress, pods: &[api::Pod]) -> Ingress {
    let chosen = pods.iter().filter(|pod| {
        let labels = pod.metadata.labels.as_ref();
        let has = |(key, value): (&String, &String)| labels.is_some_and(|labels| labels.get(key) == Some(value));
        pod.metadata.namespace.as_ref() == Some(&ingress.namespace) && ingress.selector.iter().all(has)
    });
    Ingress { pods: chosen.map(pod).collect(), ..ingress }
}

fn pod(pod: &api::Pod) -> Pod {
    let mut conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let spec = pod.spec.as_ref();
    Pod {
        name: pod.metadata.name.clone().unwrap_or_default(),
        ready: conditions.any(|condition| condition.type_ == "Ready" && condition.status == "True"),
        node: spec.and_then(|spec| spec.node_name.clone()),
        host_network: spec.and_then(|spec| spec.host_network).unwrap_or(false),
    }
}

pub(super) fn labelled<'a>(pods: &[&'a api::Pod], names: &[&str]) -> Option<&'a api::Pod> {
    let keys = ["k8s-app", "component", "app.kubernetes.io/name"];
    let named =
        |labels: &BTreeMap<String, String>| keys.iter().any(|&key| labels.get(key).is_some_and(|value| names.contains(&value.as_str())));
    pods.iter().find(|pod| pod.metadata.labels.as_ref().is_some_and(named)).copied()
}
