//! IngressClasses: which controller serves which class.

use k8s_openapi::api::networking::v1 as api;
use kube::Api;
use kube::api::ListParams;

use super::Cluster;
use super::request::Request;
use crate::failure::Result;
use crate::plan::ingress::IngressClass;

const DEFAULT: &str = "ingressclass.kubernetes.io/is-default-class";

impl Cluster {
    /// All IngressClasses, sorted by name.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn ingress_classes(&self) -> Result<Vec<IngressClass>> {
        let classes: Api<api::IngressClass> = Api::all(self.client.clone());
        let request = Request::new("list", "ingressclasses.networking.k8s.io", &self.server);
        let list = request.ask(async || classes.list(&ListParams::default()).await).await?;
        let mut all: Vec<_> = list.items.into_iter().map(convert).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }
}

fn convert(class: api::IngressClass) -> IngressClass {
    let annotations = class.metadata.annotations.unwrap_or_default();
    IngressClass {
        name: class.metadata.name.unwrap_or_default(),
        controller: class.spec.and_then(|spec| spec.controller).unwrap_or_default(),
        default: annotations.get(DEFAULT).is_some_and(|text| text == "true"),
    }
}
