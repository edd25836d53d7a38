//! `quick-start`: `bootstrap`, then `deploy-app` for each application, with one question.

use std::time::Duration;

use super::flow::{self, Confirmed};
use super::{bootstrap, deploy_app};
use crate::output::Console;
use crate::plan::{Note, Plan};
use crate::report::{Access, Report};
use crate::settings::{DeploySettings, Deployed, QuickStartSettings};

/// `bootstrap`'s, and some minutes for each of a few applications.
pub const TIMEOUT: Duration = Duration::from_secs(90 * 60);

pub async fn run(settings: &QuickStartSettings, console: &Console) -> Report {
    let QuickStartSettings { bootstrap, applications } = settings;
    let report = Report::new("quick-start", bootstrap.run.dry_run);
    flow::within(&bootstrap.run, report, async |report| {
        announce(applications, console, report);
        bootstrap::set_up(bootstrap, console, report).await?;
        // A dry run without a cluster has nothing that could say what would change in it.
        let there = report.target.is_some();
        for application in applications.iter().filter(|_| there) {
            let confirmed = if report.has_begun() { Confirmed::Before } else { Confirmed::NotYet };
            let deployed = deploy_app::steps(application, confirmed, console, report).await;
            deployed.map_err(|failure| failure.next(resume(settings)))?;
        }
        report.access = report.access.take().map(|access| with_applications(access, settings));
        Ok(())
    })
    .await
}

/// What is deployed needs no word on how to deploy.
fn with_applications(access: Access, settings: &QuickStartSettings) -> Access {
    if settings.applications.is_empty() {
        return access;
    }
    let next = vec![
        settings.bootstrap.context.again.command("status"),
        "k8sport deploy-app NAME --image …   (a new version of one of them)".to_owned(),
    ];
    Access { next, ..access }
}

/// Before the question, and in a dry run's result.
fn announce(applications: &[DeploySettings], console: &Console, report: &mut Report) {
    let Some(names) = applications.iter().map(named).reduce(|all, name| format!("{all}, {name}")) else { return };
    let notes = vec![Note::info(format!("applications that are deployed in the end: {names}"))];
    if !report.dry_run {
        console.notes(&notes);
    }
    report.extend_plan(Plan { changes: Vec::new(), notes });
}

fn named(application: &DeploySettings) -> String {
    match &application.deployed {
        Deployed::Objects { image: Some(image), .. } => format!("{} ({image})", application.name),
        Deployed::Objects { image: None, .. } | Deployed::Earlier { .. } => application.name.to_string(),
    }
}

fn resume(settings: &QuickStartSettings) -> String {
    format!("to go on from where it stands: {}", settings.bootstrap.context.again.command("quick-start"))
}
