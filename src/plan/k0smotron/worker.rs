//! A worker as it was observed.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use serde::Serialize;

use super::{AUTHORITY, HAPROXY, Material, SERVER};
use crate::names::SshHost;
use crate::verify::tls::Certificate;

/// Access to a file or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Owned {
    #[serde(serialize_with = "octal")]
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileState {
    pub owned: Owned,
    pub sha256: String,
    /// Seconds since 1970, by the worker's clock.
    pub modified: i64,
}

/// Who has port 7443.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    pub pid: u32,
    pub command: String,
    pub uid: u32,
    /// Seconds since 1970, by the worker's clock.
    pub started: i64,
}

#[derive(Debug, Clone)]
pub struct Worker {
    pub host: SshHost,
    pub hostname: String,
    pub addresses: Vec<IpAddr>,
    pub folder: Option<Owned>,
    pub files: BTreeMap<&'static str, FileState>,
    /// A path of ours that is something else.
    pub in_the_way: Option<String>,
    /// The certificate of `server.pem`, as far as it can be read; its key stays where it is.
    pub certificate: Option<Certificate>,
    /// The account of the host with the image's number.
    pub account: Option<String>,
    pub listener: Option<Listener>,
    /// SHA-256 of the certificate that the port shows.
    pub served: Option<String>,
    /// Where the API's name leads, there.
    pub resolved: Vec<IpAddr>,
}

/// The DaemonSet's pod on a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sidecar {
    Pod {
        name: String,
        ready: bool,
        /// Why it isn't.
        waits: Option<String>,
    },
    /// The hosted cluster was asked and has none there.
    Absent,
    /// It couldn't be asked, and why.
    Unknown(String),
}

impl Worker {
    /// Whether the sidecar that runs has started before its files came.
    pub fn is_stale(&self, material: &Material) -> bool {
        let newer = |started: i64| [AUTHORITY, SERVER].iter().filter_map(|path| self.files.get(path)).any(|file| file.modified > started);
        self.served.as_ref().is_some_and(|served| *served != material.leaf_sha256)
            || self.listener.as_ref().is_some_and(|listener| newer(listener.started))
    }
}

impl Listener {
    /// HAProxy in its image.
    pub fn is_sidecar(&self) -> bool {
        self.command == "haproxy" && self.uid == HAPROXY
    }
}

impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (process {}, user {})", self.command, self.pid, self.uid)
    }
}

impl Sidecar {
    /// It waits for what was missing, and longer each time.
    pub fn is_held_up(&self) -> bool {
        matches!(self, Self::Pod { ready: false, .. })
    }
}

impl fmt::Display for Owned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o} {}:{}", self.mode, self.uid, self.gid)
    }
}

fn octal<S: serde::Serializer>(mode: &u32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{mode:04o}"))
}
