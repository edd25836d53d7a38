//! Single nodes and what is planned, noted or refused for them.

use std::net::Ipv4Addr;

use super::any::{OWN_CONFIG, PRIMARY, PUBLIC, SECONDARY, address, file, fresh, haproxy_wanted, network_wanted, of_scripts};
use super::model;
use crate::failure::{Failure, Kind};
use crate::node::files::Front;
use crate::plan::change::Deferred;
use crate::plan::node::{
    Cni, HaproxyWanted, ListenAddress, Listener, NodeChange, NodeState, haproxy, haproxy_notes, network, network_notes,
};

fn shown(changes: &[NodeChange]) -> String {
    let line = |change: &NodeChange| {
        let summary = change.summary();
        assert!(summary.thing.len() <= 18, "{}", summary.thing);
        format!("{} {:<14} {}\n", summary.verb.sign(), summary.thing, summary.detail)
    };
    changes.iter().map(line).collect()
}

fn both(state: &NodeState) -> Vec<NodeChange> {
    let mut changes = network(state, &network_wanted(Deferred::AfterApply)).expect("fit");
    changes.extend(haproxy(state, &haproxy_wanted()).expect("no conflict"));
    changes
}

#[test]
fn a_fresh_node() {
    insta::assert_snapshot!(shown(&both(&fresh())));
}

#[test]
fn a_node_of_the_scripts() {
    insta::assert_snapshot!(shown(&both(&of_scripts())));
    assert_eq!(of_scripts().bash_secondary(), Some(SECONDARY));
    assert_eq!(fresh().bash_secondary(), None);
}

#[test]
fn http_only_on_the_primary_address() {
    let wanted = HaproxyWanted { front: Front::HttpOnly(PRIMARY), after_network: false, ..haproxy_wanted() };
    insta::assert_snapshot!(shown(&haproxy(&fresh(), &wanted).expect("no conflict")));
}

#[test]
fn a_deleted_table_and_a_lost_address_are_put_back() {
    let mut state = fresh();
    model::apply(&mut state, &both(&fresh()), Some(PUBLIC));
    state.redirect = crate::plan::node::RedirectState::Missing;
    state.addresses.pop();
    let changes = network(&state, &network_wanted(Deferred::Known(PUBLIC))).expect("fit");
    assert_eq!(shown(&changes), "+ network        load the redirect of port 443, then 172.20.63.20/32 on ens5\n");
}

#[test]
fn another_elastic_ip_changes_the_redirect_alone() {
    let mut state = fresh();
    model::apply(&mut state, &both(&fresh()), Some(PUBLIC));
    let changes = network(&state, &network_wanted(Deferred::Known(Ipv4Addr::new(198, 51, 100, 8)))).expect("fit");
    assert_eq!(changes.len(), 2, "{}", shown(&changes));
    assert!(changes.iter().all(NodeChange::is_watched));
}

#[test]
fn the_backend_is_what_answers_and_stays_when_nothing_does() {
    let backend = |state: &NodeState| {
        let changes = haproxy(state, &haproxy_wanted()).expect("no conflict");
        changes.iter().find_map(|change| {
            if let NodeChange::ConfigureHaproxy { config, .. } = change { Some(config.https_backend.to_string()) } else { None }
        })
    };
    let mut state = fresh();
    assert_eq!(backend(&state).as_deref(), Some("172.20.32.10:30443"));
    assert_eq!(haproxy_notes(&state, &haproxy_wanted()).len(), 2);
    (state.backends.loopback_https, state.backends.loopback_http) = (true, true);
    assert_eq!(backend(&state).as_deref(), Some("127.0.0.1:30443"));
    assert!(haproxy_notes(&state, &haproxy_wanted()).is_empty());
    let changes = both(&state);
    model::apply(&mut state, &changes, Some(PUBLIC));
    (state.backends.loopback_https, state.backends.loopback_http) = (false, false);
    assert_eq!(backend(&state), None, "an ingress that restarts changes nothing");
    (state.backends.primary_https, state.backends.loopback_https) = (true, true);
    assert_eq!(backend(&state).as_deref(), Some("172.20.32.10:30443"));
}

#[test]
fn what_is_not_the_scripts_is_noted_and_left() {
    let mut state = fresh();
    state.leftovers.netplan = Some(file("network:\n  version: 2\n  ethernets:\n    ens5:\n      dhcp4: true\n"));
    state.leftovers.rules_file = Some(file("*nat\n:KUBE-SVC-A - [0:0]\nCOMMIT\n"));
    state.leftovers.foreign_rules = vec!["-A PREROUTING -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 9443".to_owned()];
    insta::assert_snapshot!(network_notes(&state).join("\n"));
    assert_eq!(both(&state), both(&fresh()));
}

fn refusal(result: Result<Vec<NodeChange>, Failure>) -> String {
    let failure = result.expect_err("a refusal");
    assert_eq!(failure.kind, Kind::Refused);
    assert!(failure.cause.is_some() && !failure.next.is_empty(), "{failure:?}");
    failure.to_string()
}

#[test]
fn refusals_name_the_reason() {
    let mut all = Vec::new();
    let mut with = |change: fn(&mut NodeState)| {
        let mut state = fresh();
        change(&mut state);
        let network = network(&state, &network_wanted(Deferred::AfterApply));
        all.push(refusal(if network.is_err() { network } else { haproxy(&state, &haproxy_wanted()) }));
    };
    with(|state| state.cni = Cni::AmazonVpc);
    with(|state| state.cni = Cni::CiliumEni);
    with(|state| state.os.id = "flatcar".to_owned());
    with(|state| state.addresses.push(address(SECONDARY, 19, true)));
    with(|state| (state.tools.apt, state.tools.iptables) = (false, None));
    with(|state| (state.tools.apt, state.tools.nft) = (false, Some("nftables v1.0.6".to_owned())));
    with(|state| state.listeners.push(listener(ListenAddress::Wildcard, 80, "nginx")));
    with(|state| state.listeners.push(listener(ListenAddress::Ip(SECONDARY), 8443, "envoy")));
    with(|state| state.listeners.push(listener(ListenAddress::Ip(Ipv4Addr::LOCALHOST), 8404, "haproxy")));
    with(|state| {
        *state = of_scripts();
        state.distribution_haproxy.config = Some(file(OWN_CONFIG));
    });
    all.push(refusal(haproxy(&fresh(), &HaproxyWanted { after_network: false, ..haproxy_wanted() })));
    all.push(refusal(haproxy(&fresh(), &HaproxyWanted { front: Front::Secondary(PRIMARY), ..haproxy_wanted() })));
    insta::assert_snapshot!(all.join("\n"));
}

fn listener(address: ListenAddress, port: u16, process: &str) -> Listener {
    Listener { address, port, process: process.to_owned(), pid: Some(4711), unit: None }
}
