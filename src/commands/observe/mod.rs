//! Reads what a command needs to know, as far as possible at the same time. Reads only.

mod account;

use std::net::Ipv4Addr;

use tokio::sync::oneshot;

use self::account::{Around, Looks, Near, is_on_node, read, usable};
use super::own_cluster;
use super::reach::{Dialled, dial};
use crate::aws::Aws;
use crate::cluster::Cluster;
use crate::failure::{Failure, Result};
use crate::node::Node;
use crate::output::Console;
use crate::plan::data_path::Recorded;
use crate::plan::observed::{Account, AwsState, DnsState, ElasticIp, HostedZone, Instance, Quota};
use crate::plan::whole::{Scope, World};
use crate::plan::{elastic_ip, service};
use crate::report::Target;
use crate::settings::Settings;

pub struct Observation {
    pub aws: Aws,
    /// Where the data path needs the Kubernetes API.
    pub cluster: Option<Cluster>,
    pub node: Option<Node>,
    pub world: World,
    pub target: Target,
}

/// What the account says, before anything is asked of the node.
pub struct Seen {
    pub aws: Aws,
    pub instance: Instance,
    state: AwsState,
    dns: Option<DnsState>,
    /// The connection, if it was begun.
    dialled: Option<Result<Dialled>>,
}

/// What there is without a node.
pub struct NoNode {
    pub aws: Aws,
    pub account: Account,
    /// All of the region.
    pub elastic_ips: Vec<ElasticIp>,
    pub quota: Option<Quota>,
    pub dns: Option<DnsState>,
    /// AWS has begun to start it.
    pub starting: Option<Instance>,
}

pub enum Looked {
    Node(Box<Seen>),
    NoNode(Box<NoNode>),
}

/// For what needs no more than the node.
pub const NO_SCOPE: Scope = Scope { secondary_ip: false, haproxy: false, dns: false };

/// # Errors
/// No credentials, no such cluster, several control-plane nodes, no zone, no SSH: each with what to do next.
pub async fn observe(settings: &Settings, scope: Scope, console: &Console) -> Result<Observation> {
    seen(settings, scope, console).await?.with_node(settings, scope, console).await
}

/// # Errors
/// As [`observe`].
pub async fn seen(settings: &Settings, scope: Scope, console: &Console) -> Result<Seen> {
    match look(settings, scope, console).await? {
        Looked::Node(seen) => Ok(*seen),
        Looked::NoNode(nothing) => Err(nothing.failure(settings).await),
    }
}

/// # Errors
/// As [`observe`], but without a node it says what there is.
pub async fn look(settings: &Settings, scope: Scope, console: &Console) -> Result<Looked> {
    read_account(settings, scope, Way::Dial, console).await
}

/// What is to be done about the connection to the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Dial,
    Known,
}

async fn read_account(settings: &Settings, scope: Scope, way: Way, console: &Console) -> Result<Looked> {
    let step = console.step("read the account");
    let aws = Aws::connect(&settings.aws).await?;
    let (found, to_dial) = oneshot::channel();
    // The way to the node takes longest, so it begins as soon as it is known which one that is.
    let dialled = async {
        match to_dial.await {
            Ok(instance) if way == Way::Dial => Ok(Some(dial(&aws, settings, &instance, console).await)),
            _ => Ok(None),
        }
    };
    let account = async {
        let looked = read(&aws, settings, scope, found).await;
        step.done_if(looked.is_ok());
        looked
    };
    let (looked, dialled) = tokio::try_join!(account, dialled)?;
    let Looks { account, elastic_ips, quota, dns, near } = looked;
    Ok(match near {
        Near::None => Looked::NoNode(Box::new(NoNode { aws, account, elastic_ips, quota, dns, starting: None })),
        Near::Starting(instance) => Looked::NoNode(Box::new(NoNode { aws, account, elastic_ips, quota, dns, starting: Some(*instance) })),
        Near::Node(near) => {
            let Around { instance, subnet, security_groups, addresses_per_interface } = *near;
            let state =
                AwsState { account, instance: instance.clone(), subnet, elastic_ips, quota, addresses_per_interface, security_groups };
            Looked::Node(Box::new(Seen { aws, instance, state, dns, dialled }))
        }
    })
}

impl Seen {
    /// The applications' zone.
    pub fn zone(&self) -> Option<&HostedZone> {
        self.dns.as_ref().map(|dns| &dns.zone)
    }

