//! Waits for a new cluster, phase by phase, each with its own deadline, and tells what is missing.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use crate::aws::Aws;
use crate::cluster::Cluster;
use crate::cluster::kops::Kops;
use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::output::Console;
use crate::plan::observed::Instance;
use crate::verify;

pub struct Waiting<'a> {
    pub aws: &'a Aws,
    pub cluster: &'a DnsName,
    pub kops: &'a Kops,
    pub console: &'a Console,
    /// For each phase.
    pub limit: Duration,
}

/// One look at what is waited for.
enum Look<T> {
    There(T),
    Missing(String),
}

/// The pause between two looks grows from the first to the second.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(10));
const API: Duration = Duration::from_secs(3);

impl Waiting<'_> {
    /// An instance with an address, an API server on it, and its own name leading there.
    ///
    /// # Errors
    /// What was missing when a phase's time was over, and where to look.
    pub async fn until_api(&self) -> Result<()> {
        let look = format!("kops get instancegroups --name {}   (and its Auto Scaling group's activity in the EC2 console)", self.cluster);
        let address = self.phase("the instance", &look, async || self.instance().await).await?;
        let look = format!("log in to {address} and see `journalctl -u kops-configuration` and /var/log/kube-apiserver.log");
        self.phase("the API server", &look, async || Ok(api(address).await)).await?;
        let name = self.cluster.child("api");
        let look = format!("the record {name} in Route 53, and `kubectl -n kube-system logs -l k8s-app=dns-controller` on the node");
        self.phase("the API server's name", &look, async || Ok(named(self.cluster, address).await)).await?;
        self.kops.export_kubeconfig(None).await
    }

    /// The node, as the API server knows it.
    ///
    /// # Errors
    /// As [`Self::until_api`].
    pub async fn until_node_is_ready(&self, connect: impl AsyncFn() -> Result<Cluster>) -> Result<()> {
        let look = format!("kubectl --context {} describe nodes", self.cluster);
        self.phase("the node to be Ready", &look, async || {
            let nodes = connect().await?.nodes().await?;
            let unready = nodes.iter().find(|node| !node.ready).map(|node| format!("{}: {}", node.name, node.why));
            Ok(match unready {
                Some(why) => Look::Missing(why),
                None if nodes.is_empty() => Look::Missing("no node has joined yet".to_owned()),
                None => Look::There(()),
            })
        })
        .await
    }

    /// kOps' own validation.
    ///
    /// # Errors
    /// As [`Self::until_api`].
    pub async fn until_valid(&self) -> Result<()> {
        let look = format!("kops validate cluster {} --state {}", self.cluster, self.kops.state_store());
        self.phase("kOps' validation", &look, async || self.validation().await).await
    }

    async fn phase<T>(&self, what: &str, look_at: &str, mut look: impl AsyncFnMut() -> Result<Look<T>>) -> Result<T> {
        let (since, mut pause) = (Instant::now(), PAUSES.0);
        let step = self.console.step(format!("wait for {what}"));
        loop {
            let missing = match look().await {
                Ok(Look::There(found)) => {
                    step.done_as(&format!("{what} is there"));
                    return Ok(found);
                }
                Ok(Look::Missing(missing)) => missing,
                // What isn't allowed won't be so in a minute.
                Err(failure) if failure.missing_action.is_some() => return Err(failure),
                Err(failure) => failure.to_string(),
            };
            step.update(&missing);
            if since.elapsed() + pause > self.limit {
                step.failed();
                return Err(Failure::failed(format!("{what} of {} did not come up", self.cluster))
                    .after(since.elapsed())
                    .because(missing)
                    .state("the cluster is made as far as kOps makes it, and costs money")
                    .next(format!("see why: {look_at}")));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    async fn instance(&self) -> Result<Look<Ipv4Addr>> {
        let instances = self.aws.control_plane(self.cluster, None).await?;
        let Some(instance) = instances.first() else { return Ok(Look::Missing("none was started yet".to_owned())) };
        Ok(match public_address(instance) {
            Some(address) if instance.state == "running" => Look::There(address),
            Some(_) => Look::Missing(format!("{} is {}", instance.id, instance.state)),
            None => Look::Missing(format!("{} has no public address", instance.id)),
        })
    }

    async fn validation(&self) -> Result<Look<()>> {
        let validation = self.kops.validate().await?;
        Ok(match validation.missing() {
            None if validation.is_healthy() => Look::There(()),
            None => Look::Missing("no node has joined".to_owned()),
            Some(missing) => Look::Missing(missing),
        })
    }
}

async fn api(address: Ipv4Addr) -> Look<()> {
    match verify::tls::certificate(SocketAddr::from((address, 443)), "kubernetes.default", API).await {
        Ok(_) => Look::There(()),
        Err(failure) => Look::Missing(failure.to_string()),
    }
}

/// As dns-controller writes it once the API server is there; until then it is a placeholder of kOps'.
async fn named(cluster: &DnsName, address: Ipv4Addr) -> Look<()> {
    let name = cluster.child("api");
    match verify::dns::lookup(&name, API).await {
        Ok(found) if found.contains(&address) => Look::There(()),
        Ok(found) if found.is_empty() => Look::Missing(format!("{name} does not resolve yet")),
        Ok(found) => {
            Look::Missing(format!("{name} is {}, not {address} yet", found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")))
        }
        Err(failure) => Look::Missing(failure.to_string()),
    }
}

/// Whether the API server of this instance speaks TLS, and its name leads there.
pub async fn is_up(instance: &Instance, cluster: &DnsName) -> bool {
    let Some(address) = public_address(instance) else { return false };
    matches!(tokio::join!(api(address), named(cluster, address)), (Look::There(()), Look::There(())))
}

fn public_address(instance: &Instance) -> Option<Ipv4Addr> {
    instance.eni.primary().and_then(|address| address.public_ip)
}
