//! Whatever a node prints: an error or a node, never a panic, and nothing of it reaches the scripts that go back, unless as
//! data in a here-document.

use std::net::Ipv4Addr;

use proptest::prelude::*;

use super::{apply, details, probe};
use crate::plan::change::Deferred;
use crate::plan::node::{Front, HaproxyWanted, NetworkWanted, NodeState, Removal, haproxy, network, removal};

const RECORDED: &str = include_str!("probe/recorded/scripts-node.txt");
/// What no script may have outside of its data.
const MARK: &str = "hostile-mark";
const PIECES: [&str; 14] = [
    "$(hostile-mark)",
    "`hostile-mark`",
    "'; hostile-mark; '",
    "\"; hostile-mark; \"",
    "| hostile-mark",
    "K8SPORT_END_OF_FILE\n|hostile-mark",
    "99999999999999999999999999",
    "-1",
    "\u{0}",
    "é\u{202e}",
    "|",
    "@end",
    "{\"nftables\":[{\"chain\":{\"prio\":1e999}}]}",
    "",
];

/// One thing that is done to the recorded lines.
#[derive(Debug, Clone)]
enum Edit {
    Drop(prop::sample::Index),
    Double(prop::sample::Index),
    /// A word of a line becomes a piece.
    Word(prop::sample::Index, prop::sample::Index, usize),
    Append(prop::sample::Index, usize),
    Insert(prop::sample::Index, usize),
    Flip(prop::sample::Index, prop::sample::Index, char),
    Cut(prop::sample::Index),
}

fn any_edit() -> impl Strategy<Value = Edit> {
    use prop::sample::Index;
    let (at, piece) = (any::<Index>(), 0..PIECES.len());
    prop_oneof![
        1 => at.clone().prop_map(Edit::Drop),
        1 => at.clone().prop_map(Edit::Double),
        6 => (at.clone(), any::<Index>(), piece.clone()).prop_map(|(line, word, piece)| Edit::Word(line, word, piece)),
        4 => (at.clone(), piece.clone()).prop_map(|(line, piece)| Edit::Append(line, piece)),
        4 => (at.clone(), piece).prop_map(|(line, piece)| Edit::Insert(line, piece)),
        2 => (at.clone(), any::<Index>(), any::<char>()).prop_map(|(line, position, to)| Edit::Flip(line, position, to)),
        1 => at.prop_map(Edit::Cut),
    ]
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for edit in edits {
        if lines.is_empty() {
            break;
        }
        let count = lines.len();
        match edit {
            Edit::Drop(at) => drop(lines.remove(at.index(count))),
            Edit::Double(at) => lines.insert(at.index(count), lines[at.index(count)].clone()),
            Edit::Word(at, word, piece) => {
                let line = &mut lines[at.index(count)];
                let mut words: Vec<&str> = line.split(' ').collect();
                let word = word.index(words.len());
                words[word] = PIECES[*piece];
                // The line stays one of its section.
                let joined = words.join(" ");
                *line = if line.starts_with('|') && !joined.starts_with('|') { format!("|{joined}") } else { joined };
            }
            Edit::Append(at, piece) => lines[at.index(count)].push_str(PIECES[*piece]),
            Edit::Insert(at, piece) => lines.insert(at.index(count), format!("|{}", PIECES[*piece])),
            Edit::Flip(at, position, to) => {
                let line = &mut lines[at.index(count)];
                let mut chars: Vec<char> = line.chars().collect();
                if !chars.is_empty() {
                    let position = position.index(chars.len());
                    chars[position] = *to;
                }
                *line = chars.into_iter().collect();
            }
            Edit::Cut(at) => lines.truncate(at.index(count)),
        }
    }
    lines.join("\n") + "\n"
}

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
    fn a_node_that_prints_anything_gets_an_answer(edits in prop::collection::vec(any_edit(), 1..12)) {
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
