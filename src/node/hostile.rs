//! Whatever a node prints: an error or a node, never a panic, and nothing of it reaches the scripts that go back, unless as
//! data in a here-document.

use std::net::Ipv4Addr;

use proptest::prelude::*;

use super::{apply, details, probe};
use crate::hostile::{MARK, any_edits, edited};
use crate::plan::change::Deferred;
use crate::plan::node::{Front, HaproxyWanted, NetworkWanted, NodeState, Removal, haproxy, network, removal};

const RECORDED: &str = include_str!("probe/recorded/scripts-node.txt");
/// Everything that could be sent to this node.
fn scripts(state: &NodeState) -> Vec<String> {
    let (primary, secondary, public) = (Ipv4Addr::new(172, 20, 32, 10), Ipv4Addr::new(172, 20, 63, 20), Ipv4Addr::new(198, 18, 77, 102));
    let wanted = NetworkWanted { secondary, public: Deferred::Known(public), mac: "02:00:00:00:72:1d".to_owned() };
    let proxy = HaproxyWanted {
        cluster: "c02.example.com".parse().expect("a name"),
        front: Front::Secondary(secondary),
        primary,
        route_api: false,
        private_sources: Vec::new(),
        timeout_tunnel: 3600,
        after_network: true,
    };
    let plans = [
        network(state, &wanted).unwrap_or_default(),
        haproxy(state, &proxy).unwrap_or_default(),
        removal(state, &Removal { purge_packages: true }),
    ];
    plans.iter().flat_map(|changes| apply::steps(changes, Some(public)).unwrap_or_default()).map(|step| step.script).collect()
}

/// A script without the content of its here-documents, as the shell reads it.
fn without_data(script: &str) -> String {
    let (mut out, mut end) = (String::new(), None::<String>);
    for line in script.lines() {
        if let Some(word) = &end {
            if line == word {
                end = None;
            }
            continue;
        }
        end = line.split_once("<<'").and_then(|(_, rest)| rest.split_once('\'')).map(|(word, _)| word.to_owned());
        out.push_str(line);
        out.push('\n');
    }
    out
}

proptest! {
    #[test]
    fn a_node_that_prints_anything_gets_an_answer(edits in any_edits()) {
        let text = edited(RECORDED, &edits);
        let _ = details::parse(&text);
        if let Ok(state) = probe::parse(&text) {
            for script in scripts(&state) {
                prop_assert!(!without_data(&script).contains(MARK), "{script}");
            }
        }
    }

    #[test]
    fn any_text_is_an_error_or_a_node(text in "(?s).{0,400}") {
        let _ = probe::parse(&text);
        let _ = details::parse(&text);
        for line in text.lines() {
            let _ = apply::read_line(line);
        }
        let _ = apply::read_confirmation(&text);
    }
}
