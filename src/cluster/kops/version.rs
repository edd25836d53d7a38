//! Which kOps it is.

use std::fmt;

use serde::Serialize;

use super::PROGRAM;
use crate::failure::{Failure, Result};
use crate::subprocess::Subprocess;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
}

/// The first release whose behaviour was looked at: control planes are called so, and DNS is as we expect it.
pub const OLDEST: Version = Version { major: 1, minor: 28 };

/// No network is needed for it.
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(20);

impl Version {
    /// # Errors
    /// kOps isn't there, or says something that is no version.
    pub async fn of_kops() -> Result<Self> {
        let command = Subprocess::new(PROGRAM, ["version", "--short"]);
        let finished = command.succeed(DEADLINE, |_| ()).await.map_err(|failure| failure.next(WHERE))?;
        parse(&finished.output)
            .ok_or_else(|| Failure::failed(format!("`{}` printed no version", command.shown())).because(finished.output.trim()))
    }

    /// `1.36` creates Kubernetes up to 1.36, and the five minor releases before it.
    pub fn can_create(self, kubernetes: Version) -> bool {
        kubernetes.major == self.major && kubernetes.minor <= self.minor && self.minor - kubernetes.minor <= 5
    }
}

pub const WHERE: &str = "install kOps: https://kops.sigs.k8s.io/getting_started/install/";

/// `1.36.1`, and before 1.22 `Version 1.21.0 (git-…)` despite `--short`; also `1.37.0-alpha.1`.
fn parse(text: &str) -> Option<Version> {
    text.split_whitespace().find_map(|word| {
        let mut parts = word.trim_start_matches('v').split('.');
        Some(Version { major: parts.next()?.parse().ok()?, minor: parts.next()?.parse().ok()? })
    })
}

impl std::str::FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse(text).ok_or_else(|| format!("expected a version such as 1.36, got {text:?}"))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_its_releases_print_it() {
        for (text, minor) in [("1.36.1\n", 36), ("Version 1.21.0 (git-1)\n", 21), ("1.37.0-alpha.1\n", 37), ("v1.30.0", 30)] {
            assert_eq!(parse(text), Some(Version { major: 1, minor }), "{text:?}");
        }
        for text in ["", "kops", "1", "one.two"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert!(Version { major: 1, minor: 9 } < OLDEST);
    }

    #[test]
    fn a_release_creates_its_own_kubernetes_and_some_before() {
        let version = |minor| Version { major: 1, minor };
        assert!(version(34).can_create(version(34)) && version(34).can_create(version(29)));
        assert!(!version(34).can_create(version(35)) && !version(34).can_create(version(28)));
    }
}
