//! What puts secondary addresses on the interface besides us.

use std::net::Ipv4Addr;

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddressAgent {
    pub kind: AgentKind,
    /// The unit or file that shows it.
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgentKind {
    /// Configured to set addresses up at each boot, not only at an instance's first.
    CloudInit,
    /// amazon-ec2-net-utils 2, of Amazon Linux 2023: each as a /32.
    Ec2NetUtils,
    /// Its first version, of Amazon Linux 2: with the subnet's prefix.
    Ec2NetUtils1,
    NmCloudSetup,
    /// This one address, in netplan, networkd or ifupdown.
    Static(Ipv4Addr),
}

impl AddressAgent {
    /// Whether it would put this address on the interface.
    pub fn adds(&self, secondary: Option<Ipv4Addr>) -> bool {
        if let AgentKind::Static(address) = self.kind { Some(address) == secondary } else { true }
    }

    pub fn sentence(&self) -> String {
        let source = &self.source;
        match self.kind {
            AgentKind::CloudInit => format!("cloud-init sets the addresses at each boot, says {source}"),
            AgentKind::Ec2NetUtils => format!("{source} (amazon-ec2-net-utils) adds every secondary address by itself"),
            AgentKind::Ec2NetUtils1 => format!("{source} (ec2-net-utils) adds every secondary address with each DHCP lease"),
            AgentKind::NmCloudSetup => format!("{source} is active and adds every secondary address by itself"),
            AgentKind::Static(address) => format!("{source} has {address}"),
        }
    }

    /// How it is kept from it.
    pub fn remedy(&self) -> String {
        let source = &self.source;
        match self.kind {
            AgentKind::CloudInit => format!("on the node: take `boot` out of updates.network.when in {source}"),
            AgentKind::Ec2NetUtils => format!("on the node: sudo systemctl mask --now {source}"),
            AgentKind::Ec2NetUtils1 => "on the node: write EC2SYNC=no in /etc/sysconfig/network-scripts/ifcfg-eth0".to_owned(),
            AgentKind::NmCloudSetup => "on the node: sudo systemctl disable --now nm-cloud-setup.timer".to_owned(),
            AgentKind::Static(address) => format!("on the node: take {address} out of {source}"),
        }
    }

    /// As the probe says it: a kind, an address where the kind has one, and the source.
    pub fn parse(line: &str) -> Option<Self> {
        let (kind, source) = line.split_once(' ')?;
        let (kind, source) = match kind {
            "cloud-init" => (AgentKind::CloudInit, source),
            "ec2-net-utils" => (AgentKind::Ec2NetUtils, source),
            "ec2-net-utils-1" => (AgentKind::Ec2NetUtils1, source),
            "nm-cloud-setup" => (AgentKind::NmCloudSetup, source),
            "static" => {
                let (address, file) = source.split_once(' ')?;
                (AgentKind::Static(address.parse().ok()?), file)
            }
            _ => return None,
        };
        Some(Self { kind, source: source.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_probe_says() {
        let agent = |kind, source: &str| Some(AddressAgent { kind, source: source.to_owned() });
        let address = Ipv4Addr::new(172, 20, 63, 254);
        for (line, expected) in [
            ("nm-cloud-setup nm-cloud-setup.timer", agent(AgentKind::NmCloudSetup, "nm-cloud-setup.timer")),
            ("ec2-net-utils-1 /etc/x", agent(AgentKind::Ec2NetUtils1, "/etc/x")),
            ("static 172.20.63.254 /etc/netplan/60 a.yaml", agent(AgentKind::Static(address), "/etc/netplan/60 a.yaml")),
            ("static 999.1.1.1 /etc/x", None),
            ("static 172.20.63.254", None),
            ("x y", None),
            ("cloud-init", None),
        ] {
            assert_eq!(AddressAgent::parse(line), expected, "{line}");
        }
        let fixed = AddressAgent { kind: AgentKind::Static(address), source: String::new() };
        assert!(fixed.adds(Some(address)) && !fixed.adds(None) && !fixed.adds(Some(Ipv4Addr::LOCALHOST)));
    }
}
