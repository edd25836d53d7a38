//! Commands about the account, not about a cluster.

use clap::Args;

use super::{AccountArgs, NoSecondaryIp, RunArgs};
use crate::aws::AwsCommand;
use crate::cluster::kops::StateStore;
use crate::names::{DnsName, ZoneId};

#[derive(Debug, Args)]
pub struct QuotaArgs {
    /// Ask AWS to raise the quota to N addresses; a request that is open already is shown instead of making a second
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub request: Option<u32>,
    #[command(flatten)]
    pub account: AccountArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Args)]
pub struct IamPolicyArgs {
    /// What the policy is to allow [default: every command]
    #[arg(value_name = "COMMAND", value_enum)]
    pub commands: Vec<AwsCommand>,
    #[command(flatten)]
    pub secondary: NoSecondaryIp,
    /// The cluster's name, as kOps knows it
    #[arg(long, value_name = "NAME", env = "KOPS_CLUSTER_NAME")]
    pub cluster: Option<DnsName>,
    /// The applications' public hosted zone [default: read from Route 53]
    #[arg(long, value_name = "NAME", env = "K8SPORT_ZONE")]
    pub zone: Option<DnsName>,
    /// The zone's id [default: read from Route 53]
    #[arg(long, value_name = "ID", env = "K8SPORT_ZONE_ID")]
    pub zone_id: Option<ZoneId>,
    /// A host below the zone with a record of its own besides the wildcard; may be repeated
    #[arg(long, value_name = "NAME", env = "K8SPORT_HOSTS", value_delimiter = ',')]
    pub host: Vec<DnsName>,
    /// Where kOps keeps the specification of clusters, for create-cluster
    #[arg(long, value_name = "BUCKET", env = "KOPS_STATE_STORE")]
    pub state_store: Option<StateStore>,
    /// Print ACCOUNT, REGION, CLUSTER, ZONE, ZONE_ID and STATE_STORE for what is left open, instead of reading it from AWS
    #[arg(long)]
    pub placeholders: bool,
    /// List the actions and when each is needed, in place of the policy
    #[arg(long)]
    pub explain: bool,
    #[command(flatten)]
    pub account: AccountArgs,
}
