//! IPv4 blocks, as far as the planner needs them.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An IPv4 block in CIDR notation, host bits cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cidr {
    network: u32,
    prefix: u8,
}

impl Cidr {
    /// None when the prefix is over 32.
    pub fn new(address: Ipv4Addr, prefix: u8) -> Option<Self> {
        (prefix <= 32).then(|| Self { network: u32::from(address) & mask(prefix), prefix })
    }

    pub fn contains(&self, address: Ipv4Addr) -> bool {
        u32::from(address) & mask(self.prefix) == self.network
    }

    /// Addresses that AWS lets an interface have, the highest first: without the first four and the last of the
    /// block (<https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>).
    pub fn assignable(&self) -> impl Iterator<Item = Ipv4Addr> {
        let first = u64::from(self.network);
        let size = 1_u64 << (32 - self.prefix);
        // The block ends at 2^32 at most, so every value fits again.
        (first + 4..(first + size).saturating_sub(1)).rev().filter_map(|address| u32::try_from(address).ok()).map(Ipv4Addr::from)
    }
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.network), self.prefix)
    }
}

impl FromStr for Cidr {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (address, prefix) = text.split_once('/')?;
            Self::new(address.parse().ok()?, prefix.parse().ok()?)
        };
        parse().ok_or_else(|| format!("expected an IPv4 block such as 10.0.0.0/8, got {text:?}"))
    }
}

impl TryFrom<String> for Cidr {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Cidr> for String {
    fn from(cidr: Cidr) -> String {
        cidr.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignable_leaves_out_what_aws_keeps() {
        let cidr: Cidr = "10.0.0.16/28".parse().expect("cidr");
        let all: Vec<_> = cidr.assignable().collect();
        assert_eq!(all.first(), Some(&Ipv4Addr::new(10, 0, 0, 30)));
        assert_eq!(all.last(), Some(&Ipv4Addr::new(10, 0, 0, 20)));
        assert_eq!(all.len(), 11);
    }

    #[test]
    fn the_edges_of_the_address_space_do_not_overflow() {
        for text in ["0.0.0.0/0", "255.255.255.255/32", "255.255.255.240/28"] {
            let cidr: Cidr = text.parse().expect(text);
            assert_eq!(cidr.to_string(), text);
            let _ = cidr.assignable().take(20).count();
        }
        assert!("10.0.0.0/33".parse::<Cidr>().is_err());
        assert!("10.0.0.0".parse::<Cidr>().is_err());
    }
}
