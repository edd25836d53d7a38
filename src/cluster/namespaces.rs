//! Namespaces, with what in them costs money outside the cluster.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use k8s_openapi::api::core::v1 as api;
use kube::Api;
use kube::api::DeleteParams;

use super::request::Request;
use super::service_path;
use super::{Cluster, ClusterWriter};
use crate::failure::{Failure, Result};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Namespace {
    pub name: String,
    /// Services of type LoadBalancer.
    pub load_balancers: usize,
    pub volume_claims: usize,
}

const NAMESPACES: &str = "namespaces";
/// Between two looks at a namespace that is going.
const PAUSE: Duration = Duration::from_secs(2);

impl Cluster {
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn namespace_names(&self) -> Result<Vec<String>> {
        let namespaces = self.list::<api::Namespace>(NAMESPACES).await?;
        Ok(namespaces.into_iter().filter_map(|namespace| namespace.metadata.name).collect())
    }

    /// All namespaces, by name.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn namespaces(&self) -> Result<Vec<Namespace>> {
        let (namespaces, services, claims) = tokio::try_join!(
            self.list::<api::Namespace>(NAMESPACES),
            self.list::<api::Service>("services"),
            self.list::<api::PersistentVolumeClaim>("persistentvolumeclaims"),
        )?;
        let named = namespaces.into_iter().filter_map(|namespace| namespace.metadata.name);
        let mut found: BTreeMap<_, _> = named.map(|name| (name.clone(), Namespace { name, ..Namespace::default() })).collect();
        let balanced = |service: &api::Service| service.spec.as_ref().and_then(|spec| spec.type_.as_deref()) == Some("LoadBalancer");
        // Ours has nothing outside of the cluster.
        for service in services.into_iter().filter(|service| balanced(service) && !service_path::is_ours(service)) {
            if let Some(namespace) = service.metadata.namespace.and_then(|name| found.get_mut(&name)) {
                namespace.load_balancers += 1;
            }
        }
        for claim in claims {
            if let Some(namespace) = claim.metadata.namespace.and_then(|name| found.get_mut(&name)) {
                namespace.volume_claims += 1;
            }
        }
        Ok(found.into_values().collect())
    }
}

impl ClusterWriter {
    /// Deletes a namespace and waits until it is gone: by then the controllers have taken down what its Services and volume
    /// claims had in AWS. `on_wait` hears what it waits for. Content when it is gone.
    ///
    /// # Errors
    /// Not allowed, not reachable, or not gone within `deadline`.
    pub async fn delete_namespace(&self, name: &str, deadline: Duration, on_wait: impl Fn(&str)) -> Result<()> {
        let namespaces = Api::<api::Namespace>::all(self.client.clone());
        let since = Instant::now();
        if look(&namespaces, name, &self.server).await?.is_none() {
            return Ok(());
        }
        let request = Request::new("delete", NAMESPACES, &self.server).named(name);
        request.ask(async || namespaces.delete(name, &DeleteParams::default()).await.map(drop).or_else(unless_gone)).await?;
        while let Some(namespace) = look(&namespaces, name, &self.server).await? {
            let why = remaining(&namespace);
            if since.elapsed() > deadline {
                return Err(Failure::failed(format!("namespace {name} is not gone"))
                    .after(since.elapsed())
                    .because(why)
                    .state("it is being deleted")
                    .next(format!("see what holds it: kubectl get namespace {name} -o yaml"))
                    .next("or go on without waiting for applications: --skip-applications"));
            }
            on_wait(&why);
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }
}

async fn look(namespaces: &Api<api::Namespace>, name: &str, server: &str) -> Result<Option<api::Namespace>> {
    Request::new("get", NAMESPACES, server).named(name).ask(async || namespaces.get_opt(name).await).await
}

fn unless_gone(error: kube::Error) -> kube::Result<()> {
    match error {
        kube::Error::Api(status) if status.code == 404 => Ok(()),
        other => Err(other),
    }
}

/// What the namespace's controller waits for, in its own words.
fn remaining(namespace: &api::Namespace) -> String {
    let conditions = namespace.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let said: Vec<_> = conditions
        .filter(|condition| {
            condition.status == "True" && ["NamespaceContentRemaining", "NamespaceFinalizersRemaining"].contains(&condition.type_.as_str())
        })
        .filter_map(|condition| condition.message.clone())
        .collect();
    if said.is_empty() { "its objects are being deleted".to_owned() } else { said.join("; ") }
}
