//! A cluster from nothing. The account is real enough; kOps is the lab's stand-in, which does to it what kOps would.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::figures;
use crate::support::{CLUSTER, Ended, Lab};

const STORE: &str = "s3://example-com-state";

fn bootstrap(lab: &Lab, more: &[&str]) -> Ended {
    lab.k8sport(&[&["bootstrap", "--cluster", CLUSTER, "--state-store", STORE], more].concat())
}

/// What kOps is to do otherwise than it should; see tests/lab/kops/README.md.
fn kops_turns(lab: &Lab, behaviour: &str) {
    std::fs::write(lab.state().join("kops.json"), behaviour).expect("the lab's folder");
}

fn kops_calls(lab: &Lab) -> Vec<String> {
    let log = std::fs::read_to_string(lab.state().join("kops.log")).unwrap_or_default();
    let words = |line: &str| {
        let call: Value = serde_json::from_str(line).expect("a line of JSON");
        call["arguments"]
            .as_array()
            .expect("arguments")
            .iter()
            .map(|word| word.as_str().unwrap_or("?").to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    log.lines().map(words).collect()
}

fn count(lab: &Lab, python: &str) -> String {
    lab.meanwhile(&format!("print({python})")).trim().to_owned()
}

#[test]
fn from_nothing_to_https_and_then_nothing_to_do() {
    let lab = Lab::reset_with_api("nothing");
    let key = lab.home().join(".ssh/kops-key");
    lab.operator(&["sh", "-c", "rm ~/.ssh/kops-key ~/.ssh/kops-key.pub"]).expect(0);
    kops_turns(&lab, r#"{"late": 3, "dns": 2, "ready": 3, "cert-manager": 4}"#);
    let account = lab.account();
    let planned = bootstrap(&lab, &["--dry-run", "--save-spec", "/tmp/k8sport-lab-spec.yaml", "--output", "json"]);
    std::fs::remove_file("/tmp/k8sport-lab-spec.yaml").expect("the specification was kept");
    let planned = planned.expect(0).json();
    assert_eq!((lab.account(), key.exists()), (account, false), "a dry run makes nothing");
    assert_eq!(planned["changes"].as_array().map(Vec::len), Some(6), "{planned}");
    assert_eq!(kops_calls(&lab), ["version --short"], "without a bucket, there is nothing that kOps could be asked");

    let first = bootstrap(&lab, &["--yes", "--output", "json"]).expect(0).json();
    assert_eq!(first["outcome"], "changed");
    let changes = first["changes"].as_array().expect("changes");
    assert!(changes.iter().all(|change| change["status"] == "done"), "{first}");
    assert_eq!(changes[..6], planned["changes"].as_array().expect("changes").iter().map(done).collect::<Vec<_>>()[..]);
    let up = lab.operator(&[
        "curl",
        "-sS",
        "--max-time",
        "20",
        "--cacert",
        &format!("{}/ca.pem", lab.home().display()),
        "https://app.example.com/",
    ]);
    assert!(up.expect(0).stdout.contains("app=app.example.com"));
    let made = kops_calls(&lab).split_off(1);
    let expected = [
        "version --short",
        "create -f - --state s3://example-com-state",
        "create -f - --state s3://example-com-state",
        &format!("create sshpublickey c02.example.com -i {}.pub --state s3://example-com-state", key.display()),
        "update cluster c02.example.com --yes --admin --state s3://example-com-state",
    ];
    assert_eq!(made[..5], expected);
    assert_eq!(made[5], "export kubeconfig c02.example.com --admin --state s3://example-com-state");
    assert!(made[6..].iter().all(|call| call == "validate cluster c02.example.com -o json --state s3://example-com-state"), "{made:?}");
    the_key_and_the_bucket_are_closed(&lab);
    // kOps' validation never passes with the taint that kOps itself sets.
    assert!(first["changes"].to_string().contains("node-role.kubernetes.io/control-plane"), "{first}");
    let taints = lab.operator(&["kubectl", "get", "nodes", "-o", "jsonpath={.items[*].spec.taints}"]);
    assert_eq!(taints.expect(0).stdout, "");
    // Nothing listened on the NodePorts before helm had been there.
    let class = lab.operator(&["kubectl", "get", "ingressclasses", "-o", "jsonpath={.items[*].metadata.name} {.items[*].spec.controller}"]);
    assert_eq!(class.expect(0).stdout, "nginx k8s.io/ingress-nginx");
    the_issuer_uses_the_role_of_the_node(&lab);

    lab.forget_calls();
    let (calls, private) = (kops_calls(&lab).len(), std::fs::read(&key).expect("the key"));
    let again = bootstrap(&lab, &["--yes", "--output", "json"]).expect(0).json();
    assert_eq!(again["outcome"], "unchanged", "{again}");
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
    assert_eq!(kops_calls(&lab).len(), calls, "a cluster that works isn't asked about");
    assert_eq!(std::fs::read(&key).expect("the key"), private);
}

fn the_issuer_uses_the_role_of_the_node(lab: &Lab) {
    let issuer =
        lab.operator(&["kubectl", "get", "clusterissuer", "letsencrypt-prod", "--show-managed-fields", "-o", "json"]).expect(0).json();
    let solvers = &issuer["spec"]["acme"]["solvers"];
    assert_eq!(solvers[0]["selector"]["dnsZones"][0], "example.com", "{issuer}");
    let route53 = solvers[0]["dns01"]["route53"].as_object().expect("Route 53");
    assert_eq!(route53.keys().collect::<Vec<_>>(), ["hostedZoneID", "region"], "no keys of anybody");
    assert_eq!(solvers[1]["http01"]["ingress"]["ingressClassName"], "nginx", "{issuer}");
    assert_eq!(issuer["metadata"]["managedFields"][0]["manager"], "k8sport", "{issuer}");
}

fn done(change: &Value) -> Value {
    let mut change = change.clone();
    change["status"] = "done".into();
    change
}

fn the_key_and_the_bucket_are_closed(lab: &Lab) {
    let mode = std::fs::metadata(lab.home().join(".ssh/kops-key")).expect("the key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let bucket = lab.meanwhile(
        "s3 = boto3.client('s3')
named = {'Bucket': 'example-com-state'}
print(s3.get_bucket_versioning(**named)['Status'])
print(sorted(set(s3.get_public_access_block(**named)['PublicAccessBlockConfiguration'].values())))
print(s3.get_bucket_encryption(**named)['ServerSideEncryptionConfiguration']['Rules'][0]['ApplyServerSideEncryptionByDefault']['SSEAlgorithm'])
print(s3.get_bucket_location(**named)['LocationConstraint'])",
    );
    assert_eq!(bucket, "Enabled\n[True]\nAES256\neu-central-1\n");
}

#[test]
fn all_that_is_missing_is_told_at_once_and_nothing_is_made() {
    let lab = Lab::reset("nothing", "fresh");
    let account = lab.account();
    lab.forget_calls();
    kops_turns(&lab, r#"{"version": "1.21.0"}"#);
    let ended = bootstrap(&lab, &["--yes", "--instance-type", "x99.huge"]).expect(1);
    for missing in ["2 things are missing", "kOps is version 1.21", "has no instance type x99.huge", "nothing was changed"] {
        assert!(ended.stderr.contains(missing), "{missing}: {ended:?}");
    }
    kops_turns(&lab, "{}");
    let ended = bootstrap(&lab, &["--yes", "--kubernetes-version", "1.20.0"]).expect(1);
    assert!(ended.stderr.contains("kOps 1.36 does not create Kubernetes 1.20"), "{ended:?}");
    let path = "PATH=/usr/bin:/bin";
    let ended = lab.k8sport_with(&[path], &["bootstrap", "--cluster", CLUSTER, "--state-store", STORE, "--yes"]).expect(1);
    assert!(ended.stderr.contains("kops is not installed") && ended.stderr.contains("https://kops.sigs.k8s.io"), "{ended:?}");
    let ended = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes"]).expect(1);
    assert!(ended.stderr.contains("--state-store"), "{ended:?}");
    // Without a terminal, a plan is no yes.
    let ended = bootstrap(&lab, &[]).expect(4);
    assert!(ended.stderr.contains("--yes"), "{ended:?}");
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
    assert_eq!(lab.account(), account);
}

#[test]
fn a_specification_of_the_users_is_taken_or_refused() {
    let lab = Lab::reset("nothing", "fresh");
    let file = lab.home().join("spec.yaml");
    let name = file.to_str().expect("UTF-8");
    bootstrap(&lab, &["--dry-run", "--save-spec", name, "--instance-type", "t3.large", "--api-access", "192.0.2.0/24"]).expect(0);
    let saved = std::fs::read_to_string(&file).expect("saved");
    assert!(saved.contains("machineType: t3.large") && saved.contains("- 192.0.2.0/24"), "{saved}");
    // Not over something else.
    let ended = bootstrap(&lab, &["--dry-run", "--save-spec", name]).expect(2);
    assert!(ended.stderr.contains("something else in it"), "{ended:?}");
    let planned = bootstrap(&lab, &["--dry-run", "--from-spec", name, "--output", "json"]).expect(0).json();
    assert!(planned["changes"].to_string().contains("t3.large"), "{planned}");
    for (from, to) in [("maxSize: 1", "maxSize: 3"), ("name: c02.example.com", "name: other.example.com"), ("kind: Cluster", "kind: [")] {
        std::fs::write(&file, saved.replace(from, to)).expect("written");
        let ended = bootstrap(&lab, &["--yes", "--from-spec", name]).expect(2);
        assert!(ended.stderr.contains("the specification can't be used"), "{ended:?}");
    }
    assert_eq!(lab.mutating_calls().iter().filter(|call| call.starts_with("s3.")).count(), 0);
}

#[test]
fn a_node_that_does_not_come_up_is_named_and_the_next_run_goes_on() {
    let lab = Lab::reset_with_api("nothing");
    kops_turns(&lab, r#"{"never": true}"#);
    let ended = bootstrap(&lab, &["--yes", "--wait", "3s"]).expect(1);
    for text in [
        "the instance of c02.example.com did not come up",
        "none was started yet",
        "kops get instancegroups",
        "k8sport bootstrap --cluster",
    ] {
        assert!(ended.stderr.contains(text), "{text}: {ended:?}");
    }
    // kOps' own words, where it fails.
    kops_turns(&lab, r#"{"fail": {"update": "error running tasks: deadline exceeded executing task InternetGateway/c02"}}"#);
    let ended = bootstrap(&lab, &["--yes"]).expect(1);
    assert!(
        ended.stderr.contains("deadline exceeded executing task") && ended.stderr.contains("kOps goes on where it stopped"),
        "{ended:?}"
    );
    // Stopped in the middle of kOps, by one signal: without `--foreground` timeout sends it to the process and to its group.
    kops_turns(&lab, r#"{"hang": "update"}"#);
    let binary = env!("CARGO_BIN_EXE_k8sport");
    let ended = lab.operator(&[
        "timeout",
        "--foreground",
        "-s",
        "TERM",
        "8",
        binary,
        "bootstrap",
        "--cluster",
        CLUSTER,
        "--state-store",
        STORE,
        "--yes",
    ]);
    assert!(ended.stderr.contains("was stopped by SIGTERM") && ended.stderr.contains("without an answer: cluster c02"), "{ended:?}");
    let left = lab.operator(&["sh", "-c", "ps -eo args | grep '[s]tandin update' || true"]).stdout;
    assert!(!left.contains(&lab.state().display().to_string()), "kOps goes on without us: {left}");
    // The API server's name comes later than kOps looks.
    kops_turns(&lab, r#"{"dns": 4}"#);
    bootstrap(&lab, &["--yes"]).expect(0);
    assert_eq!(bootstrap(&lab, &["--yes", "--output", "json"]).expect(0).json()["outcome"], "unchanged");
}

/// A refused call after every few: each run gets a little further, and what is there is never made twice.
#[test]
fn however_often_it_is_stopped_the_next_run_goes_on() {
    let lab = Lab::reset_with_api("nothing");
    let mut runs = 0;
    loop {
        lab.fault(r#"{"mutating": true, "skip": 3, "kind": "error", "code": "AccessDenied", "status": 403, "message": "told to fail"}"#);
        let ended = bootstrap(&lab, &["--yes", "--wait", "10s"]);
        lab.lab("aws faults --clear");
        runs += 1;
        if ended.code == 0 {
            break;
        }
        let ended = ended.expect(1);
        assert!(ended.stderr.contains("to go on from where it stands: k8sport bootstrap"), "{ended:?}");
        assert!(runs < 40, "it doesn't get on: {ended:?}");
    }
    assert!(runs > 5, "only {runs} runs: nothing was stopped");
    assert_eq!(bootstrap(&lab, &["--yes", "--output", "json"]).expect(0).json()["outcome"], "unchanged");
    let owned = "Filters=[{'Name': 'tag:kubernetes.io/cluster/c02.example.com', 'Values': ['owned']}]";
    assert_eq!(count(&lab, &format!("len(ec2.describe_vpcs({owned})['Vpcs'])")), "1");
    assert_eq!(count(&lab, &format!("len(ec2.describe_instances({owned})['Reservations'])")), "1");
    assert_eq!(count(&lab, &format!("len(ec2.describe_volumes({owned})['Volumes'])")), "2");
    let ours = "Filters=[{'Name': 'tag:k8sport:cluster', 'Values': ['c02.example.com']}]";
    assert_eq!(count(&lab, &format!("len(ec2.describe_addresses({ours})['Addresses'])")), "1");
    figures::record("a new cluster's creation stopped anywhere and continued", runs, runs);
}
