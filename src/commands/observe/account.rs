//! The account, as far as the scope needs it: as few rounds of calls as there can be.

use std::slice;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::oneshot;

use crate::aws::Aws;
use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::plan::data_path::Recorded;
use crate::plan::dns::{choose_zone, looked_at};
use crate::plan::elastic_ip;
use crate::plan::observed::{Account, DnsState, ElasticIp, Instance, Quota, SecurityGroup, Subnet};
use crate::plan::whole::Scope;
use crate::settings::Settings;

pub struct Looks {
    pub account: Account,
    pub elastic_ips: Vec<ElasticIp>,
    pub quota: Option<Quota>,
    pub dns: Option<DnsState>,
    pub near: Near,
}

pub enum Near {
    None,
    Starting(Box<Instance>),
    Node(Box<Around>),
}

/// The instance and what can be asked for only once it is known.
pub struct Around {
    pub instance: Instance,
    pub subnet: Subnet,
    pub security_groups: Vec<SecurityGroup>,
    pub addresses_per_interface: Option<u32>,
}

/// A request is on its way after less.
const HEAD_START: Duration = Duration::from_millis(5);

/// All of the account that the scope needs. `found` is told the instance when the node is next.
pub async fn read(aws: &Aws, settings: &Settings, scope: Scope, found: oneshot::Sender<Instance>) -> Result<Looks> {
    let elastic_ips = aws.elastic_ips().shared();
    let (account, elastic_ips, quota, dns, near) = tokio::try_join!(
        aws.account(),
        elastic_ips.clone(),
        quota(aws, scope),
        dns(aws, settings, scope),
        near(aws, settings, scope, elastic_ips, found),
    )?;
    let elastic_ips = match &near {
        Near::Node(around) => aws.elastic_ips_with(elastic_ips, slice::from_ref(&around.instance.eni)).await?,
        Near::None | Near::Starting(_) => elastic_ips,
    };
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
    usable(&instance, settings)?;
    if node_is_next(settings, &instance) && is_on_node(settings, scope, &instance, &elastic_ips.await?) {
        let _ = found.send(instance.clone());
        // What the connection waits for gets the open connections to AWS first.
        tokio::time::sleep(HEAD_START).await;
    } else {
        drop(found);
    }
    let eni = &instance.eni;
    let ((subnet, eni), security_groups, addresses_per_interface, public_route) = tokio::try_join!(
        aws.subnet(eni),
        aws.security_groups(eni, cluster),
        async { Ok(aws.addresses_per_interface(&instance.instance_type).await) },
        aws.public_route(&eni.subnet_id, &eni.vpc_id),
    )?;
    if !public_route {
        return Err(Failure::refused(format!("subnet {} of node {} has no route to an internet gateway", eni.subnet_id, instance.id))
            .because("an Elastic IP is of no use in a private topology")
            .state("nothing was changed"));
    }
    let instance = Instance { eni, ..instance };
    Ok(Near::Node(Box::new(Around { instance, subnet, security_groups, addresses_per_interface })))
}

/// Whether there may be something to do on the node. One with nothing of ours needs no login.
pub fn is_on_node(settings: &Settings, scope: Scope, instance: &Instance, elastic_ips: &[ElasticIp]) -> bool {
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

async fn quota(aws: &Aws, scope: Scope) -> Result<Option<Quota>> {
    Ok(if scope.secondary_ip { aws.elastic_ip_quota().await } else { None })
}

async fn dns(aws: &Aws, settings: &Settings, scope: Scope) -> Result<Option<DnsState>> {
    if !scope.dns {
        return Ok(None);
    }
    let zone = choose_zone(&aws.hosted_zones().await?, &settings.context)?;
    let names = looked_at(&zone, &settings.context);
    aws.records_for(zone, &names).await.map(Some)
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

pub fn usable(instance: &Instance, settings: &Settings) -> Result<()> {
    if instance.state != "running" {
        return Err(Failure::failed(format!("node {} is {}, not running", instance.id, instance.state))
            .state("nothing was changed")
            .next("give its primary private IP an Elastic IP first, or it may come back without a public address")
            .next(format!("aws ec2 start-instances --instance-ids {}{}", instance.id, settings.context.again.place())));
    }
    Ok(())
}