    pub fn region(&self) -> &str {
        &self.state.account.region
    }

    /// With the node's lock, unless it is a dry run.
    ///
    /// # Errors
    /// The node can't be reached over SSH, or another run has it.
    pub async fn with_node(mut self, settings: &Settings, scope: Scope, console: &Console) -> Result<Observation> {
        let (mut node, mut node_state) = (None, None);
        if is_on_node(settings, scope, &self.instance, &self.state.elastic_ips) {
            let dialled = match self.dialled.take() {
                Some(dialled) => dialled?,
                None => dial(&self.aws, settings, &self.instance, console).await?,
            };
            let read = dialled.read(settings, &self.instance, !settings.run.dry_run, console).await?;
            if read.waited {
                self = self.anew(settings, scope, console).await?;
            }
            (node, node_state) = (Some(read.node), Some(read.state));
        }
        let cluster = self.cluster(settings, scope, console).await?;
        let (cluster, inside) = cluster.unzip();
        let Self { aws, instance, state, dns, .. } = self;
        let target = target(&instance, &state.account, settings, dns.as_ref().map(|dns| &dns.zone));
        Ok(Observation { aws, cluster, node, world: World { aws: state, node: node_state, dns, cluster: inside }, target })
    }

    /// The cluster from inside, where the data path needs it.
    async fn cluster(&self, settings: &Settings, scope: Scope, console: &Console) -> Result<Option<(Cluster, service::Observed)>> {
        let address = elastic_ip::among(&self.state.elastic_ips, &self.instance.eni.id, &settings.context.cluster);
        if !(scope.haproxy && settings.secondary_ip && Recorded::of(address).needs_cluster(settings.data_path.wish)) {
            return Ok(None);
        }
        let step = console.step("look at the cluster through the Kubernetes API");
        let cluster = own_cluster::connect(&settings.kubernetes, &settings.context.cluster, &self.instance).await?;
        let observed = cluster.service_path().await?;
        step.done();
        Ok(Some((cluster, observed)))
    }

    /// The account once more, after another run has changed it.
    async fn anew(self, settings: &Settings, scope: Scope, console: &Console) -> Result<Self> {
        match read_account(settings, scope, Way::Known, console).await? {
            Looked::Node(seen) if seen.instance.id == self.instance.id => Ok(*seen),
            _ => Err(Failure::failed(format!("node {} was replaced while another run had it", self.instance.id))
                .state("nothing was changed")
                .next("run the command again")),
        }
    }
}

impl NoNode {
    /// For a command that needs one.
    pub async fn failure(&self, settings: &Settings) -> Failure {
        match self.starting.as_ref().map(|instance| usable(instance, settings)) {
            Some(Err(failure)) => failure,
            _ => no_node(&self.aws, settings, &self.account.region).await,
        }
    }
}

pub(super) fn target(
    instance: &Instance,
    account: &crate::plan::observed::Account,
    settings: &Settings,
    zone: Option<&HostedZone>,
) -> Target {
    let primary = instance.eni.primary();
    Target {
        account: account.clone(),
        cluster: settings.context.cluster.clone(),
        instance: instance.id.clone(),
        instance_name: instance.name.clone(),
        eni: instance.eni.id.clone(),
        private_ip: primary.map_or(Ipv4Addr::UNSPECIFIED, |address| address.ip),
        public_ip: primary.and_then(|address| address.public_ip),
        zone: zone.map(|zone| zone.name.clone()),
    }
}

async fn no_node(aws: &Aws, settings: &Settings, region: &str) -> Failure {
    let cluster = &settings.context.cluster;
    let failure = Failure::failed(format!("no control-plane node of cluster {cluster} in {region}"))
        .because(format!(
            "looked for an instance with the tags k8s.io/role/master=1 and kubernetes.io/cluster/{cluster}=owned that isn't terminated"
        ))
        .state("nothing was changed");
    failure.next(clusters_there(aws, region).await)
}

/// For whoever has named one that isn't.
pub async fn clusters_there(aws: &Aws, region: &str) -> String {
    match aws.clusters().await {
        Ok(clusters) if clusters.is_empty() => format!("there is no kOps cluster in {region}; is it the right `--region` and `--profile`?"),
        Ok(clusters) => format!("the clusters with a control plane in {region} are: {}", clusters.join(", ")),
        Err(_) => "check `--cluster`, `--region` and `--profile`".to_owned(),
    }
}
