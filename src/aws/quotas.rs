//! The Elastic IP quota (Service Quotas).

use super::call::Call;
use super::{Aws, deadlines};
use crate::plan::observed::{Quota, QuotaSource};

const SERVICE: &str = "ec2";
/// "EC2-VPC Elastic IPs".
const CODE: &str = "L-0263D0A3";

impl Aws {
    /// How many Elastic IPs the account may have in this region: the applied value, else AWS' default, else None. The
    /// quota only allows an earlier and better message (`AllocateAddress` has the last word), so no trouble in reading it
    /// stops a run.
    pub async fn elastic_ip_quota(&self) -> Option<Quota> {
        let read = async {
            match self.applied_quota().await {
                Some(limit) => Some(Quota { limit, source: QuotaSource::Applied }),
                None => self.default_quota().await.map(|limit| Quota { limit, source: QuotaSource::Default }),
            }
        };
        tokio::time::timeout(deadlines::ADVISORY, read).await.unwrap_or_else(|_| {
            tracing::warn!("the Elastic IP quota could not be read within {} s", deadlines::ADVISORY.as_secs());
            None
        })
    }

    /// Some accounts have no applied value (`NoSuchResourceException`).
    async fn applied_quota(&self) -> Option<u32> {
        let call = Call::read("servicequotas:GetServiceQuota", CODE);
        let answer = self.quotas.get_service_quota().service_code(SERVICE).quota_code(CODE).send().await;
        let answer = answer.inspect_err(|error| tracing::debug!("{}", call.failed(error))).ok()?;
        whole(answer.quota()?.value()?)
    }

    async fn default_quota(&self) -> Option<u32> {
        let call = Call::read("servicequotas:GetAWSDefaultServiceQuota", CODE);
        let answer = self.quotas.get_aws_default_service_quota().service_code(SERVICE).quota_code(CODE).send().await;
        let answer = answer.inspect_err(|error| tracing::debug!("{}", call.failed(error))).ok()?;
        whole(answer.quota()?.value()?)
    }
}

/// Quotas are doubles in the API; this one counts.
fn whole(value: f64) -> Option<u32> {
    // The bounds make the conversion exact but for the fraction.
    (0.0..=f64::from(u32::MAX)).contains(&value).then_some(value as u32)
}
