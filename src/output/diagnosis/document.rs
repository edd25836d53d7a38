//! The same as JSON.

use serde::Serialize;

use crate::checks::{Conclusion, Diagnosis, Finding, Status, Subject};
use crate::failure::Failure;
use crate::output::json::VERSION;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    command: &'static str,
    outcome: &'static str,
    strict: bool,
    target: &'a Subject,
    totals: Totals,
    checks: &'a [Finding],
    #[serde(skip_serializing_if = "Option::is_none")]
    conclusion: Option<&'a Conclusion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repair_command: Option<&'a str>,
    milliseconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Failure>,
}

#[derive(Serialize)]
struct Totals {
    ok: usize,
    warning: usize,
    failed: usize,
    skipped: usize,
}

pub fn json(diagnosis: &Diagnosis) -> String {
    let totals = Totals {
        ok: diagnosis.count(Status::Ok),
        warning: diagnosis.count(Status::Warning),
        failed: diagnosis.count(Status::Failed),
        skipped: diagnosis.count(Status::Skipped),
    };
    let outcome = match (diagnosis.error.is_some(), totals.failed, totals.warning) {
        (true, ..) => "error",
        (_, 0, 0) => "healthy",
        (_, 0, _) => "warnings",
        _ => "failures",
    };
    let document = Document {
        version: VERSION,
        command: diagnosis.command,
        outcome,
        strict: diagnosis.strict,
        target: &diagnosis.subject,
        totals,
        checks: &diagnosis.findings,
        conclusion: diagnosis.conclusion.as_ref(),
        repair_command: diagnosis.repair.as_deref(),
        milliseconds: u64::try_from(diagnosis.took.as_millis()).unwrap_or(u64::MAX),
        error: diagnosis.error.as_ref(),
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n").unwrap_or_default()
}
