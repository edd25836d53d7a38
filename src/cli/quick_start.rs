//! Options of `quick-start`: those of `bootstrap`, and what may be left out.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{BootstrapArgs, switch};

#[derive(Debug, Args)]
pub struct QuickStartArgs {
    /// Deploy no application
    #[arg(long, env = "K8SPORT_SKIP_APPS", value_parser = switch)]
    pub skip_apps: bool,
    /// Leave the node as kOps makes it, with neither secondary IP nor HAProxy nor wildcard; implies --skip-apps
    #[arg(long, env = "K8SPORT_SKIP_HAPROXY", value_parser = switch, conflicts_with_all = ["no_secondary_ip", "with_secondary_ip"])]
    pub skip_haproxy: bool,
    /// Folder of manifests; those of an application are taken as they are, if they are there
    #[arg(long, value_name = "FOLDER", default_value = "k8s", env = "K8SPORT_MANIFESTS", value_hint = ValueHint::DirPath)]
    pub manifests: PathBuf,
    #[command(flatten)]
    pub bootstrap: BootstrapArgs,
}
