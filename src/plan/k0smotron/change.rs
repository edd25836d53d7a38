//! What can be done on a worker, and how it reads in a plan. The key is in none of it: files are known by their digests.

use serde::Serialize;

use super::{FOLDER, FOLDER_IS, Owned};
use crate::names::SshHost;
use crate::plan::change::{Summary, Verb};
use crate::plan::lane::Lane;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "k0smotron", rename_all = "kebab-case")]
pub enum K0smotronChange {
    /// The folder that the sidecar mounts.
    Folder { worker: SshHost, was: Option<Owned> },
    /// At once or not at all, with its access from its first byte on.
    Write {
        worker: SshHost,
        path: &'static str,
        how: Owned,
        sha256: String,
        /// None for a new file.
        was: Option<String>,
    },
    /// The content is right, the access isn't.
    Protect { worker: SshHost, path: &'static str, how: Owned, was: Owned },
    /// The DaemonSet makes its pod anew, which reads the files.
    Restart { worker: SshHost, pod: String },
}

impl K0smotronChange {
    pub fn lane(&self) -> Lane {
        match self {
            Self::Folder { .. } | Self::Write { .. } | Self::Protect { .. } => Lane::Node,
            Self::Restart { .. } => Lane::Kubernetes,
        }
    }

    pub fn worker(&self) -> &SshHost {
        match self {
            Self::Folder { worker, .. } | Self::Write { worker, .. } | Self::Protect { worker, .. } | Self::Restart { worker, .. } => {
                worker
            }
        }
    }

    pub fn summary(&self) -> Summary {
        match self {
            Self::Folder { worker, was: None } => of(Verb::Create, "folder", format!("{FOLDER} on {worker}, {FOLDER_IS}")),
            Self::Folder { worker, was: Some(was) } => of(Verb::Change, "folder", format!("{FOLDER} on {worker}, {was} -> {FOLDER_IS}")),
            Self::Write { worker, path, how, sha256, was: None } => {
                of(Verb::Create, "file", format!("{path} on {worker}, {how}, {}", short(sha256)))
            }
            Self::Write { worker, path, how, sha256, was: Some(was) } => {
                of(Verb::Change, "file", format!("{path} on {worker}, {how}, {} -> {}", short(was), short(sha256)))
            }
            Self::Protect { worker, path, how, was } => of(Verb::Change, "access", format!("{path} on {worker}, {was} -> {how}")),
            Self::Restart { worker, pod } => of(Verb::Change, "sidecar", format!("restart pod default/{pod} on {worker}")),
        }
    }
}

fn of(verb: Verb, thing: &'static str, detail: String) -> Summary {
    Summary { verb, thing, detail }
}

fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}
