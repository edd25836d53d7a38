//! Control planes that share an address by VRRP: what is there, what is wanted, and the changes between the two.

mod change;
pub mod cleanup;
pub mod config;
pub mod decision;
pub mod files;
pub mod observed;
pub mod setup;
#[cfg(test)]
mod tests;

use std::net::Ipv4Addr;

use serde::Serialize;

pub use change::{VipAction, VipChange};
pub use observed::{Answer, ControlPlane, Role};

/// The shared address and the API server's port on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Vip {
    pub address: Ipv4Addr,
    pub port: u16,
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
