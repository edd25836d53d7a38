//! Writing the annotations of an Ingress, with the version that was looked at: what somebody has changed in between is
//! never overwritten.
//!
//! A merge patch and not a server-side apply: an apply that leaves a key out doesn't remove it on every server (1.20 hands
//! it to the manager of the rest), and we have to put back exactly what was there.

use k8s_openapi::api::networking::v1 as api;
use kube::Api;
use kube::api::{Patch, PatchParams};

use super::ingresses::{RESOURCE, convert};
use super::request::{Refusal, Request};
use super::{ClusterWriter, FIELD_MANAGER};
use crate::failure::{Failure, Result};
use crate::plan::https_redirect::Edit;
use crate::plan::ingress::Ingress;

/// How often somebody else may be quicker.
const ATTEMPTS: usize = 5;

impl ClusterWriter {
    /// Sets and removes annotations of the version that the edit was decided on. Where there is another one by now, `still` is
    /// asked whether the same edit holds for it.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time. Refuses when `still` doesn't hold; fails when others change it all
    /// the time.
    pub async fn annotate(&self, edit: &Edit, still: impl Fn(&Ingress) -> bool) -> Result<()> {
        let (namespace, name) = (edit.namespace.as_str(), edit.name.as_str());
        let ingresses: Api<api::Ingress> = Api::namespaced(self.client.clone(), namespace);
        let request = |verb| Request::new(verb, RESOURCE, &self.server).in_namespace(Some(namespace)).named(name);
        let mut version = edit.resource_version.clone();
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            // `null` removes.
            let body = serde_json::json!({ "metadata": { "resourceVersion": version, "annotations": edit.after } });
            let how = PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
            match request("patch").try_ask(async || ingresses.patch(name, &how, &Patch::Merge(&body)).await).await {
                Ok(_) => return Ok(()),
                Err(Refusal::Conflict(message)) => last = message,
                Err(Refusal::Other(failure)) => return Err(failure),
            }
            let now = convert(request("get").ask(async || ingresses.get(name).await).await?);
            if !still(&now) {
                return Err(Failure::refused(format!("the Ingress {namespace}/{name} has been changed since the plan was made"))
                    .state("it is left as it is now")
                    .next("run the same command again: it plans anew"));
            }
            version = now.resource_version;
        }
        Err(Failure::failed(format!("the Ingress {namespace}/{name} is being changed all the time by somebody else"))
            .because(last)
            .state("it was not changed by us")
            .next("run the same command again when that has ended"))
    }
}
