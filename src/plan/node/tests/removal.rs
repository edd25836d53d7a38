//! Taking everything of ours away, from nodes of every kind.

use proptest::prelude::*;

use super::any::{
    EARLIER, FOREIGN, PRIMARY, PUBLIC, SECONDARY, address, any_node, file, fresh, haproxy_wanted, network_wanted, of_scripts,
};
use super::model;
use crate::plan::change::Deferred;
use crate::plan::node::{NodeChange, NodeState, Removal, UnitState, haproxy, network, removal, removal_notes, withdrawal};

const KEEP: Removal = Removal { purge_packages: false };
const PURGE: Removal = Removal { purge_packages: true };

fn setup(state: &NodeState) -> Vec<NodeChange> {
    let mut changes = network(state, &network_wanted(Deferred::Known(PUBLIC))).expect("a node that is fit");
    changes.extend(haproxy(state, &haproxy_wanted()).expect("no conflict"));
    changes
}

fn apply(state: &mut NodeState, changes: &[NodeChange]) {
    model::apply(state, changes, Some(PUBLIC));
}

/// Set up, or cut off after any change of it.
fn set_up(mut state: NodeState, cut: prop::sample::Index) -> NodeState {
    let changes = setup(&state);
    apply(&mut state, &changes[..cut.index(changes.len() + 1)]);
    state
}

/// What a set-up changes of a node besides what a removal takes away again.
fn without_taken_over(state: &NodeState) -> NodeState {
    let mut state = state.clone();
    state.units.remove("haproxy.service");
    state.units.remove("kube-api-forward.service");
    state.addresses.retain(|address| ![SECONDARY, EARLIER].contains(&address.ip));
    state.leftovers = Default::default();
    state.listeners.retain(|listener| listener.unit.is_none());
    state.paths.retain(|path| !path.starts_with("/etc/k8sport"));
    state.watchdog_armed = false;
    state.haproxy_loaded = false;
    state.redirect = Default::default();
    state.units.retain(|unit, _| !unit.starts_with("k8sport"));
    state
}

fn shown(changes: &[NodeChange]) -> String {
    let line = |change: &NodeChange| {
        let summary = change.summary();
        format!("{} {:<14} {}\n", summary.verb.sign(), summary.thing, summary.detail)
    };
    changes.iter().map(line).collect()
}

#[test]
fn when_kube_proxy_takes_over_the_redirect_goes_first_and_the_address_after_haproxy() {
    let mut state = fresh();
    let changes = setup(&state);
    apply(&mut state, &changes);
    let changes = withdrawal(&state, SECONDARY);
    let at = |is: fn(&NodeChange) -> bool| changes.iter().position(is).expect("it is in the plan");
    let order = [
        at(|change| matches!(change, NodeChange::StopUnits { .. })),
        at(|change| matches!(change, NodeChange::HandOver { .. })),
        at(|change| matches!(change, NodeChange::StopHaproxy)),
        at(|change| matches!(change, NodeChange::RemoveAddress { .. })),
        at(|change| matches!(change, NodeChange::RemoveUnits { .. })),
    ];
    assert!(order.is_sorted(), "{changes:?}");
    apply(&mut state, &changes);
    assert_eq!((withdrawal(&state, SECONDARY), removal(&state, &KEEP)), (Vec::new(), Vec::new()));
}

proptest! {
    #[test]
    fn a_removal_leaves_nothing_to_remove(node in any_node(), cut in any::<prop::sample::Index>(), purge_packages in any::<bool>()) {
        let mut state = set_up(node, cut);
        let wanted = Removal { purge_packages };
        let ours = state.our_secondary();
        let changes = removal(&state, &wanted);
        apply(&mut state, &changes);
        prop_assert_eq!(removal(&state, &wanted), Vec::new());
        prop_assert!(state.files.is_empty(), "{:?}", state.files.keys());
        prop_assert!(!state.addresses.iter().any(|address| Some(address.ip) == ours && address.prefix == 32));
    }

    /// Killed after any change, the next removal finishes.
    #[test]
    fn a_removal_that_was_cut_off_is_finished_by_the_next(node in any_node(), cut in any::<prop::sample::Index>(),
        kill in any::<prop::sample::Index>()) {
        let mut state = set_up(node, cut);
        let changes = removal(&state, &PURGE);
        apply(&mut state, &changes[..kill.index(changes.len() + 1)]);
        let rest = removal(&state, &PURGE);
        apply(&mut state, &rest);
        prop_assert_eq!(removal(&state, &PURGE), Vec::new());
    }

    #[test]
    fn afterwards_a_set_up_starts_from_nothing(node in any_node(), cut in any::<prop::sample::Index>()) {
        let mut state = set_up(node, cut);
        let changes = removal(&state, &PURGE);
        apply(&mut state, &changes);
        let again = setup(&state);
        let writes = |change: &&NodeChange| matches!(change, NodeChange::WriteFile { old_sha256: None, .. } | NodeChange::ConfigureHaproxy { old_sha256: None, .. });
        prop_assert_eq!(again.iter().filter(writes).count(), 8, "{}", shown(&again));
        apply(&mut state, &again);
        prop_assert_eq!(setup(&state), Vec::new());
    }

    #[test]
    fn what_others_have_is_as_before(node in any_node()) {
        let mut state = node.clone();
        let changes = setup(&state);
        apply(&mut state, &changes);
        let changes = removal(&state, &PURGE);
        apply(&mut state, &changes);
        let mut before = without_taken_over(&node);
        // Recorded by an earlier run.
        before.installed_by_us = state.installed_by_us.clone();
        prop_assert_eq!(without_taken_over(&state), before);
        let touches = |ip: std::net::Ipv4Addr| changes.iter().any(|change| change.summary().detail.starts_with(&format!("{ip}/")));
        prop_assert!(!touches(PRIMARY) && !touches(FOREIGN));
    }

    /// Never an address without the redirect, and never a timer that brings either back.
    #[test]
    fn clients_are_refused_and_never_reach_the_api_server(node in any_node(), cut in any::<prop::sample::Index>()) {
        let changes = removal(&set_up(node, cut), &PURGE);
        let last = |wanted: fn(&NodeChange) -> bool| changes.iter().rposition(wanted).map_or(0, |index| index + 1);
        let first = |wanted: fn(&NodeChange) -> bool| changes.iter().position(wanted).map_or(usize::MAX, |index| index + 1);
        let stop = |change: &NodeChange| matches!(change, NodeChange::StopHaproxy | NodeChange::StopUnits { .. });
        let address = |change: &NodeChange| matches!(change, NodeChange::RemoveAddress { .. });
        let redirect = |change: &NodeChange| matches!(change, NodeChange::RemoveRedirect { .. });
        let settings = |change: &NodeChange| {
            matches!(change, NodeChange::RemoveUnits { .. } | NodeChange::PurgePackages { .. } | NodeChange::RemoveFiles { .. })
        };
        let ordered = [last(stop) < first(address).min(first(redirect)), last(address) < first(redirect), last(address).max(last(redirect)) < first(settings)];
        prop_assert_eq!(ordered, [true; 3], "{}", shown(&changes));
    }
}

