//! Image repositories.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::{AccountArgs, RunArgs, switch};
use crate::names::{RepositoryName, RepositoryPrefix};

#[derive(Debug, Subcommand)]
pub enum EcrCommand {
    /// Delete old images: of each named repository the newest stay
    ///
    /// Shows which images go and which stay before it deletes anything. The newest are those pushed last, tagged or not,
    /// as ECR's own lifecycle rules count them. A multi-platform image counts as one, and keeps its parts.
    Prune(EcrPruneArgs),
}

#[derive(Debug, Args)]
pub struct EcrPruneArgs {
    #[command(flatten)]
    pub repositories: RepositoryArgs,
    /// Also keep what this cluster's workloads use, by its context in the kubeconfig; may be repeated
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub context: Vec<String>,
    /// Where the contexts are [default: ~/.kube/config]
    #[arg(long, value_name = "FILE", env = "KUBECONFIG", value_hint = ValueHint::FilePath)]
    pub kubeconfig: Option<PathBuf>,
    /// How many images of each repository stay
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub keep: u32,
    /// Also give each repository a lifecycle policy that keeps as many from now on, unless it has one
    #[arg(long, env = "K8SPORT_LIFECYCLE_POLICY", value_parser = switch)]
    pub lifecycle_policy: bool,
    /// With --lifecycle-policy: replace a policy that is there
    #[arg(long, requires = "lifecycle_policy")]
    pub force: bool,
    #[command(flatten)]
    pub account: AccountArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Default, Args)]
#[group(required = true, multiple = true)]
pub struct RepositoryArgs {
    /// These repositories
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub repositories: Vec<RepositoryName>,
    /// All repositories whose names begin with this
    #[arg(long, value_name = "PREFIX")]
    pub prefix: Option<RepositoryPrefix>,
}
