//! `unlock`: takes the node away from a run that holds it and doesn't go on.

use super::flow;
use super::observe::{self, NO_SCOPE};
use super::reach::log_in;
use crate::failure::{Failure, Result};
use crate::node::lock::State;
use crate::output::Console;
use crate::plan::change::Change;
use crate::plan::{Note, Plan};
use crate::report::{Report, Status};
use crate::settings::Settings;

pub async fn run(settings: &Settings, console: &Console) -> Report {
    let report = Report::new("unlock", settings.run.dry_run);
    flow::within(&settings.run, report, async |report| steps(settings, console, report).await).await
}

async fn steps(settings: &Settings, console: &Console, report: &mut Report) -> Result<()> {
    let seen = observe::seen(settings, NO_SCOPE, console).await?;
    let step = console.step("look who has the node");
    let node = log_in(&seen.aws, settings, &seen.instance).await?;
    let held = match node.lock_state().await? {
        State::Free => None,
        State::Held(held) => Some(held),
        State::Unreadable => return Err(unreadable()),
    };
    step.done();
    let Some(held) = held else {
        report.set_plan(Plan { changes: Vec::new(), notes: vec![Note::info("no run has the node")] });
        if !settings.run.dry_run {
            console.notes(&report.plan.notes);
        }
        return Ok(());
    };
    report.set_plan(Plan { changes: vec![Change::Unlock { holder: held.holder.to_string() }], notes: Vec::new() });
    if settings.run.dry_run {
        return Ok(());
    }
    console.plan(&report.plan);
    if !settings.run.yes {
        console.confirm("Take the node away from that run?", "confirm with `--yes`, or look who has it with `--dry-run`").await?;
    }
    report.set_status(0, Status::Running);
    let step = console.step("take the node away from it");
    let now = node.take_away(&held).await;
    let freed = match now {
        Ok(State::Held(now)) if now == held => Err(Failure::failed("the run has the node still").because(now.holder)),
        // A run that has waited for it may have it by now.
        Ok(State::Free | State::Held(_)) => Ok(()),
        Ok(State::Unreadable) => Err(unreadable()),
        Err(failure) => Err(failure),
    };
    report.set_status(0, if freed.is_ok() { Status::Done } else { Status::Failed });
    freed?;
    step.done();
    report.plan.notes.push(Note::info("a run that goes on in spite of it stops before its next change, and can be repeated"));
    node.close().await;
    Ok(())
}

fn unreadable() -> Failure {
    Failure::failed("something has the lock of the node, and it isn't a run of k8sport")
        .state("nothing was changed")
        .next("see on the node who it is: sudo fuser -v /run/k8sport.lock")
}
