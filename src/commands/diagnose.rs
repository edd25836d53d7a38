//! `diagnose`: look at everything, judge it, and with `--fix` run what the repairable findings point to.

use std::time::Instant;

use super::flow;
use super::look::look;
use crate::checks::{self, Detail, Diagnosis, Place, Repair};
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

pub async fn run(settings: &Settings, options: Options, console: &Console) -> Diagnosed {
    let first = diagnosis(settings, options, console).await;
    let scope = Repair::scope(first.repairs()).filter(|_| options.fix && first.error.is_none());
    let Some(scope) = scope else { return Diagnosed::Diagnosis(Box::new(first)) };
    console.diagnosis(&first);
    let report = flow::run("diagnose --fix", settings, with_all_it_needs(settings, scope), Vec::new(), console).await;
    if settings.run.dry_run || report.error.is_some() {
        return Diagnosed::Repair(Box::new(report));
    }
    console.repaired(&report);
    Diagnosed::Diagnosis(Box::new(diagnosis(settings, options, console).await))
}

async fn diagnosis(settings: &Settings, options: Options, console: &Console) -> Diagnosis {
    let since = Instant::now();
    let (strict, detail) = (options.strict, options.detail);
    match flow::limited("diagnose", &settings.run, look(settings, console)).await {
        Ok(facts) => {
            Diagnosis { place: Place::of(&facts), findings: checks::run(&facts), took: since.elapsed(), strict, detail, error: None }
        }
        Err(failure) => {
            let place = Place::unknown(settings.context.cluster.clone());
            Diagnosis { place, findings: Vec::new(), took: since.elapsed(), strict, detail, error: Some(failure) }
        }
    }
}

/// HAProxy binds the address that the layer below sets up, so that one is looked after in the same run.
fn with_all_it_needs(settings: &Settings, scope: Scope) -> Scope {
    if settings.secondary_ip {
        Scope { secondary_ip: scope.secondary_ip || scope.haproxy, ..scope }
    } else {
        Scope { secondary_ip: false, haproxy: scope.haproxy || scope.secondary_ip, ..scope }
    }
}
