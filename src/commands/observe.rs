//! Reads what a command needs to know, as far as possible at the same time. Reads only.

use std::net::Ipv4Addr;

use super::own_cluster;
use super::reach::{login_user, reach};
use crate::aws::Aws;
use crate::cluster::Cluster;
use crate::failure::{Failure, Result};
use crate::names::{DnsName, SshUser};
use crate::node::Node;
use crate::output::Console;
use crate::plan::data_path::Recorded;
use crate::plan::dns::choose_zone;
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
    user: Option<SshUser>,
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
    let step = console.step("read the account");
    let aws = Aws::connect(&settings.aws).await?;
    let cluster = &settings.context.cluster;
    let (account, instances, elastic_ips, quota, dns) = tokio::try_join!(
        aws.account(),
        aws.control_plane(cluster, settings.instance_id.as_ref()),
        aws.elastic_ips(),
        quota(&aws, scope),
        dns(&aws, settings, scope),
    )?;
    let instance = match one(instances, cluster) {
        Ok(instance) => instance,
        Err(Problem::None) => {
            step.done();
            return Ok(Looked::NoNode(Box::new(NoNode { aws, account, elastic_ips, quota, dns, starting: None })));
        }
        Err(Problem::Several(failure)) => return Err(failure),
    };
    if instance.state == "pending" {
        return Ok(Looked::NoNode(Box::new(NoNode { aws, account, elastic_ips, quota, dns, starting: Some(instance) })));
    }
    usable(&instance)?;
    let eni = &instance.eni;
    let recorded = Recorded::of(elastic_ip::among(&elastic_ips, &eni.id, cluster).filter(|_| settings.secondary_ip));
    let (subnet, security_groups, addresses_per_interface, public_route, user) = tokio::try_join!(
        aws.subnet(&eni.subnet_id),
        aws.security_groups(eni, cluster),
        async { Ok(aws.addresses_per_interface(&instance.instance_type).await) },
        aws.public_route(&eni.subnet_id, &eni.vpc_id),
        async {
            // A node with nothing of ours needs no login.
            if recorded.leaves_node_alone(settings.data_path.wish) { Ok(None) } else { ssh_user(&aws, settings, scope, &instance).await }
        },
    )?;
    if !public_route {
        return Err(Failure::refused(format!("subnet {} of node {} has no route to an internet gateway", eni.subnet_id, instance.id))
            .because("an Elastic IP is of no use in a private topology")
            .state("nothing was changed"));
    }
    step.done();
    let state = AwsState { account, instance: instance.clone(), subnet, elastic_ips, quota, addresses_per_interface, security_groups };
    Ok(Looked::Node(Box::new(Seen { aws, instance, state, dns, user })))
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
        if let Some(user) = self.user.clone() {
            let reached = reach(&self.aws, settings, &self.instance, user, !settings.run.dry_run, console).await?;
            if reached.waited {
                self = self.anew(settings, scope, console).await?;
            }
            let (reached, state) = reached.read(&self.instance).await?;
            (node, node_state) = (Some(reached), Some(state));
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
        match look(settings, scope, console).await? {
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

/// None when the scope has nothing to do on the node.
async fn ssh_user(aws: &Aws, settings: &Settings, scope: Scope, instance: &Instance) -> Result<Option<SshUser>> {
    if !(scope.secondary_ip || scope.haproxy) {
        return Ok(None);
    }
    login_user(aws, settings, instance).await.map(Some)
}
