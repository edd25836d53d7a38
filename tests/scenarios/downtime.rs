//! A client that never stops connecting, to the applications and to the API server, while k8sport works on the node.

use std::process::{Child, Stdio};
use std::time::Instant;

use serde_json::Value;

use crate::figures;
use crate::support::{CLUSTER, Lab, PRIMARY_PUBLIC};

const BOOTSTRAP: [&str; 4] = ["bootstrap", "--cluster", CLUSTER, "--yes"];

/// tests/lab/steady-client at work. It ends when its standard input does, so also with the test.
pub struct Client(Child, Instant);

impl Client {
    /// To the API server and, if there is an address, to the application behind it with its streams.
    fn start(lab: &Lab, application: Option<&str>) -> Self {
        Self::start_with(lab, application, true)
    }

    /// A switch of the data path ends them.
    pub fn start_without_streams(lab: &Lab, application: &str) -> Self {
        Self::start_with(lab, Some(application), false)
    }

    fn start_with(lab: &Lab, application: Option<&str>, streams: bool) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lab/steady-client");
        let mut command = lab.command();
        command.args(["exec", "--", "python3", "-B", script]);
        if let Some(address) = application {
            command.args(streams.then_some("--stream"));
            command.args(["--target", &format!("app.example.com@{address}:443=app.example.com")]);
        }
        command.args(["--target", &format!("api.{CLUSTER}@{PRIMARY_PUBLIC}:443=kubernetes-master")]);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the client");
        let started = Instant::now();
        // Its streams have to be open before anything changes.
        lab.operator(&["sleep", "3"]).expect(0);
        Self(child, started)
    }

    pub fn finish(self) -> Value {
        let whole = self.1.elapsed().as_secs_f64();
        // Waiting closes its standard input.
        let output = self.0.wait_with_output().expect("the client's end");
        let summary: Value = serde_json::from_slice(&output.stdout).expect("the client's summary");
        // A client that stood still has seen nothing. A busy machine may slow it down to a quarter.
        let seen = &summary["kubernetes-master"];
        let (until, attempts) = (seen["until"].as_f64().expect("seconds"), seen["attempts"].as_f64().expect("attempts"));
        assert!(until > whole - 2.0 && attempts > whole * 5.0, "{attempts} attempts until {until} of {whole} s");
        summary
    }
}

/// Everything went through, to each of `names`.
#[track_caller]
pub fn uninterrupted(summary: &Value, through: &str, names: &[&str]) {
    for name in names {
        let seen = &summary[name];
        let attempts = usize::try_from(seen["attempts"].as_u64().expect("attempts")).expect("a small number");
        let failures = seen["failures"].as_array().expect("failures");
        assert!(failures.is_empty(), "{name} through {through}: {} of {attempts} failed: {failures:?}", failures.len());
        figures::record(&format!("connections to {name} through {through}"), attempts, attempts);
    }
}

const ALL: [&str; 4] = ["app.example.com", "kubernetes-master", "idle stream", "download"];

fn elastic_ip(lab: &Lab) -> String {
    let document = lab.k8sport(&[&BOOTSTRAP[..], &["--output", "json"]].concat()).expect(0).json();
    document["access"]["elastic_ip"].as_str().expect("an Elastic IP").to_owned()
}

#[test]
fn nobody_is_cut_off_by_a_second_run_a_reload_or_the_timer() {
    let lab = Lab::default();
    let first = Client::start(&lab, None);
    let address = elastic_ip(&lab);
    uninterrupted(&first.finish(), "the first bootstrap", &["kubernetes-master"]);

    let client = Client::start(&lab, Some(&address));
    lab.k8sport(&BOOTSTRAP).expect(0);
    uninterrupted(&client.finish(), "a second bootstrap", &ALL);

    let client = Client::start(&lab, Some(&address));
    lab.k8sport(&[&BOOTSTRAP[..], &["--route-api"]].concat()).expect(0);
    lab.k8sport(&[&BOOTSTRAP[..], &["--private-source", "10.9.0.0/16"]].concat()).expect(0);
    lab.k8sport(&BOOTSTRAP).expect(0);
    uninterrupted(&client.finish(), "three changed configurations", &ALL);

    let client = Client::start(&lab, Some(&address));
    for _ in 0..5 {
        lab.node("systemctl start k8sport-net-check.service");
    }
    uninterrupted(&client.finish(), "runs of the timer", &ALL);

    let last = Client::start(&lab, None);
    lab.k8sport(&["cleanup", "--cluster", CLUSTER, "--yes"]).expect(0);
    uninterrupted(&last.finish(), "a cleanup", &["kubernetes-master"]);
}

#[test]
fn nobody_is_cut_off_when_the_scripts_set_up_is_taken_over() {
    let lab = Lab::reset("bash", "bash");
    let account = lab.account();
    let addresses = account["addresses"].as_array().expect("addresses");
    let theirs = addresses.iter().find(|address| address["private"] == "172.20.63.20").expect("the scripts' address");
    let client = Client::start(&lab, theirs["public"].as_str());
    lab.k8sport(&BOOTSTRAP).expect(0);
    let again = lab.k8sport(&[&BOOTSTRAP[..], &["--output", "json"]].concat()).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    // Longer than anybody would be waited for.
    lab.operator(&["sleep", "8"]).expect(0);
    uninterrupted(&client.finish(), "the take-over", &ALL);

    // The scripts' instance ends with the last stream through it, and leaves nothing of us.
    let ended = "for try in $(seq 100); do case $(systemctl is-active haproxy) in inactive) break ;; esac; sleep 0.1; done
                 systemctl is-active haproxy; ls /run/systemd/system/haproxy.service.d 2>&1; systemctl show -p NeedDaemonReload haproxy";
    let ended = lab.node(&format!("{ended}; true"));
    assert!(ended.starts_with("inactive\n") && ended.contains("No such file") && ended.contains("NeedDaemonReload=no"), "{ended}");
}
