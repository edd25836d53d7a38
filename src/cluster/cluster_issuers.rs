//! ClusterIssuers of cert-manager.

use std::time::{Duration, Instant};

use kube::Api;
use kube::api::{ApiResource, DynamicObject, Patch, PatchParams};
use serde_json::{Value, json};

use super::request::Request;
use super::{Cluster, ClusterWriter, FIELD_MANAGER};
use crate::failure::{Failure, Result};
use crate::plan::addons::issuer::{Issuer, IssuerState};

const GROUP: &str = "cert-manager.io";
const API_VERSION: &str = "cert-manager.io/v1";
const KIND: &str = "ClusterIssuer";
const RESOURCE: &str = "clusterissuers.cert-manager.io";
/// Between two attempts.
const PAUSE: Duration = Duration::from_secs(2);

impl Cluster {
    /// Whether cert-manager is there, and a ClusterIssuer of this name.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn cluster_issuer(&self, name: &str) -> Result<IssuerState> {
        let groups = Request::new("list", "apigroups", &self.server).ask(async || self.client.list_api_groups().await).await?;
        if groups.groups.iter().all(|group| group.name != GROUP) {
            return Ok(IssuerState::default());
        }
        let issuers = issuers(&self.client);
        let found = Request::new("get", RESOURCE, &self.server).named(name).ask(async || found(issuers.get(name).await)).await?;
        let there = found.map(|mut issuer| {
            let mut managers = issuer.metadata.managed_fields.iter().flatten().filter_map(|entry| entry.manager.as_deref());
            Issuer { ours: managers.any(|manager| manager == FIELD_MANAGER), spec: issuer.data["spec"].take() }
        });
        Ok(IssuerState { cert_manager: true, there })
    }
}

impl ClusterWriter {
    /// Applies one, as soon as cert-manager's API and webhook are there. `on_wait` hears what it waits for.
    ///
    /// # Errors
    /// Not allowed, not reachable, somebody else's by now, or cert-manager isn't there within `limit`.
    pub async fn apply_cluster_issuer(&self, name: &str, spec: &Value, limit: Duration, on_wait: impl Fn(&str)) -> Result<()> {
        let issuers = issuers(&self.client);
        let object = json!({ "apiVersion": API_VERSION, "kind": KIND, "metadata": { "name": name }, "spec": spec });
        let since = Instant::now();
        loop {
            let request = Request::new("patch", RESOURCE, &self.server).named(name);
            let attempt = async || unready(issuers.patch(name, &PatchParams::apply(FIELD_MANAGER), &Patch::Apply(&object)).await);
            let Some(why) = request.ask(attempt).await? else { return Ok(()) };
            if since.elapsed() + PAUSE > limit {
                return Err(Failure::failed(format!("cert-manager does not take the ClusterIssuer {name}"))
                    .after(since.elapsed())
                    .because(why)
                    .state("it was not made")
                    .next("see why: kubectl get pods --all-namespaces -l app.kubernetes.io/instance=cert-manager")
                    .next("run the same command again when they are ready"));
            }
            on_wait(&why);
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn issuers(client: &kube::Client) -> Api<DynamicObject> {
    let resource = ApiResource {
        group: GROUP.to_owned(),
        version: "v1".to_owned(),
        api_version: API_VERSION.to_owned(),
        kind: KIND.to_owned(),
        plural: "clusterissuers".to_owned(),
    };
    Api::all_with(client.clone(), &resource)
}

/// 404 also while its kind isn't served yet.
fn found(got: kube::Result<DynamicObject>) -> kube::Result<Option<DynamicObject>> {
    match got {
        Ok(issuer) => Ok(Some(issuer)),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(None),
        Err(error) => Err(error),
    }
}

/// Why it has to be tried again: the kind isn't served yet, or the webhook that checks it doesn't answer yet.
fn unready(applied: kube::Result<DynamicObject>) -> kube::Result<Option<String>> {
    match applied {
        Ok(_) => Ok(None),
        Err(kube::Error::Api(status)) if status.code == 404 => Ok(Some("its API is not served yet".to_owned())),
        Err(kube::Error::Api(status)) if matches!(status.code, 500 | 503) => Ok(Some(status.message)),
        Err(error) => Err(error),
    }
}
