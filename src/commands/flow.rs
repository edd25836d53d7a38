//! Observe → plan → show → confirm → apply → verify: what every command does, under one deadline and one Ctrl-C.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use signal_hook::flag;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::apply::{Applier, Services};
use super::observe::{Observation, observe};
use super::proof::{Proof, Proven};
use crate::failure::{Failure, Kind, Result};
use crate::node::Node;
use crate::output::{Console, question_is_open};
use crate::plan::change::Change;
use crate::plan::data_path::DataPath;
use crate::plan::elastic_ip::{Choice, Reuse, Why};
use crate::plan::lane::Lane;
use crate::plan::usage::ADDRESS_PER_MONTH;
use crate::plan::whole::{self, Planned, Scope, Wanted};
use crate::report::{Access, NOTHING_CHANGED, Report};
use crate::settings::{Run, Settings};

pub async fn run(command: &'static str, settings: &Settings, scope: Scope, next: Vec<String>, console: &Console) -> Report {
    let report = Report::new(command, settings.run.dry_run);
    within(&settings.run, report, async |report| steps(settings, scope, next, console, report).await).await
}

/// Runs a command's steps to their end, their deadline or the first signal. The report tells how far they came in each case.
pub async fn within(run: &Run, mut report: Report, steps: impl AsyncFnOnce(&mut Report) -> Result<()>) -> Report {
    let ended = limited(report.command, run, steps(&mut report)).await;
    let Err(failure) = ended.and_then(|ended| ended) else { return report };
    report.error = Some(with_state(failure, &report));
    report.name_the_policy(&run.said);
    report
}

/// `steps` to its end, or the failure of the deadline or the first signal.
pub async fn limited<T>(command: &str, run: &Run, steps: impl Future<Output = T>) -> Result<T> {
    let since = Instant::now();
    tokio::select! {
        ended = steps => Ok(ended),
        () = tokio::time::sleep(run.timeout) => Err(late(command).after(since.elapsed()).next("give it more time with `--timeout`")),
        signal = interruption() => Err(Failure::interrupted(format!("{command} was stopped by {signal}"))),
    }
}

fn late(command: &str) -> Failure {
    if question_is_open() {
        return Failure::refused("not confirmed: the question was not answered within the command's limit").next("run it again and answer");
    }
    Failure::failed(format!("{command} did not end within its limit")).next("run it again: it goes on from what is there")
}

/// What a failure knows of its own change, and how far the plan has come.
fn with_state(failure: Failure, report: &Report) -> Failure {
    let progress = report.progress();
    let goes_on = failure.kind == Kind::Interrupted && report.has_begun();
    let failure = if goes_on { failure.next("run the same command again: it goes on from what is there") } else { failure };
    match (&failure.state, report.has_begun()) {
        (Some(_), false) => failure,
        // It is so for the step that failed, and not for the run.
        (Some(own), true) if own == NOTHING_CHANGED => failure.state(progress),
        // The other way round: no change is done, and the one that failed may have left something.
        (Some(_), true) if progress == NOTHING_CHANGED => failure,
        (Some(own), true) => {
            let state = format!("{own}; {progress}");
            failure.state(state)
        }
        (None, _) => failure.state(progress),
    }
}

/// Waits for the first signal that asks us to end. A second one of its kind ends the process at once.
pub async fn interruption() -> &'static str {
    tokio::select! {
        () = first(SignalKind::interrupt()) => "Ctrl-C",
        () = first(SignalKind::terminate()) => "SIGTERM",
        () = first(SignalKind::hangup()) => "the end of its terminal (SIGHUP)",
    }
}

/// `timeout` sends its signal to the process and to its group: two within this time are one request.
const ONE_REQUEST: Duration = Duration::from_millis(200);

/// Waits for a signal for the first time. The second one of its kind ends the process at once, whatever it is doing. One
/// that was ignored when we were started (`nohup`) stays so.
async fn first(kind: SignalKind) {
    let number = kind.as_raw_value();
    if is_ignored(number) {
        return std::future::pending().await;
    }
    let armed = Arc::new(AtomicBool::new(false));
    let (Ok(_), Ok(mut signal)) = (flag::register_conditional_default(number, Arc::clone(&armed)), signal(kind)) else {
        return std::future::pending().await;
    };
    let (tell, told) = oneshot::channel();
    // By itself, since nobody waits for the second signal any more.
    tokio::spawn(async move {
        signal.recv().await;
        let _ = tell.send(());
        tokio::time::sleep(ONE_REQUEST).await;
        armed.store(true, Ordering::Relaxed);
    });
    let _ = told.await;
}

/// Only Linux says so; elsewhere no signal counts as ignored.
fn is_ignored(number: i32) -> bool {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (number - 1) & 1 == 1)
}

async fn steps(settings: &Settings, scope: Scope, next: Vec<String>, console: &Console, report: &mut Report) -> Result<()> {
    let observation = observe(settings, scope, console).await?;
    set_up(observation, settings, scope, next, Confirmed::NotYet, console, report).await
}

/// Whether the user has said yes already, to a plan that led here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    NotYet,
    Before,
}

