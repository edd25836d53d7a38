//! Services: who has which NodePort.

use k8s_openapi::api::core::v1 as api;

use kube::Api;

use super::Cluster;
use super::request::Request;
use crate::failure::Result;
use crate::plan::k0smotron::Service;

impl Cluster {
    /// A Service's ports; None when it isn't there.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn service(&self, namespace: &str, name: &str) -> Result<Option<Service>> {
        let services = Api::<api::Service>::namespaced(self.client.clone(), namespace);
        let request = Request::new("get", "services", &self.server).in_namespace(Some(namespace)).named(name);
        let found = request.ask(async || services.get_opt(name).await).await?;
        let port = |port: api::ServicePort| (port.name.unwrap_or_default(), port.port.to_string());
        Ok(found.map(|service| Service {
            name: name.to_owned(),
            ports: service.spec.and_then(|spec| spec.ports).unwrap_or_default().into_iter().map(port).collect(),
        }))
    }

    /// `namespace/name` of a Service that has one of these TCP NodePorts.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn service_with_node_port(&self, ports: &[u16]) -> Result<Option<String>> {
        let wanted = |port: &api::ServicePort| {
            port.protocol.as_deref().is_none_or(|protocol| protocol == "TCP")
                && port.node_port.is_some_and(|number| ports.iter().any(|&wanted| i32::from(wanted) == number))
        };
        let services = self.list::<api::Service>("services").await?;
        let found = services.into_iter().find(|service| service.spec.iter().flat_map(|spec| spec.ports.iter().flatten()).any(wanted));
        Ok(found.map(|service| {
            let metadata = service.metadata;
            format!("{}/{}", metadata.namespace.unwrap_or_default(), metadata.name.unwrap_or_default())
        }))
    }
}
