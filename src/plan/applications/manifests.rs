//! The objects of an application, as files to look at and commit: a Deployment, a Service and an Ingress.
//!
//! Built for one node: the new pod is up before the old one goes, so that a rollout is no outage and one that fails takes
//! nothing away. No limits but those that the namespace sets.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment};
use k8s_openapi::api::core::v1::{
    ConfigMapEnvSource, Container, ContainerPort, EnvFromSource, HTTPGetAction, PodSpec, PodTemplateSpec, Probe, ResourceRequirements,
    SeccompProfile, SecretEnvSource, SecurityContext, Service, ServicePort, ServiceSpec,
};
use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend, IngressSpec, IngressTLS,
    ServiceBackendPort,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::Serialize;
use serde_json::Value;

use super::{Application, EnvFrom, Kind, Object};
use crate::failure::{Failure, Result};
use crate::names::DnsName;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// `deployment.yaml`
    pub file: &'static str,
    pub contents: String,
}

const NAME_LABEL: &str = "app.kubernetes.io/name";
const ISSUER: &str = "cert-manager.io/cluster-issuer";
/// Its name in the container and the Service, so that both can change their numbers.
const PORT: &str = "http";
/// It is the default, but older API servers want it said in a server-side apply.
const TCP: &str = "TCP";
const OLD_REPLICA_SETS: i32 = 5;

pub fn manifests(app: &Application) -> Vec<Manifest> {
    vec![
        Manifest { file: "deployment.yaml", contents: yaml(&deployment(app)) },
        Manifest { file: "service.yaml", contents: yaml(&service(app)) },
        Manifest { file: "ingress.yaml", contents: yaml(&ingress(app)) },
    ]
}

/// The same as objects, in the order in which they are applied.
///
/// # Errors
/// Never for names that were parsed.
pub fn objects(app: &Application) -> Result<Vec<Object>> {
    let object = |kind: Kind, manifest: serde_json::Result<Value>| -> Result<Object> {
        let name = app.name.as_str().parse().map_err(|error: String| Failure::usage(error))?;
        let manifest = manifest.map_err(|error| Failure::failed(format!("the {} can't be written", kind.name())).because(error))?;
        Ok(Object { kind, namespace: app.namespace.clone(), name, manifest })
    };
    Ok(vec![
        object(Kind::Service, serde_json::to_value(service(app)))?,
        object(Kind::Ingress, serde_json::to_value(ingress(app)))?,
        object(Kind::Deployment, serde_json::to_value(deployment(app)))?,
    ])
}

/// Strings, numbers and maps with string keys always serialize.
pub fn yaml(object: &impl Serialize) -> String {
    // Names and images stay on their line, however long they are.
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };
    let mut text = serde_saphyr::to_string_with_options(object, options).unwrap_or_default();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn labels(app: &Application) -> BTreeMap<String, String> {
    [(NAME_LABEL.to_owned(), app.name.to_string())].into()
}

fn metadata(app: &Application) -> ObjectMeta {
    ObjectMeta {
        name: Some(app.name.to_string()),
        namespace: Some(app.namespace.to_string()),
        labels: Some(labels(app)),
        ..ObjectMeta::default()
    }
}

fn deployment(app: &Application) -> Deployment {
    let template = PodTemplateSpec {
        metadata: Some(ObjectMeta { labels: Some(labels(app)), ..ObjectMeta::default() }),
        spec: Some(PodSpec {
            // Few applications talk to the API server, and a token that isn't there can't be stolen.
            automount_service_account_token: Some(false),
            containers: vec![container(app)],
            ..PodSpec::default()
        }),
    };
    let spec = DeploymentSpec {
        replicas: Some(1),
        revision_history_limit: Some(OLD_REPLICA_SETS),
        selector: LabelSelector { match_labels: Some(labels(app)), ..LabelSelector::default() },
        strategy: Some(DeploymentStrategy {
            type_: Some("RollingUpdate".to_owned()),
            rolling_update: Some(RollingUpdateDeployment {
                max_surge: Some(IntOrString::Int(1)),
                max_unavailable: Some(IntOrString::Int(0)),
            }),
        }),
        template,
        ..DeploymentSpec::default()
    };
    Deployment { metadata: metadata(app), spec: Some(spec), status: None }
}

fn container(app: &Application) -> Container {
    let requests = [("cpu", "50m"), ("memory", "64Mi")].map(|(name, amount)| (name.to_owned(), Quantity(amount.to_owned())));
    Container {
        name: app.name.to_string(),
        image: Some(app.image.to_string()),
        ports: Some(vec![ContainerPort {
            name: Some(PORT.to_owned()),
            container_port: i32::from(app.port),
            protocol: Some(TCP.to_owned()),
            ..ContainerPort::default()
        }]),
        env_from: Some(app.env_from.iter().map(environment).collect::<Vec<_>>()).filter(|sources| !sources.is_empty()),
        readiness_probe: Some(Probe {
            http_get: Some(HTTPGetAction {
                path: Some(app.health_path.to_string()),
                port: IntOrString::String(PORT.to_owned()),
                ..HTTPGetAction::default()
            }),
            period_seconds: Some(5),
            timeout_seconds: Some(3),
            ..Probe::default()
        }),
        resources: Some(ResourceRequirements { requests: Some(requests.into()), ..ResourceRequirements::default() }),
        // What no web application misses. Running as another user than root is up to the image.
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(false),
            seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), ..SeccompProfile::default() }),
            ..SecurityContext::default()
        }),
        ..Container::default()
    }
}

