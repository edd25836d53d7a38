//! What was read on a control plane, as plain values.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use serde::Serialize;

use crate::plan::node::{Address, FileState, Listener, RecordedPackages, UnitState};

use super::config::{Bind, VrrpInstance};

pub const KEEPALIVED_CONFIG: &str = "/etc/keepalived/keepalived.conf";
pub const HAPROXY_CONFIG: &str = "/etc/haproxy/haproxy.cfg";
/// The distribution's units.
pub const KEEPALIVED: &str = "keepalived.service";
pub const HAPROXY: &str = "haproxy.service";

/// A control plane that answered. Lists are empty where nothing could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ControlPlane {
    pub hostname: String,
    pub addresses: Vec<Address>,
    pub listeners: Vec<Listener>,
    pub units: BTreeMap<String, UnitState>,
    pub files: BTreeMap<String, FileState>,
    /// What HAProxy said last when it couldn't bind, since the boot.
    pub bind_error: Option<String>,
    /// What keepalived has said of its state since the boot, the newest last.
    pub transitions: Vec<Transition>,
    pub health: Health,
    /// Where HAProxy of ours is set up.
    pub balanced: Option<Balanced>,
    /// Packages that are installed, of those that matter.
    pub packages: BTreeSet<String>,
    /// Packages that we installed.
    pub installed_by_us: RecordedPackages,
    /// What of ours runs was started with the files that are there.
    pub loaded: BTreeSet<String>,
}

/// Where [`Answer::wants_credentials`].
pub const ANONYMOUS: &str = "let /livez and /readyz be asked anonymously: without `--anonymous-auth=false`, and with the ClusterRoleBinding system:public-info-viewer";

/// What `/livez` answers on the node, by the way to the API server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Health {
    pub localhost: Answer,
    pub node: Answer,
    pub vip: Answer,
}

/// The same through HAProxy of ours on the node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Balanced {
    pub port: u16,
    #[serde(flatten)]
    pub health: Health,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    #[default]
    Unknown,
    Status(u16),
    Refused,
    /// Nothing came in time.
    Silent,
    /// It isn't HTTPS, or was cut off.
    Broken,
}

impl Answer {
    pub fn is_healthy(self) -> bool {
        self == Self::Status(200)
    }

    /// Nobody may ask without them, not even whether it lives.
    pub fn wants_credentials(self) -> bool {
        matches!(self, Self::Status(401 | 403))
    }

    /// It was asked and isn't healthy.
    pub fn is_dead(self) -> bool {
        !self.is_healthy() && self != Self::Unknown
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown => f.write_str("not asked"),
            Self::Status(200) => f.write_str("ok"),
            Self::Status(status) => write!(f, "HTTP {status}"),
            Self::Refused => f.write_str("connection refused"),
            Self::Silent => f.write_str("no answer"),
            Self::Broken => f.write_str("no HTTPS"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transition {
    /// Milliseconds since 1970 by the node's clock.
    pub at: i64,
    pub instance: String,
    pub role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Master,
    Backup,
    Fault,
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Master => "MASTER",
            Self::Backup => "BACKUP",
            Self::Fault => "FAULT",
        })
    }
}

impl ControlPlane {
    pub fn unit(&self, name: &str) -> UnitState {
        self.units.get(name).cloned().unwrap_or_default()
    }

    /// Exactly this address: 10.0.0.10 isn't 10.0.0.100.
    pub fn has(&self, ip: Ipv4Addr) -> bool {
        self.addresses.iter().any(|address| address.ip == ip)
    }

    pub fn listening(&self, port: u16) -> impl Iterator<Item = &Listener> {
        self.listeners.iter().filter(move |listener| listener.port == port)
    }

    /// Something listens on its port, and not a HAProxy that should balance over it.
    pub fn has_api_server(&self, port: u16) -> bool {
        self.listening(port).any(|listener| listener.process != "haproxy")
    }

    pub fn file(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(|file| file.content.as_str())
    }

    /// What HAProxy of the distribution wants to bind.
    pub fn binds(&self) -> Vec<Bind> {
        self.file(HAPROXY_CONFIG).map(super::config::binds).unwrap_or_default()
    }

    /// The port of our HAProxy, if it is set up here.
    pub fn balancer(&self) -> Option<u16> {
        self.file(super::files::BALANCER).map(super::config::binds)?.first().map(|bind| bind.port)
    }

    /// The instances that a keepalived is configured with, ours and the distribution's.
    pub fn instances(&self) -> Vec<VrrpInstance> {
        let of = |path: &str| self.file(path).map(super::config::instances).unwrap_or_default();
        [of(super::files::KEEPALIVED), of(KEEPALIVED_CONFIG)].concat()
    }

    /// Whichever keepalived has the address among its own.
    pub fn instance_of(&self, vip: Ipv4Addr) -> Option<VrrpInstance> {
        self.instances().into_iter().find(|instance| instance.addresses.contains(&vip))
    }

    /// What its keepalived last said of the address' instance.
    pub fn role(&self, vip: Ipv4Addr) -> Option<Role> {
        let instance = self.instance_of(vip)?;
        let last = self.transitions.iter().rev().find(|transition| transition.instance == instance.name);
        last.map(|transition| transition.role)
    }

    /// The distribution's keepalived has the address, and runs or would at the next boot.
    pub fn has_foreign_keepalived(&self, vip: Ipv4Addr) -> bool {
        let unit = self.unit(KEEPALIVED);
        let configured = self.file(KEEPALIVED_CONFIG).map(super::config::instances).unwrap_or_default();
        (unit.active || unit.enabled) && configured.iter().any(|instance| instance.addresses.contains(&vip))
    }

    /// The distribution's HAProxy wants the API server's port, and runs, tries to, or would at the next boot.
    pub fn has_foreign_haproxy(&self, port: u16) -> bool {
        let unit = self.unit(HAPROXY);
        (unit.active || unit.enabled || is_failing(&unit)) && self.binds().iter().any(|bind| bind.port == port)
    }
}

/// systemd starts it again and again, or has given up doing so.
pub fn is_failing(unit: &UnitState) -> bool {
    matches!(unit.sub_state.as_str(), "auto-restart" | "failed")
}
