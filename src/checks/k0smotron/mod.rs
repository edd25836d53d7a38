//! What `k0smotron diagnose` checks: from the management cluster's secrets to the answer that a pod on a worker gets.

mod facts;
mod hosted;
mod ingress;
mod management;
mod routes;
#[cfg(test)]
mod tests;
mod worker;

use std::collections::BTreeMap;

pub use facts::{HostedFacts, HostedState, Place, Reached, WorkerFacts};

use super::run::held_up;
use super::{Category, Finding, Judged, Status, moot};

#[derive(Clone, Copy)]
pub enum Judge {
    Once(fn(&HostedFacts) -> Judged),
    /// Each worker, whether it could be read or not.
    Worker(fn(&HostedFacts, &WorkerFacts) -> Judged),
}

type Check = super::Check<Judge>;

pub const CATEGORIES: [Category<Judge>; 4] = [
    Category { title: "Management cluster", checks: management::CHECKS },
    Category { title: "Ingress", checks: ingress::CHECKS },
    Category { title: "Hosted cluster", checks: hosted::CHECKS },
    Category { title: "Workers", checks: worker::CHECKS },
];

/// What follows from a failure is judged worker by worker: one that is broken says nothing of the others.
pub fn run(facts: &HostedFacts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut outcomes: BTreeMap<&'static str, Status> = BTreeMap::new();
    let mut of_worker: BTreeMap<String, BTreeMap<&'static str, Status>> = BTreeMap::new();
    for (category, check) in CATEGORIES.iter().flat_map(|category| category.checks.iter().map(move |check| (category.title, check))) {
        let reason = check.after.iter().find_map(|earlier| held_up(earlier, &outcomes));
        match (reason, check.judge) {
            (Some(reason), _) => findings.push(Finding::of(category, check, None, moot(reason))),
            (None, Judge::Once(judge)) => {
                let finding = Finding::of(category, check, None, judge(facts));
                outcomes.insert(check.id, finding.status);
                findings.push(finding);
            }
            (None, Judge::Worker(judge)) => {
                for worker in &facts.workers {
                    let own = of_worker.entry(worker.host.to_string()).or_default();
                    let reason = check.after.iter().find_map(|earlier| held_up(earlier, own));
                    let judged = reason.map_or_else(|| judge(facts, worker), moot);
                    let finding = Finding::of(category, check, Some(worker.host.to_string()), judged);
                    own.insert(check.id, finding.status);
                    findings.push(finding);
                }
            }
        }
    }
    findings
}
