//! AWS: a file a service. Reads are methods of [`Aws`], writes are methods of [`AwsWriter`] and exist nowhere else,
//! so a command that never asks for a writer can't change the account.
//!
//! Every call has deadlines ([`deadlines`]), every error is turned into a [`Cause`] and from there into a
//! [`Failure`](crate::failure::Failure) that names the call, the resource and the next step ([`call`]).

mod account;
mod authorities;
mod call;
mod cause;
mod connect;
mod console;
mod credentials;
mod deadlines;
mod dry_run;
mod elastic_ips;
#[cfg(test)]
mod exchange;
mod hosted_zones;
#[cfg(test)]
mod hostile;
mod images;
mod instances;
mod interfaces;
mod load_balancers;
mod machine;
mod offerings;
pub mod permissions;
mod profiles;
mod quotas;
mod records;
mod region;
mod registry;
mod repositories;
mod roles;
mod scaling_groups;
mod security_groups;
mod state_store;
mod state_versions;
mod subnets;
mod tagged;
mod tags;
mod writer;

pub use connect::AwsOptions;
pub use dry_run::Permission;
pub use permissions::{AwsCommand, On};
pub use quotas::CODE as ELASTIC_IP_QUOTA;
pub use repositories::Repositories;
pub use writer::AwsWriter;

use aws_config::SdkConfig;

/// The reading side of one account in one region.
#[derive(Debug, Clone)]
pub struct Aws {
    region: String,
    ec2: aws_sdk_ec2::Client,
    route53: aws_sdk_route53::Client,
    quotas: aws_sdk_servicequotas::Client,
    sts: aws_sdk_sts::Client,
    ecr: aws_sdk_ecr::Client,
    s3: aws_sdk_s3::Client,
    iam: aws_sdk_iam::Client,
    scaling: aws_sdk_autoscaling::Client,
    tagging: aws_sdk_resourcegroupstagging::Client,
}

impl Aws {
    fn new(config: &SdkConfig, region: String) -> Self {
        Self {
            region,
            ec2: aws_sdk_ec2::Client::new(config),
            route53: aws_sdk_route53::Client::new(config),
            quotas: aws_sdk_servicequotas::Client::new(config),
            sts: aws_sdk_sts::Client::new(config),
            ecr: aws_sdk_ecr::Client::new(config),
            s3: aws_sdk_s3::Client::new(config),
            iam: aws_sdk_iam::Client::new(config),
            scaling: aws_sdk_autoscaling::Client::new(config),
            tagging: aws_sdk_resourcegroupstagging::Client::new(config),
        }
    }

    /// The writing side. `operation` is the random id of this run; things that are created carry it as a tag, so that they
    /// are found again after a lost answer.
    pub fn writer(&self, operation: String) -> AwsWriter {
        AwsWriter::new(self, operation)
    }
}
