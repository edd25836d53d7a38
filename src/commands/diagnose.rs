//! `diagnose`: look at everything, judge it, and with `--fix` run what the repairable findings point to.

use std::time::Instant;

use super::flow;
use super::look::{DryRuns, look};
use crate::checks::{self, Detail, Diagnosis, Place, Repair, Subject};
use crate::output::Console;
use crate::plan::whole::Scope;
use crate::report::Report;
use crate::settings::Settings;

#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub strict: bool,
    pub fix: bool,
    pub detail: Detail,
}

/// What there is to tell at the end.
#[derive(Debug)]
pub enum Diagnosed {
    Diagnosis(Box<Diagnosis>),
    /// A repair that wasn't carried out: only shown, refused or failed.
    Repair(Box<Report>),
}

/// A repair may show what couldn't be judged before it, such as the records while there is no address to point to.
const ROUNDS: usize = 3;

pub async fn run(settings: &Settings, options: Options, console: &Console) -> Diagnosed {
    let mut now = diagnosis(settings, options, console).await;
    let mut tried = None;
    // The hosts are there to be looked at. A repair gives none of them a record that it didn't have.
    let mut repair = settings.clone();
    repair.context.hosts.clear();
    for _ in 0..ROUNDS {
        let scope = Repair::scope(now.repairs()).filter(|_| options.fix).map(|scope| with_all_it_needs(settings, scope));
        // What has just been done and is still wrong won't get better by doing it again.
        let Some(scope) = scope.filter(|scope| tried != Some(*scope)) else { break };
        console.diagnosis(&now);
        let report = flow::run("diagnose --fix", &repair, scope, Vec::new(), console).await;
        if settings.run.dry_run || report.error.is_some() {
            return Diagnosed::Repair(Box::new(report));
        }
        console.repaired(&report);
        tried = Some(scope);
        now = diagnosis(settings, options, console).await;
    }
    Diagnosed::Diagnosis(Box::new(now))
}

async fn diagnosis(settings: &Settings, options: Options, console: &Console) -> Diagnosis {
    let since = Instant::now();
    let (strict, detail) = (options.strict, options.detail);
    let (place, findings, error) = match flow::limited("diagnose", &settings.run, look(settings, DryRuns::Try, console)).await {
        Ok(facts) => (Place::of(&facts), checks::run(&facts), None),
        Err(failure) => (Place::unknown(settings.context.cluster.clone()), Vec::new(), Some(failure)),
    };
    let subject = Subject::Cluster(place);
    let repairable = findings.iter().any(|finding| finding.repair.is_some());
    let repair = repairable.then(|| settings.context.again.command("diagnose --fix"));
    Diagnosis { command: "diagnose", subject, findings, conclusion: None, repair, took: since.elapsed(), strict, detail, error }
}

/// HAProxy binds the address that the layer below sets up, so that one is looked after in the same run.
fn with_all_it_needs(settings: &Settings, scope: Scope) -> Scope {
    if settings.secondary_ip {
        Scope { secondary_ip: scope.secondary_ip || scope.haproxy, ..scope }
    } else {
        Scope { secondary_ip: false, haproxy: scope.haproxy || scope.secondary_ip, ..scope }
    }
}
