//! Connecting an Elastic IP with a private address.

use std::net::Ipv4Addr;

use super::AwsWriter;
use super::patience::Patience;
use crate::aws::call::Call;
use crate::aws::cause::{Cause, CauseKind};
use crate::aws::deadlines::CONSISTENCY;
use crate::aws::elastic_ips::elastic_ips;
use crate::aws::tags::filter;
use crate::failure::{Failure, Result};
use crate::names::{AllocationId, EniId};
use crate::plan::observed::ElasticIp;

impl AwsWriter {
    /// Associates the Elastic IP with this private address of the interface. Never takes it from elsewhere
    /// (`AllowReassociation=false`; unset, AWS would), and never lets it go to the primary address (the private one is
    /// always named). Content when it is there already.
    ///
    /// # Errors
    /// Refused when the address is associated with something else, or the private address with another Elastic IP.
    pub async fn associate_elastic_ip(&self, id: &AllocationId, eni: &EniId, private_ip: Ipv4Addr) -> Result<()> {
        let call = Call::write("ec2:AssociateAddress", format!("Elastic IP {id} with {private_ip} on {eni}"));
        let mut patience = Patience::new(CONSISTENCY);
        loop {
            let request = self.ec2.associate_address().allocation_id(id.as_str()).network_interface_id(eni.as_str());
            let request = request.private_ip_address(private_ip.to_string()).allow_reassociation(false);
            let Err(error) = request.send().await else { return Ok(()) };
            let cause = Cause::of(&error);
            if is_not_yet_visible(&cause) {
                if patience.wait().await {
                    continue;
                }
            } else if is_taken(&cause) {
                let holder = self.elastic_ip(id).await?;
                return if is_at(&holder, eni, private_ip) { Ok(()) } else { Err(taken(&holder, &cause, id, eni, private_ip)) };
            } else if matches!(cause.kind, CauseKind::Unclear | CauseKind::Unreachable)
                && self.elastic_ip(id).await.is_ok_and(|holder| is_at(&holder, eni, private_ip))
            {
                return Ok(());
            }
            return Err(call.failure(&cause));
        }
    }

    pub(super) async fn elastic_ip(&self, id: &AllocationId) -> Result<Option<ElasticIp>> {
        let call = Call::read("ec2:DescribeAddresses", format!("Elastic IP {id}"));
        Ok(elastic_ips(&self.ec2, &call, vec![filter("allocation-id", [id.as_str()])]).await?.into_iter().next())
    }
}

/// The two answers of an EC2 whose parts have not all heard of an address that was just allocated, or just assigned.
fn is_not_yet_visible(cause: &Cause) -> bool {
    cause.is("InvalidAllocationID.NotFound") || cause.is("InvalidParameterValue")
}

fn is_taken(cause: &Cause) -> bool {
    cause.is("Resource.AlreadyAssociated") || cause.is("InvalidIPAddress.InUse")
}

fn is_at(address: &Option<ElasticIp>, eni: &EniId, private_ip: Ipv4Addr) -> bool {
    let association = address.as_ref().and_then(|address| address.association.as_ref());
    association.is_some_and(|at| at.eni.as_ref() == Some(eni) && at.private_ip == Some(private_ip))
}

fn taken(address: &Option<ElasticIp>, cause: &Cause, id: &AllocationId, eni: &EniId, private_ip: Ipv4Addr) -> Failure {
    let at = address.as_ref().and_then(|address| Some((address.public_ip, address.association.as_ref()?)));
    let failure = match at {
        Some((public_ip, at)) => {
            let eni = at.eni.as_ref().map_or("an interface we can't see", EniId::as_str);
            let private_ip = at.private_ip.map_or_else(|| "an unknown address".to_owned(), |ip| ip.to_string());
            Failure::refused(format!("Elastic IP {public_ip} ({id}) is in use by {private_ip} on {eni}"))
                .next("disassociate it there if it should come here, or use another one")
        }
        None => Failure::refused(format!("{private_ip} on {eni} already has another Elastic IP than {id}"))
            .next("run the same command again: it reads who has which address"),
    };
    failure.because(cause).state("no association was changed")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::failure::Kind;
    use crate::plan::observed::Association;

    #[test]
    fn the_refusal_says_who_has_the_address() {
        let id: AllocationId = "eipalloc-12345678".parse().expect("id");
        let (ours, theirs): (EniId, EniId) = ("eni-11111111".parse().expect("id"), "eni-22222222".parse().expect("id"));
        let (ip, other) = (Ipv4Addr::new(10, 0, 0, 20), Ipv4Addr::new(10, 0, 0, 99));
        let at = |eni: &EniId, ip| Association { id: "eipassoc-1".into(), eni: Some(eni.clone()), instance: None, private_ip: Some(ip) };
        let address = |association| {
            Some(ElasticIp { allocation_id: id.clone(), public_ip: Ipv4Addr::new(198, 51, 100, 7), association, tags: BTreeMap::new() })
        };
        assert!(is_at(&address(Some(at(&ours, ip))), &ours, ip));
        for elsewhere in [None, address(None), address(Some(at(&theirs, ip))), address(Some(at(&ours, other)))] {
            assert!(!is_at(&elsewhere, &ours, ip));
        }
        let cause =
            Cause { kind: CauseKind::Other, code: Some("Resource.AlreadyAssociated".into()), message: "x".into(), request_id: None };
        let failure = taken(&address(Some(at(&theirs, other))), &cause, &id, &ours, ip);
        assert_eq!(
            (failure.kind, failure.what.as_str()),
            (Kind::Refused, "Elastic IP 198.51.100.7 (eipalloc-12345678) is in use by 10.0.0.99 on eni-22222222")
        );
        assert!(taken(&address(None), &cause, &id, &ours, ip).what.starts_with("10.0.0.20 on eni-11111111 already has another"));
    }
}
