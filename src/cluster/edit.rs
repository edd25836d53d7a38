//! Writing the annotations of an Ingress. A server-side apply with the version that was looked at: what somebody has
//! changed in between is never overwritten.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::networking::v1 as api;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ManagedFieldsEntry;
use kube::Api;
use kube::api::{Patch, PatchParams};

use super::ingresses::{RESOURCE, convert};
use super::request::{Refusal, Request};
use super::{ClusterWriter, FIELD_MANAGER, Ingress};
use crate::failure::{Failure, Result};

/// How often somebody else may be quicker.
const RETRIES: usize = 5;

impl ClusterWriter {
    /// Sets and removes annotations, as long as `still` holds for the Ingress as it is at the moment of writing.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time. Refuses when `still` no longer holds, or others change it all the time.
    pub async fn annotate(
        &self,
        namespace: &str,
        name: &str,
        after: &BTreeMap<String, Option<String>>,
        still: impl Fn(&Ingress) -> bool,
    ) -> Result<()> {
        let ingresses: Api<api::Ingress> = Api::namespaced(self.client.clone(), namespace);
        let mut last = String::new();
        for _ in 0..RETRIES {
            let request = Request::new("get", RESOURCE, &self.server).in_namespace(Some(namespace)).named(name);
            let now = request.ask(async || ingresses.get(name).await).await?;
            let applied = applied_by_us(now.metadata.managed_fields.as_deref().unwrap_or_default());
            let uid = now.metadata.uid.clone();
            let now = convert(now);
            if !still(&now) {
                return Err(Failure::refused(format!("the Ingress {namespace}/{name} has been changed since the plan was made"))
                    .state("it is left as it is now")
                    .next("run the same command again: it plans anew"));
            }
            // What we have applied before and don't name again would go.
            let mut annotations: BTreeMap<&str, &str> = now
                .annotations
                .iter()
                .filter(|(key, _)| applied.contains(*key))
                .map(|(key, value)| (key.as_str(), value.as_str()))
                .collect();
            for (key, value) in after {
                match value {
                    Some(value) => drop(annotations.insert(key, value)),
                    None => drop(annotations.remove(key.as_str())),
                }
            }
            let body = serde_json::json!({
                "apiVersion": "networking.k8s.io/v1",
                "kind": "Ingress",
                "metadata": { "name": name, "namespace": namespace, "uid": uid, "resourceVersion": now.resource_version, "annotations": annotations },
            });
            let request = Request::new("patch", RESOURCE, &self.server).in_namespace(Some(namespace)).named(name);
            // Others' ownership of the switch goes over to us: its value is remembered, and the version says that it is still so.
            let how = PatchParams::apply(FIELD_MANAGER).force();
            match request.try_ask(async || ingresses.patch(name, &how, &Patch::Apply(&body)).await).await {
                Ok(_) => return Ok(()),
                Err(Refusal::Conflict(message)) => last = message,
                Err(Refusal::Other(failure)) => return Err(failure),
            }
        }
        Err(Failure::failed(format!("the Ingress {namespace}/{name} is being changed all the time by somebody else"))
            .because(last)
            .state("it was not changed by us")
            .next("run the same command again when that has ended"))
    }
}

/// The annotations that our earlier applies have set.
fn applied_by_us(fields: &[ManagedFieldsEntry]) -> BTreeSet<String> {
    let ours = fields.iter().filter(|entry| entry.manager.as_deref() == Some(FIELD_MANAGER) && entry.operation.as_deref() == Some("Apply"));
    ours.filter_map(|entry| entry.fields_v1.as_ref()?.0.get("f:metadata")?.get("f:annotations")?.as_object())
        .flat_map(|annotations| annotations.keys())
        .filter_map(|key| key.strip_prefix("f:").map(str::to_owned))
        .collect()
}
