//! Which secondary private IP the Elastic IP is associated with. AWS can't tag private IPs, so ours is known by the
//! Elastic IP's association or by the tag in which a run wrote where it meant to go.

use std::net::Ipv4Addr;

use super::elastic_ip::Choice;
use super::observed::{AwsState, ElasticIp};
use super::secondary_ip::Configured;
use crate::failure::{Failure, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrivateIp {
    pub ip: Ipv4Addr,
    pub assigned: bool,
    pub associated: bool,
}

/// Finds or chooses the private IP for the chosen Elastic IP. A new one is the highest free address of the subnet:
/// two runs at once choose the same, and assigning a named address twice is harmless, unlike assigning by count.
///
/// # Errors
/// Refuses when our address is in use elsewhere, sits on the primary private IP, or the ENI or subnet is full.
pub fn choose(state: &AwsState, choice: &Choice, configured: Configured) -> Result<PrivateIp> {
    let eni = &state.instance.eni;
    let address = match choice {
        Choice::Ours(address) | Choice::Adopt(address, _) => Some(address),
        Choice::Allocate => None,
    };
    if let Some(ip) = address.map(|address| associated_with(state, address)).transpose()?.flatten() {
        return Ok(PrivateIp { ip, assigned: true, associated: true });
    }
    let usable = |ip: Ipv4Addr| eni.address(ip).is_some_and(|on_eni| !on_eni.primary && on_eni.public_ip.is_none());
    let intended = address.and_then(ElasticIp::intended_private_ip);
    if let Some(ip) = intended.into_iter().chain(configured.by_scripts).chain(configured.by_us).find(|ip| usable(*ip)) {
        return Ok(PrivateIp { ip, assigned: true, associated: false });
    }
    if let Some(limit) = state.addresses_per_interface
        && eni.addresses.len() >= limit as usize
    {
        return Err(Failure::refused(format!(
            "{} has {} IPv4 addresses, and {} allows no more on one interface",
            eni.id,
            eni.addresses.len(),
            state.instance.instance_type
        ))
        .state("nothing was changed")
        .next("unassign a secondary private IP that is no longer needed, or use a larger instance type"));
    }
    let free = |ip: &Ipv4Addr| !state.subnet.in_use.contains(ip) && eni.address(*ip).is_none();
    let ip = intended
        .filter(|ip| free(ip) && state.subnet.cidr.assignable().any(|candidate| candidate == *ip))
        .or_else(|| state.subnet.cidr.assignable().find(free))
        .ok_or_else(|| {
            Failure::refused(format!("subnet {} ({}) has no free private IP", state.subnet.id, state.subnet.cidr))
                .state("nothing was changed")
        })?;
    Ok(PrivateIp { ip, assigned: false, associated: false })
}

fn associated_with(state: &AwsState, address: &ElasticIp) -> Result<Option<Ipv4Addr>> {
    let Some(association) = &address.association else { return Ok(None) };
    let eni = &state.instance.eni;
    if association.eni.as_ref() != Some(&eni.id) {
        return Err(Failure::refused(format!(
            "Elastic IP {} is tagged for this cluster but in use by {}, not by {}",
            address.public_ip,
            super::elastic_ip::in_use_by(address),
            eni.id
        ))
        .state("nothing was changed")
        .next(format!("disassociate it if nothing needs it there: aws ec2 disassociate-address --association-id {}", association.id)));
    }
    match association.private_ip.and_then(|ip| eni.address(ip)) {
        Some(on_eni) if on_eni.primary => {
            Err(Failure::refused(format!("Elastic IP {} sits on the primary private IP {} of the node", address.public_ip, on_eni.ip))
                .because("there the API server answers on 443; moving it would take the node's only public address away")
                .state("nothing was changed")
                .next("give the primary private IP another public address, then disassociate this one and run the command again"))
        }
        Some(on_eni) => Ok(Some(on_eni.ip)),
        None => Ok(None),
    }
}
