//! Asking for a higher quota.

use super::AwsWriter;
use crate::aws::call::Call;
use crate::aws::cause::Cause;
use crate::aws::quotas::{CODE, SERVICE, convert, open_request};
use crate::failure::{Failure, Result};
use crate::plan::observed::QuotaRequest;

impl AwsWriter {
    /// Asks for that many Elastic IPs in the region. Content with a request for just as many that is open already: it may
    /// be this one, whose first attempt got through without an answer.
    ///
    /// # Errors
    /// Refused when another request is open.
    pub async fn request_elastic_ip_quota(&self, wanted: u32) -> Result<QuotaRequest> {
        let call = Call::write("servicequotas:RequestServiceQuotaIncrease", format!("{CODE} to {wanted}"));
        let request = self.quotas.request_service_quota_increase().service_code(SERVICE).quota_code(CODE);
        let error = match request.desired_value(f64::from(wanted)).send().await {
            Ok(answer) => return answer.requested_quota().map(convert).ok_or_else(|| call.malformed("no request")),
            Err(error) => error,
        };
        let cause = Cause::of(&error);
        if !cause.is("ResourceAlreadyExistsException") {
            return Err(call.failure(&cause));
        }
        match open_request(&self.quotas).await? {
            Some(open) if open.desired == wanted => Ok(open),
            open => Err(Failure::refused("another increase of this quota is requested already, and AWS takes one at a time")
                .because(open.map_or_else(|| cause.to_string(), |open| open.sentence()))
                .state("no request was made")
                .next("k8sport quota   (shows what becomes of it)")),
        }
    }
}
