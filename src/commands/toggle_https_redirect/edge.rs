//! The redirect in our HAProxy on the node, for all hosts at once.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use crate::commands::apply::Applier;
use crate::commands::observe::{Observation, observe};
use crate::failure::{Failure, Result};
use crate::names::DnsName;
use crate::node::files::HttpsRedirect;
use crate::output::Console;
use crate::plan::change::Deferred;
use crate::plan::https_redirect::{Wanted, edge};
use crate::plan::whole::{self, Scope};
use crate::report::{Check, Report};
use crate::settings::{Settings, ToggleSettings};
use crate::verify::http;

/// One look.
const LOOK: Duration = Duration::from_secs(5);
/// HAProxy has been seen to listen with the new configuration; one packet may still be lost.
const SETTLE: Duration = Duration::from_secs(10);

pub async fn steps(toggle: &ToggleSettings, settings: &Settings, console: &Console, report: &mut Report) -> Result<()> {
    let cluster = &settings.context.cluster;
    let Observation { aws, world, node, target, .. } =
        observe(settings, Scope { secondary_ip: false, haproxy: true, dns: false }, console).await?;
    report.target = Some(target.clone());
    console.target(&target);
    let Some(state) = &world.node else { return Err(Failure::failed("the node was not read").state("nothing was changed")) };
    let wanted = match toggle.wanted {
        Some(wanted) => wanted,
        None => ask(&edge::now(state), console).await?,
    };
    let plan = edge::plan(state, &settings.context, wanted, toggle.until)?;
    let (address, _) = whole::established(&world.aws, &settings.context)?;
    report.set_plan(plan);
    if toggle.run.dry_run {
        return Ok(());
    }
    console.plan(&report.plan);
    if !report.plan.changes.is_empty() && !toggle.run.yes {
        console.confirm("Apply these changes?", "confirm with `--yes`, or look at the plan with `--dry-run`").await?;
    }
    let host = settings.context.hosts.first().unwrap_or(cluster);
    let applier = Applier::new(&aws, node.as_ref(), console, Deferred::Known(address.public_ip));
    let look = async |public_ip| {
        let step = console.step("look from outside");
        let check = look(public_ip, host, wanted).await;
        step.ended(check.ok);
        check
    };
    let check = applier.data_path(report, look).await?.seen;
    if let Some(node) = node {
        node.close().await;
    }
    let failed = (!check.ok).then(|| check.detail.clone());
    report.checks.push(check);
    match failed {
        None => Ok(()),
        Some(why) => Err(Failure::failed("verification failed: HTTP").because(why).next(settings.context.again.command("diagnose"))),
    }
}

async fn ask(now: &HttpsRedirect, console: &Console) -> Result<Wanted> {
    let (question, then) = match now {
        HttpsRedirect::On => ("Our HAProxy redirects HTTP to HTTPS. Turn it off?", Wanted::Off),
        HttpsRedirect::Off { .. } => ("The redirect in our HAProxy is off. Turn it on again?", Wanted::On),
        HttpsRedirect::Absent => ("Our HAProxy doesn't redirect HTTP to HTTPS. Turn it on?", Wanted::On),
    };
    console.confirm(question, "say `--disable-https` or `--enable-https`").await?;
    Ok(then)
}

/// When the redirect is off, the ingress' own answer is told, whatever it is: it may redirect by itself.
async fn look(public_ip: Ipv4Addr, host: &DnsName, wanted: Wanted) -> Check {
    let address = SocketAddr::from((public_ip, 80));
    let since = Instant::now();
    loop {
        let outcome = match http::get(address, host, LOOK).await {
            Ok(answer) => {
                let to = answer.location.as_ref().map(|to| format!(", redirects to {to}")).unwrap_or_default();
                let said = format!("{address} answers HTTP {} for {host}{to}", answer.status);
                let ours = answer.status == 307 && answer.location.is_some_and(|to| to == format!("https://{host}/"));
                if wanted == Wanted::Off || ours { Ok(said) } else { Err(said) }
            }
            Err(failure) => Err(failure.to_string()),
        };
        if outcome.is_ok() || since.elapsed() > SETTLE {
            let ok = outcome.is_ok();
            return Check { name: "HTTP", ok, detail: outcome.unwrap_or_else(|detail| detail) };
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
