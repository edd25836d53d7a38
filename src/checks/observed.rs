//! One thing that was looked at: what couldn't be had says why.

use std::time::Duration;

use crate::failure::Failure;

/// One observation, with the time it took.
#[derive(Debug, Clone)]
pub struct Observed<T> {
    pub outcome: Result<T, Missing>,
    pub took: Duration,
}

/// Why something isn't known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// One clause: "there is no SSH connection (node.ssh)".
    pub because: String,
    /// Set when the look itself failed; None when it wasn't tried.
    pub failure: Option<Box<Failure>>,
}

impl Missing {
    pub fn untried(because: impl Into<String>) -> Self {
        Self { because: because.into(), failure: None }
    }
}

impl<T> Observed<T> {
    pub fn untried(because: impl Into<String>) -> Self {
        Self { outcome: Err(Missing::untried(because)), took: Duration::ZERO }
    }

    pub fn get(&self) -> Result<&T, Missing> {
        self.outcome.as_ref().map_err(Clone::clone)
    }

    pub fn ok(&self) -> Option<&T> {
        self.outcome.as_ref().ok()
    }

    /// The failure of the look itself; Err when it wasn't tried.
    pub fn failed(&self) -> Result<Option<&Failure>, Missing> {
        match &self.outcome {
            Ok(_) => Ok(None),
            Err(Missing { failure: Some(failure), .. }) => Ok(Some(failure)),
            Err(missing) => Err(missing.clone()),
        }
    }
}
