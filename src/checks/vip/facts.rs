//! What was seen of the control planes, from them and from here.

use std::net::Ipv4Addr;

use serde::Serialize;

use crate::failure::Failure;
use crate::names::Said;
use crate::plan::vip::observed::{Balanced, Health};
use crate::plan::vip::{Member, Role, Vip};
use crate::verify::tls::Certificate;

#[derive(Debug, Clone)]
pub struct VipFacts {
    pub vip: Vip,
    /// For commands in remedies.
    pub said: Said,
    /// In the order of their addresses.
    pub nodes: Vec<Seen>,
    /// Who answers this machine's handshake on the VIP.
    pub from_here: Result<Certificate, Failure>,
    /// The same on HAProxy's port, where there is one of ours.
    pub balanced_from_here: Option<Result<Certificate, Failure>>,
}

/// A control plane that was named.
#[derive(Debug, Clone)]
pub struct Seen {
    pub address: Ipv4Addr,
    pub member: Result<Member, Failure>,
    /// As of the VIP, on its own address.
    pub from_here: Result<Certificate, Failure>,
}

impl Seen {
    pub fn name(&self) -> String {
        self.member.as_ref().map_or_else(|_| self.address.to_string(), Member::name)
    }
}

impl VipFacts {
    /// Those that answered.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.nodes.iter().filter_map(|seen| seen.member.as_ref().ok())
    }

    pub fn holders(&self) -> Vec<&Member> {
        self.members().filter(|member| member.state.has(self.vip.address)).collect()
    }

    /// The port of our HAProxy, as the first node that has one says.
    pub fn balancer(&self) -> Option<u16> {
        self.members().find_map(|member| member.state.balancer())
    }

    /// How many were named and couldn't be read.
    pub fn unseen(&self) -> usize {
        self.nodes.iter().filter(|seen| seen.member.is_err()).count()
    }
}

/// The head of the diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    pub vip: Vip,
    pub nodes: Vec<PlaneSeen>,
}

/// A control plane in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlaneSeen {
    pub address: Ipv4Addr,
    pub reached: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    pub holds_vip: bool,
    /// What keepalived says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// `/livez` by each way, from the node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<Health>,
    /// The same through HAProxy of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub haproxy: Option<Balanced>,
}

impl Place {
    pub fn of(facts: &VipFacts) -> Self {
        Self { vip: facts.vip, nodes: facts.nodes.iter().map(|seen| PlaneSeen::of(seen, facts.vip.address)).collect() }
    }
}

impl PlaneSeen {
    fn of(seen: &Seen, vip: Ipv4Addr) -> Self {
        let state = seen.member.as_ref().ok().map(|member| &member.state);
        Self {
            address: seen.address,
            reached: state.is_some(),
            hostname: state.map(|state| state.hostname.clone()),
            holds_vip: state.is_some_and(|state| state.has(vip)),
            role: state.and_then(|state| state.role(vip)),
            priority: state.and_then(|state| state.instance_of(vip)?.priority),
            api: state.map(|state| state.health.clone()),
            haproxy: state.and_then(|state| state.balanced.clone()),
        }
    }
}

pub(super) fn names(members: &[&Member]) -> String {
    members.iter().map(|member| member.name()).collect::<Vec<_>>().join(" and ")
}
