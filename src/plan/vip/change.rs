//! The changes on control planes. Applying one twice is the same as applying it once.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::Vip;
use super::files::{UNIT, VipFile};
use super::observed::KEEPALIVED;
use crate::plan::change::{Summary, Verb};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VipChange {
    pub node: Ipv4Addr,
    #[serde(skip)]
    pub name: String,
    #[serde(flatten)]
    pub action: VipAction,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "vip", rename_all = "kebab-case")]
pub enum VipAction {
    InstallPackage {
        package: &'static str,
    },
    WriteFile {
        #[serde(flatten)]
        file: VipFile,
        /// None for a new file.
        old_sha256: Option<String>,
    },
    /// A unit that isn't ours stops and doesn't start any more. Its files stay, and how it was is remembered.
    TakeOver {
        unit: &'static str,
        /// What it is there for, as far as its configuration says.
        serves: Vec<String>,
    },
    /// Started, or given its new configuration, and seen to answer for all API servers.
    StartBalancer {
        port: u16,
        /// There is an API server that can answer.
        proven: bool,
        running: bool,
    },
    /// Started, or given its new configuration; the API has to answer through the VIP before anything else is done.
    StartVip {
        /// Where the API answers on it.
        api: Vip,
        /// There is an API server that can answer.
        proven: bool,
        running: bool,
    },
    StopUnit {
        unit: &'static str,
    },
    /// As it was before it was taken over.
    GiveBack {
        unit: String,
    },
    RemoveFiles {
        files: Vec<String>,
    },
    /// Exactly these; refused when others would have to go with them.
    PurgePackages {
        packages: Vec<String>,
    },
}

/// Nodes whose keepalived has stopped when change `failed` fails, with the one that comes in its place not begun.
pub fn without_keepalived(changes: &[VipChange], failed: usize) -> Vec<&str> {
    let (done, left) = changes.split_at(failed.min(changes.len()));
    let begins = |change: &VipChange| match &change.action {
        VipAction::TakeOver { unit, .. } if *unit == KEEPALIVED => Some(false),
        VipAction::StopUnit { unit } if *unit == UNIT => Some(false),
        VipAction::GiveBack { unit } if unit == KEEPALIVED => Some(true),
        VipAction::StartVip { .. } => Some(true),
        _ => None,
    };
    let stopped = |node| done.iter().rev().filter(|change| change.node == node).find_map(begins) == Some(false);
    let left = left.iter().filter(|change| begins(change) == Some(true) && stopped(change.node));
    left.map(|change| change.name.as_str()).collect()
}

impl VipChange {
    pub fn summary(&self) -> Summary {
        let line = |verb, what: String| Summary { verb, thing: "control plane", detail: format!("{}: {what}", self.name) };
        match &self.action {
            VipAction::InstallPackage { package } => line(Verb::Create, format!("package {package}")),
            VipAction::WriteFile { file, old_sha256: None } => line(Verb::Create, format!("file {}", file.path())),
            VipAction::WriteFile { file, .. } => line(Verb::Change, format!("file {}", file.path())),
            VipAction::TakeOver { unit, serves } => {
                line(Verb::Change, format!("stop and disable {unit}, there for {}; its files stay as they are", serves.join(", ")))
            }
            VipAction::StartBalancer { port, running: false, .. } => {
                line(Verb::Create, format!("HAProxy on port {port}, in front of all API servers"))
            }
            VipAction::StartBalancer { port, .. } => line(Verb::Change, format!("HAProxy on port {port} gets its new configuration")),
            VipAction::StartVip { api, running: false, .. } => line(Verb::Create, format!("keepalived for the VIP {}", api.address)),
            VipAction::StartVip { api, .. } => {
                line(Verb::Change, format!("keepalived for the VIP {} gets its new configuration", api.address))
            }
            VipAction::StopUnit { unit } => line(Verb::Remove, format!("stop {unit}")),
            VipAction::GiveBack { unit } => line(Verb::Change, format!("give {unit} back as it was")),
            VipAction::RemoveFiles { files } => line(Verb::Remove, format!("files {}", files.join(", "))),
            VipAction::PurgePackages { packages } => line(Verb::Remove, format!("packages {}", packages.join(", "))),
        }
    }
}
