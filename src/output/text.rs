//! Text for people. Everything can be read without colour.

use console::{Style, Term};

use crate::failure::{Failure, Kind};
use crate::plan::change::{Change, Summary, Verb};
use crate::plan::observed::Account;
use crate::plan::{Level, Note, Plan};
use crate::report::{Access, Outcome, Report, Status, Target};

/// Colour and width of the stream that the text is for. A pipe gets neither colour nor line breaks of ours.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    colour: bool,
    width: Option<usize>,
}

impl Paint {
    pub fn stdout() -> Self {
        Self::of(&Term::stdout(), console::colors_enabled())
    }

    pub fn stderr() -> Self {
        Self::of(&Term::stderr(), console::colors_enabled_stderr())
    }

    /// None where there is no terminal.
    pub fn width(self) -> Option<usize> {
        self.width
    }

    #[cfg(test)]
    pub fn plain(width: Option<usize>) -> Self {
        Self { colour: false, width }
    }

    fn of(terminal: &Term, colour: bool) -> Self {
        let width = terminal.is_term().then(|| usize::from(terminal.size().1).clamp(40, 110));
        Self { colour: colour && width.is_some(), width }
    }

    pub fn style(self, style: Style, text: &str) -> String {
        style.force_styling(self.colour).apply_to(text).to_string()
    }

    /// `first` before the first line, as many blanks before the others.
    pub fn hang(self, first: &str, text: &str) -> String {
        let blanks = " ".repeat(console::measure_text_width(first));
        let Some(width) = self.width else { return format!("{first}{}\n", text.replace('\n', &format!("\n{blanks}"))) };
        let room = width.saturating_sub(blanks.len()).max(20);
        let mut lines = text.lines().flat_map(|line| textwrap::wrap(line, options(room)));
        let head = lines.next().unwrap_or_default();
        let mut out = format!("{first}{head}\n");
        lines.for_each(|line| out.push_str(&format!("{blanks}{line}\n")));
        out
    }
}

/// Names and addresses stay whole, so that they can be copied.
fn options(width: usize) -> textwrap::Options<'static> {
    textwrap::Options::new(width).break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation)
}

pub fn target(target: &Target) -> String {
    let zone = target.zone.as_ref().map(|zone| format!(", zone {zone}")).unwrap_or_default();
    let public = target.public_ip.map_or("no public address".to_owned(), |ip| ip.to_string());
    format!(
        "cluster {}{zone}\naccount {} in {}\nnode    {} at {public} ({})\n\n",
        target.cluster, target.account.id, target.account.region, target.instance, target.private_ip
    )
}

pub fn account(account: &Account) -> String {
    format!("account {} in {}\n\n", account.id, account.region)
}

