//! One change of a plan becomes the call that makes it so.

use std::cell::RefCell;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use super::images;
use crate::aws::{Aws, AwsWriter};
use crate::failure::{Failure, Kind, Result};
use crate::names::{AllocationId, EniId, GroupId};
use crate::output::Step;
use crate::plan::change::{Change, Deferred, Holder};
use crate::plan::observed::{ElasticIp, HostedZone, Record};
use crate::plan::{data_path, ownership};

/// The writer exists only here, after the plan was confirmed.
pub struct Performer<'a> {
    aws: &'a Aws,
    writer: AwsWriter,
    /// What "known after apply" has become.
    elastic_ip: RefCell<Option<(AllocationId, Ipv4Addr)>>,
    allocated: RefCell<Option<ElasticIp>>,
    group: RefCell<Option<GroupId>>,
}

/// INSYNC usually takes some seconds to a minute.
const IN_SYNC: Duration = Duration::from_secs(180);

impl<'a> Performer<'a> {
    pub fn new(aws: &'a Aws) -> Self {
        let writer = aws.writer(ownership::operation_id());
        Self { aws, writer, elastic_ip: RefCell::default(), allocated: RefCell::default(), group: RefCell::default() }
    }

    /// Of the Elastic IP that this run has allocated, tagged or associated.
    pub fn public_ip(&self) -> Option<Ipv4Addr> {
        self.elastic_ip.borrow().as_ref().map(|(_, public_ip)| *public_ip)
    }

    /// The change as it turned out.
    pub fn outcome(&self, change: &Change, public_ip: Option<Ipv4Addr>) -> String {
        match (change, &*self.elastic_ip.borrow()) {
            (Change::AllocateElasticIp { .. }, Some((id, public_ip))) => format!("Elastic IP {public_ip} allocated ({id})"),
            _ => change.with_public_ip(public_ip).summary().sentence(),
        }
    }

    /// `public_ip` stands in where the plan says "known after apply".
    ///
    /// # Errors
    /// What AWS or the change's own precautions refuse.
    pub async fn perform(&self, change: &Change, public_ip: Option<Ipv4Addr>, step: &Step) -> Result<()> {
        match change {
            Change::AllocateElasticIp { tags } => {
                let address = self.writer.allocate_elastic_ip(tags).await?;
                self.elastic_ip.replace(Some((address.allocation_id.clone(), address.public_ip)));
                self.allocated.replace(Some(address));
                Ok(())
            }
            Change::TagElasticIp { allocation_id, public_ip, tags, .. } => {
                self.writer.tag(allocation_id.as_str(), tags).await?;
                self.elastic_ip.replace(Some((allocation_id.clone(), *public_ip)));
                Ok(())
            }
            Change::AssignPrivateIp { eni, private_ip } => self.writer.assign_private_ip(eni, *private_ip).await,
            Change::AssociateElasticIp { allocation_id, public_ip, eni, private_ip } => {
                if let (Deferred::Known(id), Deferred::Known(ip)) = (allocation_id, public_ip) {
                    self.elastic_ip.replace(Some((id.clone(), *ip)));
                }
                self.associate(eni, *private_ip).await
            }
            Change::CreateSecurityGroup { name, vpc_id, tags } => {
                let id = self.writer.create_security_group(name, vpc_id, tags).await?;
                self.group.replace(Some(id));
                Ok(())
            }
            Change::AuthorizeIngress { group, port } => self.writer.authorize_ingress(&self.group_id(group)?, *port).await,
            Change::AttachSecurityGroup { eni, keep, group } => {
                let groups: Vec<_> = keep.iter().cloned().chain([self.group_id(group)?]).collect();
                self.writer.attach_security_groups(eni, &groups).await
            }
            Change::RecordDataPath { allocation_id, path, .. } => {
                let id = match allocation_id {
                    Deferred::Known(id) => id.clone(),
                    Deferred::AfterApply => self.settled_elastic_ip()?.0,
                };
                self.writer.tag(id.as_str(), &[(data_path::TAG.to_owned(), path.as_str().to_owned())].into()).await
            }
            Change::Images(change) => images::perform(&self.writer, change).await,
            // The node lane hands all of its own over at once, a cluster is made before there is a node, and the others are
            // those of `teardown`, `toggle-https-redirect`, `quota`, `unlock` and the commands about
            // applications.
            Change::Node(_)
            | Change::Cluster(_)
            | Change::Addon(_)
            | Change::Service(_)
            | Change::Application(_)
            | Change::K0smotron(_)
            | Change::Teardown(_)
            | Change::EditIngress(_)
            | Change::Unlock { .. }
            | Change::Vip(_)
            | Change::RequestQuotaIncrease { .. } => Ok(()),
            Change::RememberRecord { holder, tag, value } => {
                let id = match holder {
                    Holder::ElasticIp(Deferred::Known(id)) => id.to_string(),
                    Holder::ElasticIp(Deferred::AfterApply) => self.settled_elastic_ip()?.0.to_string(),
                    Holder::SecurityGroup(group) => self.group_id(group)?.to_string(),
                };
                self.writer.tag(&id, &[(tag.clone(), value.clone())].into()).await
            }
            Change::UpsertRecord { zone, name, ttl, value, .. } => {
                let value = value.known().or(public_ip).ok_or_else(|| unknown("public address"))?;
                let change = self.writer.upsert_record(zone, name, *ttl, value).await?;
                self.in_sync(&change, name, step).await
            }
            Change::RestoreRecord { zone, current, previous } => {
                let change = match previous {
                    Some(previous) => Some(self.writer.put_record(zone, previous).await?),
                    None => self.remove_record(zone, current).await?,
                };
                match change {
                    Some(change) => self.in_sync(&change, &current.name, step).await,
                    None => Ok(()),
                }
            }
            Change::DisassociateElasticIp { association_id, public_ip, .. } => {
                self.writer.disassociate_elastic_ip(association_id, *public_ip).await
            }
            Change::UnassignPrivateIp { eni, private_ip } => self.writer.unassign_private_ip(eni, *private_ip).await,
            Change::DetachSecurityGroup { eni, keep, .. } => self.writer.attach_security_groups(eni, keep).await,
            Change::DeleteSecurityGroup { group, .. } => self.writer.delete_security_group(group).await,
            Change::ReleaseElasticIp { allocation_id, public_ip } => {
                self.unnamed(*public_ip).await?;
                self.writer.release_elastic_ip(allocation_id, *public_ip).await
            }
            Change::GiveBackElasticIp { allocation_id, tags, .. } => self.writer.untag(allocation_id.as_str(), tags).await,
        }
    }

