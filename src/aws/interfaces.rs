//! Network interfaces (EC2), as they are listed by themselves and with their instance.

use std::net::Ipv4Addr;

use aws_sdk_ec2::types::{InstanceNetworkInterface, NetworkInterface};

use super::Aws;
use super::call::Call;
use super::tags::filter;
use crate::failure::Result;
use crate::plan::observed::{Eni, PrivateAddress};

impl Aws {
    /// The interfaces with these ids; ids that don't exist are left out.
    pub(super) async fn interfaces(&self, ids: &[String]) -> Result<Vec<Eni>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let call = Call::read("ec2:DescribeNetworkInterfaces", ids.join(", "));
        interfaces(&self.ec2, &call, "network-interface-id", ids).await?.iter().map(|interface| convert(interface, &call)).collect()
    }
}

impl Aws {
    /// The interfaces with one of these ids or one of these security groups.
    ///
    /// # Errors
    /// When `ec2:DescribeNetworkInterfaces` is refused or doesn't answer.
    pub async fn interfaces_of(&self, ids: &[String], groups: &[String]) -> Result<Vec<Eni>> {
        let with_group = async {
            if groups.is_empty() {
                return Ok(Vec::new());
            }
            let call = Call::read("ec2:DescribeNetworkInterfaces", format!("interfaces with {}", groups.join(", ")));
            let found = interfaces(&self.ec2, &call, "group-id", groups).await?;
            found.iter().map(|interface| convert(interface, &call)).collect::<Result<Vec<_>>>()
        };
        let (mut all, more) = tokio::try_join!(self.interfaces(ids), with_group)?;
        all.extend(more);
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all.dedup_by(|a, b| a.id == b.id);
        Ok(all)
    }
}

/// All interfaces for which `name` has one of `values`.
pub(super) async fn interfaces(ec2: &aws_sdk_ec2::Client, call: &Call, name: &str, values: &[String]) -> Result<Vec<NetworkInterface>> {
    let request = ec2.describe_network_interfaces().filters(filter(name, values));
    let found: Result<Vec<_>, _> = request.into_paginator().page_size(1000).items().send().collect().await;
    found.map_err(|error| call.failed(&error))
}

/// The IPv4 addresses that an interface holds, those in delegated prefixes (/28) included.
pub(super) fn held_addresses(interface: &NetworkInterface) -> impl Iterator<Item = Ipv4Addr> {
    let single = interface.private_ip_addresses().iter().filter_map(|address| address.private_ip_address()?.parse().ok());
    let prefixes = interface.ipv4_prefixes().iter().filter_map(|prefix| prefix.ipv4_prefix());
    single.chain(prefixes.flat_map(block))
}

/// Every address of a small block; nothing for what isn't one.
fn block(cidr: &str) -> impl Iterator<Item = Ipv4Addr> + use<> {
    let parse = || {
        let (address, length) = cidr.split_once('/')?;
        let (address, length): (Ipv4Addr, u32) = (address.parse().ok()?, length.parse().ok()?);
        (20..=32).contains(&length).then(|| (u32::from(address), 1_u32 << (32 - length)))
    };
    let (first, size) = parse().unwrap_or((0, 0));
    (0..size).filter_map(move |offset| first.checked_add(offset)).map(Ipv4Addr::from)
}

/// The SDK has two types for an interface, with the same methods.
macro_rules! eni {
    ($interface:ident, $call:ident, $addresses:expr) => {{
        let groups = $interface.groups().iter().filter_map(|group| group.group_id());
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        Ok(Eni {
            id: $interface.network_interface_id().unwrap_or_default().parse().map_err(|error| $call.malformed(error))?,
            mac: text($interface.mac_address()),
            vpc_id: text($interface.vpc_id()),
            subnet_id: text($interface.subnet_id()),
            groups: groups.map(|id| id.parse().map_err(|error| $call.malformed(error))).collect::<Result<_>>()?,
            addresses: $addresses.collect::<Result<_>>()?,
        })
    }};
}

pub(super) fn convert(interface: &NetworkInterface, call: &Call) -> Result<Eni> {
    let public = |address: &aws_sdk_ec2::types::NetworkInterfacePrivateIpAddress| address.association()?.public_ip().map(str::to_owned);
    let addresses = interface.private_ip_addresses().iter();
    eni!(interface, call, addresses.map(|address| private_address(address.private_ip_address(), address.primary(), public(address), call)))
}

/// The interface as its instance shows it: all but which Elastic IP is behind a public address, which the list of Elastic
/// IPs says.
pub(super) fn of_instance(interface: &InstanceNetworkInterface, call: &Call) -> Result<Eni> {
    let public = |address: &aws_sdk_ec2::types::InstancePrivateIpAddress| address.association()?.public_ip().map(str::to_owned);
    let addresses = interface.private_ip_addresses().iter();
    eni!(interface, call, addresses.map(|address| private_address(address.private_ip_address(), address.primary(), public(address), call)))
}

fn private_address(ip: Option<&str>, primary: Option<bool>, public_ip: Option<String>, call: &Call) -> Result<PrivateAddress> {
    let ip = ip.unwrap_or_default();
    Ok(PrivateAddress {
        ip: ip.parse().map_err(|_| call.malformed(format!("{ip:?} as a private address")))?,
        primary: primary == Some(true),
        public_ip: public_ip.and_then(|ip| ip.parse().ok()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delegated_prefix_counts_as_held() {
        let all: Vec<_> = block("10.0.0.16/28").collect();
        assert_eq!(all.len(), 16);
        assert_eq!((all[0], all[15]), (Ipv4Addr::new(10, 0, 0, 16), Ipv4Addr::new(10, 0, 0, 31)));
        for text in ["", "10.0.0.0", "10.0.0.0/8", "10.0.0.0/33", "x/28"] {
            assert_eq!(block(text).count(), 0, "{text}");
        }
    }
}
