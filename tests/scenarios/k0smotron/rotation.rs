//! New certificates: only what differs is changed, and what runs shows it.

use super::{certificate, changes, kubectl, prepare, serves_the_new_one, through_the_sidecar};
use crate::support::Lab;

pub fn a_new_certificate_is_put_there_and_shown(lab: &Lab) {
    prepare(lab, &["--yes"]).expect(0);
    let authority = "stat -c '%Y %i' /etc/haproxy/certs/ca.crt";
    let before = lab.node(authority);

    certificate(lab, "good");
    assert!(!serves_the_new_one(lab));
    let done = prepare(lab, &["--yes", "--output", "json"]).expect(0);
    assert_eq!(changes(&done), ["write server.pem", "restart"]);
    assert!(serves_the_new_one(lab) && through_the_sidecar(lab).contains("v1.20.2"));
    assert_eq!(lab.node(authority), before);

    // HAProxy reads its authorities when it starts, too.
    certificate(lab, "renewed-ca");
    let done = prepare(lab, &["--yes", "--output", "json"]).expect(0);
    assert_eq!(changes(&done), ["write ca.crt", "write server.pem", "restart"]);
    assert!(serves_the_new_one(lab) && through_the_sidecar(lab).contains("v1.20.2"));

    // Nobody can ask the hosted cluster: what is left to do is said, and not called done.
    certificate(lab, "renewed-ca");
    kubectl(lab, "-n team delete secret my-cluster-kubeconfig");
    let done = prepare(lab, &["--yes", "--output", "json"]).expect(0);
    assert_eq!(changes(&done), ["write server.pem"]);
    let document = done.json();
    assert!(document["notes"].to_string().contains("--field-selector spec.nodeName="), "{document}");
    assert_eq!(document["checks"][0]["ok"], false, "{document}");
    assert!(!serves_the_new_one(lab));
    // A run that can goes on from there.
    lab.node("/usr/local/lib/k0smotron-objects kubeconfig");
    let done = prepare(lab, &["--yes", "--output", "json"]).expect(0);
    assert_eq!(changes(&done), ["restart"]);
    assert!(serves_the_new_one(lab));
    assert_eq!(prepare(lab, &["--yes", "--output", "json"]).expect(0).json()["outcome"], "unchanged");
}
