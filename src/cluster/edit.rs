//! Writing the annotations of an Ingress, with the version that was looked at: what somebody has changed in between is
//! never overwritten.
//!
//! A merge patch and not a server-side apply: an apply that leaves a key out doesn't remove it on every server (1.20 hands
//! it to the manager of the rest), and we have to put back exactly what was there.

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1 as api;
use kube::Api;
use kube::api::{Patch, PatchParams};

use super::ingresses::{RESOURCE, convert};
use super::request::{Refusal, Request};
use super::{ClusterWriter, FIELD_MANAGER, Ingress};
use crate::failure::{Failure, Result};

/// How often somebody else may be quicker.
const ATTEMPTS: usize = 5;

impl ClusterWriter {
    /// Sets and removes annotations, as long as `still` holds for the Ingress as it is at the moment of writing.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time. Refuses when `still` no longer holds; fails when others change it all
    /// the time.
    pub async fn annotate(
        &self,
        namespace: &str,
        name: &str,
        after: &BTreeMap<String, Option<String>>,
        still: impl Fn(&Ingress) -> bool,
    ) -> Result<()> {
        let ingresses: Api<api::Ingress> = Api::namespaced(self.client.clone(), namespace);
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            let request = Request::new("get", RESOURCE, &self.server).in_namespace(Some(namespace)).named(name);
            let now = convert(request.ask(async || ingresses.get(name).await).await?);
            if !still(&now) {
                return Err(Failure::refused(format!("the Ingress {namespace}/{name} has been changed since the plan was made"))
                    .state("it is left as it is now")
                    .next("run the same command again: it plans anew"));
            }
            // `null` removes.
            let body = serde_json::json!({ "metadata": { "resourceVersion": now.resource_version, "annotations": after } });
            let how = PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
            let request = Request::new("patch", RESOURCE, &self.server).in_namespace(Some(namespace)).named(name);
            match request.try_ask(async || ingresses.patch(name, &how, &Patch::Merge(&body)).await).await {
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
