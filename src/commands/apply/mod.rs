//! Performs the plan that was shown, lane by lane: in a set-up lanes run at the same time, in a cleanup one after the
//! other. When one fails, the others finish the change they are at and stop.

mod images;
mod perform;
mod services;

use std::cell::Cell;
use std::net::Ipv4Addr;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio::sync::{oneshot, watch};

use crate::aws::Aws;
use crate::failure::{Failure, Result};
use crate::node::{Node, StepEvent, Stopped};
use crate::output::{Console, Step};
use crate::plan::change::{Change, Deferred};
use crate::plan::lane::Lane;
use crate::plan::node::NodeChange;
use crate::report::{Report, Status};
use perform::Performer;
pub use services::Services;

pub struct Applier<'a> {
    performer: Performer<'a>,
    node: Option<&'a Node>,
    console: &'a Console,
    /// The applications' public address once it is settled.
    settled: watch::Sender<Option<Ipv4Addr>>,
    /// The one that the node was set up for.
    on_node: Cell<Option<Ipv4Addr>>,
    stopped: Cell<bool>,
}

/// What was seen on the applications' address.
pub struct Looked<T> {
    pub address: Ipv4Addr,
    pub seen: T,
}

/// Changes of one lane. Route 53 takes five requests a second of an account.
const AT_ONCE: usize = 4;

impl<'a> Applier<'a> {
    pub fn new(aws: &'a Aws, node: Option<&'a Node>, console: &'a Console, public_ip: Deferred<Ipv4Addr>) -> Self {
        let settled = watch::Sender::new(public_ip.known());
        Self { performer: Performer::new(aws), node, console, settled, on_node: Cell::default(), stopped: Cell::new(false) }
    }

    /// Everything that the data path needs, and what `look` sees on the applications' address. It looks while a fresh
    /// connection still has to confirm that the node can be reached.
    ///
    /// # Errors
    /// The first failure; the report says what the other lanes had done by then.
    pub async fn data_path<T>(&self, report: &Report, look: impl AsyncFnOnce(Ipv4Addr) -> T) -> Result<Looked<T>> {
        let (in_account, when_in_account) = oneshot::channel();
        let (on_node, when_on_node) = oneshot::channel();
        let account = async {
            let ended = self.in_account(report).await;
            if ended.is_ok() {
                let _ = in_account.send(());
            }
            ended
        };
        let looked = async {
            let (Ok(()), Ok(())) = (when_in_account.await, when_on_node.await) else { return Err(Failure::failed("nobody has looked")) };
            self.look(look).await
        };
        let (account, node, looked) = tokio::join!(account, self.node_when_settled(report, on_node), looked);
        account.and(node).and(looked)
    }

    /// The same without a proxy: kube-proxy serves the address before our things go off the node.
    ///
    /// # Errors
    /// As [`Self::data_path`].
    pub async fn by_service<T>(&self, report: &Report, services: &Services, look: impl AsyncFnOnce(Ipv4Addr) -> T) -> Result<Looked<T>> {
        self.in_account(report).await?;
        self.services(report, services).await?;
        self.node_lane(report, self.known(), None).await?;
        self.look(look).await
    }

    /// What is left to do about our Service.
    ///
    /// # Errors
    /// As [`Self::data_path`].
    pub async fn services(&self, report: &Report, services: &Services) -> Result<()> {
        self.each(report, Lane::Service, async |change, _| services.perform(change, self.known()).await).await
    }

    /// Remembers what is proven.
    ///
    /// # Errors
    /// As [`Self::data_path`].
    pub async fn remember(&self, report: &Report) -> Result<()> {
        self.lane(report, Lane::DataPath).await
    }

    /// What the records were before, in the tags of what they are to lead to.
    ///
    /// # Errors
    /// As [`Self::data_path`].
    pub async fn remember_records(&self, report: &Report) -> Result<()> {
        self.lane(report, Lane::RecordsBefore).await
    }

    /// The records, once the data path has been seen to work.
    ///
    /// # Errors
    /// As [`Self::data_path`].
    pub async fn records(&self, report: &Report) -> Result<()> {
        self.lane(report, Lane::Dns).await
    }

    /// One lane of a cleanup.
    ///
    /// # Errors
    /// As [`Self::data_path`].
    pub async fn cleanup(&self, report: &Report, lane: Lane) -> Result<()> {
        if lane == Lane::Node { self.node_lane(report, None, None).await } else { self.lane(report, lane).await }
    }

    async fn look<T>(&self, look: impl AsyncFnOnce(Ipv4Addr) -> T) -> Result<Looked<T>> {
        let address = self.known().ok_or_else(|| Failure::failed("the applications' address is not known after all changes"))?;
        if let Some(ip) = self.on_node.get().filter(|ip| *ip != address) {
            return Err(Failure::failed(format!("the node was set up for {ip}, and another run has been quicker with its own address"))
                .next("run the command again: it sets the node up for that one"));
        }
        Ok(Looked { address, seen: look(address).await })
    }

