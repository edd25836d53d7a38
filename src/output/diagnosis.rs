//! A diagnosis as text. Knows findings, and nothing of any check.

mod document;

use console::Style;
pub use document::json;

use super::text::Paint;
use super::vip;
use crate::checks::{Detail, Diagnosis, Finding, Place, Status, Subject, k0smotron};

pub fn text(diagnosis: &Diagnosis, paint: Paint) -> String {
    if diagnosis.error.is_some() {
        return String::new();
    }
    if diagnosis.detail == Detail::Short {
        return short(diagnosis, paint);
    }
    let mut out = match &diagnosis.subject {
        Subject::Cluster(at) => place(at),
        Subject::K0smotron(at) => hosted_place(at),
        Subject::Vip(at) => vip::place(at),
    };
    // Every check has a finding, so every category is there, in its order.
    for findings in diagnosis.findings.chunk_by(|one, next| one.category == next.category) {
        let category = findings.first().map_or("", |finding| finding.category);
        out.push_str(&section(category, &findings.iter().collect::<Vec<_>>(), diagnosis.detail == Detail::All, paint));
    }
    out.push('\n');
    out.push_str(&diagnosis.conclusion.as_ref().map(|all| vip::conclusion(all, paint)).unwrap_or_default());
    out.push_str(&verdict(diagnosis, paint));
    out
}

/// The head of `diagnose` and `status`.
pub fn place(place: &Place) -> String {
    let zone = place.zone.as_ref().map(|zone| format!(", zone {zone}")).unwrap_or_default();
    let mut out = format!("cluster {}{zone}\n", place.cluster);
    if let Some(account) = &place.account {
        out.push_str(&format!("account {} in {}\n", account.id, account.region));
    }
    if let Some(instance) = &place.instance {
        let public = place.public_ip.map_or("no public address".to_owned(), |ip| ip.to_string());
        let private = place.private_ip.map(|ip| format!(" ({ip})")).unwrap_or_default();
        out.push_str(&format!("node    {instance} at {public}{private}\n"));
    }
    out + "\n"
}

fn hosted_place(place: &k0smotron::Place) -> String {
    let mut out = format!("cluster {}/{}, hosted\n", place.namespace, place.cluster);
    if let Some(server) = &place.management {
        out.push_str(&format!("by      {server}\n"));
    }
    for (index, worker) in place.workers.iter().enumerate() {
        out.push_str(&format!("{} {worker}\n", if index == 0 { "workers" } else { "       " }));
    }
    out + "\n"
}

fn sign(status: Status, paint: Paint) -> String {
    match status {
        Status::Ok => paint.style(Style::new().green(), "✓"),
        Status::Warning => paint.style(Style::new().yellow(), "!"),
        Status::Failed => paint.style(Style::new().red(), "✗"),
        Status::Skipped => paint.style(Style::new().dim(), "–"),
    }
}

fn section(title: &str, findings: &[&Finding], all: bool, paint: Paint) -> String {
    let count = |status: Status| findings.iter().filter(|finding| finding.status == status).count();
    let (fine, skipped) = (count(Status::Ok), count(Status::Skipped));
    let worst = if count(Status::Failed) > 0 {
        Status::Failed
    } else if count(Status::Warning) > 0 {
        Status::Warning
    } else if fine > 0 {
        Status::Ok
    } else {
        Status::Skipped
    };
    let mut counts = vec![format!("{fine} fine")];
    // Where nothing could be judged, the first reason is the one that matters.
    let reason = findings.first().filter(|_| worst == Status::Skipped).map(|finding| format!(": {}", finding.evidence)).unwrap_or_default();
    if skipped > 0 {
        counts.push(format!("{skipped} skipped{reason}"));
    }
    let counts = if fine == 0 { counts.split_off(1.min(counts.len() - 1)) } else { counts };
    let counts = if fine == 0 && skipped == 0 { String::new() } else { format!("  ({})", counts.join(", ")) };
    let mut out = format!("{} {}{counts}\n", sign(worst, paint), paint.style(Style::new().bold(), title));
    if all {
        out.extend(findings.iter().map(|finding| line(finding, paint)));
        return out;
    }
    let wrong = findings.iter().copied().filter(|finding| matches!(finding.status, Status::Failed | Status::Warning));
    for (first, more) in first_of_each_check(wrong) {
        out.extend(first.iter().map(|finding| line(finding, paint)));
        if more > 0 {
            out.push_str(&format!("      and {more} more of {}; `-v` shows all\n", first[0].id));
        }
    }
    out
}

