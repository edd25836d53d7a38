//! Everything that changes an account. All calls can be repeated: those that AWS itself makes idempotent by the SDK's
//! retries, `AllocateAddress` only after a look at what the lost call did.

mod allocate;
mod associate;
mod groups;
mod patience;
mod private_ips;
mod quotas;
mod records;
mod remove;
mod repositories;
mod state_store;
mod state_versions;
mod tags;

use super::Aws;

/// The writing side of one account in one region; made by [`Aws::writer`](super::Aws::writer).
#[derive(Debug, Clone)]
pub struct AwsWriter {
    ec2: aws_sdk_ec2::Client,
    route53: aws_sdk_route53::Client,
    quotas: aws_sdk_servicequotas::Client,
    ecr: aws_sdk_ecr::Client,
    s3: aws_sdk_s3::Client,
    /// The random id of this run.
    operation: String,
}

impl AwsWriter {
    pub(super) fn new(aws: &Aws, operation: String) -> Self {
        let Aws { ec2, route53, quotas, ecr, s3, .. } = aws.clone();
        Self { ec2, route53, quotas, ecr, s3, operation }
    }
}
