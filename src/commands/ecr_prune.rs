//! `ecr prune`: of each named repository the newest images stay.

use std::collections::BTreeSet;

use super::apply::Applier;
use super::flow;
use crate::aws::{Aws, Repositories};
use crate::cluster::{Cluster, KubernetesOptions};
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::Note;
use crate::plan::change::{Change, Deferred};
use crate::plan::images::{Prune, Repository, per_month, prune};
use crate::plan::lane::Lane;
use crate::report::Report;
use crate::settings::EcrPruneSettings;

pub async fn run(settings: &EcrPruneSettings, console: &Console) -> Report {
    let report = Report::new("ecr-prune", settings.run.dry_run);
    flow::within(&settings.run, report, async |report| steps(settings, console, report).await).await
}

async fn steps(settings: &EcrPruneSettings, console: &Console, report: &mut Report) -> Result<()> {
    let step = console.step("read the repositories");
    let aws = Aws::connect(&settings.aws).await?;
    let (account, repositories) = tokio::try_join!(aws.account(), aws.repositories(&settings.repositories))?;
    step.done();
    complete(&settings.repositories, &repositories, &account.region)?;
    let in_use = in_use(settings, console).await?;
    let wanted = Prune { keep: settings.keep, lifecycle: settings.lifecycle, force: settings.force, in_use };
    let mut plan = prune(&repositories, &wanted);
    if settings.contexts.is_empty() && !plan.changes.is_empty() {
        plan.notes.push(Note::warning("no cluster was asked what it uses: name those that use these images with --context"));
    }
    report.set_plan(plan);
    report.saves_usd = Some(savings(report));
    if settings.run.dry_run {
        return Ok(());
    }
    console.account(&account);
    console.plan(&report.plan);
    if report.plan.changes.is_empty() {
        return Ok(());
    }
    if !settings.run.yes {
        console.confirm("Delete these images?", "confirm with `--yes`, or look at the plan with `--dry-run`").await?;
    }
    Applier::new(&aws, None, console, Deferred::AfterApply).cleanup(report, Lane::Images).await
}

/// What the named clusters use. One that can't be asked may use anything, so it is no success.
async fn in_use(settings: &EcrPruneSettings, console: &Console) -> Result<BTreeSet<String>> {
    let mut images = BTreeSet::new();
    for context in &settings.contexts {
        let step = console.step(format!("ask {context} which images it uses"));
        let options = KubernetesOptions { kubeconfig: settings.kubeconfig.clone(), context: Some(context.clone()) };
        images.extend(Cluster::connect(&options).await?.images().await?);
        step.done();
    }
    Ok(images)
}

/// A name that leads nowhere is more likely a slip of the pen than a repository that is gone.
fn complete(wanted: &Repositories, found: &[Repository], region: &str) -> Result<()> {
    let there = |name: &&crate::names::RepositoryName| found.iter().any(|repository| repository.name == **name);
    let missing: Vec<_> = wanted.names.iter().filter(|name| !there(name)).map(ToString::to_string).collect();
    let what = match (missing.as_slice(), &wanted.prefix) {
        ([], Some(prefix)) if found.is_empty() => format!("no repository in {region} has a name that begins with {prefix}"),
        ([], _) => return Ok(()),
        (missing, _) => format!("there is no repository {} in {region}", missing.join(", ")),
    };
    Err(Failure::usage(what).state("nothing was changed").next("look at their names: aws ecr describe-repositories"))
}

fn savings(report: &Report) -> f64 {
    let freed = report.plan.changes.iter().map(|change| match change {
        Change::Images(change) => change.bytes(),
        _ => 0,
    });
    per_month(freed.sum())
}
