//! The one document of `--output json`. Scripts rely on it: fields are added, never renamed, without a new version.

use serde::Serialize;

use crate::failure::Failure;
use crate::plan::Note;
use crate::plan::change::{Change, Summary};
use crate::plan::residue::Residue;
use crate::plan::usage::Usage;
use crate::report::{Access, Check, Outcome, Report, Status, Target};

pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    command: &'a str,
    outcome: Outcome,
    dry_run: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a Target>,
    changes: Vec<Line<'a>>,
    notes: Vec<&'a Note>,
    checks: &'a [Check],
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<&'a Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    monthly_savings_usd: Option<f64>,
    usage: Option<&'a Usage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    residue: Option<&'a Residue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Failure>,
}

#[derive(Serialize)]
struct Line<'a> {
    status: Status,
    summary: Summary,
    #[serde(flatten)]
    change: &'a Change,
}

pub fn report(report: &Report) -> String {
    let document = Document {
        version: VERSION,
        command: report.command,
        outcome: report.outcome(),
        dry_run: report.dry_run,
        target: report.target.as_ref(),
        changes: lines(report),
        notes: report.plan.notes.iter().chain(&report.remarks).collect(),
        checks: &report.checks,
        access: report.access.as_ref(),
        monthly_savings_usd: report.saves_usd,
        usage: report.usage.as_ref(),
        residue: report.residue.as_ref(),
        error: report.error.as_ref(),
    };
    // Strings, numbers and maps with string keys always serialize.
    serde_json::to_string_pretty(&document).map(|text| text + "\n").unwrap_or_default()
}

fn lines(report: &Report) -> Vec<Line<'_>> {
    let changes = report.plan.changes.iter().enumerate();
    changes.map(|(index, change)| Line { status: report.status(index), summary: change.summary(), change }).collect()
}
