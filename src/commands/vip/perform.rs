//! Makes the changes of a plan, node after node in the plan's order. A node's changes are one script for as long as they
//! follow each other.

use super::nodes::Connected;
use crate::failure::{Failure, Result};
use crate::node::StepEvent;
use crate::output::Console;
use crate::plan::change::Change;
use crate::plan::vip::{VipChange, without_keepalived};
use crate::report::{Report, Status};
use crate::settings::VipSettings;

/// Shows the plan, asks, and makes the changes.
///
/// # Errors
/// Not confirmed, or the first change that fails; no node after it is touched.
pub async fn plan(settings: &VipSettings, connected: &[Connected], console: &Console, report: &Report) -> Result<()> {
    if !report.plan.changes.is_empty() || !report.plan.notes.is_empty() {
        console.plan(&report.plan);
    }
    if report.plan.changes.is_empty() {
        return Ok(());
    }
    if !settings.run.yes {
        console.confirm("Apply these changes?", "confirm with `--yes`, or look at the plan with `--dry-run`").await?;
    }
    let changes: Vec<VipChange> = report
        .plan
        .changes
        .iter()
        .filter_map(|change| if let Change::Vip(change) = change { Some((**change).clone()) } else { None })
        .collect();
    let mut first = 0;
    for group in changes.chunk_by(|one, next| one.node == next.node) {
        on_node(first, group, connected, console, report).await.map_err(|failure| left(failure, &changes, report))?;
        first += group.len();
    }
    Ok(())
}

/// `first` is the index of the group's first change in the plan.
async fn on_node(first: usize, group: &[VipChange], connected: &[Connected], console: &Console, report: &Report) -> Result<()> {
    let Some((change, there)) =
        group.first().and_then(|change| Some((change, connected.iter().find(|one| one.member.address == change.node)?)))
    else {
        return Err(Failure::failed("a change is planned on a node that isn't connected"));
    };
    let step = console.step(format!("change {}", change.name));
    let ended = there
        .node
        .apply_to_control_plane(group, |event| match event {
            StepEvent::Begin(index) => {
                report.set_status(first + index, Status::Running);
                if let Some(change) = group.get(index) {
                    step.update(&change.summary().detail);
                }
            }
            StepEvent::Done(index) => report.set_status(first + index, Status::Done),
        })
        .await;
    match ended {
        Ok(()) => {
            step.done();
            Ok(())
        }
        Err(failure) => {
            step.failed();
            // The script says which one it was by not finishing it.
            let failed = (first..first + group.len()).find(|index| report.status(*index) == Status::Running);
            if let Some(index) = failed {
                report.set_status(index, Status::Failed);
            }
            Err(failure.next("run the same command again: it goes on from what is there"))
        }
    }
}

/// What the nodes are without, now that it went no further.
fn left(failure: Failure, changes: &[VipChange], report: &Report) -> Failure {
    let failed = (0..changes.len()).find(|index| !matches!(report.status(*index), Status::Done)).unwrap_or(changes.len());
    let state = failure.state.clone().unwrap_or_default();
    match without_keepalived(changes, failed).as_slice() {
        [] => failure.state(format!("{state}; the nodes after it are as they were").trim_start_matches("; ")),
        stopped => failure
            .state(format!("{state}; no keepalived runs on {}", stopped.join(", ")).trim_start_matches("; "))
            .next("or have back what ran before: `k8sport vip cleanup`"),
    }
}
