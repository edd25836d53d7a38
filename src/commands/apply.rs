//! Performs the plan that was shown: lanes at the same time, the changes of a lane one after the other. When one
//! fails, the others finish the change they are at and stop.

use std::cell::{Cell, RefCell};
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::sync::watch;

use crate::aws::{Aws, AwsWriter};
use crate::failure::{Failure, Kind, Result};
use crate::names::{AllocationId, EniId, GroupId};
use crate::node::{Node, StepEvent};
use crate::output::Console;
use crate::plan::change::{Change, Deferred, Lane};
use crate::plan::node::NodeChange;
use crate::plan::observed::ElasticIp;
use crate::plan::ownership;
use crate::report::{Report, Status};

/// The writer exists only here, after the plan was confirmed.
pub struct Applier<'a> {
    aws: &'a Aws,
    writer: AwsWriter,
    node: Option<&'a Node>,
    console: &'a Console,
    /// What "known after apply" has become.
    elastic_ip: RefCell<Option<(AllocationId, Ipv4Addr)>>,
    allocated: RefCell<Option<ElasticIp>>,
    group: RefCell<Option<GroupId>>,
    /// The public address once it is settled; a dropped sender means that there won't be one.
    settled: watch::Sender<Option<Ipv4Addr>>,
    stopped: Cell<bool>,
}

/// INSYNC usually takes some seconds to a minute.
const IN_SYNC: Duration = Duration::from_secs(180);

impl<'a> Applier<'a> {
    pub fn new(aws: &'a Aws, node: Option<&'a Node>, console: &'a Console, public_ip: Deferred<Ipv4Addr>) -> Self {
        Self {
            aws,
            writer: aws.writer(ownership::operation_id()),
            node,
            console,
            elastic_ip: RefCell::default(),
            allocated: RefCell::default(),
            group: RefCell::default(),
            settled: watch::Sender::new(public_ip.known()),
            stopped: Cell::new(false),
        }
    }

    pub fn public_ip(&self) -> Option<Ipv4Addr> {
        *self.settled.borrow()
    }

    /// Everything that the data path needs.
    ///
    /// # Errors
    /// The first failure; the report says what the other lanes had done by then.
    pub async fn data_path(&self, report: &Report) -> Result<()> {
        let (address, firewall, node) = tokio::join!(self.address_lane(report), self.lane(report, Lane::Firewall), self.node_lane(report));
        address.and(firewall).and(node)
    }

    /// The records, once the data path has been seen to work.
    ///
    /// # Errors
    /// As [`Self::data_path`].
    pub async fn records(&self, report: &Report) -> Result<()> {
        self.lane(report, Lane::Dns).await
    }

    async fn address_lane(&self, report: &Report) -> Result<()> {
        let ended = self.lane(report, Lane::Address).await;
        if ended.is_ok()
            && let Some((_, public_ip)) = &*self.elastic_ip.borrow()
        {
            self.settled.send_replace(Some(*public_ip));
        }
        ended
    }

    async fn lane(&self, report: &Report, lane: Lane) -> Result<()> {
        for (index, change) in report.plan.changes.iter().enumerate().filter(|(_, change)| change.lane() == lane) {
            if self.stopped.get() {
                return Ok(());
            }
            report.set_status(index, Status::Running);
            let step = self.console.step(change.with_public_ip(self.known_public_ip()).summary().sentence());
            match self.change(change, &step).await {
                Ok(()) => {
                    report.set_status(index, Status::Done);
                    step.done_as(&self.outcome(change));
                }
                Err(failure) => {
                    report.set_status(index, Status::Failed);
                    self.stopped.set(true);
                    step.failed();
                    return Err(failure);
                }
            }
        }
        Ok(())
    }

