//! Turns planned changes into scripts for the node. Pure: the same changes make the same text.
//!
//! Each change becomes a fragment that may run twice. Fragments that could cut the node off form a step of their own,
//! in which every fragment also has an undo; see [`watchdog`].

mod fragment;
mod haproxy;
mod leftovers;
mod progress;
mod removal;
#[cfg(test)]
mod tests;
mod watchdog;

use std::net::Ipv4Addr;
use std::time::Duration;

pub use fragment::here_document;
pub use progress::{Line, read_line};
pub use removal::purge;
pub use watchdog::{CONFIRM_WITHIN, Confirmation, confirm, give_up, read_confirmation};

use crate::failure::{Failure, Result};
use crate::plan::node::NodeChange;

/// Functions that the fragments use.
const PRELUDE: &str = include_str!("prelude.sh");

/// One script for the node: changes that can't cut it off, then changes that can, if any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteStep {
    /// For `sh -s` as root.
    pub script: String,
    /// How long it may take.
    pub deadline: Duration,
    /// Indices of the changes it applies.
    pub changes: std::ops::Range<usize>,
    /// Those among them that the watchdog takes back unless they are confirmed.
    pub watched: std::ops::Range<usize>,
}

/// A change as shell text.
pub struct Fragment {
    /// Runs with `set -eu`; may fail.
    apply: String,
    /// Takes it back; only watched changes have one.
    undo: String,
    /// Seconds it may take.
    seconds: u64,
}

/// The scripts for `changes`, in order. `public` is the Elastic IP where the plan says "known after apply".
pub fn steps(changes: &[NodeChange], public: Option<Ipv4Addr>) -> Result<Vec<RemoteStep>, Failure> {
    let mut steps = Vec::new();
    let mut start = 0;
    while start < changes.len() {
        let length = |from: usize, watched: bool| changes[from..].iter().take_while(|change| change.is_watched() == watched).count();
        let armed = start + length(start, false);
        let end = armed + length(armed, true);
        let fragments = (start..end).map(|index| Fragment::of(changes, index, public)).collect::<Result<Vec<_>>>()?;
        steps.push(step(start..end, armed, &fragments));
        start = end;
    }
    Ok(steps)
}

/// One script of changes that can't cut the node off.
pub fn unwatched(fragments: &[Fragment]) -> RemoteStep {
    step(0..fragments.len(), fragments.len(), fragments)
}

/// The changes from `armed` on are watched.
fn step(changes: std::ops::Range<usize>, armed: usize, fragments: &[Fragment]) -> RemoteStep {
    let seconds = |fragments: &[Fragment]| 10 + fragments.iter().map(|fragment| fragment.seconds).sum::<u64>();
    let watched = armed..changes.end;
    let mut body = String::new();
    for (index, fragment) in changes.clone().zip(fragments) {
        if index == armed {
            let fragments = &fragments[armed - changes.start..];
            body.push_str(&watchdog::arm(fragments, seconds(fragments)));
        }
        let mark = if index >= armed { watchdog::mark(index - armed) } else { String::new() };
        body.push_str(&format!("begin {index}\n(\nset -eu\n{mark}{}) >\"$LOG\" 2>&1\nend {index} $?\n", fragment.apply));
    }
    if !watched.is_empty() {
        body.push_str(&watchdog::await_confirmation());
    }
    RemoteStep {
        script: format!("{PRELUDE}\non_failure() {{ :; }}\nmain() {{\n{body}}}\nstart\nmain </dev/null\nfinish\n"),
        deadline: Duration::from_secs(seconds(fragments)),
        changes,
        watched,
    }
}
