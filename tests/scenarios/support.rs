//! The lab as the tests see it. Every test runs the real binary as an operator whose HOME, credentials, endpoint and
//! network end at the lab; without a running lab nothing starts.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

pub use crate::ended::Ended;
use crate::turn::Turn;

pub const CLUSTER: &str = "c02.example.com";
/// The node's own public address in the lab.
pub const PRIMARY_PUBLIC: &str = "198.18.77.10";

/// A lab, held by one test at a time.
pub struct Lab {
    turn: Turn,
}

impl Lab {
    /// A fresh account and a fresh node.
    pub fn reset(aws_profile: &str, node_profile: &str) -> Self {
        Self::with(&["--aws-profile", aws_profile, "--node-profile", node_profile])
    }

    pub fn default() -> Self {
        Self::reset("default", "fresh")
    }

    /// The same once more, by the test that has the lab.
    pub fn renew(&self, aws_profile: &str, node_profile: &str) {
        self.tell(&["reset", "--aws-profile", aws_profile, "--node-profile", node_profile]);
    }

    /// The same with the real API server on the node.
    pub fn with_api() -> Self {
        Self::reset_with_api("default")
    }

    /// What a real cluster has and the real API server doesn't bring: `deployment-controller`, `namespace-controller`.
    pub fn starts(&self, controller: &str) {
        self.node(&format!("systemd-run --quiet --unit={controller} /usr/local/lib/{controller}"));
    }

    /// As [`Self::with_api`], with another account.
    pub fn reset_with_api(aws_profile: &str) -> Self {
        Self::with(&["--aws-profile", aws_profile, "--api", "real"])
    }

    /// The same with the real kube-proxy, and the ingress controller in a pod with an address of its own.
    pub fn with_kube_proxy() -> Self {
        Self::with(&["--api", "real", "--kube-proxy", "real"])
    }

    fn with(options: &[&str]) -> Self {
        let lab = Self { turn: Turn::wait() };
        lab.tell(&[&["reset"], options].concat());
        lab
    }

    /// The same with the node as a worker of a control plane that k0smotron would host.
    pub fn with_k0smotron() -> Self {
        Self::with(&["--api", "real", "--k0smotron"])
    }

    /// Runs k8sport as the operator. `--cluster` and `--yes` are up to the test.
    pub fn k8sport(&self, arguments: &[&str]) -> Ended {
        self.k8sport_with(&[], arguments)
    }

    /// The same with other environment variables (`NAME=value`) than the lab's.
    pub fn k8sport_with(&self, environment: &[&str], arguments: &[&str]) -> Ended {
        let binary = env!("CARGO_BIN_EXE_k8sport");
        let command: Vec<_> = ["exec", "--", "env"].iter().chain(environment).chain(&[binary]).chain(arguments).copied().collect();
        Ended::of(self.run(&command))
    }

    /// The same; the file gets the id of the process first.
    pub fn k8sport_noting_its_pid(&self, file: &Path, arguments: &[&str]) -> Ended {
        let note = r#"echo $$ >"$0"; exec "$@""#;
        self.operator(&[&["sh", "-c", note, file.to_str().expect("UTF-8"), env!("CARGO_BIN_EXE_k8sport")], arguments].concat())
    }

    /// Any other command as the operator.
    pub fn operator(&self, command: &[&str]) -> Ended {
        Ended::of(self.run(&[&["exec", "--"], command].concat()))
    }

    /// k8sport at a terminal, to be asked and answered.
    pub fn terminal(&self, arguments: &[&str]) -> rexpect::session::PtySession {
        let mut command = self.command();
        command.args(["exec", "--", env!("CARGO_BIN_EXE_k8sport")]).args(arguments);
        rexpect::session::spawn_command(command, Some(30_000)).expect("a terminal")
    }

    /// Somebody else's work in the account, in Python with `ec2` and `route53` clients.
    pub fn meanwhile(&self, python: &str) -> String {
        let caches = std::env::var("XDG_CACHE_HOME").unwrap_or_else(|_| format!("{}/.cache", std::env::var("HOME").unwrap_or_default()));
        let interpreter = format!("{caches}/k8sport/venv/bin/python");
        let script = format!("import boto3\nec2 = boto3.client('ec2')\nroute53 = boto3.client('route53')\n{python}");
        self.operator(&["env", "AWS_DEFAULT_REGION=eu-central-1", &interpreter, "-B", "-c", &script]).expect(0).stdout
    }

    /// Root on the node.
    pub fn node(&self, script: &str) -> String {
        self.tell(&["node", "--", "sh", "-c", script])
    }

    /// Python with an AWS client: `ec2`, `r53`, and what tests/scenarios/account.py finds.
    #[track_caller]
    pub fn aws(&self, script: &str) {
        let cache = std::env::var_os("LAB_CACHE")
            .map_or_else(|| Path::new(&std::env::var_os("HOME").expect("HOME")).join(".cache/k8sport"), PathBuf::from);
        let python = cache.join("venv/bin/python");
        let whole = format!("{}\n{script}", include_str!("account.py"));
        self.operator(&[python.to_str().expect("UTF-8"), "-B", "-c", &whole]).expect(0);
    }

    /// One command of the lab, such as `aws settle 3600 0`.
    pub fn lab(&self, command: &str) {
        self.tell(&command.split(' ').collect::<Vec<_>>());
    }

    pub fn reboot_node(&self) {
        self.tell(&["reboot-node"]);
    }

    /// Forgets the calls counted so far.
    pub fn forget_calls(&self) {
        self.tell(&["aws", "counts", "--reset"]);
    }

