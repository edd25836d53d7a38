//! Who asks, with which rights and authorities.

use std::collections::BTreeSet;

use super::table::{HOST, healthy, ids};
use crate::support::CLUSTER;

#[test]
fn who_asks_from_where_and_with_which_authorities() {
    let lab = healthy();
    let rows: &[(&str, &[&str], &[&str])] = &[
        ("AWS_ACCESS_KEY_ID=denied", &["account.permissions"], &[]),
        ("AWS_ACCESS_KEY_ID=expired", &["account.identity"], &["instance.found", "address.list", "node.ssh"]),
        ("AWS_ACCESS_KEY_ID=", &["account.credentials"], &["account.identity", "instance.found"]),
        ("AWS_REGION=", &["account.region"], &["account.credentials", "account.identity", "node.ssh"]),
        ("AWS_REGION=us-east-1", &["instance.found"], &["instance.running", "node.ssh", "address.elastic-ip"]),
        ("SSL_CERT_FILE=", &["host.certificate"], &["host.https"]),
    ];
    for (environment, wrong, skipped) in rows {
        let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
        let arguments = ["diagnose", "--cluster", CLUSTER, "--host", HOST, "--output", "json", "--strict"];
        // An authority, but not the one of the applications.
        let environment =
            &environment.replace("SSL_CERT_FILE=", &format!("SSL_CERT_FILE={}", lab.home().join("kubernetes-ca.pem").display()));
        let document = lab.k8sport_with(&[&authority, environment], &arguments).expect(3).json();
        let expected: BTreeSet<String> = wrong.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(ids(&document, &["failed", "warning"]), expected, "{environment}");
        let unjudged = ids(&document, &["skipped"]);
        assert!(skipped.iter().all(|id| unjudged.contains(*id)), "{environment}: {unjudged:?}");
        for check in document["checks"].as_array().expect("checks") {
            let text = |key: &str| check[key].as_str().is_some_and(|text| key == "evidence" || !text.is_empty());
            assert!(["id", "category", "title", "status", "severity", "evidence"].iter().all(|key| text(key)), "{check}");
            assert!(check["milliseconds"].is_u64() && check["remedy"].is_array(), "{check}");
            let wrong = check["status"] == "failed" || check["status"] == "warning";
            assert!(!wrong || check["remedy"].as_array().is_some_and(|remedy| !remedy.is_empty()), "no remedy: {check}");
        }
    }
    // Warnings count only with --strict.
    let authority = format!("SSL_CERT_FILE={}", lab.home().join("ca.pem").display());
    lab.k8sport_with(&[&authority, "AWS_ACCESS_KEY_ID=denied"], &["diagnose", "--cluster", CLUSTER]).expect(0);
}