    /// The node's changes go over in few batches, so they are one step here with a status each.
    async fn node_lane(&self, report: &Report) -> Result<()> {
        let (indices, changes): (Vec<usize>, Vec<NodeChange>) = report
            .plan
            .changes
            .iter()
            .enumerate()
            .filter_map(|(index, change)| match change {
                Change::Node(change) => Some((index, change.clone())),
                _ => None,
            })
            .unzip();
        let (Some(node), false) = (self.node, changes.is_empty()) else { return Ok(()) };
        let Some(public_ip) = self.when_settled().await else { return Ok(()) };
        let step = self.console.step(format!("configure the node ({} changes)", changes.len()));
        let on_step = |event: StepEvent| {
            let (position, status) = match event {
                StepEvent::Begin(position) => (position, Status::Running),
                StepEvent::Done(position) => (position, Status::Done),
            };
            if let Some(index) = indices.get(position) {
                report.set_status(*index, status);
            }
            if let (Status::Running, Some(change)) = (status, changes.get(position)) {
                step.update(&change.summary().sentence());
            }
        };
        let ended = node.apply(&changes, Some(public_ip), on_step).await;
        match &ended {
            Ok(()) => step.done(),
            Err(_) => {
                indices
                    .iter()
                    .filter(|index| report.status(**index) == Status::Running)
                    .for_each(|index| report.set_status(*index, Status::Failed));
                self.stopped.set(true);
                step.failed();
            }
        }
        ended
    }

    /// Waits for the address lane; None when that has failed.
    async fn when_settled(&self) -> Option<Ipv4Addr> {
        let mut settled = self.settled.subscribe();
        loop {
            if let Some(public_ip) = *settled.borrow_and_update() {
                return Some(public_ip);
            }
            if self.stopped.get() {
                return None;
            }
            let _ = tokio::time::timeout(Duration::from_millis(200), settled.changed()).await;
        }
    }

    async fn change(&self, change: &Change, step: &crate::output::Step) -> Result<()> {
        match change {
            Change::AllocateElasticIp { tags } => {
                let address = self.writer.allocate_elastic_ip(tags).await?;
                self.elastic_ip.replace(Some((address.allocation_id.clone(), address.public_ip)));
                self.allocated.replace(Some(address));
                Ok(())
            }
            Change::TagElasticIp { allocation_id, public_ip, tags, .. } => {
                self.writer.tag_elastic_ip(allocation_id, tags).await?;
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
            // The node lane hands all of its own over at once; the last is `quota`'s alone.
            Change::Node(_) | Change::RequestQuotaIncrease { .. } => Ok(()),
            Change::RememberRecord { allocation_id, tag, value } => {
                let id = match allocation_id {
                    Deferred::Known(id) => id.clone(),
                    Deferred::AfterApply => self.settled_elastic_ip()?.0,
                };
                self.writer.tag_elastic_ip(&id, &[(tag.clone(), value.clone())].into()).await
            }
            Change::UpsertRecord { zone, name, ttl, value, .. } => {
                let value = value.known().or_else(|| self.public_ip()).ok_or_else(|| unknown("public address"))?;
                let change = self.writer.upsert_record(zone, name, *ttl, value).await?;
                self.in_sync(&change, name, step).await
            }
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

    async fn in_sync(&self, change: &str, name: &str, step: &crate::output::Step) -> Result<()> {
        let since = std::time::Instant::now();
        let mut pause = Duration::from_millis(250);
        while !self.aws.change_insync(change).await? {
            if since.elapsed() > IN_SYNC {
                return Err(Failure::failed(format!("Route 53 has not brought {name} to all its name servers"))
                    .after(since.elapsed())
                    .because(format!("change {change} is still PENDING"))
                    .state("the record is changed; some name servers may still give the old answer")
                    .next(format!("aws route53 get-change --id {change}")));
            }
            step.update(&format!("waiting for INSYNC, {:.0} s", since.elapsed().as_secs_f64()));
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
        Ok(())
    }

    fn known_public_ip(&self) -> Option<Ipv4Addr> {
        self.elastic_ip.borrow().as_ref().map(|(_, public_ip)| *public_ip).or_else(|| self.public_ip())
    }

    /// The change as it turned out.
    fn outcome(&self, change: &Change) -> String {
        match (change, &*self.elastic_ip.borrow()) {
            (Change::AllocateElasticIp { .. }, Some((id, public_ip))) => format!("Elastic IP {public_ip} allocated ({id})"),
            _ => change.with_public_ip(self.known_public_ip()).summary().sentence(),
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
