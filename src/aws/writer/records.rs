//! The application's records.

use std::net::Ipv4Addr;

use aws_sdk_route53::operation::change_resource_record_sets::ChangeResourceRecordSetsError;
use aws_sdk_route53::types::{Change, ChangeAction, ChangeBatch, ResourceRecord, ResourceRecordSet, RrType};

use super::AwsWriter;
use crate::aws::call::Call;
use crate::aws::cause::Cause;
use crate::failure::Result;
use crate::plan::observed::HostedZone;

impl AwsWriter {
    /// Makes `name` an A record with one address, whatever it was, and returns the id to ask
    /// [`Aws::change_insync`](crate::aws::Aws::change_insync) for. `ttl` is in seconds.
    pub async fn upsert_record(&self, zone: &HostedZone, name: &str, ttl: i64, ip: Ipv4Addr) -> Result<String> {
        let call = Call::write("route53:ChangeResourceRecordSets", format!("{name} A {ip} in zone {} ({})", zone.name, zone.id));
        let batch = upsert(name, ttl, ip).map_err(|error| call.malformed(error))?;
        let answer = self.route53.change_resource_record_sets().hosted_zone_id(&zone.id).change_batch(batch).send().await;
        let answer = answer.map_err(|error| {
            let mut cause = Cause::of(&error);
            // This error has its words in a list of its own.
            if let Some(ChangeResourceRecordSetsError::InvalidChangeBatch(batch)) = error.as_service_error()
                && !batch.messages().is_empty()
            {
                cause.message = batch.messages().join("; ");
            }
            call.failure(&cause)
        })?;
        let info = answer.change_info().ok_or_else(|| call.malformed("no change id"))?;
        Ok(info.id().trim_start_matches("/change/").to_owned())
    }
}

fn upsert(name: &str, ttl: i64, ip: Ipv4Addr) -> Result<ChangeBatch, aws_sdk_route53::error::BuildError> {
    let value = ResourceRecord::builder().value(ip.to_string()).build()?;
    let set = ResourceRecordSet::builder().name(name).r#type(RrType::A).ttl(ttl).resource_records(value).build()?;
    let change = Change::builder().action(ChangeAction::Upsert).resource_record_set(set).build()?;
    ChangeBatch::builder().comment("k8sport").changes(change).build()
}
