//! What comes into the cluster: the real API server, and helm's stand-in, which does to it what helm would. What a new cluster
//! gets is seen in `creation`.

use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::ended::Ended;
use crate::support::{CLUSTER, Lab};

const BOOTSTRAP: [&str; 4] = ["bootstrap", "--cluster", CLUSTER, "--yes"];

fn bootstrap(lab: &Lab, more: &[&str]) -> Ended {
    lab.k8sport(&[&BOOTSTRAP, more].concat())
}

/// What helm is to do otherwise than it should; see tests/lab/helm/README.md.
fn helm_turns(lab: &Lab, behaviour: &str) {
    std::fs::write(lab.state().join("helm.json"), behaviour).expect("the lab's folder");
}

/// The verbs of the calls since the last look.
fn helm_calls(lab: &Lab) -> Vec<String> {
    let file = lab.state().join("helm.log");
    let log = std::fs::read_to_string(&file).unwrap_or_default();
    let _ = std::fs::remove_file(&file);
    let verb = |line: &str| serde_json::from_str::<Value>(line).expect("a line of JSON")["arguments"][0].as_str().unwrap_or("?").to_owned();
    log.lines().map(verb).collect()
}

fn kubectl(lab: &Lab, arguments: &[&str]) -> String {
    lab.operator(&[&["kubectl"], arguments].concat()).expect(0).stdout.trim().to_owned()
}

fn release_status(lab: &Lab) -> String {
    kubectl(lab, &["get", "secrets", "-n", "k8sport-ingress", "-l", "owner=helm", "-o", "jsonpath={.items[*].metadata.labels.status}"])
}

fn classes(lab: &Lab) -> String {
    kubectl(lab, &["get", "ingressclasses", "-o", "jsonpath={range .items[*]}{.metadata.name}={.spec.controller} {end}"])
}

/// As after a creation that ended before this.
fn without_ingress_controller(lab: &Lab) {
    kubectl(lab, &["delete", "ingressclasses", "--all"]);
    lab.node("systemctl stop nginx");
}

/// The addons of a report, without what their charts are told.
fn addons(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let changes = report["changes"].as_array().expect("changes").iter();
    changes.filter(|change| change["change"] == "addon").map(|change| (text(&change["addon"]), text(&change["status"]))).collect()
}

const INSTALLED: (&str, &str) = ("install-ingress-controller", "done");

#[track_caller]
fn assert_addons(report: &Value, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|&(addon, status)| (addon.to_owned(), status.to_owned())).collect();
    assert_eq!(addons(report), expected, "{report}");
}

