//! Where the control planes are in the VIP's network. VRRP and HAProxy reach them there, by whatever address SSH does.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::Member;
use super::setup::Wanted;
use crate::failure::{Failure, Result};
use crate::names::InterfaceName;
use crate::plan::node::Address;

pub struct Places {
    /// By the address that it was named by.
    reached: BTreeMap<Ipv4Addr, (InterfaceName, Ipv4Addr)>,
    all: Vec<Ipv4Addr>,
}

impl Places {
    /// # Errors
    /// One has no address there, or it can't be known.
    pub fn find(members: &[Member], wanted: &Wanted) -> Result<Self> {
        let mut reached = BTreeMap::new();
        for member in members {
            reached.insert(member.address, place(member, wanted.vip.address)?);
        }
        let elsewhere = members.iter().find(|member| reached.get(&member.address).is_some_and(|(_, own)| *own != member.address));
        let unreached = wanted.all.iter().find(|named| !reached.contains_key(named));
        if let (Some(member), Some(unreached)) = (elsewhere, unreached) {
            return Err(Failure::refused(format!("the address of {unreached} in the network of {} isn't known", wanted.vip.address))
                .because(format!("it can't be reached, and {} is named by an address of another network, too", member.name()))
                .state("nothing was changed")
                .next("name the nodes by their addresses in the VIP's network, or run the command again when it is back"));
        }
        let mut all: Vec<_> = wanted.all.iter().map(|named| reached.get(named).map_or(*named, |(_, own)| *own)).collect();
        all.sort();
        Ok(Self { reached, all })
    }

    /// Its interface and address there.
    ///
    /// # Errors
    /// It isn't among them.
    pub fn of(&self, member: &Member) -> Result<(InterfaceName, Ipv4Addr)> {
        self.reached.get(&member.address).cloned().ok_or_else(|| Failure::failed(format!("{} has no place", member.name())))
    }

    /// Sorted, those that can't be reached now among them.
    pub fn all(&self) -> &[Ipv4Addr] {
        &self.all
    }
}

/// The one that it was named by, if that is there.
fn place(member: &Member, vip: Ipv4Addr) -> Result<(InterfaceName, Ipv4Addr)> {
    let same_net = |address: &&Address| {
        let bits = 32 - u32::from(address.prefix.min(32));
        address.prefix < 32 && u32::from(address.ip).checked_shr(bits) == u32::from(vip).checked_shr(bits)
    };
    let addresses = || member.state.addresses.iter().filter(|address| address.scope == "global" && address.ip != vip);
    let mut there = addresses().filter(same_net);
    let first = there.clone().next();
    let chosen = there.find(|address| address.ip == member.address).or(first).ok_or_else(|| {
        let has: Vec<_> = addresses().map(|address| format!("{}/{}", address.ip, address.prefix)).collect();
        Failure::refused(format!("{} has no address in the network of {vip}", member.name()))
            .because(format!("`ip addr` shows {}", if has.is_empty() { "none of its own".to_owned() } else { has.join(", ") }))
            .state("nothing was changed")
            .next("name a free address of the network that the control planes share")
    })?;
    Ok((chosen.interface.clone(), chosen.ip))
}

/// From the addresses alone, so that it is the same in each run. Far apart, so that two never claim the VIP at once.
pub fn priority(own: Ipv4Addr, all: &[Ipv4Addr]) -> u8 {
    let mut all = all.to_vec();
    all.sort();
    let index = all.iter().position(|ip| *ip == own).unwrap_or_default();
    let apart = (200 / all.len().max(1)).clamp(1, 50);
    u8::try_from(250_usize.saturating_sub(index * apart)).unwrap_or(1).max(1)
}
