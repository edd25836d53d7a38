//! Control planes that share an address by VRRP: what is there, what is wanted, and the changes between the two.

mod change;
pub mod cleanup;
pub mod config;
pub mod decision;
pub mod files;
mod frontends;
pub mod observed;
mod places;
mod refusals;
mod served;
pub mod setup;
#[cfg(test)]
pub mod tests;

use std::net::Ipv4Addr;

use serde::Serialize;

pub use change::{VipAction, VipChange, without_keepalived};
pub use observed::{Answer, ControlPlane, Role};

/// The shared address and the API server's port on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Vip {
    pub address: Ipv4Addr,
    pub port: u16,
}

impl Vip {
    /// For a command line: nothing, or ` --api-port 443`.
    pub fn port_option(self) -> String {
        if self.port == 6443 { String::new() } else { format!(" --api-port {}", self.port) }
    }
}

/// A control plane by the address that it was named by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub address: Ipv4Addr,
    pub state: ControlPlane,
}

impl std::fmt::Display for Vip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.address, self.port)
    }
}

impl Member {
    /// What its own API server answers; unknown where that listens on another address than the one that was asked.
    pub fn own_api(&self, port: u16) -> Answer {
        let mut listeners = self.state.listening(port).peekable();
        let asked = listeners.peek().is_none() || listeners.any(|listener| listener.covers(self.address));
        let answer = self.state.health.node;
        if answer.is_healthy() || asked { answer } else { Answer::Unknown }
    }

    /// The lower, the rather it can have the VIP.
    fn standing(&self, port: u16) -> u8 {
        match self.own_api(port) {
            answer if answer.is_healthy() => 0,
            answer if answer.is_dead() => 2,
            _ => 1,
        }
    }

    /// `k8s-cp1`.
    pub fn short_name(&self) -> String {
        Some(self.state.hostname.clone()).filter(|name| !name.is_empty()).unwrap_or_else(|| self.address.to_string())
    }

    /// `k8s-cp1 (10.0.0.10)`.
    pub fn name(&self) -> String {
        match self.state.hostname.as_str() {
            "" => self.address.to_string(),
            hostname => format!("{hostname} ({})", self.address),
        }
    }
}