/// From what was observed on.
///
/// # Errors
/// What the plan refuses, what can't be applied, what doesn't work afterwards.
pub async fn set_up(
    observation: Observation,
    settings: &Settings,
    scope: Scope,
    next: Vec<String>,
    confirmed: Confirmed,
    console: &Console,
    report: &mut Report,
) -> Result<()> {
    report.target = Some(observation.target.clone());
    console.target(&observation.target);
    let wanted = Wanted {
        context: settings.context.clone(),
        scope,
        secondary_ip: settings.secondary_ip,
        route_api: settings.proxy.route_api,
        private_sources: settings.proxy.private_sources.clone(),
        data_path: settings.data_path.clone(),
    };
    let planned = whole::plan(&observation.world, &wanted)?;
    report.extend_plan(planned.plan.clone());
    if settings.run.dry_run {
        return Ok(());
    }
    console.plan(&planned.plan);
    if confirmed == Confirmed::NotYet {
        confirm(settings, &planned, console).await?;
    }
    let Observation { aws, cluster, world, mut node, .. } = observation;
    // Where nothing is to be changed others needn't wait for the looks.
    let idle = if report.plan.changes.is_empty() { node.take() } else { None };
    let services = Services { writer: cluster.map(|cluster| cluster.writer()) };
    let applier = Applier::new(&aws, node.as_ref(), console, planned.public_ip);
    let lanes = || report.plan.changes.iter().map(Change::lane);
    let records_change = lanes().any(|lane| lane == Lane::Dns);
    let data_path_changes = lanes().any(|lane| !matches!(lane, Lane::RecordsBefore | Lane::Dns));
    let proof = Proof { settings, world: &world, console, just_changed: data_path_changes };
    let names = Proof { just_changed: records_change, ..proof };
    let look = async |public_ip| -> Proven {
        // Names that this run doesn't change needn't wait for the data path.
        let unchanged = async { if scope.dns && !records_change { names.names(public_ip).await } else { (Vec::new(), Ok(())) } };
        // Where something was changed already, what the records were is noted meanwhile; else only if they will be changed.
        let meanwhile = async { if data_path_changes { applier.remember_records(report).await } else { Ok(()) } };
        let ((mut checks, path), (of_names, resolved), noted) = tokio::join!(proof.data_path(scope, public_ip), unchanged, meanwhile);
        checks.extend(of_names);
        let remembered = if path.is_ok() { applier.remember_records(report).await } else { Ok(()) };
        (checks, path.and(resolved).and(noted).and(remembered))
    };
    let looked = if planned.data_path == Some(DataPath::Service) {
        applier.by_service(report, &services, look).await?
    } else {
        tokio::join!(applier.data_path(report, look), close(idle)).0?
    };
    let public_ip = looked.address;
    prove(report, looked.seen)?;
    applier.services(report, &services).await?;
    applier.remember(report).await?;
    applier.records(report).await?;
    // All is done; others needn't wait for the last look either.
    let resolved = async { if records_change { names.names(public_ip).await } else { (Vec::new(), Ok(())) } };
    let (resolved, ()) = tokio::join!(resolved, close(node));
    prove(report, resolved)?;
    report.access = Some(access(settings, &planned, &world, public_ip, next));
    Ok(())
}

async fn close(node: Option<Node>) {
    if let Some(node) = node {
        node.close().await;
    }
}

fn prove(report: &mut Report, (checks, verdict): Proven) -> Result<()> {
    report.checks.extend(checks);
    verdict
}

async fn confirm(settings: &Settings, planned: &Planned, console: &Console) -> Result<()> {
    if let Some(Choice::Adopt(address, Why::FreeAtLimit)) = &planned.choice
        && settings.context.reuse == Reuse::Ask
    {
        // A question of its own, which `--yes` doesn't answer: that is what `ask` is for.
        console
            .confirm(
                &format!("The quota is used up. Use the free Elastic IP {}?", address.public_ip),
                "use `--reuse-eip at-limit` to allow it",
            )
            .await?;
    }
    if planned.plan.changes.is_empty() || settings.run.yes {
        return Ok(());
    }
    console.confirm("Apply these changes?", "confirm with `--yes`, or look at the plan with `--dry-run`").await
}

fn access(settings: &Settings, planned: &Planned, world: &whole::World, public_ip: Ipv4Addr, next: Vec<String>) -> Access {
    let port = if settings.secondary_ip { "" } else { ":30443" };
    let hosts = &settings.context.hosts;
    let urls = match &world.dns {
        None => Vec::new(),
        Some(_) if !hosts.is_empty() => hosts.iter().map(|host| format!("https://{host}{port}/")).collect(),
        Some(dns) => vec![format!("https://<app>.{}{port}/", dns.zone.name), format!("http://<app>.{}/", dns.zone.name)],
    };
    Access {
        elastic_ip: settings.secondary_ip.then_some(public_ip),
        secondary_private_ip: planned.secondary,
        urls,
        data_path: planned.data_path,
        api_url: format!("https://api.{}/", settings.context.cluster),
        monthly_cost_usd: if settings.secondary_ip { ADDRESS_PER_MONTH } else { 0.0 },
        next,
    }
}
