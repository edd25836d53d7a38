//! Taking it down.

use clap::Args;

use super::{CommonArgs, KubernetesArgs, of_the_cluster, switch};

#[derive(Debug, Args)]
#[command(mut_arg("context", of_the_cluster))]
pub struct CleanupArgs {
    /// Leave the node as it is, for example because it can't be reached
    #[arg(long, env = "K8SPORT_SKIP_NODE", value_parser = switch)]
    pub skip_node: bool,
    /// Also purge the packages that k8sport installed on the node
    #[arg(long, env = "K8SPORT_PURGE_PACKAGES", value_parser = switch, conflicts_with = "skip_node")]
    pub purge_packages: bool,
    /// Afterwards offer to release each free Elastic IP of the region that isn't ours; every one has to be confirmed by
    /// typing its address
    #[arg(long)]
    pub release_unassociated: bool,
    /// The same as --yes
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub kubernetes: KubernetesArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}
