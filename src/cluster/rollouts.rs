//! A Deployment's rollout: the Deployment, its ReplicaSets, its pods and what is said about them.
//!
//! What counts is always a fresh look. A watch only wakes us: one that breaks, or isn't allowed, costs some seconds and
//! nothing else. An API server that is away for a while (on a single node it restarts with every change of the control
//! plane) is waited for, too.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::{StreamExt as _, pin_mut};
use k8s_openapi::api::apps::v1::{Deployment, DeploymentCondition, ReplicaSet};
use k8s_openapi::api::core::v1 as core;
use kube::api::{ListParams, WatchParams};
use kube::core::{Selector, WatchEvent};
use kube::{Api, ResourceExt as _};

use super::Cluster;
use super::deadlines::REQUEST;
use super::request::Request;
use crate::failure::{Failure, Result};
use crate::plan::applications::rollout::{Container, Ended, Pod, Rollout, Warning};
use crate::plan::applications::{Kind, Revision};

/// Set by the Deployment's controller on the Deployment and its ReplicaSets.
const REVISION: &str = "deployment.kubernetes.io/revision";
const HASH: &str = "pod-template-hash";
/// Shorter than the client's patience between two pieces of an answer, which would end a quiet watch.
const WATCH: Duration = Duration::from_secs(10);
/// Changes come in flocks.
const FLOCK: Duration = Duration::from_millis(300);
/// After a watch that didn't hold.
const PAUSE: Duration = Duration::from_secs(2);

/// One look at a Deployment.
pub struct Look {
    pub rollout: Rollout,
    /// The newest first.
    pub revisions: Vec<Revision>,
    /// To watch from.
    versions: Versions,
}

struct Versions {
    deployment: String,
    pods: String,
    selector: String,
}

/// A look that has failed.
pub enum NoLook {
    /// It may work again by itself.
    Passing(Failure),
    Final(Failure),
}

impl From<NoLook> for Failure {
    fn from(no_look: NoLook) -> Self {
        match no_look {
            NoLook::Passing(failure) | NoLook::Final(failure) => failure,
        }
    }
}

