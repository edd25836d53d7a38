//! `k0smotron prepare-workers`: certificates from the management cluster onto workers.

use super::apply;
use super::clusters::{Management, now, sidecar};
use super::workers;
use crate::cluster::Cluster;
use crate::commands::flow;
use crate::failure::Result;
use crate::output::Console;
use crate::plan::k0smotron::{Material, SOON, plan};
use crate::plan::{Note, Plan};
use crate::report::Report;
use crate::settings::HostedSettings;

pub async fn run(settings: &HostedSettings, console: &Console) -> Report {
    let report = Report::new("k0smotron prepare-workers", settings.run.dry_run);
    flow::within(&settings.run, report, async |report| steps(settings, console, report).await).await
}

async fn steps(settings: &HostedSettings, console: &Console, report: &mut Report) -> Result<()> {
    let cluster = Cluster::connect(&settings.kubernetes).await?;
    let step = console
        .step(format!("read the secrets of {}/{} at {} ({})", settings.namespace, settings.cluster, cluster.server, cluster.context));
    let management = Management::read(cluster, settings).await?;
    // Before anybody is asked who may not answer.
    management.material(settings, settings.service_ip.or(management.service_ip()))?;
    step.done();
    let api = management.api().map(|(host, _)| host);
    let step = console.step(format!("look at {} worker(s) and the hosted cluster", settings.workers.len()));
    let (seen, hosted) = tokio::join!(workers::look(&settings.workers, api.as_ref()), management.hosted());
    let seen = workers::all(&settings.workers, seen)?;
    step.done();
    let known = hosted.as_ref().ok().and_then(|hosted| hosted.service.cluster_ip);
    let service_ip = settings.service_ip.or(management.service_ip()).or(known);
    let material = management.material(settings, service_ip)?;
    let mut whole = Plan { notes: notes(&material, service_ip.is_some()), ..Plan::default() };
    for one in &seen {
        let plan = plan(&one.state, &sidecar(hosted.as_ref().map_err(String::as_str), &one.state), &material)?;
        if let Some(api) = api.as_ref().filter(|_| one.state.resolved.is_empty()) {
            whole
                .notes
                .push(Note::warning(format!("{} can't resolve {api}, and HAProxy doesn't start without its address", one.state.host)));
        }
        whole.changes.extend(plan.changes);
        whole.notes.extend(plan.notes);
    }
    report.set_plan(whole);
    if settings.run.dry_run {
        return Ok(());
    }
    if !report.plan.changes.is_empty() {
        console.plan(&report.plan);
        if !settings.run.yes {
            console.confirm("Apply these changes?", "confirm with `--yes`, or look at the plan with `--dry-run`").await?;
        }
    } else {
        console.notes(&report.plan.notes);
    }
    let writer = hosted.as_ref().ok().map(|hosted| hosted.cluster.writer());
    // One after the other, each seen to work: a certificate that doesn't do stops at the first.
    for one in &seen {
        apply::worker(one, &material, writer.as_ref(), report, console).await?;
        apply::prove(one, &material, report).await?;
    }
    for one in seen {
        one.worker.close().await;
    }
    Ok(())
}

fn notes(material: &Material, service_ip_is_known: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    let left = material.leaf.not_after - i64::try_from(now().as_secs()).unwrap_or(i64::MAX);
    if left < i64::try_from(SOON.as_secs()).unwrap_or(i64::MAX) {
        notes.push(Note::warning(format!(
            "the sidecar's certificate ends on {}; nothing renews it by itself on these workers",
            material.leaf.not_after_date
        )));
    }
    if !service_ip_is_known {
        notes.push(Note::warning(
            "the address of the Service kubernetes is not known, so it wasn't checked whether the certificate is for it; name it with --service-ip",
        ));
    }
    notes
}