pub fn plan(plan: &Plan, paint: Paint) -> String {
    let mut out = format!("Plan: {}\n", changes(plan.changes.len()));
    out.push_str(&super::ingresses::table(&plan.changes, paint));
    for change in plan.changes.iter().filter(|change| !matches!(change, Change::EditIngress(_))) {
        out.push_str(&line(&change.summary(), "", paint));
    }
    out.push_str(&notes(&plan.notes, paint));
    out.push('\n');
    let specifications: Vec<_> = plan.changes.iter().filter_map(Change::specification).collect();
    if !specifications.is_empty() {
        out.push_str(&format!("Specification:\n{}\n", indented(&specifications.join("---\n"))));
    }
    out
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

fn changes(count: usize) -> String {
    match count {
        0 => "nothing to change".to_owned(),
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    }
}

fn line(summary: &Summary, suffix: &str, paint: Paint) -> String {
    let colour = match summary.verb {
        Verb::Create => Style::new().green(),
        Verb::Change => Style::new().yellow(),
        Verb::Remove => Style::new().red(),
    };
    let sign = paint.style(colour, &summary.verb.sign().to_string());
    paint.hang(&format!("  {sign} {:<18}", summary.thing), &format!("{}{suffix}", summary.detail))
}

pub fn notes(notes: &[Note], paint: Paint) -> String {
    let mut out = String::new();
    for note in notes {
        let label = match note.level {
            Level::Info => "  note: ".to_owned(),
            Level::Warning => format!("  {}: ", paint.style(Style::new().yellow().bold(), "warning")),
        };
        out.push_str(&paint.hang(&label, &note.text));
    }
    out
}

pub fn failure(error: &Failure, paint: Paint) -> String {
    let label = match error.kind {
        Kind::Refused => "refused",
        Kind::Interrupted => "interrupted",
        Kind::Failed | Kind::Usage => "error",
    };
    let waited = error.after.map(|after| format!(" (waited {:.0} s)", after.as_secs_f64())).unwrap_or_default();
    let mut out = paint.hang(&format!("{}: ", paint.style(Style::new().red().bold(), label)), &format!("{}{waited}", error.what));
    for (name, text) in [("cause", &error.cause), ("state", &error.state)] {
        if let Some(text) = text {
            out.push_str(&paint.hang(&format!("  {name}: "), text));
        }
    }
    for (index, step) in error.next.iter().enumerate() {
        out.push_str(&paint.hang(if index == 0 { "  next:  " } else { "         " }, step));
    }
    out
}

/// The result on stdout. A failure has none besides what had been done by then.
pub fn report(report: &Report, paint: Paint) -> String {
    let mut out = report.usage.as_ref().map(super::usage::text).unwrap_or_default();
    match report.outcome() {
        Outcome::Planned => return out + &plan(&report.plan, paint) + &saves(report),
        // A look at the usage has nothing to say about a plan.
        Outcome::Unchanged if report.usage.is_some() => return out + &notes(&report.plan.notes, paint),
        Outcome::Unchanged if report.dry_run => return plan(&report.plan, paint),
        Outcome::Unchanged => out.push_str("Nothing to change\n"),
        Outcome::Changed => {
            out.push_str(&format!("Done: {}\n", changes(report.done())));
            out.push_str(&left_out(report, paint));
            if report.usage.is_some() {
                out.push_str(&notes(&report.plan.notes, paint));
            }
        }
        Outcome::Failed | Outcome::Usage | Outcome::Refused | Outcome::Interrupted => out.push_str(&half_done(report, paint)),
    }
    for check in &report.checks {
        let sign = if check.ok { paint.style(Style::new().green(), "ok    ") } else { paint.style(Style::new().red(), "failed") };
        out.push_str(&paint.hang(&format!("  {sign}  {:<14}  ", check.name), &check.detail));
    }
    out.push_str(&notes(&report.remarks, paint));
    out.push_str(&report.residue.as_ref().map(super::residue::text).unwrap_or_default());
    if report.error.is_none()
        && let Some(access) = &report.access
    {
        out.push_str(&summary(access, paint));
    }
    out + &saves(report)
}

fn saves(report: &Report) -> String {
    match report.saves_usd {
        Some(dollars) if dollars > 0.0 && report.error.is_none() => format!("Saves about ${dollars:.2} a month\n"),
        _ => String::new(),
    }
}

/// What was declined is still there.
fn left_out(report: &Report, paint: Paint) -> String {
    let skipped = report.plan.changes.iter().enumerate().filter(|(index, _)| report.status(*index) == Status::Skipped);
    let lines: Vec<_> = skipped.map(|(_, change)| line(&change.summary(), "", paint)).collect();
    if lines.is_empty() { String::new() } else { format!("Left out: {}\n{}", changes(lines.len()), lines.concat()) }
}

fn half_done(report: &Report, paint: Paint) -> String {
    if !report.has_begun() {
        return String::new();
    }
    // What comes after the changes can fail, too: a rollout, the look from outside.
    let all_done = report.done() == report.plan.changes.len();
    let mut out = if all_done { "All of the plan is done:\n" } else { "Stopped in the middle of the plan:\n" }.to_owned();
    for (index, change) in report.plan.changes.iter().enumerate() {
        let suffix = match report.status(index) {
            Status::Done => "  [done]",
            Status::Failed => "  [failed]",
            Status::Running => "  [no answer: may or may not be done]",
            Status::TakenBack => "  [taken back]",
            Status::Planned => "  [not started]",
            Status::Skipped => "  [skipped]",
        };
        out.push_str(&line(&change.summary(), suffix, paint));
    }
    out
}

fn summary(access: &Access, paint: Paint) -> String {
    let mut out = "\n".to_owned();
    let mut row = |name: &str, text: &str| out.push_str(&paint.hang(&format!("  {name:<14}"), text));
    if let Some(public) = access.elastic_ip {
        let private = access.secondary_private_ip.map(|ip| format!(" -> {ip}")).unwrap_or_default();
        row("Elastic IP", &format!("{public}{private}"));
    }
    for (index, url) in access.urls.iter().enumerate() {
        row(if index == 0 { "applications" } else { "" }, url);
    }
    row("API server", &format!("{}, as before", access.api_url));
    if let Some(path) = access.data_path {
        row("data path", path.sentence());
    }
    let cost = match access.monthly_cost_usd {
        cost if cost > 0.0 => format!("about ${cost:.2} a month for the Elastic IP"),
        _ => "nothing added".to_owned(),
    };
    row("cost", &cost);
    for (index, next) in access.next.iter().enumerate() {
        row(if index == 0 { "next" } else { "" }, next);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::change::{Change, Deferred};

    fn failed() -> Failure {
        Failure::failed("ec2:AssociateAddress for Elastic IP eipalloc-0123456789abcdef0 with 172.20.63.254 on eni-0123456789abcdef0 failed")
            .because("InvalidAllocationID.NotFound: the allocation does not exist (request 0000)")
            .after(std::time::Duration::from_secs(61))
            .state("AWS refused this change; it was not made; 2 of 14 changes are done, none is half-done")
            .next("run the same command again: it goes on from what is there")
            .next("198.51.100.7     eipalloc-0123456789abcdef0  free\n198.51.100.8     eipalloc-0123456789abcdef1  free")
    }

    fn some_plan() -> Plan {
        let changes = vec![
            Change::AllocateElasticIp { tags: [("k8sport:cluster".to_owned(), "c02.example.com".to_owned())].into() },
            Change::AssociateElasticIp {
                allocation_id: Deferred::AfterApply,
                public_ip: Deferred::AfterApply,
                eni: "eni-0123456789abcdef0".parse().expect("an ENI id"),
                private_ip: "172.20.63.254".parse().expect("an address"),
            },
        ];
        let long =
            "masters.c02.example.com keeps the API server's 443 from the world, but a security group can't tell the two addresses apart";
        Plan { changes, notes: vec![Note::info("short"), Note::warning(long)] }
    }

    #[test]
    fn at_80_columns_and_in_a_pipe() {
        let all = |paint| format!("{}{}", plan(&some_plan(), paint), failure(&failed(), paint));
        insta::assert_snapshot!("at_80_columns", all(Paint::plain(Some(80))));
        insta::assert_snapshot!("in_a_pipe", all(Paint::plain(None)));
        assert!(all(Paint::plain(Some(80))).lines().all(|line| console::measure_text_width(line) <= 80));
    }

    #[test]
    fn a_run_that_stopped_in_the_middle_tells_what_is_done() {
        let mut stopped = Report::new("bootstrap", false);
        stopped.set_plan(some_plan());
        stopped.set_status(0, Status::Done);
        stopped.set_status(1, Status::Running);
        stopped.error = Some(failed());
        insta::assert_snapshot!(report(&stopped, Paint::plain(None)));
        assert!(stopped.progress().contains("without an answer: association"));
        (0..stopped.plan.changes.len()).for_each(|index| stopped.set_status(index, Status::Done));
        assert!(report(&stopped, Paint::plain(None)).starts_with("All of the plan is done:\n"));
    }
}