#[test]
fn an_installation_that_was_cut_off_is_taken_away_and_made_again() {
    let lab = Lab::with_api();
    without_ingress_controller(&lab);
    // A cluster that we have made.
    let node = "ec2.describe_instances(Filters=[{'Name': 'tag:k8s.io/role/master', 'Values': ['1']}, {'Name': 'tag:kubernetes.io/cluster/c02.example.com', 'Values': ['owned']}])";
    lab.meanwhile(&format!(
        "id = {node}['Reservations'][0]['Instances'][0]['InstanceId']\nec2.create_tags(Resources=[id], Tags=[{{'Key': 'k8sport:addons', 'Value': 'traefik'}}])"
    ));
    helm_turns(&lab, r#"{"hang": true}"#);
    let note = lab.state().join("pid");
    let noting = ["sh", "-c", r#"echo $$ >"$0"; exec "$@""#, note.to_str().expect("UTF-8"), env!("CARGO_BIN_EXE_k8sport")];
    let child = lab.start(&[&noting[..], &BOOTSTRAP[..]].concat());
    let since = Instant::now();
    while lab.operator(&["kubectl", "get", "service", "-n", "k8sport-ingress", "k8sport-ingress"]).code != 0 {
        assert!(since.elapsed() < Duration::from_secs(90), "helm was never started");
        std::thread::sleep(Duration::from_millis(200));
    }
    let process = std::fs::read_to_string(&note).expect("a process id");
    Command::new("kill").args(["-TERM", process.trim()]).status().expect("kill runs");
    let ended = Ended::of(child.wait_with_output().expect("an end")).expect(130);
    assert!(ended.stderr.contains("without an answer: ingress traefik"), "{ended:?}");
    assert_eq!(release_status(&lab), "pending-install");

    helm_turns(&lab, "{}");
    helm_calls(&lab);
    // Longer than that, and no helm is at it any more.
    let again = bootstrap(&lab, &["--wait", "5s", "--output", "json"]).expect(0).json();
    assert_addons(&again, &[INSTALLED]);
    assert!(again["changes"].to_string().contains(r#""unfinished":true"#), "{again}");
    assert_eq!((release_status(&lab).as_str(), classes(&lab).as_str()), ("deployed", "nginx=k8s.io/ingress-nginx"));
    let calls = helm_calls(&lab);
    assert_eq!(calls[calls.len() - 2..], ["uninstall", "upgrade"], "{calls:?}");
    let last = bootstrap(&lab, &["--output", "json"]).expect(0).json();
    assert_eq!(last["outcome"], "unchanged", "{last}");
    assert_eq!(helm_calls(&lab), ["status"]);
}

#[test]
fn on_a_cluster_of_others_nothing_comes_unless_it_is_named_and_nothing_is_there() {
    let lab = Lab::with_api();
    let before = classes(&lab);
    let quiet = bootstrap(&lab, &["--output", "json"]).expect(0).json();
    assert_addons(&quiet, &[]);
    let named = bootstrap(&lab, &["--ingress-controller", "traefik"]).expect(0);
    assert!(named.stderr.contains("there is an ingress controller already (the IngressClass alb)"), "{named:?}");
    assert_eq!((helm_calls(&lab), classes(&lab)), (vec!["status".to_owned()], before));

    without_ingress_controller(&lab);
    let haproxy = ["--ingress-controller", "haproxy", "--output", "json"];
    // Without helm the rest goes on, and says what is missing. Nothing answers then.
    let without = lab.k8sport_with(&["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], &[&BOOTSTRAP, &haproxy[..]].concat()).json();
    assert!(without["notes"].to_string().contains("helm is not on the PATH"), "{without}");
    assert!(without["error"]["next"].to_string().contains("an ingress controller answers on the NodePorts"), "{without}");
    let planned = lab.k8sport(&[&["bootstrap", "--cluster", CLUSTER, "--dry-run"], &haproxy[..]].concat()).expect(0).json();
    assert_addons(&planned, &[("install-ingress-controller", "planned")]);
    assert_eq!(classes(&lab), "", "a dry run makes nothing");

    helm_turns(&lab, r#"{"fail": "context deadline exceeded"}"#);
    let failed = bootstrap(&lab, &["--ingress-controller", "haproxy"]).expect(1);
    for text in ["context deadline exceeded", "what helm has made until then stays", "--namespace k8sport-ingress get pods,events"] {
        assert!(failed.stderr.contains(text), "{text}: {failed:?}");
    }
    assert_eq!(release_status(&lab), "failed");
    helm_turns(&lab, "{}");
    let installed = bootstrap(&lab, &haproxy).expect(0).json();
    assert_addons(&installed, &[INSTALLED]);
    assert_eq!(classes(&lab), "haproxy=haproxy.org/ingress-controller/haproxy");
    assert_eq!(bootstrap(&lab, &haproxy).expect(0).json()["outcome"], "unchanged");
    real_helm_takes_the_values(&installed);
}

#[test]
fn an_issuer_on_a_cluster_of_others_goes_through_their_ingress_and_is_made_once() {
    let lab = Lab::with_api();
    let issuer = ["--acme-email", "ops@example.com"];
    let without = bootstrap(&lab, &issuer).expect(0);
    assert!(without.stderr.contains("there is no cert-manager in the cluster"), "{without:?}");
    lab.operator(&["kops", "lab-cert-manager"]).expect(0);
    let made = bootstrap(&lab, &[&issuer[..], &["--output", "json"]].concat()).expect(0).json();
    assert_addons(&made, &[("create-cluster-issuer", "done")]);
    let issuer_there = ["get", "clusterissuer", "letsencrypt-prod", "-o", "jsonpath={.spec.acme.email} {.spec.acme.solvers}"];
    let expected = r#"ops@example.com [{"http01":{"ingress":{"ingressClassName":"nginx"}}}]"#;
    assert_eq!(kubectl(&lab, &issuer_there), expected);
    assert_eq!(bootstrap(&lab, &[&issuer[..], &["--output", "json"]].concat()).expect(0).json()["outcome"], "unchanged");
    // Its account's address is what we may change in it.
    let others = ["--acme-email", "others@example.com", "--output", "json"];
    assert_addons(&bootstrap(&lab, &others).expect(0).json(), &[("change-cluster-issuer", "done")]);
    assert_eq!(kubectl(&lab, &issuer_there), expected.replace("ops@", "others@"));
    assert_eq!(bootstrap(&lab, &others).expect(0).json()["outcome"], "unchanged");
    let viewer = lab.home().join(".kube/viewer").display().to_string();
    kubectl(&lab, &["delete", "clusterissuer", "letsencrypt-prod", "--wait=false"]);
    let refused = bootstrap(&lab, &[&issuer[..], &["--kubeconfig", &viewer]].concat());
    assert!(refused.stderr.contains("get clusterissuers.cert-manager.io"), "{refused:?}");
}

/// Past the test harness, which keeps what a test that passes has said.
fn say(what: std::fmt::Arguments) {
    writeln!(std::io::stderr(), "{what}").expect("standard error");
}

/// Only where there is one, and where it can fetch charts.
fn real_helm_takes_the_values(report: &Value) {
    let change = report["changes"].as_array().expect("changes").iter().find(|change| change["addon"] == INSTALLED.0).expect("the change");
    let chart = &change["chart"];
    let text = |key: &str| chart[key].as_str().unwrap_or_default().to_owned();
    let values = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(values.path(), chart["values"].to_string()).expect("a file");
    let mut helm = Command::new("helm");
    helm.args(["template", "k8sport-ingress", &text("name"), "--repo", &text("repository"), "--version", &text("version"), "--values"]);
    match helm.arg(values.path()).output() {
        Err(_) => say(format_args!("no helm on the PATH: the values were taken by its stand-in alone")),
        Ok(output) if output.status.success() => {
            let rendered = String::from_utf8_lossy(&output.stdout);
            assert!(rendered.contains("nodePort: 30080") && rendered.contains("nodePort: 30443"), "{rendered}");
            say(format_args!("the helm on the PATH rendered the chart with our values"));
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!said.contains("schema"), "{said}");
            say(format_args!("the helm on the PATH could not fetch the chart: {said}"));
        }
    }
}