    /// The mutating calls since, as `service.Action`.
    pub fn mutating_calls(&self) -> Vec<String> {
        self.calls_that(|row| row["mutating"] == true)
    }

    /// All calls since, as `service.Action`.
    pub fn calls(&self) -> Vec<String> {
        self.calls_that(|_| true)
    }

    /// Every call since, with its outcome.
    pub fn calls_in_order(&self) -> Vec<Value> {
        serde_json::from_str(&self.tell(&["aws", "calls"])).expect("a list of calls")
    }

    fn calls_that(&self, wanted: impl Fn(&Value) -> bool) -> Vec<String> {
        let counts: Value = serde_json::from_str(&self.tell(&["aws", "counts", "--json"])).expect("JSON");
        let rows = counts["actions"].as_array().expect("a list of calls").iter();
        rows.filter(|row| wanted(row))
            .map(|row| format!("{}.{}", row["service"].as_str().unwrap_or("?"), row["action"].as_str().unwrap_or("?")))
            .collect()
    }

    /// A fresh account; the node stays as it is.
    pub fn seed(&self, aws_profile: &str) {
        self.tell(&["aws", "seed", aws_profile]);
    }

    /// The keys, as environment variables, of a user that may do what the policy says and nothing else.
    pub fn enforce(&self, policy: &Value) -> Vec<String> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), policy.to_string()).expect("a file");
        self.tell(&["aws", "enforce", file.path().to_str().expect("UTF-8")]).lines().map(str::to_owned).collect()
    }

    /// The next calls of `action` go wrong as `fault` says (see tests/lab/aws/README.md).
    pub fn fault(&self, fault: &str) {
        self.tell(&["aws", "fault", fault]);
    }

    /// All faults, with how often each has hit.
    pub fn faults(&self) -> Vec<Value> {
        serde_json::from_str(&self.tell(&["aws", "faults"])).expect("a list of faults")
    }

    /// Waits until the fault that was asked for has hit. None of the lab's commands takes a minute to come so far.
    ///
    /// # Errors
    /// It didn't.
    pub fn until_a_fault_hits(&self) -> Result<(), &'static str> {
        let since = Instant::now();
        while self.faults().iter().all(|fault| fault["hits"] == 0) {
            if since.elapsed() > Duration::from_secs(60) {
                return Err("it never came so far");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// From now on the node's steps are counted among the calls.
    pub fn report_steps(&self) {
        self.node(&format!("cat >/usr/local/bin/sh <<'END'\n{}END\nchmod 755 /usr/local/bin/sh", include_str!("../lab/node/sh")));
    }

    /// A command as the operator that goes on while the test does something.
    pub fn start(&self, command: &[&str]) -> Child {
        let mut start = self.command();
        start.args(["exec", "--"]).args(command).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        start.spawn().expect("it starts")
    }

    /// The same, with what it is told on standard input.
    pub fn start_asked(&self, command: &[&str]) -> Child {
        let mut start = self.command();
        start.args(["exec", "--"]).args(command).stdin(Stdio::piped()).stdout(Stdio::piped());
        start.spawn().expect("it starts")
    }

    pub fn clear_faults(&self) {
        self.tell(&["aws", "faults", "--clear"]);
    }

    /// The whole account.
    pub fn account(&self) -> Value {
        serde_json::from_str(&self.tell(&["aws", "dump"])).expect("JSON")
    }

    /// What k8sport could have changed on the node: files, units, addresses, rules, packages.
    pub fn node_state(&self) -> String {
        self.node(NODE_STATE)
    }

    /// Whose certificate answers on 443: the subject's common name.
    pub fn certificate(&self, address: &str, name: &str) -> String {
        let script = format!(
            "timeout 10 openssl s_client -connect {address}:443 -servername {name} </dev/null 2>/dev/null | openssl x509 -noout -subject -nameopt RFC2253"
        );
        self.operator(&["sh", "-c", &script]).stdout.trim().trim_start_matches("subject=").to_owned()
    }

    /// The lab's own folder.
    pub fn state(&self) -> PathBuf {
        self.home().parent().expect("a folder").to_owned()
    }

    pub fn home(&self) -> PathBuf {
        let environment = self.tell(&["env"]);
        let home = environment.lines().find_map(|line| line.strip_prefix("HOME=")).expect("HOME in the lab's environment");
        PathBuf::from(home)
    }

    /// The lab's own commands.
    pub fn command(&self) -> Command {
        let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lab/lab"));
        command.env("LAB_NAME", &self.turn.name);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().expect("tests/lab/lab runs")
    }

    #[track_caller]
    fn tell(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "lab {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// Lines that are in one of two states and not in the other: what a failed comparison should show.
#[track_caller]
pub fn assert_same_node(before: &str, after: &str, when: &str) {
    let only = |one: &str, other: &str, sign: char| -> Vec<String> {
        one.lines().filter(|line| !other.lines().any(|same| same == *line)).map(|line| format!("{sign} {line}")).collect()
    };
    let differences = [only(before, after, '-'), only(after, before, '+')].concat();
    assert!(differences.is_empty(), "{when}:\n{}", differences.join("\n"));
}

const NODE_STATE: &str = "
    PATH=/usr/sbin:/usr/bin:/sbin:/bin
    find /etc/k8sport /usr/local/lib/k8sport /etc/systemd/system /etc/netplan /etc/iptables /etc/haproxy -type f -exec sha256sum {} + 2>/dev/null | sort -k2
    find /etc/systemd/system -type l -printf '%p -> %l\\n' | sort
    ip -o -4 address show | sed 's/ valid_lft.*//; s/dynamic //'
    nft -s list ruleset 2>/dev/null || true
    dpkg-query -W | sort
";
