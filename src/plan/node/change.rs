//! The changes on the node, each with the thing, its old and its new value.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::leftovers::RedirectRule;
use crate::names::InterfaceName;
use crate::node::files::{HaproxyConfig, HttpsRedirect, NodeFile};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Package {
    Nftables,
    Haproxy,
}

impl Package {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nftables => "nftables",
            Self::Haproxy => "haproxy",
        }
    }
}

/// Why the redirect has to be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedirectRepair {
    Missing,
    /// The kernel holds something else, or our file changes.
    Differs,
}

/// One change on the node. Applying one twice is the same as applying it once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "node", rename_all = "kebab-case")]
pub enum NodeChange {
    /// An interrupted run left its watchdog armed. That we reached the node shows that its changes may stay.
    KeepNetwork,
    InstallPackage {
        package: Package,
    },
    WriteFile {
        #[serde(flatten)]
        file: NodeFile,
        /// None for a new file.
        old_sha256: Option<String>,
    },
    BringUpNetwork {
        interface: InterfaceName,
        /// The address that is missing.
        address: Option<Ipv4Addr>,
        redirect: Option<RedirectRepair>,
    },
    /// Enables units and starts those that don't run.
    EnableUnits {
        units: Vec<&'static str>,
    },
    /// The address gets the prefix /32 instead of one that makes half the network look directly connected.
    NarrowAddress {
        interface: InterfaceName,
        address: Ipv4Addr,
        prefix: u8,
    },
    /// An address that the scripts or an earlier run of ours configured and that isn't wanted any more.
    RemoveAddress {
        interface: InterfaceName,
        address: Ipv4Addr,
        prefix: u8,
    },
    /// While kube-proxy serves it: our HAProxy binds it, and the redirect comes when that runs.
    AddAddress {
        interface: InterfaceName,
        address: Ipv4Addr,
    },
    /// Once kube-proxy has its rules for the address our redirect goes. What came through it goes on.
    HandOver {
        secondary: Ipv4Addr,
    },
    RemoveRedirectRules {
        rule: RedirectRule,
        count: u32,
    },
    /// Only the file: the running network isn't touched.
    RemoveNetplanFile {
        sha256: String,
        address: Ipv4Addr,
        prefix: u8,
    },
    /// The saved ruleset loses the scripts' redirects and the chains of the cluster that were frozen with them.
    StripSavedRules {
        old_sha256: String,
        redirects: usize,
        cluster_lines: usize,
        /// None when nothing is left and the file goes.
        remaining: Option<String>,
    },
    DisableApiForward,
    /// Written, checked, started or reloaded, seen to listen; else the previous one is put back.
    ConfigureHaproxy {
        config: HaproxyConfig,
        old_sha256: Option<String>,
    },
    /// The same for one thing in it: whether HTTP is redirected to HTTPS. Refused when the file isn't the old one any more.
    SwitchHttpsRedirect {
        config: HaproxyConfig,
        before: HttpsRedirect,
        old_sha256: String,
    },
    /// The configuration is right, but what runs wasn't started with it.
    StartHaproxy {
        running: bool,
    },
    /// The distribution's instance: the scripts', or one that came with a package that we installed.
    StopDistributionHaproxy {
        config_sha256: String,
        of_scripts: bool,
    },
    /// Our instance. It takes no new connections; those that are open get some time to end by themselves.
    StopHaproxy,
    /// They stay enabled until the network they keep is gone for good.
    StopUnits {
        units: Vec<&'static str>,
    },
    /// In whatever form it is loaded, with the connections that it still directs.
    RemoveRedirect {
        /// Where it led to, as far as the settings say.
        secondary: Option<Ipv4Addr>,
    },
    /// Unit files with their enablement.
    RemoveUnits {
        units: Vec<String>,
    },
    /// Exactly these; refused when others would have to go with them.
    PurgePackages {
        packages: Vec<String>,
    },
    /// Exactly these, and the directory when it is empty then.
    RemoveFiles {
        directory: &'static str,
        files: Vec<String>,
    },
    RemoveRuntimeDirectory {
        directory: &'static str,
    },
}

/// Seconds that connections through our HAProxy get to end by themselves when it is taken away.
pub const HAPROXY_GRACE: u32 = 10;

impl NodeChange {
    /// Whether a mistake in it could cut the node off, so that it is taken back unless a fresh connection confirms.
    pub fn is_watched(&self) -> bool {
        match self {
            Self::WriteFile { file, .. } => matches!(file, NodeFile::Redirect(_) | NodeFile::NetSettings(_)),
            Self::BringUpNetwork { .. }
            | Self::NarrowAddress { .. }
            | Self::RemoveAddress { .. }
            | Self::AddAddress { .. }
            | Self::HandOver { .. }
            | Self::RemoveRedirectRules { .. }
            | Self::RemoveRedirect { .. } => true,
            _ => false,
        }
    }

    /// Whether it waits until the node was seen to be reached after the change of its network: to take that back may need what
    /// this one removes.
    pub fn awaits_confirmation(&self) -> bool {
        matches!(
            self,
            Self::RemoveUnits { .. }
                | Self::PurgePackages { .. }
                | Self::RemoveFiles { .. }
                | Self::RemoveRuntimeDirectory { .. }
                | Self::RemoveNetplanFile { .. }
                | Self::StripSavedRules { .. }
        )
    }

    /// Whether it only removes what the old scripts or an interrupted run left.
    pub fn is_leftover(&self) -> bool {
        matches!(
            self,
            Self::KeepNetwork
                | Self::RemoveRedirectRules { .. }
                | Self::RemoveNetplanFile { .. }
                | Self::StripSavedRules { .. }
                | Self::DisableApiForward
                | Self::StopDistributionHaproxy { .. }
        )
    }
}
