//! Run after run on one node and one account: nothing grows. `K8SPORT_SOAK_RUNS` says how many runs; tests/reliability takes 200.

use crate::figures;
use crate::support::{CLUSTER, Lab};
use crate::world::World;

const BOOTSTRAP: [&str; 4] = ["bootstrap", "--cluster", CLUSTER, "--yes"];
/// One that changes HAProxy's configuration, its opposite, one after the node has drifted, and one with nothing to do.
const ROUND: usize = 4;
/// Until everything that is made once is there: logs, caches, the packages' own files.
const FIRST: usize = 2 * ROUND;

#[test]
fn run_after_run_leaves_nothing_more() {
    let runs = std::env::var("K8SPORT_SOAK_RUNS").ok().map_or(20, |runs| runs.parse().expect("K8SPORT_SOAK_RUNS is a number"));
    let runs = usize::max(runs, FIRST + ROUND).next_multiple_of(ROUND);
    let lab = Lab::default();
    let temporary = lab.home().join("tmp");
    std::fs::create_dir_all(&temporary).expect("a folder");
    let temporary = format!("TMPDIR={}", temporary.display());
    let bootstrap = |options: &[&str]| lab.k8sport_with(&[&temporary], &[&BOOTSTRAP[..], options].concat()).expect(0);
    let mut early = None;
    for run in 0..runs {
        if run == FIRST {
            early = Some((World::of(&lab), Size::of(&lab)));
        }
        match run % ROUND {
            0 => bootstrap(&["--route-api"]),
            2 => {
                lab.node("nft flush ruleset");
                bootstrap(&[])
            }
            _ => bootstrap(&[]),
        };
    }
    let (world, size) = early.expect("enough runs");
    World::of(&lab).assert_is(&world);
    Size::of(&lab).assert_no_more_than(&size);
    figures::record("runs in a row after which nothing had grown", runs, runs);
}

/// What a leak would make larger, and what no comparison of the two worlds shows.
#[derive(Debug)]
struct Size {
    /// All files of the node but its journal.
    node_files: Vec<String>,
    /// Those of the operator: keys, settings, temporary ones.
    own_files: Vec<String>,
    processes: usize,
    /// Connections that are open. Those that ended a moment ago are forgotten by the kernel in its own time.
    connections: usize,
}

impl Size {
    fn of(lab: &Lab) -> Self {
        let count = |text: String| text.trim().parse().expect("a number");
        // What a run leaves behind on purpose, such as a connection's last packets, may take a few seconds to end.
        lab.node("sleep 5");
        Self {
            node_files: sorted(lab.node("find / /run /tmp -xdev -type f -not -path '/var/log/*' -not -path '/run/systemd/*'")),
            own_files: sorted(lab.operator(&["sh", "-c", "find \"$HOME\""]).expect(0).stdout),
            processes: count(lab.node("ps -e --no-headers | wc -l")),
            connections: count(lab.node("grep -c ESTABLISHED /proc/net/nf_conntrack || true")),
        }
    }

    fn assert_no_more_than(&self, before: &Self) {
        let new = |now: &[String], then: &[String]| now.iter().filter(|file| !then.contains(file)).cloned().collect::<Vec<_>>();
        assert_eq!(new(&self.node_files, &before.node_files), Vec::<String>::new(), "new files on the node");
        assert_eq!(new(&self.own_files, &before.own_files), Vec::<String>::new(), "new files of the operator");
        // The timer's service may be at work at one moment and not at the other.
        assert!(self.processes <= before.processes + 3, "processes on the node: {} before, {} now", before.processes, self.processes);
        assert!(self.connections <= before.connections + 3, "connections: {} before, {} now", before.connections, self.connections);
    }
}

fn sorted(lines: String) -> Vec<String> {
    let mut lines: Vec<_> = lines.lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}
