//! The application's records.

use std::net::Ipv4Addr;

use aws_sdk_route53::operation::change_resource_record_sets::ChangeResourceRecordSetsError;
use aws_sdk_route53::types::{Change, ChangeAction, ChangeBatch, ResourceRecord, ResourceRecordSet, RrType};

use super::AwsWriter;
use crate::aws::call::Call;
use crate::aws::cause::Cause;
use crate::failure::Result;
use crate::plan::observed::{HostedZone, Record};

impl AwsWriter {
    /// Makes `name` an A record with one address, whatever it was, and returns the id to ask
    /// [`Aws::change_insync`](crate::aws::Aws::change_insync) for. `ttl` is in seconds.
    pub async fn upsert_record(&self, zone: &HostedZone, name: &str, ttl: i64, ip: Ipv4Addr) -> Result<String> {
        let record = Record {
            name: name.to_owned(),
            kind: "A".to_owned(),
            ttl: Some(ttl),
            values: vec![ip.to_string()],
            alias: None,
            set_identifier: None,
        };
        self.put_record(zone, &record).await
    }

    /// Makes the record set what `record` says, whatever it was. Plain records only.
    pub async fn put_record(&self, zone: &HostedZone, record: &Record) -> Result<String> {
        self.change_record(zone, ChangeAction::Upsert, record).await
    }

    /// Removes exactly this record set: AWS refuses if it has changed since it was read.
    pub async fn delete_record(&self, zone: &HostedZone, record: &Record) -> Result<String> {
        self.change_record(zone, ChangeAction::Delete, record).await
    }

    async fn change_record(&self, zone: &HostedZone, action: ChangeAction, record: &Record) -> Result<String> {
        let what = format!("{} {} {} in zone {} ({})", record.name, record.kind, record.values.join(" "), zone.name, zone.id);
        let call = Call::write("route53:ChangeResourceRecordSets", what);
        let batch = batch(action, record).map_err(|error| call.malformed(error))?;
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

fn batch(action: ChangeAction, record: &Record) -> Result<ChangeBatch, aws_sdk_route53::error::BuildError> {
    let values = record.values.iter().map(|value| ResourceRecord::builder().value(value).build()).collect::<Result<Vec<_>, _>>()?;
    let kind = RrType::from(record.kind.as_str());
    let set =
        ResourceRecordSet::builder().name(&record.name).r#type(kind).set_ttl(record.ttl).set_resource_records(Some(values)).build()?;
    let change = Change::builder().action(action).resource_record_set(set).build()?;
    ChangeBatch::builder().comment("k8sport").changes(change).build()
}
