//! The Elastic IP quota (Service Quotas).

use aws_sdk_servicequotas::types::{RequestStatus, RequestedServiceQuotaChange};
use aws_smithy_types::date_time::Format;

use super::call::Call;
use super::{Aws, deadlines};
use crate::failure::Result;
use crate::plan::observed::{Quota, QuotaRequest, QuotaSource};

pub(super) const SERVICE: &str = "ec2";
/// "EC2-VPC Elastic IPs".
pub const CODE: &str = "L-0263D0A3";

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

    /// The increase that AWS hasn't decided on yet, if there is one.
    pub async fn open_quota_request(&self) -> Result<Option<QuotaRequest>> {
        open_request(&self.quotas).await
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

pub(super) async fn open_request(quotas: &aws_sdk_servicequotas::Client) -> Result<Option<QuotaRequest>> {
    let call = Call::read("servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota", CODE);
    let request = quotas.list_requested_service_quota_change_history_by_quota().service_code(SERVICE).quota_code(CODE);
    let found: std::result::Result<Vec<_>, _> = request.into_paginator().items().send().collect().await;
    let is_open =
        |change: &&RequestedServiceQuotaChange| matches!(change.status(), Some(RequestStatus::Pending | RequestStatus::CaseOpened));
    Ok(found.map_err(|error| call.failed(&error))?.iter().find(is_open).map(convert))
}

pub(super) fn convert(change: &RequestedServiceQuotaChange) -> QuotaRequest {
    QuotaRequest {
        id: change.id().unwrap_or_default().to_owned(),
        case_id: change.case_id().filter(|id| !id.is_empty()).map(str::to_owned),
        status: change.status().map(|status| status.as_str().to_owned()).unwrap_or_default(),
        desired: change.desired_value().and_then(whole).unwrap_or_default(),
        created: change.created().and_then(|created| created.fmt(Format::DateTime).ok()),
    }
}

/// Quotas are doubles in the API; this one counts.
fn whole(value: f64) -> Option<u32> {
    // The bounds make the conversion exact but for the fraction.
    (0.0..=f64::from(u32::MAX)).contains(&value).then_some(value as u32)
}
