//! Settings of the commands about the account, not about a cluster.

use super::file::read;
use super::{Run, aws_options, first_filled, resolve_run};
use crate::aws::{AwsCommand, AwsOptions};
use crate::cli::{IamPolicyArgs, NoSecondaryIp, QuotaArgs};
use crate::cluster::kops::StateStore;
use crate::failure::Result;
use crate::names::{DnsName, ZoneId};

/// What `quota` needs to know: no cluster and no SSH.
#[derive(Debug, Clone)]
pub struct QuotaSettings {
    pub aws: AwsOptions,
    /// The wanted quota.
    pub request: Option<u32>,
    pub run: Run,
}

/// What `iam-policy` needs to know.
#[derive(Debug, Clone)]
pub struct PolicySettings {
    /// Empty for all.
    pub commands: Vec<AwsCommand>,
    pub secondary_ip: bool,
    pub cluster: Option<DnsName>,
    pub zone: Option<DnsName>,
    pub zone_id: Option<ZoneId>,
    pub hosts: Vec<DnsName>,
    /// For the command that creates a cluster.
    pub state_store: Option<StateStore>,
    pub placeholders: bool,
    pub explain: bool,
    pub aws: AwsOptions,
}

impl QuotaSettings {
    /// # Errors
    /// A settings file that can't be read.
    pub fn resolve(args: QuotaArgs) -> Result<Self> {
        let file = read(args.account.config.as_deref())?;
        Ok(Self {
            aws: aws_options(args.account, file.account, file.profile, file.region),
            request: args.request,
            run: resolve_run(&args.run, file.timeout.as_deref(), None)?,
        })
    }
}

impl PolicySettings {
    /// # Errors
    /// A settings file that can't be read.
    pub fn resolve(args: IamPolicyArgs) -> Result<Self> {
        let file = read(args.account.config.as_deref())?;
        let NoSecondaryIp { no_secondary_ip, with_secondary_ip } = args.secondary;
        Ok(Self {
            commands: args.commands,
            secondary_ip: !no_secondary_ip && (with_secondary_ip || file.secondary_ip.unwrap_or(true)),
            cluster: args.cluster.or(file.cluster),
            zone: args.zone.or(file.zone),
            zone_id: args.zone_id,
            hosts: first_filled(args.host, file.hosts).unwrap_or_default(),
            state_store: args.state_store.or(file.state_store),
            placeholders: args.placeholders,
            explain: args.explain,
            aws: aws_options(args.account, file.account, file.profile, file.region),
        })
    }
}
