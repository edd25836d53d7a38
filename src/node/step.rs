//! Runs one script of changes, and says how far it came.

use std::ops::Range;
use std::time::Duration;

use super::apply::{self, Line, RemoteStep};
use super::holder::Holder;
use super::ssh::Connection;
use crate::failure::{Failure, Result};
use crate::plan::change::Summary;

/// The state after a script of which the end wasn't seen.
pub const REPEATABLE: &str = "changes up to there are done; all can be repeated";

/// A change that just began or was just finished, by its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepEvent {
    Begin(usize),
    Done(usize),
}

/// Why a script ended too early.
#[derive(Debug)]
pub struct Stopped {
    pub failure: Failure,
    /// Changes that were done and that the node has taken back, by their index.
    pub taken_back: Range<usize>,
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self { failure, taken_back: 0..0 }
    }
}

/// `describe` says what a change is, by its index.
///
/// # Errors
/// The connection was lost, or one of the changes failed.
pub async fn run(
    connection: &Connection,
    step: &RemoteStep,
    describe: &dyn Fn(usize) -> Option<Summary>,
    on_step: impl FnMut(StepEvent),
) -> Result<()> {
    attempt(connection, step, describe, on_step).await.map_err(|lost| lost.state(REPEATABLE))?.map_err(|stopped| stopped.failure)
}

/// Outside: the connection was lost. Inside: a change failed.
pub async fn attempt(
    connection: &Connection,
    step: &RemoteStep,
    describe: &dyn Fn(usize) -> Option<Summary>,
    mut on_step: impl FnMut(StepEvent),
) -> Result<Result<(), Stopped>> {
    let script = Holder::me().assignment() + &step.script;
    let mut lines = Vec::new();
    let on_line = |text: &str| {
        let Some(line) = apply::read_line(text) else { return };
        match line {
            Line::Begin(index) => on_step(StepEvent::Begin(index)),
            Line::Ok(index) => on_step(StepEvent::Done(index)),
            _ => {}
        }
        lines.push(line);
    };
    let finished = connection.run(&script, step.deadline, on_line).await?;
    let ended = lines.contains(&Line::Done) && finished.code == 0;
    if ended {
        return Ok(Ok(()));
    }
    let taken_back = if lines.contains(&Line::TakenBack) { step.watched.clone() } else { 0..0 };
    Ok(Err(Stopped { failure: failed(&lines, &finished.errors, describe), taken_back }))
}

/// What the script said about its end, as a failure.
fn failed(lines: &[Line], errors: &str, describe: &dyn Fn(usize) -> Option<Summary>) -> Failure {
    let said: Vec<&str> = lines.iter().filter_map(|line| if let Line::Said(said) = line { Some(said.as_str()) } else { None }).collect();
    let index = lines.iter().find_map(|line| if let Line::Failed(index) = line { Some(*index) } else { None });
    if let Some(holder) = lines.iter().find_map(|line| if let Line::Busy(holder) = line { Some(holder) } else { None }) {
        let who = holder.as_ref().map_or_else(|| "it doesn't say who it is".to_owned(), ToString::to_string);
        return Failure::failed("another run of k8sport is changing the node")
            .because(who)
            .after(Duration::from_secs(60))
            .state("this change and those after it were not begun on the node")
            .next("wait for it, then run the command again; the lock of a run that is gone ends with its script");
    }
    if lines.contains(&Line::NoWatchdog) {
        return Failure::failed("the node's network was not changed")
            .because("systemd on the node can't arm the watchdog that would take the change back");
    }
    let what = index.and_then(describe).map_or_else(
        || "a script on the node ended too early".to_owned(),
        |summary| format!("a change on the node failed: {} {}", summary.thing, summary.detail),
    );
    let cause = if said.is_empty() { errors.trim().to_owned() } else { said.join("\n") };
    let state = if lines.contains(&Line::TakenBack) {
        "the change of the node's network was taken back; changes before it are done"
    } else {
        "changes before it are done; all can be repeated"
    };
    Failure::failed(what).because(cause).state(state).next("when the cause is gone, run the command again")
}
