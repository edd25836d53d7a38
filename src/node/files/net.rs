//! The script that keeps address and redirect in place, and its settings.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::Serialize;

use super::RedirectBackend;

pub const SETTINGS: &str = "/etc/k8sport/net.conf";
/// `net up|down|check`; see its head.
pub const SCRIPT: &str = include_str!("net.sh");

/// An Ethernet address as Linux and AWS write it, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MacAddress(String);

impl FromStr for MacAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        let octets = lower.split(':').filter(|octet| octet.len() == 2 && octet.chars().all(|c| c.is_ascii_hexdigit())).count();
        if octets == 6 && lower.len() == 17 {
            Ok(Self(lower))
        } else {
            Err(format!("expected a MAC address such as 06:1f:2a:3b:4c:5d, got {text:?}"))
        }
    }
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NetSettings {
    /// Of the ENI. Interface names change with kernels and images, this doesn't.
    pub mac: MacAddress,
    pub secondary: Ipv4Addr,
    pub backend: RedirectBackend,
}

impl NetSettings {
    /// Shell assignments of values that need no quoting.
    pub fn render(&self) -> String {
        let redirect = match self.backend {
            RedirectBackend::Nftables => "nftables",
            RedirectBackend::Iptables => "iptables",
        };
        format!(
            "# Written by k8sport, read by {}.\nMAC={}\nSECONDARY={}\nREDIRECT={redirect}\n",
            super::NET_SCRIPT,
            self.mac,
            self.secondary
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_script() {
        let settings = NetSettings {
            mac: "06:1F:2A:3B:4C:5D".parse().expect("mac"),
            secondary: Ipv4Addr::new(172, 20, 213, 46),
            backend: RedirectBackend::Nftables,
        };
        insta::assert_snapshot!(settings.render());
        insta::assert_snapshot!(SCRIPT);
    }

    #[test]
    fn hostile_text_is_no_mac() {
        for text in [
            "",
            "06:1f:2a:3b:4c",
            "06:1f:2a:3b:4c:5d;",
            "06:1f:2a:3b:4c:5g",
            "$(id):1f:2a:3b:4c:5d",
            "06-1f-2a-3b-4c-5d",
            "06:1f:2a:3b:4c:5d:00",
        ] {
            assert!(text.parse::<MacAddress>().is_err(), "{text:?}");
        }
    }
}
