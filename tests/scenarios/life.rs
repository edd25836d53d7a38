//! The whole life of a cluster: from nothing to an application's URL by `quick-start`, and back to nothing by `teardown`.

use std::panic::catch_unwind;

use serde_json::Value;

use crate::crash::{self, Step};
use crate::support::{CLUSTER, Ended, Lab, assert_same_node as assert_same_lines};

/// What `quick-start` names it.
const STATE: &str = "s3://c02-example-com-kops-state";

/// A life takes as long as four of the other flows.
const STRIDE: usize = 4 * crash::STRIDE;

const SETTINGS: &str = "cluster = 'c02.example.com'
[apps.shop]
image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/api:v1'
hosts = ['shop.example.com']
";

/// An account without a cluster, and the controllers that a new one will have.
fn nothing() -> Lab {
    let lab = Lab::reset_with_api("nothing");
    lab.starts("deployment-controller");
    lab.starts("namespace-controller");
    std::fs::write(lab.home().join("life.toml"), SETTINGS).expect("a file");
    lab
}

fn quick_start_with<T>(lab: &Lab, more: &[&str], run: impl FnOnce(&[&str], &[&str]) -> T) -> T {
    let settings = lab.home().join("life.toml").display().to_string();
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    run(&[&authority], &[&["quick-start", "--config", &settings], more].concat())
}

fn quick_start(lab: &Lab, more: &[&str]) -> Ended {
    quick_start_with(lab, more, |environment, arguments| lab.k8sport_with(environment, arguments))
}

fn teardown(lab: &Lab) -> Ended {
    let everything = ["--delete-state-store", "--delete-local-config", "--yes"];
    lab.k8sport(&[&["teardown", "--cluster", CLUSTER, "--state-store", STATE, "--confirm", CLUSTER], &everything[..]].concat())
}

/// The account, but instances that EC2 still lists as terminated.
fn account(lab: &Lab) -> String {
    let mut account = lab.account();
    account["instances"].as_array_mut().expect("instances").retain(|instance| instance["state"] != "terminated");
    let mut lines: Vec<_> = account.as_object().expect("an account").iter().flat_map(|(kind, things)| lines(kind, things)).collect();
    lines.sort();
    lines.join("\n")
}

fn lines(kind: &str, things: &Value) -> Vec<String> {
    let every = things.as_array().cloned().unwrap_or_else(|| vec![things.clone()]);
    every.into_iter().map(|thing| format!("{kind} {thing}")).collect()
}

#[test]
fn from_nothing_to_an_application_and_back() {
    let lab = nothing();
    let before = account(&lab);
    let planned = quick_start(&lab, &["--dry-run"]).expect(0);
    for said in [STATE, "applications that are deployed in the end: shop (", "minutes", "a month"] {
        assert!(planned.stdout.contains(said), "no {said:?} in {planned:?}");
    }
    let ended = quick_start(&lab, &[]).expect(4);
    assert!(ended.stderr.contains("--yes"), "{ended:?}");
    assert_eq!(account(&lab), before);

    let done = quick_start(&lab, &["--yes"]).expect(0);
    assert!(done.stdout.contains("https://shop.example.com/ answers HTTP 200, with a trusted certificate"), "{done:?}");
    lab.forget_calls();
    let again = quick_start(&lab, &["--yes", "--output", "json"]).expect(0).json();
    assert_eq!((again["command"].as_str(), again["outcome"].as_str()), (Some("quick-start"), Some("unchanged")), "{again}");
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());

    let gone = teardown(&lab).expect(0);
    assert!(gone.stdout.contains("Nothing of the cluster is left"), "{gone:?}");
    assert_same_lines(&before, &account(&lab), "the account");
}