    async fn in_account(&self, report: &Report) -> Result<()> {
        let (address, firewall) = tokio::join!(self.address_lane(report), self.lane(report, Lane::Firewall));
        address.and(firewall)
    }

    async fn address_lane(&self, report: &Report) -> Result<()> {
        let ended = self.lane(report, Lane::Address).await;
        if ended.is_ok() {
            self.settle();
        }
        ended
    }

    async fn lane(&self, report: &Report, lane: Lane) -> Result<()> {
        let perform = async |change: &Change, step: &Step| {
            if matches!(change, Change::AssociateElasticIp { .. }) {
                self.settle();
            }
            self.performer.perform(change, self.known(), step).await
        };
        self.each(report, lane, perform).await
    }

    /// The node's own changes need both addresses, and not that AWS has connected them.
    fn settle(&self) {
        if let Some(public_ip) = self.performer.public_ip() {
            self.settled.send_replace(Some(public_ip));
        }
    }

    /// The changes of a lane one after the other, those that don't depend on each other at once, each made so by `perform`.
    ///
    /// # Errors
    /// As [`Self::data_path`].
    pub async fn each(&self, report: &Report, lane: Lane, perform: impl AsyncFn(&Change, &Step) -> Result<()>) -> Result<()> {
        let changes = report.plan.changes.iter().enumerate();
        let planned: Vec<_> = changes.filter(|(index, change)| change.lane() == lane && report.status(*index) == Status::Planned).collect();
        for together in planned.chunk_by(|(_, one), (_, next)| one.is_independent() && next.is_independent()) {
            if self.stopped.get() {
                return Ok(());
            }
            self.still_ours().await?;
            let each = together.iter().map(
                async |(index, change)| {
                    if self.stopped.get() { Ok(()) } else { self.one(report, *index, change, &perform).await }
                },
            );
            stream::iter(each).buffered(AT_ONCE).collect::<Vec<_>>().await.into_iter().collect::<Result<()>>()?;
        }
        Ok(())
    }

    async fn one(
        &self,
        report: &Report,
        index: usize,
        change: &Change,
        perform: &impl AsyncFn(&Change, &Step) -> Result<()>,
    ) -> Result<()> {
        report.set_status(index, Status::Running);
        let step = self.console.step(change.with_public_ip(self.known()).summary().sentence());
        let ended = perform(change, &step).await;
        if ended.is_ok() {
            report.set_status(index, Status::Done);
            step.done_as(&self.performer.outcome(change, self.known()));
        } else {
            report.set_status(index, Status::Failed);
            self.stopped.set(true);
            step.failed();
        }
        ended
    }

    /// Another run may have taken the node away from this one. The other lanes stop as after a failure.
    async fn still_ours(&self) -> Result<()> {
        let Some(node) = self.node else { return Ok(()) };
        node.still_ours().await.inspect_err(|_| self.stopped.set(true))
    }

    fn known(&self) -> Option<Ipv4Addr> {
        self.performer.public_ip().or_else(|| *self.settled.borrow())
    }

    async fn node_when_settled(&self, report: &Report, all_done: oneshot::Sender<()>) -> Result<()> {
        match self.when_settled().await {
            Some(public_ip) => {
                self.on_node.set(Some(public_ip));
                self.node_lane(report, Some(public_ip), Some(all_done)).await
            }
            None => Ok(()),
        }
    }

    /// The node's changes go over in few batches, so they are one step here with a status each. `all_done` is told when
    /// all are done, which is before the end where they have to be confirmed.
    async fn node_lane(&self, report: &Report, public_ip: Option<Ipv4Addr>, mut all_done: Option<oneshot::Sender<()>>) -> Result<()> {
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
        let (Some(node), false) = (self.node, changes.is_empty()) else {
            let _ = all_done.map(|told| told.send(()));
            return Ok(());
        };
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
            if indices.iter().all(|index| report.status(*index) == Status::Done) {
                let _ = all_done.take().map(|told| told.send(()));
            }
        };
        let ended = node.apply(&changes, public_ip, on_step).await;
        match &ended {
            Ok(()) => step.done(),
            Err(Stopped { taken_back, .. }) => {
                let done =
                    taken_back.clone().filter_map(|position| indices.get(position)).filter(|index| report.status(**index) == Status::Done);
                done.for_each(|index| report.set_status(*index, Status::TakenBack));
                indices
                    .iter()
                    .filter(|index| report.status(**index) == Status::Running)
                    .for_each(|index| report.set_status(*index, Status::Failed));
                self.stopped.set(true);
                step.failed();
            }
        }
        ended.map_err(|stopped| stopped.failure)
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
}
