//! `bootstrap`: the whole job. Makes the cluster where there is none, then secondary IP, HAProxy and DNS.
//!
//! Where it stands is read from the world: no instance, an instance whose API server isn't there yet, or a cluster that
//! works. So a run that was stopped anywhere is continued by the next one.

mod addons;
mod begun;
mod create;
mod preflight;
mod waiting;

use super::flow::{self, Confirmed};
use super::observe::{self, Looked};
use crate::aws::Aws;
use crate::cluster::kops::Kops;
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::whole::Scope;
use crate::report::{Access, Report};
use crate::settings::{Creation, Settings};
use addons::Addons;
use waiting::Waiting;

/// A cluster takes long to come up.
pub const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60 * 60);

pub async fn run(settings: &Settings, console: &Console) -> Report {
    let report = Report::new("bootstrap", settings.run.dry_run);
    flow::within(&settings.run, report, async |report| set_up(settings, console, report).await).await
}

/// # Errors
/// Not confirmed, or a step failed; the failure says how to go on.
pub async fn set_up(settings: &Settings, console: &Console, report: &mut Report) -> Result<()> {
    steps(settings, console, report).await.map_err(|failure| resumable(failure, settings, report.command))
}

async fn steps(settings: &Settings, console: &Console, report: &mut Report) -> Result<()> {
    let seen = match (look(settings, console).await?, known_to_kops(settings)) {
        (Looked::Node(seen), None) => return rest(*seen, settings, console, report).await,
        (Looked::NoNode(nothing), None) => return Err(nothing.failure(settings).await.next(CREATE)),
        (Looked::Node(seen), Some(_)) if settings.run.dry_run || waiting::is_up(&seen.instance, &settings.context.cluster).await => {
            return rest(*seen, settings, console, report).await;
        }
        (Looked::Node(seen), Some((creation, kops))) => wait(&seen.aws, settings, creation, &kops, console, report).await?,
        (Looked::NoNode(nothing), Some((creation, kops))) => {
            if nothing.starting.is_none() && !create::cluster(&nothing, settings, creation, &kops, console, report).await? {
                return Ok(());
            }
            wait(&nothing.aws, settings, creation, &kops, console, report).await?
        }
    };
    rest(seen, &with_new_key(settings), console, report).await
}

/// Until the cluster works. The taint goes before kOps' validation, which waits for pods that don't tolerate it.
async fn wait(
    aws: &Aws,
    settings: &Settings,
    creation: &Creation,
    kops: &Kops,
    console: &Console,
    report: &mut Report,
) -> Result<observe::Seen> {
    let waiting = Waiting { aws, cluster: &settings.context.cluster, kops, console, limit: creation.wait };
    waiting.until_api().await?;
    let seen = node(settings, console).await?;
    let inside = Addons { settings, seen: &seen, console };
    waiting.until_node_is_ready(async || inside.connect().await).await?;
    inside.set_up(before(report), report).await?;
    waiting.until_valid().await?;
    node(settings, console).await
}

async fn look(settings: &Settings, console: &Console) -> Result<Looked> {
    observe::look(settings, scope(settings), console).await
}

async fn node(settings: &Settings, console: &Console) -> Result<observe::Seen> {
    observe::seen(settings, scope(settings), console).await
}

fn scope(settings: &Settings) -> Scope {
    Scope { secondary_ip: settings.secondary_ip, haproxy: true, dns: true }
}

/// Whoever has said yes to the creation has said it to what follows.
fn before(report: &Report) -> Confirmed {
    if report.has_begun() { Confirmed::Before } else { Confirmed::NotYet }
}

/// On a cluster that works.
async fn rest(seen: observe::Seen, settings: &Settings, console: &Console, report: &mut Report) -> Result<()> {
    if let Some(key) = settings.ssh.key.as_ref().filter(|key| !key.is_file()) {
        return Err(crate::settings::no_ssh_key(key));
    }
    let inside = Addons { settings, seen: &seen, console };
    let confirmed = if inside.are_wanted() { inside.set_up(before(report), report).await? } else { before(report) };
    let next = vec![
        "deploy an Ingress for a host below the zone, then open its URL".to_owned(),
        format!("{} --dry-run   (at any time: what has drifted?)", settings.context.again.command("bootstrap")),
    ];
    if !settings.haproxy {
        report.access = Some(access_by_node_ports(settings));
        return Ok(());
    }
    let observation = seen.with_node(settings, scope(settings), console).await?;
    flow::set_up(observation, settings, scope(settings), next, confirmed, console, report).await
}

fn access_by_node_ports(settings: &Settings) -> Access {
    let cluster = &settings.context.cluster;
    Access {
        api_url: format!("https://api.{cluster}/"),
        next: vec![
            "open 30080 and 30443 in a security group of yours: there the ingress controller answers".to_owned(),
            format!("{}   (443 and 80 for applications, on an address of their own)", settings.context.again.command("bootstrap")),
        ],
        ..Access::default()
    }
}

const CREATE: &str = "or create the cluster: name a bucket for its specification with `--state-store s3://…` or KOPS_STATE_STORE";

/// None when no state store is named: an existing cluster is meant, and kOps isn't needed for it.
fn known_to_kops(settings: &Settings) -> Option<(&Creation, Kops)> {
    let creation = settings.creation.as_ref()?;
    let kops = Kops::new(settings.context.cluster.clone(), creation.state_store.clone()?, &settings.aws);
    Some((creation, kops.with_kubeconfig(settings.kubernetes.kubeconfig.as_deref())))
}

/// The key that this run has made is the one to log in with.
fn with_new_key(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    let made = create::ssh_key(&settings);
    settings.ssh.key = Some(made).filter(|key| key.is_file());
    settings
}

fn resumable(failure: Failure, settings: &Settings, command: &str) -> Failure {
    let Some((_, kops)) = known_to_kops(settings) else { return failure };
    let again = settings.context.again.command(command);
    let store = if again.contains(" --state-store ") { String::new() } else { format!(" --state-store {}", kops.state_store()) };
    let resume = format!("to go on from where it stands: {again}{store}");
    failure.next(resume)
}