#[test]
fn one_question_at_a_terminal_and_what_may_be_left_out() {
    let lab = nothing();
    let mut terminal = quick_start_with(&lab, &["--skip-haproxy"], |_, arguments| lab.terminal(arguments));
    terminal.exp_string("costs about $42 a month").expect("one address");
    terminal.exp_string("Create cluster c02.example.com, and set up what follows?").expect("a question");
    terminal.send("y").expect("an answer");
    terminal.flush().expect("an answer");
    terminal.exp_string("30080 and 30443").expect("where the applications are");
    terminal.exp_string("Done: 8 changes").expect("no further question");
    terminal.exp_eof().expect("the end");
    assert!(!lab.account()["addresses"].to_string().contains("k8sport:cluster"), "no second address");
    let rest = quick_start(&lab, &["--skip-apps", "--yes", "--output", "json"]).expect(0).json();
    let changes = rest["changes"].to_string();
    assert!(changes.contains("Elastic IP") && !changes.contains("Deployment"), "{rest}");
    // The cluster works: what is left is asked for by itself.
    let mut terminal = quick_start_with(&lab, &[], |_, arguments| lab.terminal(arguments));
    terminal.exp_string("Apply these changes?").expect("a question");
    terminal.send("n").expect("an answer");
    terminal.flush().expect("an answer");
    terminal.exp_string("not confirmed").expect("a refusal");
    terminal.exp_eof().expect("the end");
}

#[test]
fn what_is_wrong_with_an_application_is_said_before_anything_is_made() {
    let lab = Lab::reset("nothing", "fresh");
    let before = account(&lab);
    for (settings, said) in [
        (SETTINGS.replace("hosts", "# hosts"), "which host does shop have?"),
        (SETTINGS.replace("image =", "port = 0\nimage ="), "`port` of `[apps.shop]` is 0"),
        (SETTINGS.replace("image =", "pictures ="), "unknown field"),
    ] {
        std::fs::write(lab.home().join("life.toml"), settings).expect("a file");
        let ended = quick_start(&lab, &["--yes"]).expect(2);
        assert!(ended.stderr.contains(said), "{ended:?}");
    }
    assert_eq!((account(&lab), lab.mutating_calls()), (before, Vec::new()));
}

/// What `quick-start` was at when it was killed, it goes on with; and a `teardown` leaves nothing of either run.
#[test]
fn killed_anywhere_it_goes_on_and_leaves_nothing() {
    let lab = nothing();
    lab.report_steps();
    lab.forget_calls();
    quick_start(&lab, &["--yes"]).expect(0);
    let steps = Step::of(&lab);
    drop(lab);
    let chosen = crash::chosen(&steps, STRIDE, 11);
    let mut failures = Vec::new();
    for (index, step) in &chosen {
        if catch_unwind(|| killed(step)).is_err() {
            failures.push(format!("step {} of {} (its panic is above): {step:?}", index + 1, steps.len()));
        }
    }
    crash::record("quick-start killed, run again, torn down", &failures, chosen.len(), steps.len(), STRIDE);
}

fn killed(step: &Step) {
    let lab = nothing();
    let before = account(&lab);
    lab.report_steps();
    let victim = lab.home().join("victim");
    lab.fault(&step.kills(&victim));
    let ended = quick_start_with(&lab, &["--yes"], |_, arguments| lab.k8sport_noting_its_pid(&victim, arguments));
    assert_eq!(ended.code, -1, "nothing was killed: {ended:?}");
    // kOps goes on without us, and the lab's account doesn't bear two of them at once.
    lab.operator(&["sh", "-c", "i=0; while ps -eo args | grep -q '[s]tandin update' && [ $i -lt 120 ]; do i=$((i + 1)); sleep 0.5; done"]);
    quick_start(&lab, &["--yes", "--wait", "60s"]).expect(0);
    assert_eq!(quick_start(&lab, &["--yes", "--output", "json"]).expect(0).json()["outcome"], "unchanged");
    teardown(&lab).expect(0);
    assert_same_lines(&before, &account(&lab), &format!("{step:?}"));
}
