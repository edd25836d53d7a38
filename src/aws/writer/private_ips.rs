//! Secondary private addresses of an interface.

use std::net::Ipv4Addr;

use super::AwsWriter;
use crate::aws::call::Call;
use crate::aws::cause::{Cause, CauseKind};
use crate::aws::interfaces::{held_addresses, interfaces};
use crate::failure::{Failure, Result};
use crate::names::EniId;

impl AwsWriter {
    /// Assigns this address, never "one more": a repetition finds it there and is content. An address that another
    /// interface has is not taken from it.
    pub async fn assign_private_ip(&self, eni: &EniId, ip: Ipv4Addr) -> Result<()> {
        let call = Call::write("ec2:AssignPrivateIpAddresses", format!("{ip} on {eni}"));
        let request = self.ec2.assign_private_ip_addresses().network_interface_id(eni.as_str()).private_ip_addresses(ip.to_string());
        let Err(error) = request.allow_reassignment(false).send().await else { return Ok(()) };
        let cause = Cause::of(&error);
        let may_be_done = matches!(cause.kind, CauseKind::Unclear | CauseKind::Unreachable) || cause.is("InvalidParameterValue");
        if may_be_done && self.holds(eni, ip).await.unwrap_or(false) {
            return Ok(());
        }
        Err(refine(call.failure(&cause), &cause, eni, ip))
    }

    /// Whether the interface has the address; not if there is no such interface.
    pub(super) async fn holds(&self, eni: &EniId, ip: Ipv4Addr) -> Result<bool> {
        let call = Call::read("ec2:DescribeNetworkInterfaces", eni.to_string());
        let found = interfaces(&self.ec2, &call, "network-interface-id", &[eni.to_string()]).await?;
        Ok(found.iter().any(|interface| held_addresses(interface).any(|held| held == ip)))
    }
}

fn refine(failure: Failure, cause: &Cause, eni: &EniId, ip: Ipv4Addr) -> Failure {
    match cause.code.as_deref() {
        Some("PrivateIpAddressLimitExceeded") => failure
            .next(format!("the instance type allows no more addresses on {eni}: unassign one that nobody uses, or take a larger type")),
        Some("InvalidParameterValue" | "InvalidIPAddress.InUse") => {
            failure.next(format!("if somebody else took {ip} meanwhile, run the same command again: it chooses another"))
        }
        _ => failure,
    }
}
