//! The commands that set the second address up.

use clap::Args;

use super::{CommonArgs, CreationArgs, KubernetesArgs, of_the_cluster, switch};
use crate::names::{AllocationId, DnsName};
use crate::plan::Selector;
use crate::plan::data_path::Wish;
use crate::plan::elastic_ip::Reuse;
use crate::plan::network::Cidr;

#[derive(Debug, Args)]
#[command(mut_arg("context", of_the_cluster))]
pub struct BootstrapArgs {
    #[command(flatten)]
    pub secondary: NoSecondaryIp,
    #[command(flatten)]
    pub elastic_ip: ElasticIpArgs,
    #[command(flatten)]
    pub data_path: DataPathArgs,
    #[command(flatten)]
    pub proxy: ProxyArgs,
    #[command(flatten)]
    pub records: RecordArgs,
    #[command(flatten)]
    pub creation: CreationArgs,
    #[command(flatten)]
    pub kubernetes: KubernetesArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Args)]
pub struct SecondaryIpArgs {
    #[command(flatten)]
    pub elastic_ip: ElasticIpArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Args)]
pub struct HaproxyArgs {
    #[command(flatten)]
    pub secondary: NoSecondaryIp,
    #[command(flatten)]
    pub proxy: ProxyArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Args)]
#[command(mut_arg("context", of_the_cluster))]
pub struct ServiceArgs {
    #[command(flatten)]
    pub service: ServiceOnlyArgs,
    #[command(flatten)]
    pub kubernetes: KubernetesArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Args)]
pub struct DnsArgs {
    #[command(flatten)]
    pub secondary: NoSecondaryIp,
    #[command(flatten)]
    pub records: RecordArgs,
    #[command(flatten)]
    pub common: CommonArgs,
}

#[derive(Debug, Clone, Copy, Default, Args)]
pub struct NoSecondaryIp {
    /// Go without a second address: HTTP on port 80 of the node's own, HTTPS on port 30443 only
    #[arg(long, visible_alias = "without-secondary-ip", env = "K8SPORT_NO_SECONDARY_IP", value_parser = switch)]
    pub no_secondary_ip: bool,
    /// The default; accepted for the sake of existing scripts
    #[arg(long, hide = true, conflicts_with = "no_secondary_ip")]
    pub with_secondary_ip: bool,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Elastic IP")]
pub struct ElasticIpArgs {
    /// Use this Elastic IP of yours (address or allocation id) instead of allocating one; it is never released
    #[arg(long, value_name = "ADDRESS", env = "K8SPORT_ELASTIC_IP")]
    pub elastic_ip: Option<Selector>,
    /// The same, by allocation id
    #[arg(long, value_name = "ID", env = "K8SPORT_ALLOCATION_ID", conflicts_with = "elastic_ip")]
    pub allocation_id: Option<AllocationId>,
    /// When to use a free, untagged Elastic IP instead of a new one [default: at-limit]
    #[arg(long, value_name = "WHEN", env = "K8SPORT_REUSE_EIP")]
    pub reuse_eip: Option<Reuse>,
    /// Never allocate an Elastic IP
    #[arg(long, env = "K8SPORT_SKIP_ALLOCATE", value_parser = switch)]
    pub skip_allocate: bool,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "HAProxy")]
pub struct ProxyArgs {
    /// Also route the SNI api.<cluster> to the API server, from anywhere
    #[arg(long, env = "K8SPORT_ROUTE_API", value_parser = switch)]
    pub route_api: bool,
    /// Sources that may reach api.internal.<cluster> through HAProxy [default: the private ranges of RFC 1918 and RFC 6598]
    #[arg(long, value_name = "CIDR", env = "K8SPORT_PRIVATE_SOURCES", value_delimiter = ',')]
    pub private_source: Vec<Cidr>,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Data path")]
pub struct DataPathArgs {
    /// How the second address reaches the ingress [default: as it is; at first haproxy]
    #[arg(long, value_name = "WAY", env = "K8SPORT_DATA_PATH", conflicts_with = "no_secondary_ip")]
    pub data_path: Option<Wish>,
    #[command(flatten)]
    pub service: ServiceOnlyArgs,
}

/// For the way without a proxy.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Data path")]
pub struct ServiceOnlyArgs {
    /// With the Service: let only these reach the applications, the node and its pods among them; 0.0.0.0/0 is all [default: as it is]
    #[arg(long, value_name = "CIDR", env = "K8SPORT_SOURCE_RANGES", value_delimiter = ',')]
    pub source_range: Vec<Cidr>,
    /// Refused, with the reason: api.internal on the second address needs HAProxy
    #[arg(long, hide = true)]
    pub keep_api_internal: bool,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "DNS")]
pub struct RecordArgs {
    /// A host below the zone that gets a record of its own besides the wildcard; may be repeated
    #[arg(long, value_name = "NAME", env = "K8SPORT_HOSTS", value_delimiter = ',')]
    pub host: Vec<DnsName>,
    /// Overwrite records whose present value is unknown to us
    #[arg(long, env = "K8SPORT_FORCE", value_parser = switch)]
    pub force: bool,
}
