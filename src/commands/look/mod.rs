//! Looks at everything, each thing by itself: what fails leaves a reason and stops nothing. Reads only.

mod account;
mod applications;
mod names;
mod node;
mod outside;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::oneshot;

use crate::aws::Aws;
use crate::checks::{Facts, Missing, Observed};
use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::node::Node;
use crate::output::Console;
use crate::plan::observed::Instance;
use crate::plan::ownership;
use crate::settings::Settings;

/// For one look from outside: DNS, TCP, TLS or HTTP.
const LOOK: Duration = Duration::from_secs(5);
/// For one question to AWS, with the SDK's own retries.
const ASK: Duration = Duration::from_secs(45);

/// A name that no application has. Asked for with a part that nobody has asked for before, no cache knows it.
const PROBE: &str = "k8sport-probe";

/// Whether to try what this identity may do. CloudTrail shows a dry run that isn't allowed as a refused write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DryRuns {
    Try,
    Omit,
}

pub async fn look(settings: &Settings, dry_runs: DryRuns, console: &Console) -> Facts {
    let (found, instance) = oneshot::channel::<(Aws, Instance)>();
    let (connected, connection) = oneshot::channel();
    // The node takes longest, and needs nothing of the account but its instance.
    let connecting = async {
        if let Ok((aws, instance)) = instance.await {
            let _ = connected.send(node::connect(&aws, settings, &instance).await);
        }
        std::future::pending::<Infallible>().await
    };
    tokio::select! {
        facts = look_at_all(settings, dry_runs, console, found, connection) => facts,
        never = connecting => match never {},
    }
}

async fn look_at_all(
    settings: &Settings,
    dry_runs: DryRuns,
    console: &Console,
    found: oneshot::Sender<(Aws, Instance)>,
    connection: oneshot::Receiver<Observed<Node>>,
) -> Facts {
    let step = console.step("look at the account");
    let account = account::look(settings, found).await;
    step.done();
    let step = console.step("look at the node, the names and from outside");
    let zone = account.zone.ok().map(|zone| zone.name.clone()).or_else(|| settings.context.zone.clone());
    let places = outside::Places::of(settings, &account);
    let application =
        settings.context.hosts.first().cloned().unwrap_or_else(|| zone.as_ref().unwrap_or(&settings.context.cluster).child(PROBE));
    let fresh = zone.as_ref().map(|zone| zone.child(&format!("{PROBE}-{}", &ownership::operation_id()[..8])));
    // The redirect's counters are read after somebody has come through it: ourselves.
    let (looked, after_that) = oneshot::channel::<()>();
    let (node, second, outside, (records, names), ingresses, service, mut hosts) = tokio::join!(
        node::look(&account, connection, &application, after_that),
        account::look_at_instance(settings, &account, dry_runs),
        async {
            let outside = outside::look(&settings.context.cluster, &places, &application).await;
            drop(looked);
            outside
        },
        async {
            let records = account::records(&account).await;
            let servers = records.ok().and_then(|records| records.iter().find(|record| record.kind == "NS"));
            let server = servers.and_then(|record| record.values.first()).map(String::as_str);
            let names = names::look(&settings.context.cluster, zone.as_ref(), fresh.as_ref(), server).await;
            (records, names)
        },
        applications::look(settings, &account),
        applications::service_path(settings, &account),
        outside::hosts(settings.context.hosts.iter().cloned(), places.https_port),
    );
    // The cluster's own list, or what kubectl on the node says.
    let listed = match (ingresses.ok(), node.details.get()) {
        (Some(ingresses), _) => Ok(ingresses.iter().flat_map(|ingress| &ingress.hosts).filter_map(|host| host.parse().ok()).collect()),
        (None, Ok(details)) => details.ingress_hosts.clone(),
        (None, Err(missing)) => Err(missing.because),
    };
    let listed: Result<BTreeSet<DnsName>, String> = listed.map(|hosts: Vec<DnsName>| hosts.into_iter().collect());
    let no_hosts = listed.as_ref().err().map_or_else(
        || "the cluster has no Ingress with a host; name one with --host".to_owned(),
        |why| format!("no --host is given, and {why}"),
    );
    let more = listed.unwrap_or_default().into_iter().filter(|host| !settings.context.hosts.contains(host));
    hosts.extend(outside::hosts(more, places.https_port).await);
    step.done();
    Facts {
        cluster: settings.context.cluster.clone(),
        again: settings.context.again.clone(),
        secondary_ip: settings.secondary_ip,
        route_api: settings.proxy.route_api,
        private_sources: settings.proxy.private_sources.clone(),
        now: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
        region: account.region,
        credentials: account.credentials,
        account: account.account,
        permissions: second.permissions,
        instances: account.instances,
        elastic_ips: account.elastic_ips,
        quota: account.quota,
        addresses_per_interface: second.addresses_per_interface,
        groups: second.groups,
        public_route: second.public_route,
        zone: account.zone,
        records,
        ssh: node.ssh,
        node: node.state,
        details: node.details,
        clock: node.clock,
        outside,
        names,
        ingresses,
        hosts,
        no_hosts,
        service,
        assume_class: settings.data_path.assume_class,
    }
}

/// One look within its time. `check` is the one that reports its failure.
async fn timed<T>(check: &str, deadline: Duration, look: impl Future<Output = Result<T>>) -> Observed<T> {
    let started = Instant::now();
    let outcome = match tokio::time::timeout(deadline, look).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Failure::failed("no answer").after(deadline)),
    };
    let outcome = outcome.map_err(|failure| Missing { because: format!("needs {check}, which failed"), failure: Some(Box::new(failure)) });
    Observed { outcome, took: started.elapsed() }
}