    /// The private IP takes one Elastic IP only: of two runs at once that each allocated one, the slower gives its own
    /// back and goes on with the other's.
    async fn associate(&self, eni: &EniId, private_ip: Ipv4Addr) -> Result<()> {
        let (allocation_id, _) = self.settled_elastic_ip()?;
        let failure = match self.writer.associate_elastic_ip(&allocation_id, eni, private_ip).await {
            Ok(()) => return Ok(()),
            Err(failure) => failure,
        };
        let allocated = self.allocated.borrow().clone();
        let (Kind::Refused, Some(mine)) = (failure.kind, allocated) else { return Err(failure) };
        let cluster = mine.tags.get(ownership::CLUSTER).cloned();
        let winner = self.aws.elastic_ips().await?.into_iter().find(|address| {
            let there = address.association.as_ref().is_some_and(|a| a.eni.as_ref() == Some(eni) && a.private_ip == Some(private_ip));
            there && address.tags.get(ownership::CLUSTER) == cluster.as_ref()
        });
        let Some(winner) = winner else { return Err(failure) };
        self.writer.release_allocated(&mine).await?;
        self.elastic_ip.replace(Some((winner.allocation_id, winner.public_ip)));
        Ok(())
    }

    /// Whoever gets the address next would get the names that still lead to it, so this is looked at once more.
    async fn unnamed(&self, public_ip: Ipv4Addr) -> Result<()> {
        let names = self.aws.names_of(public_ip).await?;
        if names.is_empty() {
            return Ok(());
        }
        Err(Failure::refused(format!("Elastic IP {public_ip} is not released: {} still lead(s) to it", names.join(", ")))
            .because("whoever gets the address next would get these names")
            .next("remove or change these records, then run this command again"))
    }

    /// None when the record is gone without an answer that names the change: AWS refuses the repetition of a removal that
    /// got through.
    async fn remove_record(&self, zone: &HostedZone, record: &Record) -> Result<Option<String>> {
        let failure = match self.writer.delete_record(zone, record).await {
            Ok(change) => return Ok(Some(change)),
            Err(failure) => failure,
        };
        let left =
            self.aws.records(zone).await.map(|left| left.iter().any(|other| (&other.name, &other.kind) == (&record.name, &record.kind)));
        if left == Ok(false) { Ok(None) } else { Err(failure) }
    }

    async fn in_sync(&self, change: &str, name: &str, step: &Step) -> Result<()> {
        let since = Instant::now();
        let mut pause = Duration::from_millis(250);
        loop {
            step.update(&format!("waiting for INSYNC, {:.0} s", since.elapsed().as_secs_f64()));
            // No change is everywhere at once.
            tokio::time::sleep(pause).await;
            if self.aws.change_insync(change).await? {
                return Ok(());
            }
            if since.elapsed() > IN_SYNC {
                return Err(Failure::failed(format!("Route 53 has not brought {name} to all its name servers"))
                    .after(since.elapsed())
                    .because(format!("change {change} is still PENDING"))
                    .state("the record is changed; some name servers may still give the old answer")
                    .next(format!("aws route53 get-change --id {change}")));
            }
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }

    fn settled_elastic_ip(&self) -> Result<(AllocationId, Ipv4Addr)> {
        self.elastic_ip.borrow().clone().ok_or_else(|| unknown("Elastic IP"))
    }

    fn group_id(&self, group: &Deferred<GroupId>) -> Result<GroupId> {
        group.clone().known().or_else(|| self.group.borrow().clone()).ok_or_else(|| unknown("security group"))
    }
}

/// A plan in which a value is used before the change that makes it.
fn unknown(what: &str) -> Failure {
    Failure::failed(format!("the plan needs the {what} before it is known; this is a mistake in k8sport"))
}
