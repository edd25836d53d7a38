//! The data path without a proxy, with a real API server and a real kube-proxy (iptables mode).
//!
//! What isn't real: Kubernetes is 1.20, which has no loadBalancerClass, so it is left out (`K8SPORT_ASSUME_CLASS`, which the plan
//! says aloud), and drops `ipMode`, which the tests of `plan::service` have; there is no service controller that the class would
//! keep away; a program of the lab writes the pods' status and the EndpointSlices. The rules, the packets and who answers are the kernel's and kube-proxy's.

mod killed;
mod replaced;

use crate::downtime::{Client, uninterrupted};
use crate::ended::Ended;
use crate::iam::{CASE, Case};
use crate::support::{CLUSTER, Lab, PRIMARY_PUBLIC, assert_same_node};
use crate::world::{World, ours};

const ASSUME: &str = "K8SPORT_ASSUME_CLASS=1";
const TO_SERVICE: [&str; 3] = ["bootstrap", "--data-path", "service"];
const TO_HAPROXY: [&str; 3] = ["bootstrap", "--data-path", "haproxy"];

fn k8sport(lab: &Lab, arguments: &[&str]) -> Ended {
    lab.k8sport_with(&[ASSUME], &[arguments, &["--cluster", CLUSTER]].concat())
}

#[track_caller]
fn run(lab: &Lab, arguments: &[&str]) -> Ended {
    k8sport(lab, &[arguments, &["--yes"]].concat()).expect(0)
}

fn public(lab: &Lab) -> String {
    ours(&lab.account())["public"].as_str().expect("an address").to_owned()
}

fn recorded(lab: &Lab) -> String {
    ours(&lab.account())["tags"]["k8sport:data-path"].as_str().unwrap_or_default().to_owned()
}

#[track_caller]
fn serves(lab: &Lab) {
    assert_eq!(lab.certificate(&public(lab), "app.example.com"), "CN=app.example.com");
    assert_eq!(lab.certificate(PRIMARY_PUBLIC, "api.c02.example.com"), "CN=kubernetes-master");
}

fn kubectl(lab: &Lab, script: &str) -> String {
    let kubectl = "/opt/kubernetes/kubectl --kubeconfig=/srv/kubernetes/kubeconfig";
    lab.node(&format!("export PATH=/opt/kubernetes:$PATH; kubectl() {{ {kubectl} \"$@\"; }}; {script}"))
}

/// What the application sees of who asks from this address; None when there is no answer.
fn seen_client(lab: &Lab, from: &str) -> Option<String> {
    let url = format!("https://{}/", public(lab));
    let ended = lab.operator(&["curl", "-sk", "--max-time", "3", "--interface", from, &url]);
    ended.stdout.lines().find_map(|line| line.strip_prefix("client=").map(str::to_owned))
}

/// amazon-ec2-net-utils' timer.
const AGENT: &str = "systemd-run --quiet --on-active=600 --unit=refresh-policy-routes@ens5 /bin/true";

/// Each tool that would bring the address back is named before anything is touched.
fn who_would_put_the_address_on_the_interface_is_found_first(lab: &Lab) {
    let rows = [
        (AGENT, "amazon-ec2-net-utils", "systemctl mask --now", "systemctl stop refresh-policy-routes@ens5.timer"),
        (
            "mkdir -p /etc/sysconfig/network-scripts; touch /etc/sysconfig/network-scripts/ec2net-functions",
            "(ec2-net-utils)",
            "EC2SYNC=no",
            "echo EC2SYNC=no >/etc/sysconfig/network-scripts/ifcfg-ens5",
        ),
        (
            "mkdir -p /etc/cloud/cloud.cfg.d; printf 'updates:\n  network:\n    when: [boot]\n' >/etc/cloud/cloud.cfg.d/99-net.cfg",
            "cloud-init",
            "take `boot` out",
            "rm /etc/cloud/cloud.cfg.d/99-net.cfg",
        ),
        (
            "systemd-run --quiet --on-active=600 --unit=nm-cloud-setup /bin/true",
            "nm-cloud-setup.timer",
            "systemctl disable --now",
            "systemctl stop nm-cloud-setup.timer",
        ),
        (
            "printf 'network:\n  ethernets:\n    ens5:\n      addresses: [172.20.63.254/32] # ours\n' >/etc/netplan/60-second.yaml",
            "/etc/netplan/60-second.yaml has 172.20.63.254",
            "take 172.20.63.254 out",
            "rm /etc/netplan/60-second.yaml",
        ),
    ];
    lab.forget_calls();
    for (brings, what, remedy, gone) in rows {
        lab.node(brings);
        let refused = k8sport(lab, &[&TO_SERVICE[..], &["--yes"]].concat()).expect(4);
        assert!(refused.stderr.contains(what) && refused.stderr.contains(remedy), "{brings}: {refused:?}");
        lab.node(gone);
    }
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
}

