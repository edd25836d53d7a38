//! Bad input and bad surroundings: each a clear error, at once, with nothing touched.

use crate::support::{CLUSTER, Lab, assert_same_node};

struct Case {
    aws: &'static str,
    node: &'static str,
    environment: &'static [&'static str],
    arguments: &'static [&'static str],
    code: i32,
    says: &'static [&'static str],
}

const PLAIN: Case = Case { aws: "default", node: "fresh", environment: &[], arguments: &["--cluster", CLUSTER], code: 1, says: &[] };

fn check(case: &Case) {
    let lab = Lab::reset(case.aws, case.node);
    let (account, node) = (lab.account(), lab.node_state());
    let home = lab.home();
    let arguments: Vec<String> = case.arguments.iter().map(|argument| argument.replace("$HOME", home.to_str().expect("UTF-8"))).collect();
    let command: Vec<&str> = ["bootstrap", "--yes"].into_iter().chain(arguments.iter().map(String::as_str)).collect();
    let since = std::time::Instant::now();
    let ended = lab.k8sport_with(case.environment, &command).expect(case.code);
    for word in case.says {
        assert!(ended.stderr.contains(word), "{word:?} is missing:\n{}", ended.stderr);
    }
    assert!(ended.stderr.contains("state:"), "what is the state now?\n{}", ended.stderr);
    assert!(!ended.stderr.contains("panicked") && !ended.stderr.contains("dispatch failure"), "{}", ended.stderr);
    assert!(since.elapsed().as_secs() < 60, "not a measurement: it must not hang");
    assert_eq!(lab.account(), account);
    assert_same_node(&node, &lab.node_state(), "nothing was to change");
}

#[test]
fn unknown_cluster() {
    check(&Case { arguments: &["--cluster", "nope.example.com"], says: &["nope.example.com", "looked for", "c02.example.com"], ..PLAIN });
}

#[test]
fn terminated_cluster() {
    check(&Case { arguments: &["--cluster", "gone.example.com"], says: &["no control-plane node of cluster gone.example.com"], ..PLAIN });
}

#[test]
fn no_credentials() {
    check(&Case { environment: &["AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="], says: &["credentials"], ..PLAIN });
}

#[test]
fn expired_credentials() {
    check(&Case { environment: &["AWS_ACCESS_KEY_ID=expired"], says: &["expired"], ..PLAIN });
}

#[test]
fn denied_credentials() {
    check(&Case {
        environment: &["AWS_ACCESS_KEY_ID=denied"],
        says: &["AllocateAddress", "k8sport iam-policy bootstrap --cluster c02.example.com   ("],
        ..PLAIN
    });
}

#[test]
fn wrong_region() {
    check(&Case { arguments: &["--cluster", CLUSTER, "--region", "us-east-1"], says: &["us-east-1", "--region"], ..PLAIN });
}

#[test]
fn wrong_key() {
    check(&Case { arguments: &["--cluster", CLUSTER, "--ssh-key", "$HOME/.ssh/wrong-key"], says: &["ubuntu", "wrong-key"], ..PLAIN });
}

#[test]
fn no_place_for_sockets() {
    check(&Case { environment: &["TMPDIR=/proc"], says: &["no place for the socket", "TMPDIR"], ..PLAIN });
}

#[test]
fn no_place_for_host_keys() {
    check(&Case { environment: &["XDG_STATE_HOME=/proc/nowhere"], says: &["host key can't be kept", "XDG_STATE_HOME"], ..PLAIN });
}

#[test]
fn unreachable_host() {
    check(&Case { arguments: &["--cluster", CLUSTER, "--ssh-host", "198.18.77.250"], says: &["198.18.77.250", "22"], ..PLAIN });
}

#[test]
fn refused_connection() {
    check(&Case { arguments: &["--cluster", CLUSTER, "--ssh-host", "10.77.0.1"], says: &["10.77.0.1", "22"], ..PLAIN });
}

#[test]
fn host_key_that_is_not_the_console_s() {
    check(&Case { node: "otherkey", code: 4, says: &["host key", "--host-key-fingerprint"], ..PLAIN });
}

