//! What k0smotron leaves of a hosted control plane in the management cluster, and what there is of its sidecars in the hosted one.

use std::collections::BTreeMap;
use std::net::IpAddr;

use k8s_openapi::api::apps::v1::{DaemonSet, StatefulSet};
use k8s_openapi::api::core::v1 as core;
use kube::api::{DeleteParams, ListParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Config};

use super::request::Request;
use super::{Cluster, ClusterWriter};
use crate::failure::{Failure, Result};
use crate::proxies;

/// The namespace of k0smotron's objects in the hosted cluster.
const NAMESPACE: &str = "default";
const DAEMON_SET: &str = "k0smotron-haproxy";
const OF_SIDECAR: &str = "app=k0smotron-haproxy";
const SECRETS: &str = "secrets";
const PODS: &str = "pods";

/// One of the DaemonSet's pods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SidecarPod {
    pub name: String,
    pub node: String,
    pub host_ip: Option<IpAddr>,
    pub ready: bool,
    /// Why its container doesn't run.
    pub waits: Option<String>,
}

/// A node of the hosted cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedNode {
    pub name: String,
    pub addresses: Vec<String>,
    /// `key:Effect`
    pub taints: Vec<String>,
    pub ready: bool,
}

/// Where the Service `kubernetes` leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubernetesService {
    pub cluster_ip: Option<IpAddr>,
    pub local: bool,
    /// `address:port` of its endpoints.
    pub endpoints: Vec<String>,
}

impl Cluster {
    /// None when it isn't there.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn secret(&self, namespace: &str, name: &str) -> Result<Option<BTreeMap<String, Vec<u8>>>> {
        let secrets = Api::<core::Secret>::namespaced(self.client.clone(), namespace);
        let request = Request::new("get", SECRETS, &self.server).in_namespace(Some(namespace)).named(name);
        let found = request.ask(async || secrets.get_opt(name).await).await?;
        Ok(found.map(|secret| secret.data.unwrap_or_default().into_iter().map(|(key, value)| (key, value.0)).collect()))
    }

    /// The data of a ConfigMap; None when it isn't there.
    ///
    /// # Errors
    /// As [`Self::secret`].
    pub async fn config_map(&self, namespace: &str, name: &str) -> Result<Option<BTreeMap<String, String>>> {
        let maps = Api::<core::ConfigMap>::namespaced(self.client.clone(), namespace);
        let request = Request::new("get", "configmaps", &self.server).in_namespace(Some(namespace)).named(name);
        let found = request.ask(async || maps.get_opt(name).await).await?;
        Ok(found.map(|map| map.data.unwrap_or_default()))
    }

    /// The images of a StatefulSet; None when it isn't there.
    ///
    /// # Errors
    /// As [`Self::secret`].
    pub async fn stateful_set_images(&self, namespace: &str, name: &str) -> Result<Option<Vec<String>>> {
        let sets = Api::<StatefulSet>::namespaced(self.client.clone(), namespace);
        let request = Request::new("get", "statefulsets.apps", &self.server).in_namespace(Some(namespace)).named(name);
        let found = request.ask(async || sets.get_opt(name).await).await?;
        let containers = |set: StatefulSet| set.spec.and_then(|spec| spec.template.spec).map(|spec| spec.containers).unwrap_or_default();
        Ok(found.map(|set| containers(set).into_iter().filter_map(|container| container.image).collect()))
    }

    /// The keys that the DaemonSet's pods tolerate; None when it isn't there, an empty key for all.
    ///
    /// # Errors
    /// As [`Self::secret`].
    pub async fn sidecar_tolerations(&self) -> Result<Option<Vec<String>>> {
        let sets = Api::<DaemonSet>::namespaced(self.client.clone(), NAMESPACE);
        let request = Request::new("get", "daemonsets.apps", &self.server).in_namespace(Some(NAMESPACE)).named(DAEMON_SET);
        let found = request.ask(async || sets.get_opt(DAEMON_SET).await).await?;
        let tolerations = |set: DaemonSet| set.spec.and_then(|spec| spec.template.spec?.tolerations).unwrap_or_default();
        Ok(found.map(|set| tolerations(set).into_iter().map(|toleration| toleration.key.unwrap_or_default()).collect()))
    }

    /// The sidecars; of a cluster that is hosted.
    ///
    /// # Errors
    /// As [`Self::secret`].
    pub async fn sidecars(&self) -> Result<Vec<SidecarPod>> {
        let pods = Api::<core::Pod>::namespaced(self.client.clone(), NAMESPACE);
        let request = Request::new("list", PODS, &self.server).in_namespace(Some(NAMESPACE));
        let list = request.ask(async || pods.list(&ListParams::default().labels(OF_SIDECAR)).await).await?;
        Ok(list.items.into_iter().filter(|pod| pod.metadata.deletion_timestamp.is_none()).map(sidecar).collect())
    }

    /// Nodes with what a DaemonSet's scheduling depends on.
    ///
    /// # Errors
    /// As [`Self::secret`].
    pub async fn hosted_nodes(&self) -> Result<Vec<HostedNode>> {
        Ok(self.list::<core::Node>("nodes").await?.into_iter().map(node).collect())
    }

    /// # Errors
    /// As [`Self::secret`].
    pub async fn kubernetes_service(&self) -> Result<KubernetesService> {
        let (services, all) = (Api::<core::Service>::namespaced(self.client.clone(), NAMESPACE), "kubernetes");
        let endpoints = Api::<core::Endpoints>::namespaced(self.client.clone(), NAMESPACE);
        let request = |resource| Request::new("get", resource, &self.server).in_namespace(Some(NAMESPACE)).named(all);
        let service =
            request("services").ask(async || services.get_opt(all).await).await?.and_then(|service| service.spec).unwrap_or_default();
        let subsets = request("endpoints").ask(async || endpoints.get_opt(all).await).await?.and_then(|found| found.subsets);
        Ok(KubernetesService {
            cluster_ip: service.cluster_ip.and_then(|ip| ip.parse().ok()),
            local: service.internal_traffic_policy.as_deref() == Some("Local"),
            endpoints: subsets.unwrap_or_default().iter().flat_map(addresses).collect(),
        })
    }

    /// The client of the cluster that a kubeconfig leads to which somebody else has written. Nothing in it is run, and no file of
    /// this machine is read for it.
    ///
    /// # Errors
    /// No kubeconfig, or one that would do so.
    pub async fn of_kubeconfig(text: &str) -> Result<Self> {
        let wrong = || Failure::failed("the hosted cluster's kubeconfig can't be used");
        // What the parser says quotes keys.
        let kubeconfig = Kubeconfig::from_yaml(text).map_err(|_| wrong().because("it is no kubeconfig"))?;
        let users = kubeconfig.auth_infos.iter().filter_map(|user| user.auth_info.as_ref());
        let runs = |user: &kube::config::AuthInfo| {
            user.exec.is_some()
                || user.auth_provider.is_some()
                || user.token_file.is_some()
                || user.client_key.is_some()
                || user.client_certificate.is_some()
        };
        let mut clusters = kubeconfig.clusters.iter().filter_map(|cluster| cluster.cluster.as_ref());
        if users.into_iter().any(runs) || clusters.any(|cluster| cluster.certificate_authority.is_some()) {
            return Err(wrong().because("it names programs or files of this machine"));
        }
        let context = kubeconfig.current_context.clone().unwrap_or_default();
        let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await;
        let mut config = config.map_err(|error| wrong().because(error))?;
        config.proxy_url = proxies::to(&config.cluster_url);
        Self::of_config(config, context).await
    }
}

