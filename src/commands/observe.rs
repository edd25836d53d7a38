//! Reads what a command needs to know, as far as possible at the same time. Reads only.

use std::net::Ipv4Addr;

use futures_util::FutureExt as _;
use tokio::sync::oneshot;

use super::own_cluster;
use super::reach::{Dialled, dial};
use crate::aws::Aws;
use crate::cluster::Cluster;
use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::node::Node;
use crate::output::Console;
use crate::plan::data_path::Recorded;
use crate::plan::dns::choose_zone;
use crate::plan::observed::{Account, AwsState, DnsState, ElasticIp, HostedZone, Instance, Quota, SecurityGroup, Subnet};
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

struct Looks {
    account: Account,
    elastic_ips: Vec<ElasticIp>,
    quota: Option<Quota>,
    dns: Option<DnsState>,
    near: Near,
}

enum Near {
    None,
    Starting(Box<Instance>),
    Node(Box<Around>),
}

/// The instance and what can be asked for only once it is known.
struct Around {
    instance: Instance,
    subnet: Subnet,
    security_groups: Vec<SecurityGroup>,
    addresses_per_interface: Option<u32>,
}

/// All of the account that the scope needs. `found` is told the instance when the node is next.
async fn read(aws: &Aws, settings: &Settings, scope: Scope, found: oneshot::Sender<Instance>) -> Result<Looks> {
    let elastic_ips = aws.elastic_ips().shared();
    let (account, elastic_ips, quota, dns, near) = tokio::try_join!(
        aws.account(),
        elastic_ips.clone(),
        quota(aws, scope),
        dns(aws, settings, scope),
        near(aws, settings, scope, elastic_ips, found),
    )?;
    Ok(Looks { account, elastic_ips, quota, dns, near })
}

/// `elastic_ips` is being read; it says whether there is something to do on the node.
async fn near(
    aws: &Aws,
    settings: &Settings,
    scope: Scope,
    elastic_ips: impl Future<Output = Result<Vec<ElasticIp>>>,
    found: oneshot::Sender<Instance>,
) -> Result<Near> {
    let cluster = &settings.context.cluster;
    let instance = match one(aws.control_plane(cluster, settings.instance_id.as_ref()).await?, cluster) {
        Ok(instance) if instance.state == "pending" => return Ok(Near::Starting(Box::new(instance))),
        Ok(instance) => instance,
        Err(Problem::None) => return Ok(Near::None),
        Err(Problem::Several(failure)) => return Err(failure),
    };
    usable(&instance)?;
    if node_is_next(settings, &instance) && is_on_node(settings, scope, &instance, &elastic_ips.await?) {
        let _ = found.send(instance.clone());
        // What the connection waits for gets the open connections to AWS first.
        tokio::task::yield_now().await;
    } else {
        drop(found);
    }
    let eni = &instance.eni;
    let (subnet, security_groups, addresses_per_interface, public_route) = tokio::try_join!(
        aws.subnet(&eni.subnet_id),
        aws.security_groups(eni, cluster),
        async { Ok(aws.addresses_per_interface(&instance.instance_type).await) },
        aws.public_route(&eni.subnet_id, &eni.vpc_id),
    )?;
    if !public_route {
        return Err(Failure::refused(format!("subnet {} of node {} has no route to an internet gateway", eni.subnet_id, instance.id))
            .because("an Elastic IP is of no use in a private topology")
            .state("nothing was changed"));
    }
    Ok(Near::Node(Box::new(Around { instance, subnet, security_groups, addresses_per_interface })))
}

/// Whether there may be something to do on the node. One with nothing of ours needs no login.
fn is_on_node(settings: &Settings, scope: Scope, instance: &Instance, elastic_ips: &[ElasticIp]) -> bool {
    let address = elastic_ip::among(elastic_ips, &instance.eni.id, &settings.context.cluster).filter(|_| settings.secondary_ip);
    (scope.secondary_ip || scope.haproxy) && !Recorded::of(address).leaves_node_alone(settings.data_path.wish)
}

/// What comes before the node, in the cluster or until there is one, can take longer than an idle connection lives.
fn node_is_next(settings: &Settings, instance: &Instance) -> bool {
    let creation = settings.creation.as_ref();
    instance.addons.is_none()
        && creation
            .is_none_or(|creation| creation.state_store.is_none() && creation.ingress_controller.is_none() && creation.acme_email.is_none())
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
        match self.starting.as_ref().map(usable) {
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

async fn quota(aws: &Aws, scope: Scope) -> Result<Option<crate::plan::observed::Quota>> {
    Ok(if scope.secondary_ip { aws.elastic_ip_quota().await } else { None })
}

async fn dns(aws: &Aws, settings: &Settings, scope: Scope) -> Result<Option<DnsState>> {
    if !scope.dns {
        return Ok(None);
    }
    let zone = choose_zone(&aws.hosted_zones().await?, &settings.context)?;
    let records = aws.records(&zone).await?;
    Ok(Some(DnsState { zone, records }))
}

enum Problem {
    None,
    Several(Failure),
}

fn one(mut instances: Vec<Instance>, cluster: &DnsName) -> Result<Instance, Problem> {
    if instances.len() > 1 {
        let list: Vec<_> = instances.iter().map(|instance| format!("{}  {}  {}", instance.id, instance.state, instance.name)).collect();
        return Err(Problem::Several(
            Failure::refused(format!("cluster {cluster} has {} control-plane nodes", instances.len()))
                .because(list.join("\n"))
                .state("nothing was changed")
                .next("k8sport is for single-node clusters; if one of these is being replaced, name the other with `--instance-id`"),
        ));
    }
    instances.pop().ok_or(Problem::None)
}

async fn no_node(aws: &Aws, settings: &Settings, region: &str) -> Failure {
    let cluster = &settings.context.cluster;
    let failure = Failure::failed(format!("no control-plane node of cluster {cluster} in {region}"))
        .because(format!(
            "looked for an instance with the tags k8s.io/role/master=1 and kubernetes.io/cluster/{cluster}=owned that isn't terminated"
        ))
        .state("nothing was changed");
    match aws.clusters().await {
        Ok(clusters) if clusters.is_empty() => {
            failure.next(format!("there is no kOps cluster in {region}; is it the right `--region` and `--profile`?"))
        }
        Ok(clusters) => failure.next(format!("the clusters with a control plane in {region} are: {}", clusters.join(", "))),
        Err(_) => failure.next("check `--cluster`, `--region` and `--profile`"),
    }
}

fn usable(instance: &Instance) -> Result<()> {
    if instance.state != "running" {
        return Err(Failure::failed(format!("node {} is {}, not running", instance.id, instance.state))
            .state("nothing was changed")
            .next("give its primary private IP an Elastic IP first, or it may come back without a public address")
            .next(format!("aws ec2 start-instances --instance-ids {}", instance.id)));
    }
    Ok(())
}