impl Cluster {
    /// Everything about a rollout, now. None when there is no such Deployment.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn rollout(&self, namespace: &str, name: &str) -> Result<Option<Look>, NoLook> {
        let deployments = Api::<Deployment>::namespaced(self.client.clone(), namespace);
        // A list of one: it says from which version on changes can be watched, also when the Deployment is old.
        let request = self.about("list", Kind::Deployment.resource(), namespace);
        let named = once(&request, deployments.list(&ListParams::default().fields(&format!("metadata.name={name}")))).await?;
        let Some(deployment) = named.items.into_iter().next() else { return Ok(None) };
        let selector =
            deployment.spec.as_ref().and_then(|spec| Selector::try_from(spec.selector.clone()).ok()).unwrap_or_default().to_string();
        let mine = ListParams::default().labels(&selector);
        let (sets, pods) =
            (Api::<ReplicaSet>::namespaced(self.client.clone(), namespace), Api::<core::Pod>::namespaced(self.client.clone(), namespace));
        let (sets, pods) =
            tokio::try_join!(async { once(&self.about("list", "replicasets.apps", namespace), sets.list(&mine)).await }, async {
                once(&self.about("list", "pods", namespace), pods.list(&mine)).await
            },)?;
        let versions = Versions {
            deployment: named.metadata.resource_version.unwrap_or_default(),
            pods: pods.metadata.resource_version.unwrap_or_default(),
            selector,
        };
        let mut sets: Vec<_> = sets.items.into_iter().filter(|set| belongs_to(set, &deployment)).collect();
        sets.sort_by_key(|set| std::cmp::Reverse(revision(set)));
        let newest = current(&deployment, &sets).and_then(|set| set.labels().get(HASH)).cloned();
        let is_new =
            |pod: &core::Pod| newest.is_some() && pod.labels().get(HASH) == newest.as_ref() && pod.metadata.deletion_timestamp.is_none();
        let pods: Vec<_> = pods.items.iter().filter(|pod| is_new(pod)).collect();
        let waiting = pods.iter().any(|pod| !is_ready(pod));
        let warnings = if waiting { self.warnings(namespace).await } else { BTreeMap::new() };
        let pods = pods.into_iter().map(|pod| convert(pod, &warnings)).collect();
        Ok(Some(Look {
            rollout: rollout(&deployment, &sets, pods),
            revisions: sets.into_iter().filter_map(Revision::of).collect(),
            versions,
        }))
    }

    /// Comes back when something about the Deployment or its pods has changed since the look, and after some seconds in any case.
    pub async fn until_changed(&self, namespace: &str, name: &str, look: &Look) {
        let pods = Api::<core::Pod>::namespaced(self.client.clone(), namespace);
        let deployments = Api::<Deployment>::namespaced(self.client.clone(), namespace);
        let of_pods = WatchParams::default().labels(&look.versions.selector);
        let of_deployment = WatchParams::default().fields(&format!("metadata.name={name}"));
        let Versions { deployment, pods: version, .. } = &look.versions;
        let watched = async {
            let (pods, deployments) = tokio::try_join!(pods.watch(&of_pods, version), deployments.watch(&of_deployment, deployment))?;
            pin_mut!(pods, deployments);
            Ok::<_, kube::Error>(match select(pods.next(), deployments.next()).await {
                Either::Left((event, _)) => event.is_some_and(|event| event.is_ok_and(|event| !matches!(event, WatchEvent::Error(_)))),
                Either::Right((event, _)) => event.is_some_and(|event| event.is_ok_and(|event| !matches!(event, WatchEvent::Error(_)))),
            })
        };
        match tokio::time::timeout(WATCH, watched).await {
            Ok(Ok(true)) => tokio::time::sleep(FLOCK).await,
            Ok(ended) => {
                tracing::debug!("the watch of {namespace}/{name} has ended: {ended:?}");
                tokio::time::sleep(PAUSE).await;
            }
            Err(_) => {}
        }
    }

    /// The newest warning about each pod, by its name. Who may not read events goes without.
    async fn warnings(&self, namespace: &str) -> BTreeMap<String, Warning> {
        let events = Api::<core::Event>::namespaced(self.client.clone(), namespace);
        let about = ListParams::default().fields("type=Warning,involvedObject.kind=Pod");
        let Ok(list) = once(&self.about("list", "events", namespace), events.list(&about)).await else { return BTreeMap::new() };
        let mut events = list.items;
        events.sort_by_key(|event| (event.last_timestamp.clone(), event.metadata.creation_timestamp.clone()));
        let told = |event: core::Event| {
            let warning = Warning { reason: event.reason.unwrap_or_default(), message: event.message.unwrap_or_default() };
            Some((event.involved_object.name?, warning))
        };
        // These only say that it waits, or what a state of the pod says, too.
        let empty = |warning: &Warning| {
            ["BackOff", "FailedScheduling"].contains(&warning.reason.as_str())
                || ["Error: ErrImagePull", "Error: ImagePullBackOff"].contains(&warning.message.as_str())
        };
        events.into_iter().filter_map(told).filter(|(_, warning)| !empty(warning)).collect()
    }

    fn about(&self, verb: &'static str, resource: &'static str, namespace: &str) -> Request {
        Request::new(verb, resource, &self.server).in_namespace(Some(namespace))
    }
}

/// One attempt: whoever looks again and again needs no more.
async fn once<T>(request: &Request, attempt: impl Future<Output = kube::Result<T>>) -> Result<T, NoLook> {
    match tokio::time::timeout(REQUEST, attempt).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => {
            let is_final = matches!(&error, kube::Error::Api(status) if (400..500).contains(&status.code) && status.code != 429);
            let failure = request.failed(&error);
            Err(if is_final { NoLook::Final(failure) } else { NoLook::Passing(failure) })
        }
        Err(_) => Err(NoLook::Passing(request.silent("there was no answer"))),
    }
}

fn revision(object: &impl kube::Resource) -> Option<i64> {
    object.meta().annotations.as_ref()?.get(REVISION)?.parse().ok()
}

fn belongs_to(set: &ReplicaSet, deployment: &Deployment) -> bool {
    let owners = set.metadata.owner_references.iter().flatten();
    owners.into_iter().any(|owner| Some(&owner.uid) == deployment.metadata.uid.as_ref())
}

