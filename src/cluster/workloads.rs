//! The images that workloads use: what runs, and what would be started again.

use std::collections::BTreeSet;

use k8s_openapi::api::apps::v1 as apps;
use k8s_openapi::api::batch::v1 as batch;
use k8s_openapi::api::core::v1::{Pod, PodSpec};
use kube::Api;
use kube::api::ListParams;

use super::Cluster;
use super::request::Request;
use crate::failure::Result;

impl Cluster {
    /// Every image of every pod, and of the templates that pods are made from, as they name it: by tag, and what runs also by
    /// digest.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn images(&self) -> Result<BTreeSet<String>> {
        let pods = self.list::<Pod>("pods").await?;
        let running = pods.iter().flat_map(|pod| pod.status.iter().flat_map(|status| status.container_statuses.iter().flatten()));
        // Runtimes put their name before it.
        let by_digest = running.map(|status| status.image_id.rsplit("//").next().unwrap_or_default().to_owned());
        let mut images: BTreeSet<String> = by_digest.filter(|image| image.contains('@')).collect();
        let mut add = |spec: Option<PodSpec>| images.extend(spec.into_iter().flat_map(named));
        pods.into_iter().for_each(|pod| add(pod.spec));
        for deployment in self.list::<apps::Deployment>("deployments.apps").await? {
            add(deployment.spec.and_then(|spec| spec.template.spec));
        }
        // Those of a Deployment are what it can be rolled back to.
        for set in self.list::<apps::ReplicaSet>("replicasets.apps").await? {
            add(set.spec.and_then(|spec| spec.template?.spec));
        }
        for set in self.list::<apps::StatefulSet>("statefulsets.apps").await? {
            add(set.spec.and_then(|spec| spec.template.spec));
        }
        for set in self.list::<apps::DaemonSet>("daemonsets.apps").await? {
            add(set.spec.and_then(|spec| spec.template.spec));
        }
        for job in self.list::<batch::CronJob>("cronjobs.batch").await? {
            add(job.spec.and_then(|spec| spec.job_template.spec?.template.spec));
        }
        Ok(images)
    }

    /// All objects of a kind, in all namespaces.
    pub(super) async fn list<K>(&self, resource: &'static str) -> Result<Vec<K>>
    where
        K: kube::Resource<DynamicType = ()> + Clone + std::fmt::Debug + serde::de::DeserializeOwned,
    {
        let all = Api::<K>::all(self.client.clone());
        let list = Request::new("list", resource, &self.server).ask(async || all.list(&ListParams::default()).await).await?;
        Ok(list.items)
    }
}

fn named(spec: PodSpec) -> impl Iterator<Item = String> {
    let first = spec.init_containers.unwrap_or_default();
    first.into_iter().chain(spec.containers).filter_map(|container| container.image)
}
