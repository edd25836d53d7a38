//! The SSH connection to the node: the system's `ssh`, so that the user's agent, configuration and jump hosts work.

mod connect;
mod errors;
mod greeting;
mod host_keys;
mod key_file;
mod leftovers;
mod run;
mod stay;

use std::fmt;
use std::path::PathBuf;

use crate::names::{HostKeyFingerprint, InstanceId, SshHost, SshUser};

pub use connect::{Connection, connect};
pub use host_keys::{file as pinned_host_keys, is_known};
pub use run::TRANSFER;
pub use stay::Staying;

/// Whom to connect to and whose host key to believe.
#[derive(Debug, Clone)]
pub struct Target {
    pub host: SshHost,
    /// None leaves the choice to `ssh`, as with user and key: configuration and agent.
    pub port: Option<u16>,
    pub user: Option<SshUser>,
    pub key: Option<PathBuf>,
    /// For an instance we keep host keys ourselves. Others' are the user's own affair: those of `known_hosts`.
    pub instance: Option<InstanceId>,
    pub trust: HostKeyTrust,
}

impl Target {
    /// `user@host`, as far as the user is known.
    pub fn login(&self) -> String {
        self.user.as_ref().map_or_else(|| self.host.to_string(), |user| format!("{user}@{}", self.host))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.login())?;
        if let Some(port) = self.port {
            write!(f, " port {port}")?;
        }
        self.instance.as_ref().map_or(Ok(()), |instance| write!(f, " ({instance})"))
    }
}

/// Where a host key may come from that isn't pinned yet. What is pinned for the instance always comes first, and the
/// check is always strict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostKeyTrust {
    /// From the instance's console output or not at all.
    Console,
    /// The key with this fingerprint, given by the user. It also replaces a pinned one.
    Fingerprint(HostKeyFingerprint),
    /// From the console output, else whatever the first connection shows.
    AcceptNew,
}
