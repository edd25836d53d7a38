//! What `vip diagnose` checks, on several control planes at once. A check judges one of them, or all together.

mod address;
mod api;
mod balancer;
mod conclusion;
mod facts;
mod haproxy;
mod keepalived;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use conclusion::conclude;
pub use facts::{Place, PlaneSeen, Seen, VipFacts};

use super::run::held_up;
use super::{Category, Finding, Judged, Status, moot};
use crate::plan::vip::Member;

#[derive(Clone, Copy)]
pub enum Judge {
    Once(fn(&VipFacts) -> Judged),
    /// Each that was named, whether it answered or not.
    Named(fn(&VipFacts, &Seen) -> Judged),
    /// Each that answered.
    Member(fn(&VipFacts, &Member) -> Judged),
}

type Check = super::Check<Judge>;

pub const CATEGORIES: [Category<Judge>; 5] = [
    Category { title: "VIP", checks: address::CHECKS },
    Category { title: "API server", checks: api::CHECKS },
    Category { title: "keepalived", checks: keepalived::CHECKS },
    Category { title: "HAProxy on the nodes", checks: haproxy::CHECKS },
    Category { title: "HAProxy of k8sport", checks: balancer::CHECKS },
];

pub fn run(facts: &VipFacts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut outcomes: BTreeMap<&'static str, Status> = BTreeMap::new();
    for (category, check) in CATEGORIES.iter().flat_map(|category| category.checks.iter().map(move |check| (category.title, check))) {
        let reason = check.after.iter().find_map(|earlier| held_up(earlier, &outcomes));
        let mut add = |subject: Option<String>, judged: Judged| {
            let finding = Finding::of(category, check, subject, judged);
            let worst = outcomes.entry(check.id).or_insert(finding.status);
            *worst = finding.status.max(*worst);
            findings.push(finding);
        };
        match (reason, check.judge) {
            (Some(reason), _) => add(None, moot(reason)),
            (None, Judge::Once(judge)) => add(None, judge(facts)),
            (None, Judge::Named(judge)) => facts.nodes.iter().for_each(|seen| add(Some(seen.name()), judge(facts, seen))),
            (None, Judge::Member(_)) if facts.members().next().is_none() => add(None, moot("no control plane could be read (vip.reached)")),
            (None, Judge::Member(judge)) => facts.members().for_each(|member| add(Some(member.name()), judge(facts, member))),
        }
    }
    findings
}
