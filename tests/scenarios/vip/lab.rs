//! The lab of control planes as the tests see it.

use std::io::Write as _;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::ended::Ended;
use crate::turn::Turn;

pub const VIP: &str = "10.255.254.100";
pub const NODES: [&str; 3] = ["cp1", "cp2", "cp3"];
/// Of the three, as `--node` takes them.
pub const ADDRESSES: &str = "10.255.254.10,10.255.254.11,10.255.254.12";

/// Held by one test at a time, beside the other lab of its name, and gone after it.
pub struct VipLab {
    turn: Turn,
}

impl VipLab {
    /// Fresh nodes.
    pub fn up(profile: &str) -> Self {
        Self::up_with(&[profile])
    }

    /// The same with more than a profile, as `vip/lab up` has it.
    pub fn up_with(arguments: &[&str]) -> Self {
        let lab = Self { turn: Turn::wait() };
        lab.lab(&[&["up"], arguments].concat());
        lab
    }

    /// `k8sport vip COMMAND` for the VIP and the three nodes.
    pub fn vip(&self, command: &str, more: &[&str]) -> Ended {
        self.k8sport(&[&["vip", command, "--vip", VIP, "--node", ADDRESSES], more].concat())
    }

    pub fn k8sport(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.run(&[&["exec", "--", env!("CARGO_BIN_EXE_k8sport")], arguments].concat()))
    }

    /// The same, while the test does something.
    pub fn start(&self, command: &str, more: &[&str]) -> Child {
        let mut start = self.command();
        start.args(["exec", "--", env!("CARGO_BIN_EXE_k8sport"), "vip", command, "--vip", VIP, "--node", ADDRESSES]).args(more);
        start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
    }

    pub fn operator(&self, script: &str) -> Ended {
        Ended::of(self.run(&["exec", "--", "sh", "-c", script]))
    }

    /// Root on a node.
    pub fn node(&self, name: &str, script: &str) -> String {
        self.lab(&["node", name, "--", "sh", "-c", script])
    }

    #[track_caller]
    pub fn lab(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "vip/lab {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().expect("tests/lab/vip/lab runs")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lab/vip/lab"));
        command.env("LAB_NAME", &self.turn.name);
        command
    }

    /// Who of `nodes` has exactly the VIP, by the kernel.
    pub fn holders(&self, nodes: &[&'static str]) -> Vec<&'static str> {
        let has = |name: &&str| !self.node(name, &format!("ip -o -4 addr show to {VIP}/32")).is_empty();
        nodes.iter().copied().filter(has).collect()
    }

    /// Until `done`, or a minute has passed.
    #[track_caller]
    pub fn until(&self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let since = Instant::now();
        while !done(self) {
            assert!(since.elapsed() < Duration::from_secs(60), "waited a minute for {what}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Until the one with the highest priority of the document's keepalived has it, after another may have had it.
    #[track_caller]
    pub fn until_cp1_holds(&self) {
        self.until("cp1 to hold the VIP", |lab| lab.holders(&NODES) == ["cp1"]);
    }

    /// Until one of `nodes` and no other of them holds the VIP.
    #[track_caller]
    pub fn holder(&self, nodes: &[&'static str]) -> &'static str {
        let mut found = Vec::new();
        self.until("one holder", |lab| {
            found = lab.holders(nodes);
            found.len() == 1
        });
        found[0]
    }

    /// What k8sport and others have on a node: files, enablement, what runs, and the node's addresses.
    pub fn state(&self, name: &str) -> String {
        self.node(
            name,
            "find /etc/k8sport /usr/local/lib/k8sport /etc/systemd/system /etc/keepalived /etc/haproxy -type f -exec sha256sum {} + 2>/dev/null | sort -k2
             find /etc/k8sport /usr/local/lib/k8sport -type d 2>/dev/null
             find /etc/systemd/system -type l -printf '%p -> %l\\n' | sort
             for unit in keepalived haproxy k8sport-vip k8sport-vip-haproxy; do echo $unit $(systemctl show -p ActiveState --value $unit); done
             ip -o -4 address show | sed 's/ valid_lft.*//'",
        )
    }

    pub fn states(&self) -> Vec<String> {
        NODES.iter().map(|name| self.state(name)).collect()
    }
}

impl Drop for VipLab {
    fn drop(&mut self) {
        self.run(&["down"]);
    }
}

/// A client of the API on the VIP that never stops. It ends when its standard input does, so also with the test.
pub struct Client(Child);

impl Client {
    pub fn start(lab: &VipLab, port: u16) -> Self {
        let client = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lab/steady-client");
        let target = format!("kubernetes@{VIP}:{port}=kube-apiserver");
        let mut command = lab.command();
        command.args(["exec", "--", "python3", "-B", client, "--rate", "10", "--target", &target]);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the client");
        std::thread::sleep(Duration::from_secs(2));
        Self(child)
    }

    /// The longest time without an answer. 3 s are what is promised; a machine that does other things besides gets 10.
    #[track_caller]
    pub fn finish(self, what: &str) {
        let gap = self.longest_gap(what);
        assert!(gap < 10_000, "{what}: {gap} ms");
    }

    /// The same in milliseconds, for what others' keepalived decides.
    #[track_caller]
    pub fn longest_gap(self, what: &str) -> u64 {
        // What is at the end without an answer counts only when one has come after it.
        std::thread::sleep(Duration::from_secs(1));
        let output = self.0.wait_with_output().expect("the client's end");
        let summary: Value = serde_json::from_slice(&output.stdout).expect("the client's summary");
        let seen = &summary["kube-apiserver"];
        let gap = seen["longest_gap_ms"].as_u64().expect("milliseconds");
        tell(&format!("{what}: the API answers on the VIP again after {gap} ms"));
        assert!(seen["attempts"].as_u64().is_some_and(|attempts| attempts > 10), "{summary}");
        gap
    }
}

/// A figure for whoever watches the test.
pub fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "  {text}");
}

/// The findings of a diagnosis in JSON that aren't well, by id, each once.
pub fn wrong(diagnosis: &Value) -> Vec<String> {
    let all = diagnosis["checks"].as_array().expect("checks").iter();
    let mut ids: Vec<_> = all.filter(|check| ["failed", "warning"].map(Value::from).contains(&check["status"])).collect::<Vec<_>>();
    ids.dedup_by_key(|check| check["id"].clone());
    ids.into_iter().map(|check| check["id"].as_str().expect("an id").to_owned()).collect()
}
