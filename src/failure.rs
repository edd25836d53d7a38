//! The one error type: what failed, on what, after how long, why, what is the state now, what to do next.

use std::fmt;
use std::time::Duration;

/// How a failed command is classed; decides the exit code and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something did not work (exit code 1).
    Failed,
    /// The input is wrong; nothing was touched (exit code 2).
    Usage,
    /// We could but must not: not ours, not safe or not confirmed (exit code 4).
    Refused,
    /// The user or the system stopped us (exit code 130).
    Interrupted,
}

impl Kind {
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 4,
            Self::Interrupted => 130,
        }
    }
}

/// A failure as the operator reads it. Build it with [`Failure::failed`], [`Failure::usage`] or [`Failure::refused`]
/// and the methods below; every field but `what` is optional, so say what is known and no more.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Failure {
    pub kind: Kind,
    /// One sentence without a full stop: what failed, on which resource.
    pub what: String,
    /// The cause in the words of whoever reported it (code, message, request id).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Seconds waited before giving up.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "seconds")]
    pub after: Option<Duration>,
    /// What the world looks like now ("nothing was changed", "the address 198.51.100.7 is allocated and tagged").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What to do next, one step an entry.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<String>,
    /// The action that the identity isn't allowed, as IAM spells it, or the verb and resource as RBAC does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_action: Option<String>,
    /// No connection came about: nobody answered, or nobody listens there.
    #[serde(skip)]
    pub unreachable: bool,
}

pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), cause: None, after: None, state: None, next: Vec::new(), missing_action: None, unreachable: false }
    }

    pub fn failed(what: impl Into<String>) -> Self {
        Self::new(Kind::Failed, what)
    }

    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(Kind::Usage, what)
    }

    pub fn refused(what: impl Into<String>) -> Self {
        Self::new(Kind::Refused, what)
    }

    pub fn interrupted(what: impl Into<String>) -> Self {
        Self::new(Kind::Interrupted, what)
    }

    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    #[must_use]
    pub fn after(mut self, waited: Duration) -> Self {
        self.after = Some(waited);
        self
    }

    #[must_use]
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.state = Some(state.into());
        self
    }

    #[must_use]
    pub fn next(mut self, step: impl Into<String>) -> Self {
        self.next.push(step.into());
        self
    }
}

impl Failure {
    /// For a call that was denied.
    #[must_use]
    pub fn missing(mut self, action: impl Into<String>) -> Self {
        self.missing_action = Some(action.into());
        self
    }

    /// For a host that isn't there, as opposed to one that says no.
    #[must_use]
    pub fn unreachable(mut self) -> Self {
        self.unreachable = true;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        // A no that came at once was not waited for.
        if let Some(after) = self.after.filter(|after| after.as_millis() >= 500) {
            write!(f, " (waited {:.0} s)", after.as_secs_f64())?;
        }
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

fn seconds<S: serde::Serializer>(after: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((after.unwrap_or_default().as_secs_f64() * 10.0).round() / 10.0)
}
