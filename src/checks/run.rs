//! Judges all checks over the facts. Pure: the looking is done before.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::{CATEGORIES, Check, Facts, Judge, Judged, Repair, Severity, Verdict};

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
    /// How long the slowest observation took that it rests on.
    #[serde(rename = "milliseconds", serialize_with = "milliseconds")]
    pub took: Duration,
}

/// One finding a check, and one a host for those that look at hosts.
pub fn run(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The worst outcome by id: what later checks may build on.
    let mut outcomes: BTreeMap<&'static str, Status> = BTreeMap::new();
    for (category, check) in CATEGORIES.iter().flat_map(|category| category.checks.iter().map(move |check| (category.title, check))) {
        let held_up = blocked(check, facts).or_else(|| check.after.iter().find_map(|earlier| held_up(earlier, &outcomes)));
        let mut add = |subject: Option<&str>, judged: Judged| {
            let finding = finding(category, check, facts, subject, judged);
            let worst = outcomes.entry(check.id).or_insert(finding.status);
            *worst = finding.status.max(*worst);
            findings.push(finding);
        };
        match (held_up, check.judge) {
            (Some(reason), _) => add(None, Ok(Verdict::Moot(reason))),
            (None, Judge::Once(judge)) => add(None, judge(facts)),
            (None, Judge::Host(_)) if facts.hosts.is_empty() => add(None, Ok(Verdict::Moot(facts.no_hosts.clone()))),
            (None, Judge::Host(judge)) => facts.hosts.iter().for_each(|host| add(Some(host.name.as_str()), judge(facts, host))),
        }
    }
    findings
}

/// Why a check can't be judged: the first of its needs that wasn't observed.
fn blocked(check: &Check, facts: &Facts) -> Option<String> {
    check.needs.iter().find_map(|need| facts.missing(*need))
}

fn held_up(earlier: &str, outcomes: &BTreeMap<&'static str, Status>) -> Option<String> {
    match outcomes.get(earlier) {
        Some(Status::Failed) => Some(format!("follows from {earlier}")),
        Some(Status::Skipped) => Some(format!("needs {earlier}, which was skipped")),
        _ => None,
    }
}

fn finding(category: &'static str, check: &Check, facts: &Facts, subject: Option<&str>, judged: Judged) -> Finding {
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
    let wrong = matches!(status, Status::Failed | Status::Warning);
    // A remedy of its own comes first: there it says what has to be done before, or instead.
    let repair = check.repair.filter(|_| wrong && remedy.is_empty());
    let remedy = remedy.into_iter().chain(repair.map(|repair| repair.command(&facts.cluster))).collect();
    let took =
        check.needs.iter().map(|need| facts.took(*need)).chain(subject.and_then(|name| facts.host_took(name))).max().unwrap_or_default();
    let Check { id, title, severity, .. } = *check;
    Finding { id, category, title, severity, subject: subject.map(str::to_owned), status, evidence, remedy, repair, took }
}

fn milliseconds<S: serde::Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
}