/// What a check finds of many hosts has one cause mostly: the first ones of each check and status, and how many more there are.
fn first_of_each_check<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<(Vec<&'a Finding>, usize)> {
    const SHOWN: usize = 3;
    let findings: Vec<_> = findings.collect();
    let of_one = findings.chunk_by(|one, next| (one.id, one.status) == (next.id, next.status));
    // One more would take as much room as to say that there is one.
    let shown = |all: usize| if all <= SHOWN + 1 { all } else { SHOWN };
    of_one.map(|all| (all[..shown(all.len())].to_vec(), all.len() - shown(all.len()))).collect()
}

fn line(finding: &Finding, paint: Paint) -> String {
    let subject = finding.subject.as_ref().map(|subject| format!("{subject}: ")).unwrap_or_default();
    // The sentence of the check is true when it holds; else the evidence says what is true.
    let what = match (finding.status, finding.evidence.is_empty()) {
        (Status::Ok, true) => finding.title.to_owned(),
        (Status::Ok, false) => format!("{}: {}", finding.title, finding.evidence),
        _ => finding.evidence.clone(),
    };
    let mut out = paint.hang(&format!("    {} {:<24} ", sign(finding.status, paint), finding.id), &format!("{subject}{what}"));
    for remedy in &finding.remedy {
        out.push_str(&format!("      fix: {remedy}\n"));
    }
    out
}

fn verdict(diagnosis: &Diagnosis, paint: Paint) -> String {
    let mut out = format!(
        "{} checks: {} fine, {}, {} failed, {} skipped ({:.1} s)\n",
        diagnosis.findings.len(),
        diagnosis.count(Status::Ok),
        warnings(diagnosis.count(Status::Warning)),
        diagnosis.count(Status::Failed),
        diagnosis.count(Status::Skipped),
        diagnosis.took.as_secs_f64()
    );
    for (name, status) in [("failed:  ", Status::Failed), ("warning: ", Status::Warning)] {
        let names = names(diagnosis, status);
        if !names.is_empty() {
            out.push_str(&paint.hang(name, &names.join(", ")));
        }
    }
    if let Some(repair) = &diagnosis.repair {
        out.push_str(&format!("repair:  {repair}\n"));
    }
    let first = diagnosis.with(Status::Failed).chain(diagnosis.with(Status::Warning)).next();
    match first {
        Some(finding) => out.push_str(&format!("explain: k8sport {} --explain {}\n", diagnosis.command, finding.id)),
        None => out.push_str(&format!("{} is healthy\n", diagnosis.subject)),
    }
    out
}

fn warnings(count: usize) -> String {
    if count == 1 { "1 warning".to_owned() } else { format!("{count} warnings") }
}

fn names(diagnosis: &Diagnosis, status: Status) -> Vec<&'static str> {
    let mut names: Vec<_> = diagnosis.with(status).map(|finding| finding.id).collect();
    names.dedup();
    names
}

