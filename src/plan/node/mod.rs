//! What has to change on the node. Pure: what the probe read and what is wanted become a list of [`NodeChange`]s.

mod agents;
mod change;
mod distribution_haproxy;
mod frozen_rules;
mod haproxy;
mod leftovers;
mod netplan;
mod network;
mod own_paths;
mod packages;
mod removal;
mod state;
mod summary;
#[cfg(test)]
mod tests;

pub use agents::{AddressAgent, AgentKind};
pub use change::{HAPROXY_GRACE, NodeChange, Package, RedirectRepair};
pub use frozen_rules::FrozenRules;
pub use haproxy::{Front, HaproxyWanted, haproxy, haproxy_notes};
#[cfg(test)]
pub use leftovers::NatChain;
pub use leftovers::{Leftovers, RedirectRule};
pub use network::{NetworkWanted, address_first, network, network_notes};
pub use removal::{Removal, removal, removal_notes, withdrawal};
pub use state::{
    Address, Backends, Cni, DistributionHaproxy, FileState, Interface, ListenAddress, Listener, NodeState, Os, RecordedPackages,
    RedirectState, Tools, UnitState,
};
