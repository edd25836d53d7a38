//! Services: who has which NodePort.

use k8s_openapi::api::core::v1 as api;

use super::Cluster;
use crate::failure::Result;

impl Cluster {
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
