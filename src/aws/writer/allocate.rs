//! Getting an Elastic IP, and tagging one.
//!
//! `AllocateAddress` has no client token, so a blind retry after a lost answer makes a second address. The SDK's retries
//! are off for it; what an unclear attempt did is read from the tag that only this run has.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_ec2::config::Config;
use aws_sdk_ec2::config::retry::RetryConfig;
use aws_sdk_ec2::error::SdkError;
use aws_sdk_ec2::operation::allocate_address::{AllocateAddressError, AllocateAddressOutput};
use aws_sdk_ec2::types::{DomainType, ResourceType};

use super::AwsWriter;
use super::patience::Patience;
use crate::aws::call::Call;
use crate::aws::cause::{Cause, CauseKind};
use crate::aws::elastic_ips::elastic_ips;
use crate::aws::tags::{at_creation, filter};
use crate::failure::{Failure, Result};
use crate::plan::observed::ElasticIp;
use crate::plan::ownership::OPERATION;

const ATTEMPTS: u32 = 3;
/// How long a lost allocation may take to show up.
const LOOKING: Duration = Duration::from_secs(10);

impl AwsWriter {
    /// Allocates an Elastic IP that has `tags` and this run's [`OPERATION`] from its first moment.
    ///
    /// # Errors
    /// The quota is used up; the call isn't allowed; the outcome stays unknown (the message says by which tag to look).
    pub async fn allocate_elastic_ip(&self, tags: &BTreeMap<String, String>) -> Result<ElasticIp> {
        let mut tags = tags.clone();
        tags.insert(OPERATION.to_owned(), self.operation.clone());
        let call = Call::write("ec2:AllocateAddress", format!("an Elastic IP tagged {OPERATION}={}", self.operation));
        let mut pauses = Patience::new(Duration::from_secs(10));
        let mut attempt = 1;
        loop {
            let error = match self.allocate(&tags).await {
                Ok(answer) => return allocated(&answer, tags, &call),
                Err(error) => error,
            };
            let cause = Cause::of(&error);
            let again = match cause.kind {
                CauseKind::Throttled | CauseKind::Unreachable => pauses.wait().await,
                CauseKind::Unclear => match self.find_allocated(&call, &cause).await? {
                    Some(found) => return Ok(found),
                    None => true,
                },
                _ if cause.is("AddressLimitExceeded") => return Err(quota_reached(&cause)),
                _ => return Err(call.failure(&cause)),
            };
            if !again || attempt == ATTEMPTS {
                return Err(match cause.kind {
                    CauseKind::Unclear => self.unresolved(call.failure(&cause)),
                    _ => call.failure(&cause).state("no Elastic IP was allocated"),
                });
            }
            attempt += 1;
        }
    }

    async fn allocate(&self, tags: &BTreeMap<String, String>) -> Result<AllocateAddressOutput, SdkError<AllocateAddressError>> {
        self.ec2
            .allocate_address()
            .domain(DomainType::Vpc)
            .tag_specifications(at_creation(ResourceType::ElasticIp, tags))
            .customize()
            .config_override(Config::builder().retry_config(RetryConfig::disabled()))
            .send()
            .await
    }

    /// What an attempt without a usable answer has made, if anything.
    async fn find_allocated(&self, call: &Call, cause: &Cause) -> Result<Option<ElasticIp>> {
        tracing::warn!("{}; looking for what it did", call.failure(cause));
        let lookup = Call::read("ec2:DescribeAddresses", format!("Elastic IPs tagged {OPERATION}={}", self.operation));
        let mut pauses = Patience::new(LOOKING);
        loop {
            let filters = vec![filter(format!("tag:{OPERATION}"), [self.operation.as_str()])];
            let found = elastic_ips(&self.ec2, &lookup, filters).await.map_err(|failure| self.unresolved(failure))?;
            // The first by id, so that every look at the same addresses comes to the same answer.
            if let Some(address) = found.into_iter().next() {
                return Ok(Some(address));
            }
            if !pauses.wait().await {
                return Ok(None);
            }
        }
    }

    fn unresolved(&self, failure: Failure) -> Failure {
        let tag = format!("{OPERATION}={}", self.operation);
        Failure { next: Vec::new(), ..failure }
            .state(format!("an Elastic IP with the tag {tag} may have been allocated; it is not in use"))
            .next("run the same command again: an address that was allocated is found by its tags and used")
    }
}

fn allocated(answer: &AllocateAddressOutput, tags: BTreeMap<String, String>, call: &Call) -> Result<ElasticIp> {
    let (id, public_ip) = (answer.allocation_id().unwrap_or_default(), answer.public_ip().unwrap_or_default());
    Ok(ElasticIp {
        allocation_id: id.parse().map_err(|error| call.malformed(error))?,
        public_ip: public_ip.parse().map_err(|_| call.malformed(format!("{public_ip:?} as the address")))?,
        association: None,
        tags,
    })
}

/// The preflight may not have seen it: the quota can be unreadable, or somebody was faster.
fn quota_reached(cause: &Cause) -> Failure {
    Failure::failed("No Elastic IP could be allocated: the account's quota in this region is used up")
        .because(cause)
        .state("no Elastic IP was allocated")
        .next("release an address that nobody needs")
        .next("or use one that is free: --elastic-ip ADDRESS, or --reuse-eip=at-limit")
        .next("or ask for more: k8sport quota --request N")
}