#[test]
fn the_address_is_served_without_anything_of_ours_on_the_node() {
    let lab = Lab::with_kube_proxy();
    let before = lab.node_state();
    // Nothing is assumed unless it is said.
    let refused = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--data-path", "service", "--dry-run"]).expect(4);
    assert!(refused.stderr.contains("Kubernetes 1.20 has no loadBalancerClass"), "{refused:?}");
    let auto = lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--data-path", "auto", "--dry-run"]).expect(0);
    assert!(auto.stdout.contains("the data path is `haproxy`") && auto.stdout.contains("no loadBalancerClass"), "{auto:?}");
    let kept = k8sport(&lab, &["bootstrap", "--data-path", "service", "--keep-api-internal", "--dry-run"]).expect(4);
    assert!(kept.stderr.contains("NAT sees addresses and not names"), "{kept:?}");

    who_would_put_the_address_on_the_interface_is_found_first(&lab);

    // Everything is seen to hold.
    let ended = run(&lab, &["bootstrap", "--data-path", "auto"]);
    assert!(ended.stderr.contains("the data path is `service`") && ended.stderr.contains("loadBalancerClass is assumed"), "{ended:?}");
    serves(&lab);
    assert_eq!(seen_client(&lab, "10.77.0.2").as_deref(), Some("10.77.0.2"), "the pod sees who asks");
    assert!(!lab.node("ip -o -4 address").contains("172.20.63.254"), "the address is on an interface");
    let ports = kubectl(&lab, "kubectl -n ingress get service k8sport -o jsonpath='{.spec.ports[*].nodePort}'");
    assert_eq!(ports, "", "NodePorts");

    // Neither a login nor a change.
    lab.node("systemctl stop ssh.socket ssh.service 2>/dev/null; true");
    lab.forget_calls();
    let version = "kubectl -n ingress get service k8sport -o jsonpath='{.metadata.resourceVersion}'";
    let untouched = kubectl(&lab, version);
    let again = run(&lab, &["bootstrap", "--output", "json"]).json();
    assert_eq!((again["outcome"].as_str(), again["access"]["data_path"].as_str()), (Some("unchanged"), Some("service")), "{again}");
    assert_eq!((lab.mutating_calls(), kubectl(&lab, version)), (Vec::new(), untouched));

    lab.reboot_node();
    serves(&lab);
    assert_eq!(seen_client(&lab, "10.77.0.2").as_deref(), Some("10.77.0.2"));
    let after = lab.node_state();
    // kube-proxy's and the pods' own rules are in it.
    let files =
        |state: &str| state.lines().filter(|line| line.contains("k8sport") || line.contains("/etc/")).collect::<Vec<_>>().join("\n");
    assert_same_node(&files(&before), &files(&after), "after a set-up and a reboot");
}

#[test]
fn it_needs_what_its_policy_says() {
    let lab = |_: &str| Lab::with_kube_proxy();
    Case { command: "setup-service", lab, environment: &[ASSUME], before: &["setup-secondary-ip"], ..CASE }.check();
}

#[test]
fn source_ranges_are_a_firewall_for_this_address_alone() {
    let lab = Lab::with_kube_proxy();
    lab.operator(&["ip", "address", "add", "10.77.0.3/24", "dev", "edge"]).expect(0);
    run(&lab, &[&TO_SERVICE[..], &["--source-range", "10.77.0.2/32"]].concat());
    assert_eq!(seen_client(&lab, "10.77.0.2").as_deref(), Some("10.77.0.2"));
    assert_eq!(seen_client(&lab, "10.77.0.3"), None, "shut out");
    let api = ["curl", "-sk", "-A", "test", "--max-time", "5", "--interface", "10.77.0.3", "https://198.18.77.10/version"];
    assert!(lab.operator(&api).expect(0).stdout.contains("v1.20"), "the API server is as open as before");
    // Neither another run nor a repair opens it.
    assert_eq!(run(&lab, &["bootstrap", "--output", "json"]).json()["outcome"], "unchanged");
    let opened = run(&lab, &["bootstrap", "--source-range", "0.0.0.0/0"]);
    assert!(opened.stdout.contains("1 change") && opened.stderr.contains("differs in loadBalancerSourceRanges"), "{opened:?}");
    assert_eq!(seen_client(&lab, "10.77.0.3").as_deref(), Some("10.77.0.3"));
    let help = lab.k8sport(&["help", "setup-service"]).expect(0).stdout.replace("\\\n", "");
    let examples: Vec<_> = help.lines().filter_map(|line| line.strip_prefix("  $ k8sport ")).collect();
    assert!(!examples.is_empty(), "{help}");
    for example in examples {
        lab.k8sport_with(&[ASSUME], &example.split_whitespace().collect::<Vec<_>>()).expect(0);
    }
    lab.operator(&["ip", "address", "del", "10.77.0.3/24", "dev", "edge"]).expect(0);
}