/// For chat: the verdict, then a line a finding.
fn short(diagnosis: &Diagnosis, paint: Paint) -> String {
    let (failed, warned) = (diagnosis.count(Status::Failed), diagnosis.count(Status::Warning));
    let skipped = diagnosis.count(Status::Skipped);
    let mut out = match (failed, warned) {
        (0, 0) => format!("{}: healthy ({} checks, {skipped} skipped)\n", diagnosis.subject, diagnosis.findings.len()),
        _ => format!("{}: {failed} failed, {}, {skipped} skipped\n", diagnosis.subject, warnings(warned)),
    };
    for (first, more) in first_of_each_check(diagnosis.with(Status::Failed).chain(diagnosis.with(Status::Warning))) {
        for finding in &first {
            let subject = finding.subject.as_ref().map(|subject| format!("{subject}: ")).unwrap_or_default();
            out.push_str(&format!("{} {}: {subject}{}\n", sign(finding.status, paint), finding.id, finding.evidence));
        }
        if more > 0 {
            out.push_str(&format!("  and {more} more of {}\n", first[0].id));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::checks::{CATEGORIES, Repair, Severity};
    use crate::failure::Failure;

    fn finding(category: usize, id: &'static str, status: Status, evidence: &str) -> Finding {
        let wrong = matches!(status, Status::Failed | Status::Warning);
        Finding {
            id,
            category: CATEGORIES[category].title,
            title: "all is well",
            severity: Severity::Failure,
            subject: id.starts_with("host.").then(|| "app.example.com".to_owned()),
            status,
            evidence: evidence.to_owned(),
            remedy: if wrong { vec!["k8sport setup-secondary-ip --cluster c02.example.com".to_owned()] } else { Vec::new() },
            repair: wrong.then_some(Repair::SecondaryIp),
            hops: Vec::new(),
            took: Duration::from_millis(1234),
        }
    }

    fn some(detail: Detail) -> Diagnosis {
        let long = "no group on eni-0123456789abcdef0 lets TCP 443 in from 0.0.0.0/0, and this sentence goes on and on";
        Diagnosis {
            command: "diagnose",
            subject: Subject::Cluster(Place::unknown("c02.example.com".parse().expect("a name"))),
            conclusion: None,
            repair: Some("k8sport diagnose --fix --cluster c02.example.com".to_owned()),
            findings: vec![
                finding(0, "account.region", Status::Ok, "eu-central-1"),
                finding(2, "address.association", Status::Failed, "198.51.100.7 is associated with nothing"),
                finding(2, "address.intended", Status::Skipped, "follows from address.association"),
                finding(3, "firewall.https", Status::Failed, long),
                finding(4, "node.ssh", Status::Skipped, "needs instance.running, which failed"),
                finding(9, "host.certificate", Status::Warning, "3 days left, until 2027-02-01"),
            ],
            took: Duration::from_millis(3210),
            strict: false,
            detail,
            error: None,
        }
    }

    #[test]
    fn findings_everything_and_short() {
        let at_80 = Paint::plain(Some(80));
        insta::assert_snapshot!("diagnosis_findings", text(&some(Detail::Findings), at_80));
        insta::assert_snapshot!("diagnosis_everything", text(&some(Detail::All), at_80));
        insta::assert_snapshot!("diagnosis_short", text(&some(Detail::Short), at_80));
        insta::assert_snapshot!("diagnosis_json", json(&some(Detail::All)));
        // Commands are for copying, so they aren't broken.
        let lines = text(&some(Detail::All), at_80);
        assert!(lines.lines().filter(|line| !line.contains("fix: ")).all(|line| console::measure_text_width(line) <= 80), "{lines}");
    }

    #[test]
    fn of_many_hosts_the_first_ones_are_shown() {
        let mut diagnosis = some(Detail::Findings);
        diagnosis.findings = (0..1000).map(|_| finding(9, "host.certificate", Status::Failed, "3 days left")).collect();
        for (detail, lines) in [(Detail::Findings, 3), (Detail::Short, 3), (Detail::All, 1000)] {
            diagnosis.detail = detail;
            let text = super::text(&diagnosis, Paint::plain(Some(80)));
            assert_eq!(
                (text.matches("3 days left").count(), text.contains("and 997 more of host.certificate")),
                (lines, lines == 3),
                "{text}"
            );
        }
        diagnosis.findings.truncate(4);
        diagnosis.detail = Detail::Findings;
        assert_eq!(super::text(&diagnosis, Paint::plain(Some(80))).matches("3 days left").count(), 4);
    }

    #[test]
    fn what_the_exit_code_says() {
        let mut diagnosis = some(Detail::All);
        assert_eq!(diagnosis.exit_code(), 3);
        diagnosis.findings.retain(|finding| finding.status != Status::Failed);
        assert_eq!(diagnosis.exit_code(), 0);
        diagnosis.strict = true;
        assert_eq!(diagnosis.exit_code(), 3);
        diagnosis.error = Some(Failure::failed("diagnose did not end within its limit"));
        assert_eq!(diagnosis.exit_code(), 1);
    }
}
