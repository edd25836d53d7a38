//! `teardown`: deletes the whole cluster with everything that belongs to it, and says what is left.

mod local;
mod observe;
mod perform;

use super::apply::Applier;
use super::{cleanup, flow, remains};
use crate::cluster::kops::Version;
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::change::{Change, Deferred};
use crate::plan::lane::Lane;
use crate::plan::residue::Residue;
use crate::plan::teardown::{self, LANES, Subject, TeardownChange, Wanted};
use crate::plan::usage::ADDRESS_PER_MONTH;
use crate::plan::{Note, images};
use crate::report::{Report, Status};
use crate::settings::TeardownSettings;
use observe::Observation;
use perform::Performer;

type Which = fn(&Change) -> bool;

/// What is asked about by itself, beside the cluster's name.
const QUESTIONS: [(Which, &str); 4] = [
    (|change| change.lane() == Lane::Images, "Delete these image repositories for good?"),
    (|change| change.lane() == Lane::StateStore, "Delete the cluster's state for good, all versions?"),
    (|change| matches!(change, Change::Teardown(TeardownChange::File(_))), "Delete these files of this machine?"),
    (|change| matches!(change, Change::Teardown(TeardownChange::Kubeconfig { .. })), "Take the cluster out of the kubeconfig?"),
];

pub async fn run(settings: &TeardownSettings, console: &Console) -> Report {
    let report = Report::new("teardown", settings.common.run.dry_run);
    flow::within(&settings.common.run, report, async |report| steps(settings, console, report).await).await
}

async fn steps(settings: &TeardownSettings, console: &Console, report: &mut Report) -> Result<()> {
    let observation = observe::observe(settings, console).await?;
    let wanted = Wanted {
        cluster: settings.common.context.cluster.clone(),
        state_store: settings.state_store.clone(),
        delete_state_store: settings.delete_state_store,
    };
    let mut plan = teardown::plan(&observation.subject, &wanted);
    let Subject { tagged, stored, .. } = &observation.subject;
    if plan.changes.is_empty() && tagged.is_empty() && stored.as_ref().is_none_or(|stored| stored.versions == 0) {
        remains::check_name(&observation.aws, &observation.subject.remains, &settings.common).await?;
    }
    plan.notes.extend(without_applications(&observation, settings));
    plan.notes.extend(cleanup::stays(&observation.subject.remains, &settings.common));
    report.target = observation.target.clone();
    report.set_plan(plan);
    report.saves_usd = Some(savings(report, &observation.subject));
    if settings.common.run.dry_run {
        return Ok(());
    }
    if let Some(target) = &report.target {
        console.target(target);
    }
    console.plan(&report.plan);
    if !report.plan.changes.is_empty() {
        if changes(report, Lane::ClusterDeletion) {
            // Before anything is touched: without kOps it would stop in the middle.
            Version::of_kops().await?;
        }
        known_to_kops(settings, &observation.subject)?;
        confirm(settings, &observation, console).await?;
        for (asked, question) in QUESTIONS {
            let any = report.plan.changes.iter().any(asked);
            if any && !settings.common.run.yes && !console.ask(question, "confirm with `--yes`").await? {
                skip(report, asked);
            }
        }
        apply(settings, &observation, console, report).await?;
    }
    let residue = observe::residue(&observation.aws, settings, report, console).await?;
    let left = still_there(&residue, settings);
    report.residue = Some(residue);
    left.map_or(Ok(()), Err)
}

/// Else applications, names and address would go, and the cluster would stay.
fn known_to_kops(settings: &TeardownSettings, subject: &Subject) -> Result<()> {
    let (context, store) = (&settings.common.context, &settings.state_store);
    match &subject.remains.instance {
        Some(node) if !subject.is_configured() => {
            Err(Failure::refused(format!("kOps can't delete {}: it isn't in {store}", context.cluster))
                .because(format!("its node {} is {}, and would stay without its applications, names and address", node.id, node.state))
                .state("nothing was changed")
                .next("name the state store that has it with `--state-store`")
                .next(format!("or remove k8sport's part alone: {}", context.again.command("cleanup")))
                .next("or, if its state is lost: terminate its instances, then run this again"))
        }
        _ => Ok(()),
    }
}

