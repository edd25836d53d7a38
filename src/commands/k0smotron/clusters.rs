//! What the management cluster and the hosted one say.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::pki_types::UnixTime;

use crate::cluster::{Cluster, HostedNode, KubernetesService, SidecarPod};
use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::plan::k0smotron::{Given, Material, Objects, Sidecar, Worker, check};
use crate::settings::HostedSettings;

type Secret = BTreeMap<String, Vec<u8>>;

/// What k0smotron has left in the management cluster.
pub struct Management {
    pub cluster: Cluster,
    pub authority: Option<Secret>,
    pub sidecar: Option<Secret>,
    /// The kubeconfig of the hosted cluster, or why it can't be had.
    pub kubeconfig: Result<String, String>,
    pub objects: Objects,
    /// What the workers are given to run; k0smotron hands it to the hosted cluster.
    pub bundle: Option<BTreeMap<String, String>>,
    /// The host that konnectivity's agents go to.
    pub konnectivity: Option<String>,
}

/// The hosted cluster, as far as its API server answers.
pub struct Hosted {
    pub cluster: Cluster,
    pub service: KubernetesService,
    pub pods: Vec<SidecarPod>,
    pub nodes: Vec<HostedNode>,
}

impl Management {
    /// # Errors
    /// The secrets can't be read. What only helps may be missing.
    pub async fn read(cluster: Cluster, settings: &HostedSettings) -> Result<Self> {
        let (namespace, name) = (settings.namespace.as_str(), settings.cluster.as_str());
        let [authority, sidecar, kubeconfig] = ["ca", "ingress-haproxy", "kubeconfig"].map(|part| format!("{name}-{part}"));
        let objects = Objects::of(&settings.cluster);
        let (certificates, kubeconfig, bundle, config) = tokio::join!(
            async { tokio::try_join!(cluster.secret(namespace, &authority), cluster.secret(namespace, &sidecar)) },
            cluster.secret(namespace, &kubeconfig),
            cluster.config_map(namespace, &objects.bundle),
            cluster.config_map(namespace, &objects.config),
        );
        let (authority, sidecar) = certificates?;
        let kubeconfig = match kubeconfig {
            Ok(Some(mut secret)) => String::from_utf8(secret.remove("value").unwrap_or_default()).map_err(|error| error.to_string()),
            Ok(None) => Err(format!("there is no secret {name}-kubeconfig in namespace {namespace}")),
            Err(failure) => Err(failure.to_string()),
        };
        let konnectivity = config.ok().flatten().and_then(|config| konnectivity(&config));
        Ok(Self { authority, sidecar, kubeconfig, objects, bundle: bundle.ok().flatten(), konnectivity, cluster })
    }

    /// Where the sidecars go to: name and port.
    pub fn api(&self) -> Option<(DnsName, u16)> {
        let words: Vec<_> = self
            .bundle
            .iter()
            .flat_map(BTreeMap::values)
            .find_map(|text| text.split_once("server kube_api "))?
            .1
            .split_whitespace()
            .collect();
        let (host, port) = words.first()?.rsplit_once(':')?;
        Some((host.parse().ok()?, port.parse().ok()?))
    }

    /// The address that k0smotron gives the Service `kubernetes`.
    pub fn service_ip(&self) -> Option<IpAddr> {
        let lines = self.bundle.iter().flat_map(BTreeMap::values).flat_map(|text| text.lines());
        lines.filter_map(|line| line.trim().strip_prefix("clusterIP:")).find_map(|ip| ip.trim().parse().ok())
    }

    /// # Errors
    /// A secret is missing, or the certificates are no good.
    pub fn material(&self, settings: &HostedSettings, service_ip: Option<IpAddr>) -> Result<Material> {
        let (namespace, name) = (&settings.namespace, &settings.cluster);
        let missing = |part: &str| {
            Failure::failed(format!("there is no secret {name}-{part} in namespace {namespace}"))
                .because(format!("asked {} ({})", self.cluster.server, self.cluster.context))
                .state("nothing was changed")
                .next("name the cluster's own namespace with `-n`, and the management cluster with `--context`")
                .next("k0smotron makes it for clusters with `spec.ingress`: kubectl get clusters.k0smotron.io -A")
        };
        let (authority, sidecar) =
            (self.authority.as_ref().ok_or_else(|| missing("ca"))?, self.sidecar.as_ref().ok_or_else(|| missing("ingress-haproxy"))?);
        fn part<'a>(secret: &'a Secret, key: &str) -> &'a [u8] {
            secret.get(key).map_or(&[], Vec::as_slice)
        }
        let given = Given {
            authority: part(authority, "tls.crt"),
            certificate: part(sidecar, "tls.crt"),
            key: part(sidecar, "tls.key"),
            service_ip,
        };
        check(&given, now()).map_err(|wrong| {
            Failure::refused(format!("the certificates of {namespace}/{name} are no good"))
                .because(wrong.join("\n"))
                .state("nothing was changed")
                .next(format!(
                    "have k0smotron make a new one: kubectl -n {namespace} delete secret {name}-ingress-haproxy, and see that it comes back"
                ))
        })
    }

    /// # Errors
    /// Why it can't be asked, in a clause.
    pub async fn hosted(&self) -> Result<Hosted, String> {
        let cluster =
            Cluster::of_kubeconfig(self.kubeconfig.as_ref().map_err(Clone::clone)?).await.map_err(|failure| failure.to_string())?;
        let read = tokio::try_join!(cluster.kubernetes_service(), cluster.sidecars(), cluster.hosted_nodes());
        let (service, pods, nodes) = read.map_err(|failure| failure.to_string())?;
        Ok(Hosted { cluster, service, pods, nodes })
    }
}

/// Of k0s' own configuration. Nothing else of it is kept: it may have a password in it.
fn konnectivity(config: &BTreeMap<String, String>) -> Option<String> {
    let config: serde_json::Value = serde_saphyr::from_str(config.get("K0SMOTRON_K0S_YAML")?).ok()?;
    config.pointer("/spec/konnectivity/externalAddress")?.as_str().filter(|host| !host.is_empty()).map(str::to_owned)
}

impl Hosted {
    /// The node that a worker is.
    pub fn node(&self, worker: &Worker) -> Option<&HostedNode> {
        let own = |text: &String| text.parse().is_ok_and(|ip: IpAddr| !ip.is_loopback() && worker.addresses.contains(&ip));
        let by_address = self.nodes.iter().find(|node| node.addresses.iter().any(own));
        by_address.or_else(|| self.nodes.iter().find(|node| node.name == worker.hostname))
    }

    pub fn pod(&self, worker: &Worker) -> Option<&SidecarPod> {
        let node = self.node(worker)?;
        self.pods.iter().find(|pod| pod.node == node.name)
    }
}

/// The pod of a worker.
pub fn sidecar(hosted: Result<&Hosted, &str>, worker: &Worker) -> Sidecar {
    match hosted {
        Err(why) => Sidecar::Unknown(why.to_owned()),
        Ok(hosted) => match hosted.pod(worker) {
            None => Sidecar::Absent,
            Some(pod) => Sidecar::Pod { name: pod.name.clone(), ready: pod.ready, waits: pod.waits.clone() },
        },
    }
}

pub fn now() -> UnixTime {
    UnixTime::since_unix_epoch(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO))
}