/// The checks that fail or warn.
fn wrong(lab: &Lab, more: &[&str]) -> Vec<String> {
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    let arguments = [&["diagnose", "--cluster", CLUSTER, "--host", "app.example.com", "--output", "json"], more].concat();
    let document = lab.k8sport_with(&[ASSUME, &authority], &arguments).json();
    let findings = document["checks"].as_array().unwrap_or_else(|| panic!("{document}")).iter();
    let wrong = findings.filter(|finding| ["failed", "warning"].iter().any(|status| finding["status"] == *status));
    wrong.map(|finding| finding["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn diagnose_tells_what_broke_it_and_mends_it() {
    let lab = Lab::with_kube_proxy();
    run(&lab, &TO_SERVICE);
    let healthy = wrong(&lab, &[]);
    assert!(!healthy.iter().any(|id| id.starts_with("service.") || id.starts_with("haproxy.")), "{healthy:?}");
    let picture = k8sport(&lab, &["status"]).expect(0);
    assert!(picture.stdout.contains("a Service of ours") && picture.stdout.contains("--data-path haproxy"), "{picture:?}");

    // A change of the type wipes the status, as does a service controller that takes the Service for its own.
    kubectl(&lab, r#"kubectl -n ingress patch service k8sport -p '{"spec":{"type":"ClusterIP","externalTrafficPolicy":null}}' >/dev/null"#);
    assert!(wrong(&lab, &[]).contains(&"service.present".to_owned()));
    let left = wrong(&lab, &["--fix", "--yes"]);
    assert_eq!(left, healthy);
    serves(&lab);

    lab.node("ip address add 172.20.63.254/32 dev ens5");
    let with_address = wrong(&lab, &[]);
    assert!(with_address.contains(&"service.address".to_owned()), "{with_address:?}");
    lab.node("ip address del 172.20.63.254/32 dev ens5");
    lab.node(AGENT);
    assert!(wrong(&lab, &[]).contains(&"service.agents".to_owned()));
    lab.node("systemctl stop refresh-policy-routes@ens5.timer");

    lab.node("echo controller-0 >/run/unready; sleep 2");
    let unready = wrong(&lab, &[]);
    assert!(unready.contains(&"service.preconditions".to_owned()), "{unready:?}");
    lab.node("rm /run/unready; sleep 2");
    assert_eq!(wrong(&lab, &[]), healthy);
}

#[test]
fn nobody_is_refused_by_a_switch_either_way_and_cleanup_leaves_nothing() {
    let lab = Lab::with_kube_proxy();
    run(&lab, &["bootstrap"]);
    run(&lab, &["cleanup"]);
    let clean = World::of(&lab);
    run(&lab, &["bootstrap"]);
    let client = Client::start_without_streams(&lab, &public(&lab));
    run(&lab, &TO_SERVICE);
    assert_eq!(recorded(&lab), "service");
    run(&lab, &TO_HAPROXY);
    assert_eq!(recorded(&lab), "haproxy");
    // By the single command, too.
    run(&lab, &["setup-service"]);
    assert_eq!(recorded(&lab), "service");
    uninterrupted(&client.finish(), "switches of the data path", &["app.example.com", "kubernetes-master"]);
    run(&lab, &["cleanup"]);
    assert_eq!(World::of(&lab).account, clean.account);
    let services = kubectl(&lab, "kubectl get services --all-namespaces -l app.kubernetes.io/managed-by=k8sport -o name");
    assert_eq!(services, "");
    assert_eq!(lab.node("ls -d /etc/k8sport /usr/local/lib/k8sport 2>/dev/null; true"), "");
}
