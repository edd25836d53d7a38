//! Giving back an Elastic IP that this very run has allocated.

use super::AwsWriter;
use crate::aws::call::Call;
use crate::failure::{Failure, Result};
use crate::plan::observed::ElasticIp;
use crate::plan::ownership::OPERATION;

impl AwsWriter {
    /// Releases an address of this run that turned out not to be needed.
    ///
    /// # Errors
    /// Refused when the address doesn't carry this run's tag; else whatever AWS answers.
    pub async fn release_allocated(&self, address: &ElasticIp) -> Result<()> {
        if address.tags.get(OPERATION) != Some(&self.operation) {
            return Err(Failure::refused(format!("Elastic IP {} was not allocated by this run", address.public_ip)));
        }
        let call = Call::write("ec2:ReleaseAddress", format!("Elastic IP {} ({})", address.public_ip, address.allocation_id));
        self.ec2.release_address().allocation_id(address.allocation_id.as_str()).send().await.map_err(|error| call.failed(&error))?;
        Ok(())
    }
}
