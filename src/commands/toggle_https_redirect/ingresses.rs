//! Each Ingress by itself, through the Kubernetes API alone.

use futures_util::StreamExt;

use crate::cluster::{Cluster, ClusterWriter};
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::Note;
use crate::plan::change::Change;
use crate::plan::https_redirect::{self, BEFORE, Decision, Edit, UNTIL, Wanted};
use crate::plan::ingress::IngressClass;
use crate::report::{Report, Status};
use crate::settings::{Ingresses, ToggleSettings};

/// Ingresses that are written at the same time.
const AT_ONCE: usize = 8;

pub async fn steps(settings: &ToggleSettings, at: &Ingresses, console: &Console, report: &mut Report) -> Result<()> {
    let step = console.step("read the Ingresses");
    let cluster = Cluster::connect(&at.kubernetes).await?;
    let (mut ingresses, classes) = tokio::try_join!(cluster.ingresses(&at.scope), cluster.ingress_classes())?;
    step.done();
    if !at.names.is_empty() {
        if let Some(missing) = at.names.iter().find(|name| !ingresses.iter().any(|ingress| ingress.name == **name)) {
            let place = at.scope.namespace.as_deref().unwrap_or("any namespace");
            return Err(Failure::usage(format!("there is no Ingress {missing} in {place}")).state("nothing was touched"));
        }
        ingresses.retain(|ingress| at.names.contains(&ingress.name));
    }
    let off = ingresses.iter().filter(|ingress| ingress.annotations.contains_key(BEFORE)).count();
    let wanted = match settings.wanted {
        Some(wanted) => wanted,
        None => {
            let (question, then) = if off > 0 {
                (format!("The redirect is off for {off} of {} Ingresses. Turn it on again?", ingresses.len()), Wanted::On)
            } else {
                (format!("The redirect of {} Ingresses is as their owners have it. Turn it off?", ingresses.len()), Wanted::Off)
            };
            console.confirm(&question, "say `--disable-https` or `--enable-https`").await?;
            then
        }
    };
    let until = settings.until.map(|until| until.to_string());
    let mut plan = https_redirect::plan(&ingresses, &classes, wanted, until.as_deref());
    if ingresses.is_empty() {
        let place = at.scope.namespace.as_ref().map_or("any namespace".to_owned(), |name| format!("namespace {name}"));
        let labels = at.scope.selector.as_ref().map(|labels| format!(" with {labels}")).unwrap_or_default();
        plan.notes.push(Note::warning(format!("there is no Ingress{labels} in {place}")));
    }
    report.set_plan(plan);
    drop(ingresses);
    if settings.run.dry_run {
        return Ok(());
    }
    // Also where nothing changes: its notes say what is left as it is.
    console.plan(&report.plan);
    if report.plan.changes.is_empty() {
        return Ok(());
    }
    if !settings.run.yes {
        console.confirm("Apply these changes?", "confirm with `--yes`, or look at the plan with `--dry-run`").await?;
    }
    let objects = match report.plan.changes.len() {
        1 => "1 Ingress".to_owned(),
        many => format!("{many} Ingresses"),
    };
    let step = console.step(format!("write {objects} of {} ({})", cluster.server, cluster.context));
    let ended = write(&cluster.writer(), &classes, wanted, report).await;
    step.ended(ended.is_ok());
    ended
}

/// All of them, though some may fail; the first failure is told.
async fn write(writer: &ClusterWriter, classes: &[IngressClass], wanted: Wanted, report: &Report) -> Result<()> {
    let edits = report.plan.changes.iter().enumerate().filter_map(|(index, change)| match change {
        Change::EditIngress(edit) => Some((index, edit)),
        _ => None,
    });
    let written = futures_util::stream::iter(edits).map(async |(index, edit)| {
        report.set_status(index, Status::Running);
        let ended = apply(writer, classes, wanted, edit).await;
        report.set_status(index, if ended.is_ok() { Status::Done } else { Status::Failed });
        ended
    });
    let failures: Vec<Failure> = written.buffer_unordered(AT_ONCE).filter_map(async |ended| ended.err()).collect().await;
    match failures.len() {
        0 => Ok(()),
        1 => failures.into_iter().next().map_or(Ok(()), Err),
        count => failures.into_iter().next().map_or(Ok(()), |first| {
            let what = format!("{} ({} more failed)", first.what, count - 1);
            Err(Failure { what, ..first })
        }),
    }
}

async fn apply(writer: &ClusterWriter, classes: &[IngressClass], wanted: Wanted, edit: &Edit) -> Result<()> {
    let until = edit.after.get(UNTIL).cloned().flatten();
    // The same value that was shown, or none.
    writer
        .annotate(edit, |now| {
            matches!(https_redirect::decide(now, classes, wanted, until.as_deref()), Decision::Edit(same) if same.after == edit.after && same.before == edit.before)
        })
        .await
}
