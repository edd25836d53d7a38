//! AWS: a file a service. Reads are methods of [`Aws`], which has no call that changes anything.
//!
//! Every call has deadlines ([`deadlines`]), every error is turned into a [`Cause`] and from there into a
//! [`Failure`](crate::failure::Failure) that names the call, the resource and the next step ([`call`]).

#![allow(dead_code)] // until the commands use it

mod account;
mod call;
mod cause;
mod connect;
mod console;
mod credentials;
mod deadlines;
mod elastic_ips;
mod hosted_zones;
mod instances;
mod interfaces;
mod machine;
mod quotas;
mod records;
mod region;
mod security_groups;
mod subnets;
mod tags;

pub use connect::AwsOptions;

use aws_config::SdkConfig;

/// The reading side of one account in one region.
#[derive(Debug, Clone)]
pub struct Aws {
    region: String,
    ec2: aws_sdk_ec2::Client,
    route53: aws_sdk_route53::Client,
    quotas: aws_sdk_servicequotas::Client,
    sts: aws_sdk_sts::Client,
}

impl Aws {
    fn new(config: &SdkConfig, region: String) -> Self {
        Self {
            region,
            ec2: aws_sdk_ec2::Client::new(config),
            route53: aws_sdk_route53::Client::new(config),
            quotas: aws_sdk_servicequotas::Client::new(config),
            sts: aws_sdk_sts::Client::new(config),
        }
    }

    /// The region that all regional calls go to.
    pub fn region(&self) -> &str {
        &self.region
    }
}