fn environment(from: &EnvFrom) -> EnvFromSource {
    match from {
        EnvFrom::Secret(name) => EnvFromSource {
            secret_ref: Some(SecretEnvSource { name: name.to_string(), ..SecretEnvSource::default() }),
            ..EnvFromSource::default()
        },
        EnvFrom::ConfigMap(name) => EnvFromSource {
            config_map_ref: Some(ConfigMapEnvSource { name: name.to_string(), ..ConfigMapEnvSource::default() }),
            ..EnvFromSource::default()
        },
    }
}

fn service(app: &Application) -> Service {
    let port = ServicePort {
        name: Some(PORT.to_owned()),
        protocol: Some(TCP.to_owned()),
        port: 80,
        target_port: Some(IntOrString::String(PORT.to_owned())),
        ..ServicePort::default()
    };
    let spec = ServiceSpec { ports: Some(vec![port]), selector: Some(labels(app)), ..ServiceSpec::default() };
    Service { metadata: metadata(app), spec: Some(spec), status: None }
}

fn ingress(app: &Application) -> Ingress {
    let issuer = app.cluster_issuer.as_ref();
    let annotations = issuer.map(|issuer| [(ISSUER.to_owned(), issuer.to_string())].into());
    let tls = issuer.map(|_| {
        let hosts = app.hosts.iter().map(ToString::to_string).collect();
        vec![IngressTLS { hosts: Some(hosts), secret_name: Some(format!("{}-tls", app.name)) }]
    });
    let spec = IngressSpec {
        ingress_class_name: app.ingress_class.as_ref().map(ToString::to_string),
        rules: Some(app.hosts.iter().map(|host| rule(app, host)).collect()),
        tls,
        ..IngressSpec::default()
    };
    Ingress { metadata: ObjectMeta { annotations, ..metadata(app) }, spec: Some(spec), status: None }
}

fn rule(app: &Application, host: &DnsName) -> IngressRule {
    let service = IngressServiceBackend {
        name: app.name.to_string(),
        port: Some(ServiceBackendPort { name: Some(PORT.to_owned()), ..ServiceBackendPort::default() }),
    };
    let path = HTTPIngressPath {
        path: Some("/".to_owned()),
        path_type: "Prefix".to_owned(),
        backend: IngressBackend { service: Some(service), ..IngressBackend::default() },
    };
    IngressRule { host: Some(host.to_string()), http: Some(HTTPIngressRuleValue { paths: vec![path] }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn application(issuer: Option<&str>) -> Application {
        Application {
            name: "shop".parse().expect("a name"),
            namespace: "apps".parse().expect("a namespace"),
            image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:v1".parse().expect("an image"),
            port: 8080,
            hosts: ["shop.example.com", "www.example.com"].map(|host| host.parse().expect("a host")).to_vec(),
            health_path: "/healthz".parse().expect("a path"),
            env_from: ["secret/shop", "configmap/shop-settings"].map(|from| from.parse().expect("a source")).to_vec(),
            ingress_class: issuer.map(|_| "haproxy".parse().expect("a class")),
            cluster_issuer: issuer.map(|issuer| issuer.parse().expect("an issuer")),
        }
    }

    fn text(app: &Application) -> String {
        manifests(app).iter().map(|manifest| format!("# {}\n{}", manifest.file, manifest.contents)).collect()
    }

    #[test]
    fn an_application_with_a_certificate() {
        insta::assert_snapshot!(text(&application(Some("letsencrypt-prod"))));
    }

    #[test]
    fn http_alone_names_no_issuer_and_has_no_tls() {
        let text = text(&application(None));
        assert!(!text.contains("tls") && !text.contains("cert-manager") && !text.contains("ingressClassName"), "{text}");
    }

    #[test]
    fn what_is_written_reads_back_as_the_same_object() {
        let app = application(Some("letsencrypt-prod"));
        let written = manifests(&app);
        let read: Deployment = serde_saphyr::from_str(&written[0].contents).expect("a Deployment");
        assert_eq!(read, deployment(&app));
        assert_eq!(serde_saphyr::from_str::<Service>(&written[1].contents).expect("a Service"), service(&app));
        assert_eq!(serde_saphyr::from_str::<Ingress>(&written[2].contents).expect("an Ingress"), ingress(&app));
    }
}