impl ClusterWriter {
    /// Content when it is gone already.
    ///
    /// # Errors
    /// Not allowed, not reachable, no answer in time.
    pub async fn delete_sidecar(&self, name: &str) -> Result<()> {
        let pods = Api::<core::Pod>::namespaced(self.client.clone(), NAMESPACE);
        let gone = |error| match error {
            kube::Error::Api(status) if status.code == 404 => Ok(()),
            other => Err(other),
        };
        let request = Request::new("delete", PODS, &self.server).in_namespace(Some(NAMESPACE)).named(name);
        request.ask(async || pods.delete(name, &DeleteParams::default()).await.map(drop).or_else(gone)).await
    }
}

fn sidecar(pod: core::Pod) -> SidecarPod {
    let status = pod.status.unwrap_or_default();
    let ready = status.conditions.iter().flatten().any(|condition| condition.type_ == "Ready" && condition.status == "True");
    let waiting =
        status.container_statuses.iter().flatten().find_map(|container| container.state.as_ref()?.waiting.as_ref()?.reason.clone());
    SidecarPod {
        name: pod.metadata.name.unwrap_or_default(),
        node: pod.spec.and_then(|spec| spec.node_name).unwrap_or_default(),
        host_ip: status.host_ip.and_then(|ip| ip.parse().ok()),
        ready,
        waits: waiting.or(status.phase.filter(|phase| phase != "Running")),
    }
}

fn node(node: core::Node) -> HostedNode {
    let status = node.status.unwrap_or_default();
    let ready = status.conditions.iter().flatten().any(|condition| condition.type_ == "Ready" && condition.status == "True");
    HostedNode {
        name: node.metadata.name.unwrap_or_default(),
        addresses: status.addresses.into_iter().flatten().map(|address| address.address).collect(),
        taints: node
            .spec
            .and_then(|spec| spec.taints)
            .into_iter()
            .flatten()
            .map(|taint| format!("{}:{}", taint.key, taint.effect))
            .collect(),
        ready,
    }
}

fn addresses(subset: &core::EndpointSubset) -> Vec<String> {
    let ports = subset.ports.iter().flatten().map(|port| port.port);
    let addresses = subset.addresses.iter().flatten().map(|address| &address.ip);
    addresses.flat_map(|ip| ports.clone().map(move |port| format!("{ip}:{port}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_kubeconfig_of_others_runs_nothing_and_reads_no_file_of_ours() {
        let kubeconfig = |cluster: &str, user: &str| {
            format!(
                "apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n\
                 clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1:9'{cluster}}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\n"
            )
        };
        for (cluster, user) in [
            (", certificate-authority: /dev/zero", "token: t"),
            ("", "tokenFile: /etc/shadow"),
            ("", "client-certificate: /etc/shadow"),
            ("", "client-key: /etc/shadow"),
            ("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: 'true'}"),
        ] {
            let failure = Cluster::of_kubeconfig(&kubeconfig(cluster, user)).await.err().expect("a refusal");
            assert!(failure.to_string().contains("it names programs or files of this machine"), "{failure}");
        }
        assert!(Cluster::of_kubeconfig(&kubeconfig("", "token: t")).await.is_ok());
    }
}
