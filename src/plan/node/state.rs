//! What the probe read on the node, as plain values. The planner sees nothing else of it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use serde::Serialize;

use super::agents::AddressAgent;
use super::leftovers::Leftovers;
use crate::names::InterfaceName;
use crate::node::files::RedirectBackend;

/// Everything the planner needs to know about the node.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NodeState {
    pub hostname: String,
    pub os: Os,
    /// Network interfaces in the kernel's order.
    pub interfaces: Vec<Interface>,
    /// The interface with the MAC address that the probe was asked for.
    pub eni: Option<InterfaceName>,
    pub default_route: Option<InterfaceName>,
    /// IPv4 addresses of all interfaces, in the order in which the kernel lists them: the first one of an interface
    /// is what much of Kubernetes takes for the node's address.
    pub addresses: Vec<Address>,
    pub tools: Tools,
    /// Our files by path. A file that is missing isn't in the map.
    pub files: BTreeMap<String, FileState>,
    /// Everything in our directories, and every unit file and enablement with a name like ours.
    pub paths: BTreeSet<String>,
    /// Units by full name: ours, the two that the scripts left, and the distribution's of packages that we install.
    pub units: BTreeMap<String, UnitState>,
    pub redirect: RedirectState,
    /// The forms in which the kernel holds our redirect, also without any settings of ours.
    pub loaded_redirects: Vec<RedirectBackend>,
    pub listeners: Vec<Listener>,
    pub backends: Backends,
    pub cni: Cni,
    /// Packages that we installed, or began to install, on this node.
    pub installed_by_us: BTreeSet<String>,
    pub packages: RecordedPackages,
    /// Whether the running HAProxy instance of ours was started or reloaded with the configuration that is on disk.
    pub haproxy_loaded: bool,
    pub distribution_haproxy: DistributionHaproxy,
    /// An interrupted run left a watchdog that is about to take its network changes back.
    pub watchdog_armed: bool,
    pub leftovers: Leftovers,
    pub address_agents: Vec<AddressAgent>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Os {
    /// `ID` of os-release: `ubuntu`, `debian`, `flatcar`.
    pub id: String,
    pub version: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Interface {
    pub name: InterfaceName,
    pub mac: String,
    /// A port of a bridge or bond: the address belongs to its master.
    pub enslaved: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Address {
    pub interface: InterfaceName,
    pub ip: Ipv4Addr,
    pub prefix: u8,
    /// `global`, `link` or `host`.
    pub scope: String,
    /// The kernel's `secondary` flag: goes away with the primary of its subnet.
    pub secondary: bool,
    /// From DHCP, with a lifetime.
    pub dynamic: bool,
}

/// Which programs are there. Versions as the programs print them, None when the program is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tools {
    pub nft: Option<String>,
    pub iptables: Option<String>,
    pub haproxy: Option<String>,
    pub apt: bool,
    pub systemd: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileState {
    pub content: String,
    pub sha256: String,
    /// Octal permissions and owner as `stat -c '%a %U:%G'` prints them.
    pub mode: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UnitState {
    /// A unit file exists.
    pub loaded: bool,
    pub enabled: bool,
    pub active: bool,
    /// `running`, `exited`, `waiting`, `auto-restart` and so on.
    pub sub_state: String,
    pub restarts: u32,
    /// The unit file changed since systemd read it.
    pub stale: bool,
}

impl UnitState {
    /// Nothing of it runs or is about to, and no failure of it is remembered.
    pub fn is_idle(&self) -> bool {
        !self.active && matches!(self.sub_state.as_str(), "" | "dead")
    }
}

/// What became of the packages that we installed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RecordedPackages {
    /// Those that are still there, be it their configuration alone.
    pub present: BTreeSet<String>,
    /// Why others would miss them: packages that depend on them, configuration that somebody changed.
    pub uses: Vec<String>,
}

/// What the kernel holds of our redirect.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedirectState {
    #[default]
    Missing,
    /// As it was loaded, from the file that is on disk now.
    Present,
    /// Something else than what our file on disk makes.
    Changed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListenAddress {
    /// `0.0.0.0`, `*` or `[::]`, which takes IPv4 as well.
    Wildcard,
    Ip(Ipv4Addr),
    Ip6,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listener {
    pub address: ListenAddress,
    pub port: u16,
    /// Empty when the kernel itself listens.
    pub process: String,
    pub pid: Option<u32>,
    /// The systemd unit the process belongs to, when the probe looked.
    pub unit: Option<String>,
}

impl Listener {
    /// `nginx (pid 812) of nginx.service`.
    pub fn who(&self) -> String {
        let process = if self.process.is_empty() { "a process without a name" } else { &self.process };
        let pid = self.pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default();
        let unit = self.unit.as_ref().map(|unit| format!(" of {unit}")).unwrap_or_default();
        format!("{process}{pid}{unit}")
    }

    /// Whether it takes connections to `ip`.
    pub fn covers(&self, ip: Ipv4Addr) -> bool {
        match self.address {
            ListenAddress::Wildcard => true,
            ListenAddress::Ip(own) => own == ip,
            ListenAddress::Ip6 => false,
        }
    }
}

/// Which NodePorts of the ingress answer from the node itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Backends {
    pub primary_https: bool,
    pub primary_http: bool,
    pub loopback_https: bool,
    pub loopback_http: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cni {
    #[default]
    Unknown,
    /// Hands every address of the ENI to pods.
    AmazonVpc,
    /// Cilium with `ipam: eni`: the same.
    CiliumEni,
    /// Cilium; the address management when it could be read.
    Cilium { ipam: Option<String> },
    /// By the name in its configuration.
    Other(String),
}

/// The HAProxy instance of the distribution's package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DistributionHaproxy {
    /// `/etc/haproxy/haproxy.cfg`, None when it is missing.
    pub config: Option<FileState>,
}

impl NodeState {
    pub fn unit(&self, name: &str) -> UnitState {
        self.units.get(name).cloned().unwrap_or_default()
    }

    /// The addresses of one interface, in the kernel's order.
    pub fn addresses_of<'a>(&'a self, interface: &'a InterfaceName) -> impl Iterator<Item = &'a Address> {
        self.addresses.iter().filter(move |address| address.interface == *interface)
    }
}
