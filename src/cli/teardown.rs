//! Taking the whole cluster down.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{RunArgs, TargetArgs, switch};
use crate::cluster::kops::StateStore;
use crate::names::{DnsName, RepositoryName, RepositoryPrefix};

#[derive(Debug, Args)]
pub struct TeardownArgs {
    /// Where kOps keeps the cluster
    #[arg(long, visible_alias = "state", value_name = "S3-URL", env = "KOPS_STATE_STORE")]
    pub state_store: Option<StateStore>,
    /// The cluster's name once more: confirms the teardown where there is no terminal. --yes doesn't, it only answers the
    /// questions about repositories, the state store and local files
    #[arg(long, value_name = "NAME")]
    pub confirm: Option<DnsName>,
    /// Also delete these image repositories with all their images
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub ecr_repositories: Vec<RepositoryName>,
    /// Also delete all image repositories whose names begin with this
    #[arg(long, value_name = "PREFIX")]
    pub ecr_prefix: Option<RepositoryPrefix>,
    /// Also delete all versions of the cluster's state, and the bucket if nothing else is in it
    #[arg(long, env = "K8SPORT_DELETE_STATE_STORE", value_parser = switch)]
    pub delete_state_store: bool,
    /// Also delete what there is of the cluster on this machine: the node's pinned host key, ~/.ssh/kops-key if bootstrap made
    /// it, and cluster, context and user of the cluster's name in the kubeconfig
    #[arg(long, env = "K8SPORT_DELETE_LOCAL_CONFIG", value_parser = switch)]
    pub delete_local_config: bool,
    /// Don't delete the applications' namespaces first, for example because the API server can't be reached
    #[arg(long, env = "K8SPORT_SKIP_APPLICATIONS", value_parser = switch)]
    pub skip_applications: bool,
    /// Where the cluster's context is, under the cluster's name [default: ~/.kube/config]
    #[arg(long, value_name = "FILE", env = "KUBECONFIG", value_hint = ValueHint::FilePath)]
    pub kubeconfig: Option<PathBuf>,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub run: RunArgs,
}
