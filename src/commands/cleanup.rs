//! `cleanup`: takes down what k8sport made for a cluster, group by group, DNS first and the address last.

use super::apply::{Applier, Services};
use super::flow;
use super::remains::{self, Found, OnNode};
use crate::cluster::Cluster;
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::change::{Change, Deferred};
use crate::plan::cleanup::{self, Remains, Wanted};
use crate::plan::lane::Lane;
use crate::plan::usage::ADDRESS_PER_MONTH;
use crate::plan::{Note, elastic_ip};
use crate::report::{NOTHING_CHANGED, Report, Status};
use crate::settings::Settings;

#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub skip_node: bool,
    pub purge_packages: bool,
    pub release_unassociated: bool,
}

impl Options {
    fn on_node(self, lock: bool) -> OnNode {
        match (self.skip_node, lock) {
            (true, _) => OnNode::Skip,
            (false, true) => OnNode::Lock,
            (false, false) => OnNode::Look,
        }
    }
}

/// In this order, and what the question about each is.
const LANES: [(Lane, &str); 6] = [
    (Lane::Dns, "Put these DNS records back?"),
    (Lane::Service, "Remove our Service from the cluster?"),
    (Lane::Node, "Take k8sport off the node?"),
    (Lane::Address, "Remove the association and the private IP?"),
    (Lane::Firewall, "Remove the security group?"),
    (Lane::Release, "Let go of the Elastic IP?"),
];

pub async fn run(settings: &Settings, options: Options, console: &Console) -> Report {
    let report = Report::new("cleanup", settings.run.dry_run);
    flow::within(&settings.run, report, async |report| steps(settings, options, console, report).await).await
}

async fn steps(settings: &Settings, options: Options, console: &Console, report: &mut Report) -> Result<()> {
    let found = remains::observe(settings, options.on_node(!settings.run.dry_run), console).await?;
    remains::check_name(&found.aws, &found.remains, settings).await?;
    let wanted = Wanted { cluster: settings.context.cluster.clone(), purge_packages: options.purge_packages };
    let mut plan = cleanup::plan(&found.remains, &wanted);
    plan.notes.extend(gone(&found, options));
    plan.notes.extend(stays(&found.remains, settings));
    report.target = found.target.clone();
    report.set_plan(plan);
    report.saves_usd = Some(savings(report, Status::Planned));
    if settings.run.dry_run {
        return Ok(());
    }
    if let Some(target) = &report.target {
        console.target(target);
    }
    console.plan(&report.plan);
    let applier = Applier::new(&found.aws, found.node.as_ref(), console, Deferred::AfterApply);
    report.saves_usd = None;
    let services = Services { writer: found.cluster.as_ref().map(Cluster::writer) };
    for (lane, question) in LANES {
        if !report.plan.changes.iter().any(|change| change.lane() == lane) {
            continue;
        }
        if let Some(reason) = held_back(report, lane) {
            report.remarks.push(Note::warning(reason));
            skip(report, lane);
        } else if settings.run.yes || console.ask(question, "confirm with `--yes`, or look at the plan with `--dry-run`").await? {
            match lane {
                Lane::Service => applier.services(report, &services).await?,
                _ => applier.cleanup(report, lane).await?,
            }
        } else {
            skip(report, lane);
        }
    }
    report.saves_usd = Some(savings(report, Status::Done));
    if options.release_unassociated {
        release_unassociated(&applier, &found.remains, console, report).await?;
    }
    // Until then nobody else sets up anew what is taken down here.
    let left = if report.has_begun() {
        nothing_left(settings, options, console, report).await
    } else if indices(report, Status::Skipped).next().is_some() {
        Err(Failure::refused("not confirmed").state(NOTHING_CHANGED))
    } else {
        Ok(())
    };
    if let Some(node) = found.node {
        node.close().await;
    }
    left
}

