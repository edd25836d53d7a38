//! Ingresses, read page by page, so that a cluster with thousands of them costs neither memory nor one long answer.

use std::collections::BTreeSet;

use k8s_openapi::api::networking::v1 as api;
use kube::Api;
use kube::api::ListParams;

use super::Cluster;
use super::request::Request;
use crate::failure::Result;
use crate::plan::ingress::Ingress;

/// Which Ingresses are meant.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// None for all namespaces.
    pub namespace: Option<String>,
    /// A label selector as kubectl has it.
    pub selector: Option<String>,
}

pub(super) const RESOURCE: &str = "ingresses.networking.k8s.io";
const LEGACY_CLASS: &str = "kubernetes.io/ingress.class";
/// kubectl's own page size.
const PAGE: u32 = 500;

impl Cluster {
    /// All Ingresses of a scope, sorted by namespace and name. Of each page only what [`Ingress`] has is kept.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn ingresses(&self, scope: &Scope) -> Result<Vec<Ingress>> {
        let request = Request::new("list", RESOURCE, &self.server).in_namespace(scope.namespace.as_deref());
        let ingresses = self.ingress_api(scope.namespace.as_deref());
        let mut all = Vec::new();
        let mut page = ListParams { label_selector: scope.selector.clone(), limit: Some(PAGE), ..ListParams::default() };
        loop {
            let list = request.ask(async || ingresses.list(&page).await).await?;
            all.extend(list.items.into_iter().map(convert));
            match list.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => page.continue_token = Some(token),
                None => break,
            }
        }
        all.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
        Ok(all)
    }

    fn ingress_api(&self, namespace: Option<&str>) -> Api<api::Ingress> {
        match namespace {
            Some(namespace) => Api::namespaced(self.client.clone(), namespace),
            None => Api::all(self.client.clone()),
        }
    }
}

pub(super) fn convert(ingress: api::Ingress) -> Ingress {
    let annotations = ingress.metadata.annotations.unwrap_or_default();
    let spec = ingress.spec.unwrap_or_default();
    let tls = spec.tls.unwrap_or_default();
    let rules = spec.rules.unwrap_or_default();
    let hosts: BTreeSet<String> = rules.iter().filter_map(|rule| rule.host.clone()).collect();
    Ingress {
        namespace: ingress.metadata.namespace.unwrap_or_default(),
        name: ingress.metadata.name.unwrap_or_default(),
        class: spec.ingress_class_name.or_else(|| annotations.get(LEGACY_CLASS).cloned()),
        tls: !tls.is_empty(),
        tls_hosts: tls.into_iter().flat_map(|tls| tls.hosts.unwrap_or_default()).collect(),
        hosts: hosts.into_iter().collect(),
        backends: rules.iter().flat_map(backends).collect(),
        annotations,
        resource_version: ingress.metadata.resource_version.unwrap_or_default(),
    }
}

fn backends(rule: &api::IngressRule) -> Vec<(String, String, String)> {
    let paths = rule.http.iter().flat_map(|http| &http.paths).filter_map(|path| path.backend.service.as_ref());
    let port = |port: &api::ServiceBackendPort| port.name.clone().or(port.number.map(|number| number.to_string())).unwrap_or_default();
    paths
        .map(|service| (rule.host.clone().unwrap_or_default(), service.name.clone(), service.port.as_ref().map(port).unwrap_or_default()))
        .collect()
}
