//! Nodes in every condition: fresh, half done, done, configured by the scripts, with other people's things on them.

use std::net::Ipv4Addr;

use proptest::prelude::*;

use crate::node::files::Front;
use crate::plan::change::Deferred;
use crate::plan::node::{
    Address, Backends, DistributionHaproxy, FileState, HaproxyWanted, Interface, ListenAddress, Listener, NatChain, NetworkWanted,
    NodeState, RedirectRule, RedirectState, UnitState,
};

pub const PRIMARY: Ipv4Addr = Ipv4Addr::new(172, 20, 32, 10);
pub const SECONDARY: Ipv4Addr = Ipv4Addr::new(172, 20, 63, 20);
/// Configured by the scripts, but not the one that is wanted.
pub const EARLIER: Ipv4Addr = Ipv4Addr::new(172, 20, 63, 21);
/// Somebody else's.
pub const FOREIGN: Ipv4Addr = Ipv4Addr::new(172, 20, 63, 22);
pub const PUBLIC: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 7);
pub const MAC: &str = "06:1f:2a:3b:4c:5d";

pub const SCRIPTS_CONFIG: &str = "frontend h\n  bind *:80\nfrontend s\n  bind *:8443\nbackend b\n  server i 127.0.0.1:30080 check\n";
pub const STOCK_CONFIG: &str = "global\n  daemon\n";
pub const OWN_CONFIG: &str = "frontend mine\n  bind 10.0.0.1:5432\nbackend b\n  server db 10.0.0.5:5432\n";
pub const NETPLAN: &str = "network:\n  version: 2\n  ethernets:\n    ens5:\n      addresses:\n        - 172.20.63.20/16\n";
pub const SAVED: &str = "*nat\n:PREROUTING ACCEPT [0:0]\n:KUBE-SVC-A - [0:0]\n-A PREROUTING -d 172.20.63.20/32 -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443\nCOMMIT\n";

pub fn file(content: &str) -> FileState {
    FileState { content: content.to_owned(), sha256: "0123456789abcdef".to_owned(), mode: "644 root:root".to_owned() }
}

pub fn address(ip: Ipv4Addr, prefix: u8, dynamic: bool) -> Address {
    Address { interface: "ens5".parse().expect("name"), ip, prefix, scope: "global".to_owned(), secondary: false, dynamic }
}

pub fn network_wanted(public: Deferred<Ipv4Addr>) -> NetworkWanted {
    NetworkWanted { secondary: SECONDARY, public, mac: MAC.to_owned() }
}

pub fn haproxy_wanted() -> HaproxyWanted {
    HaproxyWanted {
        cluster: "c02.example.com".parse().expect("name"),
        front: Front::Secondary(SECONDARY),
        primary: PRIMARY,
        route_api: false,
        private_sources: vec!["172.20.0.0/16".parse().expect("cidr")],
        timeout_tunnel: 3600,
        after_network: true,
    }
}

/// As kOps makes it, on Debian.
pub fn fresh() -> NodeState {
    let ens5 = "ens5".parse().expect("name");
    let mut state = NodeState { hostname: "ip-172-20-32-10".to_owned(), eni: Some(ens5), ..NodeState::default() };
    state.interfaces = vec![Interface { name: "ens5".parse().expect("name"), mac: MAC.to_owned(), enslaved: false }];
    state.addresses = vec![address(PRIMARY, 19, true)];
    state.os.name = "Debian GNU/Linux 12 (bookworm)".to_owned();
    state.tools.apt = true;
    state.tools.iptables = Some("iptables v1.8.9 (nf_tables)".to_owned());
    let api = Listener { address: ListenAddress::Wildcard, port: 443, process: "kube-apiserver".to_owned(), pid: Some(812), unit: None };
    state.listeners = vec![api];
    state
}

