//! The changes of one worker, and the proof that its sidecar has read them.

use std::time::{Duration, Instant};

use super::workers::Seen;
use crate::cluster::ClusterWriter;
use crate::failure::{Failure, Result};
use crate::node::StepEvent;
use crate::output::Console;
use crate::plan::Note;
use crate::plan::change::Change;
use crate::plan::k0smotron::{K0smotronChange, Material, PORT, sha256};
use crate::plan::lane::Lane;
use crate::report::{Check, Report, Status};

/// Until the DaemonSet has made its pod anew and HAProxy listens.
const RESTART: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(500);

/// # Errors
/// A change failed, or the sidecar doesn't come back with the new files.
pub async fn worker(
    seen: &Seen,
    material: &Material,
    writer: Option<&ClusterWriter>,
    report: &mut Report,
    console: &Console,
) -> Result<()> {
    let of_worker = |change: &Change| match change {
        Change::K0smotron(change) if *change.worker() == seen.worker.host => Some(change.clone()),
        _ => None,
    };
    let ours: Vec<(usize, K0smotronChange)> =
        report.plan.changes.iter().enumerate().filter_map(|(index, change)| Some((index, of_worker(change)?))).collect();
    let (files, restarts): (Vec<_>, Vec<_>) = ours.into_iter().partition(|(_, change)| change.lane() == Lane::Node);
    if !files.is_empty() {
        write(seen, &files, material, report, console).await?;
    }
    for (index, change) in &restarts {
        let (K0smotronChange::Restart { pod, .. }, Some(writer)) = (change, writer) else { continue };
        report.set_status(*index, Status::Running);
        let step = console.step(change.summary().sentence());
        let ended = restart(seen, pod, material, writer).await;
        report.set_status(*index, if ended.is_ok() { Status::Done } else { Status::Failed });
        match &ended {
            Ok(()) => step.done(),
            Err(_) => step.failed(),
        }
        ended?;
    }
    Ok(())
}

async fn write(seen: &Seen, files: &[(usize, K0smotronChange)], material: &Material, report: &Report, console: &Console) -> Result<()> {
    let step = console.step(format!("put the certificates on {}", seen.worker.host));
    let changes: Vec<_> = files.iter().map(|(_, change)| change.clone()).collect();
    let on_step = |event: StepEvent| {
        let (StepEvent::Begin(at) | StepEvent::Done(at)) = event;
        if let Some((index, _)) = files.get(at) {
            report.set_status(*index, if event == StepEvent::Begin(at) { Status::Running } else { Status::Done });
        }
    };
    let ended = seen.worker.apply(&changes, material, on_step).await;
    match &ended {
        Ok(()) => step.done(),
        Err(_) => {
            let running = files.iter().filter(|(index, _)| report.status(*index) == Status::Running);
            running.for_each(|(index, _)| report.set_status(*index, Status::Failed));
            step.failed();
        }
    }
    ended
}

async fn restart(seen: &Seen, pod: &str, material: &Material, writer: &ClusterWriter) -> Result<()> {
    let started = Instant::now();
    writer.delete_sidecar(pod).await?;
    loop {
        let now = seen.worker.read(None).await?;
        if now.listener.as_ref().is_some_and(|listener| listener.is_sidecar()) && now.served.is_some() && !now.is_stale(material) {
            return Ok(());
        }
        if started.elapsed() > RESTART {
            return Err(Failure::failed(format!("the sidecar on {} didn't come back with the new certificate", seen.worker.host))
                .because(if now.listener.is_none() { format!("nothing listens on {PORT}") } else { "the old one still has the port".to_owned() })
                .after(started.elapsed())
                .state("its files are in place, and its pod was deleted")
                .next("see why the DaemonSet's new pod doesn't run: kubectl -n default describe pod -l app=k0smotron-haproxy, in the hosted cluster")
                .next("then run the command again"));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What a pod on the worker gets from the API server now.
pub async fn prove(seen: &Seen, material: &Material, report: &mut Report) -> Result<()> {
    let host = &seen.worker.host;
    let now = seen.worker.read(None).await?;
    if now.listener.is_none() {
        report.remarks.push(Note::info(format!(
            "nothing listens on {PORT} of {host} yet: the sidecar starts when the node has joined, or within 5 minutes if it failed without its files"
        )));
        return Ok(());
    }
    if now.is_stale(material) {
        report.checks.push(Check { name: "sidecar", ok: false, detail: format!("{host}: it runs with the certificate from before") });
        return Ok(());
    }
    let asked = seen.worker.version(&material.roots).await;
    let (ok, detail) = match &asked {
        Ok(version) if sha256(&version.leaf) == material.leaf_sha256 => {
            (true, format!("{host}: {} through port {PORT}, certificate until {}", version.git_version, material.leaf.not_after_date))
        }
        Ok(_) => (false, format!("{host}: port {PORT} shows another certificate")),
        Err(failure) => (false, format!("{host}: {failure}")),
    };
    report.checks.push(Check { name: "sidecar", ok, detail });
    let shown =
        asked.and_then(|_| if ok { Ok(()) } else { Err(Failure::failed(format!("port {PORT} of {host} shows another certificate"))) });
    shown.map_err(|failure| {
        failure
            .state("the certificates are in place")
            .next("see whether the sidecar reaches the API server's ingress: `k8sport k0smotron diagnose` looks at each hop")
    })
}
