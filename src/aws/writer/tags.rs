//! Tags of Elastic IPs and security groups: ours come and go, others' stay.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::Tag;

use super::AwsWriter;
use super::patience::Patience;
use crate::aws::call::Call;
use crate::aws::cause::{Cause, CauseKind};
use crate::aws::deadlines::CONSISTENCY;
use crate::aws::tags::to_list;
use crate::failure::Result;

impl AwsWriter {
    /// Sets `tags` on the thing with this id; others that it has stay. What was just created may not be known everywhere.
    pub async fn tag(&self, id: &str, tags: &BTreeMap<String, String>) -> Result<()> {
        let call = Call::write("ec2:CreateTags", id);
        let mut patience = Patience::new(CONSISTENCY);
        loop {
            let request = self.ec2.create_tags().resources(id).set_tags(Some(to_list(tags)));
            let Err(error) = request.send().await else { return Ok(()) };
            let cause = Cause::of(&error);
            if !(cause.kind == CauseKind::NotFound && patience.wait().await) {
                return Err(call.failure(&cause));
            }
        }
    }

    /// Takes the tags with these keys away, whatever their values. Content when they are gone.
    pub async fn untag(&self, id: &str, keys: &[String]) -> Result<()> {
        let call = Call::write("ec2:DeleteTags", id);
        let keys = keys.iter().map(|key| Tag::builder().key(key).build()).collect();
        let request = self.ec2.delete_tags().resources(id).set_tags(Some(keys));
        request.send().await.map_err(|error| call.failed(&error))?;
        Ok(())
    }
}
