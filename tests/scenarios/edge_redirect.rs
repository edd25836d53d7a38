//! The redirect from HTTP to HTTPS in our HAProxy: `toggle-https-redirect --at edge`.

use serde_json::Value;

use crate::support::{CLUSTER, Lab};

const CONFIG: &str = "/etc/k8sport/haproxy.cfg";

fn toggle(lab: &Lab, arguments: &[&str]) -> crate::support::Ended {
    lab.k8sport(&[&["toggle-https-redirect", "--at", "edge", "--cluster", CLUSTER, "--output", "json"], arguments].concat())
}

/// Status and location that a client of port 80 gets.
fn http(lab: &Lab, path: &str) -> String {
    let url = format!("http://app.example.com{path}");
    lab.operator(&["curl", "-s", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", &url]).expect(0).stdout
}

fn finding(lab: &Lab, id: &str) -> Value {
    let document = lab.k8sport(&["diagnose", "--cluster", CLUSTER, "--route-api", "--output", "json"]).json();
    document["checks"].as_array().expect("checks").iter().find(|check| check["id"] == id).expect("the check").clone()
}

#[test]
fn the_redirect_at_the_edge_goes_on_and_off_and_survives_every_later_run() {
    let lab = Lab::default();
    let config = || lab.node(&format!("cat {CONFIG}"));
    let bootstrap = ["bootstrap", "--cluster", CLUSTER, "--route-api", "--yes", "--output", "json"];
    let refused = toggle(&lab, &["--enable-https", "--yes"]).expect(4);
    assert!(refused.stderr.contains("k8sport bootstrap"), "{}", refused.stderr);
    lab.k8sport(&bootstrap).expect(0);
    let without = config();
    let nothing = toggle(&lab, &["--disable-https", "--yes"]).expect(0).json();
    assert_eq!(nothing["outcome"], "unchanged", "{nothing}");
    assert_eq!(finding(&lab, "haproxy.redirect")["status"], "skipped");

    let dry = toggle(&lab, &["--enable-https", "--dry-run", "--exit-code"]).expect(5).json();
    assert_eq!(dry["changes"].as_array().map(Vec::len), Some(1), "{dry}");
    assert_eq!((config(), http(&lab, "/")), (without.clone(), "200 ".to_owned()));
    toggle(&lab, &["--enable-https"]).expect(4);

    let on = toggle(&lab, &["--enable-https", "--yes"]).expect(0).json();
    assert_eq!((&on["outcome"], &on["checks"][0]["ok"]), (&"changed".into(), &true.into()), "{on}");
    assert_eq!(http(&lab, "/a/b?c=d"), "307 https://app.example.com/a/b?c=d");
    assert_eq!(http(&lab, ":80/"), "307 https://app.example.com/");
    assert_eq!(http(&lab, "/.well-known/acme-challenge/token"), "200 ");
    // One line more, and what earlier options said is still there.
    let lines: Vec<_> = without.lines().collect();
    let with = config();
    let more: Vec<_> = with.lines().filter(|line| !lines.contains(line)).collect();
    assert!(more.len() == 1 && more[0].trim().starts_with("http-request redirect "), "{more:?}");
    assert_eq!(with.lines().count(), lines.len() + 1);

    lab.forget_calls();
    for again in [toggle(&lab, &["--enable-https", "--yes"]), lab.k8sport(&bootstrap)] {
        let again = again.expect(0).json();
        assert_eq!(again["outcome"], "unchanged", "{again}");
    }
    assert_eq!(lab.mutating_calls(), Vec::<String>::new());
    assert_eq!(finding(&lab, "haproxy.redirect")["status"], "ok");

    // Off for a while, through a run that changes something else.
    let off = toggle(&lab, &["--http-only", "--for", "2h", "--yes"]).expect(0).json();
    assert!(off["changes"][0]["config"]["https_redirect"]["until"].is_string(), "{off}");
    assert_eq!(http(&lab, "/"), "200 ");
    lab.k8sport(&[&bootstrap[..], &["--private-source", "10.9.0.0/16"]].concat()).expect(0);
    lab.k8sport(&bootstrap).expect(0);
    assert_eq!(toggle(&lab, &["--disable-https", "--yes"]).expect(0).json()["outcome"], "unchanged");
    let reminder = finding(&lab, "haproxy.redirect");
    assert_eq!(reminder["status"], "warning", "{reminder}");
    assert!(reminder["evidence"].as_str().is_some_and(|text| text.starts_with("off (until ")), "{reminder}");
    let status = lab.k8sport(&["status", "--cluster", CLUSTER]).expect(0).stdout;
    assert!(status.contains("HAProxy's redirect to HTTPS is off (until "), "{status}");
    // The remedy is the way back.
    let remedy: Vec<_> = reminder["remedy"][0].as_str().expect("a remedy").split(' ').skip(1).collect();
    lab.k8sport(&[&remedy[..], &["--yes"]].concat()).expect(0);
    assert_eq!((config(), http(&lab, "/")), (with, "307 https://app.example.com/".to_owned()));

    // What somebody has changed by hand isn't overwritten.
    lab.node(&format!("sed -i 's/maxconn 8000/maxconn 9000/' {CONFIG}"));
    let by_hand = config();
    let refused = toggle(&lab, &["--disable-https", "--yes"]).expect(4);
    assert!(refused.stderr.contains("setup-haproxy"), "{}", refused.stderr);
    assert_eq!(config(), by_hand);
}

#[test]
fn without_a_second_address_nothing_is_sent_to_the_api_server() {
    let lab = Lab::default();
    lab.k8sport(&["bootstrap", "--cluster", CLUSTER, "--no-secondary-ip", "--yes"]).expect(0);
    let before = lab.node_state();
    let refused = toggle(&lab, &["--enable-https", "--yes"]).expect(4);
    assert!(refused.stderr.contains("API server"), "{}", refused.stderr);
    // Ingresses can't be chosen there, and a cluster is not chosen by name elsewhere.
    toggle(&lab, &["--enable-https", "--yes", "-A"]).expect(2);
    lab.k8sport(&["toggle-https-redirect", "--cluster", CLUSTER, "--enable-https", "--yes"]).expect(2);
    assert_eq!(lab.node_state(), before);
}
