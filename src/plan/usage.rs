//! The Elastic IPs of a region against their quota: whose they are, what uses them, what the idle ones cost.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::change::Change;
use super::observed::{Account, ElasticIp, Quota, QuotaRequest};
use super::ownership::OWNERSHIP;
use super::{Note, Plan, elastic_ip};
use crate::failure::{Failure, Result};
use crate::names::AllocationId;

/// US dollars for one public IPv4 address in 730 hours at $0.005, in use or not
/// (<https://aws.amazon.com/blogs/networking-and-content-delivery/identify-and-optimize-public-ipv4-address-usage-on-aws/>).
pub const ADDRESS_PER_MONTH: f64 = 3.65;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Usage {
    pub account: Account,
    /// All addresses of the region count, whatever uses them.
    pub used: usize,
    /// None when it may not be read.
    pub quota: Option<Quota>,
    pub idle: usize,
    /// US dollars a month (730 hours) for the idle ones.
    pub idle_monthly_cost_usd: f64,
    pub addresses: Vec<Line>,
    /// The increase that is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<QuotaRequest>,
}

/// One address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub public_ip: Ipv4Addr,
    pub allocation_id: AllocationId,
    /// The instance, the interface of something else (a NAT gateway, a load balancer), or None for an idle address.
    pub in_use_by: Option<String>,
    pub private_ip: Option<Ipv4Addr>,
    /// As far as tags tell.
    pub whose: String,
}

impl Usage {
    pub fn new(account: Account, elastic_ips: &[ElasticIp], quota: Option<Quota>, request: Option<QuotaRequest>) -> Self {
        let idle = elastic_ips.iter().filter(|address| address.association.is_none()).count();
        Self {
            account,
            used: elastic_ips.len(),
            quota,
            idle,
            idle_monthly_cost_usd: per_month(idle),
            addresses: elastic_ips.iter().map(line).collect(),
            request,
        }
    }
}

/// Dollars, in whole cents.
fn per_month(addresses: usize) -> f64 {
    let count = u32::try_from(addresses).unwrap_or(u32::MAX);
    (f64::from(count) * ADDRESS_PER_MONTH * 100.0).round() / 100.0
}

fn line(address: &ElasticIp) -> Line {
    let association = address.association.as_ref();
    Line {
        public_ip: address.public_ip,
        allocation_id: address.allocation_id.clone(),
        in_use_by: association.map(|_| elastic_ip::in_use_by(address)),
        private_ip: association.and_then(|association| association.private_ip),
        whose: match address.tags.get(OWNERSHIP).filter(|_| address.cluster().is_some()) {
            Some(ownership) => format!("{}, {ownership}", elastic_ip::whose(address)),
            None => elastic_ip::whose(address),
        },
    }
}

/// What `--request` comes to: nothing when a request is open already.
///
/// # Errors
/// A usage error when the quota is that high already.
pub fn request(usage: &Usage, wanted: u32) -> Result<Plan> {
    if let Some(open) = &usage.request {
        return Ok(Plan {
            changes: Vec::new(),
            notes: vec![Note::info(format!("no second request is made while request {} is open", open.id))],
        });
    }
    match usage.quota {
        Some(quota) if quota.limit >= wanted => {
            Err(Failure::usage(format!("the quota in {} is {} already, so {wanted} is no increase", usage.account.region, quota.limit))
                .state("nothing was changed")
                .next(format!("k8sport quota --request {}", quota.limit.saturating_add(5))))
        }
        quota => Ok(Plan {
            changes: vec![Change::RequestQuotaIncrease {
                region: usage.account.region.clone(),
                from: quota.map(|quota| quota.limit),
                to: wanted,
            }],
            notes: Vec::new(),
        }),
    }
}

impl QuotaRequest {
    pub fn sentence(&self) -> String {
        let case = self.case_id.as_ref().map(|id| format!(", support case {id}")).unwrap_or_default();
        let since = self.created.as_ref().map(|created| format!(", since {created}")).unwrap_or_default();
        format!("an increase to {} is requested ({}, request {}{case}{since})", self.desired, self.status, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Kind;
    use crate::plan::observed::QuotaSource;

    fn usage(limit: Option<u32>, request: Option<QuotaRequest>) -> Usage {
        let account = Account { id: "123456789012".to_owned(), region: "eu-central-1".to_owned() };
        Usage::new(account, &[], limit.map(|limit| Quota { limit, source: QuotaSource::Applied }), request)
    }

    fn open() -> QuotaRequest {
        QuotaRequest {
            id: "r-1".to_owned(),
            case_id: Some("1234".to_owned()),
            status: "CASE_OPENED".to_owned(),
            desired: 10,
            created: Some("2026-11-01".to_owned()),
        }
    }

    #[test]
    fn one_request_at_a_time_and_only_upwards() {
        assert_eq!(request(&usage(Some(5), None), 10).expect("a plan").changes.len(), 1);
        assert_eq!(request(&usage(None, None), 10).expect("a plan").changes.len(), 1);
        let plan = request(&usage(Some(5), Some(open())), 20).expect("a plan");
        assert!(plan.changes.is_empty() && plan.notes[0].text.contains("r-1"), "{plan:?}");
        for too_few in [1, 5] {
            assert_eq!(request(&usage(Some(5), None), too_few).expect_err("no increase").kind, Kind::Usage);
        }
    }
}
