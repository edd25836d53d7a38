//! Reads what may be left of a cluster's set-up. The node and the cluster may be gone.

use crate::aws::Aws;
use crate::cluster::Cluster;
use crate::failure::{Failure, Result};
use crate::names::InstanceId;
use crate::node::Node;
use crate::output::Console;
use crate::plan::cleanup::Remains;
use crate::plan::data_path::Recorded;
use crate::plan::observed::{ElasticIp, Instance};
use crate::plan::{ownership, service};
use crate::report::Target;
use crate::settings::Settings;

use super::reach::{Read, dial};
use super::{observe, own_cluster};

pub struct Found {
    pub aws: Aws,
    pub node: Option<Node>,
    /// Where our Service may be in it.
    pub cluster: Option<Cluster>,
    pub remains: Remains,
    /// None when the node is gone.
    pub target: Option<Target>,
    /// The cluster's control-plane nodes.
    pub nodes: Vec<InstanceId>,
}

/// What is to be done about the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnNode {
    Skip,
    Look,
    /// And keep other runs off it.
    Lock,
}

/// # Errors
/// When AWS can't be read, or a node that is there can't be reached or belongs to another run.
pub async fn observe(settings: &Settings, on_node: OnNode, console: &Console) -> Result<Found> {
    let mut found = in_account(settings, console).await?;
    let Some(instance) = running(&found.remains).filter(|_| on_node != OnNode::Skip) else { return Ok(found) };
    let read =
        async { dial(&found.aws, settings, &instance, console).await?.read(settings, &instance, on_node == OnNode::Lock, console).await };
    let Read { node, state, waited } = read.await.map_err(|failure| without_node(failure, settings))?;
    if waited {
        found = in_account(settings, console).await?;
    }
    found.remains.node = Some(state);
    let (cluster, inside) = inside(&found.remains, settings, &instance).await.map_err(|failure| without_node(failure, settings))?.unzip();
    (found.cluster, found.remains.cluster) = (cluster, inside);
    Ok(Found { node: Some(node), ..found })
}

/// A name that nothing has, and nothing had lately, is rather a mistake than a cluster that is gone.
///
/// # Errors
/// Then, with the names that there are.
pub async fn check_name(aws: &Aws, remains: &Remains, settings: &Settings) -> Result<()> {
    let cluster = &settings.context.cluster;
    if remains.is_of(cluster) || aws.had_instances(cluster).await? {
        return Ok(());
    }
    let region = &remains.account.region;
    Err(Failure::failed(format!("there is nothing of cluster {cluster} in {region}"))
        .because("no instance, Elastic IP or security group has its tag")
        .state("nothing was changed")
        .next(observe::clusters_there(aws, region).await)
        .next("if that is its name: it is gone from this account and region, and so is all that k8sport had made for it"))
}

/// The Service outlives the node's part of the set-up, and would keep the private IP from whoever gets it next.
async fn inside(remains: &Remains, settings: &Settings, instance: &Instance) -> Result<Option<(Cluster, service::Observed)>> {
    let mut ours = remains.elastic_ips.iter().filter(|address| address.is_for(&settings.context.cluster));
    if !ours.any(|address| Recorded::of(Some(address)).needs_cluster(None)) {
        return Ok(None);
    }
    let cluster = own_cluster::connect(&settings.kubernetes, &settings.context.cluster, instance).await?;
    let observed = cluster.service_path().await?;
    Ok(Some((cluster, observed)))
}

fn running(remains: &Remains) -> Option<Instance> {
    remains.instance.clone().filter(|instance| instance.state == "running")
}

async fn in_account(settings: &Settings, console: &Console) -> Result<Found> {
    let step = console.step("read the account");
    let aws = Aws::connect(&settings.aws).await?;
    let cluster = &settings.context.cluster;
    let (account, elastic_ips, groups, instances, zones) = tokio::try_join!(
        aws.account(),
        aws.elastic_ips(),
        aws.security_groups_of(cluster),
        aws.control_plane(cluster, settings.instance_id.as_ref()),
        aws.all_records(),
    )?;
    let enis = named_interfaces(&elastic_ips, settings);
    let nodes = instances.iter().map(|instance| instance.id.clone()).collect();
    let group_ids: Vec<_> = groups.iter().map(|group| group.id.to_string()).collect();
    let (interfaces, quota) = tokio::join!(aws.interfaces_of(&enis, &group_ids), aws.elastic_ip_quota());
    let interfaces = interfaces?;
    let elastic_ips = aws.elastic_ips_with(elastic_ips, &interfaces).await?;
    let instance = the_node(instances, &enis);
    step.done();

    let target = instance.as_ref().map(|instance| observe::target(instance, &account, settings, None));
    let remains = Remains { account, instance, elastic_ips, quota, interfaces, groups, zones, node: None, cluster: None };
    Ok(Found { aws, node: None, cluster: None, remains, target, nodes })
}

fn named_interfaces(elastic_ips: &[ElasticIp], settings: &Settings) -> Vec<String> {
    let ours = elastic_ips.iter().filter(|address| address.is_for(&settings.context.cluster));
    let mut names: Vec<String> = ours
        .flat_map(|address| {
            let associated = address.association.as_ref().and_then(|association| association.eni.as_ref()).map(ToString::to_string);
            associated.into_iter().chain(address.tags.get(ownership::ENI).cloned())
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The instance that our tags name, else the only one.
fn the_node(mut instances: Vec<Instance>, enis: &[String]) -> Option<Instance> {
    match instances.iter().position(|instance| enis.contains(&instance.eni.id.to_string())) {
        Some(index) => Some(instances.swap_remove(index)),
        None if instances.len() == 1 => instances.pop(),
        None => None,
    }
}

fn without_node(failure: Failure, settings: &Settings) -> Failure {
    failure.next(format!("clean up the account alone: {} --skip-node", settings.context.again.command("cleanup")))
}
