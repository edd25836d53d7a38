//! Reads what may be left of a cluster's set-up. The node and the cluster may be gone.

use crate::aws::Aws;
use crate::failure::{Failure, Result};
use crate::node::Node;
use crate::output::Console;
use crate::plan::cleanup::Remains;
use crate::plan::observed::{ElasticIp, Instance};
use crate::plan::ownership;
use crate::report::Target;
use crate::settings::Settings;

use super::observe;

pub struct Found {
    pub aws: Aws,
    pub node: Option<Node>,
    pub remains: Remains,
    /// None when the node is gone.
    pub target: Option<Target>,
}

/// # Errors
/// When AWS can't be read, or a node that is there can't be reached.
pub async fn observe(settings: &Settings, skip_node: bool, console: &Console) -> Result<Found> {
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
    let group_ids: Vec<_> = groups.iter().map(|group| group.id.to_string()).collect();
    let (interfaces, quota) = tokio::join!(aws.interfaces_of(&enis, &group_ids), aws.elastic_ip_quota());
    let instance = the_node(instances, &enis);
    step.done();

    let target = instance.as_ref().map(|instance| observe::target(instance, &account, settings, None));
    let mut remains = Remains { account, instance, elastic_ips, quota, interfaces: interfaces?, groups, zones, node: None };
    let mut node = None;
    if let (Some(instance), false) = (remains.instance.as_ref().filter(|instance| instance.state == "running"), skip_node) {
        let user = observe::login_user(&aws, settings, instance).await?;
        let (session, state) =
            observe::node(&aws, settings, instance, user, console).await.map_err(|failure| without_node(failure, settings))?;
        remains.node = Some(state);
        node = Some(session);
    }
    Ok(Found { aws, node, remains, target })
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
    failure.next(format!("clean up the account alone: k8sport cleanup --cluster {} --skip-node", settings.context.cluster))
}
