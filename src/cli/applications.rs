//! Commands about the applications of a cluster, through the Kubernetes API.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{CommonArgs, KubernetesArgs, time};

#[derive(Debug, Args)]
pub struct ToggleArgs {
    /// Only these Ingresses [default: all of the namespace]
    #[arg(value_name = "INGRESS")]
    pub names: Vec<String>,
    /// Stop redirecting HTTP to HTTPS, and remember what was there
    #[arg(long, visible_alias = "http-only", conflicts_with = "enable_https")]
    pub disable_https: bool,
    /// Put back what was there before; at the edge: redirect
    #[arg(long)]
    pub enable_https: bool,
    /// Where HTTP is redirected
    #[arg(long, value_enum, default_value_t, value_name = "PLACE")]
    pub at: At,
    /// The applications' namespace
    #[arg(short, long, value_name = "NAME", default_value = "apps", env = "K8SPORT_NAMESPACE")]
    pub namespace: String,
    /// All namespaces
    #[arg(short = 'A', long, conflicts_with_all = ["namespace", "names"])]
    pub all_namespaces: bool,
    /// Only Ingresses with these labels, as kubectl has it
    #[arg(short = 'l', long, value_name = "LABELS")]
    pub selector: Option<String>,
    /// Note for how long it is meant to be off, such as 2h
    #[arg(long = "for", value_name = "TIME", value_parser = time, conflicts_with = "enable_https")]
    pub lasts: Option<Duration>,
    #[command(flatten)]
    pub kubernetes: KubernetesArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum At {
    /// By annotations, each Ingress by itself
    #[default]
    Ingresses,
    /// In our HAProxy on the node, for all hosts at once; needs --cluster, as the other commands do
    Edge,
}