fn set_up_from(mut state: NodeState) -> NodeState {
    let changes = setup(&state);
    apply(&mut state, &changes);
    state
}

#[test]
fn a_node_with_nothing_of_ours() {
    for state in [fresh(), of_scripts()] {
        assert_eq!(removal(&state, &PURGE), []);
    }
    assert_eq!(removal_notes(&fresh(), &PURGE), Vec::<String>::new());
}

#[test]
fn a_whole_set_up() {
    let state = set_up_from(fresh());
    insta::assert_snapshot!(shown(&removal(&state, &PURGE)));
    insta::assert_snapshot!(shown(&removal(&state, &KEEP)).replace(&shown(&removal(&state, &PURGE)), ""));
    insta::assert_snapshot!(removal_notes(&state, &KEEP).join("\n"));
}

#[test]
fn what_stays_and_why() {
    let mut state = set_up_from(of_scripts());
    state.packages.present.insert("nftables".to_owned());
    state.packages.uses = vec!["vim-haproxy depends on haproxy".to_owned()];
    state.paths.insert("/etc/k8sport/notes.txt".to_owned());
    state.leftovers.foreign_rules = vec!["-A PREROUTING -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 9443".to_owned()];
    let changes = removal(&state, &PURGE);
    assert!(!changes.iter().any(|change| matches!(change, NodeChange::PurgePackages { .. })));
    insta::assert_snapshot!(removal_notes(&state, &PURGE).join("\n"));
    apply(&mut state, &changes);
    assert_eq!(removal(&state, &PURGE), []);
    assert!(state.paths.contains("/etc/k8sport/packages"), "the record stays with the packages");
}

#[test]
fn nftables_in_use_stays() {
    let mut state = set_up_from(fresh());
    state.units.insert("nftables.service".to_owned(), UnitState { loaded: true, enabled: true, ..UnitState::default() });
    assert!(!removal(&state, &PURGE).iter().any(|change| matches!(change, NodeChange::PurgePackages { .. })));
}

#[test]
fn an_instance_that_outlived_its_unit_file() {
    let mut state = fresh();
    state
        .units
        .insert("k8sport-haproxy.service".to_owned(), UnitState { active: true, sub_state: "running".to_owned(), ..UnitState::default() });
    assert_eq!(removal(&state, &KEEP)[0], NodeChange::StopHaproxy);
    state.units.insert("k8sport-haproxy.service".to_owned(), UnitState { sub_state: "failed".to_owned(), ..UnitState::default() });
    assert_eq!(removal(&state, &KEEP)[0], NodeChange::StopHaproxy, "its failure is remembered");
}

#[test]
fn a_takeover_that_was_cut_off_leaves_the_scripts_address() {
    let mut state = of_scripts();
    let changes = setup(&state);
    let settings = changes.iter().position(|change| matches!(change, NodeChange::BringUpNetwork { .. })).expect("brought up");
    apply(&mut state, &changes[..settings]);
    assert!(!removal(&state, &KEEP).iter().any(|change| matches!(change, NodeChange::RemoveAddress { .. })));
    insta::assert_snapshot!(removal_notes(&state, &KEEP).join("\n"));
    // Without anything of the scripts', an address in our settings is one that we keep.
    state.leftovers = Default::default();
    assert!(removal(&state, &KEEP).iter().any(|change| matches!(change, NodeChange::RemoveAddress { prefix: 16, .. })));
}

#[test]
fn an_address_from_dhcp_stays_whatever_our_settings_say() {
    let mut state = set_up_from(fresh());
    state.addresses = vec![address(SECONDARY, 32, true)];
    assert!(!removal(&state, &KEEP).iter().any(|change| matches!(change, NodeChange::RemoveAddress { .. })));
    state.files.insert("/etc/k8sport/net.conf".to_owned(), file("SECONDARY=$(reboot)\n"));
    assert_eq!(state.our_secondary(), None);
}
