//! What the old shell scripts left on a node, as far as it can be told from other people's things.

use std::net::Ipv4Addr;

use serde::Serialize;

use super::FrozenRules;
use super::netplan;
use super::state::{FileState, NodeState};

/// The netplan file of the scripts.
pub const NETPLAN_FILE: &str = "/etc/netplan/99-secondary-ip.yaml";
/// What `netfilter-persistent save` wrote.
pub const RULES_FILE: &str = "/etc/iptables/rules.v4";
/// The scripts' forward of the API server, which never works while the API server holds the port.
pub const API_FORWARD_UNIT: &str = "kube-api-forward.service";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum NatChain {
    Prerouting,
    Output,
}

impl NatChain {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prerouting => "PREROUTING",
            Self::Output => "OUTPUT",
        }
    }
}

/// A rule of the scripts in the nat table: TCP 443 to `destination` redirected to port 8443.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RedirectRule {
    pub chain: NatChain,
    pub destination: Ipv4Addr,
}

impl RedirectRule {
    /// The rule as iptables takes it after `-A` or `-D`, as the scripts added it.
    pub fn spec(&self) -> String {
        format!("{} -d {}/32 -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443", self.chain.as_str(), self.destination)
    }

    /// Reads a line of `iptables-save` or `iptables -S`. None for every rule that isn't exactly the scripts'.
    pub fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["-A", chain, "-d", destination, "-p", "tcp", "-m", "tcp", "--dport", "443", "-j", "REDIRECT", "--to-ports", "8443"] =
            words.as_slice()
        else {
            return None;
        };
        let chain = match *chain {
            "PREROUTING" => NatChain::Prerouting,
            "OUTPUT" => NatChain::Output,
            _ => return None,
        };
        Some(Self { chain, destination: destination.strip_suffix("/32")?.parse().ok()? })
    }
}

/// What was found of the scripts. Files are brought whole; the planner decides whether they are the scripts'.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Leftovers {
    /// Rules in force, with how often each is there.
    pub redirect_rules: Vec<(RedirectRule, u32)>,
    /// Rules in the nat table that send 443 somewhere else and that we don't know.
    pub foreign_rules: Vec<String>,
    pub netplan: Option<FileState>,
    pub rules_file: Option<FileState>,
}

impl NodeState {
    /// The secondary address that the scripts had configured on this node.
    pub fn bash_secondary(&self) -> Option<Ipv4Addr> {
        let from_netplan = || netplan::scripts_address(&self.leftovers.netplan.as_ref()?.content).map(|(_, ip, _)| ip);
        let from_file = || FrozenRules::read(&self.leftovers.rules_file.as_ref()?.content).redirects.first().map(|rule| rule.destination);
        let from_rule = self.leftovers.redirect_rules.first().map(|(rule, _)| rule.destination);
        from_rule.or_else(from_netplan).or_else(from_file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_scripts_own_rule_is_read() {
        let rule = RedirectRule { chain: NatChain::Prerouting, destination: Ipv4Addr::new(172, 20, 0, 20) };
        assert_eq!(RedirectRule::parse(&format!("-A {}", rule.spec())), Some(rule));
        for foreign in [
            "-A PREROUTING -d 172.20.0.20/32 -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 9443",
            "-A PREROUTING -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443",
            "-A PREROUTING -d 172.20.0.0/16 -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443",
            "-A PREROUTING -s 10.0.0.0/8 -d 172.20.0.20/32 -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443",
            "-A MINE -d 172.20.0.20/32 -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443",
        ] {
            assert_eq!(RedirectRule::parse(foreign), None, "{foreign}");
        }
    }
}
