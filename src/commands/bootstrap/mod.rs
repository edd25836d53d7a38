//! `bootstrap`: the whole job. Makes the cluster where there is none, then secondary IP, HAProxy and DNS.
//!
//! Where it stands is read from the world: no instance, an instance whose API server isn't there yet, or a cluster that
//! works. So a run that was stopped anywhere is continued by the next one.

mod begun;
mod create;
mod preflight;
mod waiting;

use super::flow::{self, Confirmed};
use super::observe::{self, Looked};
use crate::cluster::kops::Kops;
use crate::failure::{Failure, Result};
use crate::output::Console;
use crate::plan::whole::Scope;
use crate::report::Report;
use crate::settings::{Creation, Settings};
use waiting::Waiting;

/// A cluster takes long to come up.
pub const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(60 * 60);

pub async fn run(settings: &Settings, console: &Console) -> Report {
    let report = Report::new("bootstrap", settings.run.dry_run);
    flow::within(&settings.run, report, async |report| {
        steps(settings, console, report).await.map_err(|failure| resumable(failure, settings))
    })
    .await
}

async fn steps(settings: &Settings, console: &Console, report: &mut Report) -> Result<()> {
    let scope = Scope { secondary_ip: settings.secondary_ip, haproxy: true, dns: true };
    let seen = match (observe::look(settings, scope, console).await?, known_to_kops(settings)) {
        (Looked::Node(seen), None) => return set_up(*seen, settings, scope, Confirmed::NotYet, console, report).await,
        (Looked::NoNode(nothing), None) => return Err(nothing.failure(settings).await.next(CREATE)),
        (Looked::Node(seen), Some(_)) if settings.run.dry_run || waiting::api_answers(&seen.instance).await => {
            return set_up(*seen, settings, scope, Confirmed::NotYet, console, report).await;
        }
        (Looked::Node(seen), Some((creation, kops))) => {
            let waiting = Waiting { aws: &seen.aws, cluster: &settings.context.cluster, kops: &kops, console, limit: creation.wait };
            waiting.until_healthy().await?;
            observe::look(settings, scope, console).await?
        }
        (Looked::NoNode(nothing), Some((creation, kops))) => {
            if nothing.starting.is_none() && !create::cluster(&nothing, settings, creation, &kops, console, report).await? {
                return Ok(());
            }
            let waiting = Waiting { aws: &nothing.aws, cluster: &settings.context.cluster, kops: &kops, console, limit: creation.wait };
            waiting.until_healthy().await?;
            observe::look(settings, scope, console).await?
        }
    };
    let confirmed = if report.has_begun() { Confirmed::Before } else { Confirmed::NotYet };
    let settings = &with_new_key(settings);
    match seen {
        Looked::Node(seen) => set_up(*seen, settings, scope, confirmed, console, report).await,
        Looked::NoNode(nothing) => Err(nothing.failure(settings).await),
    }
}

/// kOps puts the taint on every control plane node, whatever the specification says.
const UNTAINT: &str = "let applications run on the only node: kubectl taint nodes -l node-role.kubernetes.io/control-plane node-role.kubernetes.io/control-plane:NoSchedule-";
const CREATE: &str = "or create the cluster: name a bucket for its specification with `--state-store s3://…` or KOPS_STATE_STORE";

/// None when no state store is named: an existing cluster is meant, and kOps isn't needed for it.
fn known_to_kops(settings: &Settings) -> Option<(&Creation, Kops)> {
    let creation = settings.creation.as_ref()?;
    let kops = Kops::new(settings.context.cluster.clone(), creation.state_store.clone()?, &settings.aws);
    Some((creation, kops))
}

async fn set_up(
    seen: observe::Seen,
    settings: &Settings,
    scope: Scope,
    confirmed: Confirmed,
    console: &Console,
    report: &mut Report,
) -> Result<()> {
    if let Some(key) = settings.ssh.key.as_ref().filter(|key| !key.is_file()) {
        return Err(crate::settings::no_ssh_key(key));
    }
    let made = (confirmed == Confirmed::Before).then(|| UNTAINT.to_owned());
    let next = vec![
        "deploy an Ingress for a host below the zone, then open its URL".to_owned(),
        format!("k8sport bootstrap --cluster {} --dry-run   (at any time: what has drifted?)", settings.context.cluster),
    ];
    let next = made.iter().cloned().chain(next).collect();
    let observation = seen.with_node(settings, console).await?;
    let ended = flow::set_up(observation, settings, scope, next, confirmed, console, report).await;
    ended.map_err(|failure| made.into_iter().fold(failure, Failure::next))
}

/// The key that this run has made is the one to log in with.
fn with_new_key(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    let made = create::ssh_key(&settings);
    settings.ssh.key = Some(made).filter(|key| key.is_file());
    settings
}

fn resumable(failure: Failure, settings: &Settings) -> Failure {
    let Some((_, kops)) = known_to_kops(settings) else { return failure };
    let resume = format!(
        "to go on from where it stands: k8sport bootstrap --cluster {} --state-store {}",
        settings.context.cluster,
        kops.state_store()
    );
    failure.next(resume)
}