async fn apply(settings: &TeardownSettings, observation: &Observation, console: &Console, report: &Report) -> Result<()> {
    let applier = Applier::new(&observation.aws, None, console, Deferred::AfterApply);
    let performer = Performer::new(settings, observation);
    for lane in LANES {
        match lane {
            Lane::Applications | Lane::ClusterDeletion | Lane::StateStore | Lane::LocalConfig => {
                applier.each(report, lane, async |change, step| performer.perform(change, step).await).await?;
            }
            _ => applier.cleanup(report, lane).await?,
        }
    }
    Ok(())
}

/// The name, typed or given; and a word more where applications can't be deleted first.
async fn confirm(settings: &TeardownSettings, observation: &Observation, console: &Console) -> Result<()> {
    let cluster = &settings.common.context.cluster;
    if let Some(unreachable) = &observation.unreachable
        && !settings.skip_applications
        && !console
            .ask(
                "The API server can't be asked, so load balancers and volumes of applications may stay. Go on without?",
                "go on without deleting applications first: --skip-applications",
            )
            .await
            .map_err(|failure| failure.because(unreachable))?
    {
        return Err(Failure::refused("not confirmed").state("nothing was changed"));
    }
    let confirmed = match &settings.confirm {
        Some(name) => name == cluster,
        None => {
            console
                .typed(
                    &format!("Type the cluster's name to delete it ({cluster})"),
                    cluster.as_str(),
                    &format!("confirm with `--confirm {cluster}`; --yes alone isn't enough"),
                )
                .await?
        }
    };
    if confirmed {
        return Ok(());
    }
    Err(Failure::refused("not confirmed: that isn't the cluster's name")
        .state("nothing was changed")
        .next(format!("say `--confirm {cluster}`, or type it")))
}

fn without_applications(observation: &Observation, settings: &TeardownSettings) -> Option<Note> {
    match &observation.unreachable {
        Some(_) if settings.skip_applications => Some(Note::info("applications aren't deleted first (--skip-applications)")),
        Some(why) => Some(Note::warning(format!("applications can't be deleted first, so what they had in AWS may stay: {why}"))),
        None => None,
    }
}

fn changes(report: &Report, lane: Lane) -> bool {
    report.plan.changes.iter().any(|change| change.lane() == lane)
}

fn skip(report: &Report, which: Which) {
    let skipped = report.plan.changes.iter().enumerate().filter(|(_, change)| which(change));
    skipped.for_each(|(index, _)| report.set_status(index, Status::Skipped));
}

/// For what has a price here; instances have none.
fn savings(report: &Report, subject: &Subject) -> f64 {
    let with_cluster = if changes(report, Lane::ClusterDeletion) {
        subject.tagged.iter().filter_map(|tagged| tagged.item().monthly_cost_usd).sum()
    } else {
        0.0
    };
    let others = report.plan.changes.iter().map(|change| match change {
        Change::ReleaseElasticIp { .. } => ADDRESS_PER_MONTH,
        Change::Images(change) => images::per_month(change.bytes()),
        _ => 0.0,
    });
    with_cluster + others.sum::<f64>()
}

fn still_there(residue: &Residue, settings: &TeardownSettings) -> Option<Failure> {
    if residue.is_empty() {
        return None;
    }
    let cluster = &settings.common.context.cluster;
    Some(
        Failure::failed(format!("{} of {cluster} still there", images::counted(residue.items.len(), "thing")))
            .next("run the same command again: it goes on from what is there")
            .next("what it leaves then is not kOps' and not ours: delete it by hand"),
    )
}