#[test]
fn sudo_asks_for_a_password() {
    check(&Case { node: "nosudo", says: &["sudo"], ..PLAIN });
}

#[test]
fn two_control_plane_nodes() {
    check(&Case { arguments: &["--cluster", "ha.example.com"], code: 4, says: &["2 control-plane nodes", "--instance-id"], ..PLAIN });
}

#[test]
fn quota_full_without_a_free_address() {
    check(&Case { aws: "full", code: 4, says: &["5 of 5", "L-0263D0A3", "k8sport quota --request 10", "--no-secondary-ip"], ..PLAIN });
}

#[test]
fn elastic_ip_of_another_cluster() {
    let lab = Lab::reset("foreign-tag", "fresh");
    let account = lab.account();
    let foreign = account["addresses"].as_array().expect("addresses").iter().find(|a| a["tags"]["k8sport:cluster"] == "other.example.org");
    let address = foreign.expect("an address of another cluster")["public"].as_str().expect("an address").to_owned();
    let ended = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--elastic-ip", &address]).expect(4);
    assert!(ended.stderr.contains("other.example.org"), "{ended:?}");
    assert_eq!(lab.account(), account);
}

#[test]
fn elastic_ip_that_does_not_exist() {
    check(&Case { arguments: &["--cluster", CLUSTER, "--elastic-ip", "192.0.2.1"], code: 2, says: &["192.0.2.1"], ..PLAIN });
}

#[test]
fn alias_on_the_wildcard() {
    check(&Case { aws: "alias", code: 4, says: &["*.example.com", "alias", "--force"], ..PLAIN });
}

#[test]
fn wildcard_that_points_elsewhere() {
    check(&Case { aws: "foreign-wildcard", code: 4, says: &["192.0.2.66", "--force"], ..PLAIN });
}

#[test]
fn wildcard_with_a_routing_policy() {
    check(&Case { aws: "weighted", code: 4, says: &["*.example.com", "routing policy"], ..PLAIN });
}

#[test]
fn two_public_zones_of_one_name() {
    check(&Case { aws: "twin-zone", code: 4, says: &["two public hosted zones are called example.com"], ..PLAIN });
}

#[test]
fn stopped_node() {
    check(&Case {
        aws: "stopped",
        arguments: &["--cluster", CLUSTER, "--region", "eu-central-1"],
        says: &["is stopped, not running", "start-instances", " --region eu-central-1"],
        ..PLAIN
    });
}

#[test]
fn zone_that_is_not_ours() {
    check(&Case { arguments: &["--cluster", CLUSTER, "--zone", "example.net"], code: 2, says: &["example.net", "example.com"], ..PLAIN });
}

#[test]
fn cni_that_would_take_the_address() {
    check(&Case { node: "eni-cni", code: 4, says: &["VPC CNI"], ..PLAIN });
}

#[test]
fn port_taken_by_another_process() {
    check(&Case { node: "haproxy-busy", code: 4, says: &["python3", "80"], ..PLAIN });
}

#[test]
fn with_a_free_address_a_full_quota_is_no_obstacle() {
    let lab = Lab::reset("full-free", "fresh");
    let before = lab.account()["addresses"].as_array().map(Vec::len);
    let ended = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--yes", "--output", "json"]).expect(0).json();
    assert_eq!(lab.account()["addresses"].as_array().map(Vec::len), before);
    let adopted = ended["access"]["elastic_ip"].clone();
    let account = lab.account();
    let address = account["addresses"].as_array().expect("addresses").iter().find(|a| a["public"] == adopted).expect("the address");
    assert_eq!(address["tags"]["k8sport:ownership"], "adopted");
}

#[test]
fn a_node_that_prints_without_end_is_left_with_an_error() {
    let lab = Lab::default();
    // An endless line, from the login shell that sshd starts.
    lab.node("sed -i '1i head -c 100000000 /dev/zero' /home/ubuntu/.bashrc 2>/dev/null || echo 'head -c 100000000 /dev/zero' >/home/ubuntu/.bashrc");
    let ended = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--dry-run"]).expect(1);
    assert!(ended.stderr.contains("it printed more than 8 MiB"), "{ended:?}");
}
