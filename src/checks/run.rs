//! Judges all checks over the facts. Pure: the looking is done before.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::service::of_haproxy;
use super::{CATEGORIES, Check, Facts, Hop, Host, HostLook, Judge, Judged, Repair, Severity, Verdict};
use crate::plan::data_path::Recorded;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Ok,
    Skipped,
    Warning,
    Failed,
}

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub id: &'static str,
    pub category: &'static str,
    /// What is said of it when it holds.
    pub title: &'static str,
    pub severity: Severity,
    /// The host, for checks that look at each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    pub status: Status,
    /// What was seen, or why nothing could be said.
    pub evidence: String,
    /// Commands to copy, or steps in words.
    pub remedy: Vec<String>,
    /// The part of the setup that `--fix` runs for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<Repair>,
    /// The way to the host, for the check that is about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hops: Vec<Hop>,
    /// How long the slowest observation took that it rests on.
    #[serde(rename = "milliseconds", serialize_with = "super::milliseconds")]
    pub took: Duration,
}

impl Finding {
    /// What a check's verdict comes to.
    pub(super) fn of<J>(category: &'static str, check: &Check<J>, subject: Option<String>, judged: Judged) -> Self {
        let severe = match check.severity {
            Severity::Failure => Status::Failed,
            Severity::Warning => Status::Warning,
        };
        let (status, evidence, remedy) = match judged {
            Ok(Verdict::Fine(evidence)) => (Status::Ok, evidence, Vec::new()),
            Ok(Verdict::Bad { evidence, remedy }) => (severe, evidence, remedy),
            Ok(Verdict::Doubtful { evidence, remedy }) => (Status::Warning, evidence, remedy),
            Ok(Verdict::Moot(reason)) => (Status::Skipped, reason, Vec::new()),
            Err(missing) => (Status::Skipped, missing.because, Vec::new()),
        };
        let Check { id, title, severity, .. } = *check;
        let (repair, hops, took) = (None, Vec::new(), Duration::ZERO);
        Self { id, category, title, severity, subject, status, evidence, remedy, repair, hops, took }
    }
}

/// One finding a check, and one a host for those that look at hosts.
pub fn run(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The worst outcome by id: what later checks may build on.
    let mut outcomes: BTreeMap<&'static str, Status> = BTreeMap::new();
    // What failed and says itself what to do.
    let mut causes: Vec<&'static str> = Vec::new();
    for (category, check) in CATEGORIES.iter().flat_map(|category| category.checks.iter().map(move |check| (category.title, check))) {
        if facts.data_path() == Recorded::Service && of_haproxy(check.id) {
            // What follows them in the other data path doesn't here.
            let verdict = Ok(Verdict::Moot("the data path is a Service, without HAProxy and without an address on the node".to_owned()));
            findings.push(finding(category, check, facts, None, verdict));
            continue;
        }
        let held_up = blocked(check, facts)
            .or_else(|| check.after.iter().filter(|earlier| concerns(facts, earlier)).find_map(|earlier| held_up(earlier, &outcomes)));
        let mut add = |host: Option<(&Host, HostLook)>, judged: Judged| {
            let mut finding = finding(category, check, facts, host, judged);
            if finding.status == Status::Failed {
                // What users see is told, but the way to heal it is that of what is broken before.
                if finding.remedy.is_empty() && !causes.is_empty() {
                    finding.remedy.push(format!("put {} right first: this may follow from it", causes.join(", ")));
                } else if !causes.contains(&check.id) {
                    if finding.remedy.is_empty() && check.id.starts_with("applications.") {
                        finding.remedy.extend(in_the_way(facts).into_iter().flatten());
                    }
                    causes.push(check.id);
                }
            }
            let worst = outcomes.entry(check.id).or_insert(finding.status);
            *worst = finding.status.max(*worst);
            findings.push(finding);
        };
        match (held_up, check.judge) {
            (Some(reason), _) => add(None, Ok(Verdict::Moot(reason))),
            (None, Judge::Once(judge)) => add(None, judge(facts)),
            (None, Judge::Host(..)) if facts.hosts.is_empty() => add(None, Ok(Verdict::Moot(facts.no_hosts.clone()))),
            (None, Judge::Host(look, judge)) => facts.hosts.iter().for_each(|host| add(Some((host, look)), judge(facts, host))),
        }
    }
    findings
}

/// Why a check can't be judged: the first of its needs that wasn't observed.
fn blocked(check: &Check, facts: &Facts) -> Option<String> {
    check.needs.iter().find_map(|need| facts.missing(*need))
}

/// For applications that can't be reached though all that is looked at before is well.
fn in_the_way(facts: &Facts) -> Option<[String; 2]> {
    let subnet = &facts.instance().ok()?.eni.subnet_id;
    Some([
        format!("a network ACL? aws ec2 describe-network-acls --filters Name=association.subnet-id,Values={subnet}{}", facts.again.place()),
        "a firewall on the node? sudo nft list ruleset | grep -iE 'drop|reject'".to_owned(),
    ])
}

/// The second address that there needn't be holds nothing up.
fn concerns(facts: &Facts, earlier: &str) -> bool {
    facts.secondary_ip || !earlier.starts_with("address.")
}

pub(super) fn held_up(earlier: &str, outcomes: &BTreeMap<&'static str, Status>) -> Option<String> {
    match outcomes.get(earlier) {
        Some(Status::Failed) => Some(format!("follows from {earlier}")),
        Some(Status::Skipped) => Some(format!("needs {earlier}, which was skipped")),
        _ => None,
    }
}

fn finding(category: &'static str, check: &Check, facts: &Facts, host: Option<(&Host, HostLook)>, judged: Judged) -> Finding {
    let Finding { status, evidence, remedy, .. } = Finding::of(category, check, None, judged);
    let wrong = matches!(status, Status::Failed | Status::Warning);
    // A remedy of its own comes first: there it says what has to be done before, or instead.
    let repair = check.repair.filter(|_| wrong && remedy.is_empty());
    let remedy = remedy.into_iter().chain(repair.map(|repair| repair.command(facts))).collect();
    let looked = host.map(|(host, look)| host.took(look));
    let took = check.needs.iter().map(|need| facts.took(*need)).chain(looked).max().unwrap_or_default();
    let hops = host.filter(|(_, look)| *look == HostLook::All).map(|(host, _)| host.hops()).unwrap_or_default();
    let subject = host.map(|(host, _)| host.name.to_string());
    let Check { id, title, severity, .. } = *check;
    Finding { id, category, title, severity, subject, status, evidence, remedy, repair, hops, took }
}
