//! The SSH connection to the node: the system's `ssh`, so that the user's agent, configuration and jump hosts work.

mod connect;
mod errors;
mod host_keys;
mod key_file;
mod leftovers;
mod run;
mod stay;

use std::fmt;
use std::net::Ipv4Addr;
use std::path::PathBuf;

use crate::names::{HostKeyFingerprint, InstanceId, SshUser};

pub use connect::{Connection, connect};
pub use host_keys::{file as pinned_host_keys, is_known, of_user as known_to_user};
pub use run::TRANSFER;
pub use stay::Staying;

/// What a machine is known by: its host keys are kept under that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Machine {
    /// Whatever its address is.
    Instance(InstanceId),
    /// One that the user names, in no account that we know.
    Address(Ipv4Addr),
}

/// Whom to connect to and whose host key to believe.
#[derive(Debug, Clone)]
pub struct Target {
    pub host: Ipv4Addr,
    pub port: u16,
    pub user: SshUser,
    /// None leaves the choice to `ssh`: agent and configuration.
    pub key: Option<PathBuf>,
    pub machine: Machine,
    pub trust: HostKeyTrust,
}

/// Where a host key may come from that isn't pinned yet. What is pinned for the instance always comes first, and the
/// check is always strict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostKeyTrust {
    /// From the instance's console output, or the user's own known hosts, or not at all.
    Console,
    /// The key with this fingerprint, given by the user. It also replaces a pinned one.
    Fingerprint(HostKeyFingerprint),
    /// From the console output, else whatever the first connection shows.
    AcceptNew,
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instance(id) => id.fmt(f),
            Self::Address(address) => address.fmt(f),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, user, machine, .. } = self;
        match machine {
            Machine::Instance(id) => write!(f, "{user}@{host} port {port} ({id})"),
            Machine::Address(_) => write!(f, "{user}@{host} port {port}"),
        }
    }
}
