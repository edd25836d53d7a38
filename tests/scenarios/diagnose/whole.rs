//! What is shown of a whole cluster: healthy, never set up, without a second address.

use super::table::{diagnose, healthy, ids};
use crate::support::{CLUSTER, Lab};

#[test]
fn a_healthy_cluster_has_no_failure_and_no_warning() {
    let lab = healthy();
    let ended = diagnose(&lab, &["--strict", "--output", "json"]).expect(0);
    assert_eq!(ended.json()["outcome"], "healthy", "{}", ended.stdout);
    // Those of the other data path are skipped, too.
    let service = ["address", "agents", "endpoints", "preconditions", "present", "status"].map(|check| format!("service.{check}"));
    let others = ["applications.redirects", "cluster.kube-proxy", "haproxy.redirect"].map(str::to_owned);
    assert_eq!(ids(&ended.json(), &["skipped"]), others.into_iter().chain(service).collect());
    // The last run is seen, not only that the timer is young.
    lab.node("systemctl start k8sport-net-check");
    let later = diagnose(&lab, &["--output", "json"]).expect(0).json();
    let timer = later["checks"].as_array().expect("checks").iter().find(|check| check["id"] == "node.timer").expect("it").clone();
    let words: Vec<&str> = timer["evidence"].as_str().expect("evidence").split(' ').collect();
    assert!(words.len() == 3 && words[0].parse().is_ok_and(|seconds: u64| seconds < 120) && words[1..] == ["s", "ago"], "{timer}");
    let checks = ended.json();
    let hops = checks["checks"].as_array().expect("checks").iter().find(|check| check["id"] == "host.latency").expect("it")["hops"].clone();
    let names: Vec<_> = hops.as_array().expect("hops").iter().map(|hop| hop["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["DNS", "TCP", "TLS", "HTTP"], "{hops}");
    assert!(hops[3]["milliseconds"].is_u64());
    lab.forget_calls();
    let text = diagnose(&lab, &[]).expect(0);
    assert!(text.stdout.contains("c02.example.com is healthy") && text.stdout.lines().count() < 20, "{text:?}");
    assert!(diagnose(&lab, &["-v"]).expect(0).stdout.contains("dns.caa"));
    assert_eq!(diagnose(&lab, &["--short"]).expect(0).stdout.lines().count(), 1);
    lab.k8sport(&["status", "--cluster", CLUSTER]).expect(0);
    // A dry run of a write is counted as one, though nothing happens.
    let account = lab.account();
    diagnose(&lab, &["--fix", "--yes"]).expect(0);
    assert_eq!(lab.account(), account);
}

#[test]
fn a_cluster_that_was_never_set_up_is_set_up_by_its_repair() {
    let lab = Lab::default();
    let account = lab.account();
    let found = diagnose(&lab, &["--output", "json"]).expect(3).json();
    let wrong = ids(&found, &["failed", "warning"]);
    assert_eq!(wrong, ["address.elastic-ip", "firewall.group", "firewall.http", "haproxy.unit", "host.dns"].map(str::to_owned).into());
    // Shown, not confirmed, not applied.
    let shown = diagnose(&lab, &["--fix", "--dry-run"]).expect(0);
    assert!(shown.stdout.contains("Plan:"), "{shown:?}");
    diagnose(&lab, &["--fix"]).expect(4);
    assert_eq!(lab.account(), account);
    // The records come in a second round, when there is an address to point to.
    diagnose(&lab, &["--fix", "--yes"]).expect(0);
}

#[test]
fn status_shows_what_is_there_and_what_could_not_be_read() {
    let lab = healthy();
    let picture = lab.k8sport(&["status", "--cluster", CLUSTER, "--output", "json"]).expect(0).json();
    assert_eq!(picture["version"], 1);
    assert!(picture["urls"].as_array().is_some_and(|urls| urls.len() == 3 && urls.iter().all(|url| url["works"] == true)), "{picture}");
    assert!(picture["unknown"].as_array().is_some_and(Vec::is_empty), "{picture}");
    assert!(picture["backends"].as_array().is_some_and(|servers| servers.len() == 3 && servers.iter().all(|server| server["up"] == true)));
    // Without an account there is no picture, but the reason.
    let ended = lab.k8sport_with(&["AWS_REGION="], &["status", "--cluster", CLUSTER, "--output", "json"]).expect(2).json();
    assert!(ended["error"]["what"].as_str().is_some_and(|what| what.contains("region")) && ended["monthly_cost_usd"].is_null(), "{ended}");
    let ended = lab.k8sport(&["status", "--cluster", "c20.example.com"]).expect(1);
    assert!(ended.stderr.contains("there is nothing of cluster c20.example.com"), "{ended:?}");
    // What keeps a browser away is said in its words.
    let hosts = ["--host", "app.example.com", "--host", "nowhere.invalid", "--output", "json"];
    let picture = lab.k8sport(&[&["status", "--cluster", CLUSTER], &hosts[..]].concat()).expect(0).json();
    let details: Vec<_> = picture["urls"].as_array().expect("urls").iter().map(|url| url["detail"].as_str().expect("it")).collect();
    assert!(details[1].contains("no certificate authority of this machine") && details[2].contains("HTTP 200"), "{details:?}");
    assert!(details[3..5].iter().all(|detail| detail.contains("resolve")), "{details:?}");
    // An address that there shouldn't be is one that is paid for.
    let against = ["--cluster", CLUSTER, "--no-secondary-ip", "--output", "json"];
    let picture = lab.k8sport(&[&["status"], &against[..]].concat()).expect(0).json();
    assert!(
        picture["monthly_cost_usd"].is_null() && picture["unknown"][0].as_str().is_some_and(|why| why.contains("against")),
        "{picture}"
    );
    let api = picture["records"].as_array().expect("records").iter().find(|record| record["name"] == format!("api.{CLUSTER}")).expect("it");
    assert_eq!(api["leads_to"], "API server");
    let found = lab.k8sport(&[&["diagnose"], &against[..]].concat()).expect(3).json();
    assert!(ids(&found, &["failed"]).contains("address.elastic-ip"), "{found}");
    lab.node("systemctl stop ssh");
    let ended = lab.k8sport(&["status", "--cluster", CLUSTER]).expect(0);
    assert!(ended.stdout.contains("Not known") && ended.stdout.contains("no SSH server listens"), "{ended:?}");
    lab.node("systemctl start ssh");
}

#[test]
fn a_cluster_without_a_second_address_is_healthy_too_or_healed_by_the_commands_that_are_named() {
    let lab = Lab::default();
    // Said on the command line and nowhere else, so that a command without it fails, or makes a second address.
    let said = ["--region", "eu-central-1", "--no-secondary-ip"];
    let k8sport = |words: &[&str]| lab.k8sport_with(&["AWS_REGION="], words);
    let diagnose = || k8sport(&[&["diagnose", "--cluster", CLUSTER, "--output", "json"], &said[..]].concat());
    let done = k8sport(&[&["bootstrap", "--cluster", CLUSTER, "--yes", "--output", "json"], &said[..]].concat()).expect(0).json();
    let next = done["access"]["next"][1].as_str().expect("a command").split("   ").next().expect("it").to_owned();
    k8sport(&[&next.split(' ').skip(1).collect::<Vec<_>>()[..], &["--exit-code"]].concat()).expect(0);
    let healthy = diagnose().expect(0).json();
    assert_eq!(healthy["outcome"], "healthy", "{healthy}");
    let skipped = ids(&healthy, &["skipped"]);
    assert!(
        !["dns.wildcard", "dns.resolver", "applications.https", "applications.http"].iter().any(|id| skipped.contains(*id)),
        "{skipped:?}"
    );
    lab.node("systemctl stop k8sport-haproxy");
    let found = diagnose().expect(3).json();
    assert_eq!(ids(&found, &["failed"]), ["haproxy.unit", "applications.http"].map(str::to_owned).into());
    let unit = found["checks"].as_array().expect("checks").iter().find(|check| check["id"] == "haproxy.unit").expect("it");
    for command in [&found["repair_command"], &unit["remedy"][0]] {
        lab.node("systemctl stop k8sport-haproxy");
        let words: Vec<_> = command.as_str().expect("a command").split(' ').skip(1).collect();
        k8sport(&[&words[..], &["--yes"]].concat()).expect(0);
        diagnose().expect(0);
    }
}
