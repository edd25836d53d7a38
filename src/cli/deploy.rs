//! Options of `deploy-app`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::{AccountArgs, ApplicationArgs, KubernetesArgs, NoSecondaryIp, RunArgs, time};
use crate::names::{AppName, DnsName};

#[derive(Debug, Args)]
pub struct DeployArgs {
    /// The application
    #[arg(value_name = "NAME")]
    pub name: AppName,
    #[command(flatten)]
    pub application: ApplicationArgs,
    /// Folder of the manifests; those of NAME are taken as they are, if they are there
    #[arg(long, value_name = "FOLDER", default_value = "k8s", env = "K8SPORT_MANIFESTS", value_hint = ValueHint::DirPath)]
    pub manifests: PathBuf,
    /// Build the image from this folder's Dockerfile with docker, for the node's platform, and push it to ECR first
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub build: Option<PathBuf>,
    /// Go back to the revision before, image and everything else of its pods
    #[arg(long, conflicts_with_all = ["build", "image", "port", "host", "health_path", "env_from"])]
    pub rollback: bool,
    /// With --rollback: go to this revision, as `kubectl rollout history` numbers them
    #[arg(long, value_name = "N", requires = "rollback", value_parser = clap::value_parser!(i64).range(1..))]
    pub to_revision: Option<i64>,
    /// Take fields over that others manage
    #[arg(long)]
    pub force_conflicts: bool,
    /// Limit for the rollout [default: 5m]
    #[arg(long, value_name = "TIME", env = "K8SPORT_ROLLOUT_TIMEOUT", value_parser = time)]
    pub rollout_timeout: Option<Duration>,
    /// How long one obstacle may hold the rollout up, such as an image that can't be pulled [default: 1m]
    #[arg(long, value_name = "TIME", env = "K8SPORT_STALLED_AFTER", value_parser = time)]
    pub stalled_after: Option<Duration>,
    /// The cluster, by its name; its context in the kubeconfig is used unless --context names another
    #[arg(long, value_name = "NAME", env = "KOPS_CLUSTER_NAME")]
    pub cluster: Option<DnsName>,
    #[command(flatten)]
    pub secondary: NoSecondaryIp,
    #[command(flatten)]
    pub kubernetes: KubernetesArgs,
    #[command(flatten)]
    pub account: AccountArgs,
    #[command(flatten)]
    pub run: RunArgs,
}