/// DNS first, address last: what would break a name that still leads here isn't even asked about.
fn held_back(report: &Report, lane: Lane) -> Option<String> {
    let skipped = |lane| indices(report, Status::Skipped).any(|(_, change)| change.lane() == lane);
    match lane {
        Lane::Address | Lane::Release if skipped(Lane::Dns) => Some("the address stays, since DNS records still lead to it".to_owned()),
        Lane::Address | Lane::Release if skipped(Lane::Service) => Some("the address stays, since the Service still has it".to_owned()),
        Lane::Release if skipped(Lane::Address) => Some("the Elastic IP stays, since it is still associated".to_owned()),
        _ => None,
    }
}

/// Only what was skipped may still be there.
async fn nothing_left(settings: &Settings, options: Options, console: &Console, report: &Report) -> Result<()> {
    let Found { remains, node, .. } = remains::observe(settings, options.on_node(false), console).await?;
    if let Some(node) = node {
        node.close().await;
    }
    let wanted = Wanted { cluster: settings.context.cluster.clone(), purge_packages: options.purge_packages };
    let skipped: Vec<_> = indices(report, Status::Skipped).map(|(_, change)| change.lane()).collect();
    let left = cleanup::plan(&remains, &wanted).changes.into_iter().find(|change| !skipped.contains(&change.lane()));
    left.map_or(Ok(()), |change| {
        Err(Failure::failed(format!("something is left: {}", change.summary().sentence())).next("run the same command again"))
    })
}

fn skip(report: &Report, lane: Lane) {
    let of_lane: Vec<_> = indices(report, Status::Planned).filter(|(_, change)| change.lane() == lane).map(|(index, _)| index).collect();
    of_lane.into_iter().for_each(|index| report.set_status(index, Status::Skipped));
}

fn indices(report: &Report, status: Status) -> impl Iterator<Item = (usize, &Change)> {
    report.plan.changes.iter().enumerate().filter(move |(index, _)| report.status(*index) == status)
}

fn savings(report: &Report, status: Status) -> f64 {
    indices(report, status).filter(|(_, change)| matches!(change, Change::ReleaseElasticIp { .. })).map(|_| ADDRESS_PER_MONTH).sum()
}

fn gone(found: &Found, options: Options) -> Option<Note> {
    match &found.remains.instance {
        None if !found.nodes.is_empty() => Some(Note::warning(format!(
            "the cluster has {} control-plane nodes and our tags name none of them, so none is looked at: name one with `--instance-id`",
            found.nodes.len()
        ))),
        None => Some(Note::info("the cluster's node is gone, and what was on it with it")),
        Some(_) if options.skip_node => Some(Note::info("the node is left as it is (--skip-node)")),
        Some(instance) if instance.state != "running" => {
            Some(Note::warning(format!("node {} is {}: what is on its disk stays", instance.id, instance.state)))
        }
        Some(_) => None,
    }
}

/// What is deliberately left: every Elastic IP that isn't this cluster's, and why.
pub(super) fn stays(remains: &Remains, settings: &Settings) -> Vec<Note> {
    let others = remains.elastic_ips.iter().filter(|address| !address.is_for(&settings.context.cluster));
    let mut notes: Vec<_> = others
        .map(|address| {
            Note::info(format!(
                "{} stays, it isn't ours: {}, {}",
                address.public_ip,
                elastic_ip::in_use_by(address),
                elastic_ip::whose(address)
            ))
        })
        .collect();
    if let Some(quota) = remains.quota {
        let used = remains.elastic_ips.len();
        notes.push(Note::info(format!("Elastic IPs used in {}: {used} of {}", remains.account.region, quota.limit)));
    }
    notes
}

/// Free addresses that carry nobody's k8sport tag, one question each.
async fn release_unassociated(applier: &Applier<'_>, remains: &Remains, console: &Console, report: &mut Report) -> Result<()> {
    let free = remains.elastic_ips.iter().filter(|address| address.association.is_none() && address.cluster().is_none());
    for address in free {
        let expected = address.public_ip.to_string();
        let question =
            format!("{expected} is free ({}). Type the address to release it for good, or nothing to leave it", elastic_ip::whose(address));
        if console.typed(&question, &expected, "`--release-unassociated` asks about every address, so it needs a terminal").await? {
            report.add(Change::ReleaseElasticIp { allocation_id: address.allocation_id.clone(), public_ip: address.public_ip });
            applier.cleanup(report, Lane::Release).await?;
        }
    }
    Ok(())
}
