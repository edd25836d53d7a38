//! Taking down what a plan names. Everything here is content with a thing that is gone already.

use std::net::Ipv4Addr;

use super::AwsWriter;
use super::patience::Patience;
use crate::aws::call::Call;
use crate::aws::cause::Cause;
use crate::aws::deadlines::CONSISTENCY;
use crate::failure::{Failure, Result};
use crate::names::{AllocationId, EniId, GroupId};
use crate::plan::observed::ElasticIp;
use crate::plan::ownership::OPERATION;

impl AwsWriter {
    /// Ends an association. The id names one association, so it can't hit another.
    pub async fn disassociate_elastic_ip(&self, association_id: &str, public_ip: Ipv4Addr) -> Result<()> {
        let call = Call::write("ec2:DisassociateAddress", format!("Elastic IP {public_ip} ({association_id})"));
        let answer = self.ec2.disassociate_address().association_id(association_id).send().await;
        unless_gone(&call, answer.err().map(|error| Cause::of(&error)), &["InvalidAssociationID.NotFound"])
    }

    pub async fn unassign_private_ip(&self, eni: &EniId, ip: Ipv4Addr) -> Result<()> {
        let call = Call::write("ec2:UnassignPrivateIpAddresses", format!("{ip} of {eni}"));
        let request = self.ec2.unassign_private_ip_addresses().network_interface_id(eni.as_str()).private_ip_addresses(ip.to_string());
        let cause = request.send().await.err().map(|error| Cause::of(&error));
        if cause.is_some() && !self.holds(eni, ip).await? {
            return Ok(());
        }
        unless_gone(&call, cause, &["InvalidNetworkInterfaceID.NotFound"])
    }

    /// Waits out the moment in which a group that was just detached still counts as in use.
    pub async fn delete_security_group(&self, group: &GroupId) -> Result<()> {
        let call = Call::write("ec2:DeleteSecurityGroup", group.to_string());
        let mut patience = Patience::new(CONSISTENCY);
        loop {
            let answer = self.ec2.delete_security_group().group_id(group.as_str()).send().await;
            let cause = answer.err().map(|error| Cause::of(&error));
            if cause.as_ref().is_some_and(|cause| cause.is("DependencyViolation")) && patience.wait().await {
                continue;
            }
            return unless_gone(&call, cause, &["InvalidGroup.NotFound"]);
        }
    }

    /// Releases an Elastic IP. In a default VPC AWS would do that to an associated one as well, so it must be free.
    pub async fn release_elastic_ip(&self, id: &AllocationId, public_ip: Ipv4Addr) -> Result<()> {
        let call = Call::write("ec2:ReleaseAddress", format!("Elastic IP {public_ip} ({id})"));
        match self.elastic_ip(id).await? {
            None => return Ok(()),
            Some(ElasticIp { association: Some(at), .. }) => {
                let eni = at.eni.map_or(at.id, |eni| eni.to_string());
                return Err(Failure::refused(format!("Elastic IP {public_ip} is in use by {eni}")).state("it was not released"));
            }
            Some(_) => {}
        }
        let answer = self.ec2.release_address().allocation_id(id.as_str()).send().await;
        unless_gone(&call, answer.err().map(|error| Cause::of(&error)), &["InvalidAllocationID.NotFound"])
    }

    /// Releases an address that this very run has allocated and that turned out not to be needed.
    ///
    /// # Errors
    /// Refused when the address doesn't carry this run's tag.
    pub async fn release_allocated(&self, address: &ElasticIp) -> Result<()> {
        if address.tags.get(OPERATION) != Some(&self.operation) {
            return Err(Failure::refused(format!("Elastic IP {} was not allocated by this run", address.public_ip)));
        }
        self.release_elastic_ip(&address.allocation_id, address.public_ip).await
    }
}

fn unless_gone(call: &Call, cause: Option<Cause>, gone: &[&str]) -> Result<()> {
    match cause {
        Some(cause) if !gone.iter().any(|code| cause.is(code)) => Err(call.failure(&cause)),
        _ => Ok(()),
    }
}
