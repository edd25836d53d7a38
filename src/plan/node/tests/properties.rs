//! What holds for every node.

use proptest::prelude::*;

use super::any::{EARLIER, FOREIGN, PRIMARY, PUBLIC, SECONDARY, any_node, haproxy_wanted, network_wanted};
use super::model;
use crate::node::files::NodeFile;
use crate::plan::change::Deferred;
use crate::plan::node::{NodeChange, NodeState, haproxy, network};

/// As `bootstrap` plans it: both parts from one observation.
fn plan(state: &NodeState, public: Deferred<std::net::Ipv4Addr>) -> Vec<NodeChange> {
    let mut changes = network(state, &network_wanted(public)).expect("a node that is fit");
    changes.extend(haproxy(state, &haproxy_wanted()).expect("no conflict"));
    changes
}

fn position(changes: &[NodeChange], wanted: impl Fn(&NodeChange) -> bool) -> Option<usize> {
    changes.iter().position(wanted)
}

proptest! {
    #[test]
    fn applying_a_plan_leaves_an_empty_plan(mut state in any_node(), known in any::<bool>()) {
        let public = if known { Deferred::Known(PUBLIC) } else { Deferred::AfterApply };
        let changes = plan(&state, public);
        model::apply(&mut state, &changes, Some(PUBLIC));
        prop_assert_eq!(plan(&state, Deferred::Known(PUBLIC)), Vec::new());
        prop_assert!(state.addresses.iter().any(|address| address.ip == SECONDARY && address.prefix == 32));
    }

    /// Killed after any change, the next run finishes.
    #[test]
    fn a_plan_that_was_cut_off_is_finished_by_the_next(mut state in any_node(), cut in any::<prop::sample::Index>()) {
        let changes = plan(&state, Deferred::Known(PUBLIC));
        if !changes.is_empty() {
            model::apply(&mut state, &changes[..cut.index(changes.len())], Some(PUBLIC));
        }
        let rest = plan(&state, Deferred::Known(PUBLIC));
        model::apply(&mut state, &rest, Some(PUBLIC));
        prop_assert_eq!(plan(&state, Deferred::Known(PUBLIC)), Vec::new());
    }

    #[test]
    fn other_peoples_things_stay(mut state in any_node()) {
        let before = state.clone();
        let changes = plan(&state, Deferred::Known(PUBLIC));
        model::apply(&mut state, &changes, Some(PUBLIC));
        for address in &before.addresses {
            let known = address.ip == SECONDARY || address.ip == EARLIER && before.bash_secondary() == Some(EARLIER);
            prop_assert!(known || state.addresses.contains(address), "{address:?} went");
        }
        let touches = |ip: std::net::Ipv4Addr| changes.iter().any(|change| change.summary().detail.starts_with(&format!("{ip}/")));
        prop_assert!(!touches(PRIMARY) && !touches(FOREIGN));
        prop_assert_eq!(&state.distribution_haproxy, &before.distribution_haproxy);
        let mine = before.distribution_haproxy.config.as_ref().is_some_and(|config| config.content.contains("mine"));
        prop_assert!(!mine || before.tools.haproxy.is_none() || state.unit("haproxy.service") == before.unit("haproxy.service"));
        let elsewhere = |change: &NodeChange| matches!(change, NodeChange::WriteFile { file, .. } if !file.path().contains("k8sport"));
        prop_assert!(!changes.iter().any(elsewhere));
    }

    #[test]
    fn ours_is_up_before_theirs_goes(state in any_node()) {
        let changes = plan(&state, Deferred::Known(PUBLIC));
        let up = position(&changes, |change| matches!(change, NodeChange::BringUpNetwork { .. }));
        let rules = position(&changes, |change| matches!(change, NodeChange::RemoveRedirectRules { .. }));
        prop_assert!(up.zip(rules).is_none_or(|(up, rules)| up < rules));
        let proxy = position(&changes, |change| matches!(change, NodeChange::ConfigureHaproxy { .. }));
        let stop = position(&changes, |change| matches!(change, NodeChange::StopDistributionHaproxy { .. }));
        prop_assert!(proxy.zip(stop).is_none_or(|(proxy, stop)| proxy < stop));
        let settings = position(&changes, |change| matches!(change, NodeChange::WriteFile { file: NodeFile::NetSettings(_), .. }));
        let enable = position(&changes, |change| matches!(change, NodeChange::EnableUnits { .. }));
        prop_assert!(settings.zip(enable).is_none_or(|(settings, enable)| settings < enable));
    }

    #[test]
    fn without_our_redirect_the_scripts_instance_stays(state in any_node()) {
        let alone = crate::plan::node::HaproxyWanted { after_network: false, ..haproxy_wanted() };
        if let Ok(changes) = haproxy(&state, &alone) && !state.leftovers.redirect_rules.is_empty() {
            let stops = |change: &NodeChange| matches!(change, NodeChange::StopDistributionHaproxy { of_scripts: true, .. });
            prop_assert!(!changes.iter().any(stops));
        }
    }
}
