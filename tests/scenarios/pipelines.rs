//! The pipelines in examples/ci: the commands of their jobs, run in the lab by the shell that would run them.

use serde_json::Value;

use crate::support::{Ended, Lab};

/// A pipeline as a value: YAML is read by the lab's Python.
fn pipeline(lab: &Lab, file: &str) -> Value {
    let path = format!("{}/examples/ci/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = lab.meanwhile(&format!("import json, yaml\nprint(json.dumps(yaml.load(open('{path}'), yaml.BaseLoader)))"));
    serde_json::from_str(&text).expect("JSON")
}

/// As a runner has it: a folder of its own, k8sport on the PATH, settings in variables, and `-e` in force.
fn run(lab: &Lab, script: &str) -> Ended {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_k8sport")).parent().expect("a folder").display().to_string();
    let key = format!("K8SPORT_SSH_KEY={}", lab.home().join(".ssh/kops-key").display());
    let folder = tempfile::tempdir().expect("a folder");
    let script = format!("cd {} && PATH={binary}:$PATH && {{\n{script}\n}}", folder.path().display());
    let variables = ["KOPS_CLUSTER_NAME=c02.example.com", "K8SPORT_LOCK_TIMEOUT=10m", &key];
    lab.operator(&[&["env"], &variables[..], &["bash", "-eo", "pipefail", "-c", &script]].concat())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().map(text).collect::<Vec<_>>().join("\n"),
        other => panic!("no script: {other}"),
    }
}

/// Plan with changes, apply, plan without, a look at what works and at what doesn't.
fn a_life(lab: &Lab, plan: &str, apply: &str, look: &str, changes: i32) {
    let account = lab.account();
    let planned = run(lab, plan);
    assert_eq!(planned.code, changes, "{planned:?}");
    assert_eq!(lab.account(), account, "a plan changes nothing");
    run(lab, apply).expect(0);
    run(lab, plan).expect(0);
    run(lab, look).expect(0);
    lab.node("systemctl stop k8sport-haproxy");
    let ended = run(lab, look).expect(3);
    assert!(ended.stdout.contains("haproxy"), "{ended:?}");
    run(lab, apply).expect(0);
}

#[test]
fn github_actions() {
    let lab = Lab::default();
    let workflow = pipeline(&lab, "github-actions.yml");
    let steps = workflow["jobs"]["k8sport"]["steps"].as_array().expect("steps").clone();
    let step = |name: &str| text(&steps.iter().find(|step| step["name"] == name).unwrap_or_else(|| panic!("no step {name}"))["run"]);
    a_life(&lab, &step("Plan"), &step("Apply"), &step("Look"), 0);
    let triggers: Vec<_> = workflow["on"].as_object().expect("triggers").keys().cloned().collect();
    for step in ["Plan", "Apply", "Look"] {
        let condition = text(&steps.iter().find(|found| found["name"] == step).expect("a step")["if"]);
        assert!(triggers.iter().any(|trigger| condition == format!("github.event_name == '{trigger}'")), "{step}: {condition}");
    }
    // What the plan shows ends up where people look.
    let shown =
        run(&lab, &format!("k8sport cleanup --yes >&2\nexport GITHUB_STEP_SUMMARY=summary\n{}\ncat summary", step("Plan"))).expect(0);
    assert!(shown.stdout.contains("+ Elastic IP"), "{shown:?}");
}

#[test]
fn gitlab() {
    let lab = Lab::default();
    let jobs = pipeline(&lab, "gitlab-ci.yml");
    let script = |job: &str| text(&jobs[job]["script"]);
    assert_eq!(jobs["plan"]["allow_failure"]["exit_codes"], "5");
    a_life(&lab, &script("plan"), &script("apply"), &script("look"), 5);
}
