//! Nodes: whether they are Ready, and the taint that keeps applications off a control plane.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use k8s_openapi::api::core::v1 as api;
use kube::Api;
use kube::api::{Patch, PatchParams};

use super::request::{Refusal, Request};
use super::{Cluster, ClusterWriter, FIELD_MANAGER};
use crate::failure::{Failure, Result};
use crate::plan::addons::{NodeState, Taint};

const NODES: &str = "nodes";
/// The kubelet writes into the same object every few seconds.
const ATTEMPTS: usize = 5;

impl Cluster {
    /// All nodes, by name.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn nodes(&self) -> Result<Vec<NodeState>> {
        let mut nodes: Vec<_> = self.list::<api::Node>(NODES).await?.into_iter().map(convert).collect();
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(nodes)
    }

    /// The InternalIPs of the control planes.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn control_planes(&self) -> Result<Vec<Ipv4Addr>> {
        let nodes = self.list::<api::Node>(NODES).await?;
        Ok(nodes.into_iter().filter(is_control_plane).filter_map(|node| internal_ip(&node)).collect())
    }

    /// Of all nodes, as Go names them: `amd64`.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn architectures(&self) -> Result<BTreeSet<String>> {
        let infos = self.list::<api::Node>(NODES).await?.into_iter().filter_map(|node| node.status?.node_info);
        Ok(infos.map(|info| info.architecture).collect())
    }
}

impl ClusterWriter {
    /// Takes these taints off a node and leaves all others. Content when they are gone.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time, or others change the node all the time.
    pub async fn remove_taints(&self, name: &str, taints: &[Taint]) -> Result<()> {
        let nodes = Api::<api::Node>::all(self.client.clone());
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            let request = Request::new("get", NODES, &self.server).named(name);
            let node = request.ask(async || nodes.get(name).await).await?;
            let there = node.spec.and_then(|spec| spec.taints).unwrap_or_default();
            let (goes, stays): (Vec<_>, Vec<_>) = there.into_iter().partition(|taint| taints.contains(&taint_of(taint)));
            if goes.is_empty() {
                return Ok(());
            }
            // With the version that was looked at: a taint that somebody has added in between is not lost.
            let stays = (!stays.is_empty()).then_some(stays);
            let body =
                serde_json::json!({ "metadata": { "resourceVersion": node.metadata.resource_version }, "spec": { "taints": stays } });
            let how = PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
            let request = Request::new("patch", NODES, &self.server).named(name);
            match request.try_ask(async || nodes.patch(name, &how, &Patch::Merge(&body)).await).await {
                Ok(_) => return Ok(()),
                Err(Refusal::Conflict(message)) => last = message,
                Err(Refusal::Other(failure)) => return Err(failure),
            }
        }
        Err(Failure::failed(format!("the node {name} is being changed all the time by somebody else"))
            .because(last)
            .state("it was not changed by us")
            .next("run the same command again"))
    }
}

fn is_control_plane(node: &api::Node) -> bool {
    let labels = node.metadata.labels.as_ref();
    labels.is_some_and(|labels| {
        ["control-plane", "master"].iter().any(|role| labels.contains_key(&format!("node-role.kubernetes.io/{role}")))
    })
}

fn internal_ip(node: &api::Node) -> Option<Ipv4Addr> {
    let addresses = node.status.as_ref()?.addresses.as_ref()?;
    addresses.iter().filter(|address| address.type_ == "InternalIP").find_map(|address| address.address.parse().ok())
}

fn convert(node: api::Node) -> NodeState {
    let conditions = node.status.and_then(|status| status.conditions).unwrap_or_default();
    let ready = conditions.into_iter().find(|condition| condition.type_ == "Ready");
    NodeState {
        name: node.metadata.name.unwrap_or_default(),
        ready: ready.as_ref().is_some_and(|condition| condition.status == "True"),
        why: ready.and_then(|condition| condition.message).unwrap_or_else(|| "its kubelet has not reported yet".to_owned()),
        taints: node.spec.and_then(|spec| spec.taints).unwrap_or_default().iter().map(taint_of).collect(),
    }
}

fn taint_of(taint: &api::Taint) -> Taint {
    Taint { key: taint.key.clone(), effect: taint.effect.clone() }
}