/// As the scripts leave it, after a reboot.
pub fn of_scripts() -> NodeState {
    let mut state = fresh();
    state.addresses.insert(0, address(SECONDARY, 16, false));
    state.tools.haproxy = Some("HAProxy version 2.6.12".to_owned());
    let active = UnitState { loaded: true, enabled: true, active: true, ..UnitState::default() };
    state.units.insert("haproxy.service".to_owned(), active);
    let looping = UnitState { loaded: true, enabled: true, sub_state: "auto-restart".to_owned(), restarts: 80, ..UnitState::default() };
    state.units.insert("kube-api-forward.service".to_owned(), looping);
    state.distribution_haproxy = DistributionHaproxy { config: Some(file(SCRIPTS_CONFIG)) };
    let listener = |port| Listener {
        address: ListenAddress::Wildcard,
        port,
        process: "haproxy".to_owned(),
        pid: Some(49),
        unit: Some("haproxy.service".to_owned()),
    };
    state.listeners.extend([listener(80), listener(8443)]);
    state.leftovers.redirect_rules = vec![(RedirectRule { chain: NatChain::Prerouting, destination: SECONDARY }, 2)];
    state.leftovers.netplan = Some(file(NETPLAN));
    state.leftovers.rules_file = Some(file(SAVED));
    state.backends = Backends { primary_https: true, primary_http: true, loopback_https: true, loopback_http: true };
    state
}

prop_compose! {
    fn addresses()(ours in prop::option::of(prop::sample::select(vec![16, 19, 32])), earlier in prop::option::of(prop::sample::select(vec![16, 32])),
        foreign in any::<bool>(), first in any::<bool>()) -> Vec<Address> {
        let mut all = vec![address(PRIMARY, 19, true)];
        all.extend(earlier.map(|prefix| address(EARLIER, prefix, false)));
        all.extend(foreign.then(|| address(FOREIGN, 32, false)));
        if let Some(prefix) = ours {
            all.insert(if first { 0 } else { all.len() }, address(SECONDARY, prefix, false));
        }
        all
    }
}

prop_compose! {
    /// A node of any kind that isn't refused, before our own files are on it.
    pub fn any_node()(addresses in addresses(), nft in any::<bool>(), haproxy in any::<bool>(), armed in any::<bool>(),
        config in prop::option::of(prop::sample::select(vec![SCRIPTS_CONFIG, STOCK_CONFIG, OWN_CONFIG])), active in any::<bool>(),
        rules in prop::collection::btree_map(prop::sample::select(vec![SECONDARY, EARLIER]), 1_u32..4, 0..2),
        netplan in any::<bool>(), saved in any::<bool>(), forward in any::<bool>(), by_us in any::<bool>(), answers in any::<[bool; 4]>(),
        redirect in prop::sample::select(vec![RedirectState::Missing, RedirectState::Present, RedirectState::Changed])) -> NodeState {
        let scripts = of_scripts();
        let mut state = fresh();
        state.addresses = addresses;
        state.tools.nft = nft.then(|| "nftables v1.0.6".to_owned());
        state.tools.haproxy = haproxy.then(|| "HAProxy version 2.6.12".to_owned());
        state.watchdog_armed = armed;
        state.redirect = redirect;
        state.distribution_haproxy = DistributionHaproxy { config: config.map(file) };
        if active && haproxy {
            state.units.insert("haproxy.service".to_owned(), scripts.unit("haproxy.service"));
        }
        if by_us {
            state.installed_by_us.insert("haproxy".to_owned());
        }
        if forward {
            state.units.insert("kube-api-forward.service".to_owned(), scripts.unit("kube-api-forward.service"));
        }
        state.leftovers.redirect_rules =
            rules.into_iter().map(|(destination, count)| (RedirectRule { chain: NatChain::Prerouting, destination }, count)).collect();
        state.leftovers.netplan = netplan.then(|| file(NETPLAN));
        state.leftovers.rules_file = saved.then(|| file(SAVED));
        let [primary_https, primary_http, loopback_https, loopback_http] = answers;
        state.backends = Backends { primary_https, primary_http, loopback_https, loopback_http };
        state
    }
}
