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

pub use progress::{Line, read_line};
pub use watchdog::{CONFIRM_WITHIN, Confirmation, confirm, give_up, read_confirmation};

use crate::failure::{Failure, Result};
use crate::plan::node::NodeChange;

/// Functions that the fragments use.
const PRELUDE: &str = include_str!("prelude.sh");

/// One script for the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteStep {
    /// For `sh -s` as root.
    pub script: String,
    /// How long it may take.
    pub deadline: Duration,
    /// Indices of the changes it applies.
    pub changes: std::ops::Range<usize>,
    /// It has armed the watchdog, so a fresh connection has to confirm.
    pub watched: bool,
}

/// A change as shell text.
struct Fragment {
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
        let watched = changes[start].is_watched();
        let length = changes[start..].iter().take_while(|change| change.is_watched() == watched).count();
        let range = start..start + length;
        let fragments = range.clone().map(|index| Fragment::of(changes, index, public)).collect::<Result<Vec<_>>>()?;
        steps.push(step(range.clone(), watched, &fragments));
        start = range.end;
    }
    Ok(steps)
}

fn step(changes: std::ops::Range<usize>, watched: bool, fragments: &[Fragment]) -> RemoteStep {
    let seconds = 10 + fragments.iter().map(|fragment| fragment.seconds).sum::<u64>();
    let mut body = String::new();
    if watched {
        body.push_str(&watchdog::arm(fragments, seconds));
    }
    for (index, fragment) in changes.clone().zip(fragments) {
        let mark = if watched { watchdog::mark(index - changes.start) } else { String::new() };
        body.push_str(&format!("begin {index}\n(\nset -eu\n{mark}{}) >\"$LOG\" 2>&1\nend {index} $?\n", fragment.apply));
    }
    if watched {
        body.push_str(&watchdog::await_confirmation());
    }
    let on_failure = if watched { "take_back" } else { ":" };
    RemoteStep {
        script: format!("{PRELUDE}\non_failure() {{ {on_failure}; }}\nmain() {{\n{body}}}\nstart\nmain </dev/null\nfinish\n"),
        deadline: Duration::from_secs(seconds),
        changes,
        watched,
    }
}