/// The ReplicaSet that is rolled out.
fn current<'a>(deployment: &Deployment, sets: &'a [ReplicaSet]) -> Option<&'a ReplicaSet> {
    let wanted = revision(deployment)?;
    sets.iter().find(|set| revision(*set) == Some(wanted))
}

fn rollout(deployment: &Deployment, sets: &[ReplicaSet], pods: Vec<Pod>) -> Rollout {
    let status = deployment.status.clone().unwrap_or_default();
    let spec = deployment.spec.as_ref();
    let conditions = status.conditions.unwrap_or_default();
    let said = |kind: &str, value: &str, reason: &str| {
        let fits = |condition: &&DeploymentCondition| {
            condition.type_ == kind && condition.status == value && (reason.is_empty() || condition.reason.as_deref() == Some(reason))
        };
        conditions.iter().find(fits).map(|condition| condition.message.clone().unwrap_or_default())
    };
    let rolled_out = current(deployment, sets).and_then(|set| set.metadata.uid.clone());
    let earlier = sets.iter().filter(|set| set.metadata.uid != rolled_out);
    Rollout {
        observed: status.observed_generation >= deployment.metadata.generation && status.observed_generation.is_some(),
        paused: spec.and_then(|spec| spec.paused).unwrap_or(false),
        wanted: spec.and_then(|spec| spec.replicas).unwrap_or(1),
        replicas: status.replicas.unwrap_or(0),
        updated: status.updated_replicas.unwrap_or(0),
        available: status.available_replicas.unwrap_or(0),
        out_of_time: said("Progressing", "False", "ProgressDeadlineExceeded"),
        no_pods: said("ReplicaFailure", "True", ""),
        pods,
        earlier_available: earlier.filter_map(|set| set.status.as_ref()?.available_replicas).sum(),
    }
}

fn is_ready(pod: &core::Pod) -> bool {
    let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.into_iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

fn convert(pod: &core::Pod, warnings: &BTreeMap<String, Warning>) -> Pod {
    let status = pod.status.clone().unwrap_or_default();
    let condition = status.conditions.iter().flatten().find(|condition| condition.type_ == "PodScheduled" && condition.status == "False");
    let evicted = status.phase.as_deref() == Some("Failed") && status.reason.as_deref() == Some("Evicted");
    let name = pod.name_any();
    let containers = status
        .init_container_statuses
        .iter()
        .flatten()
        .filter(|init| !has_succeeded(init))
        .chain(status.container_statuses.iter().flatten());
    Pod {
        unschedulable: condition.map(|condition| condition.message.clone().unwrap_or_default()),
        evicted: evicted.then(|| status.message.clone().unwrap_or_default()),
        containers: containers.map(container).collect(),
        warning: warnings.get(&name).cloned(),
        name,
    }
}

fn has_succeeded(status: &core::ContainerStatus) -> bool {
    status.state.as_ref().and_then(|state| state.terminated.as_ref()).is_some_and(|ended| ended.exit_code == 0)
}

fn container(status: &core::ContainerStatus) -> Container {
    let state = status.state.clone().unwrap_or_default();
    let last = status.last_state.as_ref().and_then(|last| last.terminated.clone());
    let ended = state.terminated.or(last).map(|ended| Ended {
        code: ended.exit_code,
        reason: ended.reason.unwrap_or_default(),
        message: ended.message.unwrap_or_default(),
    });
    Container {
        name: status.name.clone(),
        ready: status.ready,
        waiting: state.waiting.map(|waiting| (waiting.reason.unwrap_or_default(), waiting.message.unwrap_or_default())),
        running: state.running.is_some(),
        ended,
        restarts: status.restart_count,
    }
}

impl Revision {
    fn of(set: ReplicaSet) -> Option<Self> {
        let number = revision(&set)?;
        let annotations = set.metadata.annotations.unwrap_or_default();
        let mut template = serde_json::to_value(set.spec?.template?).ok()?;
        if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(|labels| labels.as_object_mut()) {
            labels.remove(HASH);
        }
        Some(Self { number, annotations, template })
    }
}
